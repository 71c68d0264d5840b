# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

"""Trains a model from a configuration file.

    python3 models/training/train.py models/training/an4.toml --start runs/english/last.pt

Writes checkpoints to the run folder: `last.pt` for --resume, `best.pt` (fewest errors on the
development speakers, averaged weights) for `export.py`.
"""

import argparse
import copy
import math
import time
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

import configuration
import data
import features
import prepare
import scoring
import stretches
from augment import SpecAugment
from network import LSTMModel, State, load_checkpoint
from recognizer import Recognizer, words

HERE = Path(__file__).resolve().parent
DEFAULT_DATA = HERE.parents[1] / ".." / "shared" / "data"


class Batches:
    """Random stretches as features and targets."""

    def __init__(self, config: dict, data_path: Path, tokens: list[str], clips: list) -> None:
        settings = config["data"]
        self.rng = np.random.default_rng(config["seed"])
        self.mfcc, self.batch_size = config["front_end"], config["training"]["batch"]
        corpora = [prepare.main_corpus(clips, tokens, settings, data_path, HERE)]
        corpora += [prepare.extra_corpus(e, tokens, data_path) for e in settings.get("extra", [])]
        for corpus in corpora:
            print(f"{corpus.name}: {len(corpus.utterances)} clips", flush=True)
        noises = prepare.noises_of_training(data_path / settings["noise"])
        rooms = prepare.rooms(data_path / settings["rooms"])
        self.maker = stretches.StretchMaker(config["stretches"], corpora, noises, rooms, self.rng)
        self.spec_augment = SpecAugment(config["spec_augment"], self.mfcc["num_ceps"])

    def statistics(self) -> tuple[Tensor, Tensor]:
        """Mean and standard deviation of the cepstra of many random stretches."""
        made = [self.maker.stretch(self.maker.batch_seconds()) for _ in range(200)]
        return features.statistics(torch.cat([self.frames(stretch) for stretch in made]))

    def frames(self, stretch: stretches.Utterance) -> Tensor:
        return features.mfcc(stretch.samples, self.mfcc)

    def __call__(self, strength: float) -> tuple[Tensor, list[list[int]], Tensor]:
        """Cepstra [batch, n_frames, n_ceps], tokens, and labels [batch, n_frames].

        Strength, 0 to 1, is how often recordings are changed, 1 being what the settings say.
        """
        self.maker.strength = self.spec_augment.strength = strength
        seconds = self.maker.batch_seconds()
        made = [self.maker.stretch(seconds) for _ in range(self.batch_size)]
        frames = [self.spec_augment(self.rng, self.frames(stretch)) for stretch in made]
        labels = np.stack([stretch.labels[: len(frames[0])] for stretch in made])
        return torch.stack(frames), [s.tokens for s in made], torch.from_numpy(labels)


