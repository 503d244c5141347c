"""The desk: what staff members do with cases. Every move is one transaction: state, floor, words, audit, feed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.cases import HOP_LIMIT, Case, CaseState
from bot.domain.company import MANAGEMENT, Company
from bot.domain.conversations import Conversation, Speaker
from bot.domain.errors import HeldByGuard, Invalid, NotPermitted, NotSeen, Unknown
from bot.domain.guard import check
from bot.domain.messages import Author, Direction, Media, Message
from bot.domain.promises import PromiseState, chosen_due, first_response_due
from bot.domain.staff import StaffMember, may_claim, may_see, require_held
from bot.domain.text import clean
from bot.services import texts
from bot.services.floors import pass_on
from bot.services.handoff import Handoff
from bot.services.ledger import Ledger
from bot.services.ports import Clock, NewMessage, Store, UnitOfWork
from bot.services.ports_cases import CaseFilter, CaseRow
from bot.services.voice import Sentence, Voice

REPLY_MAX = 5_000


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A case in the hands of a move: everything is locked and may be changed."""

    uow: UnitOfWork
    case: Case
    conversation: Conversation
    now: datetime


@dataclass(frozen=True, kw_only=True)
class CaseView:
    """A case as its page shows it. ``transcript`` holds the newest messages, oldest first, internal notes included."""

    case: Case
    conversation: Conversation
    transcript: Sequence[Message]
    due_at: datetime | None
    others: Sequence[Case]
    staff_names: dict[int, str]


