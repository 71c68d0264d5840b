# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

"""The front end: samples to normalised cepstra, by Kaldi's conventions as torchaudio has them."""

import math

import torch
from torch import Tensor
from torchaudio.compliance import kaldi

FRAMES_PER_SECOND = 100


def mfcc(samples: Tensor, arguments: dict) -> Tensor:
    """Cepstra of mono samples in [-1, 1]: [n_samples] to [n_frames, n_ceps]."""
    return kaldi.mfcc(samples.unsqueeze(0), **arguments)


def statistics(frames: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and standard deviation per coefficient: [n_frames, n_ceps] to two of [n_ceps]."""
    return frames.mean(dim=0), frames.std(dim=0)


def dct_matrix(n: int) -> Tensor:
    """The orthonormal DCT-II, [n_ceps, n_mels]: cepstra = dct_matrix @ log-mel energies."""
    k, m = torch.arange(n).unsqueeze(1), torch.arange(n).unsqueeze(0)
    matrix = torch.cos(math.pi * k * (m + 0.5) / n) * math.sqrt(2 / n)
    matrix[0] /= math.sqrt(2)
    return matrix
