"""What reviewing needs from the store beside decisions and examples: objections, corrections, consent, erasing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from bot.domain.teaching.dataset import Base, Dataset
from bot.domain.teaching.examples import Example

CLEARED: Final = "Chi tiết đã xoá cùng dữ liệu của khách."
"""Stands where a training quoted sentences that teach nothing any more."""


@dataclass(frozen=True, kw_only=True)
class Objection:
    """A second person said something else of a message than the decision that stands."""

    id: int
    message_id: int
    label: str
    staff_id: int
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Correction:
    """Staff said that the bot misread what opened a case; ``intent`` is what it would have been, where they know."""

    id: int
    case_id: int
    message_id: int
    intent: str | None
    staff_id: int
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Opening:
    """The message that opened a case, and the need that it was read as."""

    message_id: int
    intent: str | None


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """A customer's words teach nothing any more; ``staff_id`` is whoever wrote that down."""

    customer_id: int
    staff_id: int
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Erasure:
    """The proof that a customer was forgotten. ``counts`` say how much of what; ``paths`` are files still to go."""

    id: int
    customer_id: int
    at: datetime
    counts: Mapping[str, int]
    paths: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Project:
    """The developers' files, which take a moment to read, and the form in which they and what was taught are written.

    ``emit`` returns what was taught as a training file of the engine; it raises `Invalid`.
    """

    base: Callable[[], Base]
    emit: Callable[[Dataset], str]


class Reviews(Protocol):
    """What people said of messages beside their labels, and what customers said of being learned from."""

    async def of_message(self, message_id: int) -> list[Example]:
        """Return the examples of a locked message that were not withdrawn, locked, in the order of their parts."""
        ...

    async def alike(self, text: str) -> list[Example]:
        """Return the examples whose text is the same to a reader and that were not withdrawn, the oldest first."""
        ...

    async def objection(self, message_id: int) -> Objection | None:
        """Return the objection to the decision on a message that stands."""
        ...

    async def object(self, message_id: int, label: str, staff_id: int, at: datetime) -> Objection:
        """Store an objection on a locked message that has none."""
        ...

    async def settle(self, objection: Objection, at: datetime) -> None:
        """Store that an objection stands no more."""
        ...

    async def opening(self, case_id: int) -> Opening | None:
        """Return the customer's message with which a case began; ``None`` where none did."""
        ...

    async def correction(self, case_id: int) -> Correction | None:
        """Return what staff said of a case and what stands."""
        ...

    async def corrected(self, message_id: int) -> bool:
        """Tell whether staff said that a message was misread."""
        ...

    async def correct(
        self, case_id: int, message_id: int, intent: str | None, staff_id: int, at: datetime
    ) -> Correction:
        """Store a correction of a case that has none; its message becomes a candidate."""
        ...

    async def uncorrect(self, correction: Correction, at: datetime) -> None:
        """Store that a correction was taken back."""
        ...

    async def refusal(self, customer_id: int) -> Refusal | None:
        """Return what a customer said of being learned from; ``None`` where that is still allowed."""
        ...

    async def refused(self, customer_ids: Collection[int]) -> frozenset[int]:
        """Return those of the customers whose words may teach nothing."""
        ...

    async def refuse(self, customer_id: int, staff_id: int, at: datetime) -> Refusal:
        """Store that a customer's words teach nothing any more; the first time counts. Raises `Unknown`."""
        ...

    async def allow(self, customer_id: int) -> None:
        """Store that a customer's words may teach again."""
        ...

    async def erase(self, customer_id: int, actor: str, at: datetime, note: str) -> Erasure:
        """Delete whatever a customer said, sent or is called; the proof names the files that are left to delete.

        What the house did stays: turns without words, cases with ``note`` for a summary and no transcript, the audit
        without what people wrote. Raises `Unknown`.
        """
        ...

    async def newest_erasure(self, *, lock: bool = False) -> int:
        """Return the id of the newest erasure, 0 where nobody was forgotten.

        What quotes customers is stored only where it is still what it was before they were read. ``lock`` keeps anybody
        from being forgotten until the transaction ends; it is asked before any other lock is taken.
        """
        ...

    async def clear_faults(self) -> None:
        """Delete what trainings quoted: a sentence that is withdrawn now may be among it."""
        ...

    async def erasures(self, customer_id: int) -> Sequence[Erasure]:
        """Return the proofs of a customer, the oldest first."""
        ...

    async def files_gone(self, erasure: Erasure) -> None:
        """Store that the files of an erasure are deleted."""
        ...
