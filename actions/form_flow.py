"""The conversation around a form: beginning, going on, giving up, coming back, and always an end with a person."""

from __future__ import annotations

from dataclasses import replace

from actions.call_times import DESK, FIELD, CallTimes
from actions.cases import Cases
from actions.details import is_cut_number
from actions.forms import AT_ONCE, FORMS, MOST_MISSES, NOT_KNOWN, PHONE, Field, fill, particulars, start
from actions.handoffs import Handoffs, priority_for
from actions.lexicon import asks, says_later, says_no, says_stop, says_thanks, wants_no_more
from actions.memory import FormState, Memory, quote
from actions.plan import Plan
from actions.reply import Reply, answered_by
from actions.speech import Speech
from actions.turn import Turn
from bot.domain.call_moves import CALL_OFF
from bot.domain.call_times import Sense
from bot.domain.company import Priority

_OF_ORDERS = frozenset(
    {"order_place", "order_status", "order_change", "delivery_missing", "complaint_product", "return_exchange"}
)
_NO_ASIDE = frozenset({"affirm", "greet", "thank", "small_talk"})
"""Words that neither answer a form nor lead away from it."""


class FormFlow:
    """Leads a customer through a form, one question at a time."""

    def __init__(self, speech: Speech, handoffs: Handoffs) -> None:
        self._speech = speech
        self._handoffs = handoffs
        self._calls = CallTimes(speech)
        self._cases = Cases(speech)

    def begin(self, turn: Turn, memory: Memory, intent: str, plan: Plan, before: str = "") -> Reply:
        """Start a form, with what the first message and an earlier, resting form of the same kind already say."""
        name = plan.form or ""
        fresh = start(name, intent, turn if not before else replace(turn, text=before))
        resting = memory.form
        if resting is not None and resting.name == name:
            fresh = resting.with_values(fresh.values)
            return self._ask_or_end(turn, memory, fresh, "form_resumed" if fresh.values else None)
        return self._ask_or_end(turn, memory, fresh, "form_trouble" if plan.opening == "opening_trouble" else None)

    def resume(self, turn: Turn, memory: Memory, form: FormState) -> Reply:
        """Take up a resting form because the customer said so."""
        filled = fill(form, turn) or form
        return self._ask_or_end(turn, memory, filled, "form_resumed")

    def move_call(self, turn: Turn, memory: Memory) -> Reply | None:
        """Take a call that is still to come to another time, or off, as the customer says; tell its hour who asks."""
        off = self._calls.called_off(turn)
        if off is not None:
            made = self._handoffs.make(turn, "callback", department=off.department)
            _, _, said = made.summary.partition(". ")
            ended = replace(made, reason=CALL_OFF, summary=f"Khách không cần gọi nữa. {said}")
            return Reply(replace(memory, topic=None), outcomes=[ended.outcome()])
        asked, found = self._calls.asked_about(turn), self._calls.moved(turn)
        if found is not None and found[1].at == found[0].call_at:
            # To name the hour that it has already is to ask for it.
            asked = found[0]
        if asked is not None:
            return Reply(memory, [self._cases.tell(asked, turn)], outcomes=[answered_by(asked.department)])
        if found is None:
            return None
        case, reading, now = found
        if reading.sense is not Sense.CLEAR:
            return self._ask_or_end(turn, memory, self._calls.begin_again(case, reading, now), None)
        handoff = self._handoffs.make(turn, "callback", department=case.department)
        return Reply(memory, outcomes=[replace(handoff, call_at=reading.at).outcome()])

    def call_kept(self, turn: Turn, reply: Reply) -> Reply:
        """Say beside the answer to "thôi khỏi" that a call still stands, with a button that takes it off."""
        said = self._calls.stands(turn) if wants_no_more(turn.text) else None
        if said is None or any("handoff" in outcome for outcome in reply.outcomes):
            return reply
        off = self._speech.phrase("no_call", turn)
        stays = self._speech.phrase("call_stays", turn, when=said, off=off)
        return replace(reply, texts=[*reply.texts, stays], buttons=[*reply.buttons, off])

    def go_on(self, turn: Turn, memory: Memory, form: FormState) -> Reply | None:
        """Take the message as part of the form; None when it is about something else."""
        intent = turn.understood.intent if turn.understood.sure else ""
        if intent in AT_ONCE and intent != form.intent:
            return self._end(turn, memory, form) if intent == "ask_human" else None
        accepted = self._calls.accepted(turn, form)
        if accepted is not None:
            return self._ask_or_end(turn, memory, accepted, None)
        if not particulars(FORMS[form.name], turn):
            reply = self._left(turn, memory, form, intent)
            if reply is not None:
                return reply
        filled = fill(form, turn)
        if filled is not None:
            # What was said belongs to another field than the one asked for: show that it was understood.
            beside = form.asked is not None and form.asked not in filled.values
            return self._ask_or_end(turn, memory, filled, "form_noted" if beside else None)
        cut = form.asked == PHONE and is_cut_number(turn.text)
        if not cut and (says_no(turn.text) or intent == "deny"):
            return self._abandon(turn, memory, form)
        return None if not cut and intent not in {"", form.intent, *_NO_ASIDE} else self._miss(turn, memory, form)

    def _left(self, turn: Turn, memory: Memory, form: FormState, intent: str) -> Reply | None:
        """Take thanks and a refusal as the end of a form, and more of the same story as no end of it."""
        thanks = says_thanks(turn.text) or intent == "thank"
        if thanks and FORMS[form.name].will_do(form):
            return self._end(turn, memory, form)
        if form.name == "order" and intent in _OF_ORDERS - {form.intent} and not asks(turn.text):
            # "Em đặt màu đen mà giao màu trắng" tells more of the same, whatever need it sounds like by itself.
            return self._miss(turn, memory, replace(form, text=quote(f"{form.text} / {turn.text}")))
        gives_up = thanks or any(gives_up(turn.text) for gives_up in (says_stop, wants_no_more, says_later))
        return self._abandon(turn, memory, form) if gives_up else None

    def _abandon(self, turn: Turn, memory: Memory, form: FormState) -> Reply:
        """Stop asking, and keep what there is in case the customer comes back to it."""
        owner = self._speech.company.department_for(form.intent).id
        kept = replace(memory, form=replace(form, asked=None))
        return Reply(kept, [self._speech.phrase("form_abandoned", turn)], outcomes=[answered_by(owner)])

    def question(self, turn: Turn, form: FormState) -> str:
        """Return the question that the form is waiting for."""
        field = self._field(form)
        if field is None:
            return ""
        about_time = self._calls.question(turn, form) if field.name == FIELD else None
        return about_time or self._speech.phrase(field.question, turn)

    def buttons(self, turn: Turn, form: FormState) -> list[str]:
        """Return the buttons below that question."""
        field = self._field(form)
        if field is None or field.button is None:
            return []
        times = self._calls.buttons(turn, form) if field.name == FIELD else []
        return times or [self._speech.phrase(field.button, turn)]

    def _field(self, form: FormState) -> Field | None:
        """Return the field that was asked for last, else the next one."""
        return FORMS[form.name].field(form.asked) or FORMS[form.name].next(form)

    def _ask_or_end(self, turn: Turn, memory: Memory, form: FormState, lead: str | None) -> Reply:
        form = self._calls.read(turn, form)
        about_time = self._calls.question(turn, form)
        field = FORMS[form.name].field(FIELD) if about_time else FORMS[form.name].next(form)
        pressed = FORMS[form.name].until_pressed and priority_for(turn, form.intent, form.text) is not Priority.NORMAL
        if field is None or pressed:
            return self._end(turn, memory, form)
        question = about_time or self._speech.phrase(field.question, turn)
        if lead == "form_noted" or (lead is not None and about_time is None):
            question = self._speech.inner(question)
            noted = ", ".join(particulars(FORMS[form.name], turn).values())
            own = {"value": noted or quote(turn.text)} if lead == "form_noted" else {}
            question = self._speech.phrase(lead, turn, question=question, **own)
        asked = replace(form, asked=field.name, misses=0)
        return self._asking(turn, memory, asked, question)

    def _miss(self, turn: Turn, memory: Memory, form: FormState) -> Reply:
        """Put the question differently; when that did not help either, give what there is to a person."""
        field = self._field(form)
        if field is None or form.misses + 1 >= MOST_MISSES:
            return self._end(turn, memory, form)
        about_time = self._calls.question(turn, form) if field.name == FIELD else None
        again = about_time or self._speech.phrase(f"{field.question}_again", turn)
        return self._asking(turn, memory, replace(form, misses=form.misses + 1), again)

    def _asking(self, turn: Turn, memory: Memory, form: FormState, question: str) -> Reply:
        owner = self._speech.company.department_for(form.intent).id
        return Reply(replace(memory, form=form), [question], self.buttons(turn, form), outcomes=[answered_by(owner)])

    def _end(self, turn: Turn, memory: Memory, form: FormState) -> Reply:
        desk, call_at = form.notes.get(DESK), self._calls.at(form)
        # The case of a call that is moved knows its number.
        values = {name: one for name, one in form.values.items() if desk is None or one != NOT_KNOWN}
        handoff = self._handoffs.make(turn, form.intent, department=desk, said_before=form.text, values=values)
        handoff = replace(handoff, call_at=call_at)
        opening = self._read_back(turn, form) or self._handoffs.opening(turn, form.intent, form.text, desk)
        if call_at is not None:
            # The front office names number and hour, as it knows who is there then.
            opening = ""
        return Reply(replace(memory, form=None), [opening] if opening else [], outcomes=[handoff.outcome()])

    def _read_back(self, turn: Turn, form: FormState) -> str | None:
        """Say what was noted, where a mistake would make somebody wait at the wrong hour, phone or order."""
        known = {name: value for name, value in form.values.items() if value != NOT_KNOWN}
        if form.name == "appointment" and {"purpose", "when"} <= known.keys():
            return self._speech.phrase("appointment_noted", turn, purpose=known["purpose"], when=known["when"])
        if form.name == "callback" and {"phone", "call_time"} <= known.keys():
            return self._speech.phrase("callback_noted", turn, phone=known["phone"], when=known["call_time"])
        if form.name == "order" and known.get("order", "") in turn.memory.known.values():
            return self._speech.phrase("order_noted", turn, order=known["order"])
        return None
