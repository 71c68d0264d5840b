# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

"""Configurations: TOML files that are patterned on those in this folder."""

import tomllib
from pathlib import Path

PATTERN = Path(__file__).resolve().parent / "english-320.toml"
COMPLETE = ("network", "streams", "training")  # sections of which nothing may be left out
# Of the front end, what recordings and labels take for granted; these are the defaults as well.
FIXED = {"sample_frequency": 16000, "frame_shift": 10}
ON_STREAMS = ("name", "language", "licence", "seed", "front_end", "corpora", *COMPLETE)


def load(path: Path) -> dict:
    """A TOML file; ends the program if it is none."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SystemExit(f"{path}: {error}") from error


def read(path: Path, *needed: str) -> dict:
    """A configuration; ends the program where something needed is not there, or not all of it."""
    config, pattern = load(path), load(PATTERN)
    for key in needed:
        if key not in config:
            raise SystemExit(f"{path}: there is no {key}: is it for another kind of training?")
        wanted = pattern[key] if key in COMPLETE else {}
        if missing := [name for name in wanted if name not in config[key]]:
            raise SystemExit(f"{path}: [{key}] needs {', '.join(missing)}, as in {PATTERN.name}")
    for key, value in FIXED.items():
        if config.get("front_end", {}).get(key, value) != value:
            raise SystemExit(f"{path}: [front_end]: {key} must be {value}")
    return config
