#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later
"""Golden vectors for the LSTM and the classic LSTMModel, from PyTorch (Debian's python3-torch).

    /usr/bin/python3 tests/golden/generate_lstm.py

Weights and inputs are not stored: they come from random_floats(), which tests/test-models.c
computes to the same bits. Only the expected outputs at a few of 1,000 steps are.
"""
import json
import pathlib

import numpy as np
import torch
from torch import nn

from safetensors_file import write_safetensors

HERE = pathlib.Path(__file__).parent
N_STEPS = 1000
KEPT_STEPS = [0, 1, 7, 99, 500, 999]
# name: (layers, inputs, hidden, projection, bias)
CASES = {
    "l1-i1-h1": (1, 1, 1, 0, True),
    "l1-i13-h7": (1, 13, 7, 0, True),
    "l2-i5-h64-nobias": (2, 5, 64, 0, False),
    "l2-i40-h33-p9": (2, 40, 33, 9, True),
    "l3-i39-h129-p64": (3, 39, 129, 64, True),
    "l3-i80-h320": (3, 80, 320, 0, True),
    "l4-i17-h512": (4, 17, 512, 0, True),
}


def random_floats(seed: int, bound: float, n: int) -> np.ndarray:
    """test_random_floats() of tests/test-models.c."""
    x = np.arange(n, dtype=np.uint64) + (seed * 0x9E3779B9 & 0xFFFFFFFF)
    x &= 0xFFFFFFFF
    for factor, shift in ((0x85EBCA6B, 16), (0xC2B2AE35, 13)):
        x = (x ^ (x >> np.uint64(shift))) * np.uint64(factor) & np.uint64(0xFFFFFFFF)
    x = (x ^ (x >> np.uint64(16))) >> np.uint64(8)
    unit = x.astype(np.float32) * np.float32(2.0**-23) - np.float32(1)
    return (np.float32(bound) * unit).astype(np.float32)


def fill(module: nn.Module, seed: int, bound: float) -> None:
    """Parameter k, in state_dict order, is stream seed + k."""
    for k, parameter in enumerate(module.state_dict().values()):
        values = random_floats(seed + k, bound, parameter.numel())
        parameter.copy_(torch.from_numpy(values).reshape(parameter.shape))


def lstm_case(index: int, shape: tuple[int, int, int, int, bool]) -> np.ndarray:
    """Outputs [kept steps][n_outputs] of the top layer, one step at a time with carried state."""
    n_layers, n_inputs, n_hidden, n_projected, bias = shape
    lstm = nn.LSTM(n_inputs, n_hidden, n_layers, bias=bias, proj_size=n_projected)
    fill(lstm, 1000 * (index + 1), 2.0 ** -round(np.log2(n_hidden) / 2))
    x = torch.from_numpy(random_floats(index, 2.0, N_STEPS * n_inputs)).reshape(N_STEPS, n_inputs)
    state, outputs = None, []
    for step in range(N_STEPS):
        y, state = lstm(x[step : step + 1], state)
        outputs.append(y[0])
    return torch.stack(outputs)[KEPT_STEPS].numpy()


class LSTMModel(nn.Module):
    """The classic one, as thousands of tutorials have it."""

    def __init__(self, input_dim: int, hidden_dim: int, layer_dim: int, output_dim: int):
        super().__init__()
        self.lstm = nn.LSTM(input_dim, hidden_dim, layer_dim, batch_first=True)
        self.fc = nn.Linear(hidden_dim, output_dim)

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Log-probabilities of every step, and of the last step alone."""
        out, _ = self.lstm(x)
        every = self.fc(out)
        last = self.fc(out[:, -1, :])
        return every.log_softmax(-1), last.log_softmax(-1)


def classic() -> None:
    """A state dict without any metadata, its sidecar, and what it gives for a random input."""
    torch.manual_seed(1)
    model = LSTMModel(input_dim=13, hidden_dim=24, layer_dim=2, output_dim=10)
    state_dict = {name: tensor.numpy() for name, tensor in model.state_dict().items()}
    write_safetensors(HERE / "classic.safetensors", state_dict)
    sidecar = {
        "hearken.format": "1",
        "hearken.task": "classify",
        "hearken.frontend": {"type": "kaldi.mfcc", "num_ceps": 13},
        "hearken.tokens": "zero one two three four five six seven eight nine".split(),
    }
    (HERE / "classic.json").write_text(json.dumps(sidecar, indent=2) + "\n")

    x = torch.from_numpy(random_floats(77, 4.0, 60 * 13)).reshape(1, 60, 13)
    every, last = model(x)
    expected = {"every": every[0].numpy(), "last": last[0].numpy()}
    write_safetensors(HERE / "classic-outputs.safetensors", expected)


def main() -> None:
    torch.set_num_threads(1)
    with torch.no_grad():
        outputs = {name: lstm_case(i, shape) for i, (name, shape) in enumerate(CASES.items())}
        write_safetensors(HERE / "lstm.safetensors", outputs)
        classic()


if __name__ == "__main__":
    main()
