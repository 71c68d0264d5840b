# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

"""Layers of an ONNX file: what happens to its first input on the way to its outputs."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from layers import ImportFault, Layer, Linear, Lstm, reorder
from protobuf import Message

# Field numbers of onnx/onnx.proto
MODEL_GRAPH, GRAPH_NODE, GRAPH_INITIALIZER, GRAPH_INPUT, GRAPH_OUTPUT = 7, 1, 5, 11, 12
NODE_INPUT, NODE_OUTPUT, NODE_NAME, NODE_OP, NODE_ATTRIBUTE = 1, 2, 3, 4, 5
ATTRIBUTE_NAME, ATTRIBUTE_FLOAT, ATTRIBUTE_INTEGER, ATTRIBUTE_TEXT = 1, 2, 3, 4
ATTRIBUTE_TENSOR, ATTRIBUTE_INTEGERS, ATTRIBUTE_TEXTS, VALUE_NAME = 5, 8, 9, 1
TENSOR_DIMS, TENSOR_TYPE, TENSOR_FLOATS, TENSOR_NAME = 1, 2, 4, 8
TENSOR_RAW, TENSOR_ELSEWHERE = 9, 13
TENSOR_INTEGERS = {"<i4": 5, "<i8": 7}
TYPES = {1: "<f4", 6: "<i4", 7: "<i8", 10: "<f2", 11: "<f8"}  # of TensorProto.DataType

ONNX_ORDER = "iofc"
ACTIVATIONS = ["sigmoid", "tanh", "tanh"]  # an LSTM's, where it does not name them
MOVING = set("Transpose Squeeze Unsqueeze Reshape Flatten Identity Dropout Cast".split())
CHOOSING = {"Gather", "Slice"}
TO_THE_END = 2**31 - 1  # where a slice ends at the earliest that goes on to the end
ENDING = {"Softmax", "LogSoftmax"}
ASKING = {"Shape", "Size"}


@dataclass
class Node:
    name: str
    op: str
    inputs: list[str]
    outputs: list[str]
    attributes: dict[str, Message]

    def text(self, name: str, default: str) -> str:
        found = self.attributes.get(name)
        return found.text(ATTRIBUTE_TEXT) if found else default

    def number(self, name: str, default: float) -> float:
        found = self.attributes.get(name)
        return found.float(ATTRIBUTE_FLOAT) if found else default

    def integer(self, name: str) -> int:
        found = self.attributes.get(name)
        return found.integer(ATTRIBUTE_INTEGER) if found else 0

    def activations(self) -> list[str]:
        """An LSTM's, as they are written or as they are where nothing is."""
        found = self.attributes.get("activations")
        return [name.lower() for name in found.texts(ATTRIBUTE_TEXTS)] if found else ACTIVATIONS

    def refuse(self, why: str) -> ImportFault:
        return ImportFault(f"{self.name or self.outputs[0]}: {why}")


def node_of(message: Message) -> Node:
    attributes = {a.text(ATTRIBUTE_NAME): a for a in message.messages(NODE_ATTRIBUTE)}
    names = message.texts(NODE_INPUT), message.texts(NODE_OUTPUT)
    return Node(message.text(NODE_NAME), message.text(NODE_OP), *names, attributes)


def tensor_of(message: Message) -> np.ndarray | None:
    """A tensor of floats or integers as float32; None for other types."""
    dtype = TYPES.get(message.integer(TENSOR_TYPE))
    if dtype is None:
        return None
    if message.all(TENSOR_ELSEWHERE):
        raise ImportFault(f"{message.text(TENSOR_NAME)}: its values are in another file")
    raw = message.bytes(TENSOR_RAW)
    if raw:
        values = np.frombuffer(raw, dtype)
    elif dtype in TENSOR_INTEGERS:
        values = np.array(message.integers(TENSOR_INTEGERS[dtype]))
    else:
        values = message.floats(TENSOR_FLOATS)
    return values.astype(np.float32).reshape(message.integers(TENSOR_DIMS))


