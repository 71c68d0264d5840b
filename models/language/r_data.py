# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

"""Texts among the data of a package for GNU R, read without R."""

import lzma
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

HEADER_BYTES = 14  # "X\n", the format's version, R's, and the oldest R's that reads it
VECTOR_OF_STRINGS = 16  # these two as R's source has them: STRSXP, CHARSXP
STRING = 9


def read_texts(package: Path) -> list[list[str]]:
    """The vectors of strings that an installed package brings as data."""
    stored = (package / "data" / "Rdata.rdb").read_bytes()
    vectors = (read_vector(value) for value in split(stored))
    return [vector for vector in vectors if vector]


def split(stored: bytes) -> Iterator[bytes]:
    """The values of a lazy-load file: each has its length, then by zlib or, after a "Z", by xz what
    it is."""
    while stored:
        is_xz = stored[4:5] == b"Z"
        unpacker = lzma.LZMADecompressor() if is_xz else zlib.decompressobj()
        yield unpacker.decompress(stored[4 + is_xz :])
        stored = unpacker.unused_data


def read_vector(value: bytes) -> list[str]:
    """The strings of a serialised vector; none if it is anything else."""
    (version,) = struct.unpack_from(">i", value, 2)
    start = HEADER_BYTES
    if version == 3:  # the name of an encoding
        start += 4 + struct.unpack_from(">i", value, start)[0]
    flags, n_strings = struct.unpack_from(">Ii", value, start)
    if flags & 255 != VECTOR_OF_STRINGS:
        return []
    start += 8
    strings = []
    for _ in range(n_strings):
        flags, n_bytes = struct.unpack_from(">Ii", value, start)
        if flags & 255 != STRING:
            raise ValueError("a vector of strings with something else in it")
        start += 8
        strings.append(value[start : start + max(n_bytes, 0)].decode())  # -1: not available
        start += max(n_bytes, 0)
    return strings
