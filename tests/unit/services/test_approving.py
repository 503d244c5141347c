"""Whoever asked for a decision does not take it, also where they asked second."""

from __future__ import annotations

import pytest

from bot.domain.approvals import Approval, ApprovalState
from bot.domain.staff import StaffMember
from bot.services.approving import AskedApproval
from bot.services.refusals import NotNow, NotYours
from bot.simulation.agenda import run
from tests.unit.services.virtual_house import VirtualHouse

SMALL = 100_000
"""VND; every agent may grant it."""


def asks(at: VirtualHouse, who: StaffMember, code: str) -> AskedApproval:
    """Somebody asks for a small refund."""
    return run(at.house.approving.ask(who, code, kind="refund", amount=SMALL, reason="Máy lỗi."))


def passes(at: VirtualHouse, code: str, giver: StaffMember, taker: StaffMember) -> None:
    """A colleague takes the case."""
    run(at.house.transferring.give(giver, code, note="Nhờ em.", staff_id=taker.id))
    run(at.house.answering.accept(taker, code))


def held(at: VirtualHouse, who: StaffMember) -> str:
    """Somebody has a case."""
    code = at.hands("sales").case.code
    run(at.house.desk.claim(who, code))
    return code


def stored(at: VirtualHouse, asked: AskedApproval) -> Approval:
    """Return an approval as it is stored."""
    return at.memory.approvals[asked.approval.id]


def test_whoever_asked_second_does_not_decide() -> None:
    at = VirtualHouse()
    an, binh, chi = (at.staff(name, "sales") for name in ("An", "Bình", "Chi"))
    code = held(at, an)
    first = asks(at, an, code)
    passes(at, code, an, binh)
    again = asks(at, binh, code)
    assert (again.new, again.approval.id) == (False, first.approval.id)
    assert asks(at, binh, code).approval == again.approval, "a third time changes nothing"
    passes(at, code, binh, chi)
    for asker in (an, binh):
        with pytest.raises(NotYours, match="chính mình xin"):
            run(at.house.approving.grant(asker, first.approval.id))
        assert [one.approval.id for one in run(at.house.approving.pending(asker))] == [first.approval.id]
    boss = at.leads("Sơn")
    assert run(at.house.approving.grant(boss, first.approval.id)).state is ApprovalState.APPROVED


def test_where_the_one_asked_first_asks_too_somebody_else_is_asked() -> None:
    at = VirtualHouse()
    an, binh = at.staff("An", "sales"), at.staff("Bình", "sales")
    code = held(at, an)
    first = asks(at, an, code)
    assert first.approval.asked_of == binh.id
    chi = at.staff("Chi", "sales")
    passes(at, code, an, binh)
    assert [one.id for one in asks(at, binh, code).deciders] == [chi.id]
    assert stored(at, first).asked_of == chi.id


def test_the_only_one_who_may_decide_does_not_ask_it_away() -> None:
    at = VirtualHouse()
    an, binh = at.staff("An", "sales"), at.staff("Bình", "sales")
    code = held(at, an)
    first = asks(at, an, code)
    passes(at, code, an, binh)
    with pytest.raises(NotNow, match="không ai có quyền duyệt"):
        asks(at, binh, code)
    passes(at, code, binh, an)
    assert run(at.house.approving.grant(binh, first.approval.id)).decided_by == binh.id
