"""Ratings by customers in PostgreSQL."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.db.desk_tables import ratings
from bot.adapters.db.tables import cases
from bot.domain.errors import Unknown
from bot.domain.feedback import Rating

# Built once: see `bot.adapters.db.messages`.
_ADD = upsert(ratings).on_conflict_do_nothing(index_elements=[ratings.c.case_id]).returning(ratings)
_GET = select(ratings).where(ratings.c.id == bindparam("rating"))
_SAVE = update(ratings).where(ratings.c.id == bindparam("rating"))
_OF_CASE = select(ratings).where(ratings.c.case_id == bindparam("case"))
_ASKED_IN = (
    select(ratings)
    .join(cases, cases.c.id == ratings.c.case_id)
    .where(cases.c.conversation_id == bindparam("conversation"), ratings.c.asked_at >= bindparam("since"))
    .order_by(ratings.c.asked_at.desc(), ratings.c.id.desc())
    .limit(1)
)


class RatingTable:
    """See `bot.services.ports_desk.Ratings`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, case_id: int, asked_at: datetime) -> Rating | None:
        """Insert unless asked before."""
        row = (await self._connection.execute(_ADD, {"case_id": case_id, "asked_at": asked_at})).one_or_none()
        return _rating(row) if row else None

    async def get(self, rating_id: int) -> Rating:
        """Find by id."""
        row = (await self._connection.execute(_GET, {"rating": rating_id})).one_or_none()
        if row is None:
            raise Unknown(f"rating {rating_id}")
        return _rating(row)

    async def of_case(self, case_id: int) -> Rating | None:
        """Find by case."""
        row = (await self._connection.execute(_OF_CASE, {"case": case_id})).one_or_none()
        return _rating(row) if row else None

    async def asked_in(self, conversation_id: int, since: datetime) -> Rating | None:
        """Find the newest of a conversation."""
        values = {"conversation": conversation_id, "since": since}
        row = (await self._connection.execute(_ASKED_IN, values)).one_or_none()
        return _rating(row) if row else None

    async def save(self, rating: Rating) -> None:
        """Store a change."""
        await self._connection.execute(
            _SAVE,
            {
                "rating": rating.id,
                "score": rating.score,
                "words": rating.words,
                "rated_at": rating.rated_at,
                "follow_up_case_id": rating.follow_up_case_id,
            },
        )


def _rating(row: Row[Any]) -> Rating:
    return Rating(
        id=row.id,
        case_id=row.case_id,
        asked_at=row.asked_at,
        score=row.score,
        words=row.words,
        rated_at=row.rated_at,
        follow_up_case_id=row.follow_up_case_id,
    )
