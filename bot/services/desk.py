"""The desk: what staff members do with cases. Every move is one transaction: state, floor, words, audit, feed.

Giving a case away is in `transferring`, asking colleagues in `requesting`, asking for a decision in `approving`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.cases import Case
from bot.domain.conversations import Conversation, Speaker
from bot.domain.errors import AlreadyTaken, NotPermitted, NotSeen, Unknown
from bot.domain.linked_work import LinkedWork
from bot.domain.messages import Author, Media, Message
from bot.domain.staff import StaffMember, may_claim, require_held
from bot.domain.text import clean
from bot.domain.written import checked_words
from bot.services import texts
from bot.services.feedback import Feedback
from bot.services.floors import pass_on
from bot.services.linking import case_ended, owner_changed, work_of
from bot.services.moves import Moves, Opened, guarded
from bot.services.offer_book import withdraw
from bot.services.ports import UnitOfWork
from bot.services.ports_cases import CaseFilter, CaseRow, QueueLook
from bot.services.promising import Promising
from bot.services.refusals import OpenWork, Unanswered
from bot.services.rousing import call_assigner
from bot.services.voice import Sentence

REPLY_MAX = 5_000


class Desk:
    """Moves of staff members."""

    def __init__(self, moves: Moves) -> None:
        self._moves = moves
        self._store = moves.store
        self._company = moves.company
        self._promises = moves.promises
        self._promising = Promising(moves)
        self._feedback = Feedback(company=moves.company, handoff=moves.handoff)

    # --- reading ----------------------------------------------------------------------------------------------------

    async def listing(self, staff: StaffMember, wanted: CaseFilter) -> list[CaseRow]:
        """Return a page of the cases that the person may see; those that they brought somebody into are among them."""
        visible_to = staff if wanted.introduced_by != staff.id else None
        async with self._store.read() as uow:
            rows = await uow.cases.listing(replace(wanted, visible_to=visible_to))
            return [await self._with_call(uow, row) for row in rows]

    async def _with_call(self, uow: UnitOfWork, row: CaseRow) -> CaseRow:
        """Return a row with the call that its owner makes: only one whose hour is near has to be looked for."""
        if row.case.owner_id is None or not row.case.call_near(self._moves.clock.now()):
            return row
        promise = await uow.promises.open_of(row.case.id)
        return replace(row, calling_at=promise.calling_since(row.case.claimed_at)) if promise is not None else row

    async def queues(self, staff: StaffMember) -> dict[str, QueueLook]:
        """Return how the queues stand, as far as the person may see their cases."""
        async with self._store.read() as uow:
            return await uow.cases.queues(staff, self._moves.clock.now())

    async def require_held(self, staff: StaffMember, code: str) -> Conversation:
        """Return the conversation of an open case that the person owns. Raises `Unknown`, and as `require_held`."""
        async with self._store.read() as uow:
            case = await self._moves.sight.case(uow, staff, code)
            require_held(staff, case)
            return await uow.conversations.get(case.conversation_id)

    async def require_conversation(self, staff: StaffMember, conversation_id: int) -> None:
        """Let only those read a conversation who may read a case of it. Raises `Unknown`."""
        async with self._store.read() as uow:
            for case in await uow.cases.of_conversation(conversation_id):
                if await self._moves.sight.reads(uow, staff, case):
                    return
        raise Unknown(f"conversation {conversation_id}")

    # --- taking -----------------------------------------------------------------------------------------------------

    async def claim(self, staff: StaffMember, code: str) -> Case:
        """Take a waiting case and, if nobody else is speaking, the floor.

        Raises:
            AlreadyTaken: somebody was faster.
        """
        async with self._moves.opened(staff, code) as at:
            if not may_claim(staff, at.case):
                raise NotPermitted(f"{staff.id} may not claim {code}")
            claimed = at.case.claimed(staff.id, at.now)
            if claimed == at.case:
                return claimed
            await withdraw(at.uow, at.case, at.now)
            await self._moves.come_on_duty(at, staff)
            claimed = await self._moves.save(at, claimed, staff, "claim")
            await self._moves.take_floor(at, staff, claimed)
            return claimed

    async def step_in(self, staff: StaffMember, code: str) -> Case:
        """Let a manager take a case from whoever has it, floor included; one's own stays as it is."""
        async with self._moves.opened(staff, code) as at:
            if not staff.leads:
                raise NotPermitted(f"{staff.id} does not lead")
            if at.case.open and at.case.owner_id == staff.id:
                return at.case
            taken = at.case.stepped_into(staff.id, at.now)
            await self._moves.come_on_duty(at, staff)
            await withdraw(at.uow, at.case, at.now)
            await owner_changed(at.uow, at.case, at.now)
            taken = await self._moves.save(at, taken, staff, "step_in", former=at.case.owner_id)
            floor = at.conversation.floor.passed_to(staff.id)
            await at.uow.conversations.save_floor(at.conversation.id, floor)
            await self._moves.introduce(at, staff, taken)
            return taken

    # --- speaking ---------------------------------------------------------------------------------------------------

    async def reply(
        self,
        staff: StaffMember,
        code: str,
        text: str,
        *,
        client_id: str | None = None,
        media: Sequence[Media] = (),
        keeps_promise: bool = False,
        owes: bool | None = None,
    ) -> Message:
        """Say something to the customer of a case one owns.

        The same ``client_id`` again gives the same message: a double click or a retry never speaks twice.
        ``keeps_promise`` and ``owes`` as in `Promising.answered`.

        Raises:
            NotPermitted: the case is not theirs.
            AlreadyTaken: a colleague is speaking with this customer.
            HeldByGuard: the sentence sends the customer away without a route.
        """
        said = clean(text)
        if said or not media:
            said = guarded(checked_text(said))
        async with self._moves.opened(staff, code) as at:
            require_held(staff, at.case)
            known = await self._said_before(at, client_id)
            if known is not None:
                return known
            await self._hold_floor(at, staff)
            sentence = Sentence(text=said, author=Author.STAFF, staff_id=staff.id, case_id=at.case.id, media=media)
            stored = await self._moves.voice.say(at.uow, at.conversation, sentence, at.now, client_id=client_id)
            case = await self._promising.answered(at, said, keeps_promise=keeps_promise, owes=owes)
            await self._moves.save(at, case, staff, "reply")
            await self._moves.ledger.answered(at.uow, at.conversation.id, at.now)
            return stored[0]

    async def note(self, staff: StaffMember, code: str, text: str, *, client_id: str | None = None) -> Message:
        """Write an internal note; the customer never sees it. The same ``client_id`` again gives the same note."""
        said = checked_text(text)
        async with self._moves.opened_to_note(staff, code) as at:
            known = await self._said_before(at, client_id)
            return known or await self._moves.note(at, staff, said, client_id=client_id)

    # --- ending -----------------------------------------------------------------------------------------------------

    async def resolve(
        self,
        staff: StaffMember,
        code: str,
        *,
        seen: int | None = None,
        drop_open: bool = False,
        unanswered: bool = False,
    ) -> Case:
        """End a case one owns; the floor goes to a colleague who holds another case here, else back to the bot.

        ``seen`` is the id of the newest message that the person had before their eyes. ``drop_open`` lets requests and
        approvals go that still wait; an asked transfer always goes. ``unanswered`` ends also a case in which no person
        has said a word to the customer, or only asked them for time; none is owed to whoever took the matter off.

        Raises:
            NotSeen: the customer has written since.
            OpenWork: something still waits and was not let go.
            Unanswered: nobody has answered the customer, and that was not meant.
        """
        async with self._moves.opened(staff, code) as at:
            require_held(staff, at.case)
            await self._require_seen(at, seen)
            if not drop_open:
                _require_nothing_open(await work_of(at.uow, at.case.id))
            if at.case.owes_word and not unanswered:
                raise Unanswered("Khách trong phiếu này chưa có câu trả lời. Vẫn hoàn tất?")
            done = self._moves.deadlines.resolved(at.case.resolved(at.now), at.now)
            await case_ended(at.uow, at.case, at.now)
            done = await self._moves.save(at, done, staff, "resolve")
            await self._promises.end(at.uow, done, at.now)
            conversation = await pass_on(at.uow, at.conversation, at.case)
            await self._tell_done(at, done, await self._done_said(at, done, conversation))
            await call_assigner(at.uow)
            return done

    async def reopen(self, staff: StaffMember, code: str) -> Case:
        """Put a resolved case back into its department's queue, with a new promise to the customer."""
        async with self._moves.opened(staff, code) as at:
            reopening = self._moves.handoff.reopening
            again, said = await reopening.reopen(at.uow, at.case, at.now, by=f"staff:{staff.id}", language=at.language)
            await self._moves.tell(at, again, said)
            return again

    # --- steps ------------------------------------------------------------------------------------------------------

    async def _require_seen(self, at: Opened, seen: int | None) -> None:
        if seen is not None and await at.uow.messages.wrote_since(at.conversation.id, seen):
            raise NotSeen(at.case.code)

    async def _hold_floor(self, at: Opened, staff: StaffMember) -> None:
        held = at.conversation.floor
        if held.speaker is Speaker.STAFF and held.staff_id is not None and held.staff_id != staff.id:
            raise await self._speaking(at, held.staff_id)
        floor = held.taken_by(staff.id)
        if floor != held:
            await at.uow.conversations.save_floor(at.conversation.id, floor)

    async def _speaking(self, at: Opened, speaker_id: int) -> AlreadyTaken:
        """Say who speaks with the customer, about which case, and what can be done meanwhile."""
        speaker = await at.uow.staff.get(speaker_id)
        held = await at.uow.cases.assigned_in(at.conversation.id, speaker_id)
        codes = ", ".join(one.code for one in held)
        about = f" ({codes})" if codes else ""
        way = f", hoặc nhờ {speaker.name} chuyển {codes} cho anh/chị" if codes else ""
        return AlreadyTaken(
            speaker_id,
            f"{speaker.name} đang trò chuyện với khách này{about}. "
            f"Anh/chị ghi chú nội bộ để {speaker.name} nhắn khách giúp{way}.",
        )

    async def _tell_done(self, at: Opened, done: Case, said: str) -> None:
        """Tell the customer that their case is done, and ask how it went where that is asked."""
        question = await self._feedback.question(at.uow, done, at.language, at.now)
        if question is None:
            await self._moves.tell(at, done, said)
        else:
            buttons = self._feedback.choices(at.language)
            await self._moves.tell(at, done, f"{said}\n{question}", buttons=buttons)

    async def _done_said(self, at: Opened, done: Case, after: Conversation) -> str:
        """Say that a case is done, and who speaks now: nobody says that the bot is back while a person speaks."""
        if after.floor.speaker is not Speaker.STAFF or after.floor.staff_id is None:
            return texts.resolved(code=done.code, language=at.language)
        speaker = (await at.uow.staff.get(after.floor.staff_id)).called(at.language)
        return texts.resolved_beside(code=done.code, speaker=speaker, language=at.language)

    async def _said_before(self, at: Opened, client_id: str | None) -> Message | None:
        return await at.uow.messages.by_client_id(at.conversation.id, client_id) if client_id is not None else None


def _require_nothing_open(work: LinkedWork) -> None:
    requests = sum(one.open for one in work.requests)
    approvals = sum(one.open for one in work.approvals)
    waiting = [
        *([f"{requests} yêu cầu nội bộ"] if requests else []),
        *([f"{approvals} phê duyệt"] if approvals else []),
    ]
    if waiting:
        what = " và ".join(waiting)
        raise OpenWork(f"Phiếu còn {what} đang chờ. Chờ kết quả, hoặc hoàn tất và huỷ luôn phần đang chờ.")


def checked_text(text: str) -> str:
    """Return what a staff member typed, fit to store. Raises `Invalid` when it is empty or too long."""
    return checked_words("text", text, REPLY_MAX, "Nội dung đang trống.")
