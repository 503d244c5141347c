"""The doors through which the desk is read: queues, cases, the live feed."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from aiohttp import web
from pydantic import BaseModel, Field, StringConstraints

from bot.adapters.live.hub import LiveEvent
from bot.domain.cases import Case, CaseState
from bot.domain.errors import Invalid
from bot.domain.messages import Direction
from bot.domain.staff import StaffMember, may_see
from bot.services.ports_cases import CaseFilter, QueueLook
from bot.services.secrets import token_hash
from bot.web.chat_api import EventsIn
from bot.web.endpoint import ID_MAX, STAFF_COOKIE, Call, Door, Given, Nothing, Who, door
from bot.web.house import House
from bot.web.live import stream
from bot.web.render import (
    CaseList,
    CasePage,
    DeskMessage,
    case_page,
    case_row,
    desk_message,
)


class CasesIn(BaseModel):
    """Which cases; all open ones that the person may see by default. ``owner`` is an id, or ``me``.

    ``introduced``: open ones into which the person has brought a colleague.
    """

    department: str | None = None
    state: CaseState | None = None
    owner: Annotated[str, StringConstraints(pattern=r"^(me|\d{1,18})$")] | None = None
    introduced: bool = False
    before: int | None = Field(default=None, ge=1, le=ID_MAX)
    limit: int = Field(default=50, ge=1, le=200)


class CaseIn(BaseModel):
    """``before`` pages back through the transcript."""

    before: int | None = Field(default=None, ge=1, le=ID_MAX)


class QueueCount(Given):
    """A queue that the person may see. ``resting`` cases wait for nothing but a call that is still far.

    Nothing is offered to those who are ``away`` for a moment: they are not of those ``on_duty``.
    """

    department: str
    label: str
    waiting: int
    resting: int
    assigned: int
    on_duty: int
    away: int
    waiting_since: datetime | None
    late: int


class Queues(Given):
    """The queues and what the person holds."""

    queues: list[QueueCount]
    mine: int
    unresolved_turns: int


@door("GET", "/api/queues", who=Who.STAFF, returns=Queues, errors=(401,))
async def queues(call: Call[Nothing, Nothing]) -> Queues:
    """Count waiting and assigned cases of every queue that the staff member may see."""
    staff, house = call.staff, call.house
    looks = await house.desk.queues(staff)
    async with house.store.read() as uow:
        there = await house.backstage.doorkeeper.look(uow, house.clock.now())
        held = await uow.cases.held_by(staff.id)
        overdue = await uow.turns.count_open(house.clock.now() - house.turn_limit)
    shown = [one for one in house.company.departments.values() if staff.leads or one.id in staff.departments]
    return Queues(
        queues=[
            QueueCount(
                department=one.id,
                label=one.label(call.query_language),
                waiting=look.waiting,
                resting=look.resting,
                assigned=look.assigned,
                on_duty=there.serving.get(one.id, 0),
                away=there.working.get(one.id, 0) - there.serving.get(one.id, 0),
                waiting_since=look.waiting_since,
                late=look.late,
            )
            for one, look in ((one, looks.get(one.id, QueueLook())) for one in shown)
        ],
        mine=len(held),
        unresolved_turns=overdue,
    )


@door("GET", "/api/cases", who=Who.STAFF, query=CasesIn, returns=CaseList, errors=(401, 422))
async def cases(call: Call[Nothing, CasesIn]) -> CaseList:
    """List cases: urgent first, then the longest waiting."""
    query, staff = call.query, call.staff
    if query.department is not None and query.department not in call.house.company.departments:
        raise Invalid("department", "Không có bộ phận này.")
    owner = staff.id if query.owner == "me" else int(query.owner) if query.owner else None
    rows = await call.house.desk.listing(
        staff,
        CaseFilter(
            department=query.department,
            state=query.state,
            owner_id=owner,
            introduced_by=staff.id if query.introduced else None,
            before=query.before,
            limit=query.limit,
        ),
    )
    full = len(rows) == query.limit
    return CaseList(
        cases=[case_row(row, call.house.company, call.query_language) for row in rows],
        next=rows[-1].case.id if full and query.state is CaseState.RESOLVED else None,
    )


@door("GET", "/api/cases/{code}", who=Who.STAFF, query=CaseIn, returns=CasePage, errors=(401, 404))
async def case(call: Call[Nothing, CaseIn]) -> CasePage:
    """Return a case with its transcript."""
    view = await call.house.views.view(call.staff, call.code, before=call.query.before)
    await call.house.backstage.giving.looked(call.staff, view.case)
    return case_page(view, call.house.company, call.staff, call.query_language)


class DeskEvent(Given):
    """What a console hears: a changed case, a message, a delivery state, somebody typing, a colleague's duty."""

    conversation_id: int | None
    codes: list[str]
    message: DeskMessage | None = None
    data: dict[str, Any]


