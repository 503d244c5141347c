"""Serving a need once it is known: as its plan says, with a second need of the same message beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from actions.cases import Cases
from actions.doubt import Doubt
from actions.form_flow import FormFlow
from actions.handoffs import department_in, second_need
from actions.info import Info
from actions.lexicon import asks
from actions.memory import Memory, Offer
from actions.plan import PLANS, SMALL, Plan, Way
from actions.replies import Replies
from actions.reply import Reply, answered_by
from actions.turn import Turn
from bot.domain.company import RECEPTION, Company

_HAS_ANSWER: Final = frozenset({Way.ANSWER, Way.ANSWER_THEN_OFFER, Way.OFFER_IF_ASKED})


class Needs:
    """Serves needs."""

    def __init__(self, company: Company, replies: Replies, doubt: Doubt, forms: FormFlow) -> None:
        self._company = company
        self._replies = replies
        self._forms = forms
        self._cases = Cases(replies.speech)
        self._info = Info(replies.speech)
        self._special: dict[str, Callable[[Turn, Memory], Reply]] = {
            "greet": self._greet,
            "bot_challenge": self._bot_challenge,
            "insult": doubt.patiently,
            "out_of_scope": doubt.patiently,
            "opening_hours": self._opening_hours,
            "address": self._address,
            "case_status": self.case_status,
            "ask_human": self._ask_human,
        }

    def is_bare_code(self, text: str) -> bool:
        """Tell whether the message is hardly more than a case code."""
        return self._cases.is_bare_code(text)

    def serve(self, turn: Turn, memory: Memory, intent: str, before: str = "") -> Reply:
        """Serve a need as its plan says, and a second one that the same message names."""
        plan = PLANS[intent]
        if intent in SMALL:
            topic = None if intent in {"greet", "goodbye"} else memory.topic
            return self._by_plan(turn, replace(memory, topic=topic), intent, plan, before)
        # Asking for a person is about the topic, not a topic of its own.
        memory = replace(memory, topic=memory.topic if intent == "ask_human" else intent)
        reply = self._by_plan(turn, memory, intent, plan, before)
        other = second_need(before or turn.text, intent)
        return self._with_second(turn, reply, other) if other is not None else reply

    def _by_plan(self, turn: Turn, memory: Memory, intent: str, plan: Plan, before: str) -> Reply:
        match plan.way:
            case Way.SPECIAL:
                return self._special[intent](turn, memory)
            case Way.FORM:
                return self._forms.begin(turn, memory, intent, plan, before)
            case Way.HANDOFF:
                return self._replies.hand(turn, memory, intent, before=before)
            case Way.ANSWER:
                return self._replies.answer(memory, self._replies.speech.answer(intent, turn), intent)
            case Way.ANSWER_THEN_OFFER:
                return self._answer_then_offer(turn, memory, intent, before)
            case Way.OFFER_IF_ASKED:
                serve = self._answer_then_offer if asks(before or turn.text) else self._replies.hand
                return serve(turn, memory, intent, before=before)

    def _with_second(self, turn: Turn, reply: Reply, other: str) -> Reply:
        """Add the second need: an answer, a case of its own, or a note in the form that is being filled."""
        plan = PLANS[other]
        if plan.way is Way.SPECIAL or (plan.way in _HAS_ANSWER and asks(turn.text)):
            text = (
                self._special[other](turn, reply.memory).texts
                if plan.way is Way.SPECIAL
                else [self._replies.speech.answer(other, turn)]
            )
            owner = self._company.department_for(other).id
            return replace(reply, texts=[*text, *reply.texts], outcomes=[*reply.outcomes, answered_by(owner)])
        form = reply.memory.form
        if form is not None and form.asked is not None:
            noted = form.with_values({"also": self._replies.speech.knowledge.need(other)})
            return replace(reply, memory=replace(reply.memory, form=noted))
        return self._with_second_case(turn, reply, other)

    def _with_second_case(self, turn: Turn, reply: Reply, other: str) -> Reply:
        """Open a case for the second need; the first case names it, so that whoever takes one knows of both."""
        second = self._replies.handoffs.make(turn, other)
        outcomes = [self._mention(turn, outcome, other) for outcome in reply.outcomes]
        if not any(_department(outcome) == second.department for outcome in outcomes):
            outcomes.append(second.outcome())
        # The floor goes to a person now, so nobody would take the answer to an offer.
        return replace(reply, memory=replace(reply.memory, offer=None), buttons=(), outcomes=outcomes)

    def _mention(self, turn: Turn, outcome: dict[str, Any], other: str) -> dict[str, Any]:
        handoff = outcome.get("handoff")
        if handoff is None:
            return outcome
        department, values = handoff["department"], handoff["collected"]
        return self._replies.handoffs.make(
            turn, handoff["reason"], department=department, values=values, also=other
        ).outcome()

    def _answer_then_offer(self, turn: Turn, memory: Memory, intent: str, before: str = "") -> Reply:
        owner = self._company.department_for(intent).id
        return self._replies.offering(
            turn, memory, self._replies.speech.answer(intent, turn), Offer(owner, intent, before)
        )

    def _greet(self, turn: Turn, memory: Memory) -> Reply:
        """Greet, and tell a customer with something open how it stands before they have to ask."""
        # Newest first; for a few days the finished ones are among them, and are told where nothing else is open.
        cases = sorted(turn.facts.open_cases, key=lambda case: case.state == "resolved")
        if not cases:
            return self._replies.answer(memory, self._replies.speech.answer("greet", turn), "greet")
        parts = [self._replies.speech.phrase("greet_with_case", turn), self._cases.tell(cases[0], turn)]
        text = f"{' '.join(parts)}\n{self._replies.speech.phrase('anything_else', turn)}"
        return self._replies.answer(memory, text, "greet")

    def _opening_hours(self, turn: Turn, memory: Memory) -> Reply:
        return self._replies.answer(memory, self._info.opening_hours(turn), "opening_hours")

    def _address(self, turn: Turn, memory: Memory) -> Reply:
        return self._replies.answer(memory, self._info.address(turn), "address")

    def _bot_challenge(self, turn: Turn, memory: Memory) -> Reply:
        text = self._replies.speech.answer("bot_challenge", turn)
        return self._replies.offering(turn, memory, text, Offer(RECEPTION, "ask_human"), asked=True)

    def case_status(self, turn: Turn, memory: Memory) -> Reply:
        """Tell how the customer's cases stand, with an offer when that tells nothing."""
        text, unknown = self._cases.status(turn)
        if unknown:
            return self._replies.offering(turn, memory, text, Offer(RECEPTION, "case_status"), asked=True)
        return self._replies.answer(memory, text, "case_status")

    def waiting_for(self, turn: Turn, memory: Memory) -> Reply:
        """Tell how the newest open case stands, and offer a person of the department that has it."""
        case = next(one for one in turn.facts.open_cases if one.state != "resolved")
        text = f"{self._replies.speech.phrase('case_sorry_wait', turn)} {self._cases.tell(case, turn)}"
        return self._replies.offering(turn, memory, text, Offer(case.department, "complaint_waiting"))

    def _ask_human(self, turn: Turn, memory: Memory) -> Reply:
        """Bring in a person: of the department that is named, else of what was just talked about, else reception."""
        named = department_in(turn, self._company)
        topic = turn.memory.topic
        if named is None and topic is not None and self._company.owners.get(topic, RECEPTION) != RECEPTION:
            handoff = self._replies.handoffs.make(turn, topic)
            return self._replies.handed(memory, handoff, self._replies.handoffs.opening(turn, "ask_human"))
        return self._replies.hand(turn, memory, "ask_human", named or RECEPTION)


def _department(outcome: dict[str, Any]) -> str | None:
    handoff = outcome.get("handoff")
    return handoff["department"] if handoff is not None else None
