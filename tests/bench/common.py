# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

"""What the benchmark scripts share: audio, a model, the programs of a build, medians."""

import array
import json
import os
import random
import struct
import subprocess
import sys
from pathlib import Path

TREE = Path(__file__).resolve().parents[2]


class Build:
    """A build directory with its benchmark programs."""

    def __init__(self, path: str, work: Path) -> None:
        self.path = Path(path).resolve()
        self.work = work
        programs = ["bench-lstm", "bench-frontend", "bench-element", "soak"]
        subprocess.run(["ninja", *(f"tests/bench/{name}" for name in programs)],
                       cwd=self.path, check=True, stdout=sys.stderr)
        os.environ["GST_PLUGIN_PATH"] = str(self.path / "plugin")
        os.environ["HEARKEN_MODEL_DIR"] = str(self.path / "models")

    def program(self, name: str) -> str:
        return str(self.path / "tests/bench" / name)

    def audio(self) -> Path:
        """The shipped clips one after the other, raw."""
        target = self.work / "clips.raw"
        clips = sorted((TREE / "models/clips").glob("*.opus"))
        parts = [self.work / f"{clip.name}.raw" for clip in clips]
        for clip, part in zip(clips, parts):
            write_raw(f"filesrc location={clip} ! decodebin",
                      "audio/x-raw,format=S16LE,rate=16000,channels=1", part)
        target.write_bytes(b"".join(part.read_bytes() for part in parts))
        return target

    def model(self, n_hidden: int, n_layers: int) -> Path:
        """An int8 model of 80 filter banks with random weights, which hears nothing."""
        full = self.work / f"{n_hidden}x{n_layers}.safetensors"
        small = self.work / f"{n_hidden}x{n_layers}-int8.safetensors"
        write_model(full, n_hidden, n_layers)
        subprocess.run([str(self.path / "plugin/tool/hearken"), "quantize", str(full), str(small)],
                       check=True)
        return small

    def element(self, elements: str, audio: Path, **options: object) -> dict[str, float]:
        """One run of bench-element."""
        arguments = [self.program("bench-element"), "--elements", elements, str(audio)]
        for name, value in options.items():
            arguments.append(f"--{name}" if value is True else f"--{name}={value}")
        output = subprocess.run(arguments, check=True, capture_output=True, text=True).stdout
        return json.loads(output)


def write_raw(source: str, caps: str, target: Path) -> None:
    """The audio of GStreamer elements, converted, without a header."""
    line = f"{source} ! audioconvert ! audioresample ! {caps} ! filesink location={target}"
    subprocess.run(["gst-launch-1.0", "-q", *line.split()], check=True)


def write_model(path: Path, n_hidden: int, n_layers: int) -> None:
    """A safetensors file; the bias makes its blank (index 0) win."""
    n_tokens = 100
    shapes = {"fc.weight": [n_tokens, n_hidden], "fc.bias": [n_tokens]}
    for layer in range(n_layers):
        shapes[f"lstm.weight_ih_l{layer}"] = [4 * n_hidden, n_hidden if layer else 80]
        shapes[f"lstm.weight_hh_l{layer}"] = [4 * n_hidden, n_hidden]
    metadata = {
        "hearken.format": "1",
        "hearken.task": "ctc",
        "hearken.name": f"80-{n_hidden}x{n_layers}, random",
        "hearken.frontend": json.dumps({"type": "kaldi.fbank", "num_mel_bins": 80}),
        "hearken.tokens": json.dumps(["<blank>", *(f"t{i}" for i in range(1, n_tokens))]),
    }
    header: dict[str, dict] = {"__metadata__": metadata}
    data = b""
    generator = random.Random(1)
    for name, shape in shapes.items():
        values = array.array("f", (generator.uniform(-0.08, 0.08)
                                   for _ in range(shape[0] * (shape[1] if len(shape) > 1 else 1))))
        if name == "fc.bias":
            values = array.array("f", [20.0] + [0.0] * (n_tokens - 1))
        if sys.byteorder == "big":
            values.byteswap()
        header[name] = {"dtype": "F32", "shape": shape,
                        "data_offsets": [len(data), len(data) + 4 * len(values)]}
        data += values.tobytes()
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


class Server:
    """A benchmark program that measures one sample at a time."""

    def __init__(self, *arguments: str) -> None:
        self.process = subprocess.Popen([*arguments, "serve"], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)

    def sample(self, contender: str) -> float:
        """Microseconds per step."""
        self.process.stdin.write(contender + "\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait()


def count_errors(reference: list[str], hypothesis: list[str]) -> int:
    """Word errors: Levenshtein's distance."""
    costs = list(range(len(hypothesis) + 1))
    for i, word in enumerate(reference, 1):
        diagonal, costs[0] = costs[0], i
        for j, other in enumerate(hypothesis, 1):
            diagonal, costs[j] = costs[j], min(costs[j] + 1, costs[j - 1] + 1, diagonal + (word != other))
    return costs[-1]


def median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]
