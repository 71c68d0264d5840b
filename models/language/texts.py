# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

"""The texts that the language model is estimated from and measured on: books, and what is spelled,
counted or commanded."""

import csv
import re
import sys
from pathlib import Path

import numpy as np

TRAINING = Path(__file__).resolve().parents[1] / "training"
sys.path.append(str(TRAINING))

import r_data  # noqa: E402
from pronounce import words_of  # noqa: E402
from split import shuffled  # noqa: E402

Sentence = list[str]

LETTERS = "a b c d e f g h i j k l m n o p q r s t u v w x y z".split()
DIGITS = "zero one two three four five six seven eight nine".split()
TEENS = (
    "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
).split()
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
DAYS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
    "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth thirtieth"
).split()
MONTHS = (
    "january february march april may june july august september october november december"
).split()
COMMANDS = (
    "yes no up down left right go stop on off start help enter erase repeat rubout cancel okay next "
    "back forward backward follow play pause louder quieter open close again delete quit exit"
).split()
ABBREVIATIONS = {"Mr": "mister", "Mrs": "missus", "Dr": "doctor", "St": "saint"}
VERBS = "enter erase rubout repeat start stop go help delete".split()


def read_corpus(
    data_path: Path, settings: dict, config_path: Path
) -> dict[str, list[Sentence]]:
    """The transcripts of a corpus by part: train, dev, test; without those that have figures."""
    with open(data_path / settings["corpus"] / "manifest.tsv", encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    if "speakers" in settings:
        lines = (config_path.parent / settings["speakers"]).read_text().splitlines()
        parts = dict(line.split("\t") for line in lines)
    else:
        ordered = shuffled({row["speaker"] for row in rows})
        n_dev = settings.get("dev_speakers", 0)
        parts = {name: "dev" if i < n_dev else "train" for i, name in enumerate(ordered)}
    sentences: dict[str, list[Sentence]] = {"train": [], "dev": [], "test": []}
    for row in rows:
        if not row["text"].startswith("_") and not re.search("[0-9]", row["text"]):
            sentences[parts[row["speaker"]]].append(words_of(row["text"]))
    return sentences


def is_counted(sentence: Sentence) -> bool:
    """Whether all is digits."""
    return set(sentence) <= {*DIGITS, "oh"}


def spell_out(text: str) -> str:
    """Abbreviations as they are read."""
    pattern = rf"\b({'|'.join(ABBREVIATIONS)})\."
    return re.sub(pattern, lambda match: ABBREVIATIONS[match[1]], text)


def read_lines(path: Path) -> list[Sentence]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [sentence for line in lines if (sentence := words_of(spell_out(line)))]


def read_novels(library: Path) -> list[Sentence]:
    """Jane Austen's novels and Moby Dick, from packages for R."""
    novels = ["\n".join(lines) for lines in r_data.read_texts(library / "janeaustenr")]
    (moby_dick,) = max(r_data.read_texts(library / "tokenizers"), key=lambda texts: len(texts[0]))
    novels.append(moby_dick.split("***")[2])  # between the marks of its publisher
    return [sentence for novel in novels for sentence in split_sentences(novel)]


def split_sentences(text: str) -> list[Sentence]:
    """Those of a book with empty lines between its paragraphs, without headings and what has figures."""
    sentences = []
    for paragraph in re.split(r"\n\s*\n", text.replace("\r", "").replace("_", "")):
        if not paragraph.isupper():
            line = spell_out(" ".join(paragraph.split()))
            parts = re.split(r"(?<=[.!?;])[\"\u201d')]*\s", line)
            sentences += [words_of(part) for part in parts if not re.search("[0-9]", part)]
    return [sentence for sentence in sentences if len(sentence) > 1]


class Spoken:
    """Spelled words, numbers, dates and commands as people say them, drawn at random."""

    def __init__(self, rng: np.random.Generator, words: list[str]) -> None:
        self.rng = rng
        self.spellable = [word for word in words if word.isascii() and word.isalpha() and len(word) > 1]

    def pick(self, words: list[str]) -> str:
        return words[self.rng.integers(len(words))]

    def digits(self, shortest: int, longest: int) -> Sentence:
        """Zero is one or the other throughout."""
        zero = self.pick(["zero", "oh"])
        drawn = self.rng.integers(10, size=self.rng.integers(shortest, longest + 1))
        return [DIGITS[digit] if digit else zero for digit in drawn]

    def telephone(self) -> Sentence:
        area = [["area", "code"], [], []][self.rng.integers(3)]
        return area + self.digits(7, 11)

    def two_digits(self) -> Sentence:
        number = self.rng.integers(10, 100)
        if number < 20:
            return [TEENS[number - 10]]
        return [TENS[number // 10 - 2]] + ([DIGITS[number % 10]] if number % 10 else [])

    def number(self) -> Sentence:
        kind = self.rng.integers(5)
        if kind == 0:
            return self.two_digits()
        if kind == 1:
            return self.two_digits() + self.two_digits()
        if kind == 2:
            return [self.pick(DIGITS[1:]), "hundred", "and"][: self.rng.integers(2, 4)] + self.two_digits()
        if kind == 3:
            return [self.pick(DIGITS[1:]), "thousand", self.pick(DIGITS[1:]), "hundred"]
        return self.digits(1, 1)

    def date(self) -> Sentence:
        day = self.pick(DAYS)
        if self.rng.random() < 0.3:
            day = self.pick(["twenty", "thirty"]) + " " + self.pick(DAYS[:9])
        year = ["nineteen", *self.two_digits()] if self.rng.random() < 0.8 else []
        return [self.pick(MONTHS), *day.split(), *year]

    def spelled(self) -> Sentence:
        return list(self.pick(self.spellable))

    def code(self) -> Sentence:
        """Letters, and numbers among them or after them."""
        letters = [self.pick(LETTERS) for _ in range(self.rng.integers(1, 7))]
        if self.rng.random() < 0.5:
            place = self.rng.integers(len(letters) + 1)
            letters[place:place] = self.digits(1, 3)
        return letters

    def command(self) -> Sentence:
        if self.rng.random() < 0.5:
            return [self.pick(COMMANDS)]
        told = [self.code, self.number, lambda: self.digits(1, 5)][self.rng.integers(3)]()
        return [self.pick(VERBS), *told]

    def draw(self, n_sentences: int) -> list[Sentence]:
        kinds = [self.spelled, self.code, self.command, self.telephone, self.number, self.date]
        kinds.append(lambda: self.digits(1, 8))
        chances = [0.3, 0.13, 0.17, 0.1, 0.1, 0.08, 0.12]
        return [kinds[kind]() for kind in self.rng.choice(len(kinds), n_sentences, p=chances)]
