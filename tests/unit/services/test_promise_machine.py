"""A case under any order of moves, by people who come and go: the law of the house holds after every one.

A date that the customer was told stays until it is kept, replaced, or the case ends.
"""

from __future__ import annotations

from collections.abc import Coroutine
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.adapters.memory.data import FeedEvent
from bot.domain.arrivals import Arrival, CustomerMessage
from bot.domain.cases import Case, CaseState
from bot.domain.company import RECEPTION, RoleId
from bot.domain.errors import DomainError
from bot.domain.messages import Author, Channel, Direction, MessageKind
from bot.domain.promises import Promise, PromiseKind, PromiseState, watched_at
from bot.domain.shift_ends import Line, To
from bot.domain.staff import StaffMember
from bot.domain.transfers import TransferKind
from bot.services.absences import Wish
from bot.services.handoff import Need
from bot.services.ports import QueueName
from bot.services.ports_engine import EngineAnswer, EngineRequest, Ranked, Reply
from bot.simulation.agenda import Agenda, run
from bot.simulation.house import House
from bot.simulation.laws import Laws
from tests.unit.services.virtual_house import NINE, NothingLost, always_open

HOLDING, ANSWER = "Dạ anh chờ em 5 phút ạ", "Dạ hoá đơn em gửi anh rồi ạ"
SAID_AGAIN = ("hẹn trả lời", "xin hẹn")
people = st.sampled_from(["Lan", "Tâm", "Sơn"])
owners = st.sampled_from(["", "", "", "", "Lan", "Tâm", "Sơn"])
"""Mostly whoever has the case ("")."""
COMPANY = always_open()


class PlainEngine:
    """An assistant that answers everything itself."""

    async def turn(self, request: EngineRequest) -> EngineAnswer:
        """Answer."""
        return EngineAnswer(
            message_id=request.message_id,
            model_id="plain",
            intent=Ranked(name="greet", confidence=0.9),
            messages=(Reply(text="Dạ em nghe ạ."),),
            outcomes=({"department": RECEPTION},),
            dialogue={},
        )


