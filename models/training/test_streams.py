# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

"""Tests of the training on streams, down to a small training that must learn.

    python3 -m unittest models/training/test_streams.py
"""

import sys
import tempfile
import tomllib
import unittest
from pathlib import Path
from unittest import mock

import numpy as np
import soundfile
import torch
from torch import nn

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import aligner
import align_phones
import bfloat16
import bundle
import configuration
import data
import experiments
import export
import held_out
import mels
import modelfile
import music
import network
import phone_errors
import pieces
import pronounce
import streams
import train_streams
import widen
from labels import LABEL_START, Word, find_words, join_phrases, label_phones, label_pieces
from labels import label_words, read_phones, segments_of, tokens_of

N_MELS = 40
DICTIONARY = {"nine": [("N", "AY", "N")], "eight": [("EY", "T")], "double": [("D", "AH", "B")], "oh": [("OW",)]}


def small_config() -> dict:
    """The English configuration, for a tiny network and a short run on two corpora."""
    config = tomllib.loads((HERE / "english.toml").read_text(encoding="utf-8"))
    config["corpora"] = [{"corpus": "tones", "share": 1.0}, {"corpus": "noise"}]
    dropout = {"input": 0, "layers": 0, "output": 0}
    config["network"] |= {"hidden": 32, "layers": 2, "dropout": dropout}
    config["training"] |= {"streams": 8, "steps": 16, "warm_up": 5, "learning_rate": 1e-2}
    config["training"] |= {"updates": 200, "ctc_from": 150, "ctc_steps": 24, "averaging": 0.5}
    return config


def tone_bundle() -> bundle.Bundle:
    """Clips of three phones, each a tone in bands of its own, and one of noise."""
    rng = np.random.default_rng(1)
    energies, labels = [], []
    for _ in range(30):
        clip, names = np.full((60, N_MELS), -9.0), np.zeros(60, dtype=np.uint8)
        for first, phone in zip((6, 24, 42), rng.choice(3, size=3) + 1):
            clip[first : first + 14, 10 * phone : 10 * phone + 6] = 1.0
            names[first : first + 14] = phone
            names[first] += LABEL_START
        energies.append(clip + rng.normal(size=clip.shape))
        labels.append(names)
    energies.append(rng.normal(size=(200, N_MELS)) - 4)
    labels.append(np.zeros(200, dtype=np.uint8))
    bounds = np.cumsum([0, *map(len, labels)])
    corpus = np.array(["tones"] * 30 + ["noise"])
    part = np.array(["train"] * 24 + ["dev"] * 6 + ["train"])
    packed = bundle.pack(np.concatenate(energies))
    names, made_for = np.array(["x"] * 31), bundle.made_for(small_config())
    return bundle.Bundle(
        packed, np.concatenate(labels), bounds, corpus, part, names, names, made_for
    )


class Alignment(unittest.TestCase):
    def test_segments_without_pauses(self):
        line = "a S -9 T -9 A -9 L 0 0 -1 0 <sil> 15 -1 0 K 21 0 0 (NULL) 22 -1 0 AE(2) 40"
        self.assertEqual(aligner.parse(line), [("K", 15, 20), ("AE", 22, 39)])

    def test_failed_alignment(self):
        self.assertEqual(aligner.parse("(null) (a -1)"), [])

    def test_description_is_read_back(self):
        text = align_phones.describe([("K", 3, 4), ("AE", 6, 7), ("T", 12, 13)])
        self.assertEqual(text, "K:3 AE:6 -:8 T:12 .:14")
        with tempfile.NamedTemporaryFile("w", suffix=".tsv") as file:
            file.write(f"clip\t{text}\n")
            file.flush()
            segments = read_phones(Path(file.name))["clip"]
        labels = label_phones(segments, 16) % LABEL_START
        said = [pronounce.TOKENS[label] for label in labels]
        expected = ["K"] * 3 + ["AE"] * 2 + ["T"] * 2
        self.assertEqual([said[i] for i in (3, 4, 5, 6, 7, 12, 13)], expected)
        self.assertEqual([labels[i] for i in (2, 8, 11, 14)], [0, 0, 0, 0])

    def test_number_with_repeats(self):
        dictionary = DICTIONARY | {"zero": [("Z",)]}
        text = align_phones.digits_grammar("880", dictionary)
        self.assertEqual([text.count(f" {p}\n") for p in ("EY", "D", "Z", "OW")], [3, 1, 1, 1])

    def test_texts_that_nobody_can_pronounce(self):
        for text in ("_silence_", "", "flat 4", "\u0416"):
            self.assertIsNone(align_phones.grammar_of(text, DICTIONARY), text)

    def test_words_of_a_sentence(self):
        words = pronounce.words_of("\u2018Tis the dog\u2019s, etc.")
        self.assertEqual(words, ["tis", "the", "dog's", "etc"])


