# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

"""Finds when each word of a corpus is said, by forced alignment with PocketSphinx.

    python3 models/training/align.py ../shared/data/an4 > an4-words.tsv

Prints path, word, first and last frame (10 ms), one word a line; clips that cannot be aligned are
left out. Training on these times first (see `train.py`) lets CTC start where the words are.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import data

MODEL = Path("/usr/share/pocketsphinx/model/en-us")
EXTRA_PRONUNCIATIONS = {"a": "EY"}


def grammar(words: tuple[str, ...]) -> str:
    """A finite state grammar, in Sphinx's format, that accepts one sequence of words."""
    arcs = [f"TRANSITION {i} {i + 1} 1.0 {word}" for i, word in enumerate(words)]
    head = ["FSG_BEGIN clip", f"NUM_STATES {len(words) + 1}", "START_STATE 0"]
    return "\n".join([*head, f"FINAL_STATE {len(words)}", *arcs, "FSG_END", ""])


def dictionary(vocabulary: set[str]) -> str:
    """CMUdict's entries for a vocabulary, a few replaced by readings as letters."""
    entries = [f"{word} {phones}" for word, phones in EXTRA_PRONUNCIATIONS.items()]
    for line in (MODEL / "cmudict-en-us.dict").read_text(encoding="utf-8").splitlines():
        word = line.split(" ")[0].split("(")[0]
        if word in vocabulary and word not in EXTRA_PRONUNCIATIONS:
            entries.append(line)
    return "\n".join(entries) + "\n"


def write_jobs(clips: list[data.Clip], folder: Path) -> None:
    """Writes raw audio, grammars, control files and the dictionary that the aligner reads."""
    for index, clip in enumerate(clips):
        samples = (data.load_audio(clip.path) * 32767).clip(-32768, 32767)
        (folder / f"{index}.raw").write_bytes(samples.astype("<i2").tobytes())
        (folder / f"{index}.fsg").write_text(grammar(clip.words), encoding="utf-8")
    (folder / "jobs").write_text("\n".join(map(str, range(len(clips)))) + "\n", encoding="utf-8")
    vocabulary = {word for clip in clips for word in clip.words}
    (folder / "words.dict").write_text(dictionary(vocabulary), encoding="utf-8")


def run_aligner(folder: Path) -> str:
    """Runs PocketSphinx over the jobs; returns its segmentation file."""
    command = ["pocketsphinx_batch", "-hmm", str(MODEL / "en-us"), "-dict", "words.dict"]
    command += ["-ctl", "jobs", "-cepdir", ".", "-fsgctl", "jobs", "-fsgdir", ".", "-fsgext", ".fsg"]
    command += ["-adcin", "yes", "-cepext", ".raw", "-hypseg", "segments"]
    command += ["-remove_silence", "no", "-beam", "1e-120", "-wbeam", "1e-100", "-pbeam", "1e-120"]
    subprocess.run(command, cwd=folder, check=True, stderr=subprocess.DEVNULL)
    return (folder / "segments").read_text(encoding="utf-8")


def parse_segments(line: str) -> list[tuple[str, int, int]]:
    """The words of one segmentation line with their first and last frame, silences left out.

    A line is `name S score T score A score L score` and then, for each segment, its start frame,
    acoustic and language score and word; the last field is the end frame.
    """
    fields = line.split()[9:] if " S " in line else []
    starts = [int(field) for field in fields[0::4]]
    names = [word.split("(")[0] for word in fields[3::4]]
    spans = zip(names, starts, starts[1:])
    return [(name, first, after - 1) for name, first, after in spans if name and name[0] not in "<["]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path, help="folder with manifest.tsv")
    arguments = parser.parse_args()
    clips = data.read_manifest(arguments.corpus)
    with tempfile.TemporaryDirectory() as name:
        write_jobs(clips, Path(name))
        lines = run_aligner(Path(name)).splitlines()
    n_aligned = 0
    for clip, line in zip(clips, lines, strict=True):
        spans = parse_segments(line)
        if tuple(word for word, _, _ in spans) != clip.words:
            continue
        n_aligned += 1
        for word, first, last in spans:
            print(clip.path.relative_to(arguments.corpus), word, first, last, sep="\t")
    print(f"{n_aligned} of {len(clips)} clips aligned", file=sys.stderr)


if __name__ == "__main__":
    main()
