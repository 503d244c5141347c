"""A Zalo Official Account as a `ChannelPort`: the way out, and the files that came in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final, Self

import aiohttp
import structlog

from bot.adapters.channels.zalo import render
from bot.adapters.channels.zalo.api import ZaloApi
from bot.adapters.channels.zalo.config import ZaloConfig
from bot.adapters.channels.zalo.events import Party
from bot.adapters.channels.zalo.files import OutgoingFile, Upload, read_file
from bot.adapters.channels.zalo.http import open_session
from bot.adapters.channels.zalo.media import MediaFetcher
from bot.adapters.channels.zalo.parse import parse
from bot.adapters.channels.zalo.tokens import TokenKeeper
from bot.domain.arrivals import Happening
from bot.domain.channel_status import ChannelHealth, ChannelStatus
from bot.domain.messages import Attachment, Channel
from bot.domain.text import clean
from bot.domain.zalo_window import Window, window
from bot.services.ports import Clock, Store
from bot.services.ports_channel import (
    ChannelError,
    ChannelLimits,
    OutcomeUnknown,
    OutgoingMessage,
    RecipientGone,
    Rejected,
)

LIMITS: Final = ChannelLimits(
    text=render.TEXT_UNITS,
    buttons=True,  # as buttons or as numbered lines
    overall=60 / 4000,  # Zalo's documented pace of one application
)
_MESSAGE: Final = "/v3.0/oa/message/cs"
_ANONYMOUS_MESSAGE: Final = "/v2.0/oa/message"

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class _Parts:
    """What has to be running while the channel is open."""

    session: aiohttp.ClientSession
    tokens: TokenKeeper
    api: ZaloApi
    media: MediaFetcher


class ZaloChannel:
    """One Official Account. Use as an async context manager; opening it makes no request. Safe for concurrent use.

    ``link_for`` gives a public address for a file that Zalo does not take, ``None`` where there is no such address.
    """

    def __init__(
        self,
        config: ZaloConfig,
        store: Store,
        clock: Clock,
        *,
        link_for: Callable[[OutgoingMessage], str | None] | None = None,
    ) -> None:
        self._config = config
        self._store = store
        self._clock = clock
        self._link_for = link_for
        self._open: _Parts | None = None

    async def __aenter__(self) -> Self:
        session = open_session()
        tokens = TokenKeeper(session, self._store, self._clock, self._config)
        media = await MediaFetcher(self._config.api).__aenter__()
        self._open = _Parts(session=session, tokens=tokens, api=ZaloApi(session, tokens, self._config), media=media)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        parts, self._open = self._parts, None
        await parts.tokens.close()
        await parts.media.__aexit__(kind, error, trace)
        await parts.session.close()

    @property
    def channel(self) -> Channel:
        """Always Zalo."""
        return Channel.ZALO

    @property
    def limits(self) -> ChannelLimits:
        """What fits, and the pace that Zalo allows an application."""
        return LIMITS

    @property
    def pulls(self) -> bool:
        """Zalo is given messages; it does not fetch them."""
        return False

    @property
    def status(self) -> ChannelStatus:
        """The state of the grant where that is in trouble, else what the last call said."""
        if self._open is None:
            return ChannelStatus.degraded("starting")
        tokens = self._open.tokens.status
        return self._open.api.status if tokens.health is ChannelHealth.OK else tokens

    def parse(self, payload: Mapping[str, Any]) -> Happening:
        """Read a stored event again."""
        return parse(payload).happening

    async def tend(self) -> None:
        """Keep the tokens alive; to be called every hour. Troubles are in `status`, never raised."""
        await self._parts.tokens.tend()

    async def check(self) -> ChannelStatus:
        """Ask Zalo who we are, and return what that says about the channel; never raises for Zalo or the network."""
        try:
            account = await self._parts.api.get("/v2.0/oa/getoa", {})
        except ChannelError as failure:
            _log.warning("zalo_check_failed", reason=str(failure))
            return self.status
        if account.get("is_verified") is False:
            return ChannelStatus.refused("account_not_verified", str(account.get("name", "")))
        return self.status

    async def send(self, message: OutgoingMessage) -> str:
        """Deliver one message and return its id, which echo and receipts repeat. Raises `ChannelError`."""
        try:
            party = Party.of_chat(message.chat)
        except ValueError as error:
            raise Rejected(f"chat_unknown: {error}") from error
        await self._check_window(party, message)
        if message.file_path is not None:
            return await self._send_file(party, message)
        return await self._send_text(party, message)

    async def typing(self, chat: str) -> None:
        """Do nothing: an Official Account has no way to show that it is writing."""

    async def fetch(self, attachment: Attachment, max_bytes: int) -> tuple[bytes, str]:
        """Return a file that a customer sent; Zalo's addresses need no token and expire, so fetch at once."""
        return await self._parts.media.fetch(attachment.ref, max_bytes)

    async def display_name(self, chat: str) -> str | None:
        """Return the name that the customer shows in Zalo, if Zalo says it now; events never carry it.

        Best effort: to be asked once per customer and remembered by the caller.
        """
        try:
            party = Party.of_chat(chat)
            if party.thread is not None:
                return None
            detail = await self._parts.api.get("/v3.0/oa/user/detail", {"user_id": party.user})
        except (ValueError, ChannelError) as failure:
            _log.info("zalo_name_unknown", reason=str(failure))
            return None
        name = detail.get("display_name")
        return " ".join(clean(name).split())[:100] or None if isinstance(name, str) else None

    @property
    def _parts(self) -> _Parts:
        if self._open is None:
            raise RuntimeError("the channel is not open")
        return self._open

    async def _check_window(self, party: Party, message: OutgoingMessage) -> None:
        """Refuse what Zalo would refuse, or would charge for where that is not wanted. Raises `ChannelError`."""
        if party.thread is not None:
            return  # no rule is documented for people who are not logged in: Zalo decides
        async with self._store.begin() as uow:
            conversation = await uow.conversations.at(Channel.ZALO, message.chat)
        now = self._clock.now()
        match window(conversation.last_inbound_at if conversation else None, now):
            case Window.CLOSED:
                raise RecipientGone("seven_days_over: the customer has not written for more than 7 days")
            case Window.CHARGED if not self._config.charged:
                raise Rejected("would_be_charged: the customer has not written for more than 48 hours")
            case Window.CHARGED:
                _log.info("zalo_charged_message", message_id=message.message_id)
            case Window.FREE | Window.UNKNOWN:
                pass

    async def _send_text(self, party: Party, message: OutgoingMessage) -> str:
        text = render.plain(message.text)
        if self._config.buttons and text and render.fit_for_template(message.buttons):
            try:
                return await self._deliver(party, render.choices_message(_checked(text), message.buttons))
            except Rejected as refusal:
                # Refused means that nothing was sent; Zalo documents no such template, so it may go any day.
                _log.warning("zalo_buttons_refused", reason=str(refusal))
        return await self._deliver(party, render.text_message(_checked(render.numbered(text, message.buttons))))

    async def _send_file(self, party: Party, message: OutgoingMessage) -> str:
        try:
            file = await read_file(message)
        except Rejected:
            link = self._link_for(message) if self._link_for is not None else None
            if link is None:
                raise
            text = "\n".join(part for part in (render.plain(message.text), link) if part)
            return await self._deliver(party, render.text_message(_checked(render.numbered(text, message.buttons))))
        uploaded = await self._upload(file)
        text = render.numbered(render.plain(message.text), message.buttons)
        if file.upload is not Upload.DOCUMENT:
            return await self._deliver(party, render.picture_message(_checked(text, empty=True), uploaded, file.size))
        if not text:
            return await self._deliver(party, render.file_message(uploaded), path=_MESSAGE)
        return await self._deliver_both(party, _checked(text), uploaded)

    async def _deliver_both(self, party: Party, text: str, uploaded: str) -> str:
        """Send a text, then its document. Once the text is out, a failure must not bring it back a second time."""
        await self._deliver(party, render.text_message(text))
        try:
            return await self._deliver(party, render.file_message(uploaded), path=_MESSAGE)
        except ChannelError as error:
            raise OutcomeUnknown(f"the text was sent, its file was not: {error}") from error

    async def _upload(self, file: OutgoingFile) -> str:
        answer = await self._parts.api.upload(file.upload.path, file.content, file.name, file.mime)
        uploaded = answer.get(file.upload.answer)
        if not isinstance(uploaded, str) or not uploaded:
            raise Rejected("upload_refused: the answer names no file")
        return uploaded

    async def _deliver(self, party: Party, message: Mapping[str, Any], *, path: str | None = None) -> str:
        path = path or (_MESSAGE if party.thread is None else _ANONYMOUS_MESSAGE)
        sent = await self._parts.api.post(path, {"recipient": render.recipient(party), "message": message})
        message_id = sent.get("message_id")
        if not isinstance(message_id, str | int) or not str(message_id):
            raise OutcomeUnknown("the answer names no message")
        return str(message_id)


def _checked(text: str, *, empty: bool = False) -> str:
    """Return a text that Zalo takes. Raises `Rejected`."""
    if not text and not empty:
        raise Rejected("empty: Zalo takes no message without text")
    units = render.utf16_units(text)
    if units > render.TEXT_UNITS:
        raise Rejected(f"too_long: {units} characters, Zalo takes {render.TEXT_UNITS}")
    return text
