"""JSON doors: what they take and give is declared once, checked once, and written into the OpenAPI document.

A handler receives a `Call` whose ``body`` and ``query`` are validated already; none reads the request itself.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Annotated, Any, Generic, TypeVar

from aiohttp import web
from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError, to_json

from bot.adapters.channels.strict_json import MalformedJson, read_object
from bot.domain.staff import StaffMember
from bot.services.ports_people import StaffSession
from bot.web.errors import BadRequest, Forbidden, NotFound, TooLarge, Unauthorised, Unreadable, UnsupportedMedia
from bot.web.faults import faults_of, spoken, told
from bot.web.house import HOUSE, House

BODY_MAX = 64 * 1024
STAFF_COOKIE = "letan_staff"
VISITOR_COOKIE = "letan_chat"
ID_MAX = 2**63 - 1
"""The largest id that the database can be asked for."""
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)
"""The days that a house can mean: near the ends of Python's calendar no time zone can be worked out any more."""


def _in_words(kind: str, form: str) -> BeforeValidator:
    """Take a date as JSON can say it, and no other way: a number, in quotes or not, would be seconds since 1970."""
    iso = re.compile(form)

    def written(given: object) -> object:
        if isinstance(given, date) or (isinstance(given, str) and iso.fullmatch(given)):
            return given
        raise PydanticCustomError(kind, "not in ISO 8601")

    return BeforeValidator(written)


# Not strict, because strictly only the reader of JSON takes a text, and it cannot see past the validator in front.
Day = Annotated[
    date,
    Field(strict=False, ge=FIRST_DAY, le=LAST_DAY),
    _in_words("date_parsing", r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
]
Moment = Annotated[
    AwareDatetime,
    Field(strict=False, ge=datetime.combine(FIRST_DAY, time(), UTC), le=datetime.combine(LAST_DAY, time(), UTC)),
    _in_words("datetime_parsing", r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ].+"),
]

_CODE = re.compile(r"[A-Z]{2}-[0-9]{1,7}")


class Body(BaseModel):
    """Base of everything that comes in: unknown fields are refused, so nobody can assign what is not offered.

    JSON has numbers and booleans of its own, and they are not guessed from text.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Given(BaseModel):
    """Base of everything that goes out."""

    model_config = ConfigDict(frozen=True)


class Nothing(Body):
    """A body or query with nothing in it."""


class Who(StrEnum):
    """Who may knock: anybody, a visitor of the web chat, a staff member."""

    ANYBODY = "anybody"
    VISITOR = "visitor"
    STAFF = "staff"


B = TypeVar("B", bound=BaseModel)
Q = TypeVar("Q", bound=BaseModel)


@dataclass(frozen=True, kw_only=True)
class Call(Generic[B, Q]):
    """One knock at a JSON door."""

    request: web.Request
    house: House
    body: B
    query: Q
    path: Mapping[str, str]
    session: StaffSession | None = None
    visitor: int | None = None

    @property
    def staff(self) -> StaffMember:
        """The staff member who knocks. Raises Unauthorised at doors that are open to anybody."""
        if self.session is None:
            raise Unauthorised
        return self.session.staff

    @property
    def code(self) -> str:
        """The case code in the path, however it was typed. Raises NotFound for what cannot be one."""
        code = self.path["code"].upper()
        if not _CODE.fullmatch(code):
            raise NotFound
        return code

    @property
    def query_language(self) -> str:
        """The language that the page shows names in."""
        return spoken(self.request)

    @property
    def conversation_id(self) -> int:
        """The conversation of the visitor who knocks."""
        if self.visitor is None:
            raise Unauthorised
        return self.visitor


Handler = Callable[[Call[Any, Any]], Awaitable[BaseModel | web.StreamResponse]]


@dataclass(frozen=True, kw_only=True)
class Door:
    """A declared endpoint. ``errors`` lists the status codes that a caller must expect beside the common ones."""

    method: str
    path: str
    summary: str
    who: Who
    body: type[BaseModel]
    query: type[BaseModel]
    returns: type[BaseModel] | None
    status: int
    errors: tuple[int, ...]
    handler: Handler
    also: tuple[int, ...] = ()


def door(
    method: str,
    path: str,
    *,
    who: Who,
    body: type[BaseModel] = Nothing,
    query: type[BaseModel] = Nothing,
    returns: type[BaseModel] | None = None,
    status: int = 200,
    errors: tuple[int, ...] = (),
    also: tuple[int, ...] = (),
) -> Callable[[Handler], Door]:
    """Declare a handler as a door; its docstring's first line is the summary in the OpenAPI document."""

    def declare(handler: Handler) -> Door:
        return Door(
            method=method,
            path=path,
            summary=(handler.__doc__ or "").strip().splitlines()[0],
            who=who,
            body=body,
            query=query,
            returns=returns,
            status=status,
            errors=errors,
            also=also,
            handler=handler,
        )

    return declare


def install(app: web.Application, doors: tuple[Door, ...]) -> None:
    """Route every door."""
    for one in doors:
        app.router.add_route(one.method, one.path, _handle(one))


def _handle(declared: Door) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def handle(request: web.Request) -> web.StreamResponse:
        house = request.app[HOUSE]
        session = visitor = None
        if declared.who is Who.STAFF:
            session = await staff_session(request, writes=declared.method != "GET")
        elif declared.who is Who.VISITOR:
            visitor = await visitor_of(request)
        call = Call(
            request=request,
            house=house,
            body=await _body(request, declared.body),
            query=_checked(request, declared.query, dict(request.query), "query"),
            path=request.match_info,
            session=session,
            visitor=visitor,
        )
        given = await declared.handler(call)
        if isinstance(given, web.StreamResponse):
            return given
        return reply(given, declared.status)

    return handle


def reply(given: BaseModel, status: int = 200) -> web.Response:
    """Return a JSON response that no cache keeps."""
    return web.Response(
        body=given.model_dump_json().encode(),
        status=status,
        content_type="application/json",
        headers={"Cache-Control": "no-store"},
    )


async def staff_session(request: web.Request, *, writes: bool) -> StaffSession:
    """Return the session of the cookie; a request that changes something must also carry the session's CSRF token.

    Raises:
        Unauthorised: no session.
        Forbidden: the CSRF token is missing or wrong.
    """
    token = request.cookies.get(STAFF_COOKIE)
    session = await request.app[HOUSE].accounts.logins.session(token) if token else None
    if session is None:
        raise Unauthorised
    if writes and not same_secret(request.headers.get("X-CSRF-Token", ""), session.csrf):
        raise Forbidden("csrf", "Phiên làm việc đã đổi, anh/chị tải lại trang rồi làm lại giúp.")
    return session


def same_secret(given: str, expected: str) -> bool:
    """Compare without telling by the time how much was right; ``given`` may hold bytes that are no text."""
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), expected.encode())


