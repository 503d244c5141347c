"""The desk as a state machine: any order of moves, by anybody, and the law of the house holds after every one.

Moves are asked for by people who may and by people who may not. A refusal is a good answer, a broken law never is.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from bot.adapters.company import load as load_company
from bot.domain.approvals import ApprovalState, beside, checked_approval
from bot.domain.cases import HOP_LIMIT, CaseState
from bot.domain.company import MANAGEMENT, Side
from bot.domain.conversations import Speaker
from bot.domain.requests import Request, checked_request
from bot.domain.staff import StaffMember, may_claim, require_held
from bot.domain.transfers import TransferKind, TransferState, checked_transfer, handed_over, may_answer
from tests.conftest import ROOT
from tests.unit.domain.desk_house import Actor, House
from tests.unit.domain.desk_people import BINH, DAY, EVERYBODY, LAN, TAM, WAITING

COMPANY = load_company(ROOT / "company.yml")
LEADERS = {one.id for one in EVERYBODY if one.leads}
people = st.sampled_from(EVERYBODY)
departments = st.sampled_from(["sales", "accounting", "reception", MANAGEMENT])
places = st.one_of(
    st.sampled_from(
        [("accounting", None), ("sales", None), ("sales", TAM), ("sales", LAN), (MANAGEMENT, BINH), (MANAGEMENT, None)]
    ),
    st.tuples(departments, st.one_of(st.none(), people)),
)
minutes = st.integers(-60, 90)
owners = st.one_of(st.just("the owner"), people)
"""Mostly whoever holds the case, or moves would be refused so often that none got far."""


class Desk(House):
    """Any move by anybody, and what must hold after each."""

    @initialize(hops=st.integers(0, HOP_LIMIT), owner=st.one_of(st.none(), people), sums=st.integers(0, 2))
    def begin(self, hops: int, owner: StaffMember | None, sums: int) -> None:
        """Start anywhere in the life of a case: somebody may have asked for a sum of money in it, or for two."""
        self.passed_on = hops
        self.case = replace(WAITING, hops=hops)
        self.work = replace(self.work, approvals=tuple(self.sum_asked(LAN, number, 300_000) for number in range(sums)))
        if owner is not None:
            self.keep(self.case.claimed(owner.id, self.now))

    # --- moves of the case ------------------------------------------------------------------------------------------

    @rule(by=minutes)
    def time_passes(self, by: int) -> None:
        """Sometimes it goes back."""
        self.now += timedelta(minutes=by)

    @precondition(lambda self: self.case.state is not CaseState.RESOLVED)
    @rule(who=people)
    def claim(self, who: StaffMember) -> None:
        former = self.case

        def move() -> None:
            if may_claim(who, self.case):
                self.keep(self.case.claimed(who.id, self.now))

        if not self.attempt(move) and former.state is CaseState.ASSIGNED:
            assert self.case.owner_id == former.owner_id

    @rule(who=people)
    def step_in(self, who: StaffMember) -> None:
        if who.leads:
            self.attempt(lambda: self.keep(self.case.stepped_into(who.id, self.now)))

    @precondition(lambda self: self.case.owner_id is not None)
    @rule(how=st.sampled_from(["drops out", "breaks a promise", "stays", "stays", "stays", "stays"]))
    def owner_fails(self, how: str) -> None:
        """Not too often, or no case gets far."""
        number = self.queue_number()
        if how == "drops out":
            self.attempt(lambda: self.keep(self.case.released(number, DAY)))
        elif how == "breaks a promise":
            self.attempt(lambda: self.keep(self.case.escalated(MANAGEMENT, number, DAY)))

    @rule(who=owners, really=st.integers(0, 3))
    def resolve(self, who: Actor, really: int) -> None:
        person = self.person(who)
        if really:
            return

        def move() -> None:
            require_held(person, self.case)
            self.case = self.case.resolved(self.now)
            self.work = self.work.case_ended(self.now)
            self.floor = self.floor.given_back()

        self.attempt(move)

    @precondition(lambda self: self.case.state is CaseState.RESOLVED)
    @rule()
    def reopen(self) -> None:
        self.attempt(lambda: self.keep(self.case.reopened(self.queue_number(), DAY)))

    # --- speaking ---------------------------------------------------------------------------------------------------

    @precondition(lambda self: self.case.owner_id is not None)
    @rule(who=owners)
    def speak(self, who: Actor) -> None:
        person = self.person(who)

        def move() -> None:
            require_held(person, self.case)
            self.floor = self.floor.taken_by(person.id)
            assert self.spoken.setdefault(self.floor.version, person.id) == person.id

        self.attempt(move)

    @rule()
    def bot_prepares(self) -> None:
        """It begins to work on an answer; meanwhile anything may happen."""
        self.read, self.held_since = self.floor, False

    # --- transfers --------------------------------------------------------------------------------------------------

    @precondition(lambda self: self.case.owner_id is not None and not self.awaits_answer)
    @rule(who=owners, place=places, kind=st.sampled_from(TransferKind))
    def ask_transfer(self, who: Actor, place: tuple[str, StaffMember | None], kind: TransferKind) -> None:
        department, to = place
        person = self.person(who)

        def move() -> None:
            asked_as = checked_transfer(COMPANY, self.case, giver=person, department=department, receiver=to, kind=kind)
            self.work = replace(self.work, transfer=self.asked(person, department, to, asked_as))

        owner = self.case.owner_id
        if self.attempt(move):
            assert self.case.owner_id == owner == person.id, "the giver keeps it until somebody says yes"
            assert to != person

    @precondition(lambda self: self.work.transfer is not None)
    @rule(who=st.one_of(st.just("the asked"), st.just("the giver"), people))
    def accept(self, who: Actor) -> None:
        """Also of transfers that ended: a second click, a message that was late."""
        transfer = self.work.transfer
        assert transfer is not None
        giver = transfer.from_staff_id
        person = self.answerer(who, transfer)

        def move() -> None:
            accepted = transfer.accepted(person, self.now)
            moved = handed_over(self.case, accepted, self.now)
            self.work = replace(self.work, transfer=accepted)
            self.passed_on += accepted.kind is TransferKind.PASSED_ON
            self.keep(moved)

        if self.attempt(move):
            assert person.id != giver
            assert self.case.owner_id == self.floor.staff_id == person.id

    @precondition(lambda self: self.work.transfer is not None)
    @rule(who=people, how=st.sampled_from(["decline", "cancel", "expire"]))
    def answer_otherwise(self, who: StaffMember, how: str) -> None:
        transfer = self.work.transfer
        assert transfer is not None

        def move() -> None:
            ended = {
                "decline": lambda: transfer.declined(who, self.now, "đang bận"),
                "cancel": lambda: transfer.cancelled(who, self.now),
                "expire": lambda: transfer.expired(self.now),
            }[how]()
            self.work = replace(self.work, transfer=ended)

        owner, floor = self.case.owner_id, self.floor
        self.attempt(move)
        assert (self.case.owner_id, self.floor) == (owner, floor), "it stays with the giver"

    # --- requests and approvals -------------------------------------------------------------------------------------

    @precondition(lambda self: self.case.owner_id is not None and len(self.work.requests) < 3)
    @rule(who=owners, department=departments)
    def ask_request(self, who: Actor, department: str) -> None:
        person = self.person(who)

        def move() -> None:
            text = checked_request(COMPANY, self.case, asker=person, department=department, text="kiểm tra giúp")
            asked = Request(
                id=len(self.work.requests),
                case_id=self.case.id,
                department=department,
                asked_by=person.id,
                text=text,
                asked_at=self.now,
                due_at=self.now + timedelta(hours=1),
            )
            self.work = replace(self.work, requests=(*self.work.requests, asked))

        self.attempt(move)

    @precondition(lambda self: self.work.requests)
    @rule(who=people, pick=st.integers(0, 2), how=st.sampled_from(["take", "answer", "decline", "put_back", "slip"]))
    def work_on_request(self, who: StaffMember, pick: int, how: str) -> None:
        index = pick % len(self.work.requests)
        request = self.work.requests[index]

        def move() -> None:
            changed = {
                "take": lambda: request.taken(who),
                "answer": lambda: request.answered(who, "xong", self.now),
                "decline": lambda: request.declined(who, "không phải của bên em giữ", self.now),
                "put_back": lambda: request.put_back(who),
                "slip": lambda: request.slipped_to(request.due_at + timedelta(hours=1), self.now),
            }[how]()
            rest = list(self.work.requests)
            rest[index] = changed
            self.work = replace(self.work, requests=tuple(rest))

        if self.attempt(move) and how in ("answer", "decline"):
            assert request.open

    @precondition(lambda self: self.case.owner_id is not None and len(self.work.approvals) < 3)
    @rule(who=owners, amount=st.sampled_from([50_000_000, 300_000, 300_000, 5_000_000, None]))
    def ask_approval(self, who: Actor, amount: int | None) -> None:
        person = self.person(who)

        def move() -> None:
            reason = checked_approval(COMPANY, self.case, asker=person, kind="refund", amount=amount, reason="giao sai")
            asked = self.sum_asked(person, len(self.work.approvals), amount, reason)
            self.work = replace(self.work, approvals=(*self.work.approvals, asked))

        self.attempt(move)

    @precondition(lambda self: self.work.approvals)
    @rule(who=owners, pick=st.integers(0, 2), how=st.sampled_from(["approve", "approve", "refuse", "escalate"]))
    def decide(self, who: Actor, pick: int, how: str) -> None:
        person = self.person(who)
        index = pick % len(self.work.approvals)
        approval = beside(self.work.approvals[index], self.work.approvals, self.case.owner_id)
        granted = sum(one.amount or 0 for one in self.work.approvals if one.state is ApprovalState.APPROVED)

        def move() -> None:
            changed = {
                "approve": lambda: approval.approved(COMPANY, person, self.now),
                "refuse": lambda: approval.refused(COMPANY, person, self.now, "quá hạn"),
                "escalate": lambda: approval.escalated(self.now, self.now + timedelta(minutes=30)),
            }[how]()
            rest = list(self.work.approvals)
            rest[index] = changed
            self.work = replace(self.work, approvals=tuple(rest))

        if self.attempt(move) and how != "escalate":
            assert person.leads or person.id != self.case.owner_id, "the owner decides on nothing in their own case"
            limit = COMPANY.roles[person.role].approval_limit
            assert limit is None or granted + (approval.amount or 0) <= limit, "a sum in parts is no smaller"

    # --- the law of the house ---------------------------------------------------------------------------------------

    @invariant()
    def an_open_case_has_an_owner_or_a_place_in_a_queue(self) -> None:
        match self.case.state:
            case CaseState.WAITING:
                assert self.case.owner_id is None
                assert self.case.queue_number is not None
                assert self.case.department in COMPANY.departments
            case CaseState.ASSIGNED:
                assert self.case.owner_id in {one.id for one in EVERYBODY}
            case CaseState.RESOLVED:
                assert not self.work.open, "nothing is owed beside a resolved case"

    @invariant()
    def one_speaker_with_a_version_that_only_grows(self) -> None:
        assert (self.floor.speaker is Speaker.STAFF) is (self.floor.staff_id is not None)
        if self.floor.speaker is Speaker.STAFF:
            assert self.floor.staff_id == self.case.owner_id
        if self.floor != self.floor_before:
            assert self.floor.version > self.floor_before.version, "whoever read the older one is fenced out"
        self.floor_before = self.floor

    @invariant()
    def a_stale_writer_cannot_send(self) -> None:
        """What the bot prepared may go out where no person has had the floor since, and nowhere else."""
        self.held_since |= self.floor.speaker is Speaker.STAFF
        assert self.floor.lets_bot_speak(self.read) is not self.held_since

    @invariant()
    def at_most_two_hops_then_a_manager(self) -> None:
        assert self.passed_on == self.case.hops <= HOP_LIMIT
        transfer = self.work.transfer
        if transfer is None or not transfer.open or self.case.hops < HOP_LIMIT:
            return
        up = transfer.to_department == MANAGEMENT or transfer.to_staff_id in LEADERS
        assert up or transfer.kind in (TransferKind.RELIEVED, TransferKind.GIVEN_BACK, TransferKind.INTRODUCED)

    @invariant()
    def only_the_front_office_introduces(self) -> None:
        transfer = self.work.transfer
        if transfer is not None and transfer.open and transfer.kind is TransferKind.INTRODUCED:
            assert COMPANY.departments[self.case.department].side is Side.FRONT

    @invariant()
    def the_giver_keeps_the_case_until_it_is_accepted(self) -> None:
        transfer = self.work.transfer
        if transfer is None:
            return
        if transfer.open:
            assert self.case.owner_id == transfer.from_staff_id
            assert not may_answer(next(one for one in EVERYBODY if one.id == transfer.from_staff_id), transfer)
        if transfer.state is TransferState.ACCEPTED:
            assert transfer.settled_by != transfer.from_staff_id

    @invariant()
    def nobody_decides_on_what_they_asked_for(self) -> None:
        for approval in self.work.approvals:
            decided = approval.state in (ApprovalState.APPROVED, ApprovalState.REFUSED)
            assert decided is (approval.decided_by is not None)
            assert approval.decided_by not in approval.askers
            if decided and approval.amount is not None and approval.amount > 20_000_000:
                assert approval.decided_by == EVERYBODY[-1].id, "only the admin has no limit"

    @invariant()
    def a_request_has_a_worker_of_its_department(self) -> None:
        for request in self.work.requests:
            if request.taken_by is not None:
                worker = next(one for one in EVERYBODY if one.id == request.taken_by)
                assert worker.leads or request.department in worker.departments


TestDesk = Desk.TestCase
