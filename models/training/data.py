# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

"""Clips and vocabularies: decoding audio, words as tokens."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

SAMPLE_RATE_HZ = 16000
WORD_START = "\u2581"
BLANK = "<blank>"
FILLER = "<filler>"  # any word that is no token: heard, never reported


@dataclass(frozen=True)
class Clip:
    """One recording: where it is, who speaks, and the words said (lower case)."""

    name: str  # in its corpus
    path: Path
    speaker: str
    words: tuple[str, ...]
    span: tuple[float, float] | None = None  # seconds of the file; None is all of it

    def bounds(self, n_samples: int) -> tuple[int, int]:
        """The clip's first sample and the one after its last, in a file of so many."""
        if self.span is None:
            return 0, n_samples
        first, after = (round(seconds * SAMPLE_RATE_HZ) for seconds in self.span)
        return first, n_samples if after < 0 else after

    def samples(self) -> np.ndarray:
        """float32 [n_samples] in [-1, 1]."""
        samples = load_audio(self.path)
        return samples[slice(*self.bounds(len(samples)))]


def load_audio(path: Path) -> np.ndarray:
    """The samples of a 16 kHz file, first channel: float32 [n_samples] in [-1, 1]."""
    samples, rate_hz = soundfile.read(path, dtype="float32", always_2d=True)
    if rate_hz != SAMPLE_RATE_HZ:
        raise ValueError(f"{path}: {rate_hz} Hz, expected {SAMPLE_RATE_HZ}")
    return np.ascontiguousarray(samples[:, 0])


def is_held_out(name: str, one_in: int) -> bool:
    """Whether a file is kept from training: a fixed pseudo-random choice by its name."""
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % one_in == 0


def word_tokens(clips: list[Clip]) -> list[str]:
    """The output tokens of a whole-word model: the blank, then every word, sorted."""
    return [BLANK] + sorted({WORD_START + word for clip in clips for word in clip.words})


def encode(words: tuple[str, ...], tokens: list[str]) -> list[int]:
    """Words as token indices; raises ValueError for a word outside the vocabulary."""
    return [tokens.index(WORD_START + word) for word in words]


def detokenize(indices: list[int], tokens: list[str]) -> list[str]:
    """Token indices as words (SentencePiece's convention: U+2581 begins a word)."""
    return "".join(tokens[index] for index in indices).replace(WORD_START, " ").split()
