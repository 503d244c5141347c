"""The door to the Bot API: one bot, one address, one HTTP session."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import urlencode

import telegram
from telegram.error import NetworkError

from bot.adapters.channels.telegram.request import READ_SECONDS, BotApiRequest, Garbled
from bot.services.ports_channel import Rejected

DEFAULT_API: Final = "https://api.telegram.org"
ALLOWED_UPDATES: Final[Sequence[str]] = ("message", "edited_message", "callback_query", "my_chat_member")
"""Kinds of updates we ask for. The platform remembers the list until another one is given, so both ways in give it."""

_PLAIN_PATH: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*(/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*")


class TelegramClient:
    """Calls of the Bot API for one token. Use as an async context manager; opening it makes no request.

    ``api`` is the base address without the token, such as ``https://api.telegram.org``; a server of one's own works
    the same way. Files are fetched from below that address and from nowhere else. ``read_seconds`` is how long an
    ordinary call may stay silent.
    """

    def __init__(self, token: str, *, api: str = DEFAULT_API, read_seconds: float = READ_SECONDS) -> None:
        base = api.rstrip("/")
        self._request = BotApiRequest(read_seconds)
        self._api_url = f"{base}/bot{token}"
        self._file_url = f"{base}/file/bot{token}"
        self.bot_id = token.partition(":")[0]
        """The public number of the bot, the part of the token that is no secret."""
        self.bot = telegram.Bot(
            token,
            base_url=f"{base}/bot",
            base_file_url=f"{base}/file/bot",
            request=self._request,
            get_updates_request=self._request,
        )
        """The typed calls. Errors are those of ``telegram.error`` and of `request`."""

    async def __aenter__(self) -> Self:
        await self._request.initialize()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._request.shutdown()

    async def updates(self, offset: int | None, *, seconds: int) -> list[Mapping[str, Any]]:
        """Return pending updates as they came, each with its id, waiting up to ``seconds`` for the first one.

        An ``offset`` confirms every update below it: the platform forgets those for good.
        """
        query = {"timeout": str(seconds), "allowed_updates": json.dumps(ALLOWED_UPDATES)}
        if offset is not None:
            query["offset"] = str(offset)
        # The typed call would give objects in place of the JSON that has to be stored.
        result = await self._request.post(
            f"{self._api_url}/getUpdates?{urlencode(query)}", read_timeout=seconds + self._request.read_seconds
        )
        if not isinstance(result, list) or not all(map(_is_update, result)):
            raise Garbled("getUpdates did not answer a list of updates with ids")
        return list(result)

    async def download(self, file_id: str, max_bytes: int) -> tuple[bytes, str, str]:
        """Return content, media type and path of a file that the platform keeps.

        Raises:
            Rejected: larger than ``max_bytes``, gone, or said to lie elsewhere than at the API's own address.
            Unreachable: the file server did not answer.
            telegram.error.TelegramError: the platform would not say where the file is.
        """
        found = await self._request.post(f"{self._api_url}/getFile?{urlencode({'file_id': file_id})}")
        if not isinstance(found, dict):
            raise NetworkError("getFile did not answer a file")
        size, path = found.get("file_size"), found.get("file_path")
        if isinstance(size, int) and size > max_bytes:
            raise Rejected(f"{size} bytes, larger than {max_bytes}")
        if not isinstance(path, str) or not _PLAIN_PATH.fullmatch(path):
            raise Rejected("the file does not lie at the API's own address")
        content, mime = await self._request.download(f"{self._file_url}/{path}", max_bytes)
        return content, mime, path


def _is_update(value: object) -> bool:
    return isinstance(value, dict) and type(value.get("update_id")) is int
