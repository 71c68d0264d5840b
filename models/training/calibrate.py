# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

"""Learns what a model's word times and posteriors are worth, from recordings it was not trained on.

    hearken transcribe --format jsonl --jobs 1 -m english.safetensors $(cut -f1 dev.tsv | tail -n +2) > dev.jsonl
    python3 models/training/calibrate.py dev.tsv dev.jsonl --data ../shared/data/librispeech \\
        --phones librispeech-phones.tsv > english-calibration.toml

The model must have neither `hearken.confidence` nor `hearken.token-offsets` yet. Prints both, for
`export.py --decoding`: the line from a posterior's log-odds to a confidence's, by logistic
regression, and for each phone how much later words that begin or end with it do so than they are
heard to, in the median, against the times of align_phones.py. With --check nothing is learnt: the
errors of times and confidences are printed as they are, and with --plot drawn as well (which needs
Debian's python3-matplotlib).
"""

import argparse
import difflib
import json
from collections import defaultdict
from pathlib import Path

import numpy as np

import aligner
import labels
import manifests
import pronounce

FRAME_MS = 10
FEWEST = 5  # words, for a phone to have an offset of its own
NEAR_MS = 500  # what is further off is another word
CERTAIN = 0.9995  # the tool prints three digits

Times = tuple[str, float, float, tuple[str, ...]]  # word, start and end in ms, its phones


def said_words(words: tuple[str, ...], segments, dictionary) -> list[Times]:
    """Cuts a clip's aligned phones into its words; an empty list where they do not fit."""
    spoken = [(p, start, end) for (p, start), (_, end) in zip(segments, segments[1:]) if p != "-"]

    def cut(word: int, at: int) -> list[Times] | None:
        if word == len(words):
            return [] if at == len(spoken) else None
        for phones in pronounce.look_up(words[word], dictionary):
            here = spoken[at : at + len(phones)]
            if tuple(p for p, _, _ in here) == phones:
                rest = cut(word + 1, at + len(phones))
                if rest is not None:
                    times = (FRAME_MS * here[0][1], FRAME_MS * here[-1][2])
                    return [(words[word], *times, phones), *rest]
        return None

    return cut(0, 0) or []


def heard_words(path: Path) -> dict[str, list[dict]]:
    """The words of each file, in order."""
    heard = defaultdict(list)
    for line in path.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        heard[record["file"]] += record.get("words", [])
    return heard


def matches(said: list[str], heard: list[str]) -> list[tuple[int, int]]:
    matcher = difflib.SequenceMatcher(None, said, heard, autojunk=False)
    blocks = matcher.get_matching_blocks()
    return [(block.a + i, block.b + i) for block in blocks for i in range(block.size)]


def logistic(posteriors: np.ndarray, is_right: np.ndarray) -> tuple[float, float]:
    """a and b such that P(right) = 1 / (1 + exp(-(a + b logit(posterior)))), by Newton's method."""
    p = np.clip(posteriors, 1 - CERTAIN, CERTAIN)
    x = np.stack([np.ones(len(p)), np.log(p / (1 - p))])
    line = np.zeros(2)  # from here every step goes towards the only optimum, if none is too long
    for _ in range(100):
        q = 1 / (1 + np.exp(-line @ x))
        step = np.linalg.solve((x * (q * (1 - q))) @ x.T + 1e-3 * np.eye(2), x @ (is_right - q))
        line += step / max(1, np.abs(step).max())
    return float(line[0]), float(line[1])


def reliability(confidences: np.ndarray, is_right: np.ndarray) -> list[tuple[float, float, int]]:
    """Mean confidence, share of right words and number of words in each of ten bins of equal width
    that has any."""
    bins = np.minimum((10 * confidences).astype(int), 9)
    chosen = [bins == b for b in np.unique(bins)]
    return [(confidences[c].mean(), is_right[c].mean(), int(c.sum())) for c in chosen]


def calibration_error(confidences: np.ndarray, is_right: np.ndarray) -> float:
    """Expected calibration error over these bins (Guo et al., 2017)."""
    bins = reliability(confidences, is_right)
    return sum(n * abs(mean - right) for mean, right, n in bins) / len(confidences)


