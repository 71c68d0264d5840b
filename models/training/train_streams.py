# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

"""Trains a model of phones, or of whole words, on endless streams (see `streams.py`).

    python3 models/training/train_streams.py models/training/english.toml english-bundle.npz

The streams are made from a bundle (see `bundle.py`). Training is first by cross-entropy against the
aligned labels, then by CTC; the state is carried from chunk to chunk for ever. Writes `last.pt`
(for --resume) and `log.tsv` to the run folder and prints the error on the development speakers as
it goes.
"""

import argparse
import copy
import json
import math
import time
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

import bfloat16
import configuration
import data
import features
from bundle import Bundle, made_for
from labels import LABEL_START, tokens_of
from network import LSTMModel, State, load_checkpoint, load_model, splice
from phone_errors import DevelopmentSet
from streams import Streams
from widen import is_narrower, widen

HERE = Path(__file__).resolve().parent
CTC_LABEL_FRAMES = 3  # after its label begins (and the delay), a token counts as said
STATISTICS_FRAMES = 2000  # of each stream


class Targets:
    """Labels as the network is to give them: later than the sound, so that it can look ahead."""

    def __init__(self, settings: dict, stride: int) -> None:
        self.ctc_frames = settings.get("ctc_label_frames", CTC_LABEL_FRAMES)
        n_frames = settings["delay_frames"] + self.ctc_frames
        self.tail = np.zeros((settings["streams"], n_frames), dtype=np.uint8)
        self.stride = stride

    def restart(self, restarted: np.ndarray) -> None:
        """Forgets what was said before in streams that begin anew, bool [n]."""
        self.tail[restarted] = 0

    def __call__(self, labels: np.ndarray) -> tuple[Tensor, Tensor, Tensor]:
        """For a chunk of labels [n, n_frames]: the token of every step [n, n_steps], the tokens
        said in it one stream after the other, and how many there are in each stream."""
        joined = np.concatenate([self.tail, labels], axis=1)
        n_frames = labels.shape[1]
        self.tail = joined[:, n_frames:]
        at_steps = joined[:, self.ctc_frames + self.stride - 1 :][:, : n_frames : self.stride]
        said = joined[:, :n_frames]
        starts = said > LABEL_START
        targets = (at_steps % LABEL_START, said[starts] % LABEL_START, starts.sum(axis=1))
        return tuple(torch.from_numpy(target.astype(np.int64)) for target in targets)


class StreamModel(LSTMModel):
    """The network, trained in bfloat16 if its attribute says so; evaluated as it is."""

    in_bfloat16 = False

    def forward(self, frames: Tensor, state: State | None = None) -> tuple[Tensor, State]:
        if not (self.training and self.in_bfloat16):
            return super().forward(frames, state)
        inputs = self.input_dropout(splice(frames, **self.context))
        outputs, state = bfloat16.lstm(self.lstm, inputs, state)
        return self.fc(self.output_dropout(outputs)).log_softmax(dim=-1), state


