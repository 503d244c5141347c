"""The customers of the measurement: what they say, how fast, and what came of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

TURNS_PER_CONVERSATION = 8
CONCURRENCY = 20
TURNS_A_SECOND = 20

TEXTS = (
    "xin chào shop",
    "máy lọc nước này giá bao nhiêu vậy em",
    "mấy giờ bên mình mở cửa",
    "cho mình hỏi địa chỉ với",
    "mình muốn xuất hoá đơn công ty",
    "app bị lỗi không đăng nhập được",
    "đơn hàng của mình tới đâu rồi",
    "cảm ơn em nhiều nhé",
    "lãi suất trả góp thế nào",
    "điều hoà ở sảnh hỏng rồi, nóng quá",
    "cho tôi gặp nhân viên",
    "có chỗ gửi xe ô tô không",
)
FACTS: dict[str, Any] = {
    "now": "2026-11-25T09:30:00+07:00",
    "language": "vi",
    "channel": "webchat",
    "open_cases": [],
    "departments": {
        name: {"staffed": True, "open": True, "opens_at": None, "waiting": 2, "wait_minutes": [5, 10]}
        for name in (
            *("reception", "customer_relations", "sales", "teller", "credit", "cashier", "office_services"),
            *("accounting", "it", "facilities", "warehouse", "development", "research", "hr", "management"),
        )
    },
}


class Talk(Protocol):
    """One conversation with a system under test."""

    async def say(self, text: str) -> bool:
        """Send one message; whether it was answered."""
        ...


@dataclass
class Sample:
    """Turns of one system. ``latencies`` are seconds, of answered turns only."""

    latencies: list[float] = field(default_factory=list)
    failed: int = 0
    seconds: float = 0.0

    def add(self, other: Sample) -> None:
        """Count another round of the same kind."""
        self.latencies += other.latencies
        self.failed += other.failed
        self.seconds += other.seconds

    @property
    def turns_a_second(self) -> float:
        """Answered turns per second."""
        return len(self.latencies) / self.seconds if self.seconds else 0.0

    def percentile(self, percent: float) -> float | None:
        """Milliseconds within which so many per cent of the answers came."""
        if not self.latencies:
            return None
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))] * 1000


async def saturated(talk: Callable[[], Talk], seconds: float) -> Sample:
    """As many turns as come back, with `CONCURRENCY` customers who write again at once."""
    sample = Sample()
    begun = time.perf_counter()

    async def customer(number: int) -> None:
        said = number
        while time.perf_counter() - begun < seconds:
            conversation = talk()
            for _ in range(TURNS_PER_CONVERSATION):
                await _timed(conversation.say(TEXTS[said % len(TEXTS)]), sample, time.perf_counter())
                said += 1
                if time.perf_counter() - begun >= seconds:
                    break

    await asyncio.gather(*(customer(number) for number in range(CONCURRENCY)))
    sample.seconds = time.perf_counter() - begun
    return sample


async def paced(talk: Callable[[], Talk], seconds: float) -> Sample:
    """`TURNS_A_SECOND` turns a second whether or not the system keeps up; waiting for its turn counts as latency."""
    sample = Sample()
    begun = time.perf_counter()
    customers = [_Writer(talk) for _ in range(CONCURRENCY)]
    under_way = []
    for number in range(int(seconds * TURNS_A_SECOND)):
        due = begun + number / TURNS_A_SECOND
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        writer = customers[number % len(customers)]
        under_way.append(asyncio.create_task(_timed(writer.say(TEXTS[number % len(TEXTS)]), sample, due)))
    await asyncio.gather(*under_way)
    sample.seconds = time.perf_counter() - begun
    return sample


class _Writer:
    """A customer who waits for the answer before writing again, and begins a new conversation now and then."""

    def __init__(self, talk: Callable[[], Talk]) -> None:
        self._talk = talk
        self._conversation = talk()
        self._said = 0
        self._turn = asyncio.Lock()

    async def say(self, text: str) -> bool:
        async with self._turn:
            if self._said and self._said % TURNS_PER_CONVERSATION == 0:
                self._conversation = self._talk()
            self._said += 1
            return await self._conversation.say(text)


async def _timed(answering: Awaitable[bool], sample: Sample, since: float) -> None:
    if await answering:
        sample.latencies.append(time.perf_counter() - since)
    else:
        sample.failed += 1
