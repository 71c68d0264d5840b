# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

"""Music that nobody wrote: chords, a tune, a bass and drums, drawn at random.

What is trained on without music takes a held note for a vowel and a drum for a consonant.
"""

from collections.abc import Iterator

import numpy as np
from scipy.signal import lfilter

from data import SAMPLE_RATE_HZ

SECONDS = 8
SCALES = ((0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10), (0, 2, 4, 7, 9), (0, 3, 5, 6, 7, 10))
LOUDEST = 0.3


def pieces(n_pieces: int, seed: int = 1) -> Iterator[np.ndarray]:
    """Pieces of music: float32 [n_samples] in [-1, 1]."""
    rng = np.random.default_rng(seed)
    for _ in range(n_pieces):
        yield Piece(rng).samples()


class Instrument:
    """How all notes of a voice sound."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng
        self.n_partials = int(rng.integers(1, 25))
        self.slope = rng.uniform(0.5, 2.5)
        self.even = rng.choice([1.0, 1.0, 0.2])
        self.rise = 10 ** rng.uniform(-2.5, -0.7)  # seconds
        self.decay = 10 ** rng.uniform(-0.7, 1.0)
        self.vibrato_hz, self.vibrato = rng.uniform(4, 7), rng.choice([0, 0.003, 0.01])
        self.detuned = rng.choice([0, 0.002, 0.006])

    def note(self, hz: float, seconds: float) -> np.ndarray:
        """A note, with its fading away."""
        n_samples = int((seconds + 0.1) * SAMPLE_RATE_HZ)
        time = np.arange(n_samples) / SAMPLE_RATE_HZ
        bend = 1 + self.vibrato * np.sin(2 * np.pi * self.vibrato_hz * time)
        phase = 2 * np.pi * hz * np.cumsum(bend) / SAMPLE_RATE_HZ
        partials = np.arange(1, self.n_partials + 1)
        partials = partials[partials * hz < SAMPLE_RATE_HZ / 2]
        sound = np.zeros(n_samples)
        for partial in partials:
            size = partial**-self.slope * (self.even if partial % 2 == 0 else 1.0)
            off = 1 + self.detuned * self.rng.uniform(-1, 1)
            sound += size * np.sin(partial * off * phase + self.rng.uniform(0, 2 * np.pi))
        envelope = np.minimum(time / self.rise, 1) * np.exp(-time / self.decay)
        return sound * envelope * np.clip((time[-1] - time) / 0.1, 0, 1)


class Piece:
    """A piece of one tempo, one scale, and some voices."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng
        self.beat = 60 / rng.uniform(50, 170)  # seconds
        self.scale = SCALES[rng.integers(len(SCALES))]
        self.root_hz = 55 * 2 ** rng.uniform(0, 1)
        self.mix = np.zeros(2 * SECONDS * SAMPLE_RATE_HZ)

    def hz(self, degree: int) -> float:
        """The frequency of a step of the scale."""
        octave, step = divmod(degree, len(self.scale))
        return self.root_hz * 2 ** (octave + self.scale[step] / 12)

    def add(self, at: float, sound: np.ndarray) -> None:
        first = int(at * SAMPLE_RATE_HZ)
        after = min(first + len(sound), len(self.mix))
        self.mix[first:after] += sound[: after - first]

    def voice(self, low: int, high: int, n_together: int, lengths: list[float], size: float) -> None:
        """Notes or chords one after the other, with rests, between two steps of the scale."""
        instrument, at, degree = Instrument(self.rng), 0.0, (low + high) // 2
        while at < SECONDS:
            seconds = self.beat * self.rng.choice(lengths)
            degree = int(np.clip(degree + self.rng.integers(-3, 4), low, high))
            if self.rng.random() < 0.85:
                for third in range(n_together):
                    note = instrument.note(self.hz(degree + 2 * third), seconds)
                    self.add(at, size * self.rng.uniform(0.5, 1) * note)
            at += seconds

    def drums(self, size: float) -> None:
        """A pattern of eighths: low beats, and noise of one colour."""
        time = np.arange(SAMPLE_RATE_HZ // 4) / SAMPLE_RATE_HZ
        low = np.sin(2 * np.pi * (50 * time + 8 * (1 - np.exp(-time / 0.03)))) * np.exp(-time / 0.08)
        decay, colour = self.rng.uniform(0.01, 0.12), self.rng.uniform(-0.9, 0.9)
        chances = self.rng.random((2, 8)) ** 2
        for eighth in range(int(2 * SECONDS / self.beat)):
            if self.rng.random() < chances[0, eighth % 8]:
                self.add(eighth * self.beat / 2, size * low)
            if self.rng.random() < chances[1, eighth % 8]:
                hiss = lfilter([1], [1, colour], self.rng.normal(size=len(time)))
                self.add(eighth * self.beat / 2, 0.3 * size * hiss * np.exp(-time / decay))

    def samples(self) -> np.ndarray:
        """The whole piece, of some loudness."""
        n = len(self.scale)
        if self.rng.random() < 0.7:
            self.voice(2 * n, 4 * n, 1, [0.5, 0.5, 1, 1, 2], self.rng.uniform(0.3, 1))
        if self.rng.random() < 0.7:
            self.voice(n, 3 * n, 3, [1, 2, 4, 4], self.rng.uniform(0.2, 0.6))
        if self.rng.random() < 0.5:
            self.voice(0, n, 1, [0.5, 1, 1, 2], self.rng.uniform(0.3, 1))
        if self.rng.random() < 0.5 or not self.mix.any():
            self.drums(self.rng.uniform(0.5, 2))
        sound = self.mix[: SECONDS * SAMPLE_RATE_HZ]
        loudness = LOUDEST * 10 ** self.rng.uniform(-1, 0) / np.abs(sound).max()
        return (loudness * sound).astype(np.float32)
