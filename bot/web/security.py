"""What every response carries, and what no request may be: from a foreign page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from time import perf_counter
from urllib.parse import urlsplit

from aiohttp import web

from bot.web.errors import Forbidden
from bot.web.house import HOUSE
from bot.web.metrics import REQUESTS

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self'; "
    "connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; "
    "manifest-src 'self'; frame-src 'self'; frame-ancestors {ancestors}"
)
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@web.middleware
async def same_origin(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse a changing request that a page of another origin made; programs send no Origin and are not browsers."""
    if request.method not in _SAFE and not request.path.startswith("/webhooks/"):
        origin = request.headers.get("Origin")
        site = request.headers.get("Sec-Fetch-Site")
        if (origin is not None and not _ours(request, origin)) or site in ("cross-site", "same-site"):
            public = request.app[HOUSE].settings.public_url
            where = f" Anh/chị mở trang bằng địa chỉ {public} giúp." if public else ""
            raise Forbidden("foreign_origin", f"Yêu cầu đến từ trang khác nên không được nhận.{where}")
    return await handler(request)


def _ours(request: web.Request, origin: str) -> bool:
    """Tell whether a page is ours: by the configured address, and only without one by what the browser asked for.

    The ``Host`` of a request is the sender's word: a foreign name that was made to lead here would be its own origin.
    """
    public = request.app[HOUSE].settings.public_url
    parts = urlsplit(origin)
    if parts.scheme not in ("http", "https"):
        return False
    if public is not None:
        return origin.lower() == "{0.scheme}://{0.netloc}".format(urlsplit(public)).lower()
    return parts.netloc == request.host


@web.middleware
async def measured(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Count and time every answer but the streams, by route and not by address (addresses are without number)."""
    started = perf_counter()
    response = await handler(request)
    resource = request.match_info.route.resource
    route = resource.canonical if resource is not None else "other"
    if not route.endswith("/events"):
        REQUESTS.labels(route, str(response.status)).observe(perf_counter() - started)
    return response


async def headers(request: web.Request, response: web.StreamResponse) -> None:
    """Set the headers that keep a page from being framed, sniffed or fed with foreign scripts."""
    house = request.app[HOUSE]
    chat = request.path in ("/", "/widget")
    ancestors = " ".join(["'self'", *house.settings.widget_origins.split()]) if chat else "'none'"
    response.headers.setdefault("Content-Security-Policy", _CSP.format(ancestors=ancestors))
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault(
        "Cross-Origin-Resource-Policy", "cross-origin" if request.path == "/widget.js" else "same-origin"
    )
    response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
    if not chat:
        response.headers.setdefault("X-Frame-Options", "DENY")
    if (house.settings.public_url or "").startswith("https://"):
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
