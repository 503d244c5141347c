"""Telegram as a `ChannelPort`: the way out, and the files that came in."""

from __future__ import annotations

import asyncio
import mimetypes
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import structlog
import telegram
from telegram import InlineKeyboardMarkup
from telegram.error import BadRequest, TelegramError

from bot.adapters.channels.telegram.buttons import keyboard
from bot.adapters.channels.telegram.client import TelegramClient
from bot.adapters.channels.telegram.errors import delivery_error, lookup_error
from bot.adapters.channels.telegram.parse import salvage_update
from bot.domain.arrivals import Happening
from bot.domain.messages import Attachment, Channel
from bot.domain.text import clean
from bot.services.ports import Clock
from bot.services.ports_channel import ChannelLimits, OutcomeUnknown, OutgoingMessage, RateLimited, Rejected

TEXT_UNITS: Final = 4096
CAPTION_UNITS: Final = 1024
DOWNLOAD_BYTES: Final = 20 * 1024 * 1024
PHOTO_BYTES: Final = 10 * 1024 * 1024
UPLOAD_BYTES: Final = 50 * 1024 * 1024
_PHOTOS: Final = frozenset({"image/jpeg", "image/png", "image/webp"})

_log = structlog.get_logger(__name__)

LIMITS: Final = ChannelLimits(
    text=TEXT_UNITS,  # UTF-16 units, as the house splits: an emoji beyond the first plane counts twice
    buttons=True,
    per_chat=1.0,
    overall=1 / 30,
)


def utf16_units(text: str) -> int:
    """Return the length of a text as Telegram counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


class TelegramChannel:
    """Private chats with the bot. Keeps nothing but the memory of recent floods; safe for concurrent use."""

    def __init__(self, client: TelegramClient, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._floods: dict[str, datetime] = {}

    @property
    def channel(self) -> Channel:
        """Always Telegram."""
        return Channel.TELEGRAM

    @property
    def limits(self) -> ChannelLimits:
        """What fits, and the pace the platform asks for."""
        return LIMITS

    @property
    def pulls(self) -> bool:
        """Telegram is given messages; it does not fetch them."""
        return False

    def parse(self, payload: Mapping[str, Any]) -> Happening:
        """Read a stored update again; what was accepted as unreadable still is. Raises ``ValueError`` without an id."""
        return salvage_update(payload).happening

    async def send(self, message: OutgoingMessage) -> str:
        """Deliver one message, as plain text: nothing in it is markup. Raises `ChannelError`."""
        try:
            if message.file_path is None:
                sent = await self._send_text(message)
            elif utf16_units(message.text) <= CAPTION_UNITS:
                sent = await self._send_file(message)
            else:
                sent = await self._send_long(message)
        except TelegramError as error:
            meaning = delivery_error(error)
            if isinstance(meaning, RateLimited):
                meaning = self._flood(message.chat, meaning.retry_after)
            raise meaning from error
        return str(sent.message_id)

    async def typing(self, chat: str) -> None:
        """Show for five seconds that an answer is coming."""
        try:
            await self._client.bot.send_chat_action(chat, "typing")
        except TelegramError as error:
            _log.debug("typing_not_shown", channel=self.channel, error=str(error))

    async def fetch(self, attachment: Attachment, max_bytes: int) -> tuple[bytes, str]:
        """Return a file that a customer sent, up to the platform's own 20 MB, and its media type.

        The type is the sender's word or the file's ending; whoever stores the file looks at its content.
        """
        try:
            content, served_as, path = await self._client.download(attachment.ref, min(max_bytes, DOWNLOAD_BYTES))
        except TelegramError as error:
            raise lookup_error(error) from error
        return content, attachment.mime or mimetypes.guess_type(path)[0] or served_as

    async def _send_text(self, message: OutgoingMessage) -> telegram.Message:
        if not message.text.strip():
            raise Rejected("Telegram takes no empty message")
        if (units := utf16_units(message.text)) > TEXT_UNITS:
            raise Rejected(f"{units} UTF-16 units, more than {TEXT_UNITS}")
        return await self._client.bot.send_message(
            message.chat, message.text, reply_markup=keyboard(message.buttons), parse_mode=None
        )

    async def _send_long(self, message: OutgoingMessage) -> telegram.Message:
        """Send a text that does not fit beside its file, then the file.

        Once the text is out, a failure must not bring it back a second time: it is `OutcomeUnknown`, whatever it was.
        """
        await self._send_text(replace(message, buttons=()))
        await asyncio.sleep(LIMITS.per_chat)
        try:
            return await self._send_file(replace(message, text=""))
        except (TelegramError, Rejected) as error:
            raise OutcomeUnknown(f"the text was sent, its file was not: {error}") from error

    async def _send_file(self, message: OutgoingMessage) -> telegram.Message:
        path = Path(message.file_path or "")
        content = await _read(path)
        name = _file_name(message.file_name or path.name)
        mime = message.file_mime or mimetypes.guess_type(name)[0] or ""
        caption, markup = message.text or None, keyboard(message.buttons)
        if mime in _PHOTOS and len(content) <= PHOTO_BYTES:
            sent = await self._send_photo(message.chat, content, name, caption, markup)
            if sent is not None:
                return sent
        return await self._client.bot.send_document(
            message.chat, content, caption=caption, filename=name, reply_markup=markup, parse_mode=None
        )

    async def _send_photo(
        self, chat: str, content: bytes, name: str, caption: str | None, markup: InlineKeyboardMarkup | None
    ) -> telegram.Message | None:
        """Send a picture to look at; ``None``, with nothing sent, when Telegram will not treat it as one."""
        try:
            return await self._client.bot.send_photo(
                chat, content, caption=caption, filename=name, reply_markup=markup, parse_mode=None
            )
        except BadRequest as error:
            # Too long, too thin, not really a picture: as a document it still arrives.
            if "photo" in error.message.lower() or "image" in error.message.lower():
                return None
            raise

    def _flood(self, chat: str, retry_after: float) -> RateLimited:
        """Return the limit that a 429 speaks of: one chat, or everything once several chats are refused at a time.

        Telegram does not say which of its limits was hit.
        """
        now = self._clock.now()
        self._floods = {other: until for other, until in self._floods.items() if until > now}
        self._floods[chat] = now + timedelta(seconds=retry_after)
        return RateLimited(retry_after, whole_channel=len(self._floods) > 1)


async def _read(path: Path) -> bytes:
    try:
        size = (await asyncio.to_thread(path.stat)).st_size
        if size > UPLOAD_BYTES:
            raise Rejected(f"{size} bytes, more than {UPLOAD_BYTES}")
        return await asyncio.to_thread(path.read_bytes)
    except OSError as error:
        raise Rejected(f"the file cannot be read: {error.strerror}") from error


def _file_name(name: str) -> str:
    """Return a name that is one line and no path; the customer sees it."""
    return " ".join(clean(name).split()).replace("/", "_").replace("\\", "_") or "file"
