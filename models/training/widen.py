# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

"""Starts a wide network from a narrow one that has learnt.

The wide network gives the same outputs at first: its additional units hear everything, but what
was there does not hear them yet (Chen et al., 2016, "Net2Net").
"""

import torch
from torch import Tensor

from network import LSTMModel

N_GATES = 4


def copy_into(wide: Tensor, narrow: Tensor, n_gates: int) -> None:
    """Puts rows [n_gates * n, m] in place of the first of each gate; they ignore new columns."""
    rows = wide.view(n_gates, -1, *wide.shape[1:])
    learnt = narrow.view(n_gates, -1, *narrow.shape[1:])
    n_rows = learnt.shape[1]
    rows[:, :n_rows] = 0
    if learnt.dim() == 3:
        rows[:, :n_rows, : learnt.shape[2]] = learnt
    else:
        rows[:, :n_rows] = learnt


def is_narrower(narrow: dict[str, Tensor], wide: dict[str, Tensor]) -> bool:
    """Whether two state dicts are of the same layers, the first with as many units or fewer."""
    return narrow.keys() == wide.keys() and all(
        n <= m for name, part in narrow.items() for n, m in zip(part.shape, wide[name].shape)
    )


@torch.no_grad()
def widen(narrow: dict[str, Tensor], wide: LSTMModel) -> None:
    """Takes over the weights of a state dict with fewer units."""
    for name, weights in wide.named_parameters():
        has_gates = name.startswith("lstm.") and "weight_hr" not in name  # which projects
        copy_into(weights, narrow[name], N_GATES if has_gates else 1)
