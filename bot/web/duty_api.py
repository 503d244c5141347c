"""The doors of one's own working day: duty, breaks, leave, and the end of the shift."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.shift_ends import Line, To
from bot.domain.shifts import Absence
from bot.services.absences import Wish
from bot.services.shift_end_ways import Held
from bot.services.shift_ends import Result
from bot.web.endpoint import Call, Door, Nothing, Who, door
from bot.web.errors import problem_of
from bot.web.paths import path_id
from bot.web.render_roster import absence_out, duty_out, local
from bot.web.roster_shapes import AbsenceOut, BreakIn, DutyIn, DutyOut, LeaveIn
from bot.web.shift_end_shapes import (
    ColleagueOut,
    HeldOut,
    PlanLine,
    PlanResult,
    ShiftEndDone,
    ShiftEndIn,
    ShiftEndOut,
)


@door("GET", "/api/duty", who=Who.STAFF, returns=DutyOut, errors=(401,))
async def my_duty(call: Call[Nothing, Nothing]) -> DutyOut:
    """Return one's own presence, shift, break and what one holds."""
    return await _duty(call)


@door("POST", "/api/duty", who=Who.STAFF, body=DutyIn, returns=DutyOut, errors=(401, 409))
async def duty(call: Call[DutyIn, Nothing]) -> DutyOut:
    """Come on duty or go off; 409 with the codes while one owns open cases."""
    await call.house.crew.duty.switch(call.staff, on_duty=call.body.on_duty)
    return await _duty(call)


@door("POST", "/api/break", who=Who.STAFF, body=BreakIn, returns=AbsenceOut, status=201, errors=(401, 409, 422))
async def take_break(call: Call[BreakIn, Nothing]) -> AbsenceOut:
    """Begin a break; 409 where a desk would be empty or customers wait with nobody else there, with who may cover."""
    body = call.body
    taken = await call.house.crew.absences.take_break(call.staff, body.minutes, cover_id=body.cover_id, note=body.note)
    return await _absence(call, taken)


@door("DELETE", "/api/break", who=Who.STAFF, returns=AbsenceOut, errors=(401, 404))
async def end_break(call: Call[Nothing, Nothing]) -> AbsenceOut:
    """Come back from the break that is running; 404 where none is."""
    return await _absence(call, await call.house.crew.absences.end_break(call.staff))


@door(
    "POST",
    "/api/leave",
    who=Who.STAFF,
    body=LeaveIn,
    returns=AbsenceOut,
    status=201,
    errors=(401, 403, 404, 409, 422),
)
async def take_leave(call: Call[LeaveIn, Nothing]) -> AbsenceOut:
    """Enter leave, one's own or (managers) anybody's; 409 like a break, with the gaps and the customers who wait."""
    body = call.body
    wish = Wish(
        start_at=body.start_at,
        end_at=body.end_at,
        cover_id=body.cover_id,
        note=body.note,
        accept_gaps=body.accept_gaps,
    )
    return await _absence(call, await call.house.crew.absences.take_leave(call.staff, wish, staff_id=body.staff_id))


@door("DELETE", "/api/leave/{id}", who=Who.STAFF, returns=AbsenceOut, errors=(401, 404, 409))
async def end_leave(call: Call[Nothing, Nothing]) -> AbsenceOut:
    """Take leave back before it begins, or end it early: one's own or (managers) anybody's."""
    return await _absence(call, await call.house.crew.absences.end_leave(call.staff, path_id(call)))


@door("GET", "/api/shift-end", who=Who.STAFF, returns=ShiftEndOut, errors=(401,))
async def shift_end(call: Call[Nothing, Nothing]) -> ShiftEndOut:
    """Return what one still holds, with the ways out and a suggestion for each case."""
    held, ends_at = await call.house.crew.shift_end_ways.held(call.staff, call.query_language)
    zone = call.house.company.zone
    return ShiftEndOut(holds=[_held(call, one) for one in held], shift_ends_at=local(ends_at, zone))


@door("POST", "/api/shift-end", who=Who.STAFF, body=ShiftEndIn, returns=ShiftEndDone, errors=(401, 422))
async def end_shift(call: Call[ShiftEndIn, Nothing]) -> ShiftEndDone:
    """Do what the plan says, case by case, and go off once nothing is held; tells per case what happened."""
    plan = [
        Line(
            code=line.code.upper(),
            to=To(line.to),
            staff_id=line.staff_id,
            department=line.department,
            due_at=line.due_at,
            note=line.note,
            confirmed=line.confirmed,
        )
        for line in call.body.plan
    ]
    done = await call.house.crew.shift_ends.apply(call.staff, plan)
    return ShiftEndDone(
        results=[_result(call, one) for one in done.results],
        holds=list(done.holds),
        off=done.off,
        waiting=done.waiting,
    )


async def _duty(call: Call[Any, Any]) -> DutyOut:
    view = await call.house.crew.duty.view(call.staff)
    names = await _names(call) if view.absence else {}
    return duty_out(view, names, call.house.company.zone)


async def _absence(call: Call[Any, Any], absence: Absence) -> AbsenceOut:
    return absence_out(absence, await _names(call), call.house.company.zone)


async def _names(call: Call[Any, Any]) -> Mapping[int, str]:
    async with call.house.store.read() as uow:
        return await uow.staff.names()


def _held(call: Call[Any, Any], one: Held) -> HeldOut:
    company, case = call.house.company, one.case
    return HeldOut(
        code=case.code,
        summary=case.summary,
        priority=case.priority.value,
        department=case.department,
        department_label=company.label(case.department, call.query_language),
        customer_name=one.customer_name,
        due_at=local(one.due_at, company.zone),
        asked=one.asked,
        colleagues=[
            ColleagueOut(
                id=colleague.person.id,
                name=colleague.person.name,
                department=colleague.department,
                presence=colleague.presence.value,
                free=colleague.free,
            )
            for colleague in one.colleagues
        ],
        department_staffed=one.department_staffed,
        promise_at=one.promise_at.astimezone(company.zone),
        suggested=_line(call, one.suggested),
    )


def _line(call: Call[Any, Any], line: Line) -> PlanLine:
    return PlanLine(
        code=line.code,
        to=line.to.value,
        staff_id=line.staff_id,
        department=line.department,
        due_at=local(line.due_at, call.house.company.zone),
        note=line.note,
    )


def _result(call: Call[Any, Any], one: Result) -> PlanResult:
    refused = problem_of(one.refusal)[1] if one.refusal is not None else None
    return PlanResult(
        code=one.code,
        outcome=one.outcome.value,
        message=refused.message if refused else one.told,
        due_at=local(one.due_at, call.house.company.zone),
        error=refused.error if refused else None,
    )


DOORS: tuple[Door, ...] = (
    my_duty,
    duty,
    take_break,
    end_break,
    take_leave,
    end_leave,
    shift_end,
    end_shift,
)
