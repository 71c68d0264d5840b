# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

"""What PocketSphinx with Debian's US English models hears in the clips of a manifest.

    python3 models/training/peer_pocketsphinx.py held-out/an4-clean.tsv peer
    hearken score --ref peer/ref.txt --hyp peer/hyp.txt

Needs Debian's pocketsphinx and pocketsphinx-en-us. Prints how long it computed per second of audio.
"""

import argparse
import csv
import resource
import subprocess
import tempfile
from pathlib import Path

import soundfile

import data
from aligner import DICTIONARY, MODEL


def read_rows(manifest: Path) -> list[dict[str, str]]:
    with open(manifest, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def recognize(paths: list[Path], options: list[str], work: Path) -> list[str]:
    """One line of words for each file."""
    for index, path in enumerate(paths):
        soundfile.write(work / f"{index:06d}.wav", data.load_audio(path), data.SAMPLE_RATE_HZ)
    control, heard = work / "control", work / "heard"
    control.write_text("".join(f"{i:06d}\n" for i in range(len(paths))), encoding="ascii")
    command = ["pocketsphinx_batch", "-adcin", "yes", "-adchdr", "44", "-cepdir", work]
    command += ["-cepext", ".wav", "-ctl", control, "-hyp", heard, "-hmm", MODEL / "en-us"]
    command += ["-dict", DICTIONARY, *options]
    subprocess.run(command, check=True, capture_output=True)
    return [line.rsplit("(", 1)[0].strip() for line in heard.read_text("utf-8").splitlines()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("manifest", type=Path)
    parser.add_argument("folder", type=Path, help="gets ref.txt and hyp.txt")
    parser.add_argument("--grammar", type=Path, help="JSGF instead of the language model")
    arguments = parser.parse_args()
    rows = read_rows(arguments.manifest)
    paths = [arguments.manifest.parent / row["path"] for row in rows]
    options = ["-lm", str(MODEL / "en-us.lm.bin")]
    if arguments.grammar:
        options = ["-jsgf", str(arguments.grammar)]
    with tempfile.TemporaryDirectory() as work:
        heard = recognize(paths, options, Path(work))
    arguments.folder.mkdir(parents=True, exist_ok=True)
    for name, texts in (("ref", [row["text"] for row in rows]), ("hyp", heard)):
        lines = [f"{index:06d} {text}\n" for index, text in enumerate(texts)]
        (arguments.folder / f"{name}.txt").write_text("".join(lines), encoding="utf-8")
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = sum(float(row["seconds"]) for row in rows)
    print(f"{(usage.ru_utime + usage.ru_stime) / seconds:.3f} CPU seconds per second of audio")


if __name__ == "__main__":
    main()
