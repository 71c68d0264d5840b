# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

"""Writes down what a model was not trained on, for `hearken score`: manifests and noisy copies.

    python3 models/training/held_out.py models/training/english.toml held-out --data ../shared/data
    hearken score --manifest held-out/librispeech-clean.tsv

Of every corpus of the configuration the speakers that are held out, each in three conditions: as
recorded, with noise at 10 dB, and in a room. The noises are recordings kept from training, if there
are any. For the room every clip is convolved with a measured response, if there is a
`room_impulse_responses`. Of a model of phrases, clips in which something else is said are apart
(`librispeech-others`).
"""

import argparse
import dataclasses
from collections.abc import Callable
from pathlib import Path

import numpy as np
import soundfile

import augment
import configuration
import data
import manifests
import prepare
import pronounce
from align_phones import DIGITS, OTHER_WORD
from bundle import parts_of

SNR_DB = 10.0
SEED = 1
COLUMNS = "path\tseconds\tspeaker\ttext"


def spoken(words: tuple[str, ...]) -> str:
    """A transcript with its numerals read digit by digit."""
    said = [w if not w.isdigit() else " ".join(DIGITS[int(d)] for d in w) for w in words]
    return " ".join(said)


def write(folder: Path, title: str, rows: list[tuple[Path, float, data.Clip]]) -> None:
    lines = [f"{path}\t{s:.2f}\t{c.speaker}\t{spoken(c.words)}" for path, s, c in rows]
    text = "\n".join([COLUMNS, *lines]) + "\n"
    (folder / f"{title}.tsv").write_text(text, encoding="utf-8")
    print(f"{title}: {len(rows)} clips, {sum(s for _, s, _ in rows) / 3600:.2f} h", flush=True)


class Conditions:
    """The same clips, heard under worse conditions."""

    def __init__(self, data_path: Path) -> None:
        self.rng = np.random.default_rng(SEED)
        self.noises = prepare.noises(data_path / "noise", held_out=True)
        rooms = data_path / "room_impulse_responses"
        self.rooms = prepare.rooms(rooms) if rooms.exists() else []

    def all(self) -> dict[str, Callable[[np.ndarray], np.ndarray]]:
        """Every condition by name; noise and rooms only where there are recordings of some."""
        noise = {"noise": self.noise} if self.noises else {}
        return noise | ({"room": self.room} if self.rooms else {})

    def noise(self, samples: np.ndarray) -> np.ndarray:
        noise = augment.excerpt(self.rng, self.noises, len(samples))
        return augment.add_noise(samples, noise, augment.level_db(samples) - SNR_DB)

    def room(self, samples: np.ndarray) -> np.ndarray:
        response = self.rooms[self.rng.integers(len(self.rooms))]
        return augment.reverberate(self.rng, samples, response.copy())


def held_out_clips(settings: dict, data_path: Path, here: Path) -> list[data.Clip]:
    """One corpus's clips of part test, or else of part dev."""
    clips = manifests.read(data_path / settings["corpus"])
    parts = parts_of(clips, settings, here)
    part = "test" if "test" in parts.values() else "dev"
    clips = [clip for clip in clips if parts[clip.name] == part and clip.words]
    for i, clip in enumerate(clips):
        first = clip.words[0].removeprefix(OTHER_WORD)
        clips[i] = dataclasses.replace(clip, words=(first, *clip.words[1:]))
    return [clip for clip in clips if not clip.words[0].startswith("_")]


def groups_of(clips: list[data.Clip], name: str, phrases: list[str]) -> dict[str, list[data.Clip]]:
    """Clips of phrases and of others, where a model has phrases."""
    said = [" ".join(pronounce.words_of(spoken(clip.words))) for clip in clips]
    is_phrase = [not phrases or text in phrases for text in said]
    chosen = [clip for clip, is_one in zip(clips, is_phrase) if is_one]
    others = [clip for clip, is_one in zip(clips, is_phrase) if not is_one]
    return {title: group for title, group in ((name, chosen), (f"{name}-others", others)) if group}


def write_conditions(name: str, clips: list[data.Clip], data_path: Path, folder: Path) -> None:
    """The same clips in every condition; files of their own, but for whole ones as recorded."""
    changes = {"clean": np.array} | Conditions(data_path).all()
    for condition, change in changes.items():
        title = f"{name.replace('/', '-')}-{condition}"
        rows = []
        for index, clip in enumerate(clips):
            samples, path = clip.samples(), clip.path
            if condition != "clean" or clip.span is not None:
                path = folder / title / f"{index:04d}.flac"
                path.parent.mkdir(exist_ok=True)
                soundfile.write(path, np.clip(change(samples), -1, 1), data.SAMPLE_RATE_HZ)
            rows.append((path.resolve(), len(samples) / data.SAMPLE_RATE_HZ, clip))
        write(folder, title, rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("config", type=Path)
    parser.add_argument("folder", type=Path, help="is made if it is not there")
    parser.add_argument("--data", type=Path, required=True, help="folder of the corpora")
    parser.add_argument("--only", action="append", help="a corpus; may be given again")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    config = configuration.read(arguments.config, "corpora")
    known = {settings["corpus"] for settings in config["corpora"]}
    if unknown := set(arguments.only or []) - known:
        raise SystemExit(f"{arguments.config}: there is no corpus {', '.join(sorted(unknown))}")
    for settings in config["corpora"]:
        name = settings["corpus"]
        if "phones" not in settings or (arguments.only and name not in arguments.only):
            continue
        clips = held_out_clips(settings, arguments.data, arguments.config.parent)
        if not clips:
            print(f"{name}: nobody is held out", flush=True)
        for title, group in groups_of(clips, name, config.get("phrases", [])).items():
            write_conditions(title, group, arguments.data, arguments.folder)


if __name__ == "__main__":
    main()
