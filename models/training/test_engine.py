# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

"""Tests that training hears what recognition hears.

    python3 -m unittest models/training/test_engine.py
"""

import contextlib
import io
import sys
import tempfile
import tomllib
import unittest
from pathlib import Path

import numpy as np
import soundfile

try:
    import torch
    from torchaudio.compliance import kaldi
except ImportError:
    kaldi = None

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import bundle
import data
import engine
import features
import held_out
import manifests

CLIP = HERE.parent / "clips" / "cen5-fkdo-b.opus"
TOLERANCE = 1e-3  # docs/frontend.md
FRONT_END = tomllib.loads((HERE / "english.toml").read_text(encoding="utf-8"))["front_end"]
ENERGIES = {k: v for k, v in FRONT_END.items() if k not in ("num_ceps", "cepstral_lifter")}


class Features(unittest.TestCase):
    @unittest.skipIf(kaldi is None, "torchaudio is not installed")
    def test_are_torchaudios(self):
        samples = data.load_audio(CLIP)
        wave = torch.from_numpy(samples).unsqueeze(0)
        cepstra, energies = kaldi.mfcc(wave, **FRONT_END), kaldi.fbank(wave, **ENERGIES)
        found = features.mfcc(samples, FRONT_END)
        torch.testing.assert_close(found, cepstra, atol=TOLERANCE, rtol=0)
        found = features.log_mels(samples, FRONT_END)
        np.testing.assert_allclose(found, energies.numpy(), atol=TOLERANCE)

    def test_cepstra_are_the_dct_of_energies(self):
        samples = data.load_audio(CLIP)
        energies = torch.from_numpy(features.log_mels(samples, FRONT_END))
        cepstra = energies @ features.dct_matrix(energies.shape[1]).T
        found = features.mfcc(samples, FRONT_END)
        torch.testing.assert_close(found, cepstra, atol=TOLERANCE, rtol=0)

    def test_nothing_and_too_little(self):
        for n_samples, n_frames in ((0, 0), (399, 0), (400, 1), (559, 1), (560, 2)):
            found = features.log_mels(np.zeros(n_samples, dtype=np.float32), FRONT_END)
            self.assertEqual(found.shape, (n_frames, 40))

    def test_what_the_engine_refuses(self):
        samples = np.zeros(800, dtype=np.float32)
        with self.assertRaisesRegex(ValueError, "n_mels"):
            engine.features(samples, {"type": "kaldi.fbank", "n_mels": 40})
        with self.assertRaisesRegex(ValueError, "normalization"):
            normalization = {"mean": "mean", "std": "std"}
            engine.features(samples, {"type": "kaldi.fbank", "normalization": normalization})
        with self.assertRaisesRegex(ValueError, "finite"):
            features.log_mels(samples + np.nan, FRONT_END)


class Bundles(unittest.TestCase):
    """From recordings to what a training reads, here from a Kaldi data directory."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        rng = np.random.default_rng(1)
        for name in ("a", "b", "noise"):
            samples = rng.normal(0, 0.1, 2 * data.SAMPLE_RATE_HZ)
            soundfile.write(self.folder / f"{name}.flac", samples, data.SAMPLE_RATE_HZ)
        self.write("wav.scp", "a a.flac\nb b.flac\n")
        self.write("segments", "a1 a 0 0.5\na2 a 0.5 2\nb1 b 0 2\n")
        self.write("text", "a1 eight\na2 eight\nb1 eight\n")
        self.write("utt2spk", "a1 ann\na2 ann\nb1 ben\n")
        self.write("phones.tsv", "a1\tEY:10 T:20 .:30\nb1\tEY:5 T:9 .:12\n")
        self.write("noise.tsv", "path\tseconds\tspeaker\ttext\nnoise.flac\t2\t\t\n")
        speech = {"corpus": ".", "phones": "phones.tsv", "dev_speakers": 1}
        self.config = {"corpora": [speech, {"corpus": "noise.tsv"}], "front_end": FRONT_END}

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8")

    def build(self) -> "bundle.Bundle":
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            return bundle.build(self.config, self.folder, self.folder)

    def test_what_is_packed(self):
        made = self.build()  # a2 is left out, for it is not aligned
        self.assertEqual(np.diff(made.bounds).tolist(), [48, 198, 198])
        self.assertEqual(made.speaker.tolist(), ["ann", "ben", ""])
        self.assertEqual(sorted(made.part[:2]), ["dev", "train"])
        samples = data.load_audio(self.folder / "a.flac")[: data.SAMPLE_RATE_HZ // 2]
        expected = features.log_mels(samples, FRONT_END)
        np.testing.assert_allclose(made.clip(0)[0], expected, atol=0.0501)
        self.assertEqual(np.flatnonzero(made.clip(0)[1])[[0, -1]].tolist(), [10, 29])
        self.assertFalse(made.clip(2)[1].any())

    def test_two_speakers_in_one_recording(self):
        self.write("utt2spk", "a1 ann\na2 ben\nb1 ben\n")
        self.write("phones.tsv", "a1\tEY:10 T:20 .:30\na2\tEY:5 T:9 .:12\nb1\tEY:5 T:9 .:12\n")
        made = self.build()
        self.assertEqual(made.speaker[:3].tolist(), ["ann", "ben", "ben"])
        self.assertEqual(made.part[1], made.part[2])
        self.assertNotEqual(made.part[0], made.part[1])

    def test_held_out_segments_are_cut(self):
        (self.folder / "noise").mkdir()
        for i in range(20):  # of which one in ten or so is held out
            (self.folder / "noise" / f"{i}.flac").hardlink_to(self.folder / "noise.flac")
        rows = "".join(f"{i}.flac\t2\t\t\n" for i in range(20))
        self.write("noise/manifest.tsv", "path\tseconds\tspeaker\ttext\n" + rows)
        with contextlib.redirect_stdout(io.StringIO()):
            clips = manifests.read(self.folder)[:2]
            held_out.write_conditions("a/b", clips, self.folder, self.folder)
        lines = (self.folder / "a-b-clean.tsv").read_text(encoding="utf-8").splitlines()[1:]
        seconds = [float(line.split("\t")[1]) for line in lines]
        lengths = [soundfile.info(line.split("\t")[0]).duration for line in lines]
        self.assertEqual((seconds, lengths), ([0.5, 1.5], [0.5, 1.5]))
        self.assertTrue((self.folder / "a-b-noise.tsv").exists())
        self.assertFalse((self.folder / "a-b-room.tsv").exists())  # there are no rooms

    def test_held_out_without_held_out_noise(self):
        (self.folder / "noise").mkdir()
        (self.folder / "noise" / "train.flac").hardlink_to(self.folder / "noise.flac")
        self.assertFalse(data.is_held_out("train.flac", 10))
        self.write("noise/manifest.tsv", "path\tseconds\tspeaker\ttext\ntrain.flac\t2\t\t\n")
        with contextlib.redirect_stdout(io.StringIO()):
            held_out.write_conditions("a", manifests.read(self.folder), self.folder, self.folder)
        self.assertTrue((self.folder / "a-clean.tsv").exists())
        self.assertFalse((self.folder / "a-noise.tsv").exists())

    def test_a_bad_manifest_starts_nothing(self):
        (self.folder / "b.flac").unlink()
        with self.assertRaisesRegex(SystemExit, "1% of the clips are bad"):
            self.build()


if __name__ == "__main__":
    unittest.main()