class Words(unittest.TestCase):
    SEGMENTS = [("EY", 2), ("T", 6), ("-", 10), ("AH", 20), ("V", 22), ("EY", 24), ("T", 30)]
    SEGMENTS.append((".", 34))

    def test_words_from_phones(self):
        dictionary = DICTIONARY | {"of": [("AO", "V"), ("AH", "V")]}
        words = find_words(self.SEGMENTS, "Eight of eight.", dictionary)
        self.assertEqual(words, [Word("eight", 2, 10), Word("of", 20, 24), Word("eight", 24, 34)])
        self.assertIsNone(find_words(self.SEGMENTS, "eight of", dictionary))

    def test_words_of_a_number(self):
        dictionary = DICTIONARY | {"zero": [("Z", "OW")]}
        dictionary |= {name: [(name,)] for name in [*align_phones.DIGITS[1:8], "nine", "triple"]}
        segments = [("OW", 0), ("D", 3), ("AH", 4), ("B", 5), ("EY", 6), ("T", 8), (".", 12)]
        words = [word.text for word in find_words(segments, "088", dictionary)]
        self.assertEqual(words, ["oh", "double", "eight"])

    def test_phrases(self):
        words = [Word("a", 0, 2), Word("b", 2, 5), Word("b", 6, 8)]
        self.assertEqual(join_phrases(words, ["a b"]), [Word("a b", 0, 5), Word("b", 6, 8)])
        self.assertEqual(join_phrases(words, ["a", "a b b"]), [Word("a b b", 0, 8)])
        self.assertEqual(join_phrases(words, ["b b", "x y z w"]), [words[0], Word("b b", 2, 8)])

    def test_the_second_half_is_labelled(self):
        tokens = tokens_of({"phrases": ["a b", "c"]})
        self.assertEqual(tokens[1:], ["<filler>", "\u2581a b", "\u2581c"])
        labels = label_words([Word("a b", 0, 4), Word("x", 4, 8)], tokens, 7)
        self.assertEqual(labels.tolist(), [0, 0, 2 + LABEL_START, 2, 0, 0, 1 + LABEL_START])

    def test_phrases_that_no_label_can_tell(self):
        many = [f"a{'b' * n}" for n in range(LABEL_START - 2)]
        self.assertEqual(len(tokens_of({"phrases": many})), LABEL_START)
        cases = {"at most 128": [*many, "c"], "'b' .* twice": ["b", "a", "b"]}
        cases |= {"write it 'hey you'": ["Hey, you!"], "'8' has no words": ["8"]}
        for reason, phrases in cases.items():
            with self.assertRaisesRegex(SystemExit, reason):
                tokens_of({"phrases": phrases})

    def test_pieces_of_words(self):
        tokens = tokens_of({"pieces": ["\u2581o", "\u2581on", "e", "ne", "n"]})
        labels = label_pieces([Word("one", 1, 5), Word("oe", 5, 9)], tokens, 8)
        said = [0, 2 + LABEL_START, 2, 3 + LABEL_START, 3, 1 + LABEL_START, 1, 3 + LABEL_START]
        self.assertEqual(labels.tolist(), said)
        self.assertEqual(pieces.spell("none", frozenset(tokens)), ("ne",))

    def test_pieces_that_are_often_together(self):
        found = pieces.often_together(["see", "see", "sea", "bee"], len(pieces.letters()) + 2)
        self.assertEqual(found[-2:], ["\u2581se", "\u2581see"])

    def test_segments_from_labels(self):
        labels = label_phones(self.SEGMENTS, 40)
        self.assertEqual(segments_of(labels), [*self.SEGMENTS[:-1], ("-", 34), (".", 40)])