class Trainer:
    """The state of a run and one step of it."""

    def __init__(self, config: dict, mean: Tensor, std: Tensor, device: str = "cpu") -> None:
        self.config, self.settings, self.device = config, config["training"], device
        refuse_more_than_a_dct(config["front_end"])
        self.dct = features.dct_matrix(config["front_end"]["num_ceps"]).to(device)
        self.mean, self.std = mean.to(device), std.to(device)
        self.tokens = tokens_of(config)
        self.network = StreamModel(len(mean), len(self.tokens), config["network"]).to(device)
        self.network.in_bfloat16 = self.settings["bfloat16"] and device == "cpu"
        self.average = copy.deepcopy(self.network).eval()
        self.optimizer = torch.optim.AdamW(
            self.network.parameters(), weight_decay=self.settings["weight_decay"]
        )
        stride = config["network"]["splice"]["stride"]
        self.targets = Targets(self.settings, stride)
        self.state: State | None = None
        self.update = 0
        self.cpu_hours = 0.0

    @classmethod
    def start_from(cls, path: Path, config: dict, device: str = "cpu") -> "Trainer":
        """Begins with what a network of the same front end, as wide or narrower, has learnt: that of
        a checkpoint or of a model file. Where the tokens are others, only what leads to them."""
        load = load_model if path.suffix == ".safetensors" else load_checkpoint
        saved = load(path, config, "front_end")
        trainer = cls(config, saved["mean"], saved["std"], device)
        own = {name: part.clone() for name, part in trainer.network.state_dict().items()}
        learnt = saved["average"]
        if saved["tokens"] != trainer.tokens:
            learnt |= {name: part for name, part in own.items() if name.startswith("fc.")}
        if not is_narrower(learnt, own):
            raise SystemExit(f"{path}: its network is wider than the configuration's, or of other layers")
        widen(learnt, trainer.network)
        trainer.average.load_state_dict(trainer.network.state_dict())
        return trainer

    def learning_rate(self) -> float:
        """A short rise, then half a cosine to zero."""
        rise = min(1.0, (self.update + 1) / max(1, self.settings["warm_up"]))
        fall = (1 + math.cos(math.pi * min(1.0, self.update / self.settings["updates"]))) / 2
        return self.settings["learning_rate"] * rise * fall

    def by_ctc(self) -> bool:
        return self.update >= self.settings["ctc_from"]

    def chunk_frames(self) -> int:
        steps = self.settings["ctc_steps" if self.by_ctc() else "steps"]
        return steps * self.network.context["stride"]

    def inputs(self, mels: Tensor) -> Tensor:
        """Normalised cepstra of log-mel energies [..., n_mels]."""
        return (mels.to(self.device) @ self.dct.T - self.mean) / self.std

    def restart(self, restarted: np.ndarray) -> None:
        """Goes on from a state of zeros in streams that begin anew, bool [n]."""
        self.targets.restart(restarted)
        if self.state is not None:
            kept = torch.from_numpy(~restarted).to(self.device).unsqueeze(1)
            self.state = tuple(part * kept for part in self.state)

    def step(self, mels: np.ndarray, labels: np.ndarray) -> tuple[float, float]:
        """One update; returns the loss per step and the share of steps with the right token."""
        for group in self.optimizer.param_groups:
            group["lr"] = self.learning_rate()
        at_steps, said, counts = (part.to(self.device) for part in self.targets(labels))
        outputs, state = self.network(self.inputs(torch.from_numpy(mels)), self.state)
        self.state = tuple(part.detach() for part in state)
        loss = functional.nll_loss(outputs.flatten(0, 1), at_steps.flatten())
        if self.by_ctc():
            share = self.settings.get("cross_entropy", 0.0)
            loss = share * loss + (1 - share) * ctc_loss(outputs, said, counts)
        self.optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), self.settings["clip_gradient"])
        self.optimizer.step()
        self.update += 1
        self.update_average()
        right = (outputs.argmax(dim=-1) == at_steps).float().mean()
        return loss.item(), right.item()

    @torch.no_grad()
    def update_average(self) -> None:
        """Moves the averaged weights towards the trained ones, faster at first."""
        rate = max(1 - self.settings["averaging"], 10 / (10 + self.update))
        for slow, fast in zip(self.average.parameters(), self.network.parameters()):
            slow.lerp_(fast, rate)

    def save(self, path: Path) -> None:
        content = {
            "config": self.config,
            "tokens": self.tokens,
            "mean": self.mean,
            "std": self.std,
            "network": self.network.state_dict(),
            "average": self.average.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "update": self.update,
            "cpu_hours": self.cpu_hours,
        }
        torch.save(content, path.with_suffix(".part"))
        path.with_suffix(".part").rename(path)

    @classmethod
    def restore(cls, path: Path, config: dict, device: str = "cpu") -> "Trainer":
        """Takes up a run where `save` left it; refuses one of other tokens, another network
        or front end."""
        saved = load_checkpoint(path, config, "network", "front_end")
        trainer = cls(config, saved["mean"], saved["std"], device)
        if saved["tokens"] != trainer.tokens:
            raise SystemExit(f"{path}: its tokens are not those of the configuration")
        trainer.network.load_state_dict(saved["network"])
        trainer.average.load_state_dict(saved["average"])
        trainer.optimizer.load_state_dict(saved["optimizer"])
        trainer.update, trainer.cpu_hours = saved["update"], saved["cpu_hours"]
        return trainer


def refuse_more_than_a_dct(front_end: dict) -> None:
    """Ends the program where cepstra are more than the DCT of the energies in a bundle: then the
    engine would hear other features than the training."""
    needed = {"num_ceps": front_end.get("num_mel_bins", 23), "cepstral_lifter": 0, "use_energy": False}
    defaults = {"num_ceps": 13, "cepstral_lifter": 22, "use_energy": False}
    for key, value in needed.items():
        if (defaults | front_end)[key] != value:
            raise SystemExit(f"[front_end]: {key} must be {value} for a training on streams")


def ctc_loss(outputs: Tensor, said: Tensor, counts: Tensor) -> Tensor:
    """CTC per step over a chunk of every stream."""
    n_streams, n_steps, _ = outputs.shape
    lengths = torch.full((n_streams,), n_steps)
    loss = functional.ctc_loss(
        outputs.transpose(0, 1), said, lengths, counts, reduction="sum", zero_infinity=True
    )
    return loss / (n_streams * n_steps)


