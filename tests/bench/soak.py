# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

"""A simulated day of anything through the element, each hour the same: a table and a plot.

    python3 tests/bench/soak.py build soak.svg [HOURS [ELEMENTS]]

HOURS is 24 unless told otherwise; Ctrl-C ends it earlier. ELEMENTS, "audioconvert ! audioresample ! hearken model=an4"
unless told otherwise, end in hearken. Speech is that of models/clips.
"""

import array
import csv
import json
import math
import random
import subprocess
import sys
import tempfile
from pathlib import Path

from common import TREE, Build, count_errors, write_raw
from growth import format_svg, format_table

RATE_HZ = 16000
HOUR_S = 3600
CAPS = [f"audio/x-raw,format={name},rate={rate},channels={channels},layout=interleaved"
        for name, rate, channels in (("S16LE", 16000, 1), ("F32LE", 16000, 1), ("S16LE", 44100, 2))]
NOISES = ["music", "pink", "white", "silence"]


def write_tune(target: Path) -> Path:
    """Ten seconds of chords, each note with three partials, raw."""
    generator = random.Random(2)
    samples = array.array("h")
    for _ in range(40):
        root = 110 * 2 ** (generator.choice([0, 3, 5, 7, 10]) / 12)
        notes = [root * 2 ** (n / 12) for n in (0, 7, 12, 16, 19)]
        for i in range(RATE_HZ // 4):
            t = i / RATE_HZ
            wave = sum(math.sin(2 * math.pi * note * k * t) / k for note in notes for k in (1, 2, 3))
            samples.append(int(2500 * wave * math.exp(-4 * t)))
    target.write_bytes(samples.tobytes())
    return target


class Sounds:
    """What is played: files for each of CAPS, with what is said in them and how long they are."""

    def __init__(self, work: Path) -> None:
        self.said: dict[str, str] = {}
        self.work = work
        tune = write_tune(work / "tune.raw")
        sources = {"music": f"filesrc location={tune} ! rawaudioparse format=pcm pcm-format=s16le "
                            f"sample-rate={RATE_HZ} num-channels=1"}
        for name, wave, volume in (("pink", "pink-noise", 0.2), ("white", "white-noise", 0.05), ("silence", "silence", 0)):
            sources[name] = f"audiotestsrc wave={wave} volume={volume} num-buffers=80 ! audio/x-raw,rate={RATE_HZ}"
        with open(TREE / "models/clips/transcripts.tsv", encoding="utf-8") as table:
            for row in csv.DictReader(table, delimiter="\t"):
                self.said[row["path"]] = row["text"]
                sources[row["path"]] = f"filesrc location={TREE}/models/clips/{row['path']} ! decodebin"
        for name, source in sources.items():
            for i, caps in enumerate(CAPS):
                write_raw(source, caps, self.file(name, i))

    def file(self, name: str, caps: int) -> Path:
        return self.work / f"{name}.{caps}"

    def seconds(self, name: str) -> float:
        return self.file(name, 0).stat().st_size / 2 / RATE_HZ


def make_plan(sounds: Sounds) -> tuple[str, str]:
    """An hour as soak reads it, and what is said in it."""
    generator = random.Random(1)
    caps = 0
    lines, said, seconds = [f"caps {CAPS[caps]}"], [], 0.0
    while seconds < HOUR_S:
        event = generator.choice(["", "", "", "gap", "hole", "short hole", "discont", "caps", "flush"])
        clip, noise = generator.choice(list(sounds.said)), generator.choice(NOISES)
        length = generator.uniform(0.6, 20)
        if event == "caps":
            caps = (caps + 1) % len(CAPS)
            lines.append(f"caps {CAPS[caps]}")
        elif event == "short hole":
            length = generator.uniform(0.05, 0.5)
            lines.append(f"hole {length:.3f}")
        elif event in ("gap", "hole"):
            lines.append(f"{event} {length:.3f}")
        elif event:
            lines.append(event)
        # What is said ends well before anything happens.
        lines += [f"play {sounds.file(name, caps)}" for name in ("silence", clip, "silence", noise)]
        said.append(sounds.said[clip])
        seconds += sum(sounds.seconds(name) for name in ("silence", clip, "silence", noise))
        seconds += length if "gap" in event or "hole" in event else 0
    return "\n".join(lines), " ".join(said)


def play_rounds(build: Build, elements: str, plan: Path, n_rounds: int) -> list[dict]:
    """What soak prints after each; Ctrl-C ends it with those that there are."""
    hours: list[dict] = []
    with subprocess.Popen([build.program("soak"), elements, str(plan), str(n_rounds)],
                          stdout=subprocess.PIPE, text=True) as player:
        try:
            for line in player.stdout:
                hours.append(json.loads(line))
                print(f"hour {len(hours)} of {n_rounds}", file=sys.stderr)
        except KeyboardInterrupt:
            player.kill()
    return hours


def main() -> None:
    n_hours = int(sys.argv[3]) if len(sys.argv) > 3 else 24
    elements = sys.argv[4] if len(sys.argv) > 4 else "audioconvert ! audioresample ! hearken model=an4"
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        build = Build(sys.argv[1], work)
        text, said = make_plan(Sounds(work))
        plan = work / "plan"
        plan.write_text(text, encoding="utf-8")
        hours = play_rounds(build, elements, plan, n_hours)
    errors = {words: 100 * count_errors(said.split(), words.split()) / len(said.split())
              for words in {hour["words"] for hour in hours}}

    def curve(take) -> list[tuple[float, float]]:
        return [(i, take(hour)) for i, hour in enumerate(hours, 1)]

    panels = [("resident memory, MB", curve(lambda hour: hour["rss_kib"] / 1024)),
              ("CPU ms per s of audio", curve(lambda hour: hour["cpu_ms_per_s"])),
              ("open files", curve(lambda hour: hour["files"])),
              ("word error, %", curve(lambda hour: errors[hour["words"]]))]
    print(format_table("hour", "", panels))
    print(f"{len(said.split())} words in {hours[0]['seconds']:.0f} s; "
          f"words of the last hour {'are' if hours[-1]['words'] == hours[0]['words'] else 'are not'} those of the first")
    Path(sys.argv[2]).write_text(format_svg([(title, "hour", points) for title, points in panels]), encoding="utf-8")


if __name__ == "__main__":
    main()
