# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

"""Tests of checkpoints and of the models made of them: in the engine they are what they were.

    python3 -m unittest models/training/test_export.py
"""

import argparse
import contextlib
import io
import json
import sys
import tempfile
import tomllib
import unittest
from pathlib import Path
from unittest import mock

import numpy as np
import soundfile
import torch

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import data
import engine
import export
import features
import modelfile
import prepare
import recognizer
import stretches
import train
from network import LSTMModel

N_FEATURES = 40
TOKENS = ["<blank>", "a", "b", "c"]


class Export(unittest.TestCase):
    def setUp(self):
        torch.manual_seed(1)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.model = Path(folder.name) / "model.safetensors"
        self.config = tomllib.loads((HERE / "english.toml").read_text(encoding="utf-8"))
        self.config["network"] |= {"hidden": 24, "layers": 2}
        network = LSTMModel(N_FEATURES, len(TOKENS), self.config["network"]).eval()
        self.frames = torch.randn(50, N_FEATURES)
        self.state_dict = network.state_dict()
        self.expected = self.outputs(self.state_dict)

    @torch.inference_mode()
    def outputs(self, state_dict: dict) -> np.ndarray:
        """What PyTorch makes of the frames."""
        network = LSTMModel(N_FEATURES, len(TOKENS), self.config["network"]).eval()
        network.load_state_dict(state_dict)
        return network(self.frames.unsqueeze(0))[0][0].numpy()

    def export(self, *arguments: str) -> None:
        """As the command does it."""
        checkpoint = {"config": self.config, "tokens": TOKENS, "average": self.state_dict}
        checkpoint |= {"mean": torch.zeros(N_FEATURES), "std": torch.ones(N_FEATURES)}
        path = self.model.with_suffix(".pt")
        torch.save(checkpoint, path)
        export.main([str(path), str(self.model), *arguments])

    def test_what_finds_words(self):
        decoding = self.model.with_name("decoding.toml")
        decoding.write_text(
            'dictionary = "a.dict"\nlanguage_weight = 0.7\nblank_bias = -2.0\n'
            "confidence = [0.5, 0.25]\n[token_offsets]\nb = [-60, 20]\n",
            encoding="utf-8",
        )
        self.export("--f32", "--decoding", str(decoding))
        _, described = modelfile.read(self.model)
        self.assertEqual(
            json.loads(described["hearken.decoding"]),
            {"dictionary": "a.dict", "language_weight": 0.7, "blank_bias": -2.0},
        )
        self.assertEqual(json.loads(described["hearken.confidence"]), [0.5, 0.25])
        self.assertEqual(
            json.loads(described["hearken.token-offsets"]), [[0, 0], [0, 0], [-60, 20], [0, 0]]
        )

    def test_forms(self):
        for form, tolerance in (("--f32", 1e-5), (None, 1e-3), ("--int8", 5e-3)):
            with self.subTest(form):
                self.export(*filter(None, [form]))
                found = engine.outputs(self.model, self.frames.numpy())
                np.testing.assert_allclose(found, self.expected, atol=tolerance)

    def test_recognizer_hears_what_the_engine_hears(self):
        """Also where its parts meet, whatever the context of a step."""
        samples = np.random.default_rng(1).normal(0, 0.1, 16 * data.SAMPLE_RATE_HZ)
        frames = features.mfcc(samples, self.config["front_end"])
        for left, right, stride in ((0, 2, 3), (2, 1, 1)):
            with self.subTest(left=left, right=right, stride=stride):
                self.config["network"]["splice"] = {"left": left, "right": right, "stride": stride}
                network = LSTMModel(N_FEATURES, len(TOKENS), self.config["network"])
                self.state_dict = network.state_dict()
                self.export("--f32")
                found = recognizer.Recognizer.load(self.model).log_probabilities(samples)
                expected = engine.outputs(self.model, frames.numpy())
                np.testing.assert_allclose(found.numpy(), expected, atol=1e-4)

    def test_recognizer_tells_no_fillers(self):
        self.state_dict["fc.bias"][1] += 100
        self.export("--f32")
        arrays, described = modelfile.read(self.model)
        for fillers, n_told in (({}, 1), ({"hearken.fillers": "[1]"}, 0)):
            modelfile.write(self.model, arrays, described | fillers)
            found = recognizer.Recognizer.load(self.model).recognize(np.zeros(16000))
            self.assertEqual(len(found), n_told)

    def test_bias_of_the_blank(self):
        self.export("--f32", "--blank-bias", "-1.5")
        found = engine.outputs(self.model, self.frames.numpy())
        # Log-probabilities sum to one again, so all others are moved by the same amount.
        moved = found - self.expected
        np.testing.assert_allclose(moved[:, 0] - moved[:, 1], -1.5, atol=1e-4)
        np.testing.assert_allclose(moved[:, 1], moved[:, 2], atol=1e-4)

    def test_int8_is_the_network_of_the_rounded_weights(self):
        self.export("--int8")
        arrays, _ = modelfile.read(self.model)
        rounded = {name: torch.from_numpy(arrays[name]) for name in self.state_dict}
        for name, tensor in self.state_dict.items():
            error = (rounded[name] - tensor).abs()
            limit = tensor.abs().amax(dim=-1, keepdim=True) / 254 if tensor.dim() == 2 else 0
            self.assertTrue((error <= limit + 1e-7).all(), name)
        found = engine.outputs(self.model, self.frames.numpy())
        np.testing.assert_allclose(found, self.outputs(rounded), atol=1e-4)

    def test_int8_of_rows_of_zeros(self):
        self.state_dict["fc.weight"][1] = 0
        self.export("--int8")
        found = engine.outputs(self.model, self.frames.numpy())
        np.testing.assert_allclose(found, self.outputs(self.state_dict), atol=5e-3)

    def test_int8_is_small(self):
        self.export()
        n_bytes_f16 = self.model.stat().st_size
        self.export("--int8")
        self.assertLess(self.model.stat().st_size, 0.65 * n_bytes_f16)


