# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

"""One label for every frame of a clip, from the times of its phones (see `align_phones.py`).

A label is an output of the network, 0 where there is none; LABEL_START is added to the first of a
phone or word. In a model of phones every phone is a label. In a model of pieces of words those of a
word share its time evenly. In a model of whole words each word that is one of its phrases has its own
label, any other the filler's; only the second half of a word is labelled: by then it can be told from
others, and its end is near.
"""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np

import aligner
import data
import pieces
import pronounce
from align_phones import DIGITS, OTHER_WORD, REPEATS
from pronounce import Dictionary

LABEL_START = 128
DIGIT_WORDS = [*DIGITS, "oh", *REPEATS.values()]

Segment = tuple[str, int]  # phone and its first frame; "-" is a pause, "." the end
Labeller = Callable[[list[Segment], str, int], np.ndarray | None]


class Word(NamedTuple):
    """A word said: its first frame, and the one after its last."""

    text: str
    first: int
    after: int


def read_phones(path: Path) -> dict[str, list[Segment]]:
    """What `align_phones.py` wrote: phones and their first frames, by clip."""
    aligned = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        name, segments = line.split("\t")
        pairs = (segment.rsplit(":", 1) for segment in segments.split())
        aligned[name] = [(phone, int(start)) for phone, start in pairs]
    return aligned


def tokens_of(config: dict) -> list[str]:
    """The network's outputs: the blank and the pieces of a configuration, or a filler and its
    phrases; or phones."""
    tokens = pronounce.TOKENS
    if "pieces" in config:
        tokens = [data.BLANK, *config["pieces"]]
    elif "phrases" in config:
        refuse_unheard(config["phrases"])
        phrases = (data.WORD_START + phrase for phrase in config["phrases"])
        tokens = [data.BLANK, data.FILLER, *phrases]
    if len(tokens) > LABEL_START:
        raise SystemExit(f"there are {len(tokens)} tokens; labels tell at most {LABEL_START} apart")
    return tokens


def refuse_unheard(phrases: list[str]) -> None:
    """Ends the program where a phrase would never be found in a transcript, or is told twice."""
    for phrase in phrases:
        words = " ".join(pronounce.words_of(phrase))
        if words != phrase:
            advice = f"is in no transcript: write it '{words}'" if words else "has no words"
            raise SystemExit(f"phrases: '{phrase}' {advice}")
        if phrases.count(phrase) > 1:
            raise SystemExit(f"phrases: '{phrase}' is there twice")


def labeller_of(config: dict) -> Labeller:
    """What labels n frames, given segments and a text; None if these do not go together."""
    if "pieces" not in config and "phrases" not in config:
        return lambda segments, text, n_frames: label_phones(segments, n_frames)
    tokens = tokens_of(config)
    dictionary = pronounce.read_dictionary(aligner.DICTIONARY)

    def label(segments: list[Segment], text: str, n_frames: int) -> np.ndarray | None:
        words = find_words(segments, text, dictionary) if segments else []
        if words is None:
            return None
        if "pieces" in config:
            return label_pieces(words, tokens, n_frames)
        return label_words(join_phrases(words, config["phrases"]), tokens, n_frames)

    return label


def label_phones(segments: list[Segment], n_frames: int) -> np.ndarray:
    """One label a frame; what lies after the last segment is silence."""
    labels = np.zeros(n_frames, dtype=np.uint8)
    for (phone, start), (_, after) in zip(segments, segments[1:]):
        if phone in pronounce.PHONES and start < n_frames:
            labels[start:after] = pronounce.TOKENS.index(phone)
            labels[start] += LABEL_START
    return labels


def segments_of(labels: np.ndarray) -> list[Segment]:
    """The phones that were labelled, and the pauses between them: what `label_phones` took."""
    said, before = labels % LABEL_START, np.roll(labels, 1)
    changes = (labels > LABEL_START) | ((said == 0) & (before != 0))
    names = ["-", *pronounce.PHONES]
    segments = [(names[said[frame]], int(frame)) for frame in np.flatnonzero(changes)]
    return [*segments, (".", len(labels))]


def find_words(segments: list[Segment], text: str, dictionary: Dictionary) -> list[Word] | None:
    """When each word of a transcript was said; None if the phones are not the words'."""
    ends = [after for _, after in segments[1:]]
    said = [(p, first, end) for (p, first), end in zip(segments, ends) if p in pronounce.PHONES]
    phones = tuple(phone for phone, _, _ in said)
    is_number = text.isdecimal()
    words = pronounce.words_of(text.removeprefix(OTHER_WORD))

    @functools.cache
    def match(at: int, n_done: int) -> tuple[tuple[str, int, int], ...] | None:
        """The words from n_done on, each with the range of its phones, from phone `at` on."""
        if at == len(phones) and (is_number or n_done == len(words)):
            return ()
        for name in DIGIT_WORDS if is_number else words[n_done : n_done + 1]:
            for sounds in pronounce.look_up(name, dictionary):
                after = at + len(sounds)
                rest = match(after, n_done + 1) if phones[at:after] == sounds else None
                if rest is not None:
                    return ((name, at, after), *rest)
        return None

    found = match(0, 0)
    if found is None:
        return None
    return [Word(name, said[at][1], said[after - 1][2]) for name, at, after in found]


def join_phrases(words: list[Word], phrases: list[str]) -> list[Word]:
    """Words, those of a phrase together as one; of several phrases the longest."""
    lengths = sorted({len(phrase.split()) for phrase in phrases}, reverse=True)
    joined: list[Word] = []
    while words:
        spans = [words[:n] for n in [*lengths, 1]]
        texts = [" ".join(word.text for word in span) for span in spans]
        chosen = next((i for i, text in enumerate(texts) if text in phrases), -1)
        joined.append(Word(texts[chosen], words[0].first, spans[chosen][-1].after))
        words = words[len(spans[chosen]) :]
    return joined


def label_words(words: list[Word], tokens: list[str], n_frames: int) -> np.ndarray:
    """One label a frame; none where no word is about to end."""
    labels = np.zeros(n_frames, dtype=np.uint8)
    for word in words:
        token = data.WORD_START + word.text
        token = token if token in tokens else data.FILLER
        middle = (word.first + word.after) // 2
        if middle < n_frames:
            labels[middle : word.after] = tokens.index(token)
            labels[middle] += LABEL_START
    return labels


def label_pieces(words: list[Word], tokens: list[str], n_frames: int) -> np.ndarray:
    """One label a frame; the pieces of a word share its frames."""
    labels, known = np.zeros(n_frames, dtype=np.uint8), frozenset(tokens)
    for word in words:
        spelled = pieces.spell(word.text, known)
        bounds = np.linspace(word.first, word.after, len(spelled) + 1).astype(int)
        for piece, first, after in zip(spelled, bounds, bounds[1:]):
            if first < min(after, n_frames):
                labels[first:after] = tokens.index(piece)
                labels[first] += LABEL_START
    return labels