class Evidence:
    """What was found in all clips."""

    def __init__(self) -> None:
        self.starts: dict[str, list[float]] = defaultdict(list)  # by first phone: heard - said, ms
        self.ends: dict[str, list[float]] = defaultdict(list)  # by last phone
        self.posteriors: list[float] = []
        self.is_right: list[bool] = []

    def add(self, words: tuple[str, ...], times: list[Times], heard: list[dict]) -> None:
        pairs = matches(list(words), [word["text"].lower() for word in heard])
        right = {index for _, index in pairs}
        self.posteriors += [word["confidence"] for word in heard]
        self.is_right += [index in right for index in range(len(heard))]
        for i, j in pairs if times else []:
            _, start, end, phones = times[i]
            late = 1000 * heard[j]["start"] - start, 1000 * heard[j]["end"] - end
            if max(map(abs, late)) < NEAR_MS:
                self.starts[phones[0]].append(late[0])
                self.ends[phones[-1]].append(late[1])


def offsets(late: dict[str, list[float]]) -> dict[str, float]:
    """For each phone what to add, the median of all phones where too few words tell."""
    common = np.median(np.concatenate(list(late.values())))
    return {
        phone: -float(np.median(late[phone]) if len(late.get(phone, [])) >= FEWEST else common)
        for phone in pronounce.PHONES
    }


def spread(late: dict[str, list[float]]) -> str:
    errors = np.concatenate(list(late.values()))
    median, tenth = np.quantile(np.abs(errors), [0.5, 0.9])
    return f"{len(errors)} words, off by {median:.0f} ms in the median, 90 % by at most {tenth:.0f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("manifest", type=Path)
    parser.add_argument("heard", type=Path, help="what hearken transcribe --format jsonl printed")
    parser.add_argument("--data", type=Path, required=True, help="what the phones' paths are in")
    parser.add_argument("--phones", type=Path, required=True, help="of align_phones.py")
    parser.add_argument("--check", action="store_true", help="print the errors only")
    parser.add_argument("--plot", type=Path, help="with --check: .png to draw confidences to")
    arguments = parser.parse_args()
    dictionary = pronounce.read_dictionary(aligner.DICTIONARY)
    phones = labels.read_phones(arguments.phones)
    heard = heard_words(arguments.heard)
    evidence = Evidence()
    folder, clips = arguments.data.resolve(), manifests.read(arguments.manifest)
    if not any(str(clip.path) in heard for clip in clips):
        raise SystemExit(f"{arguments.heard}: no file in it is named as in {arguments.manifest}")
    for clip in clips:
        if not clip.path.is_relative_to(folder):
            raise SystemExit(f"{clip.path} is not in {folder}: --data tells what aligned paths are in")
        segments = phones.get(clip.path.relative_to(folder).as_posix(), [])
        words = tuple(pronounce.words_of(" ".join(clip.words)))
        evidence.add(words, said_words(words, segments, dictionary), heard[str(clip.path)])
    posteriors, is_right = np.array(evidence.posteriors), np.array(evidence.is_right)
    if arguments.check:
        print(f"starts: {spread(evidence.starts)}\nends: {spread(evidence.ends)}")
        print(f"confidence: {len(is_right)} words, {100 * is_right.mean():.1f} % right, ", end="")
        error = calibration_error(posteriors, is_right)
        print(f"expected calibration error {error:.3f}")
        sure = posteriors >= 0.9
        print(f"of {sure.sum()} words given 0.9 or more, {100 * is_right[sure].mean():.1f} % are right")
        if arguments.plot:
            import plot_calibration  # here, as nothing else needs Matplotlib

            plot_calibration.draw(reliability(posteriors, is_right), error, arguments.plot)
        return
    a, b = logistic(posteriors, is_right)
    print(f"confidence = [{a:.3f}, {b:.3f}]\n\n[token_offsets] # start and end, in ms")
    starts, ends = offsets(evidence.starts), offsets(evidence.ends)
    for phone in pronounce.PHONES:
        print(f"{phone} = [{starts[phone]:.0f}, {ends[phone]:.0f}]")


if __name__ == "__main__":
    main()
