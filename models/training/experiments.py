# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

"""Trains networks that differ in one thing, all for as long, and prints what each is worth.

    python3 models/training/experiments.py models/training/english-320.toml english-bundle.npz \
        models/english.lm held-out runs

The bundle is that of a model of phones, the language model one that pronounces with them; `held-out`
is what held_out.py wrote. Prints a row of a Markdown table for every experiment; what was trained
already is not trained again.
"""

import argparse
import contextlib
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import torch

import configuration
import export
import pieces
import pronounce
from bundle import Bundle, made_for
from engine import BUILD
from labels import labeller_of, segments_of
from train_streams import Trainer, run as train

TOOL = BUILD / "plugin" / "tool" / "hearken"
N_SUBWORDS = 127  # the most that labels can tell apart
DECODING = {"language_weight": 0.8, "word_bonus": 0.0, "blank_bias": -2.0, "flush_ms": 200}
SCORED = ("librispeech", "an4")
HALF_WAY = 0.5  # from here on by CTC

# What differs from the configuration, section by section.
EXPERIMENTS: dict[str, dict] = {
    "phones, 3 frames joined, 3 layers of 320": {},
    "CTC from the beginning": {"training": {"ctc_from": 0}},
    "letters": {"pieces": "letters"},
    f"{N_SUBWORDS} subwords": {"pieces": "subwords"},
    "2 frames joined": {"network": {"splice": {"left": 0, "right": 1, "stride": 2}}},
    "4 frames joined": {"network": {"splice": {"left": 0, "right": 3, "stride": 4}}},
    "256 cells": {"network": {"hidden": 256}},
    "512 cells": {"network": {"hidden": 512}},
    "2 layers": {"network": {"layers": 2}},
    "4 layers": {"network": {"layers": 4}},
    "5 layers": {"network": {"layers": 5}},
    "512 cells projected to 256": {"network": {"hidden": 512, "projection": 256}},
}


def configuration(base: dict, changes: dict, updates: int, bundle: Bundle) -> dict:
    """The configuration of an experiment."""
    config = base | {"network": base["network"] | changes.get("network", {})}
    times = {"updates": updates, "ctc_from": int(updates * HALF_WAY)}
    config["training"] = base["training"] | times | changes.get("training", {})
    if changes.get("pieces") == "letters":
        config["pieces"] = pieces.letters()
    elif "pieces" in changes:
        texts = bundle.text[bundle.part == "train"]
        words = (word for text in texts for word in pronounce.words_of(text))
        config["pieces"] = pieces.often_together(words, N_SUBWORDS)
    return config


def relabelled(bundle: Bundle, config: dict) -> Bundle:
    """A bundle of phones with the labels of pieces, without the clips whose words are not found."""
    if "pieces" not in config:
        return bundle
    label, rows = labeller_of(config), []
    for index in range(len(bundle.text)):
        frames = slice(*bundle.bounds[index : index + 2])
        said = bundle.labels[frames]
        segments = segments_of(said) if said.any() else []
        labels = label(segments, bundle.text[index] if segments else "", len(said))
        if labels is not None:
            rows.append((index, bundle.mels[frames], labels))
    indices, mels, labels = zip(*rows)
    columns = (getattr(bundle, name)[list(indices)] for name in ("corpus", "part", "speaker", "text"))
    bounds = np.cumsum([0, *map(len, labels)])
    energies, all_labels = np.concatenate(mels), np.concatenate(labels)
    return Bundle(energies, all_labels, bounds, *columns, made_for(config))


def word_error(model: Path, manifest: Path) -> float:
    """In percent, as `hearken score` tells."""
    command = [TOOL, "score", "--model", model.resolve(), "--manifest", manifest]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return float(re.search(r"^WER ([0-9.]+) %", printed, re.MULTILINE)[1])


def exported(folder: Path, config: dict, words: Path) -> Path:
    """The model file of what was trained in a folder, with what finds words in its outputs."""
    files = {"language_model": ".lm"} | ({} if "pieces" in config else {"dictionary": ".dict"})
    lines = [f"{key} = {value}" for key, value in DECODING.items()]
    for key, ending in files.items():
        link = folder / f"words{ending}"
        link.unlink(missing_ok=True)
        link.symlink_to(words.with_suffix(ending).resolve())
        lines.append(f'{key} = "{link.name}"')
    decoding, model = folder / "decoding.toml", folder / "model.safetensors"
    decoding.write_text("\n".join(lines) + "\n", encoding="utf-8")
    export.main([str(folder / "last.pt"), str(model), "--int8", "--decoding", str(decoding)])
    return model


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("config", type=Path)
    parser.add_argument("bundle", type=Path)
    parser.add_argument("words", type=Path, help="language model, with its dictionary beside it")
    parser.add_argument("held_out", type=Path)
    parser.add_argument("runs", type=Path, help="folder for checkpoints")
    parser.add_argument("--only", action="append", choices=EXPERIMENTS, metavar="NAME", help="one of them")
    parser.add_argument("--updates", type=int, default=1400)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    base = configuration.read(arguments.config, *configuration.ON_STREAMS)
    bundle = Bundle.load(arguments.bundle)
    for name in arguments.only or EXPERIMENTS:
        folder = arguments.runs / name.replace(" ", "-").replace(",", "")
        folder.mkdir(parents=True, exist_ok=True)
        config = configuration(base, EXPERIMENTS[name], arguments.updates, bundle)
        checkpoint = folder / "last.pt"
        saved = Trainer.restore(checkpoint, config) if checkpoint.exists() else None
        with contextlib.redirect_stdout(sys.stderr):
            train(config, relabelled(bundle, config), folder, saved)
            model = exported(folder, config, arguments.words)
        fields = (folder / "log.tsv").read_text(encoding="utf-8").splitlines()[-1].split("\t")
        errors = dict(field.rsplit(" ", 1) for field in fields[5:])
        row = [name, f"{60 * float(fields[1].removesuffix(' h')):.1f}"]
        for corpus in SCORED:
            row += [errors[corpus], f"{word_error(model, arguments.held_out / f'{corpus}-clean.tsv'):.1f}"]
        print("|", " | ".join(row), "|", flush=True)


if __name__ == "__main__":
    main()
