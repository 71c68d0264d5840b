# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

"""Language models of a small text: their probabilities sum to 1, and mixing and pruning keep it so."""

import io
import struct
import sys
import tempfile
import unittest
import zlib
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

import mix  # noqa: E402
import ngrams  # noqa: E402
import r_data  # noqa: E402
import texts  # noqa: E402
from estimate import estimate  # noqa: E402

PROSE = ["the cat sat on the mat", "the dog sat on the cat", "a dog saw the mat", "a cat saw a dog"]
SPELLED = ["c a t", "d o g", "m a t", "c a b", "d a b", "b o a t"]


def model_of(lines: list[str], vocabulary: ngrams.Vocabulary, kneser_ney: bool) -> ngrams.Model:
    return estimate([vocabulary.encode(line.split()) for line in lines], vocabulary, kneser_ney)


class LanguageModels(unittest.TestCase):
    def setUp(self) -> None:
        words = sorted({word for line in PROSE + SPELLED for word in line.split()} | {"unseen"})
        self.vocabulary = ngrams.Vocabulary([ngrams.END, ngrams.BEGIN, *words])
        self.prose = model_of(PROSE, self.vocabulary, True)
        self.spelled = model_of(SPELLED, self.vocabulary, False)

    def assert_sums_to_one(self, model: ngrams.Model) -> None:
        n = len(self.vocabulary)
        words = np.array([i for i in range(n) if i != self.vocabulary.begin])
        self.assertAlmostEqual(np.exp(model.words[words]).sum(), 1, places=6)
        for first in range(n):
            after_one = model.after_one(np.full(n - 1, first), words)
            self.assertAlmostEqual(np.exp(after_one).sum(), 1, places=4)
            for second in words:
                pair = np.full(n - 1, first), np.full(n - 1, second)
                self.assertAlmostEqual(np.exp(model.after_two(*pair, words)).sum(), 1, places=4)

    def perplexity(self, model: ngrams.Model, lines: list[str]) -> float:
        return ngrams.perplexity(model, [line.split() for line in lines])

    def test_estimates_are_distributions(self) -> None:
        self.assert_sums_to_one(self.prose)
        self.assert_sums_to_one(self.spelled)

    def test_mixture_knows_both_kinds(self) -> None:
        mixed = mix.mix([self.prose, self.spelled], np.array([0.5, 0.5]), by_history=True)
        self.assert_sums_to_one(mixed)
        for own, lines in ((self.prose, PROSE), (self.spelled, SPELLED)):
            self.assertLess(self.perplexity(mixed, lines), 1.5 * self.perplexity(own, lines))

    def test_history_decides(self) -> None:
        models, shares = [self.prose, self.spelled], np.array([0.5, 0.5])
        c, a, t = (np.array([self.vocabulary.numbers[letter]]) for letter in "cat")
        by_history = mix.mix(models, shares, by_history=True).after_two(c, a, t)
        fixed = mix.mix(models, shares, by_history=False).after_two(c, a, t)
        self.assertGreater(by_history[0], fixed[0] + 0.3)

    def test_shares(self) -> None:
        encode = self.vocabulary.encode
        scores = [
            np.array([[m.score(encode(s.split())).sum() for s in text] for m in (self.prose, self.spelled)])
            for text in (PROSE, PROSE, PROSE, SPELLED)
        ]
        np.testing.assert_allclose(mix.learn_shares(scores), [0.75, 0.25], atol=0.01)

    def test_pruning(self) -> None:
        same = mix.prune(self.prose, 0.0)
        self.assertLessEqual(same.counts()[2], self.prose.counts()[2])
        small = mix.prune(self.prose, 0.01)
        self.assert_sums_to_one(small)
        self.assertLess(small.counts()[2], self.prose.counts()[2])
        self.assertGreater(self.perplexity(small, PROSE), self.perplexity(self.prose, PROSE))
        nothing = mix.prune(self.prose, 10.0)
        self.assertEqual(nothing.counts()[1:], (0, 0))

    def test_loss_is_the_growth_of_perplexity(self) -> None:
        """Against entropies summed over all words."""
        n = len(self.vocabulary)
        model = mix.prune(self.prose, 0.0)
        chances = model.chances - mix.add_logs(model.chances)
        first, second = model.bigram_keys // n, model.bigram_keys % n
        lost = mix.losses(chances, first, model.bigrams, model.words[second])
        usable = np.array([i for i in range(n) if i != self.vocabulary.begin])
        for i in range(len(first)):
            history = np.full(n - 1, first[i])
            before = model.after_one(history, usable)
            left = np.delete(np.arange(len(first)), i)
            bare = ngrams.Model(
                self.vocabulary,
                model.words,
                model.word_backoffs,
                model.bigram_keys[left],
                model.bigrams[left],
                np.zeros(len(left)),
                np.zeros(0, np.int64),
                np.zeros(0),
            )
            bare.normalize()
            after = bare.after_one(history, usable)
            divergence = np.exp(chances[first[i]]) * (np.exp(before) * (before - after)).sum()
            self.assertAlmostEqual(np.log1p(lost[i]), divergence, places=5)

    def test_arpa(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "prose.arpa"
            ngrams.write_arpa(self.prose, path, "a comment")
            text = path.read_text()
        again = ngrams.read_arpa(io.StringIO(text), self.vocabulary, -20.0)
        self.assertEqual(again.counts(), self.prose.counts())
        self.assertAlmostEqual(
            self.perplexity(again, PROSE), self.perplexity(self.prose, PROSE), places=2
        )

    def test_spoken(self) -> None:
        drawn = texts.Spoken(np.random.default_rng(1), ["cat", "o'clock", "b"]).draw(2000)
        self.assertIn(["c", "a", "t"], drawn)
        self.assertTrue(any("area" in sentence for sentence in drawn))
        self.assertTrue(all(sentence for sentence in drawn))
        self.assertEqual(
            drawn, texts.Spoken(np.random.default_rng(1), ["cat", "o'clock", "b"]).draw(2000)
        )


def stored_by_r(strings: list[str], version: int) -> bytes:
    """A vector of strings as R stores it."""
    value = b"X\n" + struct.pack(">iii", version, 0x40203, 0x20300)
    if version == 3:
        value += struct.pack(">i", 5) + b"UTF-8"
    value += struct.pack(">Ii", 16, len(strings))
    for text in strings:
        value += struct.pack(">Ii", 0x40009, len(text.encode())) + text.encode()
    return struct.pack(">I", len(value)) + zlib.compress(value)


class RunningText(unittest.TestCase):
    def test_data_of_r(self) -> None:
        number = b"X\n" + struct.pack(">iiiIid", 2, 0x40203, 0x20300, 14, 1, 0.5)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "data" / "Rdata.rdb"
            path.parent.mkdir()
            path.write_bytes(
                stored_by_r(["one", "", "naïve"], 3)
                + struct.pack(">I", len(number))
                + zlib.compress(number)
                + stored_by_r(["two"], 2)
            )
            self.assertEqual(r_data.read_texts(Path(folder)), [["one", "", "naïve"], ["two"]])

    def test_sentences(self) -> None:
        text = (
            "CHAPTER I\n\nMrs. Bennet saw\nMr. Hill; \u201cWell!\u201d said she.\n"
            "It was 1813.\n\nThe _very_ end--at last."
        )
        self.assertEqual(
            [" ".join(sentence) for sentence in texts.split_sentences(text)],
            ["missus bennet saw mister hill", "said she", "the very end at last"],
        )


if __name__ == "__main__":
    unittest.main()
