"""Puts the rooms together. The only module that knows every room.

Each long-lived resource is opened in one exit stack, in order of dependence, and closed in reverse whether or not the
start succeeded.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import aiohttp

from bot.adapters.channels.webchat.channel import WebchatChannel
from bot.adapters.clock import SystemClock
from bot.adapters.db.bell import CHANNEL, LIVE, PEOPLE, Bell
from bot.adapters.db.prune import prune
from bot.adapters.db.store import SqlStore
from bot.adapters.engine import HttpEngine
from bot.adapters.live.hub import Hub
from bot.adapters.live.listener import Listener, libpq_dsn
from bot.adapters.media.store import MediaDirectory
from bot.channels import Channels, Loop, open_channels
from bot.domain.channel_status import ChannelHealth
from bot.domain.company import Company
from bot.domain.messages import Channel
from bot.school import open_school
from bot.services.accounts import Accounts
from bot.services.answering import Answering
from bot.services.approving import Approving
from bot.services.backstage import Backstage
from bot.services.calling import Calling
from bot.services.case_view import CaseViews
from bot.services.crew import Crew
from bot.services.desk import Desk
from bot.services.facts import Facts
from bot.services.fetching import Fetching
from bot.services.handoff import Handoff
from bot.services.inbound import Inbound
from bot.services.inbox import Inboxes
from bot.services.intake import Intake
from bot.services.ledger import Ledger
from bot.services.names import Names
from bot.services.outbound import Outbound
from bot.services.ports import QueueItem, QueueName
from bot.services.ports_channel import ChannelPort
from bot.services.ports_engine import Engine
from bot.services.promising import Promising
from bot.services.reports import Reports
from bot.services.requesting import Requesting
from bot.services.secrets import Passwords
from bot.services.timers import TimerHandler, Timers
from bot.services.transferring import Transferring
from bot.services.visitors import Visitors
from bot.services.voice import Voice
from bot.services.watch import Watch
from bot.settings import Settings
from bot.web.house import House
from bot.web.parts import Ask, Parts
from bot.workers.loops import PeriodicLoop, QueueLoop, SweepLoop

INBOX_WIDTH, OUTBOX_WIDTH, TIMER_WIDTH = 6, 8, 4
"""Items under way at once: few, so that the doors, which share this process, are never kept waiting by the work behind
them. More would not be faster, for the engine answers one turn at a time; six are one more than the failures in a row
that open its breaker, so that an engine that hangs costs nobody more than one time limit."""

DOORS_FIRST_TRIES, DOORS_FIRST_PAUSE = 20, 0.004
WATCH_SECONDS = 2.0
PRUNE_SECONDS = 3600.0
PRUNE_AFTER = 60.0
"""Old rows can wait until a start is over."""


class NoDatabase(Exception):
    """No database address is configured; the supervisor sets it, or ``LETAN_DATABASE_URL`` does."""


@dataclass(frozen=True, kw_only=True)
class Running:
    """The built product: what the web serves, and the loops that must run beside it."""

    house: House
    loops: Mapping[str, Loop]


@asynccontextmanager
async def opened(settings: Settings, company: Company) -> AsyncIterator[Running]:
    """Build everything and close it again. Raises `NoDatabase`."""
    if settings.database_url is None:
        raise NoDatabase
    async with AsyncExitStack() as stack:
        store = SqlStore.connect(settings.database_url.get_secret_value())
        stack.push_async_callback(store.close)
        session = await stack.enter_async_context(aiohttp.ClientSession())
        clock = SystemClock()
        intake = Intake(store, clock)
        channels = await open_channels(settings, stack, store=store, clock=clock, intake=intake)
        ports: dict[Channel, ChannelPort] = {Channel.WEBCHAT: WebchatChannel(), **channels.ports}
        token = settings.engine_token.get_secret_value()
        engine = HttpEngine(session, settings.engine_url, token, known_intents=company.nameable)
        voice, ledger = Voice(ports), Ledger()
        school = open_school(settings, store=store, clock=clock, company=company, engine=engine, session=session)
        stack.push_async_callback(school.close)
        await school.begin()
        backstage = Backstage(store=store, clock=clock, company=company, voice=voice, ledger=ledger)
        handoff = backstage.handoff
        house = House(
            settings=settings,
            company=company,
            clock=clock,
            store=store,
            intake=intake,
            backstage=backstage,
            desk=Desk(backstage.moves),
            promising=Promising(backstage.moves),
            views=CaseViews(backstage.moves),
            transferring=Transferring(backstage.moves),
            answering=Answering(backstage.moves),
            calling=Calling(backstage.moves),
            requesting=Requesting(backstage.moves),
            approving=Approving(backstage.moves),
            inboxes=Inboxes(backstage.moves),
            crew=Crew(backstage.moves, backstage.doorkeeper),
            reviewing=school.reviewing,
            needs=school.needs,
            answers=school.answers,
            previewing=school.previewing,
            clustering=school.clustering,
            trainings=school.trainings,
            promoting=school.promoting,
            shadowing=school.shadowing,
            drifting=school.drifting,
            accounts=Accounts(store=store, clock=clock, company=company, passwords=Passwords()),
            visitors=Visitors(store=store, clock=clock),
            hub=Hub(store.engine),
            media=MediaDirectory(settings.media, company.attachments),
            channels=ports,
            doors=channels.doors,
            parts=Parts(settings.data, _asks(store, engine, channels)),
        )
        listener = Listener(libpq_dsn(settings.database_url.get_secret_value()), CHANNEL, store.bell.receive)
        loops: dict[str, Loop] = {"listener": listener.run}
        loops |= _loops(house, store.bell, engine, voice, handoff, ledger)
        loops["prune"] = PeriodicLoop("prune", PRUNE_SECONDS, _pruning(store, house), after=PRUNE_AFTER).run
        yield Running(house=house, loops={**loops, **school.loops, **channels.loops})


def _loops(house: House, bell: Bell, engine: Engine, voice: Voice, handoff: Handoff, ledger: Ledger) -> dict[str, Loop]:
    """Return the loops that work on what the doors stored."""
    store, clock, ports = house.store, house.clock, house.channels
    inbound = Inbound(
        store=store,
        clock=clock,
        company=house.company,
        engine=engine,
        channels=ports,
        voice=voice,
        handoff=handoff,
        ledger=ledger,
        facts=Facts(house.company, house.backstage.doorkeeper, house.backstage.waits),
        reports=Reports(
            store=store,
            clock=clock,
            company=house.company,
            channels=ports,
            voice=voice,
            promising=house.promising,
            ledger=ledger,
        ),
    )
    outbound = Outbound(store=store, clock=clock, channels=ports, handoff=handoff, media_root=house.media.root)
    fetching = Fetching(
        store=store,
        clock=clock,
        channels=ports,
        media=house.media,
        max_bytes=house.company.attachments.max_bytes,
    )
    timers = Timers(store=store, handlers=_timers(house, fetching, inbound))
    watch = Watch(store=store, clock=clock, voice=voice, handoff=handoff, with_person=inbound.with_person)
    queues = [
        _loop(
            QueueName.INBOX,
            house,
            _after_doors(house.intake, inbound.handle),
            width=INBOX_WIDTH,
            hidden_for=10,
            poll=1.0,
        ),
        _loop(QueueName.OUTBOX, house, outbound.handle, width=OUTBOX_WIDTH, hidden_for=45, poll=1.0),
        _loop(QueueName.TIMERS, house, timers.handle, width=TIMER_WIDTH, hidden_for=60, poll=0.5),
    ]
    bell.listen(_wake(house, queues))
    return {
        "hub": house.hub.run,
        **{queue.name: queue.run for queue in queues},
        "watch": SweepLoop("watch", WATCH_SECONDS, find=watch.overdue, deal=watch.close).run,
    }


def _timers(house: House, fetching: Fetching, inbound: Inbound) -> dict[str, TimerHandler]:
    """Return who deals with which timer."""
    return {
        **house.backstage.timers,
        **house.crew.timers,
        "name": Names(store=house.store, channels=house.channels).due,
        "fetch": fetching.due,
        **house.transferring.timers,
        **house.approving.timers,
        **house.drifting.timers,
        **inbound.timers,
    }


def _pruning(store: SqlStore, house: House) -> Callable[[], Awaitable[None]]:
    async def tidy() -> None:
        now = house.clock.now()
        await prune(store.engine, now)
        await house.media.sweep(now)

    return tidy


def _loop(
    queue: QueueName,
    house: House,
    handler: Callable[[QueueItem], Awaitable[datetime | None]],
    *,
    width: int,
    hidden_for: int,
    poll: float,
) -> QueueLoop:
    return QueueLoop(
        queue=queue,
        store=house.store,
        clock=house.clock,
        handler=handler,
        width=width,
        hidden_for=hidden_for,
        poll=poll,
    )


def _after_doors(
    intake: Intake, handle: Callable[[QueueItem], Awaitable[datetime | None]]
) -> Callable[[QueueItem], Awaitable[datetime | None]]:
    """Let the doors go first: work on what is stored begins while no channel waits, or after a moment at the latest."""

    async def handler(item: QueueItem) -> datetime | None:
        for _ in range(DOORS_FIRST_TRIES):
            if not intake.busy:
                break
            await asyncio.sleep(DOORS_FIRST_PAUSE)
        return await handle(item)

    return handler


def _wake(house: House, queues: list[QueueLoop]) -> Callable[[str], None]:
    """Return what is done when the bell rings; it says nothing at all after others may have rung unheard."""

    def heard(said: str) -> None:
        for queue in queues:
            if said in ("", queue.name):
                queue.woken()
        if said in ("", LIVE):
            house.hub.woken()
        if said in ("", PEOPLE):
            house.backstage.doorkeeper.forget()

    return heard


def _asks(store: SqlStore, engine: HttpEngine, channels: Channels) -> dict[str, Ask]:
    async def database() -> Mapping[str, Any]:
        await store.ping()
        return {"state": "ok"}

    async def engine_state() -> Mapping[str, Any]:
        model_id = await engine.health()
        state = "ok" if model_id is not None else "down"
        return {"state": state, "model_id": model_id, "breaker": engine.breaker_state.value}

    def channel(which: Channel) -> Ask:
        async def ask() -> Mapping[str, Any]:
            status = channels.status(which)
            reason = {"reason": status.reason} if status.health is not ChannelHealth.OK and status.reason else {}
            return {"state": status.health.value, **reason}

        return ask

    pushed = (Channel.TELEGRAM, Channel.ZALO, Channel.ZALO_BOT)
    return {
        "database": database,
        "engine": engine_state,
        **{f"channel:{one.value}": channel(one) for one in pushed},
    }
