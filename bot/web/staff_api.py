"""The doors of accounts: colleagues with their presence, and what admins change of them."""

from __future__ import annotations

from aiohttp import web

from bot.domain.company import RoleId
from bot.services.accounts import AccountChange
from bot.web.endpoint import Call, Door, Nothing, Who, door
from bot.web.paths import path_id
from bot.web.render_roster import staff_out
from bot.web.staff_shapes import StaffIn, StaffList, StaffMade, StaffOut, StaffPatch


@door("GET", "/api/staff", who=Who.STAFF, returns=StaffList, errors=(401,))
async def everybody(call: Call[Nothing, Nothing]) -> StaffList:
    """List colleagues with their presence; who has a second factor is for admins, and for oneself, to know."""
    everybody = [staff_out(one) for one in await call.house.crew.presences.everybody()]
    if call.staff.role is RoleId.ADMIN:
        return StaffList(staff=everybody)
    hidden = {"second_factor": False}
    return StaffList(staff=[one if one.id == call.staff.id else one.model_copy(update=hidden) for one in everybody])


@door("POST", "/api/staff", who=Who.STAFF, body=StaffIn, returns=StaffMade, status=201, errors=(401, 403, 422))
async def add_staff(call: Call[StaffIn, Nothing]) -> StaffMade:
    """Make an account (admins); its password is returned once."""
    body = call.body
    person, secret = await call.house.accounts.add(
        email=body.email,
        name=body.name,
        role=body.role,
        departments=body.departments,
        more=AccountChange(skills=body.skills, languages=body.languages, senior=body.senior, title=body.title),
        by=call.staff,
    )
    return StaffMade(staff=staff_out(await call.house.crew.presences.of(person)), password=secret)


@door("PATCH", "/api/staff/{id}", who=Who.STAFF, body=StaffPatch, returns=StaffOut, errors=(401, 403, 404, 422))
async def edit_staff(call: Call[StaffPatch, Nothing]) -> StaffOut:
    """Change an account, or switch it off or on (admins); switched off, its cases go back to their queues."""
    change = AccountChange(**{name: getattr(call.body, name) for name in StaffPatch.model_fields})
    person = await call.house.accounts.edit(call.staff, path_id(call), change)
    return staff_out(await call.house.crew.presences.of(person))


@door("POST", "/api/staff/{id}/password", who=Who.STAFF, returns=StaffMade, errors=(401, 403, 404))
async def reset_staff(call: Call[Nothing, Nothing]) -> StaffMade:
    """Give an account a new one-time password (admins); its sessions end."""
    person, secret = await call.house.accounts.reset(call.staff, path_id(call))
    return StaffMade(staff=staff_out(await call.house.crew.presences.of(person)), password=secret)


@door("DELETE", "/api/staff/{id}/second-factor", who=Who.STAFF, status=204, errors=(401, 403, 404))
async def remove_second_factor(call: Call[Nothing, Nothing]) -> web.Response:
    """Take the second factor of an account away (admins): the telephone is lost, or a new one is enrolled."""
    await call.house.crew.second_factors.remove(call.staff, path_id(call))
    return web.Response(status=204)


DOORS: tuple[Door, ...] = (everybody, add_staff, edit_staff, reset_staff, remove_second_factor)
