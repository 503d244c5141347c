"""The date that takes the place of one that nobody kept, by who is there and what is open."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.company import RoleId
from bot.domain.messages import Channel
from bot.domain.promises import PromiseKind
from bot.services.handoff import Need
from bot.services.renewing import Renewing
from bot.simulation.agenda import Agenda, run
from bot.simulation.house import House
from tests.unit.services.virtual_house import COMPANY, NothingLost

EVENING = datetime(2026, 11, 25, 11, 40, tzinfo=UTC)
"""Twenty to seven on a Wednesday: accounting and management are closed, reception is open until eight."""


async def renewed(house: House, now: datetime, leaders: int, missed: int) -> datetime:
    """Return the date in place of the one that was missed, with so many who lead on duty."""
    async with house.store.begin() as uow:
        for number in range(leaders):
            role = RoleId.MANAGER
            await uow.staff.add(f"ql{number}@senviet.vn", f"Sơn {number}", role, frozenset(), "x", now, on_duty=True)
            await uow.staff.touch(number + 1, now)
        talk = await uow.conversations.meet(Channel.WEBCHAT, "chat", "khach", "Mai", "vi", now)
        need = Need(department="accounting", reason="invoice_request", summary="Khách xin hoá đơn.")
        case = (await house.backstage.handoff.hand(uow, talk, need, now)).case
        await house.backstage.promises.promise(uow, case, now + timedelta(minutes=2), now, PromiseKind.DATE)
    house.backstage.doorkeeper.forget()
    await house.backstage.assigner.run()
    renewing = Renewing(COMPANY, house.backstage.promises, house.backstage.waits)
    for _ in range(missed):
        async with house.store.begin() as uow:
            case = await uow.cases.get(case.id, lock=True)
            await renewing.renew(uow, case, "vi", now, in_hand=False)
    async with house.store.read() as uow:
        promise = await uow.promises.open_of(case.id)
    assert promise is not None
    return promise.due_at.astimezone(COMPANY.zone)


@pytest.mark.parametrize(
    ("leaders", "missed", "today"),
    [(2, 1, True), (1, 1, True), (0, 1, False), (2, 2, False)],
    ids=["two lead", "one leads", "nobody is there", "missed again"],
)
def test_a_first_miss_gets_a_date_today_where_somebody_who_leads_is_there(
    leaders: int, missed: int, today: bool
) -> None:
    agenda = Agenda(EVENING)
    house = House(COMPANY, agenda, None, NothingLost())  # type: ignore[arg-type]
    due = run(renewed(house, EVENING, leaders, missed))
    assert (due.date() == date(2026, 11, 25)) is today
    assert due > EVENING
    if today:
        assert due.hour < 20
