"""The doors of logging in, of one's own account, and of duty."""

from __future__ import annotations

from typing import Annotated

from aiohttp import web
from pydantic import StringConstraints

from bot.domain.company import RoleId
from bot.domain.staff import require_admin
from bot.services.accounts import Login
from bot.web.endpoint import STAFF_COOKIE, Body, Call, Door, Given, Nothing, Who, door, reply
from bot.web.errors import TooMany
from bot.web.limits import network_of
from bot.web.render import StaffOut, staff_out

Short = Annotated[str, StringConstraints(max_length=320)]


class LoginIn(Body):
    """``totp`` is reserved for the second factor; until an account has one it is ignored."""

    email: Short
    password: Short
    totp: Short | None = None


class FirstAdminIn(Body):
    """The one-time token of the link that ``./letan up`` prints."""

    token: Short
    email: Short
    name: Short
    password: Short


class PasswordIn(Body):
    """Changing one's own password ends every session."""

    current: Short
    new: Short


class DutyIn(Body):
    """Coming on duty or going off."""

    on_duty: bool


class StaffIn(Body):
    """A new account; its password is made up and shown once."""

    email: Short
    name: Short
    role: RoleId
    departments: list[Short]


class SessionOut(Given):
    """Who is logged in, and the token that every changing request must carry as ``X-CSRF-Token``."""

    staff: StaffOut
    csrf: str


class StaffList(Given):
    """Everybody."""

    staff: list[StaffOut]


class StaffMade(Given):
    """A new account with its one-time password."""

    staff: StaffOut
    password: str


@door("POST", "/api/session", who=Who.ANYBODY, body=LoginIn, returns=SessionOut, errors=(401, 422, 429))
async def login(call: Call[LoginIn, Nothing]) -> web.Response:
    """Log in: sets the session cookie and returns the CSRF token."""
    source = network_of(call.request.remote)
    wait = call.house.limits.logins.take(source)
    if wait:
        raise TooMany(wait, "Có quá nhiều lần đăng nhập từ mạng này. Anh/chị đợi một chút rồi thử lại giúp.")
    opened = await call.house.accounts.login(call.body.email, call.body.password, source)
    return await _with_cookie(call, opened)


@door("POST", "/api/first-admin", who=Who.ANYBODY, body=FirstAdminIn, returns=SessionOut, errors=(403, 422))
async def first_admin(call: Call[FirstAdminIn, Nothing]) -> web.Response:
    """Make the first admin with the one-time link, and log them in."""
    body = call.body
    opened = await call.house.accounts.first_admin(body.token, body.email, body.name, body.password)
    return await _with_cookie(call, opened)


@door("GET", "/api/session", who=Who.STAFF, returns=SessionOut, errors=(401,))
async def session(call: Call[Nothing, Nothing]) -> SessionOut:
    """Return who is logged in."""
    return SessionOut(staff=staff_out(call.staff), csrf=call.session.csrf if call.session else "")


@door("DELETE", "/api/session", who=Who.STAFF, status=204, errors=(401,))
async def logout(call: Call[Nothing, Nothing]) -> web.Response:
    """Log out."""
    await call.house.accounts.logout(call.request.cookies.get(STAFF_COOKIE, ""))
    response = web.Response(status=204, headers={"Cache-Control": "no-store", "Clear-Site-Data": '"cache"'})
    response.del_cookie(STAFF_COOKIE, path="/")
    return response


@door("POST", "/api/password", who=Who.STAFF, body=PasswordIn, status=204, errors=(401, 422))
async def password(call: Call[PasswordIn, Nothing]) -> web.Response:
    """Change one's own password; every session ends."""
    await call.house.accounts.change_password(call.staff, call.body.current, call.body.new)
    return web.Response(status=204)


@door("POST", "/api/duty", who=Who.STAFF, body=DutyIn, returns=StaffOut, errors=(401, 409))
async def duty(call: Call[DutyIn, Nothing]) -> StaffOut:
    """Come on duty or go off; 409 with the codes while one owns open cases."""
    return staff_out(await call.house.accounts.set_duty(call.staff, on_duty=call.body.on_duty))


@door("GET", "/api/staff", who=Who.STAFF, returns=StaffList, errors=(401,))
async def everybody(call: Call[Nothing, Nothing]) -> StaffList:
    """List colleagues."""
    return StaffList(staff=[staff_out(one) for one in await call.house.accounts.everybody()])


@door("POST", "/api/staff", who=Who.STAFF, body=StaffIn, returns=StaffMade, status=201, errors=(401, 403, 422))
async def add_staff(call: Call[StaffIn, Nothing]) -> StaffMade:
    """Make an account (admins); its password is returned once."""
    require_admin(call.staff)
    body = call.body
    person, secret = await call.house.accounts.add(
        email=body.email, name=body.name, role=body.role, departments=body.departments, by=call.staff
    )
    return StaffMade(staff=staff_out(person), password=secret)


async def _with_cookie(
    call: Call[Nothing, Nothing] | Call[LoginIn, Nothing] | Call[FirstAdminIn, Nothing], opened: Login
) -> web.Response:
    """Give the new session's cookie; the session that it replaces in this browser, whoever opened it, ends."""
    former = call.request.cookies.get(STAFF_COOKIE)
    if former:
        await call.house.accounts.logout(former)
    response = reply(SessionOut(staff=staff_out(opened.staff), csrf=opened.csrf))
    response.set_cookie(
        STAFF_COOKIE,
        opened.token,
        httponly=True,
        secure=(call.house.settings.public_url or "").startswith("https://"),
        samesite="Strict",
        path="/",
    )
    return response


DOORS: tuple[Door, ...] = (login, first_admin, session, logout, password, duty, everybody, add_staff)
