"""Opening hours and address, told from `company.yml` and the present moment."""

from __future__ import annotations

from datetime import datetime, time

from actions import times
from actions.days import asked_days
from actions.handoffs import department_in
from actions.speech import Speech
from actions.turn import Turn
from bot.domain.hours import NeverOpen, OpeningHours


class Info:
    """Answers that need the calendar."""

    def __init__(self, speech: Speech) -> None:
        self._speech = speech

    def opening_hours(self, turn: Turn) -> str:
        """Return the hours of the day asked about, else today's and whether the door is open now; then the week.

        A department that is named has its own.
        """
        company = self._speech.company
        parts = self._asked(turn) or self._today(company.hours, turn)
        parts.append(self._speech.phrase("hours_week", turn, week=times.week(company.hours, turn.language)))
        named = department_in(turn, company)
        if named is not None and (own := company.department(named).hours) is not company.hours:
            label = self._speech.department(named, turn)
            week = times.week(own, turn.language)
            parts.append(self._speech.phrase("hours_department", turn, department=label, week=week))
        return "\n".join(parts)

    def _asked(self, turn: Turn) -> list[str]:
        """Return the hours of the day or the holidays that the question names; nothing when it names none."""
        now, hours = turn.facts.now, self._speech.company.hours
        asked = asked_days(turn.text, hours, now.astimezone(hours.zone).date()) if now is not None else None
        if asked is None:
            return []
        first, last = asked
        day = times.days(first, last, turn.language)
        if blocks := hours.blocks_on(first):
            return [self._speech.phrase("hours_day_open", turn, day=day, blocks=times.blocks(blocks, turn.language))]
        try:
            again = hours.next_opening(datetime.combine(last, time.max, hours.zone))
        except NeverOpen:
            return [self._speech.phrase("hours_day_closed", turn, day=day)]
        when = times.moment(again, None, hours.zone, turn.language)
        holiday = f" ({name})" if first == last and (name := hours.holidays.get(first)) else ""
        return [self._speech.phrase("hours_day_closed_until", turn, day=f"{day}{holiday}", when=when)]

    def address(self, turn: Turn) -> str:
        """Return the address, and whether it is worth setting out now."""
        state = self._state(self._speech.company.hours, turn)
        return " ".join([self._speech.answer("address", turn), *([state] if state else [])])

    def _today(self, hours: OpeningHours, turn: Turn) -> list[str]:
        now = turn.facts.now
        if now is None:
            return []
        day = hours.blocks_on(now.astimezone(hours.zone).date())
        holiday = hours.holiday(now)
        if holiday is not None:
            first = self._speech.phrase("hours_holiday", turn, holiday=holiday)
        elif day:
            first = self._speech.phrase("hours_today", turn, blocks=times.blocks(day, turn.language))
        else:
            first = self._speech.phrase("hours_closed_today", turn)
        state = self._state(hours, turn)
        return [f"{first} {state}" if state else first]

    def _state(self, hours: OpeningHours, turn: Turn) -> str:
        now = turn.facts.now
        if now is None:
            return ""
        closing = hours.next_closing(now) if hours.is_open(now) else None
        if closing is not None:
            return self._speech.phrase("hours_open_now", turn, when=self._say(closing, now, turn))
        try:
            opening = hours.next_opening(now)
        except NeverOpen:
            return ""
        if opening <= now:
            return ""
        return self._speech.phrase("hours_closed_now", turn, when=self._say(opening, now, turn))

    def _say(self, at: datetime, now: datetime, turn: Turn) -> str:
        return times.moment(at, now, self._speech.company.zone, turn.language)
