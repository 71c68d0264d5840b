# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

"""Layers of a Keras model saved whole as HDF5 (`model.save("model.h5")`), one after the other."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from layers import ImportFault, Layer, Linear, Lstm, reorder

KERAS_ORDER = "ifco"
ACTIVATIONS = {"linear": "none", "relu": "relu", "tanh": "tanh", "softmax": "none"}
WITHOUT_WEIGHTS = {"InputLayer", "Dropout", "SpatialDropout1D", "Masking"}
# What an LSTM may be asked to do otherwise, and the only value that can be had.
LSTM_SETTINGS = {"activation": "tanh", "recurrent_activation": "sigmoid", "go_backwards": False}


def sources_of(nodes: object) -> Iterator[str]:
    """The names of the layers that a layer of a functional model takes from (`inbound_nodes`)."""
    if isinstance(nodes, dict) and "keras_history" in nodes:  # of Keras 3
        yield nodes["keras_history"][0]
    elif isinstance(nodes, list) and nodes and isinstance(nodes[0], str):  # of Keras 2
        yield nodes[0]
    elif isinstance(nodes, (dict, list)):
        for node in nodes.values() if isinstance(nodes, dict) else nodes:
            yield from sources_of(node)


def check_chain(layers: list[dict]) -> None:
    """Refuses a model in which a layer takes something else than what the one before it makes."""
    for before, layer in zip(layers, layers[1:]):
        sources = list(sources_of(layer.get("inbound_nodes")))
        if sources and sources != [before["config"]["name"]]:
            name = layer["config"]["name"]
            raise ImportFault(f"{name}: it takes {', '.join(sources)}, not what comes before it")


def weights_of(group, name: str) -> list[np.ndarray]:
    """A layer's arrays in Keras's order: kernel, recurrent kernel, bias."""
    names = group[name].attrs["weight_names"]
    names = [n.decode() if isinstance(n, bytes) else n for n in names]
    return [np.asarray(group[name][n], dtype=np.float32) for n in names]


def lstm(config: dict, weights: list[np.ndarray]) -> Lstm:
    for setting, value in LSTM_SETTINGS.items():
        if config.get(setting, value) != value:
            raise ImportFault(f"{config['name']}: {setting} {config[setting]} cannot be had")
    kernel, recurrent = weights[:2]
    bias = weights[2] if config["use_bias"] else np.zeros(kernel.shape[1], np.float32)
    return Lstm(*(reorder(part, KERAS_ORDER) for part in (kernel.T, recurrent.T, bias)))


def dense(config: dict, weights: list[np.ndarray]) -> Linear:
    if config["activation"] not in ACTIVATIONS:
        raise ImportFault(f"{config['name']}: activation {config['activation']} cannot be had")
    bias = weights[1] if config["use_bias"] else None
    return Linear(weights[0].T, bias, ACTIVATIONS[config["activation"]])


def read(path: Path) -> list[Layer]:
    """The layers, in the model's order."""
    try:
        import h5py
    except ImportError as error:
        raise ImportFault("reading HDF5 needs h5py (Debian's python3-h5py)") from error
    found: list[Layer] = []
    with h5py.File(path, "r") as file:
        config = file.attrs.get("model_config")
        if config is None:
            raise ImportFault("it holds weights alone; save all of it: model.save('model.h5')")
        layers = json.loads(config)["config"]["layers"]
        check_chain(layers)
        for index, layer in enumerate(layers):
            kind, settings = layer["class_name"], layer["config"]
            if kind in WITHOUT_WEIGHTS:  # a Sequential saves no group for its InputLayer
                continue
            weights = weights_of(file["model_weights"], settings["name"])
            if kind == "TimeDistributed":
                kind, settings = settings["layer"]["class_name"], settings["layer"]["config"]
            if kind == "LSTM":
                found.append(lstm(settings, weights))
            elif kind == "Dense":
                if settings["activation"] == "softmax" and index + 1 < len(layers):
                    raise ImportFault(f"{settings['name']}: a softmax must come last")
                found.append(dense(settings, weights))
            else:
                raise ImportFault(f"{settings['name']}: Hearken has no layer for {kind}")
    return found
