# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

"""Stretches of an endless stream: clips of several speakers with gaps, in rooms, under noise.

A recogniser hears streams without beginning or end, so it is trained on pieces of such streams
rather than on clips. All stretches of a batch have one length; none is padded.
"""

from dataclasses import dataclass, field

import numpy as np

import augment
from data import SAMPLE_RATE_HZ

UNKNOWN = -100  # a frame label that no loss counts: cross_entropy's ignore_index
SAMPLES_PER_LABEL = SAMPLE_RATE_HZ // 100


@dataclass
class Utterance:
    """A decoded clip: samples, its tokens, and the token heard in each 10 ms."""

    samples: np.ndarray  # float32 [n_samples]
    tokens: list[int]
    labels: np.ndarray  # int64 [n_samples / 160]

    def at_speed(self, percent: int) -> "Utterance":
        """The same words said faster (over 100) or slower."""
        samples = augment.change_speed(self.samples, percent)
        places = np.arange(len(samples) // SAMPLES_PER_LABEL) * percent // 100
        return Utterance(samples, self.tokens, self.labels[places.clip(0, len(self.labels) - 1)])


def label_words(n_samples: int, spans: list[tuple[int, int, int]] | None) -> np.ndarray:
    """A label per 10 ms: the token in the second half of its word, else blank (0).

    Spans are (token, first frame, last frame); without spans all labels are UNKNOWN.
    """
    n_labels = n_samples // SAMPLES_PER_LABEL
    if spans is None:
        return np.full(n_labels, UNKNOWN)
    labels = np.zeros(n_labels, dtype=np.int64)
    for token, first, last in spans:
        labels[(first + last) // 2 : last + 1] = token
    return labels


@dataclass
class Corpus:
    """Utterances drawn in random order, each once before any twice."""

    name: str
    share: float
    utterances: list[Utterance]
    waiting: list[Utterance] = field(default_factory=list)

    def draw(self, rng: np.random.Generator) -> Utterance:
        if not self.waiting:
            self.waiting = [self.utterances[i] for i in rng.permutation(len(self.utterances))]
        return self.waiting.pop()


class StretchMaker:
    """Makes stretches at random from corpora, noises and room impulse responses."""

    def __init__(
        self,
        settings: dict,
        corpora: list[Corpus],
        noises: list[np.ndarray],
        rooms: list[np.ndarray],
        rng: np.random.Generator,
    ) -> None:
        self.settings, self.corpora, self.noises, self.rooms = settings, corpora, noises, rooms
        self.rng = rng
        shares = np.array([corpus.share for corpus in corpora])
        self.shares = shares / shares.sum()
        self.strength = 1.0  # of the changes that are made by chance

    def batch_seconds(self) -> float:
        """A random length for the stretches of a batch."""
        return float(self.rng.uniform(*self.settings["seconds"]))

    def stretch(self, seconds: float) -> Utterance:
        """One stretch of exactly this length, ready for the front end."""
        n_samples = round(seconds * 100) * SAMPLES_PER_LABEL
        placed = [] if self.chance("noise_only") else self.pick(n_samples)
        dry = self.lay_out(placed, n_samples)
        dry.samples = self.in_a_place(dry.samples, bool(placed))
        return dry

    def chance(self, name: str) -> bool:
        return bool(self.rng.random() < self.settings[name] * self.strength)

    def pick(self, n_samples: int) -> list[Utterance]:
        """Utterances that fill a random part of the samples, or a single one."""
        wanted = n_samples * self.rng.uniform(*self.settings["fill"])
        chosen: list[Utterance] = []
        used = 0
        while True:
            corpus = self.corpora[self.rng.choice(len(self.corpora), p=self.shares)]
            utterance = corpus.draw(self.rng)
            spoken = utterance.at_speed(int(self.rng.integers(*self.settings["speed_percent"])))
            used += len(spoken.samples)
            if used > (wanted if chosen else n_samples):
                if chosen:  # else it is too long by itself, and would be again
                    corpus.waiting.append(utterance)
                return chosen
            chosen.append(self.vary(spoken))

    def vary(self, utterance: Utterance) -> Utterance:
        """Another room and another distance for one utterance."""
        samples = utterance.samples
        if self.rooms and self.chance("reverberation"):
            samples = augment.reverberate(
                self.rng, samples, self.rooms[self.rng.integers(len(self.rooms))]
            )
        samples = augment.gain(samples, self.rng.uniform(*self.settings["utterance_gain_db"]))
        return Utterance(samples, utterance.tokens, utterance.labels)

    def lay_out(self, utterances: list[Utterance], n_samples: int) -> Utterance:
        """Places utterances in silence with gaps of random length, some of them none."""
        slack = n_samples // SAMPLES_PER_LABEL - sum(len(u.labels) + 1 for u in utterances)
        gaps = self.rng.exponential(size=len(utterances) + 1)
        gaps *= self.rng.random(len(gaps)) > self.settings["no_gap"]
        gaps = np.floor(gaps / max(gaps.sum(), 1e-9) * max(slack, 0)).astype(int)
        samples = np.zeros(n_samples, dtype=np.float32)
        labels = np.zeros(n_samples // SAMPLES_PER_LABEL, dtype=np.int64)
        at = 0
        for gap, utterance in zip(gaps, utterances):
            at += gap
            start = at * SAMPLES_PER_LABEL
            room = min(len(utterance.samples), n_samples - start)
            samples[start : start + room] = utterance.samples[:room]
            room = min(len(utterance.labels), len(labels) - at)
            labels[at : at + room] = utterance.labels[:room]
            at += len(utterance.labels) + 1
        return Utterance(samples, [t for u in utterances for t in u.tokens], labels)

    def in_a_place(self, samples: np.ndarray, has_speech: bool) -> np.ndarray:
        """Adds the sounds of a place, changes the level; now and then leaves pure silence."""
        if self.chance("noise") or not has_speech:
            noise = augment.excerpt(self.rng, self.noises, len(samples))
            speech_db = augment.level_db(samples) if has_speech else -30
            snr_db = self.rng.uniform(*self.settings["snr_db"])
            samples = augment.add_noise(samples, noise, speech_db - snr_db)
        if not self.chance("digital_silence"):
            level = self.rng.uniform(*self.settings["hiss_db"])
            samples = samples + augment.hiss(self.rng, len(samples), level)
        return augment.gain(samples, self.rng.uniform(*self.settings["gain_db"]))
