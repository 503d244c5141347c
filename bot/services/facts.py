"""What the assistant's actions may know about a turn: dynamic facts, sent along as message metadata.

No name and no phone number of a customer is among them: the engine needs neither to route (data minimisation).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from bot.domain.cases import REOPEN_WINDOW, Case
from bot.domain.company import Company
from bot.domain.conversations import Conversation
from bot.domain.feedback import FOLLOW_UP
from bot.domain.hours import NeverOpen, OpeningHours
from bot.domain.messages import Channel
from bot.domain.staff import StaffMember, own_desk
from bot.services.attendance import Attendance, Doorkeeper
from bot.services.ports import UnitOfWork
from bot.services.waiting import Waits

FRESH_FOR = timedelta(seconds=1)
"""How old the look at the house may be: who is on duty and how many wait changes by the minute, not by the message."""


@dataclass(frozen=True, kw_only=True)
class _House:
    """A look at the house as a whole, the same for every conversation."""

    at: datetime
    there: Attendance
    departments: dict[str, dict[str, Any]]

    @cached_property
    def people(self) -> Mapping[int, StaffMember]:
        """Everybody by id, for those whose case somebody has."""
        return {person.id: person for person, _ in self.there.people}


@dataclass(frozen=True, kw_only=True)
class _Doors:
    """Which departments are open, and when the others open next; it holds while no door opens or closes."""

    since: datetime
    until: datetime
    opens_at: Mapping[str, str | None]
    closed: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class _Desks:
    """What was said of the departments, without their waits, while people and queues were like this."""

    working: Mapping[str, int]
    waiting: Mapping[str, int]
    doors: _Doors
    said: dict[str, dict[str, Any]]


class Facts:
    """Gathers the facts of turns."""

    def __init__(self, company: Company, doorkeeper: Doorkeeper, waits: Waits) -> None:
        self._company = company
        self._doorkeeper = doorkeeper
        self._waits = waits
        self._house: _House | None = None
        self._desks: _Desks | None = None

    async def gather(self, uow: UnitOfWork, conversation: Conversation, now: datetime) -> dict[str, Any]:
        """Return the facts of one turn (the shape is in docs/how-a-message-travels.md)."""
        house = await self._look(uow, now)
        known = await uow.cases.recent(conversation.customer_id, now - REOPEN_WINDOW)
        return {
            "now": now.astimezone(self._company.zone).isoformat(),
            "language": conversation.language,
            "channel": conversation.channel.value,
            "open_cases": [self._case(case, due_at, house, conversation.language, now) for case, due_at in known],
            "departments": house.departments,
            **await _just_told(uow, conversation, [case for case, _ in known]),
        }

    def _case(self, case: Case, due_at: datetime | None, house: _House, language: str, now: datetime) -> dict[str, Any]:
        owner = house.people.get(case.owner_id) if case.owner_id is not None else None
        told = told_by(case, due_at, now)
        return {
            "code": case.code,
            "department": case.department,
            "state": case.state.value,
            "queue_number": case.queue_number,
            "opened_at": case.opened_at.isoformat(),
            "promise_at": told.isoformat() if told else None,
            "owner_name": owner.called(language) if owner is not None else None,
            "owner_department": own_desk(owner, case, self._company) if owner is not None else None,
            "summary": case.summary,
            "call_at": case.call_at.isoformat() if case.call_at is not None else None,
        }

    async def _look(self, uow: UnitOfWork, now: datetime) -> _House:
        seen = self._house
        # A clock that jumped back makes a look of the future, which is not fresh either.
        if seen is None or not timedelta() <= now - seen.at < FRESH_FOR:
            there, waiting = await self._doorkeeper.look(uow, now), await uow.cases.waiting(now)
            self._waits.count(waiting)
            departments = dict(self._said(there.working, waiting, now))
            for name, known in departments.items():
                wait = self._waits.minutes(name, there) if known["staffed"] else None
                if wait is not None:
                    departments[name] = {**known, "wait_minutes": wait}
            seen = self._house = _House(at=now, there=there, departments=departments)
        return seen

    def _said(self, working: Mapping[str, int], waiting: Mapping[str, int], now: datetime) -> dict[str, dict[str, Any]]:
        """Return what is said of the departments, worked out anew when people, queues or doors have changed."""
        known = self._desks
        same_doors = known is not None and known.doors.since <= now < known.doors.until
        if known is None or not same_doors or known.working != working or known.waiting != waiting:
            doors = known.doors if known is not None and same_doors else _doors(self._company, now)
            said = _departments(doors, working, waiting)
            known = self._desks = _Desks(working=working, waiting=waiting, doors=doors, said=said)
        return known.said


def of_stranger(company: Company, now: datetime) -> dict[str, Any]:
    """Return the facts of somebody's very first message in the web chat, with every open department staffed."""
    everybody = dict.fromkeys(company.departments, 1)
    return {
        "now": now.astimezone(company.zone).isoformat(),
        "language": "vi",
        "channel": Channel.WEBCHAT.value,
        "open_cases": [],
        "departments": _departments(_doors(company, now), everybody, {}),
    }


async def _just_told(uow: UnitOfWork, conversation: Conversation, known: Sequence[Case]) -> dict[str, str]:
    """Return the case that the last words to the customer were about: that it is done, or follows up a low score.

    What they write then belongs to it, unless it names something else. Costs nothing where there is no such case.
    """
    ended = {case.id: case.code for case in known if not case.open or case.reason == FOLLOW_UP}
    if not ended:
        return {}
    last = await uow.messages.last_outbound(conversation.id)
    code = ended.get(last.case_id) if last is not None and last.case_id is not None else None
    return {"just_told": code} if code is not None else {}


def told_by(case: Case, due_at: datetime | None, now: datetime) -> datetime | None:
    """Return by when the customer of a case was told to hear from us: the nearest of the moments still ahead.

    ``due_at``: the open date of the house. Whoever has the case may have asked for fewer minutes since, which count.
    """
    asked = case.sla.asked_until if case.sla is not None and case.owner_id is not None else None
    if asked is None or asked <= now or (due_at is not None and now < due_at <= asked):
        return due_at
    # It is said to the minute, which may not be over before.
    return asked + timedelta(seconds=-asked.second % 60)


def _departments(doors: _Doors, at_work: Mapping[str, int], waiting: Mapping[str, int]) -> dict[str, dict[str, Any]]:
    return {
        name: {
            "staffed": name not in doors.closed and at_work.get(name, 0) > 0,
            "open": name not in doors.closed,
            "opens_at": opens_at,
            "waiting": waiting.get(name, 0),
            "wait_minutes": None,
        }
        for name, opens_at in doors.opens_at.items()
    }


def _doors(company: Company, now: datetime) -> _Doors:
    closed = {name: one.hours for name, one in company.departments.items() if not one.hours.is_open(now)}
    opens_at = {name: _opening(closed[name], now) if name in closed else None for name in company.departments}
    return _Doors(since=now, until=_next_door(company, now), opens_at=opens_at, closed=frozenset(closed))


def _next_door(company: Company, now: datetime) -> datetime:
    """Return when the next door opens or closes; a day on at the latest."""
    doors = {id(one.hours): one.hours for one in company.departments.values()}
    latest = now + timedelta(days=1)
    return min((hours.unchanged_until(now, latest) for hours in doors.values()), default=latest)


def _opening(hours: OpeningHours, now: datetime) -> str | None:
    try:
        return hours.next_opening(now).isoformat()
    except NeverOpen:
        return None
