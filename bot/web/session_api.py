"""The doors of logging in, and of one's own account."""

from __future__ import annotations

from aiohttp import web

from bot.services.logins import Login
from bot.web.endpoint import STAFF_COOKIE, Body, Call, Door, Given, Nothing, Who, door, reply
from bot.web.errors import TooMany
from bot.web.limits import network_of
from bot.web.render_roster import staff_out
from bot.web.staff_shapes import SecondFactorIn, SecondFactorOut, Short, StaffOut


class LoginIn(Body):
    """``totp`` is the code of the second factor; an account without one ignores it."""

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


class SessionOut(Given):
    """Who is logged in, and the token that every changing request must carry as ``X-CSRF-Token``."""

    staff: StaffOut
    csrf: str


@door("POST", "/api/session", who=Who.ANYBODY, body=LoginIn, returns=SessionOut, errors=(401, 422, 429))
async def login(call: Call[LoginIn, Nothing]) -> web.Response:
    """Log in: sets the session cookie and returns the CSRF token."""
    source = network_of(call.request.remote)
    wait = call.house.limits.logins.take(source)
    if wait:
        raise TooMany(wait, "Có quá nhiều lần đăng nhập từ mạng này. Anh/chị đợi một chút rồi thử lại giúp.")
    opened = await call.house.accounts.logins.login(call.body.email, call.body.password, source, call.body.totp)
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
    seen = await call.house.crew.presences.of(call.staff)
    return SessionOut(staff=staff_out(seen), csrf=call.session.csrf if call.session else "")


@door("DELETE", "/api/session", who=Who.STAFF, status=204, errors=(401,))
async def logout(call: Call[Nothing, Nothing]) -> web.Response:
    """Log out."""
    await call.house.accounts.logins.logout(call.request.cookies.get(STAFF_COOKIE, ""))
    response = web.Response(status=204, headers={"Cache-Control": "no-store", "Clear-Site-Data": '"cache"'})
    response.del_cookie(STAFF_COOKIE, path="/")
    return response


@door("POST", "/api/password", who=Who.STAFF, body=PasswordIn, status=204, errors=(401, 422))
async def password(call: Call[PasswordIn, Nothing]) -> web.Response:
    """Change one's own password; every session ends."""
    await call.house.accounts.change_password(call.staff, call.body.current, call.body.new)
    return web.Response(status=204)


@door("POST", "/api/second-factor", who=Who.STAFF, returns=SecondFactorOut, status=201, errors=(401, 409))
async def begin_second_factor(call: Call[Nothing, Nothing]) -> SecondFactorOut:
    """Make a secret for one's authenticator application, shown once; a first code confirms it."""
    secret, uri = await call.house.crew.second_factors.begin(call.staff)
    return SecondFactorOut(uri=uri, secret=secret)


@door(
    "POST",
    "/api/second-factor/confirm",
    who=Who.STAFF,
    body=SecondFactorIn,
    status=204,
    errors=(401, 409, 422, 429),
)
async def confirm_second_factor(call: Call[SecondFactorIn, Nothing]) -> web.Response:
    """Have one's logins ask for a code from now on."""
    await call.house.crew.second_factors.confirm(call.staff, call.body.code)
    return web.Response(status=204)


async def _with_cookie(
    call: Call[Nothing, Nothing] | Call[LoginIn, Nothing] | Call[FirstAdminIn, Nothing], opened: Login
) -> web.Response:
    """Give the new session's cookie; the session that it replaces in this browser, whoever opened it, ends."""
    former = call.request.cookies.get(STAFF_COOKIE)
    if former:
        await call.house.accounts.logins.logout(former)
    response = reply(SessionOut(staff=staff_out(await call.house.crew.presences.of(opened.staff)), csrf=opened.csrf))
    response.set_cookie(
        STAFF_COOKIE,
        opened.token,
        httponly=True,
        secure=(call.house.settings.public_url or "").startswith("https://"),
        samesite="Strict",
        path="/",
    )
    return response


DOORS: tuple[Door, ...] = (
    login,
    first_admin,
    session,
    logout,
    password,
    begin_second_factor,
    confirm_second_factor,
)
