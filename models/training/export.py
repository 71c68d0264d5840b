# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

"""Turns a checkpoint into a model file.

    python3 models/training/export.py models/training/runs/an4/best.pt models/an4.safetensors

Weights are stored as F16, with --f32 as they are, with --int8 in 8 bits and a scale for each row of
a matrix (biases then as F32). The normalisation is always F32. With --decoding the model brings what
finds words in its outputs, see english-decoding.toml. --blank-bias makes the blank more probable at
every step, or less: then fewer words are left out, and more are heard that nobody said.
"""

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
import torch

import configuration
import data
import modelfile
from network import read_checkpoint


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
    values = {
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
    if data.FILLER in checkpoint["tokens"]:
        values["hearken.fillers"] = json.dumps([checkpoint["tokens"].index(data.FILLER)])
    return values


def decoding_metadata(decoding: dict, tokens: list[str]) -> dict[str, str]:
    """What finds words: the defaults of a search, and what confidences and times are worth."""
    keys = ["dictionary", "language_model", "language_weight", "word_bonus", "blank_bias"]
    keys += ["rejection_threshold", "beam_width", "flush_ms"]
    defaults = {key: decoding[key] for key in keys if key in decoding}
    values = {"hearken.decoding": json.dumps(defaults)}
    if "confidence" in decoding:
        values["hearken.confidence"] = json.dumps(decoding["confidence"])
    if "token_offsets" in decoding:
        offsets = [decoding["token_offsets"].get(token, [0, 0]) for token in tokens]
        values["hearken.token-offsets"] = json.dumps(offsets)
    return values


def weights(state_dict: dict[str, torch.Tensor], form: str) -> dict[str, np.ndarray]:
    """Weights as they are stored: in the form f32, f16 or int8, which is for matrices only."""
    tensors = {}
    for name, tensor in state_dict.items():
        values = tensor.numpy()
        if form == "int8" and values.ndim == 2:
            tensors[name], tensors[name + modelfile.SCALE] = modelfile.quantize(values)
        else:
            tensors[name] = values.astype(np.float16 if form == "f16" else np.float32)
    return tensors


def main(words: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("model", type=Path)
    forms = parser.add_mutually_exclusive_group()
    for form, meaning in (("f32", "full precision"), ("int8", "8 bits and a scale for each row")):
        forms.add_argument(f"--{form}", action="store_const", const=form, dest="form", help=meaning)
    parser.add_argument("--decoding", type=Path, help="TOML: how words are found")
    parser.add_argument("--blank-bias", type=float, default=0.0, help="natural logarithm (0)")
    arguments = parser.parse_args(words)
    checkpoint = read_checkpoint(arguments.checkpoint)
    described = metadata(checkpoint)
    if arguments.decoding:
        decoding = configuration.load(arguments.decoding)
        described |= decoding_metadata(decoding, checkpoint["tokens"])
    tensors = {"cmvn.mean": checkpoint["mean"].numpy(), "cmvn.std": checkpoint["std"].numpy()}
    checkpoint["average"]["fc.bias"][0] += arguments.blank_bias
    tensors |= weights(checkpoint["average"], arguments.form or "f16")
    modelfile.write(arguments.model, tensors, described)
    content = arguments.model.read_bytes()
    print(f"{hashlib.sha256(content).hexdigest()}  {arguments.model}  {len(content)} bytes")


if __name__ == "__main__":
    main()
