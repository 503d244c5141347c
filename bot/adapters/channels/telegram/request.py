"""HTTP under python-telegram-bot, with failures told apart by one question: can the message have left?

The library's own transport folds "no connection", "connection lost while waiting" and every 5xx into one error and
writes the bot's token, as part of the URL, into the log of its HTTP client. This one does neither.
"""

from __future__ import annotations

import io
import json
from http import HTTPStatus
from typing import Any, Final

import aiohttp
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData
from yarl import URL

from bot.services.ports_channel import Rejected, Unreachable

CONNECT_SECONDS: Final = 5.0
READ_SECONDS: Final = 10.0
UPLOAD_SECONDS: Final = 60.0
_CHUNK: Final = 64 * 1024
_NEVER_CONNECTED: Final = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.ClientHttpProxyError,
    aiohttp.InvalidURL,
)


class NotSent(NetworkError):
    """The request had no effect: no connection, or the platform said that it failed on its side."""


class Flooded(TelegramError):
    """Told to wait ``seconds`` before the next try. Building the library's own error warns of a deprecation."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"Flood control exceeded, retry in {seconds} s")
        self.seconds = seconds


class Garbled(NetworkError):
    """An answer came, but not one of the Bot API; what became of the request is unknown."""


class BotApiRequest(BaseRequest):
    """One HTTP session for everything that goes to the Bot API. Proxies of the environment are honoured."""

    def __init__(self, read_seconds: float = READ_SECONDS) -> None:
        self.read_seconds = read_seconds
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        """Seconds without a byte after which an ordinary call is given up."""
        return self.read_seconds

    async def initialize(self) -> None:
        """Open the session; needs a running event loop."""
        if self._session is None:
            self._session = aiohttp.ClientSession(trust_env=True)

    async def shutdown(self) -> None:
        """Close the session with its connections."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Make one request.

        Raises:
            NotSent: it had no effect.
            Flooded: it had no effect, and the next must wait.
            TimedOut: it was written, and no answer came.
            NetworkError: the connection broke somewhere behind the first byte.
        """
        seconds = self.read_seconds if read_timeout is BaseRequest.DEFAULT_NONE else float(read_timeout)
        uploading = request_data is not None and request_data.contains_files
        timeout = aiohttp.ClientTimeout(
            total=CONNECT_SECONDS + seconds + (UPLOAD_SECONDS if uploading else 0.0),
            sock_connect=CONNECT_SECONDS,
            sock_read=seconds,
        )
        try:
            async with self._open().request(
                method, URL(url, encoded=True), data=_body(request_data), timeout=timeout, allow_redirects=False
            ) as response:
                status, payload = response.status, await response.read()
        except _NEVER_CONNECTED as error:
            raise NotSent(f"no connection: {type(error).__name__}") from error
        except TimeoutError as error:
            raise TimedOut from error
        except aiohttp.ClientError as error:
            raise NetworkError(f"connection lost: {type(error).__name__}") from error
        _refuse(status, payload)
        return status, payload

    async def download(self, url: str, max_bytes: int) -> tuple[bytes, str]:
        """Return a file and the media type its server gives, holding at most ``max_bytes`` in memory.

        Raises:
            Rejected: larger than that, or not there (any more).
            Unreachable: try again.
        """
        timeout = aiohttp.ClientTimeout(total=UPLOAD_SECONDS, sock_connect=CONNECT_SECONDS, sock_read=self.read_seconds)
        try:
            async with self._open().get(URL(url, encoded=True), timeout=timeout, allow_redirects=False) as response:
                if response.status == HTTPStatus.TOO_MANY_REQUESTS or response.status >= 500:
                    raise Unreachable(f"the file server answered {response.status}")
                if response.status != HTTPStatus.OK:
                    raise Rejected(f"the file server answered {response.status}")
                return await _read_up_to(response, max_bytes), response.content_type
        except (TimeoutError, aiohttp.ClientError) as error:
            raise Unreachable(f"no file: {type(error).__name__}") from error

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Return an answer of the Bot API, and keep what is none out of the log: it may be about customers."""
        try:
            answer = json.loads(payload.decode("utf-8", "replace"))
        except (ValueError, RecursionError) as error:
            raise Garbled("the answer is not JSON") from error
        if not isinstance(answer, dict) or not ("result" in answer or "error_code" in answer):
            raise Garbled("the answer is not one of the Bot API")
        return answer

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise NotSent("the client is closed")
        return self._session


def _body(request_data: RequestData | None) -> aiohttp.FormData | None:
    if request_data is None:
        return None
    # Unquoted: Telegram shows a file name as it stands in the header, percent signs included.
    form = aiohttp.FormData(quote_fields=False)
    for key, value in request_data.json_parameters.items():
        form.add_field(key, value)
    if request_data.contains_files:
        for key, (name, content, mime) in request_data.multipart_data.items():
            body = io.BytesIO(content) if isinstance(content, bytes) else content
            form.add_field(key, body, filename=name, content_type=mime)
    return form


def _refuse(status: int, payload: bytes) -> None:
    """Raise for the answers that the library would not tell apart; all other errors are left to it."""
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        raise Flooded(_retry_after(payload))
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        raise NotSent(f"redirected ({status}): this is not the Bot API")
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        # The platform's own words, and a gateway that had nobody to pass it to, mean that nothing was done.
        # Another gateway's 5xx may hide a message that went out.
        own_words = b'"error_code"' in payload
        if own_words or status == HTTPStatus.SERVICE_UNAVAILABLE:
            raise NotSent(f"the platform answered {status}")
        raise Garbled(f"a gateway answered {status}")


def _retry_after(payload: bytes) -> float:
    """Return the seconds that a 429 asks for; one second where it does not say."""
    try:
        return max(float(json.loads(payload)["parameters"]["retry_after"]), 1.0)
    except (ValueError, TypeError, KeyError):
        return 1.0


async def _read_up_to(response: aiohttp.ClientResponse, max_bytes: int) -> bytes:
    """Return the body, given up as soon as it is too long: what its headers promise is not to be relied on."""
    content = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK):
        content += chunk
        if len(content) > max_bytes:
            raise Rejected(f"larger than {max_bytes} bytes")
    return bytes(content)
