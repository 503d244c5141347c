"""From a stored arrival to a closed turn.

One arrival of a conversation is looked at at a time (the queue sees to that). The engine is asked outside any
transaction; what it answered is written only if the queue item is still ours and nobody took the floor meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.domain.bursts import opens, together, waits
from bot.domain.cases import Case
from bot.domain.company import RECEPTION, Company, Language, Priority
from bot.domain.conversations import Conversation, Speaker
from bot.domain.feedback import Rating
from bot.domain.guard import check
from bot.domain.language import language_of
from bot.domain.messages import Author, Channel, Message, MessageKind
from bot.domain.turns import Outcome
from bot.services import texts
from bot.services.facts import Facts
from bot.services.feedback import Feedback
from bot.services.handoff import OUTSIDE_REPLY, Handoff, Need
from bot.services.ledger import Ledger
from bot.services.ports import Clock, QueueItem, QueueName, Store, UnitOfWork
from bot.services.ports_channel import ChannelPort
from bot.services.ports_engine import Engine, EngineAnswer, EngineRequest, EngineUnavailable
from bot.services.reports import Reports
from bot.services.voice import Sentence, Voice

log = structlog.get_logger(__name__)

BURST_READS = 3
"""Looks at an opener that may end in waiting for more; after that it is answered as it stands."""

MAX_READS = 8
"""An item that was begun this often and never finished is handed to reception and buried, or its group would stand."""

ENGINE_TEXT = 1_000
"""Characters that the engine reads; a longer story has its need in there, and a person reads all of it."""

OUTSIDE_QUIET = timedelta(minutes=30)
"""The bot speaks again this long after the last answer that a person typed in the channel's own application."""


