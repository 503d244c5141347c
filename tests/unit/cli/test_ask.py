from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from bot.cli.ask import TOGETHER, Foreseen, in_order
from bot.cli.output import Failure


def answer(text: str) -> Foreseen:
    return Foreseen(text=text, intent="greet", confidence=1.0, department="reception", outcome="answered")


async def test_answers_keep_the_order_of_the_texts_and_only_some_are_asked_at_once() -> None:
    texts, told, now, most = [str(number) for number in range(40)], [], 0, 0

    async def asking(text: str) -> Foreseen:
        nonlocal now, most
        now += 1
        most = max(most, now)
        await asyncio.sleep(0.003 if int(text) % 3 == 0 else 0)
        now -= 1
        return answer(text)

    await in_order(texts, asking, lambda one: told.append(one["text"]))
    assert told == texts
    assert 1 < most <= TOGETHER


async def test_a_bad_line_is_raised_after_the_answers_to_those_before_it() -> None:
    def texts() -> Iterator[str]:
        yield "một"
        yield "hai"
        raise Failure("Dòng 3")

    async def asking(text: str) -> Foreseen:
        await asyncio.sleep(0.01)
        return answer(text)

    told: list[str] = []
    with pytest.raises(Failure, match="Dòng 3"):
        await in_order(texts(), asking, lambda one: told.append(one["text"]))
    assert told == ["một", "hai"]
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_an_answer_is_told_while_the_next_line_is_still_being_typed() -> None:
    typed = threading.Event()

    def texts() -> Iterator[str]:
        yield "một"
        assert typed.wait(10)
        yield "hai"

    async def asking(text: str) -> Foreseen:
        return answer(text)

    told: list[str] = []

    def tell(one: dict[str, Any]) -> None:
        told.append(one["text"])
        typed.set()

    async with asyncio.timeout(5):
        await in_order(texts(), asking, tell)
    assert told == ["một", "hai"]


async def test_a_reader_that_leaves_stops_the_asking() -> None:
    async def asking(text: str) -> Foreseen:
        await asyncio.sleep(0 if text == "0" else 60)
        return answer(text)

    def tell(_: dict[str, Any]) -> None:
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        await in_order(["0", "1", "2"], asking, tell)
    assert asyncio.all_tasks() == {asyncio.current_task()}