class Dates(RuleBasedStateMachine):
    """One case, three people, and whatever they do with it."""

    case_id: int
    people: dict[str, StaffMember]

    @initialize(hours=st.sampled_from([0, 1, 1, 3]))
    def begin(self, hours: int) -> None:
        """A case at accounting, mostly with a date that was told; Lan and Tâm work there, Sơn leads."""
        self.agenda = Agenda(NINE)
        self.house = House(COMPANY, self.agenda, PlainEngine(), NothingLost())
        self.memory = self.house.memory
        self.laws = Laws(self.house)
        self.house.store.on_event(self._told)
        self.written = 0
        run(self._open())
        if hours:
            self.claim("Lan")
            self.promise("", hours * 60)

    async def _open(self) -> None:
        async with self.house.store.begin() as uow:
            self.people = {}
            for name, role in (("Lan", RoleId.AGENT), ("Tâm", RoleId.AGENT), ("Sơn", RoleId.MANAGER)):
                departments = frozenset({"accounting"} if role is RoleId.AGENT else ())
                person = await uow.staff.add(f"{name}@senviet.vn", name, role, departments, "hash", NINE, on_duty=True)
                self.people[name] = person
            talk = await uow.conversations.meet(Channel.WEBCHAT, "chat", "khach", "Mai", "vi", NINE)
            need = Need(department="accounting", reason="invoice_request", summary="Khách xin hoá đơn.")
            handed = await self.house.backstage.handoff.hand(uow, talk, need, NINE)
            self.case_id = handed.case.id

    def _told(self, event: FeedEvent) -> None:
        if event.kind == "message":
            message = self.memory.messages[event.data["message_id"]]
            if message.direction is Direction.OUTBOUND:
                self.laws.message(message)

    @property
    def case(self) -> Case:
        """The case as it is stored."""
        return self.memory.cases[self.case_id]

    def whom(self, who: str) -> StaffMember:
        """Return who makes a move."""
        owner = next((one for one in self.people.values() if one.id == self.case.owner_id), None)
        return self.people[who] if who else owner or self.people["Lan"]

    @property
    def open_promise(self) -> Promise | None:
        """The open promise of the case."""
        known = self.memory.open_promises.get(self.case_id)
        return self.memory.promises[known] if known is not None else None

    def words(self) -> list[str]:
        """What the house and its people have said to the customer."""
        said = [one for one in self.memory.messages.values() if one.direction is Direction.OUTBOUND]
        return [one.text for one in sorted(said, key=lambda one: one.id)]

    def does(self, move: Coroutine[Any, Any, Any], *ends: PromiseState) -> bool:
        """Make a move; a told date may end only in one of these ways. A refusal changes nothing."""
        before = self.open_promise
        try:
            run(move)
        except DomainError:
            assert self.open_promise == before
            return False
        if before is not None and before.holds(self.agenda.now()):
            now = self.memory.promises[before.id]
            assert now.due_at == before.due_at
            assert now.state in (PromiseState.OPEN, *ends), now
        return True

    # --- moves ------------------------------------------------------------------------------------------------------

    @rule(who=people)
    def claim(self, who: str) -> None:
        """Somebody takes it, or says yes."""
        self.does(self.house.desk.claim(self.people[who], self.case.code))

    @precondition(lambda self: self.case.owner_id != self.people["Sơn"].id)
    @rule()
    def step_in(self) -> None:
        """The manager takes it."""
        before = self.case.owner_id
        if self.does(self.house.desk.step_in(self.people["Sơn"], self.case.code)) and before != self.case.owner_id:
            self.says_the_date_again()

    @rule(who=owners, text=st.sampled_from([HOLDING, ANSWER]), keeps=st.booleans())
    def reply(self, who: str, text: str, *, keeps: bool) -> None:
        """Whoever has it speaks: only what says so keeps a date, and who asks for time owes an answer."""
        before, ends = self.open_promise, [PromiseState.KEPT] if keeps else []
        move = self.house.desk.reply(self.whom(who), self.case.code, text, keeps_promise=keeps)
        if not self.does(move, *ends):
            return
        assert self.case.sla is not None
        holding = text == HOLDING and not keeps
        ahead = before is not None and before.kind is PromiseKind.DATE and before.holds(self.agenda.now())
        assert self.case.sla.owes_answer is (holding and not ahead), "nothing is owed before a date that was given"
        assert not (holding and self.case.sla.waiting_for_customer)
        if holding:
            assert self.open_promise == before or before is None
            assert self.open_promise is not None
        elif before is not None and not before.told:
            assert self.memory.promises[before.id].state is PromiseState.KEPT

    @rule(who=owners, minutes=st.integers(20, 180))
    def promise(self, who: str, minutes: int) -> None:
        """Whoever has it gives a date, in place of any other, and the customer hears it."""
        due = self.agenda.now() + timedelta(minutes=minutes)
        if self.does(self.house.promising.promise(self.whom(who), self.case.code, due), PromiseState.CANCELLED):
            promise = self.open_promise
            assert promise is not None
            assert (promise.kind, promise.due_at) == (PromiseKind.DATE, due)
            assert "hẹn trả lời" in self.words()[-1]

    @rule(who=owners)
    def kept(self, who: str) -> None:
        """Somebody says that the date was kept."""
        before = self.open_promise
        if self.does(self.house.promising.kept(self.whom(who), self.case.code), PromiseState.KEPT):
            assert before is not None
            assert before.kind is PromiseKind.DATE

    @rule(who=owners, where=st.sampled_from(["warehouse", "sales", "accounting"]))
    def transfer(self, who: str, where: str) -> None:
        """Nobody is at those desks: it goes into the queue; at its own desk a colleague is asked."""
        kind = TransferKind.GIVEN_BACK if where == "accounting" else TransferKind.PASSED_ON
        before = self.case.department, self.case.owner_id
        giving = self.house.transferring.give(
            self.whom(who), self.case.code, department=where, note="Xem giúp em.", kind=kind
        )
        if self.does(giving) and (self.case.department, self.case.owner_id) != before:
            self.says_the_date_again()

    @rule(who=people)
    def accept(self, who: str) -> None:
        """Somebody says yes."""
        before = self.case.owner_id
        if self.does(self.house.answering.accept(self.people[who], self.case.code)) and before != self.case.owner_id:
            self.says_the_date_again()

    @precondition(lambda self: self.case.state is CaseState.ASSIGNED)
    @rule(minutes=st.sampled_from([0, 0, 45, 200]))
    def put_back(self, minutes: int) -> None:
        """The owner goes; the date they choose is told as a new one, and names the one that is off.

        Whoever has the next word, and no date, hears nothing.
        """
        before, now = self.open_promise, self.agenda.now()
        chosen = now + timedelta(minutes=minutes) if minutes else None
        owner = next(one for one in self.people.values() if one.id == self.case.owner_id)
        putting_back = self.house.crew.shift_ends._putting_back
        ends = [PromiseState.CANCELLED] if chosen else []
        open_work = any(one.open for one in (*self.memory.requests.values(), *self.memory.approvals.values()))
        quiet = not chosen and before is None and self.case.waits_for_customer and not open_work
        told = self.words()
        if not self.does(putting_back.put_back(owner, self.case.code, due_at=chosen), *ends):
            return
        if quiet:
            assert (self.words(), self.open_promise) == (told, None)
            return
        said, after = self.words()[-1], self.open_promise
        assert after is not None
        held = before if before is not None and before.holds(now) else None
        assert ("vẫn giữ hẹn" in said) is (after == held)
        off = before is not None and before.heard(now) and after.due_at != before.due_at
        assert ("thay cho giờ đã hẹn" in said) is off
        if chosen:
            assert (after.kind, after.due_at) == (PromiseKind.DATE, chosen)
        else:
            assert any(part in said for part in SAID_AGAIN)
            assert held is None or after == held

    @precondition(lambda self: self.case.open)
    @rule()
    def writes(self) -> None:
        """The customer writes to whoever has the floor, or into the case."""

        async def write() -> None:
            async with self.house.store.begin() as uow:
                await self.house.backstage.promises.expect_answer(uow, self.case, self.agenda.now())

        self.does(write())

    @rule(at_once=st.booleans())
    def says(self, *, at_once: bool) -> None:
        """The customer writes by the door; a worker looks at it now, or when time passes."""
        self.written += 1
        said = CustomerMessage(provider_id=f"{self.written}", kind=MessageKind.TEXT, text="Em chờ ạ", sender_id="khach")
        arrival = Arrival(dedupe_key=said.provider_id, chat="chat", payload={}, happening=said)
        run(self.house.intake.accept(Channel.WEBCHAT, arrival))
        if at_once:
            self.does(self._inbox())

    async def _inbox(self) -> None:
        """Look at one message after another: those of a conversation are dealt with in their order."""
        while True:
            async with self.house.store.read() as uow:
                found = await uow.queues.read(QueueName.INBOX, seconds=30, limit=20)
            if not found:
                return
            for item in found:
                await self.house.inbound.handle(item)

    # --- duty ---------------------------------------------------------------------------------------------------------

    @rule(who=people)
    def comes(self, who: str) -> None:
        """Somebody turns their switch on, and their console says that it is there: what waits is offered to them."""

        async def touch() -> None:
            async with self.house.store.begin() as uow:
                await uow.staff.touch(self.people[who].id, self.agenda.now())

        run(touch())
        self.does(self.house.crew.duty.switch(self.people[who], on_duty=True))
        self.time_passes(1)

    @rule(who=owners)
    def goes(self, who: str) -> None:
        """Somebody turns their switch off."""
        self.does(self.house.crew.duty.switch(self.whom(who), on_duty=False))

    @rule(who=people)
    def takes_a_break(self, who: str) -> None:
        """Somebody is back in a while."""
        self.does(self.house.crew.absences.take_break(self.people[who], 15, cover_id=None))

    @rule(who=owners, hours=st.integers(0, 2))
    def is_ill(self, who: str, hours: int) -> None:
        """The manager enters a leave that leaves no choice; at its beginning the house puts back what is held."""
        start = self.agenda.now() + timedelta(hours=hours)
        wish = Wish(start_at=start, end_at=start + timedelta(hours=3), accept_gaps=True)
        self.does(self.house.crew.absences.take_leave(self.people["Sơn"], wish, staff_id=self.whom(who).id))
        self.time_passes(1)

    @rule(who=owners, to=st.sampled_from(["promise", "department", "keep", "Lan", "Tâm"]))
    def ends_the_shift(self, who: str, to: str) -> None:
        """Somebody wants to go, in one of the ways out; a colleague is asked first."""
        before, person = self.case.owner_id, self.whom(who)
        if to in self.people:
            line = Line(code=self.case.code, to=To.STAFF, staff_id=self.people[to].id)
        else:
            line = Line(code=self.case.code, to=To(to))
        if self.does(self.house.crew.shift_ends.apply(person, [line])) and before != self.case.owner_id:
            self.says_the_date_again()

    # --- work beside the case -----------------------------------------------------------------------------------------

    @rule(who=owners, where=st.sampled_from(["warehouse", "it"]), moves=st.booleans())
    def asks(self, who: str, where: str, *, moves: bool) -> None:
        """Whoever has it asks a department; the date that was told moves only where they say so."""
        asking = self.house.requesting.ask(self.whom(who), self.case.code, where, "kiểm tra giúp", move_date=moves)
        self.does(asking, *([PromiseState.CANCELLED] if moves else []))

    @precondition(lambda self: self.memory.requests)
    @rule(who=people, pick=st.integers(0, 5), how=st.sampled_from(["take", "put_back", "cancel", "answer", "decline"]))
    def works(self, who: str, pick: int, how: str) -> None:
        """Somebody works on what was asked."""
        number, requesting = sorted(self.memory.requests)[pick % len(self.memory.requests)], self.house.requesting
        words = ("Đã xem kho.",) if how in ("answer", "decline") else ()
        self.does(getattr(requesting, how)(self.people[who], number, *words))

    @rule(who=owners, amount=st.sampled_from([300_000, 5_000_000]))
    def asks_for_money(self, who: str, amount: int) -> None:
        """Whoever has it asks for a decision."""
        asking = self.house.approving.ask(
            self.whom(who), self.case.code, kind="refund", amount=amount, reason="Thu hai lần."
        )
        self.does(asking)

    @precondition(lambda self: self.memory.approvals)
    @rule(who=people, pick=st.integers(0, 5), yes=st.booleans())
    def decides(self, who: str, pick: int, *, yes: bool) -> None:
        """Somebody says yes or no."""
        number, approving = sorted(self.memory.approvals)[pick % len(self.memory.approvals)], self.house.approving
        person = self.people[who]
        self.does(approving.grant(person, number) if yes else approving.refuse(person, number, "Trái chính sách."))

    @rule(who=people)
    def declines(self, who: str) -> None:
        """Somebody says no to what is offered to them, or to a colleague who asks."""
        before = self.case.owner_id
        self.does(self.house.answering.decline(self.people[who], self.case.code, "Em đang bận"))
        assert self.case.owner_id == before

    @rule(who=owners)
    def takes_back(self, who: str) -> None:
        """Whoever asked a colleague asks no more."""
        before = self.case.owner_id
        self.does(self.house.transferring.cancel(self.whom(who), self.case.code))
        assert self.case.owner_id == before

    # --- the end of a case, and time ----------------------------------------------------------------------------------

    @rule(who=owners)
    def resolve(self, who: str) -> None:
        """Whoever has it ends it."""
        before = self.open_promise
        answered = before is not None and before.kind is PromiseKind.DATE and before.replied_at is not None
        ends_as = PromiseState.KEPT if answered else PromiseState.CANCELLED
        if self.does(self.house.desk.resolve(self.whom(who), self.case.code, unanswered=True), ends_as):
            assert self.open_promise is None

    @rule(who=people)
    def reopen(self, who: str) -> None:
        """It opens again, with a date that is told."""
        if self.does(self.house.desk.reopen(self.people[who], self.case.code)):
            assert "sẽ trả lời anh/chị ngay tại đây trước" in self.words()[-1]

    @rule(minutes=st.sampled_from([1, 10, 60, 240]))
    def time_passes(self, minutes: int) -> None:
        """Whatever is due happens, at its moment: a told date ends only when it falls due, and is told anew."""
        self.does(self._inbox())
        until = self.agenda.now() + timedelta(minutes=minutes)
        while True:
            timers = self.house.store.queues.of[QueueName.TIMERS].items.values()
            moment = min((one.visible_at for one in timers), default=until)
            if moment > until:
                break
            self.agenda.jump(max((moment - self.agenda.now()).total_seconds(), 0.0) + 0.001)
            if not self._timers():
                break
        self.agenda.jump(max((until - self.agenda.now()).total_seconds(), 0.0))

    def _timers(self) -> bool:
        async def read() -> list[Any]:
            async with self.house.store.read() as uow:
                return await uow.queues.read(QueueName.TIMERS, seconds=30, limit=20)

        found = run(read())
        for item in found:
            before, said = self.open_promise, len(self.words())
            run(self.house.timers.handle(item))
            if before is None or not before.told:
                continue
            state = self.memory.promises[before.id].state
            if state is PromiseState.OPEN:
                continue
            assert self.agenda.now() >= watched_at(before.made_at, before.due_at)
            assert self.agenda.now() <= before.due_at, "the new date came before the old one passed"
            if state is PromiseState.RENEWED:
                assert any("xin hẹn trả lời" in one for one in self.words()[said:])
            else:
                assert (state, before.kind) == (PromiseState.KEPT, PromiseKind.DATE)
                assert before.replied_at is not None
        return bool(found)

    def says_the_date_again(self) -> None:
        """A date that the customer holds is said to them whenever somebody else has the case."""
        promise = self.open_promise
        if promise is not None and promise.holds(self.agenda.now()):
            assert "vẫn giữ hẹn" in self.words()[-1]

    # --- the law ----------------------------------------------------------------------------------------------------

    @invariant()
    def nobody_waits_without_a_date(self) -> None:
        """Whoever is owed an answer has a date, and whoever waits for one; the end of a case ends its date."""
        case = self.case
        owed = case.sla is not None and case.sla.owes_answer
        waits = case.state is CaseState.WAITING and not case.waits_for_customer
        assert not (case.open and (owed or waits)) or self.open_promise is not None
        assert case.open or self.open_promise is None

    @invariant()
    def the_laws_of_the_house_hold(self) -> None:
        """Whoever owns a case is there, whoever speaks has one; what the simulator asks of a year holds here too."""
        self.laws.everything()
        self.laws.case(self.case)

    @invariant()
    def every_turn_closes(self) -> None:
        """Only what was written at this moment may still be open."""
        assert all(one.opened_at == self.agenda.now() for one in self.memory.turns.values() if one.outcome is None)

    @invariant()
    def every_open_date_is_watched(self) -> None:
        """A timer looks at it."""
        promise = self.open_promise
        timers = self.house.store.queues.of[QueueName.TIMERS].items
        assert promise is None or promise.timer_id in timers

    @invariant()
    def the_house_never_speaks_as_a_person(self) -> None:
        """What is told of dates is the house's."""
        dates = [one for one in self.memory.messages.values() if "vẫn giữ hẹn" in one.text]
        assert all(one.author is Author.SYSTEM for one in dates)


TestDates = Dates.TestCase
TestDates.settings = settings(
    max_examples=max(30, settings().max_examples),
    stateful_step_count=max(25, settings().stateful_step_count),
    suppress_health_check=[HealthCheck.too_slow],
)


def test_whoever_kept_the_date_that_they_gave_has_answered() -> None:
    state = Dates()
    state.begin(hours=0)
    state.step_in()
    state.put_back(minutes=45)
    state.step_in()
    state.kept(who="")
    assert state.case.replied_at is not None
    state.the_laws_of_the_house_hold()
