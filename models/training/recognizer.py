# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

"""A trained model put to work: samples to tokens, as the C engine does it with greedy decoding."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

import data
import features
import modelfile
from network import LSTMModel, splice

STEPS_AT_ONCE = 1000


@dataclass
class Recognizer:
    """A network with its front end and vocabulary."""

    network: LSTMModel
    mean: Tensor  # [n_ceps]
    std: Tensor  # [n_ceps]
    mfcc: dict
    tokens: list[str]
    fillers: tuple[int, ...] = ()  # heard, never told

    @classmethod
    def load(cls, path: Path) -> "Recognizer":
        """Reads a model file of the layers that `export.py` writes: splice, lstm, linear."""
        arrays, metadata = modelfile.read(path)
        tensors = {name: torch.from_numpy(array) for name, array in arrays.items()}
        mfcc = json.loads(metadata["hearken.frontend"])
        del mfcc["type"], mfcc["normalization"]
        layers = {layer.pop("type"): layer for layer in json.loads(metadata["hearken.layers"])}
        tokens = json.loads(metadata["hearken.tokens"])
        fillers = tuple(json.loads(metadata.get("hearken.fillers", "[]")))
        mean, std = tensors.pop("cmvn.mean"), tensors.pop("cmvn.std")
        settings = {
            "splice": layers["splice"],
            "hidden": tensors["lstm.weight_ih_l0"].shape[0] // 4,
            "layers": sum(name.startswith("lstm.weight_ih") for name in tensors),
            "dropout": {"input": 0.0, "layers": 0.0, "output": 0.0},
        }
        if "lstm.weight_hr_l0" in tensors:
            settings["projection"] = tensors["lstm.weight_hr_l0"].shape[0]
        network = LSTMModel(len(mean), len(tokens), settings)
        network.load_state_dict(tensors)
        return cls(network.eval(), mean, std, mfcc, tokens, fillers)

    @torch.inference_mode()
    def log_probabilities(self, samples: np.ndarray) -> Tensor:
        """[n_samples] to [n_steps, n_tokens], from a state of zeros, never reset after."""
        frames = features.mfcc(samples, self.mfcc).to(self.mean.device)
        frames = ((frames - self.mean) / self.std).unsqueeze(0)
        inputs = splice(frames, **self.network.context)
        state = None
        parts = []
        for part in inputs.split(STEPS_AT_ONCE, dim=1):
            part, state = self.network.steps(part, state)
            parts.append(part[0])
        return torch.cat(parts).cpu()

    def recognize(self, samples: np.ndarray) -> list[tuple[int, int]]:
        """The tokens heard, greedily: (step of the most probable frame, token) in order."""
        return self.told(self.log_probabilities(samples))

    def told(self, log_probabilities: Tensor) -> list[tuple[int, int]]:
        """The same of the network's outputs."""
        return [(s, token) for s, token in greedy(log_probabilities) if token not in self.fillers]

    def step_seconds(self) -> float:
        """The time between two outputs."""
        return self.network.context["stride"] / features.FRAMES_PER_SECOND


def greedy(log_probabilities: Tensor, blank: int = 0) -> list[tuple[int, int]]:
    """CTC's best path, repeats and blanks removed: (step of each token's peak, token)."""
    scores, best = log_probabilities.max(dim=-1)
    found: list[tuple[int, int]] = []
    previous = blank
    for step, token in enumerate(best.tolist()):
        if token != blank and token != previous:
            found.append((step, token))
        elif token != blank and scores[step] > scores[found[-1][0]]:
            found[-1] = (step, token)
        previous = token
    return found


def words(found: list[tuple[int, int]], tokens: list[str]) -> list[str]:
    """The words of recognised tokens."""
    return data.detokenize([token for _, token in found], tokens)
