"""HTTP towards Zalo, with failures told apart by one question: can the request have had an effect?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

import aiohttp

from bot.services.ports_channel import OutcomeUnknown, RateLimited, Rejected, Unreachable

CONNECT_SECONDS: Final = 4.0
CALL_SECONDS: Final = 8.0
UPLOAD_SECONDS: Final = 18.0
_DEFAULT_WAIT: Final = 5.0
_LONGEST_WAIT: Final = 300.0
_NEVER_CONNECTED: Final = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.ClientHttpProxyError,
    aiohttp.InvalidURL,
)


def open_session() -> aiohttp.ClientSession:
    """Return a session for calls to Zalo; proxies of the environment are honoured.

    Idle connections are dropped after a few seconds: one that the other side closed meanwhile would make the next
    message end as ``unknown`` for nothing.
    """
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(keepalive_timeout=4.0), trust_env=True, cookie_jar=aiohttp.DummyCookieJar()
    )


async def call(
    session: aiohttp.ClientSession, method: str, url: str, *, seconds: float, **request: Any
) -> Mapping[str, Any]:
    """Make one request and return the JSON object of the answer, whatever the HTTP status says about it.

    Raises:
        Unreachable: it had no effect.
        RateLimited: it had no effect, and the next must wait.
        Rejected: the address is not that of the API.
        OutcomeUnknown: it was written, and what became of it cannot be told.
    """
    # ``connect`` covers the wait for a free connection, the look-up of the name and the connection itself, so that the
    # total can run out only after the request went out.
    timeout = aiohttp.ClientTimeout(total=seconds, connect=CONNECT_SECONDS, sock_connect=CONNECT_SECONDS)
    try:
        async with session.request(method, url, timeout=timeout, allow_redirects=False, **request) as response:
            return _answer(response, await response.read())
    except _NEVER_CONNECTED as error:
        raise Unreachable(f"no connection: {type(error).__name__}") from error
    except TimeoutError as error:
        raise OutcomeUnknown("no answer in time") from error
    except aiohttp.ClientError as error:
        raise OutcomeUnknown(f"connection lost: {type(error).__name__}") from error


def _answer(response: aiohttp.ClientResponse, body: bytes) -> Mapping[str, Any]:
    status = response.status
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        raise RateLimited(_retry_after(response), whole_channel=True)
    if status == HTTPStatus.GATEWAY_TIMEOUT:
        raise OutcomeUnknown("a gateway waited in vain")
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        raise Unreachable(f"answered {status}")
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError):
        parsed = None
    if isinstance(parsed, dict):
        return parsed
    if status >= HTTPStatus.BAD_REQUEST:
        raise Rejected(f"not_the_api: answered {status}")
    raise OutcomeUnknown("the answer cannot be read")


def _retry_after(response: aiohttp.ClientResponse) -> float:
    given = response.headers.get("Retry-After", "")
    seconds = float(given) if given.isascii() and given.isdigit() and len(given) < 6 else _DEFAULT_WAIT
    return min(max(seconds, 1.0), _LONGEST_WAIT)
