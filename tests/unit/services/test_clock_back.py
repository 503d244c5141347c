"""A clock that is put back makes nobody's reaction unseen, and no date broken that was kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain.promises import PromiseState
from bot.simulation.agenda import run
from tests.unit.services.virtual_house import VirtualHouse

ANSWER = "Dạ hàng còn ạ, anh ghé nhận nhé."


def test_a_manager_who_answered_keeps_the_case_they_were_given() -> None:
    at = VirtualHouse()
    managers = {one.id: one for one in (at.leads("Sơn"), at.leads("Mai"))}
    handed = at.hands("sales")

    async def refused_by_many() -> None:
        async with at.house.store.begin() as uow:
            await uow.cases.save(replace(await uow.cases.get(handed.case.id), tries=9))

    run(refused_by_many())
    run(at.house.backstage.assigner.run())
    owner = at.case(handed.case.id).owner_id
    assert owner in managers
    at.agenda.jump(-3600)
    run(at.house.desk.reply(managers[owner], handed.case.code, ANSWER))

    at.passes(timedelta(minutes=65))

    assert at.case(handed.case.id).owner_id == owner


def test_a_date_that_its_owner_kept_is_not_renewed() -> None:
    at = VirtualHouse()
    lan = at.staff("Lan", "sales")
    handed = at.hands("sales")
    run(at.house.desk.claim(lan, handed.case.code))
    at.agenda.jump(-3600)
    run(at.house.promising.promise(lan, handed.case.code, at.now + timedelta(minutes=30)))
    dated = at.promise(handed.case.id)
    assert dated is not None
    run(at.house.desk.reply(lan, handed.case.code, ANSWER))

    at.passes(timedelta(minutes=31))

    assert at.memory.promises[dated.id].state is PromiseState.KEPT
