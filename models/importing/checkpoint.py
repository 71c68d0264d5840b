# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

"""What `torch.save` wrote, as dictionaries of NumPy arrays, without PyTorch.

The file is a zip archive of a pickle and of the tensors' storages. A pickle names classes and
functions to be called; here nothing is called that the file names: tensors become arrays, and
objects of all other classes things that do nothing.
"""

import pickle
import zipfile
from collections import OrderedDict
from pathlib import Path

import numpy as np

DTYPES = {
    "DoubleStorage": "<f8",
    "FloatStorage": "<f4",
    "HalfStorage": "<f2",
    "BFloat16Storage": "<u2",
    "LongStorage": "<i8",
    "IntStorage": "<i4",
    "ShortStorage": "<i2",
    "CharStorage": "i1",
    "ByteStorage": "u1",
    "BoolStorage": "?",
}
# What reading a damaged pickle can end in.
DAMAGES = (pickle.UnpicklingError, KeyError, TypeError, AttributeError, EOFError)
DAMAGES += (MemoryError, OverflowError)


class Inert(dict):
    """Stands for any other object: takes everything, keeps and does nothing."""

    def __init__(self, *_arguments, **_named) -> None:
        super().__init__()

    __hash__ = object.__hash__  # it may be a key

    def __call__(self, *_arguments) -> "Inert":
        return self

    def __setstate__(self, _state) -> None:
        pass

    def __setitem__(self, _key, _value) -> None:
        pass

    def append(self, _item) -> None:
        pass

    def extend(self, _items) -> None:
        pass


def tensor(
    storage: np.ndarray | Inert, first: int, shape: tuple, strides: tuple, *_others
) -> np.ndarray | Inert:
    """A view of a storage; what torch._utils._rebuild_tensor_v2 makes."""
    if isinstance(storage, Inert):
        return storage
    last = first + sum((size - 1) * stride for size, stride in zip(shape, strides, strict=True))
    if 0 in shape:
        return np.zeros(shape, storage.dtype)
    if min((first, *shape, *strides)) < 0 or last >= len(storage):
        raise pickle.UnpicklingError("a tensor reaches beyond its storage")
    in_bytes = [stride * storage.itemsize for stride in strides]
    return np.lib.stride_tricks.as_strided(storage[first:], shape, in_bytes, writeable=False)


def parameter(data: np.ndarray, *_others) -> np.ndarray:
    return data


KNOWN = {
    ("collections", "OrderedDict"): OrderedDict,
    ("torch._utils", "_rebuild_tensor_v2"): tensor,
    ("torch._utils", "_rebuild_parameter"): parameter,
}


class Unpickler(pickle.Unpickler):
    """Finds no class but those above; a storage's class is its dtype."""

    def __init__(self, archive: zipfile.ZipFile, folder: str) -> None:
        super().__init__(archive.open(f"{folder}/data.pkl"))
        self.archive, self.folder = archive, folder

    def find_class(self, module: str, name: str) -> object:
        if module == "torch" and name in DTYPES:
            return DTYPES[name]
        return KNOWN.get((module, name), Inert)

    def persistent_load(self, identity: tuple) -> np.ndarray | Inert:
        _, dtype, key, *_ = identity
        if not isinstance(dtype, str):  # of complex numbers, say: no matter if no layer has it
            return Inert()
        values = np.frombuffer(self.archive.read(f"{self.folder}/data/{key}"), dtype)
        if dtype == DTYPES["BFloat16Storage"]:
            return (values.astype("<u4") << 16).view("<f4")
        return values


def load(path: Path) -> object:
    """The contents; ValueError where they are not those of a checkpoint."""
    try:
        with zipfile.ZipFile(path) as archive:
            pickles = [name for name in archive.namelist() if name.endswith("/data.pkl")]
            if len(pickles) != 1:
                raise ValueError("no checkpoint of PyTorch's")
            return Unpickler(archive, pickles[0].removesuffix("/data.pkl")).load()
    except zipfile.BadZipFile as error:
        raise ValueError("no checkpoint, or one from before PyTorch 1.6: save it anew") from error
    except DAMAGES as error:
        raise ValueError(f"no checkpoint of PyTorch's, or a damaged one ({error})") from error
