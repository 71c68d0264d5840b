# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

"""The state dict in a PyTorch checkpoint: tensors keep their names, but for what all begin with."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import modelfile
import numpy as np

import checkpoint
from layers import N_GATES, ImportFault

FIRST_WEIGHT = "weight_ih_l0"  # every nn.LSTM has it
# What a weight is computed from in each forward pass, by norms and pruning.
COMPUTED = re.compile(r"\.parametrizations\.|\bweight\w*_(g|v|orig|u|mask)$")
Tensors = dict[str, np.ndarray]


def load(path: Path) -> object:
    """Whatever a file holds; safetensors as a flat dict."""
    if path.suffix.lower() == ".safetensors":
        return modelfile.read(path)[0]
    return checkpoint.load(path)


def state_dicts(content: object, at: str = "") -> Iterator[tuple[str, dict]]:
    """Dictionaries with an LSTM in them, and where they are in the checkpoint."""
    if isinstance(content, (list, tuple)):
        content = dict(enumerate(content))
    if not isinstance(content, dict):
        return
    if any(isinstance(name, str) and name.endswith(FIRST_WEIGHT) for name in content):
        yield at, content
        return
    for name, value in content.items():
        yield from state_dicts(value, f"{at}.{name}" if at else str(name))


def choose(content: object, part: str | None) -> dict:
    """The state dict to import, if need be the one that is named."""
    found = dict(state_dicts(content))
    if part is not None and part in found:
        return found[part]
    if len(found) == 1 and part is None:
        return next(iter(found.values()))
    if not found:
        raise ImportFault("there is no state dict of an nn.LSTM in it: save model.state_dict()")
    parts = ", ".join(f"'{name}'" for name in found)
    if "" in found:
        raise ImportFault("there is one model in it, and no parts")
    if part is not None:
        raise ImportFault(f"there is no part '{part}', but {parts}")
    raise ImportFault(f"there is more than one model in it; choose one with --part: {parts}")


def without_prefix(state_dict: dict) -> tuple[Tensors, str]:
    """Tensors under their names, without the modules that they all are in, and these."""
    arrays = {}
    for name, tensor in state_dict.items():
        if not isinstance(tensor, np.ndarray):
            raise ImportFault(f"'{name}' is no tensor")
        arrays[name] = np.asarray(tensor, dtype=np.float32)
    # Modules are cut off whole: `model.` of model.lstm and model.linear, not `model.l`.
    modules = [name.rpartition(".")[0] + "." for name in arrays]
    common = os.path.commonprefix(modules)
    common = common[: common.rfind(".") + 1] if len(set(modules)) > 1 else ""
    return {name.removeprefix(common): array for name, array in arrays.items()}, common


def refuse_others(tensors: Tensors) -> None:
    """Ends the import where tensors are named as an LSTM's, but are of what cannot stream here."""
    for name, tensor in tensors.items():
        if COMPUTED.search(name):
            raise ImportFault(
                f"'{name}' is no weight, but what one is computed from: save the model after "
                "remove_weight_norm, remove_parametrizations or prune.remove"
            )
        if name.endswith("_reverse"):
            raise ImportFault(f"'{name}' is of a bidirectional LSTM, and only a forward one can stream")
        if ".weight_hh_l" in name:
            n_hidden = tensors.get(name.replace("_hh_", "_hr_"), tensor).shape[-1]
            if len(tensor) != N_GATES * n_hidden:
                raise ImportFault(f"'{name}' is of no LSTM, but of a GRU or a plain RNN")


def layers_of(tensors: Tensors, given: list[dict], prefix: str) -> list[dict]:
    """The layer list: as given, or an LSTM and the only linear layer, after what is given.

    prefix: what was cut off the names of the state dict, and may be at the beginning of those given.
    """
    if any("name" in layer for layer in given):
        return [
            layer | {"name": layer["name"].removeprefix(prefix)} if "name" in layer else layer
            for layer in given
        ]
    suffix = f".{FIRST_WEIGHT}"
    lstms = [name.removesuffix(suffix) for name in tensors if name.endswith(suffix)]
    inside = tuple(f"{name}." for name in lstms)
    matrices = [n for n, t in tensors.items() if t.ndim == 2 and not n.startswith(inside)]
    linears = [name.removesuffix(".weight") for name in matrices]
    if len(lstms) != 1 or len(linears) != 1:
        raise ImportFault(
            f"a state dict does not tell how its layers ({', '.join(lstms + linears)}) follow each "
            'other, nor their activations: list them in the description as "hearken.layers"'
        )
    return [*given, {"type": "lstm", "name": lstms[0]}, {"type": "linear", "name": linears[0]}]


def read(path: Path, given: list[dict], part: str | None, others: set[str]) -> tuple[Tensors, list]:
    """Tensors and layer list of a checkpoint.

    given: layers of the description; others: names of tensors that it needs besides.
    """
    tensors, prefix = without_prefix(choose(load(path), part))
    refuse_others(tensors)
    layers = layers_of(tensors, given, prefix)
    names = tuple(f"{layer['name']}." for layer in layers if "name" in layer)
    unused = [name for name in tensors if not name.startswith(names) and name not in others]
    if unused:
        raise ImportFault(f"these tensors are of no layer: {', '.join(unused)}")
    return tensors, layers
