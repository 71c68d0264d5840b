# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

"""Turns a checkpoint into a model file.

    python3 models/training/export.py models/training/runs/an4/best.pt models/an4.safetensors

Weights are stored as F16 (or with --f32 as they are), the normalisation always as F32.
"""

import argparse
import hashlib
import json
from pathlib import Path

import torch

import modelfile


def metadata(checkpoint: dict) -> dict[str, str]:
    """What the engine must know besides the tensors."""
    config = checkpoint["config"]
    normalization = {"mean": "cmvn.mean", "std": "cmvn.std"}
    front_end = {"type": "kaldi.mfcc", **config["front_end"], "normalization": normalization}
    layers = [
        {"type": "splice", **config["network"]["splice"]},
        {"type": "lstm", "name": "lstm"},
        {"type": "linear", "name": "fc"},
    ]
    return {
        "hearken.format": "1",
        "hearken.task": "ctc",
        "hearken.name": config["name"],
        "hearken.language": config["language"],
        "hearken.licence": config["licence"],
        "hearken.frontend": json.dumps(front_end),
        "hearken.layers": json.dumps(layers),
        "hearken.tokens": json.dumps(checkpoint["tokens"], ensure_ascii=False),
        "hearken.blank": "0",
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("model", type=Path)
    parser.add_argument("--f32", action="store_true", help="keep full precision")
    arguments = parser.parse_args()
    checkpoint = torch.load(arguments.checkpoint, map_location="cpu")
    dtype = torch.float32 if arguments.f32 else torch.float16
    tensors = {"cmvn.mean": checkpoint["mean"], "cmvn.std": checkpoint["std"]}
    tensors |= {name: tensor.to(dtype) for name, tensor in checkpoint["average"].items()}
    modelfile.write(arguments.model, tensors, metadata(checkpoint))
    content = arguments.model.read_bytes()
    print(f"{hashlib.sha256(content).hexdigest()}  {arguments.model}  {len(content)} bytes")


if __name__ == "__main__":
    main()
