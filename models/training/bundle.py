# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

"""Packs what a training on streams needs into one file: log-mel energies and labels, 8 bits each.

    python3 models/training/bundle.py models/training/english.toml english-bundle.npz

Log-mel energies, not cepstra, because a training can change them anew every time it meets a clip,
for next to nothing (see `mels.py`). The DCT that makes cepstra of them loses nothing when there are
as many cepstra as mel bands.
"""

import argparse
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import configuration
import data
import features
import labels
import manifests
import music
import split
from prepare import HELD_OUT_NOISE_ONE_IN

STEPS_PER_UNIT, LOWEST = 10, -16.0  # of the 8-bit natural logarithms
SHORTEST_SAMPLES = data.SAMPLE_RATE_HZ // 5


@dataclass
class Bundle:
    """Clips end to end; clip i has the frames bounds[i] to bounds[i + 1]."""

    mels: np.ndarray  # uint8 [n_frames, n_mels]
    labels: np.ndarray  # uint8 [n_frames], see labels.py
    bounds: np.ndarray  # int64 [n_clips + 1]
    corpus: np.ndarray  # str [n_clips]
    part: np.ndarray  # str [n_clips]
    speaker: np.ndarray  # str [n_clips]
    text: np.ndarray  # str [n_clips]
    made_for: str  # what `made_for` said of its configuration

    @classmethod
    def load(cls, path: Path) -> "Bundle":
        try:
            with np.load(path) as arrays:
                found = {name: arrays[name] for name in arrays.files}
            return cls(**found | {"made_for": str(found["made_for"])})
        except (ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
            raise SystemExit(f"{path}: no bundle, or an old one: make it anew ({error})") from error

    def save(self, path: Path) -> None:
        np.savez(path, **vars(self))

    def clip(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        """Log-mel energies, float32 [n_frames, n_mels], and labels [n_frames]."""
        frames = slice(self.bounds[index], self.bounds[index + 1])
        return unpack(self.mels[frames]), self.labels[frames]

    def clips(self, corpus: str, part: str) -> np.ndarray:
        """The indices of a corpus's clips in one part."""
        return np.flatnonzero((self.corpus == corpus) & (self.part == part))


def made_for(config: dict) -> str:
    """What energies and labels depend on: a training with another front end or other tokens needs
    a bundle of its own."""
    settings = {"front end": config["front_end"], "tokens": labels.tokens_of(config)}
    return json.dumps(settings, sort_keys=True)


def pack(mels: np.ndarray) -> np.ndarray:
    """Log energies in 8 bits, to 0.05 (0.2 dB)."""
    return np.clip(np.rint((mels - LOWEST) * STEPS_PER_UNIT), 0, 255).astype(np.uint8)


def unpack(packed: np.ndarray) -> np.ndarray:
    return packed * np.float32(1 / STEPS_PER_UNIT) + np.float32(LOWEST)


def parts_of(clips: list[data.Clip], settings: dict, here: Path) -> dict[str, str]:
    """The part of each clip, by name: its speaker's, as listed in a file or a fixed number drawn by
    hashed names, or, where nobody knows the speakers, one drawn by its own name."""
    one_in = settings.get("dev_one_in", 0 if "phones" in settings else HELD_OUT_NOISE_ONE_IN)
    if one_in > 0:
        drawn = {c.name: data.is_held_out(c.path.name, one_in) for c in clips}
        return {name: "dev" if is_held_out else "train" for name, is_held_out in drawn.items()}
    speakers = {clip.speaker for clip in clips}
    if "speakers" in settings:
        parts = split.read(here / settings["speakers"], speakers)
    else:
        ordered = split.shuffled(speakers)
        n_dev = settings.get("dev_speakers", 0)
        parts = dict.fromkeys(ordered[:n_dev], "dev") | dict.fromkeys(ordered[n_dev:], "train")
    return {clip.name: parts[clip.speaker] for clip in clips}


def pack_corpus(
    settings: dict, data_path: Path, here: Path, front_end: dict, label: labels.Labeller, add
) -> None:
    """Passes every usable clip of a corpus to `add`; a corpus without phones is noise."""
    name = settings["corpus"]
    phones = labels.read_phones(here / settings["phones"]) if "phones" in settings else None
    clips = manifests.read(data_path / name)
    clips = manifests.usable(clips, name, spoken=phones is not None)
    parts = parts_of(clips, settings, here)
    n_packed = 0
    for clip in clips:
        segments = [] if phones is None else phones.get(clip.name)
        samples = clip.samples() if segments is not None else np.zeros(0)
        if len(samples) < SHORTEST_SAMPLES:
            continue
        mels, text = features.log_mels(samples, front_end), " ".join(clip.words)
        labelled = label(segments, text if segments else "", len(mels))
        if labelled is not None:
            add(pack(mels), labelled, name, parts[clip.name], clip.speaker, text)
            n_packed += 1
    print(f"{name}: {n_packed} of {len(clips)} clips", flush=True)
    for samples in music.pieces(settings.get("music", 0)):
        mels = features.log_mels(samples, front_end)
        add(pack(mels), label([], "", len(mels)), name, "train", "", "")


def build(config: dict, data_path: Path, here: Path) -> Bundle:
    """Packs all corpora of a configuration."""
    rows: list[tuple] = []
    front_end, label = config["front_end"], labels.labeller_of(config)
    for settings in config["corpora"]:
        pack_corpus(settings, data_path, here, front_end, label, lambda *row: rows.append(row))
    if not rows:
        raise SystemExit("none of the corpora has a clip that can be used")
    mels, labelled, *columns = zip(*rows)
    bounds, columns = np.cumsum([0, *map(len, labelled)]), map(np.array, columns)
    energies, all_labels = np.concatenate(mels), np.concatenate(labelled)
    return Bundle(energies, all_labels, bounds, *columns, made_for(config))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("config", type=Path)
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--data", type=Path, required=True, help="folder of the corpora")
    parser.add_argument("--phones", type=Path, help="folder of align_phones.py's files")
    arguments = parser.parse_args()
    config = configuration.read(arguments.config, "front_end", "corpora")
    here = arguments.phones or arguments.config.parent
    build(config, arguments.data, here).save(arguments.bundle)


if __name__ == "__main__":
    main()
