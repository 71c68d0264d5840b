# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

"""How the cost grows with the length of the audio, streams, units and layers: a table and a plot.

    python3 tests/bench/growth.py build growth.svg [HOURS]

HOURS, 1 unless told otherwise, is the longest audio.
"""

import sys
import tempfile
from pathlib import Path

from common import Build, Server, median

# In two parts, so that nobody takes it for this file's.
LICENCE = ("<!--\nSPDX-" "FileCopyrightText: The Hearken developers\n"
           "SPDX-" "License-Identifier: GPL-2.0-or-later\n-->")

Curve = list[tuple[float, float]]


def by_length(build: Build, elements: str, audio: Path, hours: float) -> tuple[Curve, Curve]:
    """Minutes of audio; CPU ms per second of audio, and memory in MB."""
    minutes = [n for n in (1, 4, 16, 60, 240, 1440) if n <= 60 * hours]
    runs = [build.element(elements, audio, seconds=60 * n) for n in minutes]
    return ([(n, run["cpu_ms_per_s"]) for n, run in zip(minutes, runs)],
            [(n, run["rss_kib"] / 1024) for n, run in zip(minutes, runs)])


def by_streams(build: Build, elements: str, audio: Path) -> tuple[Curve, Curve]:
    """Streams; CPU ms per second of audio of each, and memory in MB of all."""
    counts = [1, 2, 4, 8, 16, 32, 64]
    runs = [build.element(elements, audio, seconds=30, streams=n) for n in counts]
    return ([(n, run["cpu_ms_per_s"]) for n, run in zip(counts, runs)],
            [(n, run["rss_kib"] / 1024) for n, run in zip(counts, runs)])


def step_us(build: Build, n_hidden: int, n_layers: int) -> float:
    server = Server(build.program("bench-lstm"), "80", str(n_hidden), str(n_layers))
    samples = [server.sample("hearken int8") for _ in range(31)]
    server.close()
    return median(samples)


def format_table(title: str, unit: str, curves: list[tuple[str, Curve]]) -> str:
    """Rows are the curves, columns the points, which all curves share."""
    points = [x for x, _ in curves[0][1]]
    lines = [f"| {title} | " + " | ".join(f"{x:g} {unit}" for x in points) + " |",
             "|---|" + "---|" * len(points)]
    for name, curve in curves:
        lines.append(f"| {name} | " + " | ".join(f"{y:.3g}" for _, y in curve) + " |")
    return "\n".join(lines) + "\n"


def draw(left: int, top: int, title: str, label: str, curve: Curve) -> str:
    """One panel of 260 by 150 whose upright axis begins at 0; points are as far apart as their number is."""
    width, height = 260, 150
    highest = 1.2 * max(y for _, y in curve)
    places = [(left + width * (i + 0.5) / len(curve), top + height * (1 - y / highest))
              for i, (_, y) in enumerate(curve)]
    parts = [f'<text x="{left}" y="{top - 10}" font-weight="bold">{title}</text>',
             f'<path d="M{left},{top} v{height} h{width}" stroke="#888" fill="none"/>',
             '<polyline fill="none" stroke="#0a6" stroke-width="2" points="'
             + " ".join(f"{x:.1f},{y:.1f}" for x, y in places) + '"/>']
    labelled = -(-len(curve) // 8)  # at most 8 labels find room
    for i, ((x, y), (value, amount)) in enumerate(zip(places, curve)):
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="#0a6"/>')
        if i % labelled:
            continue
        parts.append(f'<text x="{x:.1f}" y="{y - 7:.1f}" text-anchor="middle">{amount:.3g}</text>')
        parts.append(f'<text x="{x:.1f}" y="{top + height + 15}" text-anchor="middle">{value:g}</text>')
    parts.append(f'<text x="{left + width}" y="{top + height + 30}" text-anchor="end">{label}</text>')
    return "\n".join(parts)


def format_svg(panels: list[tuple[str, str, Curve]]) -> str:
    n_rows = (len(panels) + 1) // 2
    parts = [draw(30 + 320 * (i % 2), 40 + 230 * (i // 2), *panel) for i, panel in enumerate(panels)]
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="640" height="{230 * n_rows + 10}" '
            f'font-family="sans-serif" font-size="11">\n{LICENCE}\n<rect width="100%" height="100%" fill="#fff"/>\n'
            + "\n".join(parts) + "\n</svg>\n")


def main() -> None:
    hours = float(sys.argv[3]) if len(sys.argv) > 3 else 1
    with tempfile.TemporaryDirectory() as work:
        build = Build(sys.argv[1], Path(work))
        audio = build.audio()
        elements = f"hearken model={build.model(320, 3)}"
        length_cpu, length_memory = by_length(build, elements, audio, hours)
        streams_cpu, streams_memory = by_streams(build, elements, audio)
        hidden = [(float(n), step_us(build, n, 3)) for n in (64, 128, 256, 320, 512, 640, 1024)]
        layers = [(float(n), step_us(build, 320, n)) for n in range(1, 7)]
    cost, memory = "CPU ms per s of audio", "memory, MB"
    print(format_table("length", "min", [(cost, length_cpu), (memory, length_memory)]))
    print(format_table("streams", "", [(f"{cost} and stream", streams_cpu), (memory, streams_memory)]))
    print(format_table("units, 3 layers, int8", "", [("µs a step", hidden)]))
    print(format_table("layers of 320, int8", "", [("µs a step", layers)]))
    Path(sys.argv[2]).write_text(format_svg([
        (cost, "minutes of audio", length_cpu),
        (memory, "minutes of audio", length_memory),
        (f"{cost} and stream", "streams", streams_cpu),
        (memory, "streams", streams_memory),
        ("µs a step, 3 layers, int8", "units of a layer", hidden),
        ("µs a step, int8", "layers of 320", layers),
    ]), encoding="utf-8")


if __name__ == "__main__":
    main()
