"""One turn of the dialogue: from what was understood to what is said and done.

The steps are tried in order and the first that has something to say decides. Every path ends in an answer, a question
with buttons, or a handoff; a question never follows a question.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from actions.afterwards import Afterwards
from actions.case_words import asks_number, asks_position, withdraws
from actions.courtesy import behind, complaining, denies_at_length, hard_up
from actions.desks import Desks
from actions.details import is_bare_number
from actions.doubt import Doubt, numbered
from actions.form_flow import FormFlow
from actions.forms import FORMS
from actions.handoffs import Handoffs, department_in, hinted, other_needs
from actions.introductions import Introductions, name_said
from actions.lexicon import (
    calls_for_person,
    closes_with_thanks,
    is_danger,
    is_joint,
    is_upset,
    leads_with_yes,
    line,
    says_no,
    says_resume,
    says_yes,
    threatens,
    wants_a_call,
    wants_no_more,
)
from actions.memory import Memory
from actions.needs import Needs
from actions.outcries import penniless, raging, scowls, unalarmed
from actions.own_case import WAITING, OwnCase
from actions.plan import SHIPPED, SMALL, Plans, Way
from actions.replies import Replies
from actions.reply import Reply, answered_by
from actions.speech import Speech
from actions.thread import Thread
from actions.turn import Turn
from actions.understanding import Decision, Understanding
from bot.domain.company import RECEPTION, Company
from bot.domain.knowledge import Knowledge

_OF_LAW_AND_PRESS: Final = frozenset({"legal_threat", "media_inquiry", "partnership"})
_ABOUT_A_CASE: Final = SMALL | {"case_status", "complaint_waiting", "complaint_service"}
"""Needs as which the engine may take a word about the customer's own case."""
_KEPT: Final = frozenset({"order", "phone", "customer_name"})
_LIKELY_ITSELF: Final = 0.5
_PEOPLE: Final = frozenset({"ask_human", "meet_person"})
_OF_A_VISIT: Final = frozenset({"opening_hours", "address", "parking", "contact_info"})
_BESIDE_A_FORM: Final = frozenset({Way.ANSWER, Way.ANSWER_THEN_OFFER, Way.OFFER_IF_ASKED, Way.SPECIAL})
"""Ways that leave the floor with the bot, so that a form can go on behind them."""


