# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

"""Chooses the speakers of the development and test sets: a fixed draw by hashed names.

    python3 models/training/split.py ../shared/data/an4 > models/training/an4-speakers.tsv
"""

import argparse
import hashlib
from pathlib import Path

import manifests

# AN4 names women f... and men m...; a trailing digit tells two people of the same initials apart.
DRAW = {"test": {"f": 3, "m": 5}, "dev": {"f": 2, "m": 4}}


def shuffled(speakers: set[str]) -> list[str]:
    """The speakers in an order that depends on their names alone."""
    return sorted(speakers, key=lambda name: hashlib.sha256(name.encode()).digest())


def split(speakers: set[str]) -> dict[str, str]:
    """Maps every speaker to test, dev or train; names with a digit always train."""
    pool = [name for name in shuffled(speakers) if name.isalpha()]
    pool = [name for name in pool if not any(name + digit in speakers for digit in "23456789")]
    part = dict.fromkeys(sorted(speakers), "train")
    for set_name, counts in DRAW.items():
        for sex, count in counts.items():
            for name in [name for name in pool if name[0] == sex and part[name] == "train"][:count]:
                part[name] = set_name
    return part


def read(path: Path, speakers: set[str]) -> dict[str, str]:
    """What this program printed: the part of every speaker; ends the program if one is not there."""
    lines = path.read_text(encoding="utf-8").splitlines()
    parts = {speaker: part for speaker, _, part in (line.partition("\t") for line in lines)}
    if missing := sorted(speakers - parts.keys()):
        raise SystemExit(f"{path}: these speakers are not there: {' '.join(missing)}")
    return parts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path, help="see manifests.py")
    arguments = parser.parse_args()
    speakers = {clip.speaker for clip in manifests.read(arguments.corpus)}
    for name, part in split(speakers).items():
        print(f"{name}\t{part}")


if __name__ == "__main__":
    main()