_LEAVES = frozenset({"transfer", "escalated", "step_in", "accept", "covered", "released", "reopen"})
"""Changes that can take a case out of somebody's sight."""


def _addressed(staff: StaffMember, event: LiveEvent) -> bool:
    """Tell whether an event is for this person by name or department, whether or not the case is theirs to see."""
    if staff.id in event.data.get("staff_ids", ()):
        return True
    return not (staff.departments | staff.desks).isdisjoint(event.data.get("departments", ()))


def _reads(staff: StaffMember, event: LiveEvent, case: Case) -> bool:
    """Tell whether a case is the person's to read, or one that they take part in: see `transfers.takes_part`."""
    if may_see(staff, case):
        return True
    return staff.active and case.open and staff.id in event.introducers.get(case.id, ())


def _ended_for(staff: StaffMember, event: LiveEvent) -> bool:
    """Tell whether a case changed in which the person took part, and does so no more."""
    code = event.data.get("code") if event.kind == "case" else None
    return any(one.code == code and staff.id in event.introducers.get(one.id, ()) for one in event.cases)


class _Reader:
    """Whoever follows the feed; a changed role or department applies to what is still to come."""

    def __init__(self, house: House, staff: StaffMember, token: str) -> None:
        self._house = house
        self._staff = staff
        self._token = token

    def wants(self, event: LiveEvent) -> bool:
        """Tell whether anything of an event is for this person."""
        if _addressed(self._staff, event):
            return True
        if event.conversation_id is None:
            return "staff_ids" not in event.data
        if event.data.get("change") in _LEAVES:
            return True
        if event.data.get("by") == "staff":
            return False
        if event.message is not None and event.message.direction is Direction.INTERNAL:
            about = event.message.case_id
            return any(one.id == about and _reads(self._staff, event, one) for one in event.cases)
        return any(_reads(self._staff, event, one) for one in event.cases) or _ended_for(self._staff, event)

    async def render(self, event: LiveEvent) -> str:
        """Return what this person sees of an event."""
        names: dict[int, str] = {}
        if event.message is not None and event.message.staff_id is not None:
            async with self._house.store.read() as uow:
                names = await uow.staff.names()
        codes = [one.code for one in event.cases if _reads(self._staff, event, one)]
        # A case that is not theirs may have been on their screen until now: that something went is all they are told.
        hidden = event.kind == "case" and "code" in event.data and event.data["code"] not in codes
        return DeskEvent(
            conversation_id=event.conversation_id if codes or not hidden else None,
            codes=codes,
            message=desk_message(event.message, names) if event.message is not None else None,
            data={"change": "moved"} if hidden else event.data,
        ).model_dump_json()

    async def allowed(self) -> bool:
        """Tell whether their login still stands, and see them as they are now."""
        session = await self._house.accounts.logins.session(self._token)
        if session is None:
            return False
        self._staff = session.staff
        return True


@door("GET", "/api/events", who=Who.STAFF, query=EventsIn, errors=(401, 429))
async def events(call: Call[Nothing, EventsIn]) -> web.StreamResponse:
    """Follow everything that the staff member may see: server-sent events, resumable with ``Last-Event-ID``."""
    token = call.request.cookies.get(STAFF_COOKIE, "")
    reader = _Reader(call.house, call.staff, token)
    return await stream(call.request, f"staff:{token_hash(token).hex()}", reader.wants, reader.render, reader.allowed)


DOORS: tuple[Door, ...] = (queues, cases, case, events)
