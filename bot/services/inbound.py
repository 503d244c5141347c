"""From a stored arrival to a closed turn.

One arrival of a conversation is looked at at a time (the queue sees to that). The engine is asked outside any
transaction; what it answered is written only if the queue item is still ours and nobody took the floor meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import structlog

from bot.domain.bursts import opens, together, waits
from bot.domain.cases import Case
from bot.domain.company import RECEPTION, Company, Language, Priority
from bot.domain.conversations import Conversation, Speaker
from bot.domain.copies import altered
from bot.domain.language import language_of
from bot.domain.messages import Channel, Message
from bot.domain.turns import Outcome
from bot.services.facts import Facts
from bot.services.feedback import Feedback
from bot.services.handoff import Handoff, Need
from bot.services.ledger import Ledger
from bot.services.planning import Context, Planned, by_bot, joined, plan
from bot.services.ports import Clock, QueueItem, QueueName, Store, UnitOfWork
from bot.services.ports_channel import ChannelPort
from bot.services.ports_engine import Engine
from bot.services.reports import Reports
from bot.services.state_news import StateNews
from bot.services.timers import TimerHandler
from bot.services.voice import Voice
from bot.services.with_person import WithPerson

log = structlog.get_logger(__name__)

BURST_READS = 3
"""Looks at an opener that may end in waiting for more; after that it is answered as it stands."""

MAX_READS = 8
"""An item that was begun this often and never finished is handed to reception and buried, or its group would stand."""


class Inbound:
    """Deals with one queue item at a time."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        company: Company,
        engine: Engine,
        channels: Mapping[Channel, ChannelPort],
        voice: Voice,
        handoff: Handoff,
        ledger: Ledger,
        facts: Facts,
        reports: Reports,
    ) -> None:
        self._store = store
        self._clock = clock
        self._company = company
        self._engine = engine
        self._channels = channels
        self._voice = voice
        self._handoff = handoff
        self._ledger = ledger
        self._facts = facts
        self._reports = reports
        self._feedback = Feedback(company=company, handoff=handoff)
        self.with_person = WithPerson(handoff=handoff, ledger=ledger, voice=voice, feedback=self._feedback)
        self._news = StateNews(store=store, clock=clock, company=company, engine=engine, facts=facts, voice=voice)

    @property
    def timers(self) -> dict[str, TimerHandler]:
        """What deals with the timers that come of messages, by kind."""
        return self._news.timers

    async def handle(self, item: QueueItem) -> datetime | None:
        """Process a queue item to its end; calling it again for the same item is harmless.

        Returns when to look again, where an opener waits for the need behind it.
        """
        message_id = item.body["message_id"]
        if item.reads > MAX_READS:
            await self._give_up(item, message_id)
        elif message_id is not None:
            return await self._message(item, int(message_id))
        else:
            await self._reports.handle(item)
        return None

    # --- messages -------------------------------------------------------------------------------------------------

    async def _message(self, item: QueueItem, message_id: int) -> datetime | None:
        seen: Context | None = None
        async with self._store.read() as uow:
            message, conversation = await uow.messages.with_conversation(message_id)
            if message.handled:
                await uow.queues.finish(QueueName.INBOX, item.id)
                return None
            # Whoever changes the language is answered in the new one, number, desk and date included.
            spoken = language_of(message.text, Language(conversation.language))
            conversation = altered(conversation, language=spoken)
            burst = [message]
            if conversation.floor.speaker is Speaker.BOT:
                if opens(message.text) and message.turn_id is not None:
                    burst = await uow.messages.unhandled(message.turn_id) or burst
                    until = waits(burst, self._clock.now()) if item.reads <= BURST_READS else None
                    if until is not None:
                        await uow.queues.hold(QueueName.INBOX, item.id, until)
                        return until
                    burst = together(burst)
                    message = altered(message, text="\n".join(one.text for one in burst))
                seen = await self._look(uow, conversation, message)
        planned = await plan(self._engine, conversation, message, seen) if seen is not None else None
        await self._conclude(item, conversation, message, planned, burst)
        return None

    async def _look(self, uow: UnitOfWork, conversation: Conversation, message: Message) -> Context:
        """Read what the bot must know; a person who has the floor reads the message themselves."""
        now, album = self._clock.now(), message.meta.get("album")
        answered = bool(album) and await uow.messages.album_answered(message.conversation_id, str(album), message.id)
        return Context(
            facts=await self._facts.gather(uow, conversation, now),
            album_answered=answered,
            waiting_case=None if message.text else await self._open_case(uow, conversation),
            rating=await self._feedback.awaited(uow, conversation.id, message.text, now),
        )

    async def _open_case(self, uow: UnitOfWork, conversation: Conversation) -> Case | None:
        found = await uow.cases.of_customer(conversation.customer_id)
        return next((one for one in found if one.conversation_id == conversation.id), None)

    async def _conclude(
        self,
        item: QueueItem,
        prepared: Conversation,
        message: Message,
        planned: Planned | None,
        burst: Sequence[Message],
    ) -> None:
        now = self._clock.now()
        async with self._store.begin(relaxed=self._leaves_through_outbox(prepared)) as uow:
            conversation = await uow.conversations.get(message.conversation_id, lock=True)
            conversation = await self.with_person.back_from_outside(uow, conversation, now)
            floor = conversation.floor
            stands = planned is not None and floor.lets_bot_speak(prepared.floor)
            if floor.speaker is Speaker.BOT and not stands:
                # The floor came back to the bot while nothing, or something else, was prepared: look again, and leave
                # the item where it is, at the head of its conversation.
                await uow.queues.hold(QueueName.INBOX, item.id, now)
                return
            await uow.queues.drop(QueueName.INBOX, item.id)
            # It may have moved into another turn since it was read; or the watchdog or a second worker has dealt with
            # it, and then nothing else may be written.
            turn_id = await uow.messages.take(message.id)
            if turn_id is None:
                return
            message = altered(message, turn_id=turn_id)
            for behind in burst[1:]:
                await uow.messages.take(behind.id)
            if planned is not None and stands:
                # The form of address that this very message gave holds for the answer to it.
                heard = dict(planned.answer.dialogue) if planned.answer is not None else conversation.dialogue
                conversation = altered(conversation, language=prepared.language, dialogue=heard)
                await self._answer(uow, conversation, message, planned, now, burst=burst)
            else:
                await self.with_person.take(uow, conversation, message, now)

    def _leaves_through_outbox(self, conversation: Conversation) -> bool:
        """Whether an answer is heard only after the outbox has claimed it.

        That claim waits for the disk, and with it for all that was written before, so the answer itself need not: what
        a crash takes away nobody has heard, and it is worked out again. A channel that pulls sees it at once.
        """
        port = self._channels.get(conversation.channel)
        return port is not None and not port.pulls

    async def _answer(
        self,
        uow: UnitOfWork,
        conversation: Conversation,
        message: Message,
        planned: Planned,
        now: datetime,
        *,
        burst: Sequence[Message] = (),
    ) -> None:
        replies, outcome, case_id = list(planned.replies), Outcome.ANSWERED, None
        if planned.needs:
            # In a fixed order: two customers with the same two needs must not wait for each other's numbers.
            needs = sorted(planned.needs, key=lambda need: need.department)
            handed = [await self._handoff.hand(uow, conversation, need, now) for need in needs]
            outcome, case_id = handed[0].outcome, handed[0].case.id
            for one in burst or [message]:
                await uow.messages.set_case(one.id, case_id)
            replies = [joined(replies, [one.text for one in handed], case_id)]
        if planned.rating is not None:
            said, followed = await self._feedback.take(uow, conversation, planned.rating, message, now)
            if followed is not None:
                outcome, case_id = followed.outcome, followed.case.id
                await uow.messages.set_case(message.id, case_id)
            replies.append(altered(by_bot(said), case_id=case_id))
        for sentence in replies:
            await self._voice.say(uow, conversation, altered(sentence, turn_id=message.turn_id), now)
        if planned.answer is not None:
            await uow.conversations.save_dialogue(conversation.id, planned.answer.dialogue, conversation.language)
        if planned.name is not None and not conversation.customer_name:
            await uow.conversations.save_name(conversation.customer_id, planned.name)
            await uow.feed.publish("case", conversation.id, {"change": "name"})
        await self._ledger.close(uow, message, outcome, now, case_id=case_id, answer=planned.answer)

    async def _give_up(self, item: QueueItem, message_id: int | None) -> None:
        """Hand a message that cannot be processed to reception, and take its item out of the way of the others."""
        log.error("inbound_buried", event_id=item.body["event_id"], reads=item.reads)
        now = self._clock.now()
        async with self._store.begin() as uow:
            await uow.queues.bury(QueueName.INBOX, item.id)
            if message_id is None:
                return
            message = await uow.messages.get(message_id)
            conversation = await uow.conversations.get(message.conversation_id, lock=True)
            turn_id = await uow.messages.take(message_id)
            if turn_id is None:
                return
            message = altered(message, turn_id=turn_id)
            conversation = await self.with_person.back_from_outside(uow, conversation, now)
            if conversation.floor.speaker is not Speaker.BOT:
                await self.with_person.take(uow, conversation, message, now)
                return
            need = Need(department=RECEPTION, reason="not_processed", summary=message.text, priority=Priority.HIGH)
            await self._answer(uow, conversation, message, Planned(needs=(need,)), now)
