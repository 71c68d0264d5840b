# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

"""What a text sounds like: words from a transcript, phones from CMUdict, by rule where it ends."""

import functools
import re
import subprocess
from pathlib import Path

BLANK = "<blank>"
PHONES = (
    "AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH "
    "UH UW V W Y Z ZH"
).split()
TOKENS = [BLANK, *PHONES]

Pronunciation = tuple[str, ...]
Dictionary = dict[str, list[Pronunciation]]
NOT_SPOKEN = re.compile(r"[^a-z' ]+")
FLITE_PHONES = {"ax": "AH", "axr": "ER"}  # those that CMUdict has under another name


def words_of(text: str) -> list[str]:
    """The words of a transcript in lower case, without punctuation and digits."""
    plain = NOT_SPOKEN.sub(" ", text.lower().replace("\u2019", "'"))
    return [word.strip("'") for word in plain.split() if word.strip("'")]


def read_dictionary(path: Path) -> Dictionary:
    """Every word's pronunciations, the commonest first, from a file in CMUdict's format."""
    dictionary: Dictionary = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        word, *phones = line.split()
        dictionary.setdefault(word.split("(")[0], []).append(tuple(phones))
    return dictionary


def look_up(word: str, dictionary: Dictionary) -> list[Pronunciation]:
    """A word's pronunciations: the dictionary's or, for a word that it lacks, a guess by rule."""
    return dictionary.get(word) or [by_rule(word)]


@functools.cache
def by_rule(word: str) -> Pronunciation:
    """What Flite's letter-to-sound rules make of a word."""
    command = ["flite", "-t", word, "-ps", "-o", "none"]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    phones = (FLITE_PHONES.get(phone, phone.upper()) for phone in printed.split())
    return tuple(phone for phone in phones if phone in PHONES)
