#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later
"""Golden vectors for the front end, from torchaudio (Debian's python3-torchaudio).

    /usr/bin/python3 tests/golden/generate_frontend.py

frontend.safetensors holds the signals ("signal/NAME-RATE"), and for every case its hearken.frontend
JSON as metadata ("CASE"), what torchaudio makes of every signal ("CASE/NAME": [frames, values]) and
the tensors that normalise it. Where torchaudio refuses a signal there is no tensor. The speech is a
quarter of a second of CMU AN4 (speech.wav).
"""
import copy
import json
import pathlib
import wave

import numpy as np
import torch
import torchaudio
from torchaudio.compliance import kaldi

from generate_lstm import random_floats
from safetensors_file import write_safetensors

HERE = pathlib.Path(__file__).parent
RATES = (16000, 8000, 11025)
SECONDS = 0.25
# A frequency at which neither the hop nor a transform is a whole number of periods: where it is,
# the spectrum between the harmonics is nothing but rounding, torchaudio's as well as ours.
SQUARE_HZ = 187.0

S16 = {"scale": 32768.0}
AT_8K = {"sample_frequency": 8000}
KALDI_MFCC = {
    "default": S16,
    "unscaled": {},
    "8k": AT_8K | S16,
    "energy": S16 | {"use_energy": True},
    "energy-windowed": {"use_energy": True, "raw_energy": False, "energy_floor": 0.0},
    "energy-htk": S16 | AT_8K | {"use_energy": True, "htk_compat": True},
    "htk": S16 | {"htk_compat": True, "window_type": "hamming"},
    "edges": S16 | {"snip_edges": False},
    "edges-odd": S16 | {"snip_edges": False, "frame_length": 25.0625, "frame_shift": 10.0625},
    "edges-8k": S16 | AT_8K | {"snip_edges": False, "deltas": {"order": 1}},
    "no-lifter": S16 | {"cepstral_lifter": 0.0, "num_mel_bins": 40, "num_ceps": 20},
    "deltas": S16 | {"deltas": {"order": 1, "win_length": 9}},
    "delta-deltas": S16 | {"snip_edges": False, "deltas": {"order": 2}},
    "normalized": S16 | {"deltas": {"order": 2, "win_length": 5}, "normalization": {}},
}
KALDI_FBANK = {
    "default": S16,
    "80": S16 | {"num_mel_bins": 80},
    "8k": S16 | AT_8K | {"num_mel_bins": 40, "snip_edges": False},
    "energy": S16 | {"use_energy": True, "raw_energy": False, "snip_edges": False},
    "energy-htk": S16 | AT_8K | {"use_energy": True, "htk_compat": True, "energy_floor": 0.1},
    "magnitude": S16 | {"use_power": False, "window_type": "hanning"},
    "linear": {"use_log_fbank": False},
    "blackman": S16 | {"window_type": "blackman", "blackman_coeff": 0.4, "low_freq": 64.0},
    "plain": {
        "window_type": "rectangular",
        "remove_dc_offset": False,
        "preemphasis_coefficient": 0.0,
        "round_to_power_of_two": False,
        "low_freq": 0.0,
        "high_freq": -400.0,
    },
    "normalized": S16 | {"num_mel_bins": 40, "normalization": {}},
}
HTK_MEL = {"n_fft": 400, "hop_length": 160, "n_mels": 40}
SLANEY_MEL = {"n_fft": 512, "win_length": 400, "hop_length": 160, "n_mels": 40}
SLANEY_MEL |= {"mel_scale": "slaney", "norm": "slaney"}
MEL_8K = {"n_fft": 256, "win_length": 199, "hop_length": 80, "n_mels": 23}
TORCHAUDIO_MFCC = {
    "htk": {"n_mfcc": 20, "log_mels": True, "melkwargs": HTK_MEL},
    "slaney": {"n_mfcc": 20, "log_mels": True, "melkwargs": SLANEY_MEL},
    "8k": {"sample_rate": 8000, "n_mfcc": 13, "log_mels": True, "melkwargs": MEL_8K},
    "slaney-8k": {
        "sample_rate": 8000,
        "n_mfcc": 13,
        "log_mels": True,
        "melkwargs": MEL_8K | {"mel_scale": "slaney", "f_min": 50.0, "f_max": 3800.0},
    },
    # Of which torchaudio takes the half in whole Hz.
    "odd-rate": {"sample_rate": 11025, "n_mfcc": 13, "log_mels": True, "melkwargs": SLANEY_MEL},
    "no-center": {"n_mfcc": 13, "log_mels": True, "melkwargs": SLANEY_MEL | {"center": False}},
    "no-norm": {"n_mfcc": 13, "norm": None, "log_mels": True, "melkwargs": HTK_MEL},
    "magnitude": {
        "n_mfcc": 13,
        "log_mels": True,
        "melkwargs": HTK_MEL | {"power": 1.0, "window_fn": "hamming_window"},
    },
    "decibels": {"n_mfcc": 20, "top_db": None, "melkwargs": HTK_MEL},
    "top-db": {"n_mfcc": 20, "melkwargs": SLANEY_MEL},
    "top-db-30": {"sample_rate": 8000, "n_mfcc": 13, "top_db": 30.0, "melkwargs": MEL_8K},
    "normalized": {
        "n_mfcc": 13,
        "log_mels": True,
        "melkwargs": SLANEY_MEL,
        "deltas": {"order": 2},
        "normalization": {},
    },
}


