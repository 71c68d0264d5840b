# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

"""Layers of a frozen TensorFlow graph (GraphDef).

LSTMs are found as the ops LSTMBlockCell, BlockLSTM and BlockLSTMV2, and as what BasicLSTMCell and
LSTMCell are made of: one product with the inputs and the state side by side, split in four. Linear
layers are the other products with a constant. Their order is that of the graph.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from layers import ImportFault, Layer, Linear, Lstm, lstm_of_kernel
from protobuf import Message

# Field numbers of tensorflow/core/framework/{graph,node_def,attr_value,tensor,tensor_shape}.proto
GRAPH_NODE, NODE_NAME, NODE_OP, NODE_INPUT, NODE_ATTRIBUTE = 1, 1, 2, 3, 5
MAP_KEY, MAP_VALUE = 1, 2
VALUE_INTEGER, VALUE_FLOAT, VALUE_FLAG, VALUE_TENSOR = 3, 4, 5, 8
TENSOR_DTYPE, TENSOR_SHAPE, TENSOR_CONTENT, TENSOR_FLOATS, TENSOR_HALVES = 1, 2, 4, 5, 13
TENSOR_INTEGERS, SHAPE_DIM, DIM_SIZE = 7, 2, 1
FLOAT, INTEGER, HALF = 1, 3, 19  # of DataType

TF_ORDER, V2_ORDER = "icfo", "ifco"  # gates: TensorFlow calls the candidate j, or ci
# Where x, w and b are among the inputs of an LSTM that is one op, its order, its default cell_clip.
BLOCKS = {
    "LSTMBlockCell": (0, 3, 7, TF_ORDER, 3.0),
    "BlockLSTM": (1, 4, 8, TF_ORDER, 3.0),
    "BlockLSTMV2": (1, 4, 8, V2_ORDER, 0.0),
}
# Ops that hand on what they get, as far as constants are concerned.
HANDING_ON = {"Identity", "Enter", "StopGradient"}
ADDITIONS = {"Add", "AddV2", "BiasAdd"}
SCALING = {"Mul", "Sub", "RealDiv"}
OUTPUTS = "6"  # which output of an LSTM that is one op are its outputs; others are its gates and cells
# Ops between layers that only move values, or choose steps.
MOVING = set("Identity StopGradient Enter Exit Merge Switch Reshape Transpose Squeeze".split())
MOVING |= set("ExpandDims Cast Pack Unpack Concat ConcatV2 Select SelectV2 StridedSlice".split())
MOVING |= {"NextIteration"}
ASKING = {"Shape", "Size", "Rank", "ZerosLike"}
# Which inputs of these are values; others say how they are moved, and when a loop ends.
VALUES = dict.fromkeys(("Switch", "Reshape", "Transpose", "ExpandDims", "StridedSlice"), slice(1))
VALUES |= dict.fromkeys(("TensorArrayReadV3", "TensorArrayGatherV3"), slice(2, None))
VALUES |= dict.fromkeys(("TensorArrayScatterV3", "TensorArrayWriteV3"), slice(2, None))
VALUES |= dict.fromkeys(("Select", "SelectV2"), slice(1, None))
# What a layer is made of besides its product.
OF_LINEAR = ADDITIONS | {"Relu", "Relu6", "Tanh", "Minimum"}
OF_CELL = ADDITIONS | {"Split", "Sigmoid", "Tanh", "Mul"}
UNKNOWN = ("Conv", "DepthwiseConv", "FusedBatchNorm", "GRU", "CudnnRNN", "MaxPool", "AvgPool")


@dataclass
class Node:
    name: str
    op: str
    inputs: list[str]  # "name" or "name:output"
    attributes: dict[str, Message]


class Graph:
    """The nodes by name, and who takes whose output."""

    def __init__(self, data: bytes) -> None:
        self.nodes: dict[str, Node] = {}
        self.takers: dict[str, list[Node]] = defaultdict(list)
        for message in Message(data).messages(GRAPH_NODE):
            inputs = [name for name in message.texts(NODE_INPUT) if not name.startswith("^")]
            pairs = message.messages(NODE_ATTRIBUTE)
            attributes = {pair.text(MAP_KEY): pair.message(MAP_VALUE) for pair in pairs}
            node = Node(message.text(NODE_NAME), message.text(NODE_OP), inputs, attributes)
            self.nodes[node.name] = node
            for name in inputs:
                self.takers[name.removesuffix(":0")].append(node)

    def source(self, name: str) -> Node:
        """The node that an input comes from, past those that only hand it on."""
        node = self.nodes.get(name.split(":")[0])
        if node is None:
            raise ImportFault(f"there is no node '{name}' in the graph")
        return self.source(node.inputs[0]) if node.op in HANDING_ON else node

    def constant(self, name: str) -> np.ndarray | None:
        node = self.source(name)
        if node.op != "Const":
            return None
        return tensor_of(node.attributes["value"].message(VALUE_TENSOR))

    def taker(self, name: str, *ops: str) -> Node | None:
        """The first of these ops that takes an output."""
        return next((node for node in self.takers[name] if node.op in ops), None)

    def is_before(self, first: Node, last: Node) -> bool:
        """Whether what a node makes is taken by another, however many are between them."""
        done, waiting = set(), [last.name]
        while waiting:
            name = waiting.pop().split(":")[0]
            if name in self.nodes and name not in done:
                done.add(name)
                waiting += self.nodes[name].inputs
        return first.name in done

    def between(self, first: set[str], last: str) -> list[Node]:
        """The nodes on the ways of values from some nodes to an input of others."""
        takers: dict[str, list[str]] = defaultdict(list)
        done, waiting = set(first), [last]
        while waiting:
            name = waiting.pop().split(":")[0]
            node = self.nodes.get(name)
            if node is None or name in done or node.op in ASKING:
                continue
            done.add(name)
            values = node.inputs[VALUES.get(node.op, slice(None))]
            waiting += values
            for value in values:
                takers[value.split(":")[0]].append(name)
        on_way, waiting = {}, list(first)
        while waiting:
            for name in takers.pop(waiting.pop(), []):
                on_way[name] = self.nodes[name]
                waiting.append(name)
        return list(on_way.values())

    def in_order(self) -> Iterator[Node]:
        """All nodes, each after those it takes from; loops are entered, not closed."""
        done: set[str] = set()
        for first in self.nodes.values():
            waiting = [(first, False)]
            while waiting:
                node, is_ready = waiting.pop()
                if is_ready:
                    yield node
                elif node.name not in done:
                    done.add(node.name)
                    waiting.append((node, True))
                    names = [] if node.op == "NextIteration" else reversed(node.inputs)
                    found = (self.nodes.get(name.split(":")[0]) for name in names)
                    waiting += [(other, False) for other in found if other is not None]


def tensor_of(message: Message) -> np.ndarray | None:
    """A tensor of floats as float32; None for other types."""
    shape = [dim.integer(DIM_SIZE) for dim in message.message(TENSOR_SHAPE).messages(SHAPE_DIM)]
    dtype, content = message.integer(TENSOR_DTYPE), message.bytes(TENSOR_CONTENT)
    if dtype == FLOAT:
        values = np.frombuffer(content, "<f4") if content else message.floats(TENSOR_FLOATS)
    elif dtype == HALF:
        halves = np.array(message.integers(TENSOR_HALVES), "<u2").tobytes()
        values = np.frombuffer(content or halves, "<f2").astype(np.float32)
    else:
        return None
    n_left_out = np.prod(shape, dtype=int) - len(values)  # equal to the last, or all of them 0
    if n_left_out > 0:
        values = np.pad(values, (0, n_left_out), "edge" if len(values) else "constant")
    return values.reshape(shape)


def integers_of(message: Message) -> list[int]:
    """A vector of 32-bit integers; of other types it is empty."""
    if message.integer(TENSOR_DTYPE) != INTEGER:
        return []
    content = message.bytes(TENSOR_CONTENT)
    return np.frombuffer(content, "<i4").tolist() or message.integers(TENSOR_INTEGERS)


def takes_last_or_all(graph: Graph, node: Node) -> bool:
    """Whether a StridedSlice takes of every dimension the last place or all."""
    tensors = [graph.source(name).attributes.get("value") for name in node.inputs[1:4]]
    if None in tensors:
        return False
    first, _, strides = (integers_of(tensor.message(VALUE_TENSOR)) for tensor in tensors)

    def is_masked(name: str, index: int) -> bool:
        mask = node.attributes.get(f"{name}_mask")
        return mask is not None and bool(mask.integer(VALUE_INTEGER) >> index & 1)

    def is_all(index: int) -> bool:
        begins = first[index] == 0 or is_masked("begin", index)
        return begins and is_masked("end", index) and not is_masked("shrink_axis", index)

    is_taken = (
        first[index] == -1
        or is_masked("new_axis", index)
        or is_masked("ellipsis", index)
        or is_all(index)
        for index in range(len(first))
    )
    return set(strides) == {1} and all(is_taken)


def check_way(graph: Graph, sources: set[str], layer: Layer | None, last: str) -> None:
    """Refuses what changes values on their way from a layer, or from the graph's inputs, to an
    input of the next layer.

    sources: the names of the layer's nodes, one for each step where it is unrolled.
    """
    is_block = layer is not None and all(graph.nodes[name].op in BLOCKS for name in sources)
    own = OF_LINEAR if isinstance(layer, Linear) else OF_CELL if layer and not is_block else set()
    found = graph.between(sources, last)
    for name in [last, *(name for node in found for name in node.inputs)]:
        source, _, port = name.partition(":")
        if is_block and source in sources and port != OUTPUTS:
            raise ImportFault(f"{source}: what is taken of it are its cells or gates, not its outputs")
    for node in found:
        if node.op == "StridedSlice" and not takes_last_or_all(graph, node):
            raise ImportFault(f"{node.name}: of all steps only the last step can be chosen")
        if node.op not in MOVING | own and not node.op.startswith("TensorArray"):
            raise ImportFault(f"{node.name}: Hearken has no layer for the op {node.op}")


def lstm_block(graph: Graph, node: Node) -> Layer:
    """An LSTM that is one op."""
    _, at_weights, at_bias, order, clip = BLOCKS[node.op]
    attributes = defaultdict(lambda: Message(b""), node.attributes)
    if attributes["use_peephole"].integer(VALUE_FLAG):
        raise ImportFault(f"{node.name}: peephole connections cannot be had")
    if "cell_clip" in node.attributes:
        clip = attributes["cell_clip"].float(VALUE_FLOAT)
    if clip > 0:
        raise ImportFault(f"{node.name}: its cells are clipped at {clip:g}, which cannot be had")
    forget_bias = 0.0
    if order == TF_ORDER:
        default = 0.0 if "forget_bias" in node.attributes else 1.0
        forget_bias = attributes["forget_bias"].float(VALUE_FLOAT, default)
    kernel, bias = (graph.constant(node.inputs[i]) for i in (at_weights, at_bias))
    if kernel is None or bias is None:
        raise ImportFault(f"{node.name}: its weights are no constants: is the graph frozen?")
    return lstm_of_kernel(kernel, bias, order, forget_bias)


def forget_bias_of(graph: Graph, split: str) -> float:
    """The constant on the way of an unfused cell's forget gate to its sigmoid."""
    gates = (("", "Sigmoid"), (":1", "Tanh"), (":3", "Sigmoid"))
    if any(graph.taker(split + port, op) is None for port, op in gates):
        raise ImportFault(f"{split}: no LSTM cell of TensorFlow's (gates i, j, f, o)")
    added = graph.taker(f"{split}:2", *ADDITIONS)
    if added is None and graph.taker(f"{split}:2", "Sigmoid") is not None:
        return 0.0
    constants = [graph.constant(name) for name in added.inputs] if added is not None else []
    found = [values for values in constants if values is not None and values.size == 1]
    if not found or graph.taker(added.name, "Sigmoid") is None:
        raise ImportFault(f"{split}: its forget gate has more than a bias (peepholes?)")
    return float(found[0].reshape(()))