class Trainer:
    """The state of a run and one step of it."""

    def __init__(
        self, config: dict, tokens: list[str], mean: Tensor, std: Tensor, device: str = "cpu"
    ) -> None:
        self.config, self.common, self.stages = config, config["training"], config["stage"]
        self.tokens, self.device = tokens, device
        self.mean, self.std = mean.to(device), std.to(device)
        self.mfcc = config["front_end"]
        self.network = LSTMModel(self.mfcc["num_ceps"], len(tokens), config["network"]).to(device)
        self.average = copy.deepcopy(self.network).eval()
        self.optimizer = torch.optim.AdamW(
            self.network.parameters(), weight_decay=self.common["weight_decay"]
        )
        self.carried: State | None = None
        self.n_averaged = 0
        self.best = math.inf
        self.begin(0)

    def step(self, frames: Tensor, tokens: list[list[int]], labels: Tensor, carry: bool) -> float:
        """One update; returns the loss."""
        for group in self.optimizer.param_groups:
            group["lr"] = self.learning_rate()
        state = self.carried if carry else None
        frames = (frames.to(self.device) - self.mean) / self.std
        log_probabilities, state = self.network(frames, state)
        self.carried = tuple(part.detach() for part in state)
        loss = self.loss(log_probabilities, tokens, labels.to(self.device))
        self.optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), self.settings["clip_gradient"])
        self.optimizer.step()
        self.update += 1
        self.update_average()
        return loss.item()

    def begin(self, stage: int) -> None:
        """Goes on to a stage: its settings, with a fresh count of updates."""
        self.stage, self.update = stage, 0
        self.settings = self.common | self.stages[stage]

    def between(self, name: str) -> float:
        """A setting that goes from a first to a last value over the stage, by half a cosine."""
        first, last = self.settings[name]
        rest = (1 + math.cos(math.pi * self.update / self.settings["updates"])) / 2
        return last + (first - last) * rest

    def learning_rate(self) -> float:
        """The stage's learning rate, after a short rise."""
        return self.between("learning_rate") * min(1, (self.update + 1) / self.settings["warm_up"])

    def loss(self, log_probabilities: Tensor, tokens: list[list[int]], labels: Tensor) -> Tensor:
        """Cross-entropy against the aligned words mixed with CTC, per token.

        The one keeps tokens near their sound, the other knows how many there are.
        """
        n_batch, n_steps, n_tokens = log_probabilities.shape
        ctc = functional.ctc_loss(
            log_probabilities.transpose(0, 1),
            torch.tensor([t for row in tokens for t in row], dtype=torch.long, device=self.device),
            torch.full((n_batch,), n_steps),
            torch.tensor([len(row) for row in tokens]),
            reduction="sum",
            zero_infinity=True,
        ) / max(1, sum(len(row) for row in tokens))
        context = self.network.context
        newest = torch.arange(n_steps, device=self.device) * context["stride"] + context["right"]
        labels = labels[:, newest.clamp(max=labels.shape[1] - 1)]
        weights = torch.ones(n_tokens, device=self.device)
        weights[0] = self.settings["aligned_blank_weight"]
        aligned = functional.nll_loss(
            log_probabilities.reshape(-1, n_tokens), labels.flatten(), weights
        )
        share = self.between("ctc_share")
        return share * ctc + (1 - share) * aligned

    @torch.no_grad()
    def update_average(self) -> None:
        """Moves the averaged weights towards the trained ones, faster at first."""
        self.n_averaged += 1
        rate = max(1 - self.settings["averaging"], 10 / (10 + self.n_averaged))
        for slow, fast in zip(self.average.parameters(), self.network.parameters()):
            slow.lerp_(fast, rate)

    def recognizer(self) -> Recognizer:
        """The averaged network, ready to recognise."""
        return Recognizer(self.average, self.mean, self.std, self.mfcc, self.tokens)

    def save(self, path: Path) -> None:
        torch.save(
            {
                "config": self.config,
                "tokens": self.tokens,
                "mean": self.mean,
                "std": self.std,
                "network": self.network.state_dict(),
                "average": self.average.state_dict(),
                "optimizer": self.optimizer.state_dict(),
                "stage": self.stage,
                "update": self.update,
                "n_averaged": self.n_averaged,
                "best": self.best,
            },
            path,
        )

    def start_from(self, path: Path) -> None:
        """Takes over the LSTM and the front end's statistics of another training."""
        saved = load_checkpoint(path, self.config, "front_end")
        lstm = {k: v for k, v in saved["average"].items() if k.startswith("lstm.")}
        own = {k: v for k, v in self.network.state_dict().items() if k.startswith("lstm.")}
        if {k: v.shape for k, v in lstm.items()} != {k: v.shape for k, v in own.items()}:
            raise SystemExit(f"{path}: its LSTM is of another size than the configuration's")
        for network in (self.network, self.average):
            network.load_state_dict(network.state_dict() | lstm)
        self.mean, self.std = saved["mean"].to(self.device), saved["std"].to(self.device)

    def restore(self, path: Path) -> None:
        """Takes up a run where `save` left it; refuses one of other words or another network."""
        saved = load_checkpoint(path, self.config, "network", "front_end")
        if saved["tokens"] != self.tokens:
            raise SystemExit(f"{path}: its words are not those of the manifest")
        self.network.load_state_dict(saved["network"])
        self.average.load_state_dict(saved["average"])
        self.optimizer.load_state_dict(saved["optimizer"])
        self.mean, self.std = saved["mean"].to(self.device), saved["std"].to(self.device)
        self.begin(saved["stage"])
        self.update, self.n_averaged = saved["update"], saved["n_averaged"]
        self.best = saved["best"]


