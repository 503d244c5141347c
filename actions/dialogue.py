"""One turn of the dialogue: from what was understood to what is said and done.

The steps are tried in order and the first that has something to say decides. Every path ends in an answer, a question
with buttons, or a handoff; a question or an offer never follows a question.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from actions.cases import Cases
from actions.form_flow import FormFlow
from actions.forms import FORMS
from actions.handoffs import Handoffs, department_in, second_need
from actions.info import Info
from actions.lexicon import asks, is_danger, line, says_no, says_resume, says_yes
from actions.memory import Memory, Offer, Question, quote
from actions.plan import PLANS, SMALL, Plan, Way
from actions.reply import Handoff, Reply, answered_by
from actions.speech import Speech
from actions.turn import Turn
from actions.understanding import Decision
from bot.domain.company import RECEPTION, Company
from bot.domain.knowledge import Knowledge

_UNCLEAR: Final = "out_of_scope"
_PATIENCE: Final = 2
"""Turns in a row that did not help, after which a person takes over unasked."""
_HAS_ANSWER: Final = frozenset({Way.ANSWER, Way.ANSWER_THEN_OFFER, Way.OFFER_IF_ASKED})
_BESIDE_A_FORM: Final = _HAS_ANSWER | {Way.SPECIAL}
"""Ways that leave the floor with the bot, so that a form can go on behind them."""


class Dialogue:
    """The decisions. Holds nothing of a conversation; everything comes with the turn and goes with the reply."""

    def __init__(self, company: Company, knowledge: Knowledge) -> None:
        self._company = company
        self._speech = Speech(company, knowledge)
        self._handoffs = Handoffs(self._speech)
        self._cases = Cases(self._speech)
        self._info = Info(self._speech)
        self._forms = FormFlow(self._speech, self._handoffs)
        self._special: dict[str, Callable[[Turn, Memory], Reply]] = {
            "greet": self._greet,
            "bot_challenge": self._offer_reception,
            "insult": self._patiently,
            "out_of_scope": self._patiently,
            "opening_hours": lambda turn, memory: self._answer(turn, memory, self._info.opening_hours(turn)),
            "address": lambda turn, memory: self._answer(turn, memory, self._info.address(turn)),
            "case_status": self._case_status,
            "ask_human": self._ask_human,
        }

    def decide(self, turn: Turn) -> Reply:
        """Return the reply of one turn; never empty."""
        # What was open before is over with this turn, unless a step opens it again.
        memory = replace(
            turn.memory, address=turn.voice.address, language=str(turn.language), offer=None, question=None, strikes=0
        )
        steps = (
            self._nothing_said,
            self._button,
            self._chosen,
            self._offered,
            self._in_form,
            self._at_once,
            self._unsure,
        )
        for step in steps:
            reply = step(turn, memory)
            if reply is not None:
                return reply
        return self._serve(turn, memory, turn.understood.intent)

    # Steps that come before the need itself.

    def _nothing_said(self, turn: Turn, memory: Memory) -> Reply | None:
        return None if turn.readable else self._impatient(turn, memory, "nothing_said")

    def _button(self, turn: Turn, memory: Memory) -> Reply | None:
        """Take the title of a "talk to ..." button, in either language, whenever it comes."""
        said = line(turn.text)
        for department in self._company.departments.values():
            titles = self._speech.knowledge.phrases["meet_department"]
            pairs = ((titles.vi, department.label_vi), (titles.en, department.label_en))
            if any(line(title.format(department=label)) == said for texts, label in pairs for title in texts):
                before = turn.memory.offer
                reason = before.intent if before is not None and before.department == department.id else "ask_human"
                return self._hand(turn, memory, reason, department.id, before.text if before is not None else "")
        return None

    def _chosen(self, turn: Turn, memory: Memory) -> Reply | None:
        """Take the answer to "which of these": a number, or the title."""
        question = turn.memory.question
        if question is None:
            return None
        said = line(turn.text)
        for number, intent in enumerate(question.intents, start=1):
            if intent in PLANS and said in {*_numbered(number), *self._titles(intent)}:
                return self._serve(self._meaning(turn, intent), memory, intent, question.text)
        if said in {*_numbered(len(question.intents) + 1), *self._lines("something_else")} or says_no(turn.text):
            return self._give_up(turn, memory, question)
        return None

    def _offered(self, turn: Turn, memory: Memory) -> Reply | None:
        """Take a yes or a no to "shall I connect you", in words or by number."""
        offer = turn.memory.offer
        if offer is None:
            return None
        said, intent = line(turn.text), turn.understood.intent
        declines = {*_numbered(2), *self._lines("no_thanks")}
        if says_no(turn.text) or said in declines or (intent == "deny" and turn.understood.sure):
            return Reply(
                memory, [self._speech.phrase("offer_declined", turn)], outcomes=[answered_by(offer.department)]
            )
        if says_yes(turn.text) or said in _numbered(1) or (intent in {"affirm", "ask_human"} and turn.understood.sure):
            named = department_in(turn.text, self._company) if intent == "ask_human" else None
            return self._hand(turn, memory, offer.intent, named or offer.department, offer.text)
        return None

    def _in_form(self, turn: Turn, memory: Memory) -> Reply | None:
        """Go on with an open form, or take up a resting one."""
        form = memory.form
        if form is None or form.name not in FORMS or form.intent not in PLANS:
            return None
        if form.asked is None:
            return self._forms.resume(turn, memory, form) if says_resume(turn.text) else None
        reply = self._forms.go_on(turn, memory, form)
        return reply if reply is not None else self._aside(turn, memory)

    def _aside(self, turn: Turn, memory: Memory) -> Reply | None:
        """Serve another need in the middle of a form, then come back to the form's question."""
        form, plan = memory.form, PLANS.get(turn.understood.intent)
        if form is None or plan is None:
            return None
        rest = replace(memory, form=replace(form, asked=None))
        if plan.way not in _BESIDE_A_FORM:
            return self._serve(turn, rest, turn.understood.intent)
        reply = self._serve(turn, memory, turn.understood.intent)
        if any("handoff" in outcome for outcome in reply.outcomes):
            return replace(reply, memory=replace(reply.memory, form=rest.form))
        question = self._forms.question(turn, form)
        back = self._speech.phrase("back_to_form", turn, question=question)
        kept = replace(reply.memory, offer=None, form=form)
        return replace(reply, memory=kept, texts=[*reply.texts, back], buttons=self._forms.buttons(turn, form))

    def _at_once(self, turn: Turn, memory: Memory) -> Reply | None:
        """Do not stop to ask when somebody may be hurt, and read a bare case code whatever the engine makes of it."""
        if is_danger(turn.text) and not turn.understood.sure:
            return self._serve(turn, memory, "emergency")
        if self._cases.is_bare_code(turn.text):
            return self._case_status(turn, memory)
        return None

    def _unsure(self, turn: Turn, memory: Memory) -> Reply | None:
        """Ask which need it is, once; a second time, or where asking is hopeless, bring in a person."""
        if turn.understood.sure:
            return None
        options = turn.understood.options()
        if turn.memory.question is not None:
            return self._give_up(turn, memory, turn.memory.question)
        if turn.understood.intent in SMALL and turn.understood.decision is Decision.ASK:
            # A greeting or a chat that is not quite clear is best met with a friendly word, not with an enquiry.
            return None
        if turn.understood.decision is Decision.HAND_OFF or not options:
            if turn.understood.intent == _UNCLEAR:
                return self._patiently(turn, memory)
            return self._give_up(turn, memory, None)
        buttons = [*(self._speech.need(name, turn) for name in options), self._speech.phrase("something_else", turn)]
        return Reply(
            replace(memory, question=Question(options, quote(turn.text)), strikes=turn.memory.strikes),
            [self._speech.phrase("clarify", turn)],
            buttons,
            [{"clarify": {"intents": list(options)}}],
        )

    # Serving a need.

    def _serve(self, turn: Turn, memory: Memory, intent: str, before: str = "") -> Reply:
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
                return self._hand(turn, memory, intent, before=before)
            case Way.ANSWER:
                return self._answer(turn, memory, self._speech.answer(intent, turn), intent)
            case Way.ANSWER_THEN_OFFER:
                return self._answer_then_offer(turn, memory, intent, before)
            case Way.OFFER_IF_ASKED:
                serve = self._answer_then_offer if asks(before or turn.text) else self._hand
                return serve(turn, memory, intent, before=before)

    def _with_second(self, turn: Turn, reply: Reply, other: str) -> Reply:
        """Add the second need: an answer, a case of its own, or a note in the form that is being filled."""
        plan = PLANS[other]
        if plan.way is Way.SPECIAL or (plan.way in _HAS_ANSWER and asks(turn.text)):
            text = (
                self._special[other](turn, reply.memory).texts
                if plan.way is Way.SPECIAL
                else [self._speech.answer(other, turn)]
            )
            owner = self._company.department_for(other).id
            return replace(reply, texts=[*text, *reply.texts], outcomes=[*reply.outcomes, answered_by(owner)])
        form = reply.memory.form
        if form is not None and form.asked is not None:
            noted = form.with_values({"also": self._speech.knowledge.need(other)})
            return replace(reply, memory=replace(reply.memory, form=noted))
        return self._with_second_case(turn, reply, other)

    def _with_second_case(self, turn: Turn, reply: Reply, other: str) -> Reply:
        """Open a case for the second need; the first case names it, so that whoever takes one knows of both."""
        second = self._handoffs.make(turn, other)
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
        return self._handoffs.make(turn, handoff["reason"], department=department, values=values, also=other).outcome()

    def _answer(self, turn: Turn, memory: Memory, text: str, intent: str | None = None) -> Reply:
        owner = self._company.department_for(intent or turn.understood.intent)
        return Reply(memory, [text], outcomes=[answered_by(owner.id)])

    def _answer_then_offer(self, turn: Turn, memory: Memory, intent: str, before: str = "") -> Reply:
        owner = self._company.department_for(intent).id
        return self._with_offer(turn, memory, self._speech.answer(intent, turn), Offer(owner, intent, before))

    def _with_offer(self, turn: Turn, memory: Memory, text: str, offer: Offer, *, asked: bool = False) -> Reply:
        """Return an answer with an offer behind it; `asked` when the text already ends in the question."""
        if not asked:
            label = self._speech.department(offer.department, turn)
            text = f"{text}\n{self._speech.phrase('offer', turn, department=label)}"
        said = quote(" / ".join(filter(None, (offer.text, turn.text))))
        return Reply(
            replace(memory, offer=replace(offer, text=said)),
            [text],
            [self._speech.meet(offer.department, turn), self._speech.phrase("no_thanks", turn)],
            [answered_by(offer.department)],
        )

    def _hand(self, turn: Turn, memory: Memory, reason: str, department: str | None = None, before: str = "") -> Reply:
        handoff = self._handoffs.make(turn, reason, department=department, said_before=before)
        return self._handed(turn, memory, handoff, self._handoffs.opening(turn, reason, before))

    def _handed(self, turn: Turn, memory: Memory, handoff: Handoff, opening: str) -> Reply:
        rest = replace(memory.form, asked=None) if memory.form is not None else None
        return Reply(replace(memory, form=rest), [opening], outcomes=[handoff.outcome()])

    # Needs with code of their own.

    def _greet(self, turn: Turn, memory: Memory) -> Reply:
        """Greet, and tell a customer with something open how it stands before they have to ask."""
        if not turn.facts.open_cases:
            return self._answer(turn, memory, self._speech.answer("greet", turn), "greet")
        newest = turn.facts.open_cases[-1]
        parts = [self._speech.phrase("greet_with_case", turn), self._cases.tell(newest, turn)]
        text = f"{' '.join(parts)}\n{self._speech.phrase('anything_else', turn)}"
        return self._answer(turn, memory, text, "greet")

    def _offer_reception(self, turn: Turn, memory: Memory) -> Reply:
        text = self._speech.answer("bot_challenge", turn)
        return self._with_offer(turn, memory, text, Offer(RECEPTION, "ask_human"), asked=True)

    def _patiently(self, turn: Turn, memory: Memory) -> Reply:
        intent = turn.understood.intent if turn.understood.intent == "insult" else _UNCLEAR
        return self._impatient(turn, memory, intent)

    def _impatient(self, turn: Turn, memory: Memory, name: str) -> Reply:
        """Answer kindly with an offer; when that has not helped before, bring in a person."""
        strikes = turn.memory.strikes + 1
        if strikes >= _PATIENCE:
            return self._give_up(turn, memory, None)
        text = self._speech.answer(name, turn)
        kept = replace(memory, strikes=strikes)
        return self._with_offer(turn, kept, text, Offer(RECEPTION, "ask_human"), asked=True)

    def _give_up(self, turn: Turn, memory: Memory, question: Question | None) -> Reply:
        """Bring in a person: of the department all options belong to, else reception."""
        owners = {self._company.department_for(name).id for name in question.intents} if question is not None else set()
        department = owners.pop() if len(owners) == 1 else RECEPTION
        before = question.text if question is not None else ""
        reason = "insult" if turn.understood.intent == "insult" else _UNCLEAR
        handoff = self._handoffs.make(turn, reason, department=department, said_before=before)
        return self._handed(turn, memory, handoff, self._speech.phrase("again", turn))

    def _case_status(self, turn: Turn, memory: Memory) -> Reply:
        text, unknown = self._cases.status(turn)
        if unknown:
            return self._with_offer(turn, memory, text, Offer(RECEPTION, "case_status"), asked=True)
        return self._answer(turn, memory, text, "case_status")

    def _ask_human(self, turn: Turn, memory: Memory) -> Reply:
        """Bring in a person: of the department that is named, else of what was just talked about, else reception."""
        named = department_in(turn.text, self._company)
        topic = turn.memory.topic
        if named is None and topic is not None and self._company.owners.get(topic, RECEPTION) != RECEPTION:
            handoff = self._handoffs.make(turn, topic)
            return self._handed(turn, memory, handoff, self._handoffs.opening(turn, "ask_human"))
        return self._hand(turn, memory, "ask_human", named or RECEPTION)

    def _meaning(self, turn: Turn, intent: str) -> Turn:
        """Return the turn as if the customer had written the title of a need, and the engine were sure of it."""
        sure = replace(turn.understood, intent=intent, decision=Decision.ANSWER)
        return replace(turn, text=self._speech.need(intent, turn), understood=sure)

    def _titles(self, intent: str) -> set[str]:
        words = self._speech.knowledge.needs[intent]
        return {line(words.vi), line(words.en)}

    def _lines(self, phrase: str) -> set[str]:
        wordings = self._speech.knowledge.phrases[phrase]
        return {line(text) for text in (*wordings.vi, *wordings.en)}


def _numbered(number: int) -> set[str]:
    """Return the ways to pick an option by its number where a channel shows buttons as a numbered list."""
    return {str(number), f"so {number}", f"cai {number}", f"cau {number}", f"option {number}"}


def _department(outcome: dict[str, Any]) -> str | None:
    handoff = outcome.get("handoff")
    return handoff["department"] if handoff is not None else None