class Parts(unittest.TestCase):
    @staticmethod
    def clip(name: str, *words: str) -> data.Clip:
        return data.Clip(name, Path("corpus") / name, "unknown", words)

    def test_without_speakers_files_are_drawn(self):
        clips = [self.clip(f"{n}.wav", "a") for n in range(200)]
        parts = bundle.parts_of(clips, {"phones": "x", "dev_one_in": 4}, HERE)
        self.assertEqual(set(parts.values()), {"train", "dev"})
        self.assertAlmostEqual(list(parts.values()).count("dev"), 50, delta=20)
        self.assertEqual(parts, bundle.parts_of(clips[::-1], {"dev_one_in": 4}, HERE))

    def test_configurations_that_lack_something(self):
        pattern = (HERE / "commands.toml").read_text(encoding="utf-8")
        cases = {
            "there is no language": pattern.replace("language =", "tongue ="),
            "there is no streams": pattern.replace("[streams]", "[rivers]"),
            r"\[training\] needs warm_up, as in": pattern.replace("warm_up", "heat"),
            "Invalid": "name =",
            r"\[front_end\]: sample_frequency must be 16000": pattern.replace("= 16000", "= 8000"),
            r"\[front_end\]: frame_shift must be 10": pattern.replace("dither", "frame_shift = 5\n#"),
        }
        with tempfile.TemporaryDirectory() as name:
            path = Path(name) / "mine.toml"
            with self.assertRaisesRegex(SystemExit, f"{path}"):
                configuration.read(path)
            for reason, text in cases.items():
                path.write_text(text, encoding="utf-8")
                with self.assertRaisesRegex(SystemExit, f"{path}: .*{reason}"):
                    configuration.read(path, *configuration.ON_STREAMS)
            path.write_text(pattern, encoding="utf-8")
            config = configuration.read(path, *configuration.ON_STREAMS)
            self.assertEqual(config["name"], "English commands")

    def test_speakers_that_nobody_listed(self):
        clips = [data.Clip("1", Path("1"), "ann", ("a",)), data.Clip("2", Path("2"), "bo", ("b",))]
        with tempfile.TemporaryDirectory() as name:
            settings = {"phones": "x", "speakers": "s.tsv"}
            listed = Path(name) / "s.tsv"
            listed.write_text("ann\ttrain\n", encoding="utf-8")
            self.assertEqual(bundle.parts_of(clips[:1], settings, Path(name)), {"1": "train"})
            with self.assertRaisesRegex(SystemExit, f"{listed}: .*not there: bo"):
                bundle.parts_of(clips, settings, Path(name))

    def test_held_out_phrases_and_others(self):
        clips = [self.clip("1", "a", "b"), self.clip("2", "b"), self.clip("3", "a", "b", "c")]
        clips += [self.clip("4", "a,", "b!"), self.clip("5", "8")]
        groups = held_out.groups_of(clips, "x", ["a b", "b", "eight"])
        names = {title: [clip.name for clip in group] for title, group in groups.items()}
        self.assertEqual(names, {"x": ["1", "2", "4", "5"], "x-others": ["3"]})
        self.assertEqual(held_out.groups_of(clips, "x", []), {"x": clips})


