"""Offers in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.db.desk_tables import OFFER_OPEN, offers
from bot.adapters.db.tables import cases
from bot.domain.errors import AlreadyTaken, Unknown
from bot.domain.offers import REFUSALS, Offer, OfferState

# Built once: see `bot.adapters.db.messages`.
_ADD = (
    upsert(offers)
    .values(state=OfferState.OPEN)
    .on_conflict_do_nothing(index_elements=[offers.c.case_id], index_where=OFFER_OPEN)
    .returning(offers)
)
_GET = select(offers).where(offers.c.id == bindparam("offer"))
_SAVE = update(offers).where(offers.c.id == bindparam("offer"))
_OPEN_OF = select(offers).where(offers.c.case_id == bindparam("case"), OFFER_OPEN)
_OPEN_FOR = (
    select(offers)
    .where(offers.c.staff_id == bindparam("person"), OFFER_OPEN)
    .order_by(offers.c.expires_at, offers.c.id)
)
_OPEN_COUNTS = select(offers.c.staff_id, func.count()).where(OFFER_OPEN).group_by(offers.c.staff_id)
_OF_CASE = select(offers).where(offers.c.case_id == bindparam("case")).order_by(offers.c.id)
_REFUSALS = (
    select(offers.c.case_id, offers.c.staff_id)
    .distinct()
    .join(cases, cases.c.id == offers.c.case_id)
    .where(
        offers.c.case_id == func.any(bindparam("cases")),
        offers.c.state.in_(sorted(REFUSALS)),
        offers.c.made_at >= func.coalesce(cases.c.waiting_since, cases.c.opened_at),
    )
)


class OfferTable:
    """See `bot.services.ports_desk.Offers`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, case_id: int, staff_id: int, made_at: datetime, expires_at: datetime) -> Offer:
        """Insert unless one is open."""
        values = {"case_id": case_id, "staff_id": staff_id, "made_at": made_at, "expires_at": expires_at}
        row = (await self._connection.execute(_ADD, values)).one_or_none()
        if row is None:
            held = await self.open_of(case_id)
            raise AlreadyTaken(held.staff_id if held else None)
        return _offer(row)

    async def get(self, offer_id: int) -> Offer:
        """Find by id."""
        row = (await self._connection.execute(_GET, {"offer": offer_id})).one_or_none()
        if row is None:
            raise Unknown(f"offer {offer_id}")
        return _offer(row)

    async def save(self, offer: Offer) -> None:
        """Store a change."""
        await self._connection.execute(
            _SAVE,
            {
                "offer": offer.id,
                "state": offer.state,
                "expires_at": offer.expires_at,
                "settled_at": offer.settled_at,
                "reason": offer.reason,
                "timer_id": offer.timer_id,
            },
        )

    async def open_of(self, case_id: int) -> Offer | None:
        """Find the open one of a case."""
        row = (await self._connection.execute(_OPEN_OF, {"case": case_id})).one_or_none()
        return _offer(row) if row else None

    async def open_for(self, staff_id: int) -> list[Offer]:
        """Find the open ones of a person."""
        return [_offer(row) for row in await self._connection.execute(_OPEN_FOR, {"person": staff_id})]

    async def open_counts(self) -> dict[int, int]:
        """Count the open ones of everybody."""
        return dict((await self._connection.execute(_OPEN_COUNTS)).all())

    async def of_case(self, case_id: int) -> list[Offer]:
        """Find by case."""
        return [_offer(row) for row in await self._connection.execute(_OF_CASE, {"case": case_id})]

    async def refusals(self, case_ids: Sequence[int]) -> dict[int, frozenset[int]]:
        """Find who refused what."""
        found: dict[int, set[int]] = {}
        for case_id, staff_id in await self._connection.execute(_REFUSALS, {"cases": list(case_ids)}):
            found.setdefault(case_id, set()).add(staff_id)
        return {case_id: frozenset(people) for case_id, people in found.items()}


def _offer(row: Row[Any]) -> Offer:
    return Offer(
        id=row.id,
        case_id=row.case_id,
        staff_id=row.staff_id,
        made_at=row.made_at,
        expires_at=row.expires_at,
        state=OfferState(row.state),
        settled_at=row.settled_at,
        reason=row.reason,
        timer_id=row.timer_id,
    )
