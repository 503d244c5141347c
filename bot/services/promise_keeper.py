"""The keeper of promises: a date that nobody will keep is replaced by another one before it passes."""

from __future__ import annotations

from datetime import datetime

from bot.domain.cases import Case, CaseState
from bot.domain.conversations import Conversation, Speaker
from bot.domain.errors import Unknown
from bot.domain.messages import Author
from bot.domain.presence import Presence
from bot.domain.promises import CALL_TALK, Promise, PromiseState, reminded_at, watched_in_call
from bot.services.attendance import Doorkeeper
from bot.services.deadline_keeper import deadline_news
from bot.services.floors import pass_on
from bot.services.offer_book import withdraw
from bot.services.ports import Clock, QueueItem, QueueName, Store, UnitOfWork
from bot.services.promise_book import PromiseBook
from bot.services.renewing import Renewing
from bot.services.timers import not_before
from bot.services.voice import Sentence, Voice


class PromiseKeeper:
    """Deals with timers of kind ``promise``, which fall due a little before the date itself."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        voice: Voice,
        promises: PromiseBook,
        renewing: Renewing,
        doorkeeper: Doorkeeper,
    ) -> None:
        self._store = store
        self._clock = clock
        self._voice = voice
        self._promises = promises
        self._renewing = renewing
        self._doorkeeper = doorkeeper

    async def due(self, item: QueueItem) -> datetime | None:
        """Give the case to management and the customer a new date, unless the promise was kept or moved meanwhile."""
        now = self._clock.now()
        async with self._store.begin() as uow:
            case = await uow.cases.get(int(item.body["case_id"]))
            conversation = await uow.conversations.get(case.conversation_id, lock=True)
            # Read behind the lock: a reply may have kept the promise a moment ago.
            promise, case = await uow.promises.open_of(case.id), await uow.cases.get(case.id, lock=True)
            if promise is None or promise.timer_id != item.id:
                await uow.queues.finish(QueueName.TIMERS, item.id)
                return None
            in_hand = await self._in_hand(uow, case, now)
            if again := await self._wait(uow, item, case, promise, now, in_hand=in_hand):
                return again
            if not await uow.queues.finish(QueueName.TIMERS, item.id):
                return None
            if case.state is CaseState.RESOLVED:
                await self._promises.settle(uow, case, PromiseState.CANCELLED, now)
            elif _kept(promise, case):
                await self._promises.settle(uow, case, PromiseState.KEPT, now)
                await uow.audit.write(now, "house", "promise.kept", case.code, due_at=promise.due_at.isoformat())
            else:
                await self._renew(uow, conversation, case, now, in_hand=in_hand)
        return None

    async def _wait(
        self, uow: UnitOfWork, item: QueueItem, case: Case, promise: Promise, now: datetime, *, in_hand: bool
    ) -> datetime | None:
        """Look again later where somebody may still keep a promise; ``None`` where nobody may."""
        since = promise.calling_since(case.claimed_at)
        if since is not None:
            moment = watched_in_call(since, now)
        else:
            moment = promise.looked_at_in_hand(now) if in_hand else promise.watched_at
        again = await not_before(uow, item, moment, now)
        if again is not None and since is not None and since + CALL_TALK <= now:
            await _warn(uow, case, "call_note", moment, now)
        return again

    async def _renew(
        self, uow: UnitOfWork, conversation: Conversation, case: Case, now: datetime, *, in_hand: bool
    ) -> None:
        await withdraw(uow, case, now, "quá giờ hẹn")
        moved, text = await self._renewing.renew(uow, case, conversation.language, now, in_hand=in_hand)
        if moved.owner_id is None and case.owner_id is not None:
            conversation = await pass_on(uow, conversation, case)
        if conversation.floor.speaker is Speaker.OUTSIDE:
            # Whoever answered outside let the promise pass: the house has the floor again.
            conversation = conversation.with_floor(conversation.floor.given_back())
            await uow.conversations.save_floor(conversation.id, conversation.floor)
        await self._voice.say(uow, conversation, Sentence(text=text, author=Author.SYSTEM, case_id=case.id), now)

    async def remind(self, item: QueueItem) -> datetime | None:
        """Remind the owner of a date that the customer holds, shortly before it falls due."""
        now = self._clock.now()
        async with self._store.begin() as uow:
            try:
                promise = await uow.promises.get(int(item.body["promise_id"]))
            except Unknown:
                # Its customer was forgotten meanwhile.
                await uow.queues.finish(QueueName.TIMERS, item.id)
                return None
            moment = reminded_at(promise.made_at, promise.due_at)
            if promise.state is PromiseState.OPEN and (again := await not_before(uow, item, moment, now)):
                return again
            if not await uow.queues.finish(QueueName.TIMERS, item.id) or promise.state is not PromiseState.OPEN:
                return None
            case = await uow.cases.get(promise.case_id)
            if case.owner_id is not None and not _kept(promise, case):
                await _warn(uow, case, f"promise_{promise.kind}", promise.due_at, now)
        return None

    async def _in_hand(self, uow: UnitOfWork, case: Case, now: datetime) -> bool:
        """Tell whether somebody has the case who is there, and so may answer at any moment.

        Who is away, or on a break, may come back after the date as well as before it.
        """
        if case.state is not CaseState.ASSIGNED:
            return False
        there = await self._doorkeeper.look(uow, now)
        return any(person.id == case.owner_id and state is Presence.ON_DUTY for person, state in there.people)


async def _warn(uow: UnitOfWork, case: Case, deadline: str, due_at: datetime, now: datetime) -> None:
    """Remind the owner of a case of something that is due."""
    await uow.audit.write(now, "house", "promise.reminded", case.code, deadline=deadline, owner=case.owner_id)
    await uow.feed.publish("deadline", case.conversation_id, deadline_news(case, deadline, "warning", due_at))


def _kept(promise: Promise, case: Case) -> bool:
    since = case.claimed_at if case.owner_id is not None else None
    return promise.kept_silently(since, waiting_for_customer=case.waits_for_customer)