def activation_of(graph: Graph, name: str) -> tuple[str, float | None]:
    """What is done to a linear layer's sum: the activation and its clip."""
    node = graph.taker(name, "Relu", "Relu6", "Tanh")
    if node is None:
        for op in ("Sigmoid", "Elu", "Selu", "LeakyRelu", "Softplus"):
            if graph.taker(name, op) is not None:
                raise ImportFault(f"{name}: the activation {op} cannot be had")
        return "none", None
    if node.op == "Tanh":
        return "tanh", None
    if node.op == "Relu6":
        return "clipped relu", 6.0
    clipped = graph.taker(node.name, "Minimum")
    limits = [graph.constant(limit) for limit in clipped.inputs] if clipped is not None else []
    limits = [float(limit.reshape(())) for limit in limits if limit is not None]
    return ("clipped relu", limits[0]) if limits else ("relu", None)


def product(graph: Graph, node: Node) -> Layer | None:
    """What a product with a constant is part of: a linear layer or an unfused LSTM."""
    weights = graph.constant(node.inputs[1])
    if weights is None or weights.ndim != 2:
        return None
    transpose = node.attributes.get("transpose_b")
    if transpose is not None and transpose.integer(VALUE_FLAG):
        weights = weights.T
    added = graph.taker(node.name, *ADDITIONS)
    biases = [graph.constant(name) for name in added.inputs] if added is not None else []
    bias = next((values for values in biases if values is not None), None)
    last = node.name if bias is None else added.name
    split = graph.taker(last, "Split")
    if split is not None and split.attributes["num_split"].integer(VALUE_INTEGER) == 4:
        if bias is None:
            bias = np.zeros(weights.shape[1], np.float32)
        return lstm_of_kernel(weights, bias, TF_ORDER, forget_bias_of(graph, split.name))
    return Linear(weights.T, bias, *activation_of(graph, last))


