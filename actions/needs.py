"""Serving a need once it is known: as its plan says, with a second need of the same message beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from actions.cases import Cases
from actions.doubt import Doubt
from actions.form_flow import FormFlow
from actions.handoffs import department_in, other_needs
from actions.info import Info
from actions.lexicon import asks, asks_after_one, calls_for_person, line
from actions.memory import Memory, Offer
from actions.plan import SMALL, Plan, Way
from actions.replies import Replies
from actions.reply import Reply, answered_by
from actions.turn import Turn
from bot.domain.company import RECEPTION, Company

_GREETINGS: Final = frozenset({"chao", "xin", "hello", "hi", "hey", "good", "morning", "afternoon", "evening", "helo"})
_SOMEBODY: Final = frozenset({"ask_human", "meet_person"})
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
        plan = turn.plans.get(intent, Plan(Way.HANDOFF))
        if intent in SMALL:
            topic = None if intent in {"greet", "goodbye"} else memory.topic
            return self._by_plan(turn, replace(memory, topic=topic), intent, plan, before)
        # Asking for a person is about the topic, not a topic of its own.
        memory = replace(memory, topic=memory.topic if intent == "ask_human" else intent)
        others = other_needs(before or turn.text, intent)
        if intent in _SOMEBODY and turn.details.get("person") is None and others:
            return self._somebody_for(turn, memory, others, before)
        return self._with_others(turn, self._by_plan(turn, memory, intent, plan, before), others)

    def _with_others(self, turn: Turn, reply: Reply, others: Sequence[str]) -> Reply:
        for other in others:
            reply = self._with_second(turn, reply, other)
        return reply

    def _somebody_for(self, turn: Turn, memory: Memory, needs: Sequence[str], before: str) -> Reply:
        """Bring in a person for a need of the same message: one handoff, to its desk or to the one that is named."""
        named = department_in(turn, self._company)
        need = next((one for one in needs if self._company.owners.get(one, RECEPTION) != RECEPTION), None)
        if need is None:
            return self._with_others(turn, self._ask_human(turn, memory), needs)
        if named is not None:
            reply = self._replies.hand(turn, replace(memory, topic=need), "ask_human", named, before)
            return replace(reply, outcomes=[self._mention(turn, one, need) for one in reply.outcomes])
        reply = self._replies.hand(turn, replace(memory, topic=need), need, before=before)
        return self._with_others(turn, reply, [one for one in needs if one != need])

    def _by_plan(self, turn: Turn, memory: Memory, intent: str, plan: Plan, before: str) -> Reply:
        match plan.way:
            case Way.SPECIAL:
                return self._special[intent](turn, memory)
            case Way.FORM:
                return self._forms.begin(turn, memory, intent, plan, before)
            case Way.HANDOFF:
                return self._replies.hand(turn, memory, intent, before=before)
            case Way.ANSWER:
                return self._replies.answer(memory, self._answer(intent, turn), intent)
            case Way.ANSWER_THEN_OFFER:
                return self._answer_then_offer(turn, memory, intent, before)
            case Way.OFFER_IF_ASKED:
                serve = self._answer_then_offer if asks(before or turn.text) else self._replies.hand
                return serve(turn, memory, intent, before=before)

    def _answer(self, intent: str, turn: Turn) -> str:
        """Return the answer of the knowledge file; "how are you" gets one of its own."""
        if intent == "small_talk" and asks_after_one(turn.text):
            return self._replies.speech.phrase("i_am_well", turn)
        return self._replies.speech.answer(intent, turn)

    def _with_second(self, turn: Turn, reply: Reply, other: str) -> Reply:
        """Add the second need: an answer, a case of its own, or a note in the form that is being filled."""
        plan = turn.plans[other]
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
            noted = form.with_values({"also": self._also(form.values, other)})
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
        values = {**values, "also": self._also(values, other)}
        return self._replies.handoffs.make(turn, handoff["reason"], department=department, values=values).outcome()

    def _also(self, values: Mapping[str, str], other: str) -> str:
        return ", ".join(filter(None, (values.get("also"), self._replies.speech.knowledge.need(other))))

    def _answer_then_offer(self, turn: Turn, memory: Memory, intent: str, before: str = "") -> Reply:
        owner, offered = self._company.department_for(intent).id, turn.memory.offer
        if calls_for_person(before or turn.text):
            # Whoever asks for a person gets one, with the answer, and is not asked whether they want one.
            text = self._replies.speech.answer(intent, turn)
            named = department_in(turn, self._company) or owner
            made = self._replies.handoffs.make(turn, intent, department=named, said_before=before)
            return self._replies.handed(memory, made, text)
        if turn.memory.topic == intent:
            # The same answer again would help nobody: what it leaves open is for a person.
            same = offered is not None and offered.intent == intent
            return self.in_detail(turn, memory, intent, offered.text if same and offered is not None else before)
        return self._replies.offering(
            turn, memory, self._replies.speech.answer(intent, turn), Offer(owner, intent, before)
        )

    def in_detail(self, turn: Turn, memory: Memory, intent: str, before: str) -> Reply:
        """Hand over a question about something that was answered in general already."""
        handoff = self._replies.handoffs.make(turn, intent, said_before=before)
        department = self._replies.speech.department(handoff.department, turn)
        if not self._replies.handoffs.opening(turn, intent, before):
            return self._replies.handed(memory, handoff, "")
        return self._replies.handed(
            memory, handoff, self._replies.speech.phrase("opening_detail", turn, department=department)
        )

    def _greet(self, turn: Turn, memory: Memory) -> Reply:
        """Greet, and tell a customer with something open how it stands before they have to ask."""
        # Newest first; for a few days the finished ones are among them, and are told where nothing else is open.
        cases = sorted(turn.facts.open_cases, key=lambda case: case.state == "resolved")
        if not cases:
            return self._replies.answer(memory, self._replies.speech.answer("greet", turn), "greet")
        speech = self._replies.speech
        # "Alo", "có ai không": whoever calls has been greeted, and wants to know that somebody is there.
        calls = not set(line(turn.text).split()) & _GREETINGS
        told = speech.inner(self._cases.tell(cases[0], turn))
        lead = speech.phrase("i_am_here" if calls else "greet_with_case", turn)
        text = f"{lead} {told}\n{speech.phrase('anything_else', turn)}"
        return self._replies.answer(memory, text, "greet")

    def _opening_hours(self, turn: Turn, memory: Memory) -> Reply:
        return self._replies.answer(memory, self._info.opening_hours(turn), "opening_hours")

    def _address(self, turn: Turn, memory: Memory) -> Reply:
        return self._replies.answer(memory, self._info.address(turn), "address")

    def _bot_challenge(self, turn: Turn, memory: Memory) -> Reply:
        offered = turn.memory.offer
        if offered is not None and offered.intent == "ask_human":
            # Offered once and still in doubt: a person is what is wanted.
            return self._replies.hand(turn, memory, "ask_human", RECEPTION)
        waiting = turn.facts.waiting_cases
        if waiting:
            department = self._replies.speech.department(waiting[0].with_department, turn)
            own = self._replies.speech.phrase("bot_with_case", turn, code=waiting[0].code, department=department)
            return self._replies.answer(memory, own, "bot_challenge")
        text = self._replies.speech.answer("bot_challenge", turn)
        return self._replies.offering(turn, memory, text, Offer(RECEPTION, "ask_human"), asked=True)

    def case_status(self, turn: Turn, memory: Memory) -> Reply:
        """Tell how the customer's cases stand, with an offer when that tells nothing."""
        text, unknown = self._cases.status(turn)
        if unknown:
            return self._replies.offering(turn, memory, text, Offer(RECEPTION, "case_status"), asked=True)
        return self._replies.answer(memory, text, "case_status")

    def _ask_human(self, turn: Turn, memory: Memory) -> Reply:
        """Bring in a person: of the department that is named, else of what was just talked about, else reception."""
        named = department_in(turn, self._company)
        topic = turn.memory.topic
        if named is None and topic is not None and self._company.owners.get(topic, RECEPTION) != RECEPTION:
            handoff = self._replies.handoffs.make(turn, topic)
            opening = self._replies.handoffs.opening(turn, "ask_human", department=handoff.department)
            return self._replies.handed(memory, handoff, opening)
        waiting = turn.facts.waiting_cases
        # Somebody has the customer's case already, so it is them who are asked for.
        return self._replies.hand(turn, memory, "ask_human", named or (waiting[0].department if waiting else RECEPTION))


def _department(outcome: dict[str, Any]) -> str | None:
    handoff = outcome.get("handoff")
    return handoff["department"] if handoff is not None else None