class Reader:
    """Follows the data through the graph and collects layers."""

    def __init__(self, graph: Message) -> None:
        self.nodes = [node_of(message) for message in graph.messages(GRAPH_NODE)]
        tensors = graph.messages(GRAPH_INITIALIZER)
        self.constants = {tensor.text(TENSOR_NAME): tensor_of(tensor) for tensor in tensors}
        inputs = [value.text(VALUE_NAME) for value in graph.messages(GRAPH_INPUT)]
        first = [name for name in inputs if name not in self.constants][:1]
        self.data = dict.fromkeys(first, 0)  # what is on the way, after how many steps
        self.outputs = [value.text(VALUE_NAME) for value in graph.messages(GRAPH_OUTPUT)]
        self.n_steps = 0
        self.layers: list[Layer] = []
        self.is_open = False  # whether an activation or bias of the last layer may follow
        self.is_ended = False  # by a softmax

    def read(self) -> list[Layer]:
        for node in self.nodes:
            if self.data.keys() & set(node.inputs):
                self.follow(node)
            else:
                self.keep_constant(node)
        if self.n_steps not in (self.data.get(name) for name in self.outputs):
            raise ImportFault(
                "the output is not what the last layer makes; from an LSTM only its outputs at each "
                "step are followed, not its last state"
            )
        return self.layers

    def keep_constant(self, node: Node) -> None:
        """What is computed from constants alone, as far as weights are."""
        if node.op == "Constant" and "value" in node.attributes:
            tensor = node.attributes["value"].message(ATTRIBUTE_TENSOR)
            self.constants[node.outputs[0]] = tensor_of(tensor)
        elif node.op in ("Identity", "Transpose") and node.inputs[0] in self.constants:
            values = self.constants[node.inputs[0]]
            is_turned = node.op == "Transpose" and values is not None
            self.constants[node.outputs[0]] = values.T if is_turned else values

    def follow(self, node: Node) -> None:
        """A step of the data's way."""
        if node.op in ASKING:
            return
        step = max(self.data.get(name, 0) for name in node.inputs)
        if node.op in CHOOSING:
            self.check_choice(node)
        if node.op in MOVING | CHOOSING:
            self.data[node.outputs[0]] = step
            return
        if self.is_ended:
            raise node.refuse("something comes after the softmax")
        if step != self.n_steps:
            raise node.refuse("the way forks: it takes what another layer took before")
        self.is_ended = node.op in ENDING
        if not self.is_ended:
            steps = {"LSTM": self.lstm, "MatMul": self.matmul, "Gemm": self.gemm, "Add": self.add}
            steps |= {"Relu": self.activation, "Tanh": self.activation, "Clip": self.activation}
            if node.op not in steps:
                raise node.refuse(f"Hearken has no layer for the op {node.op}")
            steps[node.op](node)
        self.n_steps += 1
        self.data[node.outputs[0]] = self.n_steps

    def check_choice(self, node: Node) -> None:
        """Of all steps a classifier takes the last; any others would be other numbers here."""
        if node.op == "Gather":
            first = self.bounds(node, "", 1)
            after, stride = np.where(first == -1, TO_THE_END, first + 1), np.ones(1)
        else:
            first, after = self.bounds(node, "starts", 1), self.bounds(node, "ends", 2)
            stride = self.bounds(node, "", 4) if len(node.inputs) > 4 else np.ones(1)
        if (stride < 0).any():
            raise node.refuse("what runs backward cannot stream")
        is_last_or_all = np.isin(first, (-1, 0)).all() and (after >= TO_THE_END).all()
        if not is_last_or_all or (stride != 1).any():
            raise node.refuse("of all steps only the last step can be chosen, as by [:, -1]")

    def bounds(self, node: Node, name: str, index: int) -> np.ndarray:
        """Where a choice begins or ends: an attribute until opset 9, an input since; NaN if it is
        computed."""
        if name in node.attributes:
            return np.array(node.attributes[name].integers(ATTRIBUTE_INTEGERS))
        values = self.constants.get(node.inputs[index])
        return np.full(1, np.nan) if values is None else values

    def constant(self, node: Node, index: int, default: np.ndarray | None = None) -> np.ndarray:
        """An input that must be a constant of floats, if it is there."""
        name = node.inputs[index] if index < len(node.inputs) else ""
        values = self.constants.get(name) if name else default
        if values is None:
            raise node.refuse(f"its input {index} is no constant of floats")
        return values

    def lstm(self, node: Node) -> None:
        if node.text("direction", "forward") != "forward":
            raise node.refuse("only an LSTM that runs forward can stream")
        is_plain = node.activations() == ACTIVATIONS and "clip" not in node.attributes
        if not is_plain or node.integer("input_forget"):
            raise node.refuse("activations of its own, clips and coupled gates cannot be had")
        if len(node.inputs) > 7 and node.inputs[7]:
            raise node.refuse("peephole connections cannot be had")
        for index in (5, 6):
            initial = self.constants.get(node.inputs[index]) if index < len(node.inputs) else None
            if initial is not None and initial.any():
                raise node.refuse("a stream begins with a state of zeros")
        weight_ih, weight_hh = (self.constant(node, index)[0] for index in (1, 2))
        bias = self.constant(node, 3, np.zeros((1, 2 * len(weight_ih)), np.float32))[0]
        bias = reorder(bias.reshape(2, -1).sum(axis=0), ONNX_ORDER)
        weights = (reorder(weight, ONNX_ORDER) for weight in (weight_ih, weight_hh))
        self.layers.append(Lstm(*weights, bias))
        self.is_open = False

    def linear(self, weight: np.ndarray, bias: np.ndarray | None) -> None:
        self.layers.append(Linear(weight, bias))
        self.is_open = True

    def matmul(self, node: Node) -> None:
        self.linear(self.constant(node, 1).T, None)

    def gemm(self, node: Node) -> None:
        scales = node.number("alpha", 1.0), node.number("beta", 1.0)
        if scales != (1.0, 1.0) or node.integer("transA"):
            raise node.refuse("only a Gemm that is a linear layer can be had")
        weight = self.constant(node, 1)
        bias = self.constant(node, 2, np.zeros(0, np.float32)).reshape(-1)
        self.linear(weight if node.integer("transB") else weight.T, bias if bias.size else None)

    def last_linear(self, node: Node) -> Linear:
        """The layer that an addition or activation belongs to."""
        if not self.is_open:
            raise node.refuse(f"{node.op} follows no linear layer")
        return self.layers[-1]

    def add(self, node: Node) -> None:
        layer = self.last_linear(node)
        index = 0 if node.inputs[0] in self.constants else 1
        bias = self.constant(node, index).reshape(-1)
        is_first = layer.activation == "none" and layer.bias is None
        if not is_first or len(bias) != layer.n_outputs:
            raise node.refuse("this addition is no bias")
        layer.bias = bias

    def activation(self, node: Node) -> None:
        layer = self.last_linear(node)
        if node.op == "Clip" and layer.activation in ("none", "relu"):
            low, high = (self.limit(node, *which) for which in (("min", 1), ("max", 2)))
            if low != 0 and not (low < 0 and layer.activation == "relu"):
                raise node.refuse("only a clip from 0 up can be had")
            layer.activation, layer.clip, self.is_open = "clipped relu", high, False
        elif layer.activation != "none":
            raise node.refuse("a second activation of one layer")
        else:
            layer.activation = node.op.lower()

    def limit(self, node: Node, name: str, index: int) -> float:
        """A limit of a clip: an attribute until opset 10, an input since."""
        if name in node.attributes:
            return node.number(name, 0.0)
        return float(self.constant(node, index).reshape(()))


def read(path: Path) -> list[Layer]:
    """The layers of an ONNX file, in order."""
    return Reader(Message(path.read_bytes()).message(MODEL_GRAPH)).read()