class Checkpoints(unittest.TestCase):
    """Those of a training on clips; for streams see test_streams.py."""

    def trainer(self, tokens: list[str], **network) -> train.Trainer:
        config = tomllib.loads((HERE / "an4.toml").read_text(encoding="utf-8"))
        config["network"] |= {"hidden": 8, "layers": 1} | network
        return train.Trainer(config, tokens, torch.zeros(N_FEATURES), torch.ones(N_FEATURES))

    def test_goes_on_only_where_it_was(self):
        with tempfile.TemporaryDirectory() as name:
            path = Path(name) / "last.pt"
            saved = self.trainer(TOKENS)
            saved.update = 7
            saved.save(path)
            same = self.trainer(TOKENS)
            same.restore(path)
            self.assertEqual(same.update, 7)
            for other in (self.trainer(TOKENS, hidden=9), self.trainer(TOKENS[:3])):
                with self.assertRaisesRegex(SystemExit, "network|words"):
                    other.restore(path)
            for other in (self.trainer(TOKENS, hidden=9), self.trainer(TOKENS, layers=2)):
                with self.assertRaisesRegex(SystemExit, f"{path}: .*LSTM"):
                    other.start_from(path)
            other = self.trainer(TOKENS)
            other.config["front_end"]["num_ceps"] = 13
            with self.assertRaisesRegex(SystemExit, "front_end"):
                other.start_from(path)

    def test_a_clip_longer_than_all_stretches_is_passed_over(self):
        settings = tomllib.loads((HERE / "an4.toml").read_text(encoding="utf-8"))["stretches"]
        said = [
            stretches.Utterance(np.ones(n, np.float32), [1], np.ones(n // 160, int))
            for n in (16000, 160000)
        ]
        corpus = stretches.Corpus("mine", 1.0, said, waiting=list(said))  # the long one comes first
        rng = np.random.default_rng(1)
        maker = stretches.StretchMaker(settings | {"noise_only": 0}, [corpus], [], [], rng)
        self.assertEqual([len(maker.pick(32000)) > 0 for _ in range(2)], [False, True])

    def test_noise_to_train_on(self):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            soundfile.write(folder / "silence.wav", np.zeros(16000), 16000)
            with self.assertRaisesRegex(SystemExit, f"{name}: .*to train on"):
                prepare.noises_of_training(folder)
            for index in range(20):  # one in ten is held out
                sound = np.random.default_rng(index).normal(size=16000) / 10
                soundfile.write(folder / f"{index}.wav", sound, 16000)
            self.assertGreater(len(prepare.noises_of_training(folder)), 9)

    def test_the_end_is_saved(self):
        """Also where it is between two checks."""
        config = self.trainer(TOKENS).config
        config["training"] |= {"check_every": 3}
        config["stage"] = [stage | {"updates": 4} for stage in config["stage"][:2]]
        batch = torch.randn(2, 30, N_FEATURES), [[1], [2]], torch.zeros(2, 30, dtype=torch.long)
        batches = mock.Mock(return_value=batch, rng=np.random.default_rng(1))
        batches.statistics.return_value = torch.zeros(N_FEATURES), torch.ones(N_FEATURES)
        arguments = argparse.Namespace(device="cpu", start=None, resume=False)
        with (
            tempfile.TemporaryDirectory() as name,
            mock.patch.object(train, "Batches", return_value=batches),
            mock.patch.object(train.prepare, "clips_of", return_value=[]),
            mock.patch.object(train.data, "word_tokens", return_value=TOKENS),
            contextlib.redirect_stdout(io.StringIO()),
        ):
            train.run(config, Path(name), Path(name), arguments)
            saved = torch.load(Path(name) / "last.pt")
        self.assertEqual((saved["stage"], saved["update"], saved["n_averaged"]), (1, 4, 8))


if __name__ == "__main__":
    unittest.main()
