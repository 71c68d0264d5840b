# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

"""Reading and writing Hearken model files: safetensors with `hearken.*` metadata.

A file is the length of the header (8 bytes, little endian), the header (JSON, padded with spaces to
a multiple of 8 bytes), then the tensors, raw, little endian, row by row, the widest types first.
"""

import json
from pathlib import Path

import numpy as np

DTYPES = {"F32": np.dtype("<f4"), "F16": np.dtype("<f2"), "I8": np.dtype("i1")}
NAMES = {dtype: name for name, dtype in DTYPES.items()}
# What others' files may have besides; bfloat16 is the upper half of a float32.
READABLE = DTYPES | {"F64": np.dtype("<f8"), "BF16": np.dtype("<u2")}
SCALE = ".scale"  # ends the name of the scales of a tensor's rows
LARGEST_I8 = 127


def quantize(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A matrix in 8 bits: values [n_rows, n] and scales [n_rows]; rows = values * scales."""
    scales = np.abs(rows).max(axis=1).astype(np.float32) / LARGEST_I8
    scales[scales == 0] = 1
    return np.rint(rows / scales[:, np.newaxis]).astype(np.int8), scales


def write(path: Path, tensors: dict[str, np.ndarray], metadata: dict[str, str]) -> None:
    """Writes tensors (F32, F16, I8) and metadata."""
    header: dict[str, dict] = {"__metadata__": metadata}
    blobs = []
    offset = 0
    for name, tensor in sorted(tensors.items(), key=lambda item: -item[1].itemsize):
        blob = np.ascontiguousarray(tensor, dtype=tensor.dtype.newbyteorder("<")).tobytes()
        header[name] = {
            "dtype": NAMES[tensor.dtype],
            "shape": list(tensor.shape),
            "data_offsets": [offset, offset + len(blob)],
        }
        offset += len(blob)
        blobs.append(blob)
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(len(text).to_bytes(8, "little") + text + b"".join(blobs))


def read(path: Path) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    """The tensors of a file, all as float32, and its metadata."""
    content = path.read_bytes()
    start = 8 + int.from_bytes(content[:8], "little")
    try:
        header = json.loads(content[8:start])
    except ValueError as error:
        raise ValueError(f"no safetensors file ({error})") from error
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        first, after = entry["data_offsets"]
        dtype = entry["dtype"]
        if dtype not in READABLE:
            raise ValueError(f"'{name}' has the dtype {dtype}, which cannot be read")
        flat = np.frombuffer(content[start + first : start + after], READABLE[dtype])
        if dtype == "BF16":
            flat = (flat.astype("<u4") << 16).view("<f4")
        tensors[name] = flat.reshape(entry["shape"]).astype(np.float32)
    for name in [name for name, entry in header.items() if entry["dtype"] == "I8"]:
        scales = tensors.pop(name + SCALE)
        tensors[name] *= scales.reshape(-1, *[1] * (tensors[name].ndim - 1))
    return tensors, metadata
