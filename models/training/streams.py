# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

"""Endless streams of log-mel energies and labels, made from a bundle (see `bundle.py`).

Each stream goes from scene to scene: some utterances with pauses, in one place with its noise.
"""

import numpy as np

from bundle import Bundle
from mels import LOG_PER_DB, SILENCE, Changes, Scene, level

MOST_UTTERANCES = 3  # in a scene
MOST_REPEATS = 8  # of a clip whose text is rare
NO_SPEECH = 0.0  # the level (logarithm of power) that noise is measured by where nobody speaks


class Streams:
    """Many streams side by side, read in chunks.

    Shares say how much of the time each corpus is to be heard, `evenly` in which of them rare texts
    are heard more often than they are there.
    """

    def __init__(
        self,
        bundle: Bundle,
        shares: dict[str, float],
        settings: dict,
        n_streams: int,
        seed: int,
        evenly: frozenset[str] = frozenset(),
    ) -> None:
        self.bundle, self.settings = bundle, settings
        self.rng = np.random.default_rng(seed)
        self.changes = Changes(settings, bundle.mels.shape[1], self.rng)
        self.names = [name for name, share in shares.items() if share > 0]
        self.clips = {name: bundle.clips(name, "train") for name in self.names}
        self.noises = bundle.clips("noise", "train")
        lengths = np.diff(bundle.bounds)
        for name in evenly.intersection(self.names):
            self.clips[name] = repeat_rare(self.clips[name], bundle.text)
        chances = [shares[name] / lengths[self.clips[name]].mean() for name in self.names]
        self.chances = np.array(chances) / sum(chances)
        self.waiting: dict[str, list[int]] = {name: [] for name in self.names}
        self.rest = [self.scene() for _ in range(n_streams)]

    def utterance(self) -> Scene:
        """The next clip of a random corpus: in random order, each once before any twice."""
        name = self.rng.choice(self.names, p=self.chances)
        if not self.waiting[name]:
            self.waiting[name] = list(self.rng.permutation(self.clips[name]))
        return Scene(*self.bundle.clip(self.waiting[name].pop()))

    def pause(self) -> Scene:
        """Digital silence, often of no length."""
        seconds = self.rng.exponential(self.settings["pause_seconds"])
        n_frames = int(100 * seconds) * (self.rng.random() >= self.settings["no_pause"])
        shape = (n_frames, self.bundle.mels.shape[1])
        return Scene(np.full(shape, SILENCE), np.zeros(n_frames, dtype=np.uint8))

    def noise_alone(self) -> Scene:
        """A place where nobody speaks, though there is something to hear."""
        n_frames = int(100 * self.changes.uniform("noise_alone_seconds"))
        silence = np.full((n_frames, self.bundle.mels.shape[1]), SILENCE)
        power = NO_SPEECH - LOG_PER_DB * self.changes.uniform("snr_db")
        mels = self.changes.with_noise(silence, self.noise(), power)
        return Scene(self.in_a_place(mels, NO_SPEECH), np.zeros(n_frames, dtype=np.uint8))

    def scene(self) -> Scene:
        """Some utterances, or none, in one place."""
        if self.changes.chance("noise_alone"):
            return self.noise_alone()
        parts, levels = [], []
        for _ in range(self.rng.integers(1, MOST_UTTERANCES + 1)):
            parts.append(self.pause())
            if self.rng.random() >= self.settings["nothing_said"]:
                spoken = self.utterance()
                levels.append(level(spoken.mels))
                parts.append(self.changes.another_voice(spoken))
        scene = join(parts)
        speech = float(np.mean(levels)) if levels else NO_SPEECH
        return Scene(self.in_a_place(scene.mels, speech), scene.labels)

    def in_a_place(self, mels: np.ndarray, speech: float) -> np.ndarray:
        """Room, microphone, noise at some distance from the level of speech, masks and gain."""
        changes = self.changes
        if changes.chance("reverberation"):
            mels = changes.in_a_room(mels)
        mels = changes.through_a_microphone(mels)
        if changes.chance("noise"):
            power = speech - LOG_PER_DB * changes.uniform("snr_db")
            mels = changes.with_noise(mels, self.noise(), power)
        if not changes.chance("digital_silence"):
            power = speech - LOG_PER_DB * changes.uniform("hiss_below_db")
            mels = changes.with_noise(mels, self.noise(), power)
        gain = LOG_PER_DB * changes.uniform("gain_db")
        return np.maximum(changes.masked(mels) + np.float32(gain), SILENCE)

    def noise(self) -> np.ndarray:
        """A recording without speech."""
        return self.bundle.clip(self.rng.choice(self.noises))[0]

    def restart_some(self) -> np.ndarray:
        """Breaks some streams off, to begin anew with a scene; returns which, bool [n]."""
        restarted = self.rng.random(len(self.rest)) < self.settings["restarts"]
        for i in np.flatnonzero(restarted):
            self.rest[i] = self.scene()
        return restarted

    def chunk(self, n_frames: int) -> tuple[np.ndarray, np.ndarray]:
        """The next frames of all streams: energies [n, n_frames, n_mels], labels [n, n_frames]."""
        chunks = []
        for i, rest in enumerate(self.rest):
            while len(rest.labels) < n_frames:
                rest = join([rest, self.scene()])
            chunks.append(Scene(rest.mels[:n_frames], rest.labels[:n_frames]))
            self.rest[i] = Scene(rest.mels[n_frames:], rest.labels[n_frames:])
        return np.stack([c.mels for c in chunks]), np.stack([c.labels for c in chunks])


def join(parts: list[Scene]) -> Scene:
    """Scenes one after the other."""
    mels = np.concatenate([part.mels for part in parts])
    return Scene(mels, np.concatenate([part.labels for part in parts]))


def repeat_rare(clips: np.ndarray, texts: np.ndarray) -> np.ndarray:
    """Clips, those of a text that is n times as rare as the commonest sqrt(n) times."""
    names, which, counts = np.unique(texts[clips], return_inverse=True, return_counts=True)
    times = np.minimum(np.sqrt(counts.max() / counts), MOST_REPEATS).round().astype(int)
    return np.repeat(clips, times[which])
