"""When to call back: from the customer's words to a moment at which somebody can call, or one question more."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from actions import times
from actions.facts import OpenCase
from actions.forms import NOT_KNOWN
from actions.lexicon import leads_with_yes, says_yes
from actions.memory import FormState
from actions.speech import Speech
from actions.turn import Turn
from bot.domain.call_moves import calls_off, moved_to
from bot.domain.call_times import Reading, Sense, asks_for_call, asks_the_hour, free_times, read_time
from bot.domain.hours import OpeningHours
from bot.domain.spoken_times import named_day

FIELD: Final = "call_time"
_READ, _AT, _DAY, _OFFERED, _ASKED = "read", "call_at", "day", "offered", "asked_again"
DESK: Final = "desk"
"""Note of the department whose case the call belongs to, where that is not the one that calls back by itself."""
_APPOINTMENTS: Final = frozenset({"appointment_book", "appointment_change"})
"""Topics of which a change of time may speak as well."""
_BREATH: Final = timedelta(minutes=20)
"""The soonest time that is offered, from now."""


class CallTimes:
    """Reads times for the form of a call-back. Without the present, words stay words."""

    def __init__(self, speech: Speech) -> None:
        self._speech = speech

    def read(self, turn: Turn, form: FormState) -> FormState:
        """Return the form with the moment that its words mean, once they are there; what is meant is asked but once."""
        words, now = form.values.get(FIELD), turn.facts.now
        if form.name != "callback" or now is None or words in (None, form.notes.get(_READ), NOT_KNOWN):
            return form
        reading = read_time(self._with_day(words or "", form, now), now, self._hours(form))
        noted = replace(form, notes={key: one for key, one in form.notes.items() if key != _AT}).noted(read=words or "")
        if reading.sense is Sense.CLEAR and reading.at is not None:
            return noted.noted(call_at=reading.at.isoformat())
        if form.notes.get(_ASKED, Sense.HOUR) != Sense.HOUR:
            return noted
        return self._to_ask(noted, reading, now)

    def at(self, form: FormState) -> datetime | None:
        """Return the moment that was understood."""
        found = form.notes.get(_AT)
        return datetime.fromisoformat(found) if found else None

    def question(self, turn: Turn, form: FormState) -> str | None:
        """Return what is asked about a time that will not do; None where nothing is."""
        kind, now, free = form.notes.get(_ASKED), turn.facts.now, self._free(form)
        if kind is None or now is None or FIELD in form.values:
            return None
        if kind not in ("closed", "over"):
            return self._speech.phrase("ask_call_hour" if kind == "hour" else "ask_call_time_again", turn)
        if not free:
            return self._speech.phrase("ask_call_time_again", turn)
        said = self._say(free[0], turn)
        if kind == "over":
            return self._speech.phrase("call_over", turn, free=said)
        asked = datetime.fromisoformat(form.notes["meant"])
        holiday = self._hours(form).holiday(asked)
        if holiday is not None:
            return self._speech.phrase("call_holiday", turn, asked=self._say(asked, turn), holiday=holiday, free=said)
        return self._speech.phrase("call_closed", turn, asked=self._say(asked, turn), free=said)

    def buttons(self, turn: Turn, form: FormState) -> list[str]:
        """Return the times that are offered; a button sends its title, which reads like any other time."""
        return [self._say(one, turn) for one in self._free(form)] if FIELD not in form.values else []

    def accepted(self, turn: Turn, form: FormState) -> FormState | None:
        """Take the yes to the first of the times that were offered."""
        free = self._free(form)
        if form.asked != FIELD or form.notes.get(_ASKED) not in ("closed", "over") or not free:
            return None
        agrees = says_yes(turn.text) or (turn.understood.intent == "affirm" and leads_with_yes(turn.text))
        return form.with_values({FIELD: self._say(free[0], turn)}) if agrees else None

    def moved(self, turn: Turn) -> tuple[OpenCase, Reading, datetime] | None:
        """Return the case whose call the customer wants at another time, that time, and the present."""
        case, now = _with_call(turn), turn.facts.now
        if case is None or case.call_at is None or now is None:
            return None
        if turn.memory.topic in _APPOINTMENTS and not asks_for_call(turn.text):
            return None
        reading = moved_to(turn.text, case.call_at, now, self._of(case.department))
        return (case, reading, now) if reading is not None else None

    def asked_about(self, turn: Turn) -> OpenCase | None:
        """Return the case of whose call the customer asks when it comes."""
        return _with_call(turn) if asks_the_hour(turn.text) else None

    def stands(self, turn: Turn) -> str | None:
        """Return the hour of a call that is still to come, as it is said."""
        case = _with_call(turn)
        return self._say(case.call_at, turn) if case is not None and case.call_at is not None else None

    def called_off(self, turn: Turn) -> OpenCase | None:
        """Return the case whose call the customer does not want any more."""
        return _with_call(turn) if calls_off(turn.text) else None

    def begin_again(self, case: OpenCase, reading: Reading, now: datetime) -> FormState:
        """Return the form that asks for another time of a call that was promised, as the one asked for will not do."""
        form = FormState("callback", "callback", {"phone": NOT_KNOWN}, notes={DESK: case.department})
        return self._to_ask(form, reading, now)

    def _to_ask(self, form: FormState, reading: Reading, now: datetime) -> FormState:
        """Return the form without its time, with what to ask about it and real times to choose from."""
        hours = self._hours(form)
        after = now + _BREATH
        if reading.day is not None and reading.day > now.astimezone(hours.zone).date():
            after = datetime.combine(reading.day, datetime.min.time(), hours.zone)
        elif reading.at is not None and reading.sense is Sense.CLOSED:
            after = max(after, reading.at)
        offered = " ".join(one.isoformat() for one in free_times(hours, after))
        kept = replace(form, values={name: one for name, one in form.values.items() if name != FIELD}, misses=0)
        kept = kept.noted(asked_again=reading.sense.value, offered=offered)
        if reading.at is not None:
            kept = kept.noted(meant=reading.at.isoformat())
        return kept.noted(day=reading.day.isoformat()) if reading.day is not None else kept

    def _free(self, form: FormState) -> list[datetime]:
        return [datetime.fromisoformat(one) for one in form.notes.get(_OFFERED, "").split()]

    def _with_day(self, words: str, form: FormState, now: datetime) -> str:
        """Return the words with the day that was said before, where they name none."""
        day = form.notes.get(_DAY)
        if day is None or named_day(words, now.astimezone(self._hours(form).zone).date()) is not None:
            return words
        return f"{words} {date.fromisoformat(day):%d/%m/%Y}"

    def _hours(self, form: FormState) -> OpeningHours:
        return self._of(form.notes.get(DESK) or self._speech.company.department_for(form.intent).id)

    def _of(self, department: str) -> OpeningHours:
        return self._speech.company.department_or_reception(department).hours

    def _say(self, at: datetime, turn: Turn) -> str:
        return times.moment(at, turn.facts.now, self._speech.company.zone, turn.language)


def _with_call(turn: Turn) -> OpenCase | None:
    return next((one for one in turn.facts.waiting_cases if one.call_at is not None), None)
