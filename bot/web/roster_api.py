"""The doors of the roster: who works when, recurring shifts, single days, and what stays uncovered."""

from __future__ import annotations

from datetime import timedelta

from aiohttp import web

from bot.domain.hours import DAY, moment_of
from bot.services.rosters import NewShift, ShiftChange
from bot.web.endpoint import Call, Door, Nothing, Who, door
from bot.web.paths import path_day, path_id
from bot.web.render_roster import coverage_out, day_out, roster_out, shift_out
from bot.web.roster_shapes import (
    CoverageIn,
    CoverageOut,
    DayIn,
    DayOut,
    RosterIn,
    RosterOut,
    ShiftIn,
    ShiftOut,
    ShiftPatch,
)

AHEAD = timedelta(days=14)


@door("GET", "/api/roster", who=Who.STAFF, query=RosterIn, returns=RosterOut, errors=(401, 422))
async def roster(call: Call[Nothing, RosterIn]) -> RosterOut:
    """Return who works when: colleagues of one's departments, or everybody for those who lead."""
    rosters, query = call.house.crew.rosters, call.query
    today = rosters.today()
    start = query.start or (query.end or today) - timedelta(days=(query.end or today).weekday())
    end = query.end or start + timedelta(days=6)
    people = await rosters.planned(call.staff, start, end, query.department)
    async with call.house.store.read() as uow:
        names = await uow.staff.names()
    return roster_out(start, end, people, names, call.house.company.zone, call.staff)


@door("POST", "/api/shifts", who=Who.STAFF, body=ShiftIn, returns=ShiftOut, status=201, errors=(401, 403, 422))
async def add_shift(call: Call[ShiftIn, Nothing]) -> ShiftOut:
    """Give a person a recurring shift (managers)."""
    body = call.body
    wanted = NewShift(weekday=body.weekday, block=body.block, valid_from=body.valid_from, valid_to=body.valid_to)
    return shift_out(await call.house.crew.rosters.add_shift(call.staff, body.staff_id, wanted))


@door("PATCH", "/api/shifts/{id}", who=Who.STAFF, body=ShiftPatch, returns=ShiftOut, errors=(401, 403, 404, 422))
async def change_shift(call: Call[ShiftPatch, Nothing]) -> ShiftOut:
    """Change a shift from a day on (managers); the answer is the shift that holds from then on."""
    body = call.body
    change = ShiftChange(weekday=body.weekday, block=body.block, valid_to=body.valid_to, open_ended=body.open_ended)
    return shift_out(await call.house.crew.rosters.change_shift(call.staff, path_id(call), change, body.from_day))


@door("DELETE", "/api/shifts/{id}", who=Who.STAFF, status=204, errors=(401, 403, 404))
async def remove_shift(call: Call[Nothing, Nothing]) -> web.Response:
    """End a shift from today on (managers)."""
    await call.house.crew.rosters.remove_shift(call.staff, path_id(call))
    return web.Response(status=204)


@door(
    "PUT",
    "/api/roster/{staff_id}/{day}",
    who=Who.STAFF,
    body=DayIn,
    returns=DayOut,
    errors=(401, 403, 404, 422),
)
async def put_day(call: Call[DayIn, Nothing]) -> DayOut:
    """Set what a person works on one day in place of their shifts (managers); no block is a day off."""
    body = call.body
    return day_out(
        await call.house.crew.rosters.put_day(
            call.staff, path_id(call, "staff_id"), path_day(call), body.blocks, body.note
        )
    )


@door("DELETE", "/api/roster/{staff_id}/{day}", who=Who.STAFF, status=204, errors=(401, 403, 404, 422))
async def remove_day(call: Call[Nothing, Nothing]) -> web.Response:
    """Have the shifts apply again on a day (managers)."""
    await call.house.crew.rosters.remove_day(call.staff, path_id(call, "staff_id"), path_day(call))
    return web.Response(status=204)


@door("GET", "/api/coverage", who=Who.STAFF, query=CoverageIn, returns=CoverageOut, errors=(401, 422))
async def coverage(call: Call[Nothing, CoverageIn]) -> CoverageOut:
    """Return every open hour that neither a department nor its cover staffs, 14 days ahead by default."""
    company, query = call.house.company, call.query
    now = call.house.clock.now()
    start = moment_of(company.zone, query.start, 0) if query.start else now
    end = moment_of(company.zone, query.end, DAY) if query.end else start + AHEAD
    gaps, departments = await call.house.crew.rosters.coverage(start, end, query.department)
    return coverage_out(gaps, departments, company, (start, end), call.query_language)


DOORS: tuple[Door, ...] = (
    roster,
    add_shift,
    change_shift,
    remove_shift,
    put_day,
    remove_day,
    coverage,
)