def speech(rate: int) -> torch.Tensor:
    with wave.open(str(HERE / "speech.wav")) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2") / 32768
    resampled = torchaudio.functional.resample(torch.from_numpy(samples).float(), 16000, rate)
    return resampled[: int(rate * SECONDS)]


def signals(rate: int) -> dict[str, torch.Tensor]:
    """Rounded to 16-bit floats, as which they are stored."""
    n = int(rate * SECONDS)
    half_periods = torch.floor(2 * SQUARE_HZ / rate * torch.arange(n, dtype=torch.float64))
    voice = speech(rate)
    all_signals = {
        "speech": voice,
        "silence": torch.zeros(n),
        "square": 1.0 - 2.0 * (half_periods % 2),
        "noise": torch.from_numpy(random_floats(1, 1.0, n)),
        # Little more than a window of 25 ms, and half of one.
        "short": voice[: rate // 40 + 1],
        "too-short": voice[: rate // 80],
    }
    return {name: signal.half().float() for name, signal in all_signals.items()}


def kaldi_features(function, signal: torch.Tensor, arguments: dict) -> torch.Tensor:
    scale = arguments.pop("scale", 1.0)
    return function(signal.unsqueeze(0) * scale, **arguments)


def causal_mfcc(transform: torchaudio.transforms.MFCC, signal: torch.Tensor) -> torch.Tensor:
    """The transform, but that top_db counts from the loudest value up to a frame, not of a clip."""
    mels = transform.MelSpectrogram(signal).T
    decibels = torchaudio.functional.amplitude_to_DB(mels, 10.0, 1e-10, 0.0)
    loudest = decibels.amax(dim=1).cummax(dim=0).values
    floor = (loudest - transform.top_db).unsqueeze(1)
    return torch.maximum(decibels, floor) @ transform.dct_mat


def torchaudio_features(signal: torch.Tensor, arguments: dict) -> torch.Tensor:
    top_db = arguments.pop("top_db", 80.0)
    melkwargs = arguments["melkwargs"]
    if "window_fn" in melkwargs:
        melkwargs["window_fn"] = getattr(torch, melkwargs["window_fn"])
    transform = torchaudio.transforms.MFCC(**arguments)
    transform.top_db = transform.amplitude_to_DB.top_db = top_db
    if arguments.get("log_mels") or top_db is None:
        return transform(signal).T
    return causal_mfcc(transform, signal)


def append_deltas(frames: torch.Tensor, order: int, win_length: int = 5) -> torch.Tensor:
    blocks = [frames.T]
    for _ in range(order):
        blocks.append(torchaudio.functional.compute_deltas(blocks[-1], win_length))
    return torch.cat(blocks).T


def compute(signal: torch.Tensor, front_end: dict) -> torch.Tensor | None:
    """[n_frames, n_values], not normalised; None where torchaudio refuses the signal."""
    arguments = copy.deepcopy(front_end)
    arguments.pop("normalization", None)
    deltas = arguments.pop("deltas", None)
    kind = arguments.pop("type")
    try:
        if kind == "torchaudio.MFCC":
            frames = torchaudio_features(signal, arguments)
        else:
            frames = kaldi_features(getattr(kaldi, kind.split(".")[1]), signal, arguments)
    except (AssertionError, RuntimeError):
        return None
    return append_deltas(frames, **deltas) if deltas else frames


def case(name: str, front_end: dict, all_signals: dict[int, dict]) -> dict[str, torch.Tensor]:
    """A case's tensors; completes @front_end."""
    rate = front_end.get("sample_frequency", front_end.get("sample_rate", 16000))
    frames = {signal: compute(all_signals[rate][signal], front_end) for signal in all_signals[rate]}
    tensors = {}
    if "normalization" in front_end:
        mean, std = frames["speech"].mean(dim=0), frames["speech"].std(dim=0)
        frames = {k: None if v is None else (v - mean) / std for k, v in frames.items()}
        front_end["normalization"] = {"mean": f"{name}/mean", "std": f"{name}/std"}
        tensors = {f"{name}/mean": mean, f"{name}/std": std}
    return tensors | {f"{name}/{k}": v for k, v in frames.items() if v is not None}


def main() -> None:
    torch.set_num_threads(1)
    all_signals = {rate: signals(rate) for rate in RATES}
    tensors = {}
    metadata = {}
    families = {
        "kaldi.mfcc": KALDI_MFCC,
        "kaldi.fbank": KALDI_FBANK,
        "torchaudio.MFCC": TORCHAUDIO_MFCC,
    }
    for kind, cases in families.items():
        for name, arguments in cases.items():
            front_end = {"type": kind} | copy.deepcopy(arguments)
            tensors |= case(f"{kind}/{name}", front_end, all_signals)
            metadata[f"{kind}/{name}"] = json.dumps(front_end)
    metadata["cases"] = json.dumps(list(metadata))
    for rate in RATES:  # last, as the others want places that are divisible by 4
        tensors |= {f"signal/{k}-{rate}": v.half() for k, v in all_signals[rate].items()}
    arrays = {name: tensor.contiguous().numpy() for name, tensor in tensors.items()}
    write_safetensors(HERE / "frontend.safetensors", arrays, metadata)


if __name__ == "__main__":
    main()
