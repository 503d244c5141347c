"""What a person who goes off still holds, and the ways out of each case. Going them is in `shift_ends`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.cases import Case
from bot.domain.company import Company
from bot.domain.presence import Presence
from bot.domain.promises import Promise
from bot.domain.shift_ends import Colleague, Line, colleagues_for, staffed_by, suggested
from bot.domain.staff import StaffMember
from bot.services.ports import Clock, Store, UnitOfWork
from bot.services.presences import roster_of, seen
from bot.services.putting_back import PuttingBack


@dataclass(frozen=True, kw_only=True)
class Held:
    """A case that keeps a person from going off, and the ways out. ``asked`` is who was asked to take it."""

    case: Case
    customer_name: str | None
    due_at: datetime | None
    asked: str | None
    colleagues: Sequence[Colleague]
    department_staffed: bool
    promise_at: datetime
    suggested: Line


class Ways:
    """Looks for a way out of every case that a person holds."""

    def __init__(self, *, store: Store, clock: Clock, company: Company, putting_back: PuttingBack) -> None:
        self._store = store
        self._clock = clock
        self._company = company
        self._putting_back = putting_back

    async def held(self, staff: StaffMember, language: str = "vi") -> tuple[list[Held], datetime | None]:
        """Return what the person, who reads ``language``, holds, oldest first, and when their shift ends."""
        now = self._clock.now()
        async with self._store.read() as uow:
            roster = await roster_of(uow, self._company, now)
            others = [one for one in await uow.staff.people() if one.id != staff.id]
            left = seen(self._company, roster, others, now)
            there = [(one.person, one.presence) for one in left if one.presence is not Presence.OFF]
            carried = await _carried(uow)
            found = []
            for case in await uow.cases.held_by(staff.id):
                promise = await uow.promises.open_of(case.id)
                if promise is not None and promise.holds(now):
                    # What the customer holds stays: no other date is put forward.
                    date = promise.due_at
                else:
                    date = self._putting_back.date_by(case, left, roster, now)
                colleagues = colleagues_for(self._company, case, there, carried)
                way = await self._held(uow, case, promise, colleagues, date, language)
                # Whoever is put forward for one case has that one more when the next is looked at.
                if way.suggested.staff_id is not None:
                    carried[way.suggested.staff_id] += 1
                found.append(way)
            return found, roster.shift_end(staff.id, now)

    async def _held(
        self,
        uow: UnitOfWork,
        case: Case,
        promise: Promise | None,
        colleagues: Sequence[Colleague],
        date: datetime,
        language: str,
    ) -> Held:
        conversation = await uow.conversations.get(case.conversation_id)
        return Held(
            case=case,
            customer_name=conversation.customer_name,
            due_at=promise.due_at if promise else None,
            asked=await self._asked(uow, case, language),
            colleagues=colleagues,
            department_staffed=staffed_by(case, colleagues),
            promise_at=date,
            suggested=suggested(case, colleagues, None if await self._putting_back.owes_nothing(uow, case) else date),
        )

    async def _asked(self, uow: UnitOfWork, case: Case, language: str) -> str | None:
        transfer = await uow.transfers.asked_of(case.id)
        if transfer is None:
            return None
        if transfer.to_staff_id is not None:
            return (await uow.staff.get(transfer.to_staff_id)).name
        return self._company.label(transfer.to_department, language)


async def _carried(uow: UnitOfWork) -> Counter[int]:
    """Count the cases that each person has or is being offered."""
    carried = Counter({staff_id: load.open_cases for staff_id, load in (await uow.cases.loads()).items()})
    carried.update(await uow.offers.open_counts())
    return carried