def development_errors(
    recognizer: Recognizer, recordings: list[tuple[data.Clip, np.ndarray]]
) -> scoring.Errors:
    """Errors over clips, each from a state of zeros."""
    total = scoring.Errors()
    for clip, samples in recordings:
        heard = words(recognizer.recognize(samples), recognizer.tokens)
        total += scoring.compare(clip.words, heard)
    return total


def check(trainer: Trainer, recordings: list, folder: Path, loss: float) -> None:
    """Prints how the run is doing, adds a line to its log (as in `train_streams.py`; what is not
    known is -), and writes checkpoints."""
    errors = development_errors(trainer.recognizer(), recordings)
    with open(folder / "log.tsv", "a", encoding="utf-8") as log:
        columns = trainer.n_averaged, "-", "-", f"{loss:.4f}", "-", f"dev {100 * errors.rate:.2f}"
        print(*columns, sep="\t", file=log)
    print(
        f"{time.strftime('%X')}  stage {trainer.stage + 1}, update {trainer.update:4d}  "
        f"loss {loss:.4f}  dev {100 * errors.rate:.2f} %  {errors}",
        flush=True,
    )
    if errors.rate <= trainer.best:
        trainer.best = errors.rate
        trainer.save(folder / "best.pt")
    trainer.save(folder / "last.pt")


def run(config: dict, data_path: Path, folder: Path, arguments: argparse.Namespace) -> None:
    """Trains from the beginning, or from the last checkpoint, through all stages."""
    torch.manual_seed(config["seed"])
    clips = prepare.clips_of("train", config["data"], data_path, HERE)
    tokens = data.word_tokens(clips)
    batches = Batches(config, data_path, tokens, clips)
    trainer = Trainer(config, tokens, *batches.statistics(), arguments.device)
    if arguments.start is not None:
        trainer.start_from(arguments.start)
    if arguments.resume:
        trainer.restore(folder / "last.pt")
        batches.rng.bit_generator.advance(trainer.n_averaged)
    dev = prepare.clips_of("dev", config["data"], data_path, HERE)
    recordings = [(clip, clip.samples()) for clip in dev]
    losses: list[float] = []
    while True:
        if trainer.update == trainer.settings["updates"]:
            if trainer.stage + 1 == len(trainer.stages):
                break
            trainer.begin(trainer.stage + 1)
        carry = bool(batches.rng.random() < trainer.settings["carry_state"]) and bool(losses)
        losses.append(trainer.step(*batches(trainer.between("strength")), carry))
        is_last = trainer.update == trainer.settings["updates"]
        if is_last or trainer.update % trainer.settings["check_every"] == 0:
            check(trainer, recordings, folder, float(np.mean(losses)))
            losses = losses[-1:]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("config", type=Path)
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA, help="folder of the corpora")
    parser.add_argument("--run", type=Path, help="folder for checkpoints (default: runs/<config>)")
    parser.add_argument("--resume", action="store_true", help="go on from last.pt")
    parser.add_argument("--start", type=Path, help="checkpoint whose LSTM to start from")
    parser.add_argument("--device", default="cpu", help="cuda for a GPU")
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    config = configuration.read(arguments.config, "data", "network", "stretches", "spec_augment", "stage")
    folder = arguments.run or HERE / "runs" / arguments.config.stem
    folder.mkdir(parents=True, exist_ok=True)
    run(config, arguments.data, folder, arguments)


if __name__ == "__main__":
    main()
