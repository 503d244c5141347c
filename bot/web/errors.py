"""What went wrong, as HTTP says it: one renderer for every refusal, and nothing of our insides in it."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Mapping

import structlog
from aiohttp import web
from pydantic import BaseModel
from sqlalchemy.exc import SQLAlchemyError

from bot.domain.errors import (
    AlreadyTaken,
    DomainError,
    ForbiddenMove,
    HeldByGuard,
    Invalid,
    NotPermitted,
    NotSeen,
    Unknown,
)
from bot.services.absences import Uncovers
from bot.services.duty import HoldsOpenCases
from bot.services.logins import WrongLogin
from bot.services.patience import AT_A_DOOR, patience
from bot.services.refusals import NotNow, NotYours
from bot.services.second_factors import CodeNeeded, WrongCode
from bot.services.throttle import TooManyTries
from bot.web.faults import GUARDED, ruled, spoken
from bot.web.gap_shapes import CoverOut, GapOut, WaitingOut
from bot.web.house import HOUSE
from bot.web.limits import network_of
from bot.web.metrics import TURNED_AWAY
from bot.web.render_gaps import uncovered

log = structlog.get_logger(__name__)


class Problem(BaseModel):
    """The body of every refusal. ``error`` is stable, ``message`` is for people, ``id`` finds it in the log.

    A break or leave that would leave a desk empty names the ``gaps``, or the ``waiting`` customers whom nobody would
    serve, and the ``covers`` who could step in for all of that.
    """

    error: str
    message: str
    id: str | None = None
    fields: dict[str, str] | None = None
    winner: str | None = None
    retry_after: int | None = None
    codes: list[str] | None = None
    gaps: list[GapOut] | None = None
    waiting: list[WaitingOut] | None = None
    covers: list[CoverOut] | None = None


class HttpRefusal(Exception):
    """A refusal that only the web knows."""

    status = 400
    language = "vi"

    def __init__(self, error: str, message: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.problem = Problem(error=error, message=message, fields=dict(fields) if fields else None)


class BadRequest(HttpRefusal):
    """The request cannot be read; send another."""

    status = 422

    def __init__(
        self, error: str, message: str, fields: Mapping[str, str] | None = None, *, language: str = "vi"
    ) -> None:
        super().__init__(error, message, fields)
        self.language = language


class Unreadable(HttpRefusal):
    """The bytes are not JSON; mend the sender."""

    def __init__(self) -> None:
        super().__init__("json", "Nội dung gửi lên không phải một đối tượng JSON hợp lệ.")


class Unauthorised(HttpRefusal):
    """Log in (or open a chat) first."""

    status = 401

    def __init__(self) -> None:
        super().__init__("unauthorised", "Phiên đã hết hạn. Anh/chị tải lại trang để mở phiên mới giúp.")


class Forbidden(HttpRefusal):
    """Not from here, or not with these rights."""

    status = 403


class NotFound(HttpRefusal):
    """Nothing here."""

    status = 404

    def __init__(self) -> None:
        super().__init__("unknown", "Không tìm thấy.")


class TooLarge(HttpRefusal):
    """Send less. ``limit`` is in bytes."""

    status = 413

    def __init__(self, limit: int) -> None:
        shown = f"{limit // (1024 * 1024)} MB" if limit >= 1024 * 1024 else f"{limit // 1024} KB"
        super().__init__("too_large", f"Nội dung quá lớn, tối đa {shown}.")


class UnsupportedMedia(HttpRefusal):
    """Send uncompressed JSON."""

    status = 415

    def __init__(self) -> None:
        super().__init__("unsupported_media", "Kiểu dữ liệu không được hỗ trợ.")


class Unavailable(HttpRefusal):
    """The house cannot take this now; try again later."""

    status = 503

    def __init__(self, message: str) -> None:
        super().__init__("unavailable", message)


class TooMany(HttpRefusal):
    """Slow down. ``seconds`` says for how long; the message is the web chat's where none is given."""

    status = 429

    def __init__(
        self, seconds: float, message: str = "Anh/chị nhắn hơi nhanh, đợi em một chút rồi nhắn tiếp nhé."
    ) -> None:
        super().__init__("too_many", message)
        self.problem = self.problem.model_copy(update={"retry_after": max(1, round(seconds + 0.5))})


_STATUS: tuple[tuple[type[DomainError], int, str], ...] = (
    (AlreadyTaken, 409, "Đã có người nhận."),
    (NotSeen, 409, "Khách vừa nhắn thêm. Anh/chị đọc tin mới rồi hoàn tất giúp."),
    (HoldsOpenCases, 409, "Anh/chị còn giữ phiếu chưa xong, chuyển hoặc hoàn tất trước khi nghỉ giúp."),
    (Uncovers, 409, "Bộ phận sẽ không còn ai trực. Anh/chị nhờ một đồng nghiệp trực thay, hoặc chọn giờ khác giúp."),
    (ForbiddenMove, 409, "Phiếu không còn ở trạng thái làm được việc này, anh/chị xem lại giúp."),
    (NotPermitted, 403, "Anh/chị không có quyền làm việc này."),
    (Unknown, 404, "Không tìm thấy."),
    (WrongLogin, 401, "Email hoặc mật khẩu không đúng."),
    (CodeNeeded, 401, "Nhập thêm mã 6 số trong ứng dụng xác thực của anh/chị."),
    (WrongCode, 401, "Mã xác thực chưa đúng hoặc đã dùng. Anh/chị đợi mã mới rồi nhập lại giúp."),
)


