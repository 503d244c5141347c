"""A bot of the Zalo Bot Platform as a `ChannelPort`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Final, Self

import aiohttp
import structlog

from bot.adapters.channels.zalo import render
from bot.adapters.channels.zalo.http import call, open_session
from bot.adapters.channels.zalo.media import MediaFetcher
from bot.adapters.channels.zalo_bot.config import DEFAULT_API, ZaloBotConfig
from bot.adapters.channels.zalo_bot.parse import parse
from bot.domain.arrivals import Happening
from bot.domain.channel_status import ChannelStatus
from bot.domain.messages import Attachment, Channel
from bot.services.ports_channel import (
    ChannelError,
    ChannelLimits,
    OutcomeUnknown,
    OutgoingMessage,
    RateLimited,
    RecipientGone,
    Rejected,
    Unreachable,
)

LIMITS: Final = ChannelLimits(text=render.TEXT_UNITS, buttons=True)  # choices go out as numbered lines
_PICTURES: Final = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
_DEFAULT_WAIT: Final = 5.0
_SECRET_LENGTH: Final = range(8, 257)

_log = structlog.get_logger(__name__)


class ZaloBotChannel:
    """Private chats with one bot. Use as an async context manager; opening it makes no request.

    The platform takes files by public address only: ``link_for`` gives the one of a message's file, ``None`` where
    there is none. ``status`` is what the last call said about the bot.
    """

    def __init__(
        self, config: ZaloBotConfig, *, link_for: Callable[[OutgoingMessage], str | None] | None = None
    ) -> None:
        self._config = config
        self._link_for = link_for
        self._session: aiohttp.ClientSession | None = None
        self._media = MediaFetcher(None if config.api == DEFAULT_API else config.api)
        self.status = ChannelStatus.ok()

    async def __aenter__(self) -> Self:
        self._session = open_session()
        await self._media.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        session, self._session = self._session, None
        await self._media.__aexit__(kind, error, trace)
        if session is not None:
            await session.close()

    @property
    def channel(self) -> Channel:
        """Always the Bot Platform."""
        return Channel.ZALO_BOT

    @property
    def limits(self) -> ChannelLimits:
        """What fits; the platform publishes no pace."""
        return LIMITS

    @property
    def pulls(self) -> bool:
        """The platform is given messages; it does not fetch them."""
        return False

    def parse(self, payload: Mapping[str, Any]) -> Happening:
        """Read a stored update again."""
        return parse(payload).happening

    async def send(self, message: OutgoingMessage) -> str:
        """Deliver one message and return its id. Raises `ChannelError`."""
        text = render.numbered(render.plain(message.text), message.buttons)
        if render.utf16_units(text) > render.TEXT_UNITS:
            raise Rejected(f"too_long: the platform takes {render.TEXT_UNITS} characters")
        if message.file_path is not None:
            return _message_id(await self._send_file(message, text))
        if not text:
            raise Rejected("empty: the platform takes no message without text")
        return _message_id(await self._call("sendMessage", {"chat_id": message.chat, "text": text}))

    async def typing(self, chat: str) -> None:
        """Show that an answer is coming."""
        try:
            await self._call("sendChatAction", {"chat_id": chat, "action": "typing"})
        except ChannelError as failure:
            _log.debug("typing_not_shown", channel=self.channel, reason=str(failure))

    async def fetch(self, attachment: Attachment, max_bytes: int) -> tuple[bytes, str]:
        """Return a file that a customer sent; its address needs no token and expires, so fetch at once."""
        return await self._media.fetch(attachment.ref, max_bytes)

    async def check(self) -> ChannelStatus:
        """Ask whether the token works; never raises for the platform or the network."""
        return await self._noted("getMe", {})

    async def register(self, url: str) -> ChannelStatus:
        """Tell the platform where to deliver; never raises for the platform or the network."""
        if len(self._config.secret) not in _SECRET_LENGTH:
            self.status = ChannelStatus.refused("webhook_secret", "8 to 256 characters are due")
            return self.status
        return await self._noted("setWebhook", {"url": url, "secret_token": self._config.secret})

    async def _noted(self, method: str, body: Mapping[str, Any]) -> ChannelStatus:
        try:
            await self._call(method, body)
        except ChannelError as failure:
            _log.warning("zalo_bot_call_failed", method=method, reason=str(failure))
            if self.status == ChannelStatus.ok():
                self.status = ChannelStatus.degraded("refused_by_zalo", str(failure))
        return self.status

    async def _send_file(self, message: OutgoingMessage, text: str) -> Mapping[str, Any]:
        link = self._link_for(message) if self._link_for is not None else None
        if link is None:
            raise Rejected("file_type: the platform takes files by public address only")
        if message.file_mime in _PICTURES:
            body = {"chat_id": message.chat, "photo": link}
            return await self._call("sendPhoto", {**body, "caption": text} if text else body)
        told = f"{text}\n{link}".strip()
        if render.utf16_units(told) > render.TEXT_UNITS:
            raise Rejected("too_long: no room for the address of the file")
        return await self._call("sendMessage", {"chat_id": message.chat, "text": told})

    async def _call(self, method: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Call a method; failures come with HTTP 200 as well, so only ``ok`` counts. Raises `ChannelError`."""
        if self._session is None:
            raise RuntimeError("the channel is not open")
        url = f"{self._config.api.rstrip('/')}/bot{self._config.token}/{method}"
        try:
            answer = await call(self._session, "POST", url, seconds=self._config.call_seconds, json=body)
        except ChannelError as failure:
            reason = "rate_limited" if isinstance(failure, RateLimited) else "unreachable"
            self.status = ChannelStatus.degraded(reason, str(failure))
            raise
        if "ok" not in answer:
            raise OutcomeUnknown("the answer is none of the platform's")
        if answer.get("ok") is not True:
            raise self._failure(answer)
        self.status = ChannelStatus.ok()
        result = answer.get("result")
        return result if isinstance(result, Mapping) else {}

    def _failure(self, answer: Mapping[str, Any]) -> ChannelError:
        code, words = answer.get("error_code"), str(answer.get("description", ""))[:300]
        said = f"({code} {words})"
        error: ChannelError
        self.status = ChannelStatus.ok()
        match code:
            case 401 | 404:
                self.status = ChannelStatus.refused("invalid_token", words)
                error = Rejected(f"invalid_token {said}")
            case 403:
                error = RecipientGone(f"blocked {said}")
            case 429:
                self.status = ChannelStatus.degraded("rate_limited", words)
                error = RateLimited(_wait(answer), whole_channel=True)
            case 408:
                error = OutcomeUnknown(f"no answer in time {said}")
            case int() if code >= 500:
                error = Unreachable(f"failed {said}")
            case _:
                error = Rejected(f"refused_by_zalo {said}")
        return error


def _message_id(result: Mapping[str, Any]) -> str:
    message_id = result.get("message_id")
    if not isinstance(message_id, str | int) or not str(message_id):
        raise OutcomeUnknown("the answer names no message")
    return str(message_id)


def _wait(answer: Mapping[str, Any]) -> float:
    parameters = answer.get("parameters")
    given = parameters.get("retry_after") if isinstance(parameters, Mapping) else None
    return min(max(float(given), 1.0), 300.0) if isinstance(given, int | float) else _DEFAULT_WAIT
