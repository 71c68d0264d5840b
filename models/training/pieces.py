# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

"""Pieces of words as tokens: letters, or letters that are often together (byte pair encoding).

The mark of a word's beginning (`data.WORD_START`) is part of the first piece of a word.
"""

import functools
from collections import Counter
from collections.abc import Iterable, Sequence

from data import WORD_START

LETTERS = "abcdefghijklmnopqrstuvwxyz'"


def letters() -> list[str]:
    """Every letter, at the beginning of a word and in it."""
    return [*(WORD_START + letter for letter in LETTERS), *LETTERS]


def often_together(words: Iterable[str], n_pieces: int) -> list[str]:
    """Letters and the pairs of pieces that were commonest, one after the other (Sennrich et al., 2016)."""
    counts = Counter(words)
    split = {word: tuple([WORD_START + word[0], *word[1:]]) for word in counts}
    found = letters()
    while len(found) < n_pieces:
        pairs: Counter = Counter()
        for word, count in counts.items():
            for pair in zip(split[word], split[word][1:]):
                pairs[pair] += count
        if not pairs:
            break
        pair = max(pairs, key=lambda pair: (pairs[pair], pair))
        found.append("".join(pair))
        split = {word: join(parts, pair) for word, parts in split.items()}
    return found


def join(parts: Sequence[str], pair: tuple[str, str]) -> tuple[str, ...]:
    """Parts with each such pair as one."""
    joined: list[str] = []
    for part in parts:
        if joined and (joined[-1], part) == pair:
            joined[-1] += part
        else:
            joined.append(part)
    return tuple(joined)


@functools.cache
def spell(word: str, pieces: frozenset[str]) -> tuple[str, ...]:
    """A word as the fewest pieces; of equal ways that with the longest first, as the engine does.

    Letters that no piece has are left out.
    """
    ways: dict[int, tuple[str, ...]] = {len(word): ()}
    for first in reversed(range(len(word))):
        mark = WORD_START if first == 0 else ""
        found = [
            (mark + word[first:after], *ways[after])
            for after in reversed(range(first + 1, len(word) + 1))
            if mark + word[first:after] in pieces
        ]
        ways[first] = min(found, key=len) if found else ways[first + 1]
    return ways[0]