class Desk:
    """Moves of staff members."""

    def __init__(
        self, *, store: Store, clock: Clock, company: Company, voice: Voice, handoff: Handoff, ledger: Ledger
    ) -> None:
        self._store = store
        self._clock = clock
        self._company = company
        self._voice = voice
        self._handoff = handoff
        self._ledger = ledger

    # --- reading ----------------------------------------------------------------------------------------------------

    async def listing(self, staff: StaffMember, wanted: CaseFilter) -> list[CaseRow]:
        """Return a page of the cases that the person may see."""
        async with self._store.read() as uow:
            return await uow.cases.listing(replace(wanted, visible_to=staff))

    async def counts(self, staff: StaffMember) -> dict[str, dict[str, int]]:
        """Count open cases by department and state as far as the person may see them."""
        async with self._store.read() as uow:
            return await uow.cases.counts(staff)

    async def view(self, staff: StaffMember, code: str, *, before: int | None = None, limit: int = 100) -> CaseView:
        """Return a case with its transcript. Raises `Unknown` also where the person may not see it."""
        async with self._store.read() as uow:
            case = await self._visible(uow, staff, code)
            promise = await uow.promises.open_of(case.id)
            others = await uow.cases.of_customer(case.customer_id)
            return CaseView(
                case=case,
                conversation=await uow.conversations.get(case.conversation_id),
                transcript=await uow.messages.history(
                    case.conversation_id, before=before, limit=limit, newest=True, internal=True
                ),
                due_at=promise.due_at if promise else None,
                others=[one for one in others if one.id != case.id and may_see(staff, one)],
                staff_names=await uow.staff.names(),
            )

    async def conversation_of(self, staff: StaffMember, code: str) -> Conversation:
        """Return the conversation of a case that the person may see. Raises `Unknown`."""
        async with self._store.read() as uow:
            case = await self._visible(uow, staff, code)
            return await uow.conversations.get(case.conversation_id)

    async def require_conversation(self, staff: StaffMember, conversation_id: int) -> None:
        """Let only those read a conversation who may see a case of it. Raises `Unknown`."""
        async with self._store.read() as uow:
            found = await uow.cases.of_conversation(conversation_id)
        if not any(may_see(staff, case) for case in found):
            raise Unknown(f"conversation {conversation_id}")

    # --- moves ------------------------------------------------------------------------------------------------------

    async def claim(self, staff: StaffMember, code: str) -> Case:
        """Take a waiting case and, if nobody else is speaking, the floor.

        Raises:
            AlreadyTaken: somebody was faster.
        """
        async with self._opened(staff, code) as at:
            if not may_claim(staff, at.case):
                raise NotPermitted(f"{staff.id} may not claim {code}")
            claimed = at.case.claimed(staff.id, at.now)
            if claimed == at.case:
                return claimed
            await self._come_on_duty(at, staff)
            await self._save(at, claimed, staff, "claim")
            await self._take_floor(at, staff, claimed)
            return claimed

    async def step_in(self, staff: StaffMember, code: str) -> Case:
        """Let a manager take a case from whoever has it, floor included."""
        async with self._opened(staff, code) as at:
            if not staff.leads:
                raise NotPermitted(f"{staff.id} does not lead")
            taken = at.case.stepped_into(staff.id, at.now)
            await self._come_on_duty(at, staff)
            await self._save(at, taken, staff, "step_in", former=at.case.owner_id)
            floor = at.conversation.floor.passed_to(staff.id)
            await at.uow.conversations.save_floor(at.conversation.id, floor)
            await self._introduce(at, staff, taken)
            return taken

    async def reply(
        self, staff: StaffMember, code: str, text: str, *, client_id: str | None = None, media: Sequence[Media] = ()
    ) -> Message:
        """Say something to the customer of a case one owns.

        The same ``client_id`` again gives the same message: a double click or a retry never speaks twice.

        Raises:
            NotPermitted: the case is not theirs.
            AlreadyTaken: a colleague is speaking with this customer.
            HeldByGuard: the sentence sends the customer away without a route.
        """
        said = checked_text(text, required=not media)
        self._guard(said)
        async with self._opened(staff, code) as at:
            require_held(staff, at.case)
            known = await self._said_before(at, client_id)
            if known is not None:
                return known
            await self._hold_floor(at, staff)
            sentence = Sentence(text=said, author=Author.STAFF, staff_id=staff.id, case_id=at.case.id, media=media)
            stored = await self._voice.say(at.uow, at.conversation, sentence, at.now, client_id=client_id)
            await self._replied(at, staff)
            return stored[0]

    async def note(self, staff: StaffMember, code: str, text: str, *, client_id: str | None = None) -> Message:
        """Write an internal note; the customer never sees it. The same ``client_id`` again gives the same note."""
        said = checked_text(text)
        async with self._opened(staff, code) as at:
            known = await self._said_before(at, client_id)
            return known or await self._add_note(at, staff, said, client_id=client_id)

    async def transfer(self, staff: StaffMember, code: str, department: str, note: str) -> Case:
        """Pass a case to another department's queue, tell the customer, and leave the receiver a note."""
        if department not in self._company.departments:
            raise Invalid("department", "Không có bộ phận này.")
        reason = checked_text(note)
        async with self._opened(staff, code) as at:
            if at.case.state is CaseState.ASSIGNED and not staff.leads:
                require_held(staff, at.case)
            day = at.now.astimezone(self._company.zone).date()
            # With its hops used up the case goes to management, wherever it was meant to go: never a dead end.
            target = MANAGEMENT if at.case.hops >= HOP_LIMIT else department
            number = await at.uow.cases.queue_number(target, day)
            if target == MANAGEMENT and at.case.department != MANAGEMENT:
                moved = at.case.escalated(target, number, day)
            else:
                moved = at.case.transferred(target, number, day)
            await self._save(at, moved, staff, "transfer", to=target)
            await self._add_note(at, staff, reason)
            due = first_response_due(self._company.department(target), moved.priority, at.now)
            await self._handoff.promise(at.uow, moved, due, at.now)
            language = at.conversation.language
            text = texts.transferred(
                department=self._company.department(target).label(language),
                code=moved.code,
                queue_number=number,
                due=self._handoff.say_moment(due, at.now, language),
                language=language,
            )
            await self._tell(at, moved, text)
            await pass_on(at.uow, at.conversation, at.case)
            return moved

    async def promise(self, staff: StaffMember, code: str, due_at: datetime) -> Case:
        """Give the customer of a case one owns a date."""
        async with self._opened(staff, code) as at:
            require_held(staff, at.case)
            due = chosen_due(due_at, at.now)
            await self._handoff.promise(at.uow, at.case, due, at.now)
            language = at.conversation.language
            said = self._handoff.say_moment(due, at.now, language)
            await self._tell(at, at.case, texts.promise_made(code=code, due=said, language=language))
            await self._save(at, at.case, staff, "promise", due_at=due.isoformat())
            return at.case

    async def resolve(self, staff: StaffMember, code: str, *, seen: int | None = None) -> Case:
        """End a case one owns; the floor goes to a colleague who holds another case here, else back to the bot.

        ``seen`` is the id of the newest message that the person had before their eyes.

        Raises:
            NotSeen: the customer has written since.
        """
        async with self._opened(staff, code) as at:
            require_held(staff, at.case)
            await self._require_seen(at, seen)
            done = at.case.resolved(at.now)
            await self._save(at, done, staff, "resolve")
            await self._handoff.settle(at.uow, done, PromiseState.KEPT, at.now)
            await self._tell(at, done, texts.resolved(code=done.code, language=at.conversation.language))
            await pass_on(at.uow, at.conversation, at.case)
            return done

    async def reopen(self, staff: StaffMember, code: str) -> Case:
        """Put a resolved case back into its department's queue, with a new promise to the customer."""
        async with self._opened(staff, code) as at:
            day = at.now.astimezone(self._company.zone).date()
            number = await at.uow.cases.queue_number(at.case.department, day)
            again = at.case.reopened(number, day)
            await self._save(at, again, staff, "reopen")
            department = self._company.department(again.department)
            due = first_response_due(department, again.priority, at.now)
            await self._handoff.promise(at.uow, again, due, at.now)
            language = at.conversation.language
            text = texts.reopened(
                code=code,
                department=department.label(language),
                due=self._handoff.say_moment(due, at.now, language),
                language=language,
            )
            await self._tell(at, again, text)
            return again

    # --- shared steps -------------------------------------------------------------------------------------------------

    @asynccontextmanager
    async def _opened(self, staff: StaffMember, code: str) -> AsyncIterator[Opened]:
        """Lock conversation, then case: always in this order, so that two moves never wait for each other."""
        async with self._store.begin() as uow:
            seen = await self._visible(uow, staff, code)
            conversation = await uow.conversations.get(seen.conversation_id, lock=True)
            case = await uow.cases.get(seen.id, lock=True)
            yield Opened(uow=uow, case=case, conversation=conversation, now=self._clock.now())

    async def _visible(self, uow: UnitOfWork, staff: StaffMember, code: str) -> Case:
        case = await uow.cases.by_code(code)
        if not may_see(staff, case):
            raise Unknown(f"case {code}")
        return case

    async def _save(self, at: Opened, case: Case, staff: StaffMember, action: str, **detail: object) -> None:
        if case != at.case:
            await at.uow.cases.save(case)
        await at.uow.audit.write(at.now, f"staff:{staff.id}", f"case.{action}", case.code, **detail)
        await self._handoff.announce(at.uow, case, action)

    async def _require_seen(self, at: Opened, seen: int | None) -> None:
        if seen is None:
            return
        newer = await at.uow.messages.history(at.conversation.id, after=seen, limit=20)
        if any(one.direction is Direction.INBOUND for one in newer):
            raise NotSeen(at.case.code)

    async def _come_on_duty(self, at: Opened, staff: StaffMember) -> None:
        """Whoever takes a case is on duty; the row is locked, so that going off at the same moment sees the case."""
        person = await at.uow.staff.get(staff.id, lock=True)
        if not person.on_duty:
            await at.uow.staff.set_duty(staff.id, on_duty=True)
            await at.uow.feed.publish("staff", None, {"staff_id": staff.id, "on_duty": True})

    async def _take_floor(self, at: Opened, staff: StaffMember, case: Case) -> None:
        floor = at.conversation.floor
        if floor.speaker is Speaker.STAFF and floor.staff_id != staff.id:
            return
        await at.uow.conversations.save_floor(at.conversation.id, floor.taken_by(staff.id))
        await self._introduce(at, staff, case)

    async def _hold_floor(self, at: Opened, staff: StaffMember) -> None:
        floor = at.conversation.floor.taken_by(staff.id)
        if floor != at.conversation.floor:
            await at.uow.conversations.save_floor(at.conversation.id, floor)

    async def _introduce(self, at: Opened, staff: StaffMember, case: Case) -> None:
        language = at.conversation.language
        label = self._company.department(case.department).label(language)
        text = texts.claimed(name=staff.name, department=label, code=case.code, language=language)
        await self._tell(at, case, text)

    async def _tell(self, at: Opened, case: Case, text: str) -> None:
        sentence = Sentence(text=text, author=Author.SYSTEM, case_id=case.id)
        await self._voice.say(at.uow, at.conversation, sentence, at.now)

    async def _said_before(self, at: Opened, client_id: str | None) -> Message | None:
        return await at.uow.messages.by_client_id(at.conversation.id, client_id) if client_id is not None else None

    async def _add_note(self, at: Opened, staff: StaffMember, text: str, *, client_id: str | None = None) -> Message:
        message = await at.uow.messages.add(
            NewMessage(
                conversation_id=at.conversation.id,
                direction=Direction.INTERNAL,
                author=Author.STAFF,
                text=text,
                staff_id=staff.id,
                case_id=at.case.id,
                client_id=client_id,
                created_at=at.now,
            )
        )
        await at.uow.feed.publish("message", at.conversation.id, {"message_id": message.id})
        return message

    async def _replied(self, at: Opened, staff: StaffMember) -> None:
        case = at.case.replied(at.now)
        await self._save(at, case, staff, "reply")
        await self._handoff.settle(at.uow, case, PromiseState.KEPT, at.now)
        await self._ledger.answered(at.uow, at.conversation.id, at.now)

    def _guard(self, text: str) -> None:
        verdict = check(text)
        if verdict.refusal and verdict.reason is not None:
            raise HeldByGuard(verdict.reason.explanation, verdict.matched)


def checked_text(text: str, *, required: bool = True) -> str:
    """Return what a staff member typed, fit to store. Raises `Invalid` when it is empty or too long."""
    said = clean(text)
    if required and not said:
        raise Invalid("text", "Nội dung đang trống.")
    if len(said) > REPLY_MAX:
        raise Invalid("text", f"Nội dung dài quá {REPLY_MAX} ký tự.")
    return said
