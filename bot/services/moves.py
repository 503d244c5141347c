"""What every move of a staff member on a case has in common: locks, words to the customer, audit, feed, floor."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.cases import Case
from bot.domain.company import Company
from bot.domain.conversations import Conversation, Speaker
from bot.domain.errors import HeldByGuard, NotPermitted, Unknown
from bot.domain.guard import check
from bot.domain.messages import Author, Button, Message
from bot.domain.promises import Dated, closed_at
from bot.domain.staff import StaffMember, may_see, own_desk
from bot.services import texts, texts_calls, texts_promises
from bot.services.attendance import Doorkeeper
from bot.services.case_news import announce
from bot.services.deadlines import Deadlines
from bot.services.duty import come_on_duty
from bot.services.handoff import Handoff
from bot.services.ledger import Ledger
from bot.services.notes import write_note
from bot.services.ports import Clock, Store, UnitOfWork
from bot.services.refusals import ClosedThen
from bot.services.sight import Sight
from bot.services.voice import Sentence, Voice


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A case in the hands of a move: everything is locked and may be changed, but where it was only `looked_at`."""

    uow: UnitOfWork
    case: Case
    conversation: Conversation
    now: datetime

    @property
    def language(self) -> str:
        """The language that the customer writes."""
        return self.conversation.language