class Energies(unittest.TestCase):
    def test_packing(self):
        energies = np.linspace(-15.9, 9, 100)
        np.testing.assert_allclose(bundle.unpack(bundle.pack(energies)), energies, atol=0.0501)

    def test_no_warp_changes_nothing(self):
        np.testing.assert_allclose(mels.warp_matrix(N_MELS, 1.0), np.eye(N_MELS), atol=1e-5)

    def test_a_warp_moves_a_tone_up(self):
        tone = np.eye(N_MELS)[20]
        self.assertGreater(np.argmax(tone @ mels.warp_matrix(N_MELS, 1.2)), 20)

    def test_speed_keeps_every_phone_that_has_a_frame(self):
        labels = np.repeat(np.array([0, 5, 5, 7], dtype=np.uint8), 8)
        labels[[8, 16, 24]] += LABEL_START  # the phone 5 said twice
        for speed in (0.5, 0.9, 1.0, 1.3, 3.0):
            places = (np.arange(int(32 / speed)) * speed).astype(int)
            picked = mels.pick(labels, places)
            said = picked[picked > LABEL_START] % LABEL_START
            self.assertEqual(said.tolist(), [5, 5, 7], speed)

    def test_noise_has_the_power_asked_for(self):
        settings = small_config()["streams"]
        changes = mels.Changes(settings, N_MELS, np.random.default_rng(1))
        noise = np.random.default_rng(2).normal(size=(50, N_MELS)).astype(np.float32)
        silence = np.full((50, N_MELS), mels.SILENCE)
        self.assertAlmostEqual(mels.level(changes.with_noise(silence, noise, 2.0)), 2.0, places=3)


class Music(unittest.TestCase):
    def test_pieces_are_sound_and_each_is_another(self):
        made = list(music.pieces(3))
        for piece in made:
            self.assertEqual((piece.dtype, len(piece)), (np.float32, music.SECONDS * data.SAMPLE_RATE_HZ))
            self.assertTrue(0.02 < np.abs(piece).max() <= music.LOUDEST)
        self.assertFalse(np.array_equal(made[0], made[1]))
        np.testing.assert_array_equal(made[0], next(music.pieces(1)))

    def test_is_packed_as_noise(self):
        front_end, rows = small_config()["front_end"], []
        label = bundle.labels.labeller_of({})
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name) / "noise"
            folder.mkdir()
            noise = np.random.default_rng(1).normal(size=data.SAMPLE_RATE_HZ) / 10
            soundfile.write(folder / "a.wav", noise, data.SAMPLE_RATE_HZ)
            lines = "path\tseconds\tspeaker\ttext\na.wav\t1\tx\t\n"
            (folder / "manifest.tsv").write_text(lines, encoding="utf-8")
            settings = {"corpus": "noise", "music": 2}
            bundle.pack_corpus(settings, Path(name), HERE, front_end, label, lambda *r: rows.append(r))
        self.assertEqual([row[2:] for row in rows[1:]], [("noise", "train", "", "")] * 2)
        self.assertFalse(any(row[1].any() for row in rows))


class Streams(unittest.TestCase):
    def test_rare_texts_are_repeated(self):
        texts = np.array(["b"] * 16 + ["a"] * 4 + ["c"])
        repeated = streams.repeat_rare(np.arange(4, 21), texts)
        self.assertEqual([(texts[repeated] == t).sum() for t in "abc"], [8, 12, 3])

    def test_chunks_hold_the_clips_whole(self):
        settings = small_config()["streams"] | {"speed_percent": [100, 100]}
        made = streams.Streams(tone_bundle(), {"tones": 1.0}, settings, 2, seed=1)
        labels = np.concatenate([made.chunk(31)[1] for _ in range(40)], axis=1)
        starts = (labels > LABEL_START).sum()
        self.assertGreater(starts, 40)
        self.assertAlmostEqual((labels > 0).sum() / starts, 14, delta=0.7)  # two cut ends

    def test_noise_alone(self):
        settings = small_config()["streams"] | {"noise_alone": 1.0, "masks": 0, "telephone": 0}
        made = streams.Streams(tone_bundle(), {"tones": 1.0}, settings, 2, seed=1)
        energies, labels = made.chunk(2000)
        self.assertFalse(labels.any())
        self.assertGreater(energies.mean(), mels.SILENCE + 5)

    def test_some_streams_begin_anew(self):
        settings = small_config()["streams"] | {"restarts": 0.5}
        made = streams.Streams(tone_bundle(), {"tones": 1.0}, settings, 40, seed=1)
        before = list(made.rest)
        restarted = made.restart_some()
        self.assertAlmostEqual(restarted.sum(), 20, delta=9)
        kept = [now is then for now, then in zip(made.rest, before)]
        self.assertEqual(kept, (~restarted).tolist())

    def test_targets_are_late_and_in_one_chunk_each(self):
        labels = np.zeros((1, 60), dtype=np.uint8)
        labels[0, 10:16], labels[0, 10] = 7, 7 + LABEL_START
        labels[0, 28:40], labels[0, 28] = 9, 9 + LABEL_START
        targets = train_streams.Targets({"streams": 1, "delay_frames": 6}, stride=3)
        at_steps, said = [], []
        for first in (0, 30):
            steps, phones, counts = targets(labels[:, first : first + 30])
            self.assertEqual(counts.tolist(), [len(phones)])
            at_steps += steps[0].tolist()
            said.append(phones.tolist())
        self.assertEqual(said, [[7], [9]])
        # Step s has heard frame 3 s + 2 and tells of the one 6 before.
        self.assertEqual(at_steps, [labels[0, max(0, 3 * s - 4)] % 128 for s in range(20)])


