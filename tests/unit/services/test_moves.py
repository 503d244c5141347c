"""What every move on a case asks first: whose it is, when the move begins and when its turn has come."""

from __future__ import annotations

import pytest

from bot.domain.cases import Case
from bot.domain.copies import altered
from bot.domain.errors import NotPermitted, Unknown
from bot.domain.staff import StaffMember
from bot.services.moves import Opened
from bot.services.ports import UnitOfWork
from bot.simulation.agenda import run
from tests.unit.services.virtual_house import VirtualHouse


def test_a_case_that_goes_elsewhere_while_a_move_waits_is_refused_as_it_is_then(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at = VirtualHouse()
    lan, tam = at.staff("Lan", "reception"), at.staff("Tâm", "reception", "sales")
    hoa = at.staff("Hoa", "reception")
    case = at.hands("reception").case
    run(at.house.desk.claim(lan, case.code))
    run(at.house.requesting.ask(lan, case.code, "sales", "Còn hàng không ạ?"))
    moves = at.house.backstage.moves
    locked = moves.locked

    async def after_it_went(uow: UnitOfWork, seen: Case) -> Opened:
        at.memory.cases[case.id] = altered(at.case(case.id), department="it", wanted="it")
        return await locked(uow, seen)

    async def opens(who: StaffMember) -> None:
        at.memory.cases[case.id] = altered(at.case(case.id), department="reception", wanted="reception")
        async with moves.opened(who, case.code):
            pass

    run(opens(tam))
    monkeypatch.setattr(moves, "locked", after_it_went)
    with pytest.raises(NotPermitted):
        run(opens(tam))
    with pytest.raises(Unknown):
        run(opens(hoa))
