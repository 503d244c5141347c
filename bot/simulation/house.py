"""The house of the virtual company: the services of production over the store in memory."""

from __future__ import annotations

from random import Random

from bot.adapters.memory.store import MemoryStore
from bot.domain.company import Company
from bot.domain.messages import Channel
from bot.services.accounts import Accounts
from bot.services.desk import Desk
from bot.services.facts import Facts
from bot.services.fetching import Fetching
from bot.services.handoff import Handoff
from bot.services.inbound import Inbound
from bot.services.intake import Intake
from bot.services.ledger import Ledger
from bot.services.names import Names
from bot.services.ports_channel import ChannelPort
from bot.services.ports_engine import Engine
from bot.services.promise_keeper import PromiseKeeper
from bot.services.reports import Reports
from bot.services.secrets import Passwords
from bot.services.timers import Timers
from bot.services.voice import Voice
from bot.services.watch import Watch
from bot.simulation.agenda import Agenda
from bot.simulation.channel import NoMedia, SimulatedChannel
from bot.simulation.shaky import ShakyStore

LOST = 0.0003
"""Share of the workers' transactions that are lost at their end."""


class House:
    """Everything that production builds at its start, but for channels, web, database and loops."""

    def __init__(self, company: Company, agenda: Agenda, engine: Engine, dice: Random) -> None:
        self.company = company
        self.agenda = agenda
        self.store = store = MemoryStore(agenda)
        self.memory = store.memory
        channels: dict[Channel, ChannelPort] = {one: SimulatedChannel(one) for one in Channel}
        voice, handoff, ledger = Voice(channels), Handoff(company), Ledger()
        self.intake = Intake(store, agenda)
        self.desk = Desk(store=store, clock=agenda, company=company, voice=voice, handoff=handoff, ledger=ledger)
        self.accounts = Accounts(store=store, clock=agenda, company=company, passwords=Passwords())
        shaky = ShakyStore(store, dice, LOST)
        self.inbound = Inbound(
            store=shaky,
            clock=agenda,
            company=company,
            engine=engine,
            channels=channels,
            voice=voice,
            handoff=handoff,
            ledger=ledger,
            facts=Facts(company),
            reports=Reports(
                store=shaky,
                clock=agenda,
                company=company,
                channels=channels,
                voice=voice,
                handoff=handoff,
                ledger=ledger,
            ),
        )
        fetching = Fetching(
            store=shaky,
            clock=agenda,
            channels=channels,
            media=NoMedia(),
            max_bytes=company.attachments.max_bytes,
        )
        self.timers = Timers(
            store=shaky,
            handlers={
                "promise": PromiseKeeper(store=shaky, clock=agenda, voice=voice, handoff=handoff).due,
                "name": Names(store=shaky, channels=channels).due,
                "fetch": fetching.due,
            },
        )
        self.watch = Watch(store=store, clock=agenda, voice=voice, handoff=handoff)
