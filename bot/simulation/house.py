"""The house of the virtual company: the services of production over the store in memory."""

from __future__ import annotations

from random import Random

from bot.adapters.memory.store import MemoryStore
from bot.domain.company import Company
from bot.domain.messages import Channel
from bot.services.accounts import Accounts
from bot.services.answering import Answering
from bot.services.approving import Approving
from bot.services.attendance import Attendance
from bot.services.backstage import Backstage
from bot.services.crew import Crew
from bot.services.desk import Desk
from bot.services.facts import Facts
from bot.services.fetching import Fetching
from bot.services.inbound import Inbound
from bot.services.intake import Intake
from bot.services.ledger import Ledger
from bot.services.names import Names
from bot.services.ports import Store
from bot.services.ports_channel import ChannelPort
from bot.services.ports_engine import Engine
from bot.services.promising import Promising
from bot.services.reports import Reports
from bot.services.requesting import Requesting
from bot.services.secrets import Passwords
from bot.services.timers import Timers
from bot.services.transferring import Transferring
from bot.services.voice import Voice
from bot.services.waiting import Waits
from bot.services.watch import Watch
from bot.simulation.agenda import Agenda
from bot.simulation.channel import NoMedia, SimulatedChannel
from bot.simulation.shaky import ShakyStore

LOST = 0.0003
"""Share of the workers' transactions that are lost at their end."""


class UntoldWaits(Waits):
    """For the facts of turns: the simulated assistant tells no waits, so nobody works them out for each message."""

    def minutes(self, department: str, there: Attendance) -> list[int] | None:
        """Return nothing."""


class House:
    """Everything that production builds at its start, but for channels, web, database and loops.

    The workers' store loses transactions now and then; the doors and the people have the same store without faults.
    """

    def __init__(self, company: Company, agenda: Agenda, engine: Engine, dice: Random) -> None:
        self.company = company
        self.agenda = agenda
        self.store = MemoryStore(agenda)
        self.memory = self.store.memory
        self._channels: dict[Channel, ChannelPort] = {one: SimulatedChannel(one) for one in Channel}
        self._voice, self._ledger = Voice(self._channels), Ledger()
        self._for_people(self.store)
        self._for_workers(ShakyStore(self.store, dice, LOST), engine)

    def _backstage(self, store: Store, beside: Backstage | None = None) -> tuple[Backstage, Transferring, Crew]:
        backstage = Backstage(
            store=store, clock=self.agenda, company=self.company, voice=self._voice, ledger=self._ledger, beside=beside
        )
        transferring = Transferring(backstage.moves)
        crew = Crew(backstage.moves, backstage.doorkeeper)
        return backstage, transferring, crew

    def _for_people(self, store: Store) -> None:
        """Build what doors and consoles use."""
        self.backstage, self.transferring, self.crew = self._backstage(store)
        self.store.on_people(self.backstage.doorkeeper.forget)
        self.intake = Intake(store, self.agenda)
        self.desk = Desk(self.backstage.moves)
        self.promising = Promising(self.backstage.moves)
        self.answering = Answering(self.backstage.moves)
        self.requesting = Requesting(self.backstage.moves)
        self.approving = Approving(self.backstage.moves)
        self.accounts = Accounts(store=store, clock=self.agenda, company=self.company, passwords=Passwords())

    def _for_workers(self, store: Store, engine: Engine) -> None:
        """Build what works on what the doors stored."""
        agenda, company, channels = self.agenda, self.company, self._channels
        backstage, transferring, crew = self._backstage(store, self.backstage)
        self.inbound = Inbound(
            store=store,
            clock=agenda,
            company=company,
            engine=engine,
            channels=channels,
            voice=self._voice,
            handoff=backstage.handoff,
            ledger=self._ledger,
            facts=Facts(company, backstage.doorkeeper, UntoldWaits(company)),
            reports=Reports(
                store=store,
                clock=agenda,
                company=company,
                channels=channels,
                voice=self._voice,
                promising=Promising(backstage.moves),
                ledger=self._ledger,
            ),
        )
        fetching = Fetching(
            store=store, clock=agenda, channels=channels, media=NoMedia(), max_bytes=company.attachments.max_bytes
        )
        self.timers = Timers(
            store=store,
            handlers={
                **backstage.timers,
                **transferring.timers,
                **crew.timers,
                **Approving(backstage.moves).timers,
                **self.inbound.timers,
                "name": Names(store=store, channels=channels).due,
                "fetch": fetching.due,
            },
        )
        self.watch = Watch(
            store=store,
            clock=agenda,
            voice=self._voice,
            handoff=backstage.handoff,
            with_person=self.inbound.with_person,
        )
