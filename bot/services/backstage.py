"""What happens with cases behind the doors, put together once: the same in production and in the simulation."""

from __future__ import annotations

from bot.domain.company import Company
from bot.services.assigning import Assigner
from bot.services.attendance import Doorkeeper
from bot.services.deadline_keeper import WATCH, DeadlineKeeper
from bot.services.deadlines import DEADLINE
from bot.services.giving import GIVEN, Giving
from bot.services.handoff import Handoff
from bot.services.ledger import Ledger
from bot.services.moves import Moves
from bot.services.offering import OFFER, Offering
from bot.services.ports import Clock, Store
from bot.services.promise_book import PROMISE, PROMISE_NOTICE, PromiseBook
from bot.services.promise_keeper import PromiseKeeper
from bot.services.renewing import Renewing
from bot.services.request_keeper import RequestKeeper
from bot.services.rousing import ASSIGN
from bot.services.timers import TimerHandler
from bot.services.voice import Voice
from bot.services.wait_news import NEWS, WaitNews
from bot.services.waiting import Waits


class Backstage:
    """The services that find people for cases and keep the house's word, over one store.

    ``beside``: another one in the same process, over another store, with which it shares what the process knows of
    people and queues.
    """

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        company: Company,
        voice: Voice,
        ledger: Ledger,
        beside: Backstage | None = None,
    ) -> None:
        self.doorkeeper: Doorkeeper = beside.doorkeeper if beside is not None else Doorkeeper(company)
        self.waits: Waits = beside.waits if beside is not None else Waits(company)
        self.promises = PromiseBook(company, self.waits)
        self.handoff = Handoff(company, self.doorkeeper, self.waits, self.promises)
        self.moves = Moves(
            store=store,
            clock=clock,
            company=company,
            voice=voice,
            handoff=self.handoff,
            ledger=ledger,
            doorkeeper=self.doorkeeper,
        )
        self.offering = Offering(self.moves)
        self.giving = Giving(self.moves)
        self.deadline_keeper = DeadlineKeeper(store=store, clock=clock, deadlines=self.moves.deadlines)
        self.promise_keeper = self._promise_keeper()
        self.request_keeper = RequestKeeper(self.moves)
        self.news = WaitNews(moves=self.moves, doorkeeper=self.doorkeeper, waits=self.waits)
        self.assigner = self._assigner()

    def _promise_keeper(self) -> PromiseKeeper:
        return PromiseKeeper(
            store=self.moves.store,
            clock=self.moves.clock,
            voice=self.moves.voice,
            promises=self.promises,
            renewing=Renewing(self.moves.company, self.promises, self.waits),
            doorkeeper=self.doorkeeper,
        )

    def _assigner(self) -> Assigner:
        return Assigner(
            store=self.moves.store,
            clock=self.moves.clock,
            company=self.moves.company,
            doorkeeper=self.doorkeeper,
            offering=self.offering,
            giving=self.giving,
            deadlines=self.deadline_keeper,
            waits=self.waits,
        )

    @property
    def timers(self) -> dict[str, TimerHandler]:
        """What deals with which kind of timer."""
        return {
            ASSIGN: self.assigner.due,
            DEADLINE: self.deadline_keeper.due,
            NEWS: self.news.due,
            PROMISE_NOTICE: self.promise_keeper.remind,
            OFFER: self.offering.due,
            GIVEN: self.giving.due,
            PROMISE: self.promise_keeper.due,
            WATCH: self.deadline_keeper.watch,
            **self.request_keeper.timers,
        }
