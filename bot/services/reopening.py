"""Opening a case again that ended too early: by whoever may see it, or because its customer says so."""

from __future__ import annotations

from datetime import datetime

from bot.domain.cases import Case
from bot.domain.company import Company
from bot.domain.copies import altered
from bot.domain.summaries import added_to
from bot.services import texts
from bot.services.case_news import announce
from bot.services.deadlines import Deadlines
from bot.services.ports import UnitOfWork
from bot.services.promise_book import PromiseBook
from bot.services.queue_numbers import queue_number
from bot.services.rousing import call_assigner


class Reopening:
    """Puts resolved cases back into their queue. Callers hold the locks of the conversation and of the case."""

    def __init__(self, company: Company, promises: PromiseBook) -> None:
        self._company = company
        self._promises = promises
        self._deadlines = Deadlines(company)

    async def reopen(
        self, uow: UnitOfWork, case: Case, now: datetime, *, by: str, said: str = "", language: str
    ) -> tuple[Case, str]:
        """Return the case as it waits anew, under a new promise, and what its customer is told.

        ``by`` is for the audit; ``said`` is what somebody adds to the summary.

        Raises:
            ForbiddenMove: it is open.
        """
        day = now.astimezone(self._company.zone).date()
        number = await queue_number(uow, case, case.department, day)
        again = self._deadlines.reopened(case.reopened(number, day, now), now)
        again = altered(again, summary=added_to(again.summary, said)) if said else again
        again = await self._deadlines.watch(uow, again, now)
        await uow.cases.save(again)
        await uow.audit.write(now, by, "case.reopen", case.code)
        await announce(uow, again, "reopen")
        due = self._promises.first_due(again, now)
        await self._promises.promise(uow, again, due, now)
        await call_assigner(uow)
        label = self._company.label(again.department, language)
        moment = self._promises.say_moment(due, now, language)
        return again, texts.reopened(code=case.code, department=label, due=moment, language=language)
