# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

"""The network: splice, LSTM, linear; causal, its state a value that the caller carries."""

import json
import pickle
from pathlib import Path

import torch
from torch import Tensor, nn

import modelfile

# What reading a file can end in that is none of this kit.
UNREADABLE = (OSError, RuntimeError, ValueError, LookupError, TypeError, EOFError)
UNREADABLE += (pickle.UnpicklingError,)

State = tuple[Tensor, Tensor]  # h and c, each [n_layers, batch, n_hidden or n_projected]


def splice(frames: Tensor, left: int, right: int, stride: int) -> Tensor:
    """Joins neighbours: [batch, n_frames, n] to [batch, ceil(n_frames / stride), n * width].

    Frames before the first and after the last are repeats of these.
    """
    n_frames = frames.shape[1]
    centres = torch.arange(0, n_frames, stride, device=frames.device)
    offsets = torch.arange(-left, right + 1, device=frames.device)
    index = (centres.unsqueeze(1) + offsets).clamp(0, n_frames - 1)
    return frames[:, index].flatten(2)


class LSTMModel(nn.Module):
    """Log-probabilities of tokens, one row for every `stride` frames."""

    def __init__(self, n_features: int, n_tokens: int, settings: dict) -> None:
        super().__init__()
        self.context = settings["splice"]
        width = self.context["left"] + 1 + self.context["right"]
        self.input_dropout = nn.Dropout(settings["dropout"]["input"])
        self.lstm = nn.LSTM(
            n_features * width,
            settings["hidden"],
            settings["layers"],
            batch_first=True,
            dropout=settings["dropout"]["layers"],
            proj_size=settings.get("projection", 0),
        )
        self.output_dropout = nn.Dropout(settings["dropout"]["output"])
        self.fc = nn.Linear(settings.get("projection") or settings["hidden"], n_tokens)

    def forward(self, frames: Tensor, state: State | None = None) -> tuple[Tensor, State]:
        """[batch, n_frames, n_features] to ([batch, n_steps, n_tokens], the state after them)."""
        return self.steps(splice(frames, **self.context), state)

    def steps(self, inputs: Tensor, state: State | None) -> tuple[Tensor, State]:
        """The same from spliced frames [batch, n_steps, n_features * width]."""
        inputs = self.input_dropout(inputs)
        outputs, state = self.lstm(inputs, state)
        return self.fc(self.output_dropout(outputs)).log_softmax(dim=-1), state


def read_checkpoint(path: Path) -> dict:
    """What a training saved; ends the program if it is nothing of that kind."""
    try:
        saved = torch.load(path, map_location="cpu")
    except UNREADABLE as error:
        raise SystemExit(f"{path}: no checkpoint ({error})") from error
    if not isinstance(saved, dict) or not {"config", "tokens", "average"} <= saved.keys():
        raise SystemExit(f"{path}: no checkpoint of a training of this kit")
    return saved


def load_checkpoint(path: Path, config: dict, *sections: str) -> dict:
    """The same; ends the program also if these sections are not the configuration's."""
    saved = read_checkpoint(path)
    refuse_others(path, saved["config"], config, sections)
    return saved


def refuse_others(path: Path, saved: dict, config: dict, sections: tuple[str, ...]) -> None:
    for section in sections:
        if saved[section] != config[section]:
            raise SystemExit(f"{path}: its [{section}] is not that of the configuration")


def load_model(path: Path, config: dict, *sections: str) -> dict:
    """A model file as if it were a checkpoint; ends the program likewise."""
    try:
        arrays, metadata = modelfile.read(path)
        front_end = json.loads(metadata["hearken.frontend"])
        del front_end["type"], front_end["normalization"]
        tensors = {name: torch.from_numpy(array) for name, array in arrays.items()}
        mean, std = tensors.pop("cmvn.mean"), tensors.pop("cmvn.std")
        tokens = json.loads(metadata["hearken.tokens"])
    except UNREADABLE as error:
        raise SystemExit(f"{path}: no model that export.py wrote ({error})") from error
    refuse_others(path, {"front_end": front_end}, config, sections)
    return {"tokens": tokens, "mean": mean, "std": std, "average": tensors}
