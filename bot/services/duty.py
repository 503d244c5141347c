"""Duty: a person's own switch, and what they must know of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.cases import Case
from bot.domain.company import Company
from bot.domain.errors import DomainError, NotPermitted
from bot.domain.presence import Presence
from bot.domain.shifts import Absence, AbsenceKind, Roster
from bot.domain.staff import StaffMember
from bot.services.ports import Clock, QueueName, Store, UnitOfWork
from bot.services.presences import Whereabouts, look_at, roster_of, seen, turned_at
from bot.services.refusals import NotNow

WARNING = "shift_warning"
LEAVING = "leaving"
REQUEST_LEFT = "request_left"
WARN_BEFORE = timedelta(minutes=10)


class HoldsOpenCases(DomainError):
    """The person still owns open cases; ``codes`` names them. Pass them on or resolve them first."""

    code = "holds_open_cases"

    def __init__(self, codes: list[str]) -> None:
        super().__init__(", ".join(codes))
        self.codes = codes


@dataclass(frozen=True, kw_only=True)
class DutyView:
    """What a person must know of their own duty.

    ``shift_ends_at`` is None outside of shifts. ``leaving``: a colleague was asked to take every case that is left.
    """

    seen: Whereabouts
    shift_ends_at: datetime | None
    next_shift_at: datetime | None
    overtime: bool
    absence: Absence | None
    holds: list[str]
    leaving: bool


class Duty:
    """Comes on duty and goes off."""

    def __init__(self, *, store: Store, clock: Clock, company: Company) -> None:
        self._store = store
        self._clock = clock
        self._company = company

    async def view(self, staff: StaffMember) -> DutyView:
        """Return the person's duty as it is now."""
        now = self._clock.now()
        async with self._store.read() as uow:
            person = await uow.staff.get(staff.id)
            roster = await roster_of(uow, self._company, now, staff_id=person.id)
            held = await uow.cases.held_by(person.id)
            leaving = await all_asked(uow, person.id, held)
            factor = await uow.staff.second_factor(person.id)
        coded = factor is not None and factor.confirmed
        found = replace(seen(self._company, roster, [person], now)[0], second_factor=coded)
        absent = roster.absent(person.id, now)
        return DutyView(
            seen=found,
            shift_ends_at=roster.shift_end(person.id, now),
            next_shift_at=roster.next_start(person.id, now),
            overtime=_overtime(found, roster, now),
            absence=absent[0] if absent else None,
            holds=[case.code for case in held],
            leaving=leaving,
        )

    async def switch(self, staff: StaffMember, *, on_duty: bool) -> StaffMember:
        """Turn the person's switch.

        Raises:
            HoldsOpenCases: they own open cases; nobody goes off duty owning one (DESIGN section 1).
        """
        now = self._clock.now()
        async with self._store.begin() as uow:
            # Locked first: a claim at the same moment comes either before the look or after the change.
            person = await uow.staff.get(staff.id, lock=True)
            if on_duty:
                await come_on_duty(uow, self._company, person, now)
            else:
                await go_off_duty(uow, person, now)
            return await uow.staff.get(staff.id)


async def come_on_duty(uow: UnitOfWork, company: Company, person: StaffMember, now: datetime) -> None:
    """Turn the switch of a locked person on, and watch over the end of their shift; nothing where it is on already.

    Raises:
        NotPermitted: the account was switched off.
        NotNow: the person is on leave.
    """
    if not person.active:
        raise NotPermitted(f"staff member {person.id} is switched off")
    roster = await roster_of(uow, company, now, staff_id=person.id)
    if any(one.kind is AbsenceKind.LEAVE for one in roster.absent(person.id, now)):
        raise NotNow("Anh/chị đang nghỉ phép. Kết thúc nghỉ phép trước rồi vào ca.")
    presence = seen(company, roster, [person], now)[0].presence
    if person.on_duty and presence is not Presence.OFF:
        await uow.staff.touch(person.id, now)
        if presence is Presence.ON_BREAK:
            await back_from_break(uow, roster, person.id, now)
        return
    if person.on_duty:
        # Left on after a shift that is over: turned again it is overtime.
        await uow.staff.set_duty(person.id, on_duty=False, at=now)
    await uow.staff.set_duty(person.id, on_duty=True, at=now)
    await watch_shift(uow, roster, person, now)
    await uow.audit.write(now, f"staff:{person.id}", "duty", f"staff:{person.id}", on_duty=True)
    await look_at(uow, person.id, watch=True)


