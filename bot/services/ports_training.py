"""What training needs from outside: the developers' files, a process that trains, and one that reads with a model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.domain.teaching.dataset import Base, Dataset
from bot.domain.teaching.results import Judged
from bot.services.serving import KeptModel

Progress = Callable[[str, float], None]
"""Hears what is being done, in the trainer's words, and how far it is, 0 to 1."""


class TrainingFailed(Exception):
    """No model was written, and nothing else changed. ``faults`` are sentences that say why."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, kw_only=True)
class ModelFile:
    """A kept model, as a list shows it. ``made_at`` is ISO 8601 with an offset, ``seconds`` what training it took."""

    id: str
    made_at: str
    bytes: int
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Question:
    """A message whose need is known; ``style`` says how it is written."""

    text: str
    truth: str
    style: str = ""


class Trainer(Protocol):
    """Trains and judges, each in a process of its own at low priority."""

    def base(self) -> Base:
        """Read the developers' files; takes a moment."""
        ...

    def tests(self) -> list[Question]:
        """Read the locked test messages; none where this installation has none."""
        ...

    def models(self) -> list[ModelFile]:
        """Return the models of this installation, the newest first."""
        ...

    def untaught(self) -> KeptModel | None:
        """Return the model of the developers' files alone, which serves where nothing was promoted."""
        ...

    def trained(self, dataset: Dataset) -> KeptModel | None:
        """Return the newest model of the developers' files as they are and of this dataset."""
        ...

    async def train(self, dataset: Dataset, progress: Progress) -> KeptModel:
        """Train on the developers' files and what was taught. Raises `TrainingFailed`; ends when it is cancelled."""
        ...

    async def judge(self, model: KeptModel, questions: Sequence[Question]) -> list[Judged]:
        """Return what a model makes of messages. Raises `TrainingFailed`."""
        ...