@dataclass(frozen=True, kw_only=True)
class Planned:
    """What is going to be said for a turn, before it is known whether it may still be said."""

    replies: tuple[Sentence, ...] = ()
    needs: tuple[Need, ...] = ()
    answer: EngineAnswer | None = None
    rating: Rating | None = None


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What the bot knows of a message beside its words. ``waiting_case``: what a picture without a word belongs to."""

    facts: Mapping[str, Any]
    album_answered: bool
    waiting_case: Case | None
    rating: Rating | None


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
        seen: Seen | None = None
        async with self._store.read() as uow:
            message, conversation = await uow.messages.with_conversation(message_id)
            if message.handled:
                await uow.queues.finish(QueueName.INBOX, item.id)
                return None
            # Whoever changes the language is answered in the new one, number, desk and date included.
            spoken = language_of(message.text, Language(conversation.language))
            conversation = replace(conversation, language=spoken)
            burst = [message]
            if conversation.floor.speaker is Speaker.BOT:
                if opens(message.text) and message.turn_id is not None:
                    burst = await uow.messages.unhandled(message.turn_id) or burst
                    until = waits(burst, self._clock.now()) if item.reads <= BURST_READS else None
                    if until is not None:
                        await uow.queues.hold(QueueName.INBOX, item.id, until)
                        return until
                    burst = together(burst)
                    message = replace(message, text="\n".join(one.text for one in burst))
                seen = await self._look(uow, conversation, message)
        planned = await self._plan(conversation, message, seen) if seen is not None else None
        await self._conclude(item, conversation, message, planned, burst)
        return None

    async def _look(self, uow: UnitOfWork, conversation: Conversation, message: Message) -> Seen:
        """Read what the bot must know; a person who has the floor reads the message themselves."""
        now, album = self._clock.now(), message.meta.get("album")
        answered = bool(album) and await uow.messages.album_answered(message.conversation_id, str(album), message.id)
        return Seen(
            facts=await self._facts.gather(uow, conversation, now),
            album_answered=answered,
            waiting_case=None if message.text else await self._open_case(uow, conversation),
            rating=await self._feedback.awaited(uow, conversation.id, message.text, now),
        )

    async def _open_case(self, uow: UnitOfWork, conversation: Conversation) -> Case | None:
        found = await uow.cases.of_customer(conversation.customer_id)
        return next((one for one in found if one.conversation_id == conversation.id), None)

    async def _plan(self, conversation: Conversation, message: Message, seen: Seen) -> Planned:
        """Decide what the bot would say; no transaction is open."""
        if seen.rating is not None:
            # How it went is no new need: the engine is not asked what to do about it.
            return Planned(rating=seen.rating)
        if not message.text:
            return _about_silence(message, seen, conversation.language)
        request = EngineRequest(
            conversation=f"c-{conversation.id}",
            message_id=f"m-{message.id}",
            text=message.text[:ENGINE_TEXT],
            dialogue=conversation.dialogue,
            facts=seen.facts,
        )
        try:
            return _from_answer(await self._engine.turn(request), message)
        except EngineUnavailable as failure:
            log.warning("engine_unavailable", reason=failure.reason, message_id=message.id)
            return Planned(needs=(Need(department=RECEPTION, reason="engine_unavailable", summary=message.text),))

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
            conversation = await self._back_from_outside(uow, conversation, now)
            floor = conversation.floor
            if floor.speaker is Speaker.BOT and (planned is None or floor != prepared.floor):
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
            message = replace(message, turn_id=turn_id)
            for behind in burst[1:]:
                await uow.messages.take(behind.id)
            if planned is not None and floor == prepared.floor:
                # The form of address that this very message gave holds for the answer to it.
                heard = dict(planned.answer.dialogue) if planned.answer is not None else conversation.dialogue
                conversation = replace(conversation, language=prepared.language, dialogue=heard)
                await self._answer(uow, conversation, message, planned, now, burst=burst)
            else:
                await self._to_person(uow, conversation, message, now)

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
            replies = [_joined(replies, [one.text for one in handed], case_id)]
        if planned.rating is not None:
            said, followed = await self._feedback.take(uow, conversation, planned.rating, message, now)
            replies.append(_bot(said))
            if followed is not None:
                outcome, case_id = followed.outcome, followed.case.id
                await uow.messages.set_case(message.id, case_id)
        for sentence in replies:
            await self._voice.say(uow, conversation, replace(sentence, turn_id=message.turn_id), now)
        if planned.answer is not None:
            await uow.conversations.save_dialogue(conversation.id, planned.answer.dialogue, conversation.language)
        await self._ledger.close(uow, message, outcome, now, case_id=case_id, answer=planned.answer)

    async def _to_person(self, uow: UnitOfWork, conversation: Conversation, message: Message, now: datetime) -> None:
        """A person has the floor: the message is theirs, and the bot says nothing."""
        case_id = await self._case_of_speaker(uow, conversation, message, now)
        await uow.messages.set_case(message.id, case_id)
        await self._ledger.close(uow, message, Outcome.OWNED, now, case_id=case_id)

    async def _case_of_speaker(
        self, uow: UnitOfWork, conversation: Conversation, message: Message, now: datetime
    ) -> int:
        floor = conversation.floor
        if floor.speaker is Speaker.STAFF and floor.staff_id is not None:
            held = await uow.cases.assigned_in(conversation.id, floor.staff_id)
            if held:
                await self._handoff.expect_answer(uow, held[-1], now)
                await self._handoff.announce(uow, held[-1], "message")
                return held[-1].id
        need = Need(department=RECEPTION, reason=OUTSIDE_REPLY, summary=message.text)
        handed = await self._handoff.hand(uow, conversation, need, now)
        return handed.case.id

    async def _back_from_outside(self, uow: UnitOfWork, conversation: Conversation, now: datetime) -> Conversation:
        if conversation.floor.speaker is not Speaker.OUTSIDE:
            return conversation
        spoke = await uow.messages.last_at(conversation.id, Author.OUTSIDE)
        if spoke is not None and now - spoke < OUTSIDE_QUIET:
            return conversation
        returned = conversation.with_floor(conversation.floor.given_back())
        await uow.conversations.save_floor(conversation.id, returned.floor)
        return returned

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
            message = replace(message, turn_id=turn_id)
            if conversation.floor.speaker is not Speaker.BOT:
                await self._to_person(uow, conversation, message, now)
                return
            need = Need(department=RECEPTION, reason="not_processed", summary=message.text, priority=Priority.HIGH)
            await self._answer(uow, conversation, message, Planned(needs=(need,)), now)


def _bot(text: str) -> Sentence:
    return Sentence(text=text, author=Author.BOT)


def _joined(replies: list[Sentence], handed: list[str], case_id: int) -> Sentence:
    """One message: what the action says first (empathy), then number, desk and date of every need."""
    opening = [one.text for one in replies if one.text]
    return Sentence(text="\n".join([*opening, *handed]), author=Author.BOT, case_id=case_id)


def _about_silence(message: Message, seen: Seen, language: str) -> Planned:
    """Decide on a message without a word, which the engine cannot read."""
    if seen.album_answered:
        return Planned()
    if seen.waiting_case is not None and message.kind in texts.FOR_A_PERSON:
        # A picture without a word belongs to what the customer is waiting for.
        said = texts.sent(message.kind)
        return Planned(needs=(Need(department=seen.waiting_case.department, reason="media", summary=said),))
    if message.kind is MessageKind.VOICE:
        summary = texts.voice_summary("vi")
        return Planned(needs=(Need(department=RECEPTION, reason="voice_message", summary=summary),))
    return Planned(replies=(_bot(_about_media(message.kind, language)),))


def _about_media(kind: MessageKind, language: str) -> str:
    match kind:
        case MessageKind.TEXT:
            return texts.empty(language)
        case MessageKind.STICKER:
            return texts.sticker_received(language)
        case MessageKind.UNKNOWN:
            return texts.unreadable(language)
        case _:
            return texts.media_received(kind, language)


def _from_answer(answer: EngineAnswer, message: Message) -> Planned:
    replies = tuple(Sentence(text=one.text, author=Author.BOT, buttons=tuple(one.buttons)) for one in answer.messages)
    handoffs = [one["handoff"] for one in answer.outcomes if isinstance(one.get("handoff"), Mapping)]
    needs = tuple(_need(one, message) for one in handoffs)
    held = [one.text for one in replies if check(one.text).refusal]
    if held:
        # The guard holds for the bot too: what would send the customer away takes them to a person instead.
        log.error("bot_sentence_held", intent=answer.intent.name, text=held[0])
        department = next((str(one["department"]) for one in answer.outcomes if "department" in one), RECEPTION)
        held_need = Need(department=department, reason="held_by_guard", summary=message.text)
        return Planned(needs=needs or (held_need,), answer=answer)
    return Planned(replies=replies, needs=needs, answer=answer)


def _need(handoff: Mapping[str, Any], message: Message) -> Need:
    """Read a handoff; whatever an action left out has a safe default, for the customer must not pay for it."""
    priority = handoff.get("priority")
    collected = handoff.get("collected")
    return Need(
        department=str(handoff.get("department") or RECEPTION),
        reason=str(handoff.get("reason") or "unspecified"),
        summary=str(handoff.get("summary") or message.text),
        priority=Priority(priority) if priority in list(Priority) else Priority.NORMAL,
        collected=dict(collected) if isinstance(collected, Mapping) else {},
    )