async def back_from_break(uow: UnitOfWork, roster: Roster, staff_id: int, now: datetime) -> None:
    """End the break of a person who works again, and tell their console that it is over."""
    for one in roster.absent(staff_id, now):
        if one.kind is AbsenceKind.BREAK:
            await end_absence(uow, one, staff_id, now)
            await uow.feed.publish("break_over", None, {"staff_ids": [staff_id]})


async def end_absence(uow: UnitOfWork, absence: Absence, by: int, now: datetime) -> Absence:
    """End a break or leave now, its timer with it; the house looks who is there."""
    if absence.timer_id is not None:
        await uow.queues.finish(QueueName.TIMERS, absence.timer_id)
    over = replace(absence.ended(now), timer_id=None)
    await uow.rosters.save_absence(over)
    await uow.audit.write(now, f"staff:{by}", f"{absence.kind}.end", f"staff:{absence.staff_id}", absence=absence.id)
    await look_at(uow, absence.staff_id)
    return over


async def go_off_duty(uow: UnitOfWork, person: StaffMember, now: datetime, *, by: str | None = None) -> None:
    """Turn the switch of a locked person off; ``by`` is the house where it does so.

    Raises:
        HoldsOpenCases: they own open cases.
    """
    held = await uow.cases.held_by(person.id)
    if held:
        raise HoldsOpenCases([case.code for case in held])
    await uow.staff.set_duty(person.id, on_duty=False, at=now)
    await uow.audit.write(now, by or f"staff:{person.id}", "duty", f"staff:{person.id}", on_duty=False)
    await leave_requests(uow, person.id)
    await look_at(uow, person.id)


async def leave_requests(uow: UnitOfWork, staff_id: int) -> None:
    """Have what a person took of their department's work put back for their colleagues, after this transaction."""
    for one in await uow.requests.unsettled_by(staff_id):
        body = {"kind": REQUEST_LEFT, "request_id": one.id, "staff_id": staff_id}
        await uow.queues.post(QueueName.TIMERS, body)


async def all_asked(uow: UnitOfWork, staff_id: int, held: Sequence[Case]) -> bool:
    """Tell whether a person holds cases, and has asked a colleague to take over each of them for the end of a shift."""
    if not held:
        return False
    asked = {one.case_id for one in await uow.transfers.outgoing(staff_id) if one.leaving}
    return all(case.id in asked for case in held)


def leaving_mark(person: StaffMember) -> dict[str, object]:
    """Return the timer that looks whether a person who is leaving can go now."""
    return {"kind": LEAVING, "staff_id": person.id, "since": turned_at(person)}


async def watch_shift(uow: UnitOfWork, roster: Roster, person: StaffMember, now: datetime) -> None:
    """Set the timer that warns of the end of the shift that a person is in, or that is theirs next."""
    end = watched_end(roster, person.id, now)
    if end is not None:
        await set_shift_timer(uow, person, WARNING, end, max(end - WARN_BEFORE, now))


async def set_shift_timer(
    uow: UnitOfWork, person: StaffMember, kind: str, end: datetime, at: datetime, *, overtime: bool = False
) -> None:
    """Set the one timer that watches over the end of the shift of a locked person, in place of the last one."""
    if person.shift_timer_id is not None:
        await uow.queues.finish(QueueName.TIMERS, person.shift_timer_id)
    body = {"kind": kind, "staff_id": person.id, "end_at": end.isoformat(), "overtime": overtime}
    await uow.staff.save_shift_timer(person.id, await uow.queues.set_timer(body, at))


def watched_end(roster: Roster, staff_id: int, now: datetime) -> datetime | None:
    """Return when the shift that a person is in ends, or else their next one: the switch may stay on until then."""
    if (end := roster.shift_end(staff_id, now)) is not None:
        return end
    start = roster.next_start(staff_id, now)
    return roster.shift_end(staff_id, start) if start is not None else None


def _overtime(found: Whereabouts, roster: Roster, now: datetime) -> bool:
    planned = found.flexible or roster.rostered(found.person.id, now)
    return found.presence is not Presence.OFF and not planned
