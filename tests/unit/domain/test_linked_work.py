"""What hangs on a case ends with it, and an asked transfer ends with its giver."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.approvals import Approval, ApprovalState
from bot.domain.linked_work import LinkedWork
from bot.domain.requests import Request, RequestState
from bot.domain.transfers import Transfer, TransferState
from tests.unit.domain.desk_people import LAN, LATER, MINH, NOW

DUE = NOW + timedelta(hours=1)
TRANSFER = Transfer(
    id=1,
    case_id=1,
    from_staff_id=LAN.id,
    to_department="accounting",
    to_staff_id=MINH.id,
    summary="",
    asked_at=NOW,
    expires_at=DUE,
)
REQUEST = Request(id=1, case_id=1, department="accounting", asked_by=LAN.id, text="hỏi", asked_at=NOW, due_at=DUE)
APPROVAL = Approval(id=1, case_id=1, kind="refund", amount=1, reason="vì", asked_by=LAN.id, asked_at=NOW, due_at=DUE)
ANSWERED = REQUEST.answered(MINH, "rồi", NOW)


def test_everything_open_is_cancelled_with_the_case() -> None:
    work = LinkedWork(transfer=TRANSFER, requests=(ANSWERED, REQUEST), approvals=(APPROVAL,))
    ended = work.case_ended(LATER)
    assert work.open
    assert not ended.open
    assert ended.transfer is not None
    assert (ended.transfer.state, ended.transfer.settled_by) == (TransferState.CANCELLED, None)
    assert [one.state for one in ended.requests] == [RequestState.ANSWERED, RequestState.CANCELLED]
    assert [one.state for one in ended.approvals] == [ApprovalState.CANCELLED]
    assert ended.case_ended(LATER) == ended


def test_each_kind_alone_keeps_it_open() -> None:
    assert not LinkedWork().open
    assert not LinkedWork(requests=(ANSWERED,)).open
    assert LinkedWork(transfer=TRANSFER).open
    assert LinkedWork(requests=(REQUEST,)).open
    assert LinkedWork(approvals=(APPROVAL,)).open


def test_a_new_owner_ends_the_transfer_and_inherits_the_rest() -> None:
    work = LinkedWork(transfer=TRANSFER, requests=(REQUEST,), approvals=(APPROVAL,))
    changed = work.owner_changed(LATER)
    assert changed.transfer == TRANSFER.cancelled(None, LATER)
    assert (changed.requests, changed.approvals) == ((REQUEST,), (APPROVAL,))
    assert LinkedWork().owner_changed(LATER) == LinkedWork()
