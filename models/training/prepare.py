# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

"""From a configuration to what training needs: parts of the data, decoded and labelled."""

from collections import defaultdict
from pathlib import Path

import numpy as np

import data
import manifests
import split
from stretches import Corpus, Utterance, label_words

HELD_OUT_NOISE_ONE_IN = 10
SHORTEST_NOISE_SAMPLES = data.SAMPLE_RATE_HZ // 2


def clips_of(part: str, settings: dict, data_path: Path, here: Path) -> list[data.Clip]:
    """The main corpus's clips of the speakers of one part: train, dev or test."""
    clips = manifests.read(data_path / settings["corpus"])
    parts = split.read(here / settings["speakers"], {clip.speaker for clip in clips})
    clips = [clip for clip in clips if parts[clip.speaker] == part]
    return manifests.usable(clips, f"{settings['corpus']}, {part}")


def read_word_times(path: Path) -> dict[str, list[tuple[str, int, int]]]:
    """What `align.py` wrote: words with first and last frame, by clip."""
    times = defaultdict(list)
    for line in path.read_text(encoding="utf-8").splitlines():
        clip, word, first, last = line.split("\t")
        times[clip].append((word, int(first), int(last)))
    return times


def main_corpus(
    clips: list[data.Clip], tokens: list[str], settings: dict, data_path: Path, here: Path
) -> Corpus:
    """The training clips with a label for every 10 ms."""
    times = read_word_times(here / settings["word_times"])
    utterances = []
    for clip in clips:
        spans = [(*data.encode((word,), tokens), *span) for word, *span in times[clip.name]]
        samples = clip.samples()
        labels = label_words(len(samples), spans)
        utterances.append(Utterance(samples, data.encode(clip.words, tokens), labels))
    return Corpus(settings["corpus"], settings["share"], utterances)


def extra_corpus(settings: dict, tokens: list[str], data_path: Path) -> Corpus:
    """Clips of another corpus, one of `every` so many.

    Taken are those of `words` alone and, as clips without text, those of `ignored` alone.
    """
    words, ignored = set(settings["words"]), set(settings.get("ignored", []))
    clips = manifests.usable(manifests.read(data_path / settings["corpus"]), settings["corpus"])
    clips = [c for c in clips if set(c.words) <= words or set(c.words) <= ignored]
    utterances = []
    for clip in clips[:: settings["every"]]:
        said = clip.words if set(clip.words) <= words else ()
        samples = clip.samples()
        if len(samples) <= settings["longest_seconds"] * data.SAMPLE_RATE_HZ:
            labels = label_words(len(samples), None if said else [])
            utterances.append(Utterance(samples, data.encode(said, tokens), labels))
    return Corpus(settings["corpus"], settings["share"], utterances)


def noises(folder: Path, held_out: bool) -> list[np.ndarray]:
    """Recordings without speech: those for training, or those kept for tests."""
    clips = manifests.usable(manifests.read(folder), folder.name, spoken=False)
    chosen = [c for c in clips if data.is_held_out(c.path.name, HELD_OUT_NOISE_ONE_IN) == held_out]
    recordings = [clip.samples() for clip in chosen]
    return [r for r in recordings if len(r) >= SHORTEST_NOISE_SAMPLES and np.any(r)]


def noises_of_training(folder: Path) -> list[np.ndarray]:
    """Those for training; ends the program where there are none."""
    found = noises(folder, held_out=False)
    if not found:
        raise SystemExit(f"{folder}: there is no recording to train on that is no silence")
    return found


def rooms(folder: Path) -> list[np.ndarray]:
    """Room impulse responses."""
    clips = manifests.usable(manifests.read(folder), folder.name, spoken=False)
    return [clip.samples() for clip in clips]