class Dialogue:
    """The decisions. Holds nothing of a conversation; everything comes with the turn and goes with the reply."""

    def __init__(self, company: Company, knowledge: Knowledge, plans: Plans = SHIPPED) -> None:
        self.plans = plans
        self._company = company
        self._speech = Speech(company, knowledge)
        self._replies = Replies(self._speech, Handoffs(self._speech))
        self._desks = Desks(company)
        self._doubt = Doubt(company, self._replies)
        self._forms = FormFlow(self._speech, self._replies.handoffs)
        self._introductions = Introductions(self._speech, self._forms)
        self._needs = Needs(company, self._replies, self._doubt, self._forms)
        self._own_case = OwnCase(company, self._replies)
        self._afterwards = Afterwards(company, self._replies, self._own_case)
        self._thread = Thread(company, self._replies, self._doubt, self._needs)

    def decide(self, turn: Turn) -> Reply:
        """Return the reply of one turn; never empty."""
        turn = replace(turn, understood=_by_words(turn))
        if turn.facts.just_told is not None:
            # The house has spoken since: what was asked or offered before that is no longer what is answered.
            turn = replace(turn, memory=replace(turn.memory, offer=None, question=None))
        # What was open before is over with this turn, unless a step opens it again.
        memory = replace(
            turn.memory,
            address=turn.voice.address,
            language=str(turn.language),
            offer=None,
            question=None,
            strikes=0,
            known={
                **turn.memory.known,
                **{kind: turn.details.found[kind] for kind in _KEPT & turn.details.found.keys()},
            },
        )
        steps = (
            self._nothing_said,
            self._at_once,
            self._button,
            self._named,
            self._afterwards.take,
            self._chosen,
            self._offered,
            self._introductions.take,
            self._in_form,
            self._bare_code,
            self._forms.move_call,
            self._thread.postponed,
            self._thread.rescheduled,
            self._own_case.take,
            self._done_case,
            self._number_alone,
            self._thread.pieced,
            self._thread.person,
            self._thread.follow_up,
            self._unsure,
        )
        replies = (step(turn, memory) for step in steps)
        reply = next((one for one in replies if one is not None), None)
        if reply is None:
            reply = self._needs.serve(turn, memory, turn.understood.intent)
        return _with_name(turn, self._forms.call_kept(turn, reply))

    def _nothing_said(self, turn: Turn, memory: Memory) -> Reply | None:
        if turn.readable and is_joint(turn.text):
            # "Mà", sent before the rest of the sentence: whatever a model makes of it, it is no need yet.
            return Reply(turn.memory, [self._speech.phrase("i_am_here", turn)], outcomes=[answered_by(RECEPTION)])
        if scowls(turn.text):
            waiting = turn.facts.waiting_cases
            return self._replies.hand(turn, memory, "complaint_service", waiting[0].department if waiting else None)
        return None if turn.readable else self._doubt.impatient(turn, memory, "nothing_said")

    def _at_once(self, turn: Turn, memory: Memory) -> Reply | None:
        """Take what may not wait for anything, nor depend on the engine: danger, and threats of law or press."""
        before = memory.form.text if memory.form is not None and memory.form.asked is not None else ""
        if is_danger(turn.text):
            return self._replies.hand(turn, memory, "emergency", before=before)
        known = turn.understood.sure and turn.understood.intent in _OF_LAW_AND_PRESS
        if turn.understood.intent == "media_inquiry":
            # A reporter who asks for an interview has no case here and is not angry.
            known = known and not turn.facts.open_cases and not is_upset(turn.text)
        if threatens(turn.text) and not known:
            return self._replies.hand(turn, memory, "legal_threat", before=before)
        return None

    def _button(self, turn: Turn, memory: Memory) -> Reply | None:
        """Take the title of a "talk to ..." button, in either language, whenever it comes."""
        said = line(turn.text)
        for department in self._company.departments.values():
            titles = self._speech.knowledge.phrases["meet_department"]
            pairs = ((titles.vi, department.label_vi), (titles.en, department.label_en))
            if any(line(title.format(department=label)) == said for texts, label in pairs for title in texts):
                return self._meet(turn, memory, department.id)
        return None

    def _named(self, turn: Turn, memory: Memory) -> Reply | None:
        """Take a department that is asked for by name."""
        department = self._desks.asked_for(turn)
        return self._meet(turn, memory, department) if department is not None else None

    def _meet(self, turn: Turn, memory: Memory, department: str) -> Reply:
        """Bring in a department, for what was offered or talked about when that is its own."""
        before, topic = turn.memory.offer, turn.memory.topic
        text = before.text if before is not None else ""
        if before is not None and before.department == department:
            return self._replies.hand(turn, memory, before.intent, department, text)
        own = topic if topic is not None and self._company.owners.get(topic) == department else "ask_human"
        handoff = self._replies.handoffs.make(turn, own, department=department, said_before=text)
        opening = self._replies.handoffs.opening(turn, "ask_human", text, department)
        return self._replies.handed(memory, handoff, opening)

    def _chosen(self, turn: Turn, memory: Memory) -> Reply | None:
        """Take the answer to "which of these"."""
        question, intent = turn.memory.question, self._doubt.choice(turn)
        if question is not None and intent is not None:
            # As if the customer had written the title of the need, and the engine were sure of it.
            sure = replace(turn.understood, intent=intent, decision=Decision.ANSWER)
            meant = replace(turn, text=self._speech.need(intent, turn), understood=sure)
            return self._needs.serve(meant, memory, intent, question.text)
        if question is not None and wants_no_more(turn.text):
            return self._replies.answer(memory, self._speech.phrase("offer_declined", turn), "deny")
        return self._doubt.give_up(turn, memory, question) if self._doubt.declined(turn) else None

    def _offered(self, turn: Turn, memory: Memory) -> Reply | None:
        """Take a yes or a no to "shall I connect you", in words or by number."""
        offer = turn.memory.offer
        if offer is None:
            return None
        said, intent = line(turn.text), turn.understood.intent
        closes = intent == "thank" and turn.understood.sure and closes_with_thanks(turn.text)
        if closes or (offer.intent == WAITING and withdraws(turn.text)):
            return None
        declines = {*numbered(2), *self._speech.lines("no_thanks")}
        if says_no(turn.text) or said in declines or (intent == "deny" and turn.understood.sure):
            return Reply(
                memory, [self._speech.phrase("offer_declined", turn)], outcomes=[answered_by(offer.department)]
            )
        # What the engine takes for a yes counts only with a word for it: "em không có tiền trả" accepts nothing.
        agrees = turn.understood.sure and (intent == "ask_human" or (intent == "affirm" and leads_with_yes(turn.text)))
        if offer.intent == WAITING and (
            says_yes(turn.text) or said in {*numbered(1), *self._speech.lines("hurry_them")}
        ):
            return self._own_case.hurried(turn, memory)
        if says_yes(turn.text) or said in numbered(1) or agrees:
            named = department_in(turn, self._company) if intent == "ask_human" else None
            return self._replies.hand(turn, memory, offer.intent, named or offer.department, offer.text)
        return None

    def _in_form(self, turn: Turn, memory: Memory) -> Reply | None:
        """Go on with an open form, or take up a resting one."""
        form = memory.form
        if form is None or form.name not in FORMS or form.intent not in turn.plans:
            return None
        if form.asked is None:
            return self._forms.resume(turn, memory, form) if says_resume(turn.text) else None
        if turn.facts.waiting_cases and (asks_position(turn.text) or asks_number(turn.text)):
            # Which answers nothing that a form asks for; it goes on behind the answer.
            return None
        reply = self._forms.go_on(turn, memory, form)
        return reply if reply is not None else self._aside(turn, memory)

    def _aside(self, turn: Turn, memory: Memory) -> Reply | None:
        """Serve another need in the middle of a form, then come back to the form's question."""
        form, plan = memory.form, turn.plans.get(turn.understood.intent)
        if form is None or plan is None:
            return None
        rest = replace(memory, form=replace(form, asked=None))
        if plan.way not in _BESIDE_A_FORM:
            return self._needs.serve(turn, rest, turn.understood.intent)
        reply = self._needs.serve(turn, memory, turn.understood.intent)
        if any("handoff" in outcome for outcome in reply.outcomes):
            return replace(reply, memory=replace(reply.memory, form=rest.form))
        if form.reminded:
            # Led back once already: from here the customer says when to go on.
            return replace(reply, memory=replace(reply.memory, form=rest.form))
        question = self._speech.inner(self._forms.question(turn, form))
        back = self._speech.phrase("back_to_form", turn, question=question)
        kept = replace(reply.memory, offer=None, form=replace(form, reminded=True))
        return replace(reply, memory=kept, texts=[*reply.texts, back], buttons=self._forms.buttons(turn, form))

    def _bare_code(self, turn: Turn, memory: Memory) -> Reply | None:
        """Read a case code whatever the engine makes of it."""
        return self._needs.case_status(turn, memory) if self._needs.is_bare_code(turn.text) else None

    def _done_case(self, turn: Turn, memory: Memory) -> Reply | None:
        """Take disappointment with a case that is done."""
        if turn.facts.waiting_cases:
            return None
        vague = not turn.understood.sure or turn.understood.intent in _ABOUT_A_CASE
        done = next(iter(turn.facts.open_cases), None)
        if done is None or not vague or not self._afterwards.undone(turn, done):
            return None
        return self._afterwards.reopened(turn, memory, done)

    def _number_alone(self, turn: Turn, memory: Memory) -> Reply | None:
        """Take a number that nobody asked for to those who have the customer's case, or to whom it may concern.

        To the engine it looks like a wish to be called, which only the customer's words can be.
        """
        calls = turn.understood.intent == "callback" and not wants_a_call(turn.text)
        if not is_bare_number(turn.text) and not calls:
            return None
        if calls and not turn.details.get("phone", "tax_code"):
            options = tuple(name for name in turn.understood.options() if name != "callback")
            unsure = replace(turn.understood, decision=Decision.ASK, candidates=("callback", *options))
            return self._doubt.settle(replace(turn, understood=unsure), memory)
        case = next((one for one in turn.facts.open_cases if one.state != "resolved"), None)
        topic = turn.memory.topic if turn.memory.topic in turn.plans else None
        if case is None and topic is None:
            return self._doubt.give_up(turn, memory)
        owner = case.department if case is not None else self._company.department_for(topic or "").id
        own = topic if topic is not None and self._company.department_for(topic).id == owner else "out_of_scope"
        handoff = self._replies.handoffs.make(turn, own, department=owner)
        return self._replies.handed(memory, handoff, self._speech.phrase("opening_neutral", turn))

    def _unsure(self, turn: Turn, memory: Memory) -> Reply | None:
        if turn.understood.sure:
            return None
        if "when" in turn.details.found and set(turn.understood.options()[:2]) == {"appointment_book", "meet_person"}:
            # "Hẹn gặp anh Nam thứ Hai lúc 10h" is both, and the form asks for what an appointment needs.
            return self._needs.serve(turn, memory, "appointment_book")
        top = next((one for one in turn.understood.ranking if one[0] not in SMALL), ("", 0.0))
        near = top[0] == turn.memory.topic or {top[0], turn.memory.topic} <= _OF_A_VISIT
        if near and top[1] >= _LIKELY_ITSELF:
            # What was just talked about, a little unclear: "còn chủ nhật thì sao", "thế còn ở đâu vậy".
            return self._needs.serve(turn, memory, top[0])
        named = department_in(turn, self._company)
        if named is not None and top[0] in _PEOPLE:
            return self._meet(turn, memory, named)
        first = hinted(turn.text)
        if first is not None and _is_clear(turn, first):
            return self._needs.serve(turn, memory, first)
        return self._person_for(turn, memory, named) or self._doubt.settle(turn, memory)

    def _person_for(self, turn: Turn, memory: Memory, named: str | None) -> Reply | None:
        """Spare whoever asks for a person the question what for: the likeliest need will do."""
        wanted = next((name for name in turn.understood.options() if name not in SMALL | _PEOPLE), None)
        if wanted is None or turn.memory.question is not None or not calls_for_person(turn.text):
            return None
        return self._replies.hand(turn, replace(memory, topic=wanted), wanted, named)


def _is_clear(turn: Turn, first: str) -> bool:
    """Tell whether a word that hardly belongs to anything else settles what the engine is unsure of.

    It is the likeliest guess too; or not one of the guesses is meant but all: "giá bao nhiêu, có trả góp không".
    """
    options = turn.understood.options()
    likely = turn.memory.question is None and first in options
    return likely and (first == options[0] or bool(set(other_needs(turn.text, first)) & set(options)))


def _by_words(turn: Turn) -> Understanding:
    """Return what was understood, where a few words say more surely what is meant than a whole sentence does."""
    understood = turn.understood
    if not turn.facts.waiting_cases and turn.facts.just_told is None:
        # Otherwise it is the money of that case.
        understood = penniless(understood, turn.text)
    for corrected in (unalarmed, raging, complaining, behind, hard_up, denies_at_length):
        understood = corrected(understood, turn.text)
    return understood


def _with_name(turn: Turn, reply: Reply) -> Reply:
    own = name_said(turn)
    return replace(reply, outcomes=[*reply.outcomes, own]) if own is not None else reply
