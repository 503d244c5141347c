"""Cases that the house gives to somebody who leads, in person: who does not react loses them to the next one."""

from __future__ import annotations

from datetime import datetime

from bot.domain.cases import Case, CaseState
from bot.domain.offers import OfferState
from bot.domain.staff import StaffMember
from bot.services.floors import pass_on
from bot.services.linking import owner_changed
from bot.services.moves import Moves, Opened
from bot.services.ports import QueueItem, QueueName, UnitOfWork
from bot.services.rousing import call_assigner
from bot.services.timers import not_before

GIVEN = "given"
"""The kind of the timers that look whether somebody reacted."""

_GIVEN_TO = "assign"
_GIVING = f"case.{_GIVEN_TO}"
"""How the audit names it."""

SILENT = "được giao mà chưa phản hồi"
"""Why a case went on to the next who leads, as the offer says that stands for it."""


class Giving:
    """Gives cases in person, and looks whether that person does anything with them."""

    def __init__(self, moves: Moves) -> None:
        self._moves = moves

    async def give(self, at: Opened, person: StaffMember, step: str) -> None:
        """Put a locked case into the hands of a locked person; the customer hears of the first one, and no more."""
        moves, uow = self._moves, at.uow
        taken = at.case.claimed(person.id, at.now)
        await moves.come_on_duty(at, person)
        await moves.save(at, taken, person, _GIVEN_TO, step=step)
        await moves.take_floor(at, person, taken, asked=False, told=not await self._passed_on(at))
        body = {"kind": GIVEN, "case_id": taken.id, "staff_id": person.id, "since": at.now.isoformat()}
        await uow.queues.set_timer(body, at.now + moves.company.assignment.offer_time(taken.priority))

    async def looked(self, staff: StaffMember, case: Case) -> None:
        """Note that whoever was given a case a moment ago has it before their eyes: that is a reaction."""
        now = self._moves.clock.now()
        if case.owner_id != staff.id or case.claimed_at is None:
            return
        if case.tries < self._moves.company.assignment.offers_before_manager:
            return
        if now - case.claimed_at <= self._moves.company.assignment.offer_time(case.priority):
            async with self._moves.store.begin() as uow:
                await uow.audit.write(now, f"staff:{staff.id}", "case.look", case.code)

    async def due(self, item: QueueItem) -> datetime | None:
        """Pass a case on of which its owner has taken no notice, if anybody else who leads is on duty."""
        since = datetime.fromisoformat(item.body["since"])
        async with self._moves.store.begin() as uow:
            at = await self._moves.locked(uow, await uow.cases.get(int(item.body["case_id"])))
            moment = since + self._moves.company.assignment.offer_time(at.case.priority)
            if again := await not_before(uow, item, moment, at.now):
                return again
            if not await uow.queues.finish(QueueName.TIMERS, item.id):
                return None
            theirs = at.case.state is CaseState.ASSIGNED and at.case.owner_id == item.body["staff_id"]
            if theirs and at.case.claimed_at == since and await self._unnoticed(uow, at.case):
                await self._pass_on(at)
        return None

    async def _unnoticed(self, uow: UnitOfWork, case: Case) -> bool:
        """Tell whether the owner did nothing, and somebody else who leads is there who has not let it lie before."""
        if await uow.audit.acted(f"staff:{case.owner_id}", case.code, since=_GIVING):
            return False
        there = await self._moves.doorkeeper.look(uow, self._moves.clock.now())
        before = (await uow.offers.refusals([case.id])).get(case.id, frozenset()) | {case.owner_id}
        return any(one.leads and one.id not in before for one in there.on_duty)

    async def _pass_on(self, at: Opened) -> None:
        """Have the case wait as it did before, with its date and without a word to the customer."""
        uow, owner = at.uow, at.case.owner_id or 0
        await owner_changed(uow, at.case, at.now)
        await self._moves.save(at, at.case.unclaimed(), None, "unnoticed", former=owner)
        past = await uow.offers.add(at.case.id, owner, at.now, at.now)
        await uow.offers.save(past.settled(OfferState.EXPIRED, at.now, SILENT))
        await pass_on(uow, at.conversation, at.case)
        await call_assigner(uow)

    async def _passed_on(self, at: Opened) -> bool:
        past = await at.uow.offers.of_case(at.case.id)
        return any(one.reason == SILENT and one.made_at >= at.case.waits_from for one in past)
