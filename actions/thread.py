"""Messages that mean something only after what was said before: pieces, follow-up questions, second thoughts."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from actions.details import Details, details_of
from actions.doubt import Doubt
from actions.lexicon import asks, lacks_number, line, moves, says_later, wants_person
from actions.memory import Memory
from actions.needs import Needs
from actions.plan import SMALL, Way
from actions.replies import Replies
from actions.reply import Reply, answered_by
from actions.turn import Turn
from actions.understanding import Decision
from bot.domain.company import Company

_APPOINTMENTS: Final = frozenset({"appointment_book", "appointment_change"})
_IN_GENERAL: Final = frozenset({Way.ANSWER_THEN_OFFER, Way.OFFER_IF_ASKED})
_FOLLOWS: Final = 5
"""Words of a question that may be about nothing but what was just answered."""
_LIKELY_ITSELF: Final = 0.5


class Thread:
    """Reads a message together with the last turns; each step says None where it has nothing to add."""

    def __init__(self, company: Company, replies: Replies, doubt: Doubt, needs: Needs) -> None:
        self._company = company
        self._replies = replies
        self._doubt = doubt
        self._needs = needs

    def postponed(self, turn: Turn, memory: Memory) -> Reply | None:
        """Let a customer think it over who says so: "để anh suy nghĩ thêm", "thôi để cô hỏi lại con gái"."""
        if not says_later(turn.text) or asks(turn.text):
            return None
        owner = self._company.department_for(turn.memory.topic or "").id
        return Reply(memory, [self._replies.speech.phrase("think_it_over", turn)], outcomes=[answered_by(owner)])

    def rescheduled(self, turn: Turn, memory: Memory) -> Reply | None:
        """Take "cho chị đổi sang 4h nha" after an appointment for what it is; to the engine it exchanges goods."""
        when = turn.details.get("when")
        if turn.memory.topic not in _APPOINTMENTS or when is None or not moves(turn.text):
            return None
        handoff = self._replies.handoffs.make(turn, "appointment_change")
        noted = self._replies.speech.phrase("appointment_moved", turn, when=when)
        return self._replies.handed(replace(memory, topic="appointment_change"), handoff, noted)

    def pieced(self, turn: Turn, memory: Memory) -> Reply | None:
        """Read the answer to a question of ours together with what was asked about."""
        question = turn.memory.question
        if question is None:
            return None
        if wants_person(turn.text):
            return self._doubt.give_up(turn, memory, question)
        # "Không nhớ mã đơn" says nothing of which need is meant: the likeliest it was before.
        intent = question.intents[0] if lacks_number(turn.text) else self._doubt.meant(turn)
        if intent is None and turn.understood.sure and turn.understood.intent == "affirm":
            return self._doubt.give_up(turn, memory, question)
        if intent is None:
            return None
        found = {**details_of(question.text, ()).found, **turn.details.found}
        sure = replace(turn.understood, intent=intent, decision=Decision.ANSWER)
        whole = replace(turn, text=f"{question.text} / {turn.text}", details=Details(found), understood=sure)
        if turn.details.get("phone", "email") is not None and turn.plans[intent].way in _IN_GENERAL:
            # Who leaves a number wants to be answered by somebody.
            return self._replies.hand(whole, replace(memory, topic=intent), intent)
        return self._needs.serve(whole, memory, intent)

    def person(self, turn: Turn, memory: Memory) -> Reply | None:
        """Take "ừ nối máy đi" for what it is, when nobody was offered."""
        vague = not turn.understood.sure or turn.understood.intent in SMALL
        return self._needs.serve(turn, memory, "ask_human") if vague and wants_person(turn.text) else None

    def follow_up(self, turn: Turn, memory: Memory) -> Reply | None:
        """Take a question that is unclear by itself as one more about what was just answered: "cần mang gì"."""
        offer, understood = turn.memory.offer, turn.understood
        if offer is None or offer.intent not in turn.plans or turn.plans[offer.intent].way not in _IN_GENERAL:
            return None
        words = len(line(turn.text).split())
        if understood.sure:
            belongs = understood.intent == "out_of_scope" and words <= _FOLLOWS and asks(turn.text)
        else:
            name, score = next((one for one in understood.ranking if one[0] not in SMALL), ("", 0.0))
            own = name != "" and self._company.department_for(name).id == offer.department
            belongs = (own or score < _LIKELY_ITSELF) and (asks(turn.text) or words > _FOLLOWS)
        return self._needs.in_detail(turn, memory, offer.intent, offer.text) if belongs else None
