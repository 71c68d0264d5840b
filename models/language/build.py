# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

"""Builds models/english.lm's ARPA text and models/english.dict, and prints perplexities.

    python3 models/language/build.py --data ../shared/data --arpa english.arpa --dictionary models/english.dict
"""

import argparse
import lzma
import tomllib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import mix
import ngrams
import texts
from estimate import estimate
from pronounce import look_up, read_dictionary
from texts import LETTERS, Sentence

SEED = 1
N_DRAWN = 200_000  # sentences of letters, numbers and commands
REPEATED = 20  # times that each such transcript of training counts
ABSENT = 1e-8  # P of a word that the US English model lacks, in it
LETTER_NAMES = {"z": ["Z IY", "Z EH D"], "a": ["AH", "EY"]}
RUNNING_TEXTS = ("LibriSpeech", "speechocean762, sentences")
CMUDICT = Path("/usr/share/pocketsphinx/model/en-us/cmudict-en-us.dict")
R_LIBRARY = Path("/usr/lib/R/site-library")


@dataclass
class Texts:
    novels: list[Sentence]  # running text
    books: list[Sentence]  # running text, and newer
    said: list[Sentence]  # running text of training recordings
    spoken: list[Sentence]  # letters, numbers and commands of training recordings
    measured: dict[str, list[Sentence]]  # of the development speakers, by kind


def read_texts(data_path: Path, r_library: Path) -> Texts:
    config_path = texts.TRAINING / "english.toml"
    config = tomllib.loads(config_path.read_text(encoding="utf-8"))
    corpora = {
        settings["corpus"]: texts.read_corpus(data_path, settings, config_path)
        for settings in config["corpora"]
        if "phones" in settings
    }
    accented = corpora["speechocean762"]
    said = corpora["librispeech"]["train"] + corpora["kathleen"]["train"]
    return Texts(
        novels=texts.read_novels(r_library),
        books=texts.read_lines(data_path / "text" / "ljspeech.txt"),
        said=said + [s for s in accented["train"] if not texts.is_counted(s)],
        spoken=corpora["an4"]["train"] + [s for s in accented["train"] if texts.is_counted(s)],
        measured={
            "LibriSpeech": corpora["librispeech"]["dev"],
            "speechocean762, sentences": [s for s in accented["dev"] if not texts.is_counted(s)],
            "speechocean762, digits": [s for s in accented["dev"] if texts.is_counted(s)],
            "AN4": corpora["an4"]["dev"],
        },
    )


def choose_words(foreign: set[str], read: Texts, pronounced: set[str]) -> ngrams.Vocabulary:
    """What the dictionary has of the US English model's words and the books', and all that is said
    in training recordings. A letter is itself, never with a full stop."""
    written = {word for sentence in [*read.novels, *read.books] for word in sentence}
    said = {word for sentence in [*read.said, *read.spoken] for word in sentence}
    words = {word for word in foreign | written if word in pronounced and "." not in word}
    words |= said | set(texts.COMMANDS) | set(LETTERS)
    return ngrams.Vocabulary([ngrams.END, ngrams.BEGIN, *sorted(words)])


def read_words(path: Path) -> set[str]:
    """The 1-grams of an ARPA file."""
    words = set()
    with lzma.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            if line.startswith("\\2-grams"):
                break
            if len(fields := line.split()) == 3:
                words.add(fields[1])
    return words - {ngrams.BEGIN, ngrams.END}


def score_words(models: list[ngrams.Model], sentences: list[Sentence]) -> np.ndarray:
    """log P of every word: [n_models, n_words]."""
    encode = models[0].vocabulary.encode
    return np.stack([np.concatenate([m.score(encode(s)) for s in sentences]) for m in models])


def score_sentences(models: list[ngrams.Model], sentences: list[Sentence]) -> np.ndarray:
    """log P of every sentence: [n_models, n_sentences]."""
    encode = models[0].vocabulary.encode
    return np.array([[m.score(encode(s)).sum() for s in sentences] for m in models])


