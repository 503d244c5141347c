"""Dates that a person gives a customer, and what an answer does to the one that is open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.cases import Case
from bot.domain.holding import minutes_asked, owes_more
from bot.domain.promises import Promise, PromiseKind, PromiseState, chosen_due
from bot.domain.staff import StaffMember, require_held
from bot.services import texts_promises
from bot.services.calling import Calling
from bot.services.moves import Moves, Opened
from bot.services.refusals import NotNow


@dataclass(frozen=True, kw_only=True)
class PromisePreview:
    """What a customer would read of a date. ``closed``: the department is, at that time; ``holiday`` says why."""

    said: str
    closed: bool
    holiday: str | None


class Promising:
    """Moves of whoever gives a customer a date, and keeps it."""

    def __init__(self, moves: Moves) -> None:
        self._moves = moves
        self._promises = moves.promises
        self._calling = Calling(moves)

    async def preview(self, staff: StaffMember, code: str, due_at: datetime, *, call: bool = False) -> PromisePreview:
        """Return what a date, or a ``call``, would mean, without giving it; nothing is locked. Raises as `promise`."""
        async with self._moves.looked_at(staff, code) as at:
            require_held(staff, at.case)
            due = chosen_due(due_at, at.now)
            closed, holiday = self._moves.closed_then(at.case, due)
            known = await at.uow.promises.open_of(at.case.id)
            said = self._calling.said(at, at.case, due, known) if call else self._said(at, due, known)
            return PromisePreview(said=said, closed=closed, holiday=holiday)

    async def promise(self, staff: StaffMember, code: str, due_at: datetime, *, confirmed: bool = False) -> Case:
        """Give the customer of a case one owns a date; the same date again says nothing.

        Raises:
            NotPermitted: the case is not theirs.
            Invalid: the date cannot be promised.
            ClosedThen: nobody is there at that time, and that was not ``confirmed``.
        """
        async with self._moves.opened(staff, code) as at:
            require_held(staff, at.case)
            due = chosen_due(due_at, at.now)
            known = await at.uow.promises.open_of(at.case.id)
            if known is not None and known.due_at == due and known.kind is PromiseKind.DATE:
                return at.case
            if not confirmed:
                self._moves.require_open(at.case, due)
            said = self._said(at, due, known)
            await self._promises.promise(at.uow, at.case, due, at.now, PromiseKind.DATE)
            await self._moves.tell(at, at.case, said)
            # It takes the place of a call as well; nothing is owed before it, until the customer writes again.
            deadlines = self._moves.deadlines
            case = deadlines.held(deadlines.without_call(at.case), at.now, dated=True)
            return await self._moves.save(at, case, staff, "promise", due_at=due.isoformat())

    async def kept(self, staff: StaffMember, code: str) -> Case:
        """Note that the customer has what a date was given for; what they wrote since is owed an answer all the same.

        Raises:
            NotPermitted: the case is not theirs.
            NotNow: no date that a person chose is open.
        """
        async with self._moves.opened(staff, code) as at:
            require_held(staff, at.case)
            promise = await at.uow.promises.open_of(at.case.id)
            if promise is None or promise.kind is not PromiseKind.DATE:
                raise NotNow("Phiếu không có lời hẹn nào đang mở để đánh dấu đã giữ.")
            await self._promises.settle(at.uow, at.case, PromiseState.KEPT, at.now)
            case = at.case
            if case.sla is not None and case.sla.owes_answer:
                await self._promises.next_answer(at.uow, case, at.now, silent=True)
            else:
                # Nothing else is owed: the next word is the customer's.
                case = self._moves.deadlines.replied(case.replied(at.now), at.now)
            return await self._moves.save(at, case, staff, "promise_kept", due_at=promise.due_at.isoformat())

    async def answered(self, at: Opened, text: str, *, keeps_promise: bool, owes: bool | None) -> Case:
        """Return the case as it is after its owner said something to the customer, and settle what that settles.

        A sentence that asks for time leaves an answer owed: its promise stays, or is made without a word, for the
        person has just said so, and the minutes that they ask for are all they have. With a date ahead that a person
        chose nothing is owed before that, until the customer writes again. Any other one keeps the date of the house. A
        date that the customer holds is kept by the answer that says so (``keeps_promise``). ``owes`` overrules what the
        sentence sounds like.
        """
        holding = owes if owes is not None else not keeps_promise and owes_more(text)
        case, deadlines = at.case.replied(at.now), self._moves.deadlines
        promise = await at.uow.promises.open_of(case.id)
        dated = promise is not None and promise.kind is PromiseKind.DATE and promise.holds(at.now)
        if holding:
            case = deadlines.held(case, at.now, dated=dated, minutes=minutes_asked(text))
        else:
            case = deadlines.replied(case, at.now)
        if promise is not None and promise.kind is PromiseKind.DATE and keeps_promise:
            await self._promises.settle(at.uow, case, PromiseState.KEPT, at.now)
        elif promise is not None and not holding:
            if promise.told:
                # Never before they took the case, also where the clock was put back since: see `Promise.kept_silently`.
                await at.uow.promises.save(promise.answered(max(at.now, at.case.claimed_at or at.now)))
            else:
                await self._promises.settle(at.uow, case, PromiseState.KEPT, at.now)
        if holding:
            await self._promises.next_answer(at.uow, case, at.now, silent=True)
        return case

    async def answered_outside(self, at: Opened, text: str) -> Case:
        """Store a case after somebody answered its customer in the channel's own application, and what that settles.

        It counts like an answer from the console, whoever of the house gave it.
        """
        case = await self.answered(at, text, keeps_promise=False, owes=None)
        return await self._moves.save(at, case, None, "reply_outside")

    def _said(self, at: Opened, due: datetime, known: Promise | None) -> str:
        return texts_promises.promise_made(
            code=at.case.code,
            due=self._moves.moment(at, due),
            language=at.language,
            instead=self._promises.say_instead(known, due, at.now, at.language),
        )
