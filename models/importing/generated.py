# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

"""For the tests: random models in the layout of each framework, and what they compute.

Each function writes a file and returns the outputs before the softmax, [n_steps, n_outputs], by
that framework's own equations in double precision.
"""

import json
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np

RNG = np.random.default_rng(1)
Network = Callable[[np.ndarray], np.ndarray]


def random(*shape: int) -> np.ndarray:
    return RNG.uniform(-0.5, 0.5, shape).astype(np.float32)


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


# Protocol buffers


def varint(value: int) -> bytes:
    value &= (1 << 64) - 1
    parts = bytearray()
    while value >= 0x80:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(parts) + bytes([value])


def field(number: int, value: int | float | str | bytes) -> bytes:
    """One field of a message, its kind chosen by the value's type."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    if isinstance(value, float):
        return varint(number << 3 | 5) + struct.pack("<f", value)
    value = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(value)) + value


# TensorFlow


def tf_node(name: str, op: str, inputs: str = "", **attributes: bytes) -> bytes:
    """A node of a GraphDef; inputs are separated by spaces."""
    parts = [field(1, name), field(2, op), *(field(3, i) for i in inputs.split())]
    parts += [field(5, field(1, key) + field(2, value)) for key, value in attributes.items()]
    return field(1, b"".join(parts))


def tf_constant(name: str, values: np.ndarray) -> bytes:
    shape = b"".join(field(2, field(1, size)) for size in values.shape)
    content = field(5, float(values)) if values.ndim == 0 else field(4, values.tobytes())
    return tf_node(name, "Const", value=field(8, field(1, 1) + field(2, shape) + content))


def tf_slice(name: str, source: str, first: int, after: int, stride: int, **masks: int) -> bytes:
    """source[first:after:stride] of its first axis."""
    values = {"first": first, "after": after, "stride": stride}
    shape = field(2, field(2, field(1, 1)))
    return b"".join(
        tf_node(f"{name}/{key}", "Const", value=field(8, field(1, 3) + shape + field(7, value)))
        for key, value in values.items()
    ) + tf_node(
        name,
        "StridedSlice",
        " ".join([source, *(f"{name}/{key}" for key in values)]),
        **{f"{key}_mask": field(3, value) for key, value in masks.items()},
    )


def tf_linear(name: str, source: str, weights: np.ndarray, bias: np.ndarray) -> bytes:
    """tf.matmul (source, weights) + bias, the sum under the name itself."""
    return (
        tf_constant(f"{name}/w", weights)
        + tf_constant(f"{name}/b", bias)
        + tf_node(f"{name}/w/read", "Identity", f"{name}/w")
        + tf_node(f"{name}/MatMul", "MatMul", f"{source} {name}/w/read")
        + tf_node(name, "Add", f"{name}/MatMul {name}/b")
    )


def tf_lstm(kernel: np.ndarray, bias: np.ndarray, forget_bias: float, x: np.ndarray) -> np.ndarray:
    """BasicLSTMCell over time: gates i, j, f, o of one product."""
    n_hidden = kernel.shape[1] // 4
    h, c, outputs = np.zeros(n_hidden), np.zeros(n_hidden), []
    for inputs in x.astype(float):
        i, j, f, o = np.split(np.concatenate([inputs, h]) @ kernel + bias, 4)
        c = c * sigmoid(f + forget_bias) + sigmoid(i) * np.tanh(j)
        h = np.tanh(c) * sigmoid(o)
        outputs.append(h)
    return np.array(outputs)


def tf_cell(at: str, source: str, state: str, kernel: str, bias: str, forget: str) -> bytes:
    """The ops of a BasicLSTMCell at one step; its output is `at`/output."""
    return (
        tf_node(f"{at}/concat", "ConcatV2", f"{source} {state}")
        + tf_node(f"{at}/MatMul", "MatMul", f"{at}/concat {kernel}")
        + tf_node(f"{at}/BiasAdd", "BiasAdd", f"{at}/MatMul {bias}")
        + tf_node(f"{at}/split", "Split", f"zeros {at}/BiasAdd", num_split=field(3, 4))
        + tf_node(f"{at}/add", "Add", f"{at}/split:2 {forget}")
        + tf_node(f"{at}/Sigmoid", "Sigmoid", f"{at}/add")
        + tf_node(f"{at}/c", "Mul", f"zeros {at}/Sigmoid")
        + tf_node(f"{at}/Sigmoid_1", "Sigmoid", f"{at}/split")
        + tf_node(f"{at}/Tanh", "Tanh", f"{at}/split:1")
        + tf_node(f"{at}/new", "Mul", f"{at}/Sigmoid_1 {at}/Tanh")
        + tf_node(f"{at}/add_1", "Add", f"{at}/c {at}/new")
        + tf_node(f"{at}/Tanh_1", "Tanh", f"{at}/add_1")
        + tf_node(f"{at}/Sigmoid_2", "Sigmoid", f"{at}/split:3")
        + tf_node(f"{at}/output", "Mul", f"{at}/Tanh_1 {at}/Sigmoid_2")
    )


def tf_cells(path: Path, forget_bias: float = 1.0, unrolled: bool = False) -> Network:
    """Two BasicLSTMCells, in a loop of tf.nn.dynamic_rnn or unrolled twice, and a linear layer."""
    kernels, biases = [random(5 + 8, 32), random(8 + 6, 24)], [random(32), random(24)]
    weights, bias = random(6, 4), random(4)
    graph = tf_node("input", "Placeholder") + tf_node("zeros", "Placeholder")
    source = "input"
    for k in (0, 1):
        at = f"rnn/cell_{k}"
        shared = f"{at}/kernel/Enter", f"{at}/bias/Enter", f"{at}/add/y"
        graph += (
            tf_constant(f"{at}/kernel", kernels[k])
            + tf_constant(f"{at}/bias", biases[k])
            + tf_constant(f"{at}/add/y", np.float32(forget_bias))
            + tf_node(f"{at}/kernel/read", "Identity", f"{at}/kernel")
            + tf_node(f"{at}/kernel/Enter", "Enter", f"{at}/kernel/read")
            + tf_node(f"{at}/bias/Enter", "Enter", f"{at}/bias")
        )
        if unrolled:
            for step, state in (("0", "zeros"), ("1", f"{at}/0/output")):
                inputs = source if k == 0 else f"rnn/cell_0/{step}/output"
                graph += tf_cell(f"{at}/{step}", inputs, state, *shared)
            source = f"{at}/1/output"
        else:
            graph += (
                tf_node(f"{at}/h", "Merge", f"zeros {at}/NextIteration")
                + tf_cell(at, source, f"{at}/h", *shared)
                + tf_node(f"{at}/NextIteration", "NextIteration", f"{at}/output")
            )
            source = f"{at}/output"
    # What comes last stands first: the order of the layers is not that of the file.
    path.write_bytes(tf_linear("logits", source, weights, bias) + graph)

    def compute(x: np.ndarray) -> np.ndarray:
        for kernel, gates in zip(kernels, biases):
            x = tf_lstm(kernel, gates, forget_bias, x)
        return x @ weights + bias

    return compute


TF_ACTIVATIONS = {
    "Relu": lambda x: np.maximum(x, 0),
    "Relu6": lambda x: np.clip(x, 0, 6),
    "Tanh": np.tanh,
}


def tf_dense(path: Path, op: str) -> Network:
    """A linear layer with one of those activations before an LSTM, and one without a bias after."""
    first, first_bias = random(5, 7) * 10, random(7)
    kernel, gates, weights = random(7 + 8, 32), random(32), random(8, 4)
    settings = {"forget_bias": field(4, 0.0), "cell_clip": field(4, 0.0)}
    path.write_bytes(
        b"".join(tf_node(name, "Placeholder") for name in ("x", "state", "length"))
        + tf_linear("dense", "x", first, first_bias)
        + tf_node("activation", op, "dense")
        + tf_constant("kernel", kernel)
        + tf_constant("bias", gates)
        + tf_node(
            "lstm",
            "BlockLSTM",
            "length activation state state kernel state state state bias",
            **settings,
        )
        + tf_constant("weights", weights.T)
        + tf_node("logits", "MatMul", "lstm:6 weights", transpose_b=field(5, 1))
    )

    def compute(x: np.ndarray) -> np.ndarray:
        hidden = TF_ACTIVATIONS[op](x @ first.astype(float) + first_bias)
        return tf_lstm(kernel, gates, 0.0, hidden) @ weights

    return compute


def tf_block(
    path: Path, op: str = "BlockLSTM", others: bytes = b"", source: str = "x", taken: str = "lstm:6",
    **attributes: bytes,
) -> Network:  # fmt: skip
    """One LSTM that is one op, with a forget bias of 1, and a linear layer.

    others: nodes that may make of x the LSTM's source, or of its outputs what is taken of them.
    """
    kernel, gates, weights, bias = random(5 + 8, 32), random(32), random(8, 4), random(4)
    attributes = {"forget_bias": field(4, 1.0), "cell_clip": field(4, -1.0)} | attributes
    inputs = f"{source} state state lstm/kernel peep peep peep lstm/bias"
    if op != "LSTMBlockCell":
        inputs = "length " + inputs
    names = ("x", "state", "peep", "length")
    path.write_bytes(
        b"".join(tf_node(name, "Placeholder") for name in names)
        + tf_constant("lstm/kernel", kernel)
        + tf_constant("lstm/bias", gates)
        + tf_node("lstm", op, inputs, **attributes)
        + others
        + tf_linear("logits", taken, weights, bias)
        + tf_node("softmax", "Softmax", "logits")
    )
    if op == "BlockLSTMV2":  # its gates are i, f, j, o, and there is no forget bias
        order = np.concatenate([np.arange(8) + 8 * k for k in (0, 2, 1, 3)])
        kernel, gates = kernel[:, order], gates[order]
    forget_bias = 0.0 if op == "BlockLSTMV2" else 1.0
    return lambda x: tf_lstm(kernel, gates, forget_bias, x) @ weights + bias


def deepspeech(path: Path, n_hidden: int = 48, clip: float = 20.0) -> Network:
    """DeepSpeech 0.x: windows of 19 frames of 26 cepstra, three clipped layers, LSTM, two more."""
    widths = [19 * 26, n_hidden, n_hidden, n_hidden]
    scales = [3, 0.1, 0.1]  # the first layer does reach its limit
    dense = [(random(a, b) * s, random(b)) for a, b, s in zip(widths, widths[1:], scales)]
    kernel, gates = random(2 * n_hidden, 4 * n_hidden), random(4 * n_hidden)
    after = [(random(n_hidden, n_hidden), random(n_hidden)), (random(n_hidden, 29), random(29))]
    graph = tf_node("input_node", "Placeholder") + tf_constant("clip", np.float32(clip))
    graph += tf_node("Reshape", "Reshape", "input_node shape") + tf_node("shape", "Placeholder")
    source = "Reshape"

    def clipped(name: str, weights: np.ndarray, bias: np.ndarray) -> bytes:
        return (
            tf_linear(name, source, weights, bias)
            + tf_node(f"{name}/Relu", "Relu", name)
            + tf_node(f"{name}/Minimum", "Minimum", f"{name}/Relu clip")
        )

    for k, layer in enumerate(dense):
        graph += clipped(f"layer_{k + 1}", *layer)
        source = f"layer_{k + 1}/Minimum"
    settings = {"forget_bias": field(4, 0.0), "cell_clip": field(4, -1.0)}
    graph += (
        tf_constant("lstm_fused_cell/kernel", kernel)
        + tf_constant("lstm_fused_cell/bias", gates)
        + tf_node("windows", "Reshape", f"{source} shape")
        + tf_node("previous", "Placeholder")
        + tf_node(
            "BlockLSTM",
            "BlockLSTM",
            "shape windows previous previous lstm_fused_cell/kernel"
            " previous previous previous lstm_fused_cell/bias",
            **settings,
        )
        + tf_node("out", "Reshape", "BlockLSTM:6 shape")
    )
    source = "out"
    graph += clipped("layer_5", *after[0])
    graph += tf_linear("layer_6", "layer_5/Minimum", *after[1])
    path.write_bytes(graph + tf_node("logits", "Softmax", "layer_6"))

    def compute(frames: np.ndarray) -> np.ndarray:
        padded = np.pad(frames.astype(float), ((9, 9), (0, 0)))
        x = np.stack([padded[k : k + 19].ravel() for k in range(len(frames))])
        for weights, bias in dense:
            x = np.clip(x @ weights + bias, 0, clip)
        x = np.clip(tf_lstm(kernel, gates, 0.0, x) @ after[0][0] + after[0][1], 0, clip)
        return x @ after[1][0] + after[1][1]

    return compute


# ONNX


def onnx_tensor(name: str, values: np.ndarray, raw: bool) -> bytes:
    dims = b"".join(field(1, size) for size in values.shape)
    content = field(9, values.tobytes()) if raw else field(4, values.tobytes())
    return dims + field(2, 1) + field(8, name) + content


def onnx_node(op: str, inputs: str, output: str, **attributes: int | str | list[str]) -> bytes:
    """A node of one output; `-` is an input that is left out."""
    names = [field(1, "" if name == "-" else name) for name in inputs.split()]
    parts = [*names, field(2, output), field(4, op)]
    for key, value in attributes.items():
        number = {int: 3, str: 4, list: 9}[type(value)]
        values = value if isinstance(value, list) else [value]
        parts.append(field(5, field(1, key) + b"".join(field(number, v) for v in values)))
    return field(1, b"".join(parts))


def onnx_lstm(w: np.ndarray, r: np.ndarray, b: np.ndarray, x: np.ndarray) -> np.ndarray:
    """The operator's equations (forward, default activations): gates i, o, f, c."""
    n_hidden = r.shape[1]
    h, c, outputs = np.zeros(n_hidden), np.zeros(n_hidden), []
    for inputs in x.astype(float):
        sums = inputs @ w.T + h @ r.T + b[: 4 * n_hidden] + b[4 * n_hidden :]
        i, o, f, candidate = np.split(sums, 4)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(candidate)
        h = sigmoid(o) * np.tanh(c)
        outputs.append(h)
    return np.array(outputs)


