"""Calling customers at the hour they chose: promised by staff, made, or found nobody there."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.cases import Case
from bot.domain.promises import (
    CALL_GRACE,
    CALL_NEAR,
    Promise,
    PromiseKind,
    PromiseState,
    chosen_due,
    due_after,
    rounded_up,
)
from bot.domain.staff import StaffMember, require_held
from bot.domain.text import clean
from bot.domain.written import WORDS_MAX, checked_words
from bot.services import texts_calls
from bot.services.call_hours import CallHours
from bot.services.moves import Moves, Opened
from bot.services.refusals import NotNow

MOST_TRIES = 3
"""Calls that find nobody before the customer is asked for another hour."""

AGAIN_AFTER = 30
"""Open minutes until the next try, where nobody says another time."""


class NoCall(NotNow):
    """The case has no open promise of a call at that hour."""

    code = "no_call"


class NotYet(NotNow):
    """The hour of the call has not come."""

    code = "too_early"


class CallWritten(NotNow):
    """How the call went is written down already, and another hour than the one asked for stands."""

    code = "call_written"


class Calling:
    """Moves of staff members around a call; see `bot.services.moves` for what they have in common."""

    def __init__(self, moves: Moves) -> None:
        self._moves = moves
        self._call_hours = CallHours(moves.company)
        self._promises = moves.promises

    async def promise(self, staff: StaffMember, code: str, call_at: datetime, *, confirmed: bool = False) -> Case:
        """Promise the customer of a case one owns a call; the same hour again says nothing.

        Raises:
            NotPermitted: the case is not theirs.
            Invalid: the hour is over, or more than a year away.
            ClosedThen: nobody is there at that time, and that was not ``confirmed``.
        """
        async with self._moves.opened(staff, code) as at:
            require_held(staff, at.case)
            due = chosen_due(call_at, at.now)
            if at.case.call_at == due:
                return at.case
            if not confirmed:
                self._moves.require_open(at.case, due)
            said = self.said(at, at.case, due, await at.uow.promises.open_of(at.case.id))
            changed = await self._promises.appoint(at.uow, at.case, due, at.now)
            await self._moves.audit(at, staff, "case.call", call_at=due.isoformat())
            await self._moves.tell(at, changed, said)
            return changed

    async def called(
        self,
        staff: StaffMember,
        code: str,
        *,
        call_at: datetime,
        reached: bool,
        note: str = "",
        again_at: datetime | None = None,
        confirmed: bool = False,
    ) -> Case:
        """Write down how the call promised for ``call_at`` went; once more changes nothing. What was said is a note.

        A call that found nobody is promised again, at ``again_at`` or after half an open hour. After the third,
        where nobody says when, the customer is asked for another time, with an answer in writing promised meanwhile.

        Raises:
            NotPermitted: the case is not theirs.
            NoCall: no call is promised in it for that hour.
            NotYet: nobody was there, but the hour has not come.
            CallWritten: it was written down before, and the next call does not come at ``again_at``.
            Invalid: ``again_at`` may not be promised, or the note is too long.
            ClosedThen: nobody is there at ``again_at``, and that was not ``confirmed``.
        """
        said = checked_words("note", note, WORDS_MAX, "") if clean(note) else ""
        async with self._moves.opened(staff, code) as at:
            require_held(staff, at.case)
            promise = await self._promised(at, call_at)
            if promise is None:
                self._require_stands(at, None if reached else again_at)
                return at.case
            if reached:
                await self._write(at, staff, f"Đã gọi, gặp khách. {said}")
                return await self._reached(at, staff)
            self._require_hour(at, promise, CALL_GRACE)
            tries = promise.tries + 1
            enough = tries >= MOST_TRIES and again_at is None
            again = None if enough else await self._next_try(at, again_at, confirmed=confirmed)
            await self._write(at, staff, f"Đã gọi, chưa gặp khách. {said}")
            if again is None:
                return await self._given_up(at, staff, tries)
            return await self._missed(at, staff, tries, again)

    async def calling(self, staff: StaffMember, code: str, *, call_at: datetime) -> Case:
        """Note that its owner now makes the call promised for ``call_at``; once more changes nothing.

        For that call nobody takes the case from them, until it has lasted long (`CALL_TALK`) and they were reminded.

        Raises:
            NotPermitted: the case is not theirs.
            NoCall: no call is promised in it for that hour.
            NotYet: the hour is far.
        """
        async with self._moves.opened(staff, code) as at:
            require_held(staff, at.case)
            promise = await self._promised(at, call_at)
            if promise is None or promise.calling_since(at.case.claimed_at) is not None:
                return at.case
            self._require_hour(at, promise, CALL_NEAR)
            await at.uow.promises.save(promise.calling(at.now))
            return await self._moves.save(at, self._moves.deadlines.calling(at.case), staff, "calling")

    async def _promised(self, at: Opened, call_at: datetime) -> Promise | None:
        """Return the open promise of a call at an hour, or ``None`` where that call was made; else raise `NoCall`."""
        promise = await at.uow.promises.open_of(at.case.id)
        if promise is not None and (promise.kind, promise.due_at) == (PromiseKind.CALL, call_at):
            return promise
        if await at.uow.promises.called(at.case.id, call_at):
            return None
        raise NoCall("Phiếu này không còn cuộc hẹn gọi nào vào giờ đó.")

    def _require_stands(self, at: Opened, again_at: datetime | None) -> None:
        """Raise `CallWritten` where the next call of a case does not come at the hour asked for, if one was."""
        if again_at in (None, at.case.call_at):
            return
        stands = "khách chưa hẹn giờ gọi nào khác"
        if at.case.call_at is not None:
            stands = f"cuộc gọi tới hẹn lúc {self._promises.say_moment(at.case.call_at, at.now, 'vi')}"
        raise CallWritten(f"Cuộc gọi này đã được ghi lại rồi; {stands}. Muốn giờ khác, anh/chị hẹn gọi lại giúp.")

    def _require_hour(self, at: Opened, promise: Promise, before: timedelta) -> None:
        if at.now < promise.due_at - before:
            hour = self._promises.say_moment(promise.due_at, at.now, "vi")
            raise NotYet(f"Khách hẹn nghe máy lúc {hour}. Tới giờ đó anh/chị gọi rồi ghi lại giúp.")

    async def _write(self, at: Opened, staff: StaffMember, how: str) -> None:
        await self._moves.note(at, staff, how.strip())
        await self._promises.settle(at.uow, at.case, PromiseState.KEPT, at.now)

    async def _reached(self, at: Opened, staff: StaffMember) -> Case:
        deadlines = self._moves.deadlines
        case = deadlines.replied(deadlines.without_call(at.case.replied(at.now)), at.now)
        case = await self._moves.save(at, case, staff, "called", reached=True)
        await self._moves.ledger.answered(at.uow, at.conversation.id, at.now)
        return case

    async def _missed(self, at: Opened, staff: StaffMember, tries: int, due: datetime) -> Case:
        changed = await self._promises.appoint(at.uow, at.case, due, at.now, tries=tries)
        await self._moves.audit(at, staff, "case.called", reached=False, tries=tries, call_at=due.isoformat())
        text = texts_calls.not_reached(code=at.case.code, at=self._moves.moment(at, due), language=at.language)
        await self._moves.tell(at, changed, text)
        return changed

    async def _given_up(self, at: Opened, staff: StaffMember, tries: int) -> Case:
        """Wait for the customer to name another hour; a date for an answer in writing stands meanwhile."""
        deadlines = self._moves.deadlines
        case = deadlines.held(deadlines.without_call(at.case), at.now)
        case = await self._moves.save(at, case, staff, "called", reached=False, tries=tries)
        due = self._promises.first_due(case, at.now)
        # The tries stay with it: an hour that the customer names now is that of a call.
        await self._promises.promise(at.uow, case, due, at.now, tries=tries)
        text = texts_calls.given_up(code=case.code, tries=tries, due=self._moves.moment(at, due), language=at.language)
        await self._moves.tell(at, case, text)
        return case

    async def _next_try(self, at: Opened, chosen: datetime | None, *, confirmed: bool) -> datetime:
        if chosen is not None:
            due = chosen_due(chosen, at.now)
            if not confirmed:
                self._moves.require_open(at.case, due)
            return due
        due = rounded_up(due_after(self._promises.hours_of(at.case), at.now, AGAIN_AFTER))
        return await self._call_hours.soonest(at.uow, at.case.department, due, at.now)

    def said(self, at: Opened, case: Case, due: datetime, known: Promise | None) -> str:
        """Return what the customer hears of a call, in place of the date they hold (``known``)."""
        instead = self._promises.say_instead(known, due, at.now, at.language)
        phone, said = texts_calls.phone_of(case.collected), self._moves.moment(at, due)
        if case.call_at is not None:
            return texts_calls.moved(
                code=case.code, phone=phone, at=said, asked=None, language=at.language, instead=instead
            )
        return texts_calls.promised(
            code=case.code,
            department=self._moves.label(case.department, at.language),
            phone=phone,
            at=said,
            asked=None,
            language=at.language,
            instead=instead,
        )
