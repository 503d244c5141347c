"""What teaching needs from the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Protocol

from bot.domain.teaching.dataset import Unlearned
from bot.domain.teaching.examples import Example, ExampleState
from bot.domain.teaching.worth import Seen
from bot.services.ports_review import Objection, Reviews

SAMPLED_FROM: Final = 100_000
"""The random sample of candidates is drawn from so many turns, the newest."""


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A message that may be worth a look, and the name of its customer, which is to be masked.

    ``decision`` is set where somebody decided on it and a second person is wanted, ``objection`` where that one
    disagrees.
    """

    seen: Seen
    name: str | None
    decision: Decision | None = None
    objection: Objection | None = None


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """A customer's message that somebody decides on; ``name`` is the customer's."""

    message_id: int
    customer_id: int
    text: str
    name: str | None


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What somebody decided on a message. Without a label it was skipped; ``undone_at`` is set once it was undone."""

    id: int
    message_id: int
    label: str | None
    staff_id: int
    at: datetime
    example_id: int | None = None
    undone_at: datetime | None = None


class TrainingState(StrEnum):
    """``interrupted``: whoever trained fell silent, at a restart for example; it can be started again."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, kw_only=True)
class Training:
    """A training that somebody started.

    ``progress`` is in the trainer's words, ``share`` between 0 and 1. ``beat_at`` is the last sign of life of whoever
    trains. ``faults`` are sentences. ``gate`` is the verdict on the candidate ``model_id``, as it was stored.
    ``started_by`` is ``None`` for the shell. ``resumes`` is the interrupted training that this one repeats. ``needs``
    are the intents that admins added and its model holds, ``unlearned`` those that had to wait.
    """

    id: int
    state: TrainingState
    examples: int
    started_by: int | None
    started_at: datetime
    beat_at: datetime
    progress: str = ""
    share: float = 0.0
    ended_at: datetime | None = None
    faults: tuple[str, ...] = ()
    model_id: str | None = None
    gate: Mapping[str, Any] | None = None
    resumes: int | None = None
    needs: tuple[str, ...] = ()
    unlearned: tuple[Unlearned, ...] = ()


class Teaching(Reviews, Protocol):
    """Messages to learn from, what was decided on them, and trainings."""

    async def candidates(self, since: datetime, seed: int, *, second: int | None = None) -> list[Candidate]:
        """Return messages of customers that nobody has decided on, or two people differently, and worth a look.

        With the staff member ``second`` also those that somebody else proposed a label for. What waits for a person, as
        these and the disputed ones do, waits however old it is and whether or not the bot has read it.

        Those that the bot was in doubt about or staff said it misread, those whose case a person passed to another
        department or whose customer was not content, those that a candidate model reads differently, and a random
        sample that depends on ``seed``. Each kind is limited, so that this takes the same time however many messages
        are stored. Customers who refused to be learned from are left out.
        """
        ...

    async def message(self, message_id: int, *, lock: bool = False) -> Spoken:
        """Return a customer's message; ``lock`` keeps others from deciding on it. Raises `Unknown`."""
        ...

    async def decision(self, message_id: int) -> Decision | None:
        """Return the decision on a message that stands."""
        ...

    async def decide(
        self, message_id: int, label: str | None, staff_id: int, at: datetime, example_id: int | None
    ) -> Decision:
        """Store a decision on a locked message that has none, and take the message from the candidates."""
        ...

    async def undo(self, decision: Decision, at: datetime) -> None:
        """Store that a decision was undone, and make the message a candidate again."""
        ...

    async def add_example(self, example: Example) -> Example:
        """Store an example and return it with its id; the one given is not looked at."""
        ...

    async def example(self, example_id: int, *, lock: bool = True) -> Example:
        """Return one example; unlocked for those who have to lock its message first. Raises `Unknown`."""
        ...

    async def save_example(self, example: Example) -> None:
        """Store a changed example. What was withdrawn stays so: raises `ForbiddenMove` for words that came back."""
        ...

    async def examples(self, *, state: ExampleState | None = None, before: int | None, limit: int) -> list[Example]:
        """Return examples, the newest first."""
        ...

    async def approved(self, limit: int) -> list[Example]:
        """Return the approved examples, the oldest first."""
        ...

    async def of_customer(self, customer_id: int) -> list[Example]:
        """Return the examples of a customer, locked, those that were withdrawn included."""
        ...

    async def counts(self) -> tuple[int, int]:
        """Count the decisions that stand, and the approved examples."""
        ...

    async def start_training(
        self,
        staff_id: int | None,
        examples: int,
        at: datetime,
        *,
        resumes: int | None = None,
        needs: Sequence[str] = (),
        unlearned: Sequence[Unlearned] = (),
    ) -> Training | None:
        """Store a running training; ``None`` while another one runs."""
        ...

    async def training(self, training_id: int) -> Training:
        """Return one training, locked. Raises `Unknown`."""
        ...

    async def running(self) -> Training | None:
        """Return the training that runs, locked."""
        ...

    async def save_training(self, training: Training) -> None:
        """Store a changed training."""
        ...

    async def trainings(self, limit: int) -> list[Training]:
        """Return trainings, the newest first."""
        ...

    async def judged(self, model_ids: Sequence[str]) -> list[Training]:
        """Return the trainings that made these models, the newest first."""
        ...
