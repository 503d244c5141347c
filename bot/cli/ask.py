"""`./letan ask`: what the trained assistant would do with a first message, line by line."""

from __future__ import annotations

import asyncio
import secrets
import tempfile
import uuid
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp

from bot.adapters.clock import SystemClock
from bot.adapters.company import load as load_company
from bot.adapters.engine import HttpEngine
from bot.adapters.processes.ports import free_port
from bot.adapters.processes.supervisor import Supervisor
from bot.cli import parts
from bot.cli.model_files import Model
from bot.cli.place import ROOT
from bot.domain.company import RECEPTION, Company, Priority
from bot.domain.routing import route
from bot.domain.text import clean
from bot.domain.turns import Outcome
from bot.services import facts
from bot.services.inbound import ENGINE_TEXT
from bot.services.ports_engine import Engine, EngineAnswer, EngineRequest, EngineUnavailable

TOGETHER = 8


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What would happen to a text as the first message of a new conversation.

    ``department`` is where it would go, or the one that owns the answer. For ``outcome`` every department counts as
    staffed while it is open. Without an engine the intent is ``None`` and the text goes to reception, as it would live.
    """

    text: str
    intent: str | None
    confidence: float
    department: str
    outcome: str


async def run(texts: Iterable[str], model: Model, tell: Callable[[dict[str, Any]], None]) -> None:
    """Start an engine of our own, ask it every text, and ``tell`` the answers in the order of the texts.

    Raises:
        CannotStart: the engine or the action server does not come up.
    """
    company = load_company(ROOT / "company.yml")
    async with started_engine(model, company) as engine:
        waiting: list[asyncio.Task[Asked]] = []
        for text in texts:
            waiting.append(asyncio.create_task(ask(engine, company, text)))
            if len(waiting) == TOGETHER:
                tell(asdict(await waiting.pop(0)))
        for task in waiting:
            tell(asdict(await task))


@asynccontextmanager
async def started_engine(model: Model, company: Company) -> AsyncIterator[HttpEngine]:
    """Run an action server and an engine for the length of the block. Raises CannotStart."""
    where = parts.Addresses(
        host="127.0.0.1",
        port=0,
        engine_port=free_port(),
        actions_port=free_port(),
        engine_token=secrets.token_urlsafe(32),
    )
    with tempfile.TemporaryDirectory(prefix="letan-ask-") as folder:
        # A folder of its own: a running house keeps its logs and its status file.
        supervisor = Supervisor(Path(folder), now=SystemClock().now, changed=lambda _: None, trouble=lambda _, __: None)
        try:
            keepers = [supervisor.start(parts.actions(where)), supervisor.start(parts.engine(where, model))]
            for keeper in keepers:
                await supervisor.until_ready(keeper)
            async with aiohttp.ClientSession() as session:
                yield HttpEngine(
                    session,
                    f"http://127.0.0.1:{where.engine_port}",
                    where.engine_token,
                    known_intents=frozenset(company.owners),
                )
        finally:
            await supervisor.stop()


async def ask(engine: Engine, company: Company, text: str) -> Asked:
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


def _asked(text: str, answer: EngineAnswer | None, department: str, outcome: Outcome) -> Asked:
    return Asked(
        text=text,
        intent=answer.intent.name if answer else None,
        confidence=round(answer.intent.confidence, 4) if answer else 0.0,
        department=department,
        outcome=outcome.value,
    )
