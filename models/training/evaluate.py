# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

"""Measures a model file on speakers it was not trained on, with greedy decoding.

    python3 models/training/evaluate.py models/training/an4.toml models/an4.safetensors

Four measurements: every clip by itself from a state of zeros; the same under noise; all clips as
one unbroken stream, never reset, 1 s of quiet hiss between them; and how many words the model hears
per hour of noise without speech. The noises are recordings kept from training.
"""

import argparse
from pathlib import Path

import numpy as np
import torch

import augment
import configuration
import data
import prepare
import scoring
from recognizer import Recognizer, words
from train import DEFAULT_DATA, HERE

Recording = tuple[data.Clip, np.ndarray]
Results = list[tuple[data.Clip, list[str]]]
GAP_SAMPLES = data.SAMPLE_RATE_HZ
GAP_DB = -70.0


def hear_clips(recognizer: Recognizer, recordings: list[Recording]) -> Results:
    """The words heard in each clip by itself."""
    return [(clip, words(recognizer.recognize(s), recognizer.tokens)) for clip, s in recordings]


def hear_stream(recognizer: Recognizer, recordings: list[Recording]) -> Results:
    """The words heard in all clips as one stream; each belongs to the clip nearest in time."""
    rng = np.random.default_rng(1)
    parts, bounds = [], []
    for _, samples in recordings:
        parts += [augment.hiss(rng, GAP_SAMPLES, GAP_DB), samples]
        bounds.append(sum(map(len, parts)) + GAP_SAMPLES // 2)
    found = recognizer.recognize(np.concatenate(parts))
    samples_per_step = recognizer.step_seconds() * data.SAMPLE_RATE_HZ
    owners = np.searchsorted(bounds, [step * samples_per_step for step, _ in found])
    tokens = recognizer.tokens
    return [
        (clip, words([f for f, owner in zip(found, owners) if owner == index], tokens))
        for index, (clip, _) in enumerate(recordings)
    ]


def with_noise(
    recordings: list[Recording], noises: list[np.ndarray], snr_db: float
) -> list[Recording]:
    """The clips under noise, louder than it by snr_db over the whole clip."""
    rng = np.random.default_rng(1)
    mixed = []
    for clip, samples in recordings:
        noise = augment.excerpt(rng, noises, len(samples))
        level = augment.level_db(samples) - snr_db
        mixed.append((clip, augment.add_noise(samples, noise, level)))
    return mixed


def report(title: str, results: Results, verbose: bool) -> None:
    """Prints one measurement, and with verbose what was misheard."""
    errors = [(clip.speaker, scoring.compare(clip.words, heard)) for clip, heard in results]
    total = sum((counts for _, counts in errors), scoring.Errors())
    low, high = scoring.interval(errors)
    print(
        f"{title}: {100 * total.rate:.2f} % word error (95 % interval {100 * low:.1f} to "
        f"{100 * high:.1f}), {total.n_words} words: {total.substitutions} substituted, "
        f"{total.deletions} deleted, {total.insertions} inserted"
    )
    for clip, heard in results if verbose else []:
        if heard != list(clip.words):
            print(f"  {clip.path.name}: {' '.join(clip.words)} -> {' '.join(heard)}")


def report_noise(recognizer: Recognizer, noises: list[np.ndarray]) -> None:
    """Prints how often noise is taken for words, the recordings joined to one stream."""
    stream = np.concatenate(noises)
    hours = len(stream) / data.SAMPLE_RATE_HZ / 3600
    found = recognizer.recognize(stream)
    print(f"noise: {len(found)} words heard in {60 * hours:.1f} minutes")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("config", type=Path, help="the configuration, for corpus and speakers")
    parser.add_argument("model", type=Path)
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA, help="folder of the corpora")
    parser.add_argument("--part", choices=["test", "dev", "train"], default="test")
    parser.add_argument("--snr-db", type=float, default=10.0)
    parser.add_argument("--verbose", action="store_true", help="print every clip misheard")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    settings = configuration.read(arguments.config, "data")["data"]
    recognizer = Recognizer.load(arguments.model)
    clips = prepare.clips_of(arguments.part, settings, arguments.data, HERE)
    recordings = [(clip, clip.samples()) for clip in clips]
    noises = prepare.noises(arguments.data / settings["noise"], held_out=True)
    verbose = arguments.verbose
    report("clips", hear_clips(recognizer, recordings), verbose)
    report("one stream", hear_stream(recognizer, recordings), verbose)
    if noises:  # of few recordings none may be kept for tests
        noisy = with_noise(recordings, noises, arguments.snr_db)
        title = f"clips, noise at {arguments.snr_db:g} dB"
        report(title, hear_clips(recognizer, noisy), verbose)
        report_noise(recognizer, noises)


if __name__ == "__main__":
    main()