_PLAIN = {404: "Không tìm thấy.", 405: "Cách gọi này không dùng được ở địa chỉ này.", 413: "Nội dung quá lớn."}
_UNCLEAR = "Yêu cầu chưa đúng, anh/chị kiểm tra lại giúp."
"""What is said where the web server itself refuses, by status; otherwise that the request is not right."""


def problem_of(failure: DomainError) -> tuple[int, Problem]:
    """Return how a refusal of the domain is told."""
    if isinstance(failure, Invalid):
        return 422, Problem(error=failure.code, message=failure.reason, fields={failure.field: failure.reason})
    if isinstance(failure, HeldByGuard):
        return 422, Problem(error=failure.code, message=failure.explanation, fields={"text": failure.matched})
    if isinstance(failure, TooManyTries):
        message = f"Thử sai nhiều lần. Anh/chị đợi {failure.seconds} giây rồi thử lại."
        return 429, Problem(error=failure.code, message=message, retry_after=failure.seconds)
    if isinstance(failure, NotNow | NotYours):
        return 409 if isinstance(failure, NotNow) else 403, Problem(error=failure.code, message=failure.explanation)
    if isinstance(failure, AlreadyTaken) and failure.explanation:
        return 409, Problem(error=failure.code, message=failure.explanation)
    codes = failure.codes if isinstance(failure, HoldsOpenCases) else None
    for kind, status, message in _STATUS:
        if isinstance(failure, kind):
            return status, Problem(error=failure.code, message=message, codes=codes)
    raise TypeError(f"no HTTP status for {type(failure).__name__}") from failure


BEGUN: web.RequestKey[web.StreamResponse] = web.RequestKey("begun", web.StreamResponse)
"""Set once a streamed answer has begun: from then on no other answer can be given."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def refusals(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn every exception into one clear answer; what we did not expect gets an id that finds it in the log."""
    patience.set(AT_A_DOOR)
    try:
        return await handler(request)
    except HttpRefusal as refusal:
        return _refused(request, refusal.status, refusal.problem, refusal.language)
    except DomainError as failure:
        return await _of_domain(request, failure)
    except web.HTTPException as plain:
        if plain.status < 400 or request.path.startswith(("/desk", "/files")):
            raise
        message = _PLAIN.get(plain.status, _UNCLEAR)
        return answer(plain.status, Problem(error=plain.reason.lower().replace(" ", "_"), message=message))
    except (SQLAlchemyError, OSError, TimeoutError) as failure:
        found = _logged(request, "door_unavailable", failure)
        return request.get(BEGUN) or answer(
            503, Problem(error="unavailable", message="Hệ thống đang bận, anh/chị thử lại sau ít giây.", id=found)
        )
    except Exception as failure:  # noqa: BLE001 - the error middleware, one of the three places (DESIGN section 7)
        found = _logged(request, "door_failed", failure)
        return request.get(BEGUN) or answer(
            500, Problem(error="internal", message="Có lỗi ở phía chúng tôi, anh/chị thử lại giúp.", id=found)
        )


async def _of_domain(request: web.Request, failure: DomainError) -> web.Response:
    """Answer a refusal of the domain; what is wrong with a form is said in the language of the page."""
    status, problem = problem_of(failure)
    language = spoken(request) if status == BadRequest.status else "vi"
    if isinstance(failure, Invalid):
        said = ruled(failure.field, failure.reason, language)
        problem = problem.model_copy(update={"message": said, "fields": {failure.field: said}})
    elif isinstance(failure, HeldByGuard) and language == "en":
        problem = problem.model_copy(update={"message": GUARDED})
    elif isinstance(failure, AlreadyTaken):
        problem = await _with_winner(request, failure, problem)
    elif isinstance(failure, Uncovers):
        problem = problem.model_copy(update=uncovered(failure, request.app[HOUSE].company))
    return _refused(request, status, problem, language)


_WATCHED = {
    "unauthorised": "unauthorised",
    "wrong_login": "login",
    "wrong_code": "login",
    "too_many_tries": "login",
    "too_many": "too_many",
    "csrf": "csrf",
    "foreign_origin": "foreign_origin",
    "not_permitted": "not_permitted",
    "unknown": "unknown",
}
"""Refusals that may be somebody trying doors, by error code, and the kind under which they are counted."""


def _refused(request: web.Request, status: int, problem: Problem, language: str = "vi") -> web.Response:
    """Answer a refusal; those that an attack would leave are counted and logged, without anything that was sent."""
    kind = _WATCHED.get(problem.error)
    if kind is not None:
        TURNED_AWAY.labels(kind).inc()
        log.warning(
            "door_refused",
            kind=kind,
            status=status,
            method=request.method,
            path=request.path[:200],
            network=network_of(request.remote),
        )
    return answer(status, problem, language)


def answer(status: int, problem: Problem, language: str = "vi") -> web.Response:
    """Return a refusal as JSON, worded in a language."""
    headers = {"Cache-Control": "no-store", "Content-Language": language}
    if problem.retry_after is not None:
        headers["Retry-After"] = str(problem.retry_after)
    return web.Response(
        body=problem.model_dump_json(exclude_none=True).encode(),
        status=status,
        content_type="application/json",
        headers=headers,
    )


async def _with_winner(request: web.Request, failure: AlreadyTaken, problem: Problem) -> Problem:
    async with request.app[HOUSE].store.read() as uow:
        names = await uow.staff.names()
    winner = names.get(failure.winner) if failure.winner is not None else None
    message = f"{winner} đã nhận trước." if winner and not failure.explanation else problem.message
    return problem.model_copy(update={"winner": winner, "message": message})


def _logged(request: web.Request, event: str, failure: BaseException) -> str:
    found = secrets.token_hex(6)
    log.error(event, id=found, method=request.method, path=request.path, exc_info=failure)
    return found