def onnx(path: Path, raw: bool = True, **attributes: int | str | list[str]) -> Network:
    """A clipped-ReLU layer, an LSTM, and a Gemm with a log-softmax."""
    first, first_bias = random(5, 7), random(7)
    w, r, b = random(1, 24, 7), random(1, 24, 6), random(1, 48)
    weights, bias = random(4, 6), random(4)
    arrays = {"first": first, "first_bias": first_bias, "W": w, "R": r, "B": b}
    arrays |= {"fc": weights, "fc_bias": bias}
    arrays |= {"low": np.zeros(1, np.float32), "high": np.ones(1, np.float32) / 2}
    graph = b"".join(field(5, onnx_tensor(n, values, raw)) for n, values in arrays.items())
    graph += field(11, field(1, "x")) + field(12, field(1, "y"))
    graph += onnx_node("MatMul", "x first", "a") + onnx_node("Add", "first_bias a", "b")
    graph += onnx_node("Clip", "b low high", "c") + onnx_node("Transpose", "c", "d")
    graph += onnx_node("LSTM", "d W R B", "e", hidden_size=6, **attributes)
    graph += onnx_node("Squeeze", "e", "f") + onnx_node("Gemm", "f fc fc_bias", "g", transB=1)
    path.write_bytes(field(1, 8) + field(7, graph + onnx_node("LogSoftmax", "g", "y")))

    def compute(x: np.ndarray) -> np.ndarray:
        hidden = np.clip(x @ first.astype(float) + first_bias, 0, 0.5)
        return onnx_lstm(w[0], r[0], b[0], hidden) @ weights.T + bias

    return compute


