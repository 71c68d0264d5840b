# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

"""Prints what a model hears in audio files, as JSON: for each file its text and its tokens.

    python3 models/training/recognize.py models/an4.safetensors models/clips/*.opus

A token has its index, its text, and the output step (from 0) at which it is most probable; a step
lasts as long as the model's stride, 30 ms for a stride of 3.
"""

import argparse
import json
from pathlib import Path

import data
from recognizer import Recognizer, words


def describe(recognizer: Recognizer, path: Path) -> dict:
    """The text and the tokens of one file."""
    log_probabilities = recognizer.log_probabilities(data.load_audio(path))
    found = recognizer.told(log_probabilities)
    return {
        "file": path.name,
        "text": " ".join(words(found, recognizer.tokens)),
        "steps": len(log_probabilities),
        "tokens": [
            {
                "step": step,
                "token": token,
                "text": recognizer.tokens[token],
                "log_probability": round(log_probabilities[step, token].item(), 5),
            }
            for step, token in found
        ],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("audio", type=Path, nargs="+", help="16 kHz files")
    arguments = parser.parse_args()
    recognizer = Recognizer.load(arguments.model)
    descriptions = [describe(recognizer, path) for path in arguments.audio]
    print(json.dumps(descriptions, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
