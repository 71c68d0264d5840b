# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

"""Word error rate and its uncertainty."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Errors:
    """Counts of words said and of the three kinds of error."""

    n_words: int = 0
    substitutions: int = 0
    deletions: int = 0
    insertions: int = 0

    def __add__(self, other: "Errors") -> "Errors":
        return Errors(
            self.n_words + other.n_words,
            self.substitutions + other.substitutions,
            self.deletions + other.deletions,
            self.insertions + other.insertions,
        )

    @property
    def count(self) -> int:
        return self.substitutions + self.deletions + self.insertions

    @property
    def rate(self) -> float:
        """Word error rate: errors per word said."""
        return self.count / max(self.n_words, 1)


def compare(said: Sequence[str], heard: Sequence[str]) -> Errors:
    """The fewest errors that turn what was said into what was heard."""
    above = [Errors(0, 0, 0, j) for j in range(len(heard) + 1)]
    for i, word in enumerate(said, start=1):
        row = [Errors(i, 0, i, 0)]
        for j, other in enumerate(heard, start=1):
            candidates = (
                above[j - 1] + Errors(1, int(word != other), 0, 0),
                above[j] + Errors(1, 0, 1, 0),
                row[j - 1] + Errors(0, 0, 0, 1),
            )
            row.append(min(candidates, key=lambda errors: errors.count))
        above = row
    return above[-1]


def interval(
    errors: list[tuple[str, Errors]], n_draws: int = 2000, seed: int = 1
) -> tuple[float, float]:
    """95 % bootstrap interval of the error rate, speakers drawn with replacement."""
    by_speaker: dict[str, Errors] = defaultdict(Errors)
    for speaker, counts in errors:
        by_speaker[speaker] += counts
    counts = np.array([(errors.count, errors.n_words) for errors in by_speaker.values()])
    draws = np.random.default_rng(seed).integers(len(counts), size=(n_draws, len(counts)))
    sums = counts[draws].sum(axis=1)
    low, high = np.percentile(sums[:, 0] / sums[:, 1], [2.5, 97.5])
    return float(low), float(high)
