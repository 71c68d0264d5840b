# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

"""Tests of reading corpora and refusing bad ones.

    python3 -m unittest models/training/test_manifests.py
"""

import contextlib
import io
import sys
import tempfile
import unittest
from pathlib import Path

import numpy as np
import soundfile

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import manifests

SECOND = 16000


class Corpus(unittest.TestCase):
    """A folder to put a corpus into."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def write(self, name: str, *lines: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")

    def record(self, name: str, n_samples: int = SECOND, rate_hz: int = 16000) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, np.arange(n_samples) / 2**15, rate_hz, subtype="PCM_16")

    def usable(self, *arguments, **options) -> tuple[list, str]:
        with contextlib.redirect_stderr(io.StringIO()) as printed:
            clips = manifests.usable(*arguments, **options)
        return clips, printed.getvalue()


class Forms(Corpus):
    def test_our_own(self):
        self.write("manifest.tsv", "path\tseconds\tspeaker\ttext", 'a.wav\t1\tann\tSay "Yes" now')
        self.record("a.wav")
        for path in (self.folder, self.folder / "manifest.tsv"):
            (clip,), printed = self.usable(manifests.read(path), "it")
            self.assertEqual((clip.name, clip.speaker, printed), ("a.wav", "ann", ""))
            self.assertEqual(clip.words, ("say", '"yes"', "now"))
            self.assertEqual(len(clip.samples()), SECOND)

    def test_kaldi(self):
        self.record("wav/r1.wav", 2 * SECOND)
        self.record("wav/r2.wav")
        self.write("wav.scp", f"r1 {self.folder}/wav/r1.wav", "r2 wav/r2.wav")
        self.write("text", "r1 one two", "r2 three")
        self.write("utt2spk", "r1 ann", "r2 ben")
        clips, _ = self.usable(manifests.read(self.folder), "kaldi")
        self.assertEqual([c.words for c in clips], [("one", "two"), ("three",)])
        self.assertEqual([c.speaker for c in clips], ["ann", "ben"])

    def test_kaldi_with_segments(self):
        self.record("r1.wav", 2 * SECOND)
        self.write("wav.scp", "r1 r1.wav")
        self.write("text", "u1 one", "u2 two")
        self.write("utt2spk", "u1 ann", "u2 ann")
        self.write("segments", "u1 r1 0.00 0.5", "u2 r1 0.5 -1")
        clips, _ = self.usable(manifests.read(self.folder), "kaldi")
        first, rest = (clip.samples() * 2**15 for clip in clips)
        self.assertEqual((len(first), len(rest)), (8000, 24000))
        self.assertEqual((first[0], first[-1], rest[0]), (0, 7999, 8000))

    def test_librispeech(self):
        self.write("84/121123/84-121123.trans.txt", "84-121123-0000 GO ON", "84-121123-0001 DO")
        self.record("84/121123/84-121123-0000.flac")
        self.record("84/121123/84-121123-0001.wav")
        clips, _ = self.usable(manifests.read(self.folder), "tree")
        self.assertEqual([c.words for c in clips], [("go", "on"), ("do",)])
        self.assertEqual({c.speaker for c in clips}, {"84"})
        self.assertEqual(clips[1].name, "84/121123/84-121123-0001.wav")

    def test_common_voice(self):
        self.write("train.tsv", "client_id\tpath\tsentence\tup_votes", "0a1\tx_1.mp3\tGo on.\t2")
        self.record("clips/x_1.flac")
        (clip,), _ = self.usable(manifests.read(self.folder / "train.tsv"), "cv")
        self.assertEqual((clip.speaker, clip.words), ("0a1", ("go", "on.")))

    def test_recordings_alone(self):
        """Of noise nobody needs to say more; of speech something is missing."""
        self.record("b.wav")
        self.record("street/a.flac")
        self.write("README.md", "what was recorded where")
        clips, printed = self.usable(manifests.read(self.folder), "noise", spoken=False)
        self.assertEqual([clip.name for clip in clips], ["b.wav", "street/a.flac"])
        self.assertEqual(printed, "")
        with self.assertRaises(SystemExit):
            self.usable(manifests.read(self.folder), "speech")

    def test_what_is_no_manifest(self):
        self.write("notes.tsv", "what\twhen")
        for path in (self.folder, self.folder / "notes.tsv", self.folder / "none"):
            with self.assertRaisesRegex(SystemExit, str(path)):
                manifests.read(path)


class Faults(Corpus):
    def setUp(self):
        super().setUp()
        self.record("good.wav")
        for i in range(200):
            (self.folder / f"{i}.wav").hardlink_to(self.folder / "good.wav")

    def corpus_of(self, n_clips: int, *others: str) -> list:
        """So many clips, the last of them given as lines of the manifest."""
        lines = [f"{i}.wav\t1\tann\tyes" for i in range(n_clips - len(others))]
        self.write("manifest.tsv", "path\tseconds\tspeaker\ttext", *lines, *others)
        return manifests.read(self.folder)

    def test_every_fault_is_named_and_its_clip_left_out(self):
        self.record("slow.wav", rate_hz=8000)
        self.record("void.wav", 0)
        self.write("text.wav", "not a sound")
        cases = {
            "lost.wav\t1\tann\tyes": "no such file",
            "slow.wav\t1\tann\tyes": "8000 Hz",
            "void.wav\t1\tann\tyes": "no sound",
            "text.wav\t1\tann\tyes": "can be read",
            "good.wav\t1\tann\t": "empty transcript",
            "good.wav\t1\tann\t…": "empty transcript",
            "good.wav\t1\tann\tда": "foreign script: д",
            "good.wav\t1\t\tyes": "no speaker",
            "good.wav": "empty transcript",
            "1.wav\t1\tann\tyes": "named twice",
        }
        for line, reason in cases.items():
            with self.subTest(line):
                clips, printed = self.usable(self.corpus_of(100, line), "it")
                self.assertEqual(len(clips), 99)
                self.assertRegex(printed, f"it: {line.split()[0]}: .*{reason}")
                self.assertIn("1 of 100 clips left out", printed)

    def test_more_than_one_in_a_hundred_is_refused(self):
        lost = ["lost.wav\t1\tann\tyes", "gone.wav\t1\tann\tyes"]
        self.assertEqual(len(self.usable(self.corpus_of(200, *lost), "it")[0]), 198)
        with self.assertRaisesRegex(SystemExit, "it: more than 1%"):
            self.usable(self.corpus_of(199, *lost), "it")

    def test_nothing_at_all_is_refused(self):
        with self.assertRaises(SystemExit):
            self.usable([], "it")

    def test_segments_outside_of_the_recording(self):
        self.record("r.wav")
        self.write("wav.scp", "r r.wav", "c sox x.wav - |")
        self.write("text", *(f"u{i} yes" for i in range(4)))
        self.write("utt2spk", *(f"u{i} ann" for i in range(4)))
        self.write("segments", "u0 r 0.5 1.5", "u1 r 0.5 0.5", "u2 c 0 1", "u3 r 0 1")
        found = manifests.faults(manifests.read(self.folder), True, "LATIN")
        expected = {0: "segment beyond the end", 1: "no sound", 2: "no such file"}
        self.assertEqual(found, expected)

    def test_another_script_and_noise_are_as_asked_for(self):
        clips = self.corpus_of(1, "good.wav\t1\tann\tда")
        self.assertEqual(len(self.usable(clips, "it", script="CYRILLIC")[0]), 1)
        clips = self.corpus_of(1, "good.wav\t1\t\t")
        self.assertEqual(len(self.usable(clips, "it", spoken=False)[0]), 1)


if __name__ == "__main__":
    unittest.main()