async def visitor_of(request: web.Request) -> int:
    """Return the conversation of the visitor's cookie. Raises Unauthorised."""
    token = request.cookies.get(VISITOR_COOKIE)
    conversation_id = await request.app[HOUSE].visitors.conversation_of(token) if token else None
    if conversation_id is None:
        raise Unauthorised
    return conversation_id


async def _body(request: web.Request, model: type[BaseModel]) -> BaseModel:
    if request.method == "GET" or request.content_type.startswith("multipart/"):
        return model.model_construct()
    if not request.can_read_body:
        return _checked(request, model, {}, "body")
    if request.content_type != "application/json":
        raise UnsupportedMedia
    try:
        return _checked(request, model, read_object(await read_capped(request, BODY_MAX)), "body")
    except MalformedJson as failure:
        raise Unreadable from failure


async def read_capped(request: web.Request, limit: int) -> bytes:
    """Return the body, refusing it as soon as it is seen to be larger than ``limit`` bytes.

    Raises:
        TooLarge: it is.
        UnsupportedMedia: it is compressed; nothing here needs that, and a small bomb unpacks to a large body.
    """
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise UnsupportedMedia
    if request.content_length is not None and request.content_length > limit:
        raise TooLarge(limit)
    read = bytearray()
    async for chunk in request.content.iter_any():
        read += chunk
        if len(read) > limit:
            raise TooLarge(limit)
    return bytes(read)


def _checked(request: web.Request, model: type[BaseModel], values: Mapping[str, Any], where: str) -> BaseModel:
    try:
        if where == "query":
            # A query is all text, so numbers in it must be read.
            return model.model_validate(values, strict=False, extra="forbid")
        # What JSON has no type for (a UUID, one word of a list) is text, which only the reader of JSON takes there.
        return model.model_validate_json(to_json(values))
    except ValidationError as failure:
        language = spoken(request)
        faults = faults_of(failure, where, language)
        raise BadRequest("invalid", told(faults, language), faults, language=language) from failure
