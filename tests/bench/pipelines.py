# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

"""What whole pipelines cost, next to nothing and to PocketSphinx, in turns.

    python3 tests/bench/pipelines.py build
"""

import os
import shutil
import subprocess
import sys
import tempfile
import wave
from pathlib import Path

from common import Build, median

N_ROUNDS = 3
FILE = {"seconds": 120, "buffer": 100}
LIVE = {"seconds": 10, "buffer": 10, "live": True}
CHUNKS_MS = (80, 240)
OWN = "80-320x3, int8"


def elements_of(build: Build) -> dict[str, str]:
    """What is compared, by name; "bare" is GStreamer alone."""
    small = build.work / "an4-int8.safetensors"
    hearken = str(build.path / "plugin/tool/hearken")
    subprocess.run([hearken, "quantize", "an4", str(small)], check=True)
    return {
        "bare": "identity",
        "english": "hearken model=english",
        "an4": "hearken model=an4",
        "an4, int8": f"hearken model={small}",
        OWN: f"hearken model={build.model(320, 3)}",
    }


def write_wav(raw: Path, n_seconds: int, target: Path) -> Path:
    audio = raw.read_bytes()
    n_bytes = n_seconds * 32000
    with wave.open(str(target), "wb") as file:
        file.setparams((1, 2, 16000, 0, "NONE", ""))
        file.writeframes((audio * (n_bytes // len(audio) + 1))[:n_bytes])
    return target


def pocketsphinx_ms(wav: Path, *options: str) -> float:
    """Milliseconds of processor time."""
    process = subprocess.Popen(["pocketsphinx_continuous", "-infile", str(wav), *options],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    usage = os.wait4(process.pid, 0)[2]
    return 1e3 * (usage.ru_utime + usage.ru_stime)


class PocketSphinx:
    """Its command, as Debian has no element. Loading is taken off as what no audio costs."""

    MODES = {
        "PocketSphinx, dictation": [],
        "PocketSphinx, keyphrase": ["-keyphrase", "rubout", "-kws_threshold", "1e-20"],
    }

    def __init__(self, raw: Path, work: Path) -> None:
        self.long = write_wav(raw, 40, work / "long.wav")
        self.short = write_wav(raw, 10, work / "short.wav")

    def cost(self, mode: str) -> float:
        """Milliseconds per second of audio."""
        options = self.MODES[mode]
        return (pocketsphinx_ms(self.long, *options) - pocketsphinx_ms(self.short, *options)) / 30


def measure_costs(build: Build, elements: dict[str, str], audio: Path) -> dict[str, list[float]]:
    """Milliseconds of processor time per second of audio, a value a round."""
    peer = PocketSphinx(audio, build.work) if shutil.which("pocketsphinx_continuous") else None
    costs: dict[str, list[float]] = {}
    for _ in range(N_ROUNDS):
        for name, description in elements.items():
            for kind, options in ("from a file", FILE), ("live", LIVE):
                run = build.element(description, audio, **options)
                costs.setdefault(f"{name}, {kind}", []).append(run["cpu_ms_per_s"])
        for chunk in CHUNKS_MS:
            run = build.element(f"{elements[OWN]} chunk-duration={chunk}", audio, **LIVE)
            costs.setdefault(f"{OWN}, live, chunk-duration={chunk}", []).append(run["cpu_ms_per_s"])
        for mode in PocketSphinx.MODES if peer else ():
            costs.setdefault(mode, []).append(peer.cost(mode))
    return costs


def print_costs(costs: dict[str, list[float]]) -> None:
    own = costs[f"{OWN}, from a file"]
    print("| ms of processor time per second of audio | median | against 80-320x3 int8 from a file |")
    print("|---|---|---|")
    for name, values in costs.items():
        ratio = median([value / base for value, base in zip(values, own)])
        print(f"| {name} | {median(values):.2f} | {ratio:.2f} |")


def print_start_and_memory(build: Build, elements: dict[str, str], audio: Path) -> None:
    runs: dict[str, list[dict[str, float]]] = {name: [] for name in elements}
    for _ in range(7):
        for name, description in elements.items():
            runs[name].append(build.element(description, audio, seconds=20))
    bare = {key: median([run[key] for run in runs["bare"]]) for key in runs["bare"][0]}
    print("\n| | to PLAYING, ms | of the processor's time | memory over bare, MB | at most, MB |\n"
          "|---|---|---|---|---|")
    for name, of_name in runs.items():
        start, cpu, rss, peak = (median([run[key] for run in of_name]) for key in
                                 ("start_ms", "start_cpu_ms", "rss_kib", "peak_kib"))
        print(f"| {name} | {start:.1f} | {cpu:.1f} | {(rss - bare['rss_kib']) / 1024:.1f} "
              f"| {(peak - bare['peak_kib']) / 1024:.1f} |")


def print_memory_of_streams(build: Build, elements: dict[str, str], audio: Path) -> None:
    print("\n| KiB a further stream takes | 1 to 33 streams |\n|---|---|")
    for name, description in elements.items():
        one, many = (build.element(description, audio, streams=n, seconds=10)["rss_kib"]
                     for n in (1, 33))
        print(f"| {name} | {(many - one) / 32:.0f} |")


def main() -> None:
    with tempfile.TemporaryDirectory() as work:
        build = Build(sys.argv[1], Path(work))
        audio = build.audio()
        elements = elements_of(build)
        print_costs(measure_costs(build, elements, audio))
        print_start_and_memory(build, elements, audio)
        print_memory_of_streams(build, elements, audio)


if __name__ == "__main__":
    main()
