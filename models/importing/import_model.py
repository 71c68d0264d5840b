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
    return description


def convert(source: Path, description: dict, part: str | None) -> tuple[dict, dict[str, str]]:
    """The tensors and metadata of the model."""
    given = description.get("hearken.layers", [])
    if source.suffix in PYTORCH:
        normalization = description.get("hearken.frontend", {}).get("normalization", {})
        others = set(normalization.values())
        tensors, layers = from_pytorch.read(source, given, part, others)
    elif source.suffix not in READERS:
        known = " ".join((*PYTORCH, *READERS))
        raise ImportFault(f"{source}: what it is, is told by its ending: {known}")
    elif any("name" in layer for layer in given):
        raise ImportFault("the layers come from the file; the description may have splices before")
    else:
        tensors, layers = assemble(READERS[source.suffix](source), given)
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
    modelfile.write(arguments.model, tensors, metadata)
    for layer in json.loads(metadata["hearken.layers"]):
        print(" ".join(str(value) for value in layer.values()))


if __name__ == "__main__":
    main()
