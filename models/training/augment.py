# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

"""Random changes to recordings that leave their words as they were.

Every function takes the random generator first, so that a run can be repeated. Levels are in dB
relative to full scale.
"""

from fractions import Fraction

import numpy as np
import torch
import torchaudio.functional
from torch import Tensor

import features


def level_db(samples: np.ndarray) -> float:
    """Root mean square level; -120 dB for silence."""
    return 10 * float(np.log10(np.mean(np.square(samples), dtype=np.float64) + 1e-12))


def gain(samples: np.ndarray, db: float) -> np.ndarray:
    """Samples made louder by db, clipped at full scale."""
    return np.clip(samples * np.float32(10 ** (db / 20)), -1, 1)


def change_speed(samples: np.ndarray, percent: int) -> np.ndarray:
    """Plays samples at a percentage of their speed; pitch changes with it."""
    ratio = Fraction(percent, 100)
    changed = torchaudio.functional.resample(
        torch.from_numpy(samples), ratio.numerator, ratio.denominator
    )
    return changed.numpy()


def reverberate(rng: np.random.Generator, samples: np.ndarray, response: np.ndarray) -> np.ndarray:
    """Puts samples in a room: the direct sound unchanged, a random share of what follows it."""
    direct = int(np.argmax(np.abs(response)))
    response = response[direct : direct + 16000] / response[direct]
    response[1:] *= np.float32(rng.uniform(0.2, 1.0))
    size = 1 << (len(samples) + len(response) - 1).bit_length()
    wet = np.fft.irfft(np.fft.rfft(samples, size) * np.fft.rfft(response, size), size)
    return wet[: len(samples)].astype(np.float32)


def excerpt(rng: np.random.Generator, recordings: list[np.ndarray], n_samples: int) -> np.ndarray:
    """A stretch of one recording from a random point, repeated when it is too short."""
    recording = recordings[rng.integers(len(recordings))]
    return np.take(recording, np.arange(n_samples) + rng.integers(len(recording)), mode="wrap")


def add_noise(samples: np.ndarray, noise: np.ndarray, noise_db: float) -> np.ndarray:
    """Adds noise scaled to a level."""
    return samples + gain(noise, noise_db - level_db(noise))


def hiss(rng: np.random.Generator, n_samples: int, db: float) -> np.ndarray:
    """White noise at a level."""
    return rng.standard_normal(n_samples, dtype=np.float32) * np.float32(10 ** (db / 20))


class SpecAugment:
    """Masks stretches of time and bands of frequency and tilts the spectrum, on cepstra.

    Frequencies are reached by undoing the DCT, which needs as many cepstra as mel bands.
    """

    def __init__(self, settings: dict, n_ceps: int) -> None:
        self.settings = settings
        self.dct = features.dct_matrix(n_ceps)
        self.strength = 1.0  # how often frames are changed at all

    def __call__(self, rng: np.random.Generator, frames: Tensor) -> Tensor:
        """Changes raw (not yet normalised) cepstra [n_frames, n_ceps]; returns new ones."""
        if rng.random() >= self.strength:
            return frames
        frames = frames + self.tilt(rng)
        mels = frames @ self.dct
        average = mels.mean(dim=0)
        for _ in range(self.settings["frequency_masks"]):
            width = rng.integers(self.settings["frequency_mask_bands"] + 1)
            first = rng.integers(mels.shape[1] - width + 1)
            mels[:, first : first + width] = average[first : first + width]
        for _ in range(round(self.settings["time_masks_per_second"] * len(mels) / 100)):
            width = rng.integers(self.settings["time_mask_frames"] + 1)
            first = rng.integers(len(mels) - width + 1)
            mels[first : first + width] = average
        return mels @ self.dct.T

    def tilt(self, rng: np.random.Generator) -> Tensor:
        """A constant offset of the low cepstra: another microphone or another room."""
        n_ceps = self.dct.shape[0]
        scale = self.settings["tilt"] / (1 + torch.arange(n_ceps)) * (torch.arange(n_ceps) > 0)
        return torch.from_numpy(rng.standard_normal(n_ceps, dtype=np.float32)) * scale
