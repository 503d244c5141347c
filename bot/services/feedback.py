"""What the customer thought of it: asked once after a case, read from their next words, followed up where it is low."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from bot.domain.cases import Case
from bot.domain.company import Company, Priority
from bot.domain.conversations import Conversation
from bot.domain.feedback import FOLLOW_UP, HIGHEST, LOWEST, Rating, low
from bot.domain.messages import Button, Message
from bot.domain.scores import Answer, read_answer
from bot.domain.text import fold
from bot.services import texts_desk
from bot.services.case_news import announce
from bot.services.handoff import CUSTOMER_RELATIONS, Handed, Handoff, Need
from bot.services.ports import UnitOfWork

SAID_AS_A_SCORE = re.compile(r"⭐|\b(?:sao|stars?|diem|points?)\b|/\s*(?:5|10)\b")
ANSWER_WITHIN = timedelta(days=3)
"""A number said later than this is no answer to the question any more."""


class Feedback:
    """Asks and understands, in the caller's transaction; the caller holds the conversation's lock."""

    def __init__(self, *, company: Company, handoff: Handoff) -> None:
        self._company = company
        self._handoff = handoff

    async def question(self, uow: UnitOfWork, case: Case, language: str, now: datetime) -> str | None:
        """Return the question that ends a case, noting that it was asked; ``None`` where it is not asked (again)."""
        if not self._company.feedback.ask or case.reason == FOLLOW_UP:
            return None
        asked = await uow.ratings.add(case.id, now)
        return texts_desk.ask_score(language) if asked is not None else None

    def choices(self, language: str) -> list[Button]:
        """Return the scores to press, lowest first: a channel without buttons numbers them, and that must agree."""
        word = "star" if language == "en" else "sao"
        return [Button(title=f"{score} ⭐", payload=f"{score} {word}") for score in range(LOWEST, HIGHEST + 1)]

    async def awaited(self, uow: UnitOfWork, conversation_id: int, text: str, now: datetime) -> Rating | None:
        """Return the rating that a text answers, ``None`` where it is something else. Asks nothing for most texts.

        A second score, and nothing beside it, answers one that is given; it is thanked for, and the first one counts.
        """
        answer = read_answer(text)
        if answer is None:
            return None
        rating = await uow.ratings.asked_in(conversation_id, now - ANSWER_WITHIN)
        if rating is None:
            return None
        if rating.score is not None:
            return rating if SAID_AS_A_SCORE.search(fold(text)) and not answer.words else None
        if SAID_AS_A_SCORE.search(fold(text)):
            return rating
        # A bare number answers what was asked last: a choice, or a field of a form, more often than this.
        last = await uow.messages.last_outbound(conversation_id)
        asked = {one.payload for one in (*self.choices("vi"), *self.choices("en"))}
        return rating if last is not None and any(one.payload in asked for one in last.buttons) else None

    async def take(
        self, uow: UnitOfWork, conversation: Conversation, rating: Rating, message: Message, now: datetime
    ) -> tuple[str, Handed | None]:
        """Store the score of a message; returns what to say, and the case that a low one opened."""
        answer = read_answer(message.text)
        rating = await uow.ratings.get(rating.id)
        case = await uow.cases.get(rating.case_id)
        if rating.score is not None:
            said = texts_desk.score_stands(code=case.code, score=rating.score, language=conversation.language)
            return said, None
        if answer is None:
            return texts_desk.thanks_for_score(conversation.language), None
        rated = rating.rated(answer.score, answer.words, now)
        handed = (
            await self._follow_up(uow, conversation, case, answer, now) if low(answer.score, self._company) else None
        )
        if handed is not None:
            rated = rated.followed_up(handed.case.id)
        await uow.ratings.save(rated)
        follow_up = handed.case.code if handed is not None else None
        await uow.audit.write(now, "customer", "case.rate", case.code, score=answer.score, follow_up=follow_up)
        await announce(uow, case, "rated")
        if handed is None:
            return texts_desk.thanks_for_score(conversation.language), None
        return f"{texts_desk.sorry_for_score(conversation.language)}\n{handed.text}", handed

    async def _follow_up(
        self, uow: UnitOfWork, conversation: Conversation, case: Case, answer: Answer, now: datetime
    ) -> Handed:
        need = Need(
            department=CUSTOMER_RELATIONS,
            reason=FOLLOW_UP,
            summary=texts_desk.low_score(code=case.code, score=answer.score, words=answer.words[:500]),
            priority=Priority.HIGH,
            collected={"case": case.code, "score": answer.score},
        )
        return await self._handoff.hand(uow, conversation, need, now)