class Bfloat16(unittest.TestCase):
    def test_is_the_same_lstm(self):
        for n_projected in (0, 6):
            with self.subTest(n_projected):
                self.check(nn.LSTM(10, 16, 2, batch_first=True, proj_size=n_projected))

    def check(self, module: nn.LSTM):
        torch.manual_seed(1)
        inputs = torch.randn(3, 7, 10, requires_grad=True)
        state = tuple(torch.randn(2, 3, size) for size in (module.proj_size or 16, 16))
        results = []
        for outputs, (h, c) in (module(inputs, state), bfloat16.lstm(module, inputs, state)):
            outputs.square().sum().backward()
            gradients = [inputs.grad, *(p.grad for p in module.parameters())]
            results.append([outputs.detach(), h.detach(), c.detach(), *gradients])
            inputs.grad = None
            module.zero_grad(set_to_none=True)
        for exact, rounded in zip(*results, strict=True):
            self.assertLess((exact - rounded).norm() / exact.norm(), 0.03)


class Experiments(unittest.TestCase):
    def test_configurations_differ_in_what_they_say(self):
        base = tomllib.loads((HERE / "english-320.toml").read_text(encoding="utf-8"))
        made = tone_bundle()
        for name, changes in experiments.EXPERIMENTS.items():
            config = experiments.configuration(base, changes, 10, made)
            differing = {key for key in config if config[key] != base.get(key)}
            self.assertEqual(differing, {*changes, "training"}, name)
            self.assertLess(len(tokens_of(config)), LABEL_START)

    def test_phones_become_pieces(self):
        labels = np.concatenate([label_phones([("-", 0), ("EY", 2), ("T", 6), (".", 8)], 9)] * 2)
        names = np.array(["x", "x"])
        made = bundle.Bundle(
            np.zeros((18, N_MELS), np.uint8), labels, np.array([0, 9, 18]), names, names, names,
            np.array(["eight", "nine"]), "",
        )  # fmt: skip
        config = {"front_end": {}, "pieces": ["\u2581eigh", "t"]}
        with mock.patch.object(pronounce, "read_dictionary", lambda path: DICTIONARY):
            pieced = experiments.relabelled(made, config)
        said = [0, 0, 1 + LABEL_START, 1, 1, 2 + LABEL_START, 2, 2, 0]
        self.assertEqual((pieced.labels.tolist(), pieced.text.tolist()), (said, ["eight"]))
        self.assertEqual(pieced.made_for, bundle.made_for(config))


class Widening(unittest.TestCase):
    def test_outputs_are_the_same_at_first(self):
        torch.manual_seed(1)
        sizes = [({"hidden": 12}, {"hidden": 20})]
        sizes.append(({"hidden": 12, "projection": 8}, {"hidden": 20, "projection": 12}))
        for smaller, larger in sizes:
            settings = small_config()["network"]
            narrow = network.LSTMModel(5, 7, settings | smaller).eval()
            wide = network.LSTMModel(5, 7, settings | larger).eval()
            widen.widen(narrow.state_dict(), wide)
            frames = torch.randn(2, 30, 5)
            torch.testing.assert_close(wide(frames)[0], narrow(frames)[0])

    def test_what_is_added_can_learn(self):
        settings = small_config()["network"] | {"hidden": 12}
        wide = network.LSTMModel(5, 7, settings | {"hidden": 20})
        widen.widen(network.LSTMModel(5, 7, settings).state_dict(), wide)
        wide(torch.randn(2, 30, 5))[0][..., 1].sum().backward()
        self.assertTrue(wide.fc.weight.grad[:, 12:].abs().min() > 0)


