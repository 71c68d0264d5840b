# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

"""Tests that an imported network computes what it did: by its framework's equations, in the engine.

    python3 -m unittest models/importing/test_importing.py
"""

import contextlib
import importlib.util
import io
import json
import sys
import tempfile
import unittest
import warnings
import zipfile
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "training")]

import checkpoint
import engine
import from_onnx
import from_tensorflow
import generated
import import_model
import modelfile
from generated import field
from layers import reorder
from protobuf import Message

TOLERANCE = 1e-5
DEEPSPEECH = HERE / "deepspeech.json"


def log_softmax(x: np.ndarray) -> np.ndarray:
    x = x - x.max(axis=1, keepdims=True)
    return x - np.log(np.exp(x).sum(axis=1, keepdims=True))


class Trap:
    """Makes a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self):
        return Path.touch, (self.path,)


class Importing(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.model = self.folder / "model.safetensors"

    def describe(self, n_features: int, n_tokens: int, **more) -> Path:
        """A description for a network of that size."""
        front_end = {"type": "kaldi.fbank", "num_mel_bins": n_features}
        keys = {"frontend": front_end, "task": "ctc", "tokens": [f"t{i}" for i in range(n_tokens)]}
        path = self.folder / "description.json"
        path.write_text(json.dumps({f"hearken.{k}": v for k, v in {**keys, **more}.items()}))
        return path

    def convert(self, source: Path, description: Path, *options: str) -> None:
        with contextlib.redirect_stdout(io.StringIO()):
            import_model.main([str(source), str(description), str(self.model), *options])

    def assert_same(self, network: generated.Network, n_features: int, n_steps: int = 60) -> None:
        """The engine's log-probabilities are the network's."""
        frames = np.random.default_rng(2).normal(size=(n_steps, n_features)).astype(np.float32)
        expected = log_softmax(network(frames))
        self.assertGreater(expected.std(axis=0).min(), 100 * TOLERANCE)  # it does compute something
        found = engine.outputs(self.model, frames)
        np.testing.assert_allclose(found, expected, atol=TOLERANCE, rtol=0)

    def assert_refused(self, reason: str, source: Path, description: Path, *options: str) -> None:
        with self.assertRaisesRegex(SystemExit, f"{source}.*{reason}"):
            self.convert(source, description, *options)


class TensorFlow(Importing):
    def test_cells_in_a_loop(self):
        for forget_bias in (1.0, 0.0):
            network = generated.tf_cells(self.folder / "graph.pb", forget_bias)
            self.convert(self.folder / "graph.pb", self.describe(5, 4))
            self.assert_same(network, 5)

    def test_cells_unrolled(self):
        network = generated.tf_cells(self.folder / "graph.pb", unrolled=True)
        self.convert(self.folder / "graph.pb", self.describe(5, 4))
        self.assert_same(network, 5)

    def test_linear_layers(self):
        for op in generated.TF_ACTIVATIONS:
            with self.subTest(op):
                network = generated.tf_dense(self.folder / "graph.pb", op)
                self.convert(self.folder / "graph.pb", self.describe(5, 4))
                self.assert_same(network, 5)
        generated.tf_dense(self.folder / "graph.pb", "Relu")
        content = (self.folder / "graph.pb").read_bytes().replace(b"\x12\x04Relu", b"\x12\x04Selu")
        (self.folder / "graph.pb").write_bytes(content)
        self.assert_refused("Selu", self.folder / "graph.pb", self.describe(5, 4))

    def test_blocks(self):
        for op in ("LSTMBlockCell", "BlockLSTM", "BlockLSTMV2"):
            with self.subTest(op):
                network = generated.tf_block(self.folder / "graph.pb", op)
                self.convert(self.folder / "graph.pb", self.describe(5, 4))
                self.assert_same(network, 5)

    def test_constants_whose_last_values_are_equal(self):
        """TensorFlow writes them once, and where all are 0 none."""
        shape = field(2, b"".join(field(2, field(1, size)) for size in (2, 3)))
        half = field(13, int(np.float16(0.5).view(np.uint16)))
        cases = {field(5, 0.5) + field(5, 2.0): [0.5, *[2] * 5], field(5, 3.0): [3] * 6, b"": [0] * 6}
        for content, expected in cases.items():
            found = from_tensorflow.tensor_of(Message(field(1, 1) + shape + content))
            self.assertEqual(found.tolist(), [expected[:3], expected[3:]])
        found = from_tensorflow.tensor_of(Message(field(1, 19) + shape + half))
        self.assertEqual(found.tolist(), [[0.5] * 3] * 2)

    def test_what_an_lstm_here_does_not_do(self):
        cases = {
            "peephole": {"use_peephole": field(5, 1)},
            "clipped at 3": {"cell_clip": field(4, 3.0)},
        }
        for reason, attributes in cases.items():
            generated.tf_block(self.folder / "graph.pb", **attributes)
            self.assert_refused(reason, self.folder / "graph.pb", self.describe(5, 4))

    def test_a_graph_that_is_not_frozen(self):
        generated.tf_block(self.folder / "graph.pb")
        content = (self.folder / "graph.pb").read_bytes()
        content = content.replace(b"\x12\x05Const", b"\x12\x05VarHa")
        (self.folder / "graph.pb").write_bytes(content)
        self.assert_refused("frozen", self.folder / "graph.pb", self.describe(5, 4))

    def test_a_layer_that_is_not_there(self):
        generated.tf_block(self.folder / "graph.pb")
        with open(self.folder / "graph.pb", "ab") as file:
            file.write(generated.tf_node("conv", "Conv2D", "x"))
        self.assert_refused("conv: .*Conv2D", self.folder / "graph.pb", self.describe(5, 4))

    def test_a_graph_that_is_no_chain(self):
        graph = self.folder / "graph.pb"
        generated.tf_block(graph)
        content = graph.read_bytes()
        other = generated.tf_linear("other", "lstm:6", generated.random(8, 8), generated.random(8))
        graph.write_bytes(other + content)
        self.assert_refused("logits.* does not come after other", graph, self.describe(5, 4))
        scale = generated.tf_constant("scale", generated.random(5))
        for op in ("Mul", "Sub", "RealDiv"):
            graph.write_bytes(content + scale + generated.tf_node("x", op, "input scale"))
            with open(graph, "ab") as file:
                file.write(generated.tf_node("input", "Placeholder"))
            self.assert_refused(f"x: .*{op}", graph, self.describe(5, 4))

    def test_what_is_done_between_layers(self):
        graph, node, cut = self.folder / "graph.pb", generated.tf_node, generated.tf_slice
        moved = node("y", "Transpose", "lstm:6 x") + node("z", "Reshape", "y shape")
        moved += node("shape", "Pack", "first") + node("first", "Square", "asked")
        moved += node("asked", "Shape", "lstm:6")
        loop = node("flow", "Merge", "array next") + node("array", "TensorArrayV3", "first")
        loop += node("next", "NextIteration", "write") + node("out", "Exit", "going:0")
        loop += node("going", "Switch", "flow go") + node("go", "LoopCond", "less")
        loop += node("less", "Less", "longest first") + node("longest", "Max", "lstm:6")
        loop += node("write", "TensorArrayWriteV3", "array first lstm:6 going:1")
        loop += node("all", "TensorArrayGatherV3", "array first out") + node("first", "Placeholder")
        taken = {
            "last": cut("z", "lstm:6", -1, 0, 1, shrink_axis=1),
            "all": cut("z", "lstm:6", 0, 0, 1, begin=1, end=1),
            "moved": moved,
            "in a loop": loop + node("z", "Identity", "all"),
        }
        for case, others in taken.items():
            with self.subTest(case):
                network = generated.tf_block(graph, others=others, taken="z")
                self.convert(graph, self.describe(5, 4))
                self.assert_same(network, 5)
        refused = {
            "first": cut("z", "lstm:6", 0, 1, 1, shrink_axis=1),
            "some": cut("z", "lstm:6", 0, 3, 1, begin=1),
            "every other": cut("z", "lstm:6", 0, 0, 2, begin=1, end=1),
            "first of a loop": loop + cut("z", "all", 0, 1, 1, shrink_axis=1),
        }
        for case, others in refused.items():
            with self.subTest(case):
                generated.tf_block(graph, others=others, taken="z")
                self.assert_refused("z: .*last step", graph, self.describe(5, 4))
        for op in ("Mean", "GatherV2", "ReverseV2", "Square", "Relu", "Add"):
            with self.subTest(op):
                generated.tf_block(graph, others=node("z", op, "lstm:6 x"), taken="z")
                self.assert_refused(f"z: .*{op}", graph, self.describe(5, 4))
                generated.tf_block(graph, others=node("z", op, "x peep"), source="z")
                self.assert_refused(f"z: .*{op}", graph, self.describe(5, 4))
        generated.tf_block(graph, taken="lstm:1")
        self.assert_refused("lstm: .*cells", graph, self.describe(5, 4))

    def test_deepspeech(self):
        network = generated.deepspeech(self.folder / "deepspeech.pb")
        self.convert(self.folder / "deepspeech.pb", DEEPSPEECH)
        self.assert_same(network, 26)
        layers = json.loads(modelfile.read(self.model)[1]["hearken.layers"])
        kinds = [layer.get("activation", layer["type"]) for layer in layers]
        clipped = ["clipped relu"]
        self.assertEqual(kinds, ["splice", *clipped * 3, "lstm", *clipped, "none"])

    def test_damaged_files(self):
        generated.tf_block(self.folder / "graph.pb")
        content = (self.folder / "graph.pb").read_bytes()
        for n_bytes in range(0, len(content), 37):
            (self.folder / "cut.pb").write_bytes(content[:n_bytes])
            with self.assertRaises(SystemExit):
                self.convert(self.folder / "cut.pb", self.describe(5, 4))


class Onnx(Importing):
    def test_operators(self):
        for raw in (True, False):
            network = generated.onnx(self.folder / "net.onnx", raw)
            self.convert(self.folder / "net.onnx", self.describe(5, 4))
            self.assert_same(network, 5)

    def test_what_an_lstm_here_does_not_do(self):
        generated.onnx(self.folder / "net.onnx", direction="bidirectional")
        self.assert_refused("forward", self.folder / "net.onnx", self.describe(5, 4))
        generated.onnx(self.folder / "net.onnx", input_forget=1)
        self.assert_refused("coupled", self.folder / "net.onnx", self.describe(5, 4))
        generated.onnx(self.folder / "net.onnx", activations=["Sigmoid", "Relu", "Tanh"])
        self.assert_refused("activations", self.folder / "net.onnx", self.describe(5, 4))

    def test_activations_that_are_named_though_they_are_the_usual(self):
        network = generated.onnx(self.folder / "net.onnx", activations=["Sigmoid", "Tanh", "Tanh"])
        self.convert(self.folder / "net.onnx", self.describe(5, 4))
        self.assert_same(network, 5)

    def test_constants_of_integers(self):
        """tf2onnx chooses steps with 32 bits, PyTorch with 64."""
        for kind, number, dtype in ((6, 5, "<i4"), (7, 7, "<i8")):
            raw = field(9, np.array([-1, 3], dtype).tobytes())
            for values in (field(number, -1) + field(number, 3), raw):
                found = from_onnx.tensor_of(Message(field(1, 2) + field(2, kind) + values))
                self.assertEqual(found.tolist(), [-1, 3])

    def test_an_operator_that_is_not_there(self):
        generated.onnx(self.folder / "net.onnx")
        content = (self.folder / "net.onnx").read_bytes().replace(b"\x22\x04Clip", b"\x22\x04Selu")
        (self.folder / "net.onnx").write_bytes(content)
        self.assert_refused("Selu", self.folder / "net.onnx", self.describe(5, 4))


@unittest.skipIf(importlib.util.find_spec("h5py") is None, "h5py is not installed")
class Keras(Importing):
    def test_model(self):
        network = generated.keras(self.folder / "model.h5")
        self.convert(self.folder / "model.h5", self.describe(5, 4))
        self.assert_same(network, 5)

    def test_what_an_lstm_here_does_not_do(self):
        generated.keras(self.folder / "model.h5", recurrent_activation="hard_sigmoid")
        self.assert_refused("hard_sigmoid", self.folder / "model.h5", self.describe(5, 4))


    def test_functional_models(self):
        """Their layers say what they take, as Keras 2 or as Keras 3 writes it; only chains are taken."""
        import h5py

        def tensor(name: str) -> dict:
            return {"class_name": "__keras_tensor__", "config": {"keras_history": [name, 0, 0]}}

        source = self.folder / "model.h5"
        forms = [lambda name: [[[name, 0, 0, {}]]], lambda name: [{"args": [tensor(name)]}]]
        for form in forms:
            for taken in ("dropout", "dense"):
                network = generated.keras(source)
                with h5py.File(source, "a") as file:
                    config = json.loads(file.attrs["model_config"])
                    layers = config["config"]["layers"]
                    for before, layer in zip(layers, layers[1:]):
                        layer["inbound_nodes"] = form(before["config"]["name"])
                    layers[-1]["inbound_nodes"] = form(taken)
                    file.attrs["model_config"] = json.dumps(config)
                if taken == "dropout":
                    self.convert(source, self.describe(5, 4))
                    self.assert_same(network, 5)
                else:
                    self.assert_refused("out: it takes dense", source, self.describe(5, 4))


@unittest.skipIf(importlib.util.find_spec("torch") is None, "PyTorch is not installed")
class PyTorch(Importing):
    """Here the framework itself says what the network computes."""

    def setUp(self):
        super().setUp()
        import torch
        from torch import nn

        torch.manual_seed(1)

        class LSTMModel(nn.Module):
            def __init__(self):
                super().__init__()
                self.lstm = nn.LSTM(5, 8, 2, batch_first=True)
                self.fc = nn.Linear(8, 4)

            def forward(self, x):
                return self.fc(self.lstm(x)[0])

        self.torch, self.nn, self.network = torch, nn, LSTMModel().eval()
        self.checkpoint = self.folder / "last.pt"

    def compute(self, frames: np.ndarray) -> np.ndarray:
        with self.torch.inference_mode():
            return self.network(self.torch.from_numpy(frames)[None])[0].numpy()

    def renamed(self, prefix: str) -> dict:
        return {prefix + name: tensor for name, tensor in self.network.state_dict().items()}

    def test_state_dicts_and_checkpoints(self):
        optimizer = {"state": {0: {"exp_avg": self.torch.zeros(3)}}}
        cases = [
            self.network.state_dict(),
            {"epoch": 3, "state_dict": self.renamed("module."), "optimizer": optimizer},
            {"net": {"weights": self.renamed("model.encoder.")}, "loss": 0.5},
            {"models": [{"epoch": 3}, (self.network.state_dict(), 0.5)]},
            {"memory": {self.torch.device("cpu"): 3}, "net": self.network.state_dict()},
        ]
        for content in cases:
            self.torch.save(content, self.checkpoint)
            self.convert(self.checkpoint, self.describe(5, 4))
            self.assert_same(self.compute, 5)
            self.assertIn("fc.weight", modelfile.read(self.model)[0])

    def test_safetensors(self):
        arrays = {name: tensor.numpy() for name, tensor in self.renamed("student.").items()}
        modelfile.write(self.folder / "hub.safetensors", arrays, {})
        self.convert(self.folder / "hub.safetensors", self.describe(5, 4))
        self.assert_same(self.compute, 5)

    def test_safetensors_of_other_dtypes(self):
        torch, path = self.torch, self.folder / "hub.safetensors"
        for dtype, name in ((torch.float64, "F64"), (torch.bfloat16, "BF16"), (torch.int64, "I64")):
            with self.subTest(name):
                self.network.to(dtype if dtype.is_floating_point else torch.float32)
                header, blobs = {}, []
                for key, tensor in self.network.state_dict().items():
                    at = sum(map(len, blobs))
                    blobs.append(tensor.to(dtype).view(torch.uint8).numpy().tobytes())
                    shape, offsets = list(tensor.shape), [at, at + len(blobs[-1])]
                    header[key] = {"dtype": name, "shape": shape, "data_offsets": offsets}
                text = json.dumps(header).encode()
                path.write_bytes(len(text).to_bytes(8, "little") + text + b"".join(blobs))
                self.network.float()
                if dtype.is_floating_point:
                    self.convert(path, self.describe(5, 4))
                    self.assert_same(self.compute, 5)
                else:
                    self.assert_refused("weight.*I64", path, self.describe(5, 4))
        for header in (b"[]", b"3", b'{"a": []}'):
            path.write_bytes(len(header).to_bytes(8, "little") + header)
            self.assert_refused("damaged", path, self.describe(5, 4))
        for content in (b"", b"PK", b"no model, just words"):
            path.write_bytes(content)
            self.assert_refused("no safetensors", path, self.describe(5, 4))

    def test_one_of_several(self):
        other = self.nn.LSTM(5, 8).state_dict()
        self.torch.save({"network": other, "average": self.network.state_dict()}, self.checkpoint)
        self.assert_refused("'network', 'average'", self.checkpoint, self.describe(5, 4))
        self.convert(self.checkpoint, self.describe(5, 4), "--part", "average")
        self.assert_same(self.compute, 5)
        options = self.describe(5, 4), "--part", "ema"
        self.assert_refused("no part 'ema', but 'network', 'average'", self.checkpoint, *options)
        self.torch.save({"network": other}, self.checkpoint)
        self.assert_refused("no part 'ema', but 'network'", self.checkpoint, *options)
        self.torch.save(other, self.checkpoint)
        self.assert_refused("no parts", self.checkpoint, *options)

    def test_layers_as_described(self):
        nn = self.nn
        modules = {"inp": nn.Linear(15, 6), "rnn": nn.LSTM(6, 8, proj_size=3)}
        modules["out"] = nn.Linear(3, 4)
        self.network = nn.ModuleDict(modules)
        self.torch.save(self.network.state_dict(), self.checkpoint)
        self.assert_refused("hearken.layers", self.checkpoint, self.describe(5, 4))
        layers = [
            {"type": "splice", "left": 1, "right": 1},
            {"type": "linear", "name": "inp", "activation": "relu"},
            {"type": "lstm", "name": "rnn"},
            {"type": "linear", "name": "out"},
        ]
        self.convert(self.checkpoint, self.describe(5, 4, layers=layers))
        plain = self.model.read_bytes()
        self.torch.save(self.renamed("module.model."), self.checkpoint)
        for prefix in ("", "module.model."):
            named = [layer | {"name": prefix + layer["name"]} for layer in layers[1:]]
            self.convert(self.checkpoint, self.describe(5, 4, layers=[layers[0], *named]))
            self.assertEqual(self.model.read_bytes(), plain)

        def compute(frames: np.ndarray) -> np.ndarray:
            padded = np.concatenate([frames[:1], frames, frames[-1:]])
            windows = np.concatenate([padded[:-2], padded[1:-1], padded[2:]], axis=1)
            with self.torch.inference_mode():
                x = self.network["inp"](self.torch.from_numpy(windows)).relu()
                return self.network["out"](self.network["rnn"](x)[0]).numpy()

        self.assert_same(compute, 5)

    def test_tensors_of_no_layer(self):
        extra = {"embedding.table": self.torch.zeros(2)}
        self.torch.save(self.network.state_dict() | extra, self.checkpoint)
        self.assert_refused("embedding.table", self.checkpoint, self.describe(5, 4))

    def test_what_only_looks_like_an_lstm(self):
        nn = self.nn
        cases = {"bidirectional": nn.LSTM(5, 8, bidirectional=True), "GRU": nn.GRU(5, 8)}
        cases |= {"plain RNN": nn.RNN(5, 8)}
        cases["remove_weight_norm"] = nn.utils.weight_norm(nn.LSTM(5, 8), "weight_hh_l0")
        for reason, rnn in cases.items():
            network = nn.ModuleDict({"rnn": rnn, "fc": nn.Linear(8, 4)})
            self.torch.save(network.state_dict(), self.checkpoint)
            self.assert_refused(f"rnn.*{reason}", self.checkpoint, self.describe(5, 4))

    def test_weights_that_are_computed(self):
        self.network.fc = self.nn.utils.weight_norm(self.network.fc)
        tensors = self.network.state_dict()
        tensors["fc.weight"], computed = tensors.pop("fc.weight_v"), tensors.pop("fc.weight_g")
        for name in ("fc.weight_g", "fc.parametrizations.weight.original0", "fc.weight_mask"):
            tensors[name] = computed
            self.torch.save(tensors, self.checkpoint)
            self.assert_refused(f"'{name}'.*remove_weight_norm", self.checkpoint, self.describe(5, 4))
            del tensors[name]

    def test_description_of_strings(self):
        """As in a model file, a value may be a string of JSON."""
        network = self.nn.ModuleDict({"inp": self.nn.Linear(5, 5), **dict(self.network.named_children())})
        self.torch.save(network.state_dict(), self.checkpoint)
        layers = [{"type": "linear", "name": "inp", "activation": "tanh"}]
        layers += [{"type": "lstm", "name": "lstm"}, {"type": "linear", "name": "fc"}]
        front_end = {"type": "kaldi.fbank", "num_mel_bins": 5}
        strings = {"layers": json.dumps(layers), "frontend": json.dumps(front_end)}
        self.convert(self.checkpoint, self.describe(5, 4, **strings))

        def compute(frames: np.ndarray) -> np.ndarray:
            with self.torch.inference_mode():
                inputs = network["inp"](self.torch.from_numpy(frames)).tanh()
            return self.compute(inputs.numpy())

        self.assert_same(compute, 5)
        description = self.describe(5, 4)
        for text in ("[]", "{", '{"hearken.layers": "["}'):
            description.write_text(text)
            self.assert_refused("description.json: no object", self.checkpoint, description)

    def test_description_that_is_none(self):
        """It is named, not the checkpoint, and nothing is written."""
        self.torch.save(self.network.state_dict(), self.checkpoint)
        description = self.describe(5, 4)
        keys = json.loads(description.read_text())
        cases = {f"no '{key}'": {k: v for k, v in keys.items() if k != key} for key in keys}
        cases["hearken.frontend .*no object"] = keys | {"hearken.frontend": [1]}
        normalized = keys["hearken.frontend"] | {"normalization": "mean"}
        cases["normalization.*no object"] = keys | {"hearken.frontend": normalized}
        cases["hearken.layers.*no array"] = keys | {"hearken.layers": {"type": "lstm"}}
        cases["hearken.layers.* no array"] = keys | {"hearken.layers": ["lstm"]}
        cases["hearken.layers .*no array"] = keys | {"hearken.layers": "3"}
        for reason, content in cases.items():
            with self.subTest(reason):
                description.write_text(json.dumps(content))
                self.assert_refused(f"description.json: .*{reason}", self.checkpoint, description)
                self.assertFalse(self.model.exists())

    def test_code_in_a_checkpoint_is_not_run(self):
        trap = Trap(self.folder / "sprung")
        self.torch.save({"net": self.network.state_dict(), "arguments": trap}, self.checkpoint)
        self.convert(self.checkpoint, self.describe(5, 4))
        self.assert_same(self.compute, 5)
        self.assertFalse(trap.path.exists())

    def test_tensors_that_cannot_be_read(self):
        """Are no matter where the network does without them."""
        torch = self.torch
        quantized = torch.quantize_per_tensor(torch.zeros(3), 1.0, 0, torch.qint8)
        others = {"phases": torch.zeros(3, dtype=torch.complex64), "quantized": quantized}
        torch.save({"net": self.network.state_dict(), "others": others}, self.checkpoint)
        self.convert(self.checkpoint, self.describe(5, 4))
        self.assert_same(self.compute, 5)
        torch.save(self.network.state_dict() | others, self.checkpoint)
        self.assert_refused("'phases' is no tensor", self.checkpoint, self.describe(5, 4))

    def test_tensors_of_all_kinds(self):
        torch = self.torch
        values = torch.arange(-12.0, 12.0).reshape(4, 6) / 8
        parts = {"turned": values.T, "part": values[1:, ::2], "none": values[:, :0]}
        parts |= {"half": values.half(), "b16": values.bfloat16(), "double": values.double()}
        parts |= {"long": torch.tensor(7), "parameter": self.nn.Parameter(values)}
        torch.save(parts, self.checkpoint)
        for name, array in checkpoint.load(self.checkpoint).items():
            np.testing.assert_array_equal(array, parts[name].detach().double().numpy(), name)

    def test_what_is_no_checkpoint(self):
        self.torch.save(self.nn.Linear(2, 3), self.checkpoint)
        self.assert_refused("state_dict", self.checkpoint, self.describe(5, 4))
        for content in (b"", b"PK\x03\x04", b"\x80\x02."):
            self.checkpoint.write_bytes(content)
            self.assert_refused("checkpoint", self.checkpoint, self.describe(5, 4))
        with zipfile.ZipFile(self.checkpoint, "w") as archive:  # a string longer than memory can be
            archive.writestr("last/data.pkl", b"\x80\x04\x8d" + b"\xff" * 8)
        self.assert_refused("damaged", self.checkpoint, self.describe(5, 4))

    def test_what_pytorch_exports_as_onnx(self):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            example = self.torch.zeros(1, 7, 5)
            self.torch.onnx.export(self.network, example, str(self.folder / "net.onnx"))
        self.convert(self.folder / "net.onnx", self.describe(5, 4))
        self.assert_same(self.compute, 5)

    def test_onnx_that_is_no_chain(self):
        nn, offset = self.nn, self.torch.arange(8.0)
        lstm, square, other = nn.LSTM(5, 8, batch_first=True), nn.Linear(8, 8), nn.Linear(8, 8)
        cases = {
            "last state": lambda x: square(lstm(x)[1][0][-1]),
            "last state ": lambda x: square(lstm(x)[1][1][-1]),
            "forks": lambda x: (square(lstm(x)[0]), other(lstm(x)[0])),
            "backward": lambda x: square(lstm(x.flip(1))[0].flip(1)),
            "no bias": lambda x: square(lstm(x)[0]) + offset,
        }
        for reason, compute in cases.items():
            with self.subTest(reason), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                network = nn.Module()
                network.parts = nn.ModuleList([lstm, square, other])
                network.forward = compute
                example = self.torch.zeros(1, 7, 5)
                self.torch.onnx.export(network, example, str(self.folder / "net.onnx"))
                description = self.describe(5, 8)
                self.assert_refused(reason.strip(), self.folder / "net.onnx", description)


    def test_onnx_that_chooses_steps(self):
        nn = self.nn
        lstm, square, table = nn.LSTM(5, 8, batch_first=True), nn.Linear(8, 8), nn.Embedding(9, 5)
        taken = {
            "index": lambda x: square(lstm(x)[0][:, -1]),
            "slice": lambda x: square(lstm(x)[0][:, -1:]),
        }
        refused = {
            "first": lambda x: square(lstm(x)[0][:, 0]),
            "first as a slice": lambda x: square(lstm(x)[0][:, :1]),
            "last but one": lambda x: square(lstm(x)[0][:, -2]),
            "all but some": lambda x: square(lstm(x)[0][:, 2:]),
            "in the middle": lambda x: square(lstm(x)[0][:, x.shape[1] // 2]),
            "looked up": lambda x: square(lstm(table(x[:, :, 0].long()))[0]),
        }
        strided = {
            "every other": lambda x: square(lstm(x)[0][:, ::2]),
            "every other frame": lambda x: square(lstm(x[:, ::2])[0]),
        }
        for opset, cases in ((9, taken | refused), (13, taken | refused | strided)):
            for case, compute in cases.items():
                with self.subTest(case, opset=opset), warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    network = nn.Module()
                    network.parts = nn.ModuleList([lstm, square, table])
                    network.forward = compute
                    example, source = self.torch.zeros(1, 7, 5), self.folder / "net.onnx"
                    self.torch.onnx.export(
                        network, example, str(source), opset_version=opset,
                        input_names=["x"], dynamic_axes={"x": {1: "time"}},
                    )  # fmt: skip
                    if case in taken:
                        self.convert(source, self.describe(5, 8))
                    else:
                        self.assert_refused("last step", source, self.describe(5, 8))


class Parts(Importing):
    def test_gates(self):
        self.assertEqual(reorder(np.array([1, 2, 3, 4]), "icfo").tolist(), [1, 3, 2, 4])
        self.assertEqual(reorder(np.array([1, 2, 3, 4]), "iofc").tolist(), [1, 3, 4, 2])

    def test_protocol_buffers(self):
        packed = field(4, b"\x01\xac\x02")
        message = Message(field(1, 300) + field(1, -1) + field(2, "a") + field(3, 0.5) + packed)
        self.assertEqual(message.integers(1), [300, -1])
        self.assertEqual(message.integers(4), [1, 300])
        self.assertEqual((message.text(2), message.float(3)), ("a", 0.5))
        self.assertEqual((message.float(9, 2.0), message.bytes(9)), (2.0, b""))

    def test_damaged_files(self):
        rng = np.random.default_rng(3)
        generated.tf_cells(self.folder / "a.pb")
        generated.tf_block(self.folder / "b.pb")
        generated.onnx(self.folder / "c.onnx")
        n_refused = 0
        for source in sorted(self.folder.iterdir()):
            content = np.frombuffer(source.read_bytes(), np.uint8)
            for _ in range(300):
                damaged = content.copy()
                damaged[rng.integers(len(content), size=2)] = rng.integers(256, size=2)
                source.write_bytes(damaged.tobytes())
                try:
                    self.convert(source, self.describe(5, 4))
                except SystemExit as refusal:
                    self.assertIn(str(source), str(refusal))
                    n_refused += 1
        self.assertGreater(n_refused, 100)

    def test_other_files(self):
        (self.folder / "net.tflite").write_bytes(b"")
        self.assert_refused("ending", self.folder / "net.tflite", self.describe(5, 4))
        self.assert_refused("lost.onnx", self.folder / "lost.onnx", self.describe(5, 4))

    def test_endings_in_capitals(self):
        network = generated.onnx(self.folder / "NET.ONNX")
        self.convert(self.folder / "NET.ONNX", self.describe(5, 4))
        self.assert_same(network, 5)

    def test_a_model_that_cannot_be_written(self):
        generated.onnx(self.folder / "net.onnx")
        self.model = self.folder / "lost" / "model.safetensors"
        with self.assertRaisesRegex(SystemExit, f"{self.model}: "):
            self.convert(self.folder / "net.onnx", self.describe(5, 4))


if __name__ == "__main__":
    unittest.main()
