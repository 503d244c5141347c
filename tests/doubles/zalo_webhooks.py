"""Delivers webhooks as Zalo does: signed, and repeated up a ladder of waits until they are answered with 200."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

import aiohttp

from tests.doubles.zalo_events import to_bytes

LADDER = (30.0, 300.0, 900.0, 1800.0, 3600.0)
"""Seconds before each repetition: 30 s, 5, 15 and 30 minutes, 1 hour."""

ANSWER_WITHIN = 2.0

Signer = Callable[[bytes, dict[str, Any]], dict[str, str]]


def oa_signer(app_id: str, oa_secret: str) -> Signer:
    """Headers of an Official Account's webhook."""

    def sign(raw: bytes, event: dict[str, Any]) -> dict[str, str]:
        stamped = app_id.encode() + raw + str(event.get("timestamp", "")).encode() + oa_secret.encode()
        return {"X-ZEvent-Signature": "mac=" + hashlib.sha256(stamped).hexdigest()}

    return sign


def bot_signer(secret: str) -> Signer:
    """Headers of a Bot Platform webhook."""
    return lambda raw, event: {"X-Bot-Api-Secret-Token": secret}


class WebhookCaller:
    """Posts events to ``url``. ``hour`` is how many real seconds an hour of the ladder takes.

    ``answers`` keeps every HTTP status in order, 0 where there was no answer; ``slow`` counts answers that took
    longer than Zalo waits. After the last step an event is given up and the subscription is switched off, as Zalo does.
    """

    def __init__(self, url: str, sign: Signer, *, hour: float = 0.2) -> None:
        self.url = url
        self.answers: list[int] = []
        self.slow = 0
        self.disabled = False
        self._sign = sign
        self._pace = hour / 3600
        self._session: aiohttp.ClientSession | None = None
        self._background: set[asyncio.Task[bool]] = set()

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._background:
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    async def post(self, event: dict[str, Any], *, headers: dict[str, str] | None = None, num_retry: int = 0) -> int:
        """Post once and return the status, 0 for no answer. ``headers`` replace the signature."""
        return await self.post_raw(
            to_bytes(event), self._sign(to_bytes(event), event) if headers is None else headers, num_retry
        )

    async def post_raw(self, raw: bytes, headers: dict[str, str], num_retry: int = 0) -> int:
        """Post bytes as they are."""
        assert self._session is not None
        sent = {"Content-Type": "application/json", **headers}
        if num_retry:
            sent["num_retry"] = str(num_retry)
        started = asyncio.get_running_loop().time()
        try:
            async with self._session.post(self.url, data=raw, headers=sent) as response:
                await response.read()
                status = response.status
        except (aiohttp.ClientError, TimeoutError):
            status = 0
        self.slow += asyncio.get_running_loop().time() - started > ANSWER_WITHIN
        self.answers.append(status)
        return status

    async def deliver(self, event: dict[str, Any]) -> bool:
        """Post until it is answered with 200, up the ladder; false when Zalo would have given up."""
        if self.disabled:
            return False
        if await self.post(event) == 200:
            return True
        for step, wait in enumerate(LADDER, 1):
            await asyncio.sleep(wait * self._pace)
            if await self.post(event, num_retry=step) == 200:
                return True
        self.disabled = True
        return False

    async def probe(self) -> int:
        """Knock as the console does when an address is saved: unsigned, with an empty object."""
        return await self.post({}, headers={})

    async def repeat(self, event: dict[str, Any], times: int = 5) -> list[int]:
        """Post the same event several times at once."""
        return await asyncio.gather(*(self.post(event) for _ in range(times)))

    def deliver_later(self, event: dict[str, Any]) -> None:
        """Deliver in the background, as the platform does after an answer of the API."""
        task = asyncio.create_task(self.deliver(event))
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def settle(self) -> None:
        """Wait until everything in the background has been delivered or given up."""
        while self._background:
            await asyncio.gather(*self._background, return_exceptions=True)
