"""Calls that customers want: promised for an hour at which somebody is there, moved, and called off."""

from __future__ import annotations

from datetime import datetime

from bot.domain.call_moves import asks_more, wants_writing
from bot.domain.cases import Case, CaseState
from bot.domain.company import Company
from bot.domain.conversations import Conversation
from bot.domain.promises import PromiseState
from bot.services import texts_calls
from bot.services.call_hours import Appointment, CallHours
from bot.services.case_news import announce
from bot.services.deadline_keeper import watch_later
from bot.services.deadlines import Deadlines
from bot.services.linking import case_ended, work_of
from bot.services.notes import write_note
from bot.services.offer_book import withdraw
from bot.services.ports import UnitOfWork
from bot.services.promise_book import PromiseBook
from bot.services.rousing import call_assigner

CALLBACK = "callback"
"""Reason of the cases that want nothing but a call."""


class Appointments:
    """Promises calls at the hours that customers choose, in the caller's transaction."""

    def __init__(self, company: Company, promises: PromiseBook) -> None:
        self._company = company
        self._promises = promises
        self._hours = CallHours(company)
        self._deadlines = Deadlines(company)

    async def call_at(
        self,
        uow: UnitOfWork,
        conversation: Conversation,
        case: Case,
        wanted: datetime,
        now: datetime,
        *,
        beside: bool,
    ) -> tuple[Case, str]:
        """Promise a call about a locked case, or move the one that was promised, as its customer asks.

        ``beside``: an answer was owed beside the call before they asked.
        Returns the case as stored, with the sentence for the customer; the very same case and nothing to say where the
        hour cannot be meant.
        """
        call = await self._hours.at(uow, case.department, wanted, now)
        if call is None:
            return case, ""
        if call.at == case.call_at:
            # Nothing moves: the hour is said once more, with what was asked for in vain.
            return case, self.said(conversation, case, call, now)
        known = await uow.promises.open_of(case.id)
        instead = self._promises.say_instead(known, call.at, now, conversation.language)
        changed = await self._promises.appoint(uow, case, call.at, now, beside=beside)
        await uow.audit.write(now, "bot", "case.call", case.code, call_at=call.at.isoformat())
        moved = case.call_at is not None
        return changed, self.said(conversation, changed, call, now, moved=moved, instead=instead)

    async def call_off(
        self, uow: UnitOfWork, conversation: Conversation, case: Case, now: datetime, *, owed: bool
    ) -> tuple[Case, str]:
        """Take the call off a locked case, as its customer wants none; return the stored case and what they hear.

        Where nothing else is ``owed``, and no colleague was asked for anything, no date is given any more: whoever has
        the case only has to close it, and one that nobody has ends with its call.
        """
        owed = owed or (await work_of(uow, case.id)).awaited
        ended = self._deadlines.without_call(case)
        ended = self._deadlines.customer_wrote(ended, now) if owed else self._deadlines.replied(ended, now)
        off = await self._promises.settle(uow, case, PromiseState.CANCELLED, now)
        await uow.audit.write(
            now, "customer", "case.call_off", case.code, call_at=case.call_at.isoformat() if case.call_at else None
        )
        over = not owed and case.state is CaseState.WAITING
        if over:
            ended = await self._over(uow, ended, now)
        else:
            await watch_later(uow, case.id)
        await uow.cases.save(ended)
        due = (await self._promises.next_answer(uow, ended, now)).due_at if owed else None
        await call_assigner(uow)
        await write_note(uow, ended, texts_calls.off_note(owed=owed, over=over), now)
        await announce(uow, ended, "resolve" if over else "call")
        language = conversation.language
        text = texts_calls.called_off(
            code=case.code,
            department=self._company.department_or_reception(case.department).label(language),
            at=self._promises.say_moment(off.due_at, now, language) if off is not None else None,
            due=self._promises.say_moment(due, now, language) if due is not None else None,
            language=language,
        )
        return ended, text

    async def _over(self, uow: UnitOfWork, case: Case, now: datetime) -> Case:
        """Return a waiting case as ended, with all that hangs on it; save what it returns."""
        await case_ended(uow, case, now)
        await withdraw(uow, case, now, "khách không cần gọi nữa")
        await uow.audit.write(now, "house", "case.resolve", case.code)
        return await self._deadlines.watch(uow, self._deadlines.resolved(case.called_off(now), now), now)

    def said(
        self,
        conversation: Conversation,
        case: Case,
        call: Appointment,
        now: datetime,
        *,
        moved: bool = False,
        instead: str = "",
    ) -> str:
        """Say to the customer when they are called, and ``instead`` of what."""
        language = conversation.language
        phone, at = texts_calls.phone_of(case.collected), self._promises.say_moment(call.at, now, language)
        asked = self._promises.say_moment(call.asked, now, language) if call.asked is not None else None
        if moved:
            return texts_calls.moved(
                code=case.code, phone=phone, at=at, asked=asked, language=language, instead=instead
            )
        department = self._company.department_or_reception(case.department).label(language)
        return texts_calls.promised(
            code=case.code,
            department=department,
            phone=phone,
            at=at,
            asked=asked,
            language=language,
            instead=instead,
        )


def owed_beside_call(case: Case, said: str) -> bool:
    """Tell whether something else than its call is owed to the customer of a case who ``said`` to call it off."""
    return case.reason != CALLBACK or case.owes_beside_call or wants_writing(said) or asks_more(said)
