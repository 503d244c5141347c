"""The smallest house that could run, for tests that make moves in any order: state, transactions, who is meant."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from hypothesis.stateful import RuleBasedStateMachine

from bot.domain.approvals import Approval
from bot.domain.cases import Case
from bot.domain.conversations import Floor, Speaker
from bot.domain.errors import DomainError
from bot.domain.linked_work import LinkedWork
from bot.domain.staff import StaffMember
from bot.domain.transfers import Transfer, TransferKind, may_answer
from tests.unit.domain.desk_people import EVERYBODY, NOW, WAITING

Actor = StaffMember | str
"""A person, or words for one: "the owner", "the asked", "the giver"."""
TIME_LIMIT = timedelta(minutes=2)


class House(RuleBasedStateMachine):
    """One conversation with one case and all that hangs on it. It keeps what the domain returns and decides nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.case = WAITING
        self.floor = Floor()
        self.work = LinkedWork()
        self.floor_before = self.floor
        self.spoken: dict[int, int] = {}
        """Who spoke under which version of the floor."""
        self.read, self.held_since = self.floor, False
        """The floor as the bot saw it when it prepared its answer, and whether a person has had it since."""
        self.passed_on = 0
        self.numbers = 10

    def attempt(self, move: Callable[[], None]) -> bool:
        """Make a move in a transaction: a refusal leaves everything as it was."""
        before = (self.case, self.floor, self.work, self.passed_on)
        try:
            move()
        except DomainError:
            self.case, self.floor, self.work, self.passed_on = before
            return False
        return True

    def keep(self, case: Case) -> None:
        """Store a case; whoever lost it loses the floor and the transfer they asked for."""
        before, self.case = self.case, case
        if case.owner_id == before.owner_id:
            return
        self.work = self.work.owner_changed(self.now)
        if case.owner_id is None:
            self.floor = self.floor.given_back()
        elif before.owner_id is not None or self.floor.speaker is not Speaker.STAFF:
            self.floor = self.floor.passed_to(case.owner_id)

    def person(self, who: Actor) -> StaffMember:
        """Who is meant by an actor; nobody holds it: somebody of its desk tries."""
        if isinstance(who, StaffMember):
            return who
        return next((one for one in EVERYBODY if one.id == self.case.owner_id), EVERYBODY[0])

    @property
    def awaits_answer(self) -> bool:
        """Tell whether a transfer is asked; a case has at most one."""
        return self.work.transfer is not None and self.work.transfer.open

    def answerer(self, who: Actor, transfer: Transfer) -> StaffMember:
        """Who is meant by an actor of a transfer."""
        if isinstance(who, StaffMember):
            return who
        giver = who == "the giver"
        fits = (one.id == transfer.from_staff_id if giver else may_answer(one, transfer) for one in EVERYBODY)
        return next(one for one, fit in zip(EVERYBODY, fits, strict=True) if fit)

    def queue_number(self) -> int:
        """The next number of any queue."""
        self.numbers += 1
        return self.numbers

    def asked(self, who: StaffMember, department: str, to: StaffMember | None, kind: TransferKind) -> Transfer:
        """The transfer as the store would keep it."""
        return Transfer(
            id=1,
            case_id=self.case.id,
            from_staff_id=who.id,
            to_department=department,
            to_staff_id=to.id if to else None,
            summary="",
            kind=kind,
            asked_at=self.now,
            expires_at=self.now + TIME_LIMIT,
        )

    def sum_asked(self, who: StaffMember, number: int, amount: int | None, reason: str = "giao sai") -> Approval:
        """The approval of a refund as the store would keep it."""
        return Approval(
            id=number,
            case_id=self.case.id,
            kind="refund",
            amount=amount,
            reason=reason,
            asked_by=who.id,
            asked_at=self.now,
            due_at=self.now + timedelta(minutes=30),
        )