class Moves:
    """The shared steps of moves. One move is one transaction."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        company: Company,
        voice: Voice,
        handoff: Handoff,
        ledger: Ledger,
        doorkeeper: Doorkeeper,
    ) -> None:
        self.store = store
        self.clock = clock
        self.company = company
        self.voice = voice
        self.handoff = handoff
        self.promises = handoff.promises
        self.ledger = ledger
        self.doorkeeper = doorkeeper
        self.deadlines = Deadlines(company)
        self.sight = Sight(company)

    @asynccontextmanager
    async def opened(self, staff: StaffMember, code: str) -> AsyncIterator[Opened]:
        """Open a case of the person's own desk.

        Raises:
            Unknown: it is not theirs to know of.
            NotPermitted: they may read it because they are being asked about it, and no more than that.
        """
        async with self.store.begin() as uow:
            seen = await uow.cases.by_code(code)
            await self._require_own(uow, staff, seen)
            at = await self.locked(uow, seen)
            # It may have gone to another desk while this move waited for the lock.
            await self._require_own(uow, staff, at.case)
            yield at

    async def _require_own(self, uow: UnitOfWork, staff: StaffMember, case: Case) -> None:
        if may_see(staff, case):
            return
        if await self.sight.reads(uow, staff, case):
            raise NotPermitted(f"case {case.code} is not of staff member {staff.id}'s desk")
        raise Unknown(f"case {case.code}")

    @asynccontextmanager
    async def looked_at(self, staff: StaffMember, code: str) -> AsyncIterator[Opened]:
        """Look at a case without locking or changing anything. Raises `Unknown`: it is not theirs to read."""
        async with self.store.read() as uow:
            case = await self.sight.case(uow, staff, code)
            conversation = await uow.conversations.get(case.conversation_id)
            yield Opened(uow=uow, case=case, conversation=conversation, now=self.clock.now())

    @asynccontextmanager
    async def opened_by_asked(self, staff: StaffMember, code: str) -> AsyncIterator[Opened]:
        """Open a case for somebody who was asked to take it, or raise `Unknown`."""
        async with self.store.begin() as uow:
            seen = await uow.cases.by_code(code)
            if not may_see(staff, seen) and not await self.sight.was_asked(uow, staff, seen):
                raise Unknown(f"case {code}")
            yield await self.locked(uow, seen)

    @asynccontextmanager
    async def opened_to_note(self, staff: StaffMember, code: str) -> AsyncIterator[Opened]:
        """Open a case for whoever takes part in it. Raises as `opened`."""
        async with self.store.begin() as uow:
            at = await self.locked(uow, await self.sight.case(uow, staff, code))
            if not await self.sight.takes_part(uow, staff, at.case):
                raise NotPermitted(f"case {code} is not of staff member {staff.id}'s desk")
            yield at

    async def locked(self, uow: UnitOfWork, seen: Case) -> Opened:
        """Lock conversation, then case: always in this order, so that two moves never wait for each other."""
        conversation = await uow.conversations.get(seen.conversation_id, lock=True)
        case = await uow.cases.get(seen.id, lock=True)
        return Opened(uow=uow, case=case, conversation=conversation, now=self.clock.now())

    async def save(self, at: Opened, case: Case, staff: StaffMember | None, action: str, **detail: object) -> Case:
        """Store a changed case, with its line of audit (``None``: the house moved it) and its word to the consoles.

        Its deadlines follow to another department and another priority, and their timer is set where they changed: what
        comes back is the case as it is stored.
        """
        if case != at.case:
            case = self.deadlines.follow(at.case, case, at.now)
            if case.sla != at.case.sla:
                case = await self.deadlines.watch(at.uow, case, at.now)
            await at.uow.cases.save(case)
        await self.audit(at, staff, f"case.{action}", **detail)
        await announce(at.uow, case, action)
        return case

    async def audit(self, at: Opened, staff: StaffMember | None, action: str, **detail: object) -> None:
        """Write down who did what with the case."""
        actor = f"staff:{staff.id}" if staff is not None else "house"
        await at.uow.audit.write(at.now, actor, action, at.case.code, **detail)

    async def notify(
        self,
        at: Opened,
        kind: str,
        *,
        people: Iterable[int | None] = (),
        departments: Iterable[str] = (),
        **data: object,
    ) -> None:
        """Tell the consoles of people who may not otherwise hear of this case, and of everybody who does."""
        addressed = {"staff_ids": sorted({one for one in people if one is not None}), "departments": list(departments)}
        await at.uow.feed.publish(kind, at.conversation.id, {"code": at.case.code, **data, **addressed})

    # --- words --------------------------------------------------------------------------------------------------------

    async def tell(self, at: Opened, case: Case, text: str, *, buttons: Sequence[Button] = ()) -> None:
        """Say something to the customer in the name of the house."""
        sentence = Sentence(text=text, author=Author.SYSTEM, case_id=case.id, buttons=buttons)
        await self.voice.say(at.uow, at.conversation, sentence, at.now)

    async def note(self, at: Opened, staff: StaffMember | None, text: str, *, client_id: str | None = None) -> Message:
        """Write an internal note into the transcript; ``None``: the house writes it."""
        by = staff.id if staff is not None else None
        return await write_note(at.uow, at.case, text, at.now, by=by, client_id=client_id)

    def label(self, department_id: str, language: str = "vi") -> str:
        """Return the name of a department, its id where `company.yml` has it no more."""
        return self.company.label(department_id, language)

    def moment(self, at: Opened, moment: datetime) -> str:
        """Say a moment to the customer."""
        return self.promises.say_moment(moment, at.now, at.language)

    def dated(self, at: Opened, dated: Dated) -> str:
        """Say to the customer when they hear from us: whether that is news, or stays, and what is off for it."""
        if dated.missed:
            return texts_calls.missed(at=self.moment(at, dated.promise.due_at), language=at.language)
        return texts_promises.dated(
            kind=dated.promise.kind,
            due=self.moment(at, dated.promise.due_at),
            language=at.language,
            stays=dated.stays,
            instead=self.promises.say_instead(dated.instead_of, dated.promise.due_at, at.now, at.language),
        )

    def closed_then(self, case: Case, due: datetime) -> tuple[bool, str | None]:
        """Tell whether the desk of a case is closed when a date falls due, and for which holiday."""
        desk = self.company.department_or_reception(case.department)
        closed = closed_at(desk, due)
        return closed, desk.hours.holiday(due) if closed else None

    def require_open(self, case: Case, due: datetime) -> None:
        """Raise `ClosedThen` for a date that falls due while the desk of a case is closed."""
        closed, holiday = self.closed_then(case, due)
        if closed:
            raise ClosedThen(f"Bộ phận đóng cửa lúc đó{f' ({holiday})' if holiday else ''}. Vẫn hẹn?")

    def day(self, now: datetime) -> date:
        """Return the day on which queue numbers are drawn."""
        return now.astimezone(self.company.zone).date()

    # --- people -------------------------------------------------------------------------------------------------------

    async def come_on_duty(self, at: Opened, staff: StaffMember) -> None:
        """Whoever takes a case is on duty; the row is locked, so that going off at the same moment sees the case."""
        await come_on_duty(at.uow, self.company, await at.uow.staff.get(staff.id, lock=True), at.now)

    async def take_floor(
        self, at: Opened, staff: StaffMember, case: Case, *, asked: bool = True, told: bool = True
    ) -> None:
        """Give the floor to whoever took a case, unless a colleague is speaking, and introduce them.

        ``asked`` is false where the house gave it to them: the customer is not told that they said yes. ``told`` is
        false where the customer need not hear of it, and nobody is troubled with a name who is owed nothing.
        """
        floor, speaker = at.conversation.floor, None
        if floor.speaker is Speaker.STAFF and floor.staff_id is not None and floor.staff_id != staff.id:
            speaker = await at.uow.staff.get(floor.staff_id)
        else:
            await at.uow.conversations.save_floor(at.conversation.id, floor.taken_by(staff.id))
        if told and not await self.promises.owes_nothing(at.uow, case):
            await self.introduce(at, staff, case, asked=asked, speaker=speaker)

    async def introduce(
        self,
        at: Opened,
        staff: StaffMember,
        case: Case,
        *,
        asked: bool = True,
        speaker: StaffMember | None = None,
    ) -> None:
        """Tell the customer who is with them now, or who has their case now without having been asked.

        ``speaker`` is the colleague who goes on speaking with them about another one.
        """
        label = self.label(own_desk(staff, case, self.company), at.language)
        promise = await at.uow.promises.open_of(case.id)
        held = promise is not None and promise.holds(at.now)
        dated = self.dated(at, Dated(promise=promise, stays=True)) if promise is not None and held else ""
        name, language = staff.called(at.language), at.language
        if speaker is not None:
            still = speaker.called(language)
            text = texts.looked_after(
                name=name, department=label, code=case.code, speaker=still, language=language, dated=dated
            )
        else:
            say = texts.claimed if asked else texts.given
            text = say(name=name, department=label, code=case.code, language=language, dated=dated)
        await self.tell(at, case, text)


def guarded(text: str) -> str:
    """Return a sentence that may go out to a customer. Raises `HeldByGuard` for one that sends them away."""
    verdict = check(text)
    if verdict.refusal and verdict.reason is not None:
        raise HeldByGuard(verdict.reason.explanation, verdict.matched)
    return text