class Training(unittest.TestCase):
    def test_distance(self):
        for said, heard, errors in (("", "ab", 2), ("abc", "abc", 0), ("abcd", "acxd", 2)):
            self.assertEqual(phone_errors.distance(said, heard), errors)

    def test_fillers_do_not_count(self):
        made = tone_bundle()
        development = phone_errors.DevelopmentSet(made, 9, fillers=[2])
        self.assertEqual(development.counted(np.array([1, 2, 2, 3])).tolist(), [1, 3])

    def test_a_restart_forgets(self):
        trainer = train_streams.Trainer(small_config(), torch.zeros(N_MELS), torch.ones(N_MELS))
        n_streams = trainer.settings["streams"]
        trainer.step(np.zeros((n_streams, 48, N_MELS), np.float32), np.full((n_streams, 48), 7))
        restarted = np.arange(n_streams) == 1
        trainer.restart(restarted)
        for part in (*trainer.state, torch.from_numpy(trainer.targets.tail).unsqueeze(0)):
            self.assertEqual((part == 0).all(dim=2).all(dim=0).tolist(), restarted.tolist())

    def test_features_that_the_engine_would_hear_otherwise(self):
        for key, value in (("cepstral_lifter", 22), ("use_energy", True), ("num_ceps", 20)):
            config = small_config()
            config["front_end"][key] = value
            with self.assertRaisesRegex(SystemExit, key):
                train_streams.Trainer(config, torch.zeros(N_MELS), torch.ones(N_MELS))

    def test_goes_on_only_with_the_same_tokens(self):
        config = small_config() | {"phrases": ["yes", "no"]}
        trainer = train_streams.Trainer(config, torch.zeros(N_MELS), torch.ones(N_MELS))
        with tempfile.TemporaryDirectory() as name:
            trainer.save(Path(name) / "last.pt")
            for phrases in (["no", "yes"], ["yes"]):
                with self.assertRaisesRegex(SystemExit, "tokens"):
                    other = config | {"phrases": phrases}
                    train_streams.Trainer.restore(Path(name) / "last.pt", other)

    def test_begins_with_a_model_file(self):
        config = small_config()
        trainer = train_streams.Trainer(config, torch.zeros(N_MELS), torch.ones(N_MELS))
        with tempfile.TemporaryDirectory() as name:
            saved, model = Path(name) / "last.pt", Path(name) / "small.safetensors"
            trainer.save(saved)
            export.main([str(saved), str(model), "--f32"])
            begun = train_streams.Trainer.start_from(model, config)
            config["front_end"]["num_mel_bins"] = 20
            with self.assertRaisesRegex(SystemExit, "front_end"):
                train_streams.Trainer.start_from(model, config)
        torch.testing.assert_close(begun.network.state_dict(), trainer.average.state_dict())

    def test_what_is_no_checkpoint(self):
        config = small_config()
        with tempfile.TemporaryDirectory() as name:
            lost, text, other = (Path(name) / file for file in ("lost.pt", "text.pt", "other.pt"))
            text.write_text("no checkpoint", encoding="utf-8")
            torch.save(nn.Linear(2, 3).state_dict(), other)
            model = Path(name) / "other.safetensors"
            modelfile.write(model, {"lstm": np.zeros(3, np.float32)}, {})
            lost_model = lost.with_suffix(".safetensors")
            for path in (lost, text, other, model, lost_model):
                with self.subTest(path.name):
                    with self.assertRaisesRegex(SystemExit, f"^{path}: no "):
                        train_streams.Trainer.start_from(path, config)
            for path in (lost, text, other):
                with self.assertRaisesRegex(SystemExit, f"^{path}: no checkpoint"):
                    export.main([str(path), str(model)])

    def test_begins_with_what_others_have_learnt(self):
        """Of other tokens, though not of other layers."""
        config = small_config() | {"phrases": ["yes", "no", "maybe"]}
        trainer = train_streams.Trainer(config, torch.zeros(N_MELS), torch.ones(N_MELS))
        with tempfile.TemporaryDirectory() as name:
            saved = Path(name) / "last.pt"
            trainer.save(saved)
            for phrases in (["yes"], ["a", "b", "c"], ["a", "b", "c", "d"]):
                begun = train_streams.Trainer.start_from(saved, config | {"phrases": phrases})
                learnt, taken = trainer.average.state_dict(), begun.average.state_dict()
                for part in (part for part in learnt if part.startswith("lstm.")):
                    torch.testing.assert_close(taken[part], learnt[part])
                self.assertEqual(len(begun.network.fc.bias), len(phrases) + 2)
                self.assertTrue((begun.network.fc.weight[2:] != 0).all())
                same = begun.network.fc.weight[:3] == trainer.network.fc.weight[:3]
                self.assertFalse(same.any())
            for other in ({"hidden": 16}, {"layers": 3}, {"layers": 1}):
                other = config | {"network": config["network"] | other}
                with self.assertRaisesRegex(SystemExit, "wider|layers"):
                    train_streams.Trainer.start_from(saved, other)

    def test_settings_of_zero_leave_something_out(self):
        config, made = small_config(), tone_bundle()
        config["training"] |= {"updates": 2, "warm_up": 0, "easy_updates": 0, "check_clips": 0}
        with tempfile.TemporaryDirectory() as name:
            train_streams.run(config, made, Path(name), saved=None)
            line = (Path(name) / "log.tsv").read_text(encoding="utf-8")
        self.assertNotIn("tones", line)

    def test_bundles_that_cannot_be_trained_on(self):
        def lacking(corpus: str) -> bundle.Bundle:
            made = tone_bundle()
            made.part[made.corpus == corpus] = "dev"
            return made

        config, made = small_config(), tone_bundle()
        front_end = config["front_end"] | {"low_freq": 60}
        cases = [
            (config, lacking("noise"), "'noise'"),
            (config, lacking("tones"), "train"),
            (config | {"corpora": [{"corpus": "tones"}]}, made, "share"),
            (config | {"phrases": ["yes", "no"]}, made, "tokens"),
            (config | {"front_end": front_end}, made, "front end"),
        ]
        with tempfile.TemporaryDirectory() as name:
            for other, kept, reason in cases:
                with self.assertRaisesRegex(SystemExit, reason):
                    train_streams.run(other, kept, Path(name), saved=None)

    def test_bundles_are_read_back(self):
        with tempfile.TemporaryDirectory() as name:
            path = Path(name) / "tones.npz"
            tone_bundle().save(path)
            for key, values in vars(bundle.Bundle.load(path)).items():
                np.testing.assert_array_equal(values, getattr(tone_bundle(), key), key)
            np.savez(path, mels=np.zeros(3))
            for _ in ("of other arrays", "of none"):
                with self.assertRaisesRegex(SystemExit, f"{path}: no bundle"):
                    bundle.Bundle.load(path)
                path.write_bytes(b"PK")

    def test_a_small_training_learns_and_goes_on(self):
        torch.manual_seed(1)
        config, made = small_config(), tone_bundle()
        with tempfile.TemporaryDirectory() as name:
            train_streams.run(config, made, Path(name), saved=None)
            config["training"]["updates"] += 1
            saved = train_streams.Trainer.restore(Path(name) / "last.pt", config)
            train_streams.run(config, made, Path(name), saved)
            lines = (Path(name) / "log.tsv").read_text(encoding="utf-8").splitlines()
            config["network"]["hidden"] = 16
            with self.assertRaisesRegex(SystemExit, "network"):
                train_streams.Trainer.restore(Path(name) / "last.pt", config)
            config["front_end"]["num_mel_bins"] = 20
            with self.assertRaisesRegex(SystemExit, "front_end"):
                train_streams.Trainer.start_from(Path(name) / "last.pt", config)
        self.assertEqual([line.split("\t")[0] for line in lines], ["200", "201"])
        self.assertLess(float(lines[-1].split(" ")[-1]), 40)


if __name__ == "__main__":
    unittest.main()
