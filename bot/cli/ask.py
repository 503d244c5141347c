"""`./letan ask`: what the trained assistant would do with a first message, line by line."""

from __future__ import annotations

import asyncio
import itertools
import secrets
import threading
import uuid
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from typing import Any

import aiohttp

from bot.adapters.clock import SystemClock
from bot.adapters.engine import HttpEngine
from bot.adapters.processes.ports import free_port
from bot.adapters.processes.supervisor import Supervisor
from bot.cli import parts
from bot.cli.live import Assistant
from bot.cli.output import Failure
from bot.domain.company import RECEPTION, Company, Priority
from bot.domain.routing import route
from bot.domain.text import clean
from bot.domain.turns import Outcome
from bot.services import facts
from bot.services.planning import ENGINE_TEXT
from bot.services.ports_engine import Engine, EngineAnswer, EngineRequest, EngineUnavailable

TOGETHER = 8


@dataclass(frozen=True, kw_only=True)
class Foreseen:
    """What would happen to a text as the first message of a new conversation.

    ``department`` is where it would go, or the one that owns the answer. For ``outcome`` every department counts as
    staffed while it is open. Without an engine the intent is ``None`` and the text goes to reception, as it would live.
    """

    text: str
    intent: str | None
    confidence: float
    department: str
    outcome: str


async def run(texts: Iterable[str], assistant: Assistant, tell: Callable[[dict[str, Any]], None]) -> None:
    """Start an engine of our own, ask it every text, and ``tell`` the answers in the order of the texts.

    Raises:
        CannotStart: the engine or the action server does not come up.
        Failure: a text cannot be read; the answers to those before it have been told.
    """
    async with started_engine(assistant) as engine:
        await in_order(texts, partial(ask, engine, assistant.company), tell)


async def in_order(
    texts: Iterable[str], asking: Callable[[str], Coroutine[Any, Any, Foreseen]], tell: Callable[[dict[str, Any]], None]
) -> None:
    """Ask several texts at once and ``tell`` each answer, in the order of the texts, as soon as it is there.

    Whatever ``texts`` raises is raised after the answers to the texts before it.
    """
    lines = iter(texts)
    waiting: deque[asyncio.Task[Foreseen]] = deque()
    coming: asyncio.Future[str | None] | None = _in_thread(lambda: next(lines, None))
    trouble: BaseException | None = None
    try:
        while coming is not None or waiting:
            room = coming is not None and len(waiting) < TOGETHER
            watched: set[asyncio.Future[Any]] = {coming} if coming is not None and room else set()
            await asyncio.wait(watched | set(itertools.islice(waiting, 1)), return_when=asyncio.FIRST_COMPLETED)
            if waiting and waiting[0].done():
                tell(asdict(waiting.popleft().result()))
            if coming is None or not room or not coming.done():
                continue
            trouble, text = coming.exception(), None
            if trouble is None and (text := coming.result()) is not None:
                waiting.append(asyncio.create_task(asking(text)))
            coming = _in_thread(lambda: next(lines, None)) if text is not None else None
    finally:
        if coming is not None:
            coming.cancel()
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
    if trouble is not None:
        raise trouble


def _in_thread(work: Callable[[], str | None]) -> asyncio.Future[str | None]:
    """Run in a thread that the end of the program does not wait for: it may be reading from a person who has left."""
    loop = asyncio.get_running_loop()
    outcome: asyncio.Future[str | None] = loop.create_future()

    def settle(value: str | None, error: Exception | None) -> None:
        if outcome.done():  # given up meanwhile
            return
        if error is not None:
            outcome.set_exception(error)
        else:
            outcome.set_result(value)

    def run_it() -> None:
        value: str | None = None
        error: Exception | None = RuntimeError("the reading thread has failed")
        try:
            value, error = work(), None
        except (Failure, OSError) as failure:
            error = failure
        finally:
            with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                loop.call_soon_threadsafe(settle, value, error)

    threading.Thread(target=run_it, name="stdin", daemon=True).start()
    return outcome


@asynccontextmanager
async def started_engine(assistant: Assistant) -> AsyncIterator[HttpEngine]:
    """Run an action server and an engine for the length of the block. Raises CannotStart."""
    where = parts.Addresses(
        host="127.0.0.1",
        port=0,
        engine_port=free_port(),
        actions_port=free_port(),
        engine_token=secrets.token_urlsafe(32),
    )
    data = assistant.data
    supervisor = Supervisor(data, now=SystemClock().now, changed=lambda _: None, trouble=lambda _, __: None)
    try:
        children = (parts.actions(where, data), parts.engine(where, assistant.model))
        for keeper in [supervisor.start(one) for one in children]:
            await supervisor.until_ready(keeper)
        async with aiohttp.ClientSession() as session:
            yield HttpEngine(
                session,
                f"http://127.0.0.1:{where.engine_port}",
                where.engine_token,
                known_intents=assistant.company.nameable,
            )
    finally:
        await supervisor.stop()


async def ask(engine: Engine, company: Company, text: str) -> Foreseen:
    """Ask one text as the first message of a new conversation."""
    now = SystemClock().now()
    said = clean(text)
    if not said:
        return _asked(text, None, RECEPTION, Outcome.ANSWERED)
    request = EngineRequest(
        conversation=f"ask-{uuid.uuid4().hex}",
        message_id=uuid.uuid4().hex,
        text=said[:ENGINE_TEXT],
        dialogue=None,
        facts=facts.of_stranger(company, now),
    )
    try:
        answer = await engine.turn(request)
    except EngineUnavailable:
        return _asked(text, None, RECEPTION, _outcome(company, RECEPTION, None, now))
    handoff = next((one["handoff"] for one in answer.outcomes if isinstance(one.get("handoff"), Mapping)), None)
    if handoff is None:
        return _asked(text, answer, _owner(company, answer), Outcome.ANSWERED)
    department = str(handoff.get("department") or RECEPTION)
    return _asked(text, answer, department, _outcome(company, department, handoff.get("priority"), now))


def _owner(company: Company, answer: EngineAnswer) -> str:
    for outcome in answer.outcomes:
        department = outcome.get("department")
        if isinstance(department, str):
            return department
    return company.department_for(answer.intent.name).id


def _outcome(company: Company, department: str, priority: Any, now: datetime) -> Outcome:
    staffed = {one.id: 1 for one in company.departments.values()}
    chosen = Priority(priority) if priority in list(Priority) else Priority.NORMAL
    taken = route(company, department, staffed, chosen, now)
    return Outcome.OWNED if taken.staffed else Outcome.PROMISED


def _asked(text: str, answer: EngineAnswer | None, department: str, outcome: Outcome) -> Foreseen:
    return Foreseen(
        text=text,
        intent=answer.intent.name if answer else None,
        confidence=round(answer.intent.confidence, 4) if answer else 0.0,
        department=department,
        outcome=outcome.value,
    )