def input_of(graph: Graph, node: Node, layer: Layer) -> str:
    """What a layer takes from the one before; what an LSTM takes from itself is left out."""
    if node.op in BLOCKS:
        return node.inputs[BLOCKS[node.op][0]]
    joined = graph.source(node.inputs[0])
    if isinstance(layer, Lstm) and joined.op in ("ConcatV2", "Concat"):
        return joined.inputs[joined.op == "Concat"]  # whose first input is the axis
    return node.inputs[0]


def read(path: Path) -> list[Layer]:
    """The layers of a frozen graph, in order; unrolled in time, each is there once."""
    graph = Graph(path.read_bytes())
    layers: dict[str, Layer] = {}  # by the name of their weights
    users: dict[str, set[str]] = defaultdict(set)  # the nodes that have these weights
    sources = {node.name for node in graph.nodes.values() if node.op.startswith("Placeholder")}
    previous = None
    products = []
    for node in graph.in_order():
        constants = map(graph.constant, node.inputs if node.op in SCALING else [])
        is_scaling = any(values is not None and values.size > 1 for values in constants)
        if node.op.startswith(UNKNOWN) or is_scaling:
            raise ImportFault(f"{node.name}: Hearken has no layer for the op {node.op}")
        if node.op in BLOCKS or node.op == "MatMul":
            at_weights = BLOCKS[node.op][1] if node.op in BLOCKS else 1
            weights = graph.source(node.inputs[at_weights]).name
            users[weights].add(node.name)
            products.append((node, weights))
    for node, weights in products:
        if weights in layers:
            continue
        layer = lstm_block(graph, node) if node.op in BLOCKS else product(graph, node)
        if layer is None:
            continue
        if previous is not None and not graph.is_before(previous, node):
            raise ImportFault(f"{node.name}: it does not come after {previous.name}")
        last = next(reversed(layers.values()), None)
        check_way(graph, sources, last, input_of(graph, node, layer))
        layers[weights], sources, previous = layer, users[weights], node
    return list(layers.values())
