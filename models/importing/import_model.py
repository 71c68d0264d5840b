# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

"""Makes a Hearken model of a network from PyTorch, Keras, TensorFlow or ONNX.

    python3 models/importing/import_model.py model.onnx description.json model.safetensors

The description holds what weights do not tell: front end, tokens, task. docs/importing.md.
"""

import argparse
import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "training"))

import modelfile

import from_keras
import from_onnx
import from_pytorch
import from_tensorflow
from layers import ImportFault, assemble

READERS = {
    ".pb": from_tensorflow.read,
    ".h5": from_keras.read,
    ".hdf5": from_keras.read,
    ".onnx": from_onnx.read,
}
PYTORCH = (".pt", ".pth", ".ckpt", ".tar", ".bin", ".safetensors")
NEEDED = ("hearken.frontend", "hearken.task", "hearken.tokens")


def read_description(path: Path) -> dict:
    """The keys of `hearken.*`; their values may be strings of JSON, those needed here are not then."""
    try:
        description = json.loads(path.read_text(encoding="utf-8"))
        for key in ("hearken.frontend", "hearken.layers"):
            if isinstance(description.get(key), str):
                description[key] = json.loads(description[key])
    except (ValueError, AttributeError) as error:
        raise ImportFault(f"{path}: no object of JSON ({error})") from error
    unknown = [key for key in description if not key.startswith("hearken.")]
    if unknown:
        raise ImportFault(f"{path}: no keys of a model: {', '.join(unknown)}")
    for key in NEEDED:
        if key not in description:
            raise ImportFault(f"{path}: there is no '{key}'")
    front_end, layers = description["hearken.frontend"], description.get("hearken.layers", [])
    if not isinstance(front_end, dict) or not isinstance(front_end.get("normalization", {}), dict):
        raise ImportFault(f"{path}: hearken.frontend or its normalization is no object")
    if not isinstance(layers, list) or not all(isinstance(layer, dict) for layer in layers):
        raise ImportFault(f"{path}: hearken.layers is no array of objects")
    return description


def convert(source: Path, description: dict, part: str | None) -> tuple[dict, dict[str, str]]:
    """The tensors and metadata of the model."""
    given = description.get("hearken.layers", [])
    suffix = source.suffix.lower()
    if suffix in PYTORCH:
        normalization = description["hearken.frontend"].get("normalization", {})
        others = set(normalization.values())
        tensors, layers = from_pytorch.read(source, given, part, others)
    elif suffix not in READERS:
        raise ImportFault(f"its ending tells what it is, one of {' '.join((*PYTORCH, *READERS))}")
    elif any("name" in layer for layer in given):
        raise ImportFault("the layers come from the file; the description may have splices before")
    else:
        tensors, layers = assemble(READERS[suffix](source), given)
    metadata = {"hearken.format": "1", **description, "hearken.layers": layers}
    strings = {k: v if isinstance(v, str) else json.dumps(v) for k, v in metadata.items()}
    return tensors, strings


def main(words: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("description", type=Path, help="JSON of hearken.* keys")
    parser.add_argument("model", type=Path, help=".safetensors to write")
    parser.add_argument("--part", help="which of several models a PyTorch checkpoint holds")
    arguments = parser.parse_args(words)
    try:
        description = read_description(arguments.description)
        tensors, metadata = convert(arguments.source, description, arguments.part)
    except (ImportFault, ValueError, OSError) as error:
        raise SystemExit(f"{arguments.source}: {error}") from error
    except (LookupError, RuntimeError, TypeError, AttributeError) as error:  # of what is not where it must be
        raise SystemExit(f"{arguments.source}: the file is damaged ({error})") from error
    try:
        modelfile.write(arguments.model, tensors, metadata)
    except OSError as error:
        raise SystemExit(f"{arguments.model}: {error.strerror}") from error
    for layer in json.loads(metadata["hearken.layers"]):
        print(" ".join(str(value) for value in layer.values()))


if __name__ == "__main__":
    main()
