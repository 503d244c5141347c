"""Calls of the Official Account API: token in a bare header, errors in the body, one more try with a fresh token."""

from __future__ import annotations

import hashlib
import hmac
import json
import random
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import aiohttp

from bot.adapters.channels.zalo.config import ZaloConfig
from bot.adapters.channels.zalo.errors import TOKEN_CODES, failure
from bot.adapters.channels.zalo.http import UPLOAD_SECONDS, call
from bot.adapters.channels.zalo.tokens import TokenKeeper
from bot.domain.channel_status import ChannelStatus
from bot.services.ports_channel import ChannelError, OutcomeUnknown, RateLimited, Unreachable

_FIRST_WAIT: Final = 2.0
_LONGEST_WAIT: Final = 60.0

Json = Mapping[str, Any]


class ZaloApi:
    """The API for one account. ``status`` is what the last call said about the account, tokens aside."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        tokens: TokenKeeper,
        config: ZaloConfig,
        *,
        spread: Callable[[float, float], float] = random.uniform,
    ) -> None:
        self._session = session
        self._tokens = tokens
        self._config = config
        self._spread = spread
        self._wait = _FIRST_WAIT
        self.status = ChannelStatus.ok()

    async def post(self, path: str, body: Json) -> Json:
        """Post JSON and return the ``data`` of the answer. Raises `ChannelError`."""

        async def once(headers: dict[str, str]) -> Json:
            return await call(
                self._session, "POST", self._url(path), seconds=self._config.call_seconds, headers=headers, json=body
            )

        return await self._with_token(once)

    async def get(self, path: str, query: Json) -> Json:
        """Ask with Zalo's one query parameter ``data``, which is JSON. A question has no effect, so nothing is unknown.

        Raises:
            ChannelError: any but `OutcomeUnknown`.
        """
        data = json.dumps(query, separators=(",", ":"))

        async def once(headers: dict[str, str]) -> Json:
            return await call(
                self._session,
                "GET",
                self._url(path),
                seconds=self._config.call_seconds,
                headers=headers,
                params={"data": data},
            )

        return await self._without_effect(once)

    async def upload(self, path: str, content: bytes, name: str, mime: str) -> Json:
        """Upload a file. The customer sees nothing of it yet, so nothing is unknown.

        Raises:
            ChannelError: any but `OutcomeUnknown`.
        """

        async def once(headers: dict[str, str]) -> Json:
            form = aiohttp.FormData()
            form.add_field("file", content, filename=name, content_type=mime)
            return await call(
                self._session, "POST", self._url(path), seconds=UPLOAD_SECONDS, headers=headers, data=form
            )

        return await self._without_effect(once)

    async def _without_effect(self, once: Callable[[dict[str, str]], Awaitable[Json]]) -> Json:
        try:
            return await self._with_token(once)
        except OutcomeUnknown as error:
            raise Unreachable(str(error)) from error

    async def _with_token(self, once: Callable[[dict[str, str]], Awaitable[Json]]) -> Json:
        token = await self._tokens.current()
        answer = await self._once(once, token)
        if _code(answer) in TOKEN_CODES:
            # The answer is an error, so nothing was sent, and sending again cannot double anything.
            answer = await self._once(once, await self._tokens.renewed(token))
            if _code(answer) in TOKEN_CODES:
                raise self._tokens.refused_again()
        self._tokens.worked()
        return self._data(answer)

    async def _once(self, once: Callable[[dict[str, str]], Awaitable[Json]], token: str) -> Json:
        try:
            return await once(self._headers(token))
        except ChannelError as error:
            reason = "rate_limited" if isinstance(error, RateLimited) else "unreachable"
            self.status = ChannelStatus.degraded(reason, str(error))
            raise

    def _data(self, answer: Json) -> Json:
        code = _code(answer)
        if code == 0:
            self._wait = _FIRST_WAIT
            self.status = ChannelStatus.ok()
            data = answer.get("data")
            return data if isinstance(data, Mapping) else {}
        failed = failure(code, str(answer.get("message", ""))[:300], wait=self._spread(self._wait / 2, self._wait))
        if isinstance(failed.error, RateLimited):
            self._wait = min(self._wait * 2, _LONGEST_WAIT)
        # A refusal of one message proves that the account as a whole works.
        self.status = failed.status or ChannelStatus.ok()
        raise failed.error

    def _headers(self, token: str) -> dict[str, str]:
        headers = {"access_token": token}
        if self._config.proof:
            proof = hmac.new(self._config.app_secret.encode(), token.encode(), hashlib.sha256)
            headers["appsecret_proof"] = proof.hexdigest()
        return headers

    def _url(self, path: str) -> str:
        return f"{self._config.api.rstrip('/')}{path}"


def _code(answer: Json) -> int:
    """The error number; an answer without one is none of Zalo's, and what became of the request is unknown."""
    code = answer.get("error")
    if isinstance(code, str) and code.removeprefix("-").isdecimal() and len(code) < 12:
        code = int(code)
    if not isinstance(code, int) or isinstance(code, bool):
        raise OutcomeUnknown("the answer has no error number")
    return code