def statistics(streams: Streams) -> tuple[Tensor, Tensor]:
    """Mean and standard deviation of the cepstra of some minutes of streams."""
    mels = torch.from_numpy(streams.chunk(STATISTICS_FRAMES)[0]).flatten(0, 1)
    return features.statistics(mels @ features.dct_matrix(mels.shape[1]).T)


class Log:
    """What happened since the last check, printed and added to a file when the next one is due."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.restart()

    def restart(self) -> None:
        self.began, self.cpu_began = time.monotonic(), time.process_time()
        self.n_frames, self.values = 0, []

    def add(self, n_frames: int, values: tuple[float, float]) -> None:
        self.n_frames += n_frames
        self.values.append(values)

    def minutes(self) -> float:
        return (time.monotonic() - self.began) / 60

    def cpu_hours(self) -> float:
        return (time.process_time() - self.cpu_began) / 3600

    def write(self, trainer: Trainer, errors: dict[str, float]) -> None:
        """One line: update, CPU hours in all, frames a second, loss, accuracy, errors."""
        loss, right = np.mean(self.values, axis=0)
        fields = [f"{trainer.update}", f"{trainer.cpu_hours:.3f} h"]
        fields += [f"{self.n_frames / self.minutes() / 60:.0f}/s", f"{loss:.4f}", f"{right:.4f}"]
        fields += [f"{name} {100 * rate:.1f}" for name, rate in errors.items()]
        with open(self.path, "a", encoding="utf-8") as log:
            print(*fields, sep="\t", file=log)
        print(*fields, sep="\t", flush=True)


def refuse_bundle_of_others(config: dict, bundle: Bundle) -> None:
    """Ends the program where a bundle was made for other tokens or another front end."""
    made, needed = json.loads(bundle.made_for), json.loads(made_for(config))
    for what, value in needed.items():
        if made[what] != value:
            raise SystemExit(f"the bundle was made with other settings ({what}): make it anew")


def make_streams(config: dict, bundle: Bundle, seed: int) -> Streams:
    """Streams of the corpora that the bundle has."""
    refuse_bundle_of_others(config, bundle)
    shares = {c["corpus"]: c.get("share", 0.0) for c in config["corpora"]}
    shares = {name: share for name, share in shares.items() if len(bundle.clips(name, "train"))}
    if not any(shares.values()):
        raise SystemExit("no corpus has both a share and clips in the bundle to train on")
    if len(bundle.clips("noise", "train")) == 0:
        raise SystemExit("the bundle needs recordings without speech to train on: a corpus 'noise'")
    evenly = frozenset(c["corpus"] for c in config["corpora"] if c.get("evenly", False))
    return Streams(bundle, shares, config["streams"], config["training"]["streams"], seed, evenly)


def run(
    config: dict, bundle: Bundle, folder: Path, saved: Trainer | None, device: str = "cpu"
) -> None:
    """Trains from the beginning, or from where a run was, to the configured end."""
    settings = config["training"]
    seed = config["seed"] + (saved.update if saved else 0)
    torch.manual_seed(seed)
    streams = make_streams(config, bundle, seed)
    trainer = saved or Trainer(config, *statistics(streams), device)
    fillers = [i for i, token in enumerate(trainer.tokens) if token == data.FILLER]
    development = DevelopmentSet(bundle, settings["check_clips"], fillers)
    log = Log(folder / "log.tsv")
    while trainer.update < settings["updates"]:
        streams.changes.strength = min(1.0, trainer.update / max(1, settings["easy_updates"]))
        trainer.restart(streams.restart_some())
        mels, labels = streams.chunk(trainer.chunk_frames())
        log.add(labels.size, trainer.step(mels, labels))
        if log.minutes() >= settings["check_minutes"] or trainer.update == settings["updates"]:
            trainer.cpu_hours += log.cpu_hours()
            trainer.save(folder / "last.pt")
            log.write(trainer, development.phone_errors(trainer.average, trainer.inputs))
            log.restart()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("config", type=Path)
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--run", type=Path, help="folder for checkpoints (default: runs/<config>)")
    parser.add_argument("--resume", action="store_true", help="go on from last.pt")
    parser.add_argument("--start", type=Path, help="checkpoint or model as wide or narrower")
    parser.add_argument("--device", default="cpu", help="cuda for a GPU")
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    config = configuration.read(arguments.config, *configuration.ON_STREAMS)
    folder = arguments.run or HERE / "runs" / arguments.config.stem
    folder.mkdir(parents=True, exist_ok=True)
    saved = None
    if arguments.resume:
        saved = Trainer.restore(folder / "last.pt", config, arguments.device)
    elif arguments.start:
        saved = Trainer.start_from(arguments.start, config, arguments.device)
    run(config, Bundle.load(arguments.bundle), folder, saved, arguments.device)


if __name__ == "__main__":
    main()
