# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

"""A corpus's clips, from any of the forms that corpora come in, and what is wrong with them.

    python3 models/training/manifests.py ../shared/data/an4

prints which clips cannot be used and why. The forms, told apart by the files that are there:

- a folder with `manifest.tsv`, or such a file: columns path, seconds, speaker, text;
- a Kaldi data directory: `wav.scp`, `text`, `utt2spk` and perhaps `segments`;
- a tree like LibriSpeech's, with `*.trans.txt` beside the recordings;
- a TSV of Common Voice: columns client_id, path, sentence; the recordings in `clips` beside it;
- recordings alone, in a folder or folders in it: enough for noise.
"""

import argparse
import csv
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import soundfile

from data import SAMPLE_RATE_HZ, Clip

MOST_BAD = 0.01  # of a manifest's clips
MOST_NAMED = 20  # of the bad ones
SUFFIXES = (".flac", ".wav", ".opus", ".ogg", ".mp3")


def read(path: Path) -> list[Clip]:
    """All clips of a corpus, in order; ends the program where there is no manifest."""
    if (path / "wav.scp").is_file():
        return list(read_kaldi(path))
    if (path / "manifest.tsv").is_file():
        return list(read_tsv(path / "manifest.tsv"))
    if path.is_dir() and (transcripts := sorted(path.rglob("*.trans.txt"))):
        return [clip for file in transcripts for clip in read_librispeech(file, path)]
    if path.is_file():
        return list(read_tsv(path))
    if found := sorted(file for file in path.rglob("*") if file.suffix in SUFFIXES):
        return [Clip(file.relative_to(path).as_posix(), file, "", ()) for file in found]
    raise SystemExit(f"{path}: neither a manifest nor a folder with one, or with recordings")


def words_of(text: str | None) -> tuple[str, ...]:
    return tuple((text or "").lower().split())


def recording(path: Path) -> Path:
    """The file of that base name, if need be converted to another format."""
    found = (path.with_suffix(suffix) for suffix in SUFFIXES)
    return next((file for file in found if file.is_file()), path)


def read_tsv(path: Path) -> Iterator[Clip]:
    """A table with the columns of our own or of Common Voice's."""
    with open(path, encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        columns = rows.fieldnames or []
        if {"client_id", "path", "sentence"} <= set(columns):
            for row in rows:
                found = recording(path.parent / "clips" / row["path"])
                yield Clip(row["path"], found, row["client_id"], words_of(row["sentence"]))
        elif {"path", "speaker", "text"} <= set(columns):
            for row in rows:
                found = path.parent / row["path"]
                yield Clip(row["path"], found, row["speaker"], words_of(row["text"]))
        else:
            raise SystemExit(f"{path}: its first line must name path, speaker and text")


def read_table(path: Path) -> dict[str, str]:
    """One of Kaldi's files: what comes after the first word of each line, by that word."""
    pairs = (line.split(None, 1) for line in path.read_text(encoding="utf-8").splitlines())
    return {pair[0]: "".join(pair[1:]).strip() for pair in pairs if pair}


def read_kaldi(folder: Path) -> Iterator[Clip]:
    """A Kaldi data directory; a recording that is a command (with `|`) is no file, and so bad."""
    recordings = {}
    for name, place in read_table(folder / "wav.scp").items():
        recordings[name] = folder / place if (folder / place).is_file() else Path(place)
    texts, speakers = read_table(folder / "text"), read_table(folder / "utt2spk")
    if not (folder / "segments").is_file():
        for name, path in recordings.items():
            yield Clip(name, path, speakers.get(name, ""), words_of(texts.get(name)))
        return
    for name, segment in read_table(folder / "segments").items():
        source, first, after = segment.split()
        path, span = recordings.get(source, folder / source), (float(first), float(after))
        yield Clip(name, path, speakers.get(name, ""), words_of(texts.get(name)), span)


def read_librispeech(transcripts: Path, root: Path) -> Iterator[Clip]:
    """A chapter: lines of an utterance's name, which begins with its speaker, and its words."""
    for name, text in read_table(transcripts).items():
        path = recording(transcripts.parent / f"{name}.flac")
        yield Clip(path.relative_to(root).as_posix(), path, name.split("-")[0], words_of(text))


def text_fault(words: tuple[str, ...], script: str) -> str | None:
    """Why nothing can be learnt from a transcript; the script is named as by Unicode, `LATIN`."""
    if not any(letter.isalnum() for word in words for letter in word):
        return "empty transcript"
    for letter in "".join(words):
        if letter.isalpha() and not unicodedata.name(letter, "").startswith(script):
            return f"foreign script: {letter}"
    return None


def sound_fault(clip: Clip) -> str | None:
    """Why there is nothing to hear."""
    if not clip.path.is_file():
        return "no such file"
    try:
        info = soundfile.info(clip.path)
    except RuntimeError:
        return "not a recording that can be read"
    if info.samplerate != SAMPLE_RATE_HZ:
        return f"{info.samplerate} Hz, not {SAMPLE_RATE_HZ} Hz"
    first, after = clip.bounds(info.frames)
    if info.frames == 0 or first >= after:
        return "no sound"
    return None if after <= info.frames else "segment beyond the end"


def faults(clips: list[Clip], spoken: bool, script: str) -> dict[int, str]:
    """What is wrong with the clips of a corpus, by index."""
    found, names = {}, set()
    for index, clip in enumerate(clips):
        fault = "named twice" if clip.name in names else sound_fault(clip)
        if fault is None and spoken:
            fault = text_fault(clip.words, script) or (None if clip.speaker else "no speaker")
        if fault is not None:
            found[index] = fault
        names.add(clip.name)
    return found


def usable(
    clips: list[Clip], title: str, spoken: bool = True, script: str = "LATIN"
) -> list[Clip]:
    """The clips without a fault; the others are named and counted.

    Ends the program if more than 1 % have one: then the manifest is not what it is taken for.
    Recordings without speech (spoken false) need neither transcript nor speaker.
    """
    bad = faults(clips, spoken, script)
    for index in list(bad)[:MOST_NAMED]:
        print(f"{title}: {clips[index].name}: {bad[index]}", file=sys.stderr)
    if bad:
        kinds = Counter(fault.split(":")[0] for fault in bad.values()).most_common()
        counts = ", ".join(f"{kind} ({n})" for kind, n in kinds)
        print(f"{title}: {len(bad)} of {len(clips)} clips left out: {counts}", file=sys.stderr)
    if len(bad) > MOST_BAD * len(clips) or not clips:
        raise SystemExit(f"{title}: more than {MOST_BAD:.0%} of the clips are bad; nothing started")
    return [clip for index, clip in enumerate(clips) if index not in bad]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path, nargs="+")
    parser.add_argument("--no-speech", action="store_true", help="noise: no transcripts needed")
    parser.add_argument("--script", default="LATIN", help="of the transcripts, as Unicode names it")
    arguments = parser.parse_args()
    for path in arguments.corpus:
        clips = usable(read(path), str(path), not arguments.no_speech, arguments.script.upper())
        print(f"{path}: {len(clips)} clips, {len({clip.speaker for clip in clips})} speakers")


if __name__ == "__main__":
    main()
