"""What the bot is going to say for a message, worked out while no transaction is open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from bot.domain.cases import Case
from bot.domain.company import RECEPTION, Priority
from bot.domain.conversations import Conversation
from bot.domain.feedback import Rating
from bot.domain.guard import check
from bot.domain.messages import Author, Message, MessageKind
from bot.services import texts
from bot.services.handoff import Need
from bot.services.ports_engine import Engine, EngineAnswer, EngineRequest, EngineUnavailable
from bot.services.voice import Sentence

log = structlog.get_logger(__name__)

ENGINE_TEXT = 1_000
"""Characters that the engine reads; a longer story has its need in there, and a person reads all of it."""

NAME_MAX = 60
"""Characters of a name that somebody gave in words."""


@dataclass(frozen=True, kw_only=True)
class Planned:
    """What is going to be said for a turn, before it is known whether it may still be said."""

    replies: tuple[Sentence, ...] = ()
    needs: tuple[Need, ...] = ()
    answer: EngineAnswer | None = None
    rating: Rating | None = None
    name: str | None = None
    """What the customer said that they are called."""


@dataclass(frozen=True, kw_only=True)
class Context:
    """What the bot knows of a message beside its words. ``waiting_case``: what a picture without a word belongs to."""

    facts: Mapping[str, Any]
    album_answered: bool
    waiting_case: Case | None
    rating: Rating | None


async def plan(engine: Engine, conversation: Conversation, message: Message, seen: Context) -> Planned:
    """Decide what the bot would say; an engine that gives no answer makes it a need for reception."""
    if seen.rating is not None:
        # How it went is no new need: the engine is not asked what to do about it.
        return Planned(rating=seen.rating)
    if not message.text:
        return _about_silence(message, seen, conversation.language)
    try:
        return _from_answer(await engine.turn(asked(conversation, message, seen.facts)), message)
    except EngineUnavailable as failure:
        log.warning("engine_unavailable", reason=failure.reason, message_id=message.id)
        return Planned(needs=(Need(department=RECEPTION, reason="engine_unavailable", summary=message.text),))


def asked(conversation: Conversation, message: Message, facts: Mapping[str, Any]) -> EngineRequest:
    """Return what the engine is asked about a message."""
    return EngineRequest(
        conversation=f"c-{conversation.id}",
        message_id=f"m-{message.id}",
        text=message.text[:ENGINE_TEXT],
        dialogue=conversation.dialogue,
        facts=facts,
    )


def by_bot(text: str) -> Sentence:
    """Return a sentence of the bot."""
    return Sentence(text=text, author=Author.BOT)


def joined(replies: list[Sentence], handed: list[str], case_id: int) -> Sentence:
    """Return one message: what the action says first (empathy), then number, desk and date of every need."""
    opening = [one.text for one in replies if one.text]
    return Sentence(text="\n".join([*opening, *handed]), author=Author.BOT, case_id=case_id)


def _about_silence(message: Message, seen: Context, language: str) -> Planned:
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
    return Planned(replies=(by_bot(_about_media(message.kind, language)),))


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
    held = [verdict.reason for one in replies if (verdict := check(one.text)).refusal]
    if held:
        # The guard holds for the bot too: what would send the customer away takes them to a person instead.
        log.error("bot_sentence_held", intent=answer.intent.name, reason=held[0], message_id=message.id)
        department = next((str(one["department"]) for one in answer.outcomes if "department" in one), RECEPTION)
        held_need = Need(department=department, reason="held_by_guard", summary=message.text)
        return Planned(needs=needs or (held_need,), answer=answer, name=_name(answer))
    return Planned(replies=replies, needs=needs, answer=answer, name=_name(answer))


def _name(answer: EngineAnswer) -> str | None:
    """Return the name that the customer gave in this message."""
    given = next((one["customer"] for one in answer.outcomes if isinstance(one.get("customer"), Mapping)), None)
    return str(given.get("name") or "").strip()[:NAME_MAX] or None if given is not None else None


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
        call_at=_moment(handoff.get("call_at")),
        reopens=str(handoff["reopens"]) if isinstance(handoff.get("reopens"), str) else None,
    )


def _moment(value: object) -> datetime | None:
    """Read a moment; one without an offset is not believed, as nobody can say in which zone it was meant."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None
