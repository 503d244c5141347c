"""Teaching in PostgreSQL: decisions and examples. All else has files of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.db.forgetting import ForgettingRows
from bot.adapters.db.review_tables import refusals
from bot.adapters.db.reviews import ReviewRows
from bot.adapters.db.tables import conversations, customers, messages, turns
from bot.adapters.db.teach_candidates import candidates
from bot.adapters.db.teach_tables import STANDING, TEACHES, examples, labels
from bot.adapters.db.trainings import TrainingRows
from bot.domain.errors import ForbiddenMove, Unknown
from bot.domain.messages import Author
from bot.domain.teaching.examples import Consent, EntityMark, Example, ExampleState, Source, likeness
from bot.services.ports_teach import Candidate, Decision, Spoken


class TeachingTables(TrainingRows, ReviewRows, ForgettingRows):
    """See `bot.services.ports_teach.Teaching`."""

    def __init__(self, connection: AsyncConnection) -> None:
        super().__init__(connection)
        self._connection = connection

    async def candidates(self, since: datetime, seed: int, *, second: int | None = None) -> list[Candidate]:
        """Find them through indexes."""
        return await candidates(self._connection, since, seed, second)

    async def message(self, message_id: int, *, lock: bool = False) -> Spoken:
        """Find by id."""
        wanted = (
            select(messages.c.id, messages.c.text, conversations.c.customer_id, customers.c.name)
            .join(conversations, conversations.c.id == messages.c.conversation_id)
            .join(customers, customers.c.id == conversations.c.customer_id)
            .where(messages.c.id == message_id, messages.c.author == Author.CUSTOMER)
        )
        if lock:
            wanted = wanted.with_for_update(of=messages)
        row = (await self._connection.execute(wanted)).one_or_none()
        if row is None:
            raise Unknown(f"message {message_id}")
        return Spoken(message_id=row.id, customer_id=row.customer_id, text=row.text, name=row.name)

    async def decision(self, message_id: int) -> Decision | None:
        """Find the one that stands."""
        rows = await self._connection.execute(select(labels).where(labels.c.message_id == message_id, STANDING))
        row = rows.one_or_none()
        return _decision(row) if row else None

    async def decide(
        self, message_id: int, label: str | None, staff_id: int, at: datetime, example_id: int | None
    ) -> Decision:
        """Insert, and take the turn from those to review."""
        values = {
            "message_id": message_id,
            "label": label,
            "staff_id": staff_id,
            "at": at,
            "example_id": example_id,
        }
        row = (await self._connection.execute(insert(labels).values(values).returning(labels))).one()
        await self._mark(message_id, to_review=False)
        return _decision(row)

    async def undo(self, decision: Decision, at: datetime) -> None:
        """Update, and put the turn back."""
        await self._connection.execute(update(labels).where(labels.c.id == decision.id).values(undone_at=at))
        await self._mark(decision.message_id, to_review=True)

    async def _mark(self, message_id: int, *, to_review: bool) -> None:
        turn = select(messages.c.turn_id).where(messages.c.id == message_id).scalar_subquery()
        await self._connection.execute(
            update(turns).where(turns.c.id == turn, turns.c.reading.is_not(None)).values(to_review=to_review)
        )

    async def add_example(self, example: Example) -> Example:
        """Insert."""
        row = await self._connection.execute(insert(examples).values(_values(example)).returning(examples))
        return _example(row.one())

    async def example(self, example_id: int, *, lock: bool = True) -> Example:
        """Find by id."""
        wanted = select(examples).where(examples.c.id == example_id)
        row = (await self._connection.execute(wanted.with_for_update() if lock else wanted)).one_or_none()
        if row is None:
            raise Unknown(f"example {example_id}")
        return _example(row)

    async def save_example(self, example: Example) -> None:
        """Store a change, unless it was withdrawn."""
        done = await self._connection.execute(
            update(examples).where(examples.c.id == example.id, TEACHES).values(_values(example))
        )
        if not done.rowcount and example.state is not ExampleState.WITHDRAWN:
            raise ForbiddenMove(f"example {example.id} was withdrawn")

    async def examples(self, *, state: ExampleState | None = None, before: int | None, limit: int) -> list[Example]:
        """List."""
        wanted = select(examples).order_by(examples.c.id.desc()).limit(limit)
        if state is not None:
            wanted = wanted.where(examples.c.state == state)
        if before is not None:
            wanted = wanted.where(examples.c.id < before)
        return [_example(row) for row in await self._connection.execute(wanted)]

    async def of_message(self, message_id: int) -> list[Example]:
        """List by message."""
        rows = await self._connection.execute(
            select(examples)
            .where(examples.c.message_id == message_id, TEACHES)
            .order_by(examples.c.part)
            .with_for_update()
        )
        return [_example(row) for row in rows]

    async def alike(self, text: str) -> list[Example]:
        """List by the digest of the text."""
        rows = await self._connection.execute(
            select(examples).where(examples.c.same == likeness(text), TEACHES).order_by(examples.c.id)
        )
        return [_example(row) for row in rows]

    async def approved(self, limit: int) -> list[Example]:
        """List what may be learned from; what was labelled while its customer refused is not."""
        refused = select(refusals).where(refusals.c.customer_id == examples.c.customer_id).exists()
        rows = await self._connection.execute(
            select(examples)
            .where(examples.c.state == ExampleState.APPROVED, ~refused)
            .order_by(examples.c.id)
            .limit(limit)
        )
        return [_example(row) for row in rows]

    async def of_customer(self, customer_id: int) -> list[Example]:
        """List by customer."""
        rows = await self._connection.execute(
            select(examples).where(examples.c.customer_id == customer_id).order_by(examples.c.id).with_for_update()
        )
        return [_example(row) for row in rows]

    async def counts(self) -> tuple[int, int]:
        """Count."""
        standing = select(func.count()).select_from(labels).where(STANDING).scalar_subquery()
        approved = (
            select(func.count()).select_from(examples).where(examples.c.state == ExampleState.APPROVED)
        ).scalar_subquery()
        row = (await self._connection.execute(select(standing, approved))).one()
        return int(row[0]), int(row[1])


def _decision(row: Row[Any]) -> Decision:
    return Decision(
        id=row.id,
        message_id=row.message_id,
        label=row.label,
        staff_id=row.staff_id,
        at=row.at,
        example_id=row.example_id,
        undone_at=row.undone_at,
    )


def _values(example: Example) -> dict[str, Any]:
    return {
        "text": example.text,
        "label": example.label,
        "source": example.source,
        "state": example.state,
        "consent": example.consent,
        "message_id": example.message_id,
        "customer_id": example.customer_id,
        "labelled_by": example.labelled_by,
        "reviewed_by": example.reviewed_by,
        "made_at": example.made_at,
        "withdrawn_at": example.withdrawn_at,
        "entities": [[one.start, one.end, one.name] for one in example.entities],
        "part": example.part,
        "same": likeness(example.text) if example.state is not ExampleState.WITHDRAWN else None,
    }


def _example(row: Row[Any]) -> Example:
    return Example(
        id=row.id,
        text=row.text,
        label=row.label,
        source=Source(row.source),
        state=ExampleState(row.state),
        consent=Consent(row.consent),
        message_id=row.message_id,
        customer_id=row.customer_id,
        labelled_by=row.labelled_by,
        reviewed_by=row.reviewed_by,
        made_at=row.made_at,
        withdrawn_at=row.withdrawn_at,
        entities=_marks(row.entities),
        part=row.part,
    )


def _marks(stored: Sequence[Sequence[Any]]) -> tuple[EntityMark, ...]:
    return tuple(EntityMark(start=start, end=end, name=name) for start, end, name in stored)
