# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

"""Errors of phones, or of words, on development speakers, with greedy decoding."""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor

from bundle import Bundle
from labels import LABEL_START
from network import LSTMModel
from mels import SILENCE

DIGITS = set("zero oh one two three four five six seven eight nine".split())
FLUSH_FRAMES = 30  # of silence after a clip, for what the network says late


def distance(said: Sequence[int], heard: Sequence[int]) -> int:
    """The fewest substitutions, deletions and insertions that make one of the other."""
    above = list(range(len(heard) + 1))
    for i, phone in enumerate(said, start=1):
        row = [i]
        for j, other in enumerate(heard, start=1):
            row.append(min(above[j - 1] + (phone != other), above[j] + 1, row[-1] + 1))
        above = row
    return above[-1]


def collapse(best: np.ndarray) -> np.ndarray:
    """A path without repeats and blanks."""
    return best[(best != 0) & (np.diff(best, prepend=0) != 0)]


class DevelopmentSet:
    """Some clips of every corpus's development speakers, and those that are digits alone."""

    def __init__(self, bundle: Bundle, n_clips: int, fillers: Sequence[int] = ()) -> None:
        self.bundle, self.fillers = bundle, fillers
        self.groups: dict[str, np.ndarray] = {}
        for name in np.unique(bundle.corpus) if n_clips > 0 else ():
            clips = bundle.clips(name, "dev")
            clips = np.array([i for i in clips if (bundle.clip(i)[1] > 0).any()], dtype=int)
            digits = [i for i in clips if set(bundle.text[i].split()) <= DIGITS]
            for title, chosen in ((name, clips), (f"{name} digits", np.array(digits, dtype=int))):
                if len(chosen) and (title == name or len(chosen) < len(clips)):
                    self.groups[title] = chosen[:: max(1, len(chosen) // n_clips)][:n_clips]

    def batch(self, clips: np.ndarray) -> Tensor:
        """Clips as one batch, filled up with silence: [n_clips, n_frames, n_mels]."""
        parts = [self.bundle.clip(i)[0] for i in clips]
        n_frames = max(map(len, parts)) + FLUSH_FRAMES
        mels = np.full((len(parts), n_frames, parts[0].shape[1]), SILENCE, dtype=np.float32)
        for row, part in zip(mels, parts):
            row[: len(part)] = part
        return torch.from_numpy(mels)

    def counted(self, tokens: np.ndarray) -> np.ndarray:
        """Tokens without fillers."""
        return tokens[~np.isin(tokens, self.fillers)]

    @torch.inference_mode()
    def phone_errors(
        self, network: LSTMModel, inputs: Callable[[Tensor], Tensor]
    ) -> dict[str, float]:
        """Errors per token said, by group; the silence after a clip counts with it."""
        rates = {}
        for title, clips in self.groups.items():
            outputs, _ = network(inputs(self.batch(clips)))
            n_errors = n_phones = 0
            for clip, path in zip(clips, outputs.argmax(dim=-1).cpu().numpy()):
                labels = self.bundle.clip(clip)[1]
                said = self.counted(labels[labels > LABEL_START] % LABEL_START)
                n_errors += distance(said.tolist(), self.counted(collapse(path)).tolist())
                n_phones += len(said)
            rates[title] = n_errors / max(n_phones, 1)
        return rates