# Keras


def keras_lstm(kernel: np.ndarray, recurrent: np.ndarray, bias: np.ndarray, x: np.ndarray):
    """keras.layers.LSTM: gates i, f, c, o of two products."""
    n_hidden = len(recurrent)
    h, c, outputs = np.zeros(n_hidden), np.zeros(n_hidden), []
    for inputs in x.astype(float):
        z0, z1, z2, z3 = np.split(inputs @ kernel + h @ recurrent + bias, 4)
        c = sigmoid(z1) * c + sigmoid(z0) * np.tanh(z2)
        h = sigmoid(z3) * np.tanh(c)
        outputs.append(h)
    return np.array(outputs)


def keras(path: Path, **settings) -> Network:
    """Dense, LSTM, Dropout and a Dense with softmax at each step, as `model.save` writes them."""
    import h5py

    first, first_bias = random(5, 7), random(7)
    gates = [random(7, 24), random(6, 24), random(24)]
    weights, bias = random(6, 4), random(4)
    arrays = {"dense": [first, first_bias], "lstm": gates, "dropout": [], "out": [weights, bias]}
    common = {"use_bias": True}
    lstm = {"name": "lstm", "activation": "tanh", "recurrent_activation": "sigmoid", **common}
    last = {"name": "inner", "activation": "softmax", **common}
    layers = [
        ("InputLayer", {"name": "input"}),  # without a group of weights
        ("Dense", {"name": "dense", "activation": "relu", **common}),
        ("LSTM", lstm | settings),
        ("Dropout", {"name": "dropout"}),
        ("TimeDistributed", {"name": "out", "layer": {"class_name": "Dense", "config": last}}),
    ]
    names = {"dense": ["kernel:0", "bias:0"], "out": ["kernel:0", "bias:0"], "dropout": []}
    names["lstm"] = [f"lstm_cell/{n}:0" for n in ("kernel", "recurrent_kernel", "bias")]
    with h5py.File(path, "w") as file:
        listed = [{"class_name": kind, "config": config} for kind, config in layers]
        file.attrs["model_config"] = json.dumps({"config": {"layers": listed}})
        for layer, values in arrays.items():
            group = file.create_group(f"model_weights/{layer}")
            inside = [f"{layer}/{name}".encode() for name in names[layer]]
            group.attrs["weight_names"] = inside
            for name, array in zip(inside, values):
                group[name.decode()] = array

    def compute(x: np.ndarray) -> np.ndarray:
        hidden = np.maximum(x @ first.astype(float) + first_bias, 0)
        return keras_lstm(*gates, hidden) @ weights + bias

    return compute