def mix_all(
    written: list[ngrams.Model], spoken: ngrams.Model, measured: dict[str, list[Sentence]]
) -> ngrams.Model:
    """The models of running text by the word; with that of letters and numbers by the sentence, so
    that after two letters it takes over."""
    running = [measured[kind] for kind in RUNNING_TEXTS]
    shares = mix.learn_shares([score_words(written, text) for text in running])
    print("shares of the models of running text:", shares.round(3))
    text = mix.mix(written, shares, by_history=False)
    report("text", text, measured)
    pair = [text, spoken]
    shares = mix.learn_shares([score_sentences(pair, t) for t in measured.values()])
    print("shares of text and spoken:", shares.round(3))
    return mix.mix(pair, shares, by_history=True)


def write_dictionary(path: Path, words: list[str], dictionary: dict) -> None:
    """CMUdict's pronunciations, guesses by rule for what it lacks, and the names of the letters."""
    lines = []
    for word in words:
        said = LETTER_NAMES.get(word) or [" ".join(phones) for phones in look_up(word, dictionary)]
        for number, phones in enumerate(dict.fromkeys(said), 1):
            lines.append(f"{word}({number}) {phones}\n" if number > 1 else f"{word} {phones}\n")
    path.write_text("".join(lines), encoding="utf-8")


def write_texts(folder: Path, measured: dict[str, list[Sentence]]) -> None:
    """For `hearken compile-lm --perplexity`."""
    folder.mkdir(exist_ok=True)
    for kind, sentences in measured.items():
        name = kind.lower().replace(", ", "-") + ".txt"
        (folder / name).write_text("".join(" ".join(s) + "\n" for s in sentences), encoding="utf-8")


def report(title: str, model: ngrams.Model, measured: dict[str, list[Sentence]]) -> None:
    cells = [f"{ngrams.perplexity(model, sentences):.1f}" for sentences in measured.values()]
    print(" | ".join([title, *map(str, model.counts()[1:]), *cells]), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the corpora and texts")
    parser.add_argument("--cmudict", type=Path, default=CMUDICT)
    parser.add_argument("--r-library", type=Path, default=R_LIBRARY, help="where R's packages are")
    parser.add_argument("--prune", type=float, nargs="+", default=[6e-8])
    parser.add_argument("--arpa", type=Path, required=True, help="of the last --prune")
    parser.add_argument("--dictionary", type=Path)
    parser.add_argument("--texts", type=Path, help="folder for the texts that are measured on")
    arguments = parser.parse_args()

    foreign_path = arguments.data / "text" / "en-us-cmusphinx.arpa.xz"
    read = read_texts(arguments.data, arguments.r_library)
    measured = read.measured
    dictionary = read_dictionary(arguments.cmudict)
    vocabulary = choose_words(read_words(foreign_path), read, set(dictionary))
    if arguments.dictionary:
        write_dictionary(arguments.dictionary, vocabulary.words[2:], dictionary)
    if arguments.texts:
        write_texts(arguments.texts, measured)
    for kind, sentences in measured.items():
        numbers = np.concatenate([vocabulary.encode(s)[1:-1] for s in sentences])
        unknown = (numbers < 0).sum()
        print(f"{kind}: {len(sentences)} sentences, {len(numbers)} words, {unknown} unknown")

    drawn = texts.Spoken(np.random.default_rng(SEED), vocabulary.words[2:]).draw(N_DRAWN)
    examples = drawn + read.spoken * REPEATED
    with lzma.open(foreign_path, "rt", encoding="utf-8") as file:
        foreign = ngrams.read_arpa(file, vocabulary, np.log(ABSENT))
    novels, books, spoken = (
        estimate([vocabulary.encode(s) for s in sentences], vocabulary, kneser_ney)
        for sentences, kneser_ney in (
            (read.novels, True),
            (read.books + read.said, True),
            (examples, False),
        )
    )
    report("US English", foreign, measured)
    report("novels", novels, measured)
    report("books", books, measured)
    report("spoken", spoken, measured)
    model = mix_all([foreign, novels, books], spoken, measured)
    report("mixed", model, measured)
    for threshold in arguments.prune:
        pruned = mix.prune(model, threshold)
        report(f"pruned {threshold:g}", pruned, measured)
    ngrams.write_arpa(pruned, arguments.arpa, "English, by models/language/build.py")


if __name__ == "__main__":
    main()
