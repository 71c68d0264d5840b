# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

"""Tests of what is learnt about word times and posteriors.

    python3 -m unittest models/training/test_calibrate.py
"""

import contextlib
import io
import json
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))

import calibrate

try:
    import plot_calibration
except ImportError:
    plot_calibration = None  # without matplotlib

DICTIONARY = {"a": [("AH",), ("EY",)], "nay": [("N", "EY")], "on": [("AA", "N")]}


class Calibration(unittest.TestCase):
    def test_words_of_aligned_phones(self):
        segments = [("-", 0), ("AA", 10), ("N", 18), ("EY", 25), ("-", 40), ("N", 50), ("EY", 55)]
        times = calibrate.said_words(("on", "a", "nay"), [*segments, ("-", 70)], DICTIONARY)
        self.assertEqual([t[:3] for t in times], [("on", 100, 250), ("a", 250, 400), ("nay", 500, 700)])
        self.assertEqual(calibrate.said_words(("nay", "on"), segments, DICTIONARY), [])

    def test_a_line_from_posteriors_to_confidences(self):
        rng = np.random.default_rng(1)
        posteriors = rng.uniform(0.01, 0.99, 20000)
        log_odds = np.log(posteriors / (1 - posteriors))
        confidences = 1 / (1 + np.exp(-(0.5 * log_odds - 1)))
        is_right = rng.random(20000) < confidences
        a, b = calibrate.logistic(posteriors, is_right)
        self.assertAlmostEqual(a, -1, delta=0.1)
        self.assertAlmostEqual(b, 0.5, delta=0.05)
        self.assertLess(calibrate.calibration_error(confidences, is_right), 0.02)
        self.assertGreater(calibrate.calibration_error(posteriors, is_right), 0.1)

    def test_a_line_where_all_is_certain(self):
        a, b = calibrate.logistic(np.ones(100), np.arange(100) < 90)
        self.assertAlmostEqual(a + b * np.log(1999), np.log(9), delta=0.01)

    def test_reliability(self):
        confidences, is_right = np.array([0.91, 0.99, 0.2, 1.0]), np.array([1, 0, 1, 1], dtype=bool)
        (low, low_right, n_low), (high, high_right, n_high) = calibrate.reliability(
            confidences, is_right
        )
        self.assertEqual((n_low, low_right, n_high), (1, 1.0, 3))
        self.assertAlmostEqual(low, 0.2)
        self.assertAlmostEqual(high, 2.9 / 3)
        self.assertAlmostEqual(high_right, 2 / 3)
        error = calibrate.calibration_error(confidences, is_right)
        self.assertAlmostEqual(error, (0.8 + 2.9 - 2) / 4)

    @unittest.skipIf(plot_calibration is None, "matplotlib is not installed")
    def test_picture(self):
        with tempfile.TemporaryDirectory() as name:
            picture = Path(name) / "calibration.png"
            plot_calibration.draw([(0.25, 0.3, 10), (0.95, 0.9, 90)], 0.05, picture)
            self.assertEqual(picture.read_bytes()[:8], b"\x89PNG\r\n\x1a\n")

    def check(self, heard_in: str = "a.wav", data: str = ".") -> str:
        """What the program prints of one clip, heard in such a file and with such a folder."""
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name).resolve()
            manifest, phones, heard = (folder / n for n in ("dev.tsv", "phones.tsv", "heard.jsonl"))
            manifest.write_text(f"path\tspeaker\ttext\n{folder}/a.wav\tx\t'On, \u2013 nay!'\n")
            phones.write_text("a.wav\tAA:10 N:18 N:25 EY:30 .:40\n")
            words = [
                {"text": "on", "start": 0.11, "end": 0.26, "confidence": 0.9},
                {"text": "nay", "start": 0.26, "end": 0.42, "confidence": 0.8},
            ]
            heard.write_text(json.dumps({"file": f"{folder}/{heard_in}", "words": words}) + "\n")
            command = ["calibrate.py", manifest, heard, "--data", folder / data, "--phones", phones]
            with (
                mock.patch.object(sys, "argv", [*map(str, command), "--check"]),
                mock.patch.object(calibrate.pronounce, "read_dictionary", lambda path: DICTIONARY),
                contextlib.redirect_stdout(io.StringIO()) as printed,
            ):
                calibrate.main()
        return printed.getvalue()

    def test_punctuation_is_no_error(self):
        printed = self.check()
        self.assertIn("starts: 2 words, off by 10 ms", printed)
        self.assertIn("2 words, 100.0 % right", printed)

    def test_files_of_other_names(self):
        with self.assertRaisesRegex(SystemExit, "heard.jsonl: .*named as in .*dev.tsv"):
            self.check(heard_in="b.wav")
        with self.assertRaisesRegex(SystemExit, "/a.wav is not in .*/corpus"):
            self.check(data="corpus")

    def test_evidence_of_one_clip(self):
        evidence = calibrate.Evidence()
        times = [("on", 100, 250, ("AA", "N")), ("nay", 500, 700, ("N", "EY"))]
        heard = [
            {"text": "On", "start": 0.19, "end": 0.31, "confidence": 0.9},
            {"text": "a", "start": 0.4, "end": 0.5, "confidence": 0.5},
        ]
        evidence.add(("on", "nay"), times, heard)
        self.assertEqual(evidence.is_right, [True, False])
        np.testing.assert_allclose(evidence.starts["AA"], [90])
        np.testing.assert_allclose(evidence.ends["N"], [60])
        self.assertEqual(calibrate.offsets({"AA": [90.0] * 5, "N": [10.0]})["N"], -90)


if __name__ == "__main__":
    unittest.main()
