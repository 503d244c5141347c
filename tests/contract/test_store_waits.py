"""Every store keeps what a case was told of its wait, its deadlines, and how past waits turned out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta

from bot.domain.company import Sla
from bot.domain.hours import OpeningHours
from bot.domain.sla import SlaClock
from bot.domain.waits import Past
from tests.contract.stores import NINE, Filling, at

CLOCK = SlaClock.started(OpeningHours.always(UTC), Sla(first_response=15, next_response=30, resolution=240), NINE)


async def test_a_case_is_opened_with_what_the_desk_needs_to_know(room: Filling) -> None:
    told = {"ahead": 3, "serving": 2, "at_once": True, "wait_low": 300, "wait_high": 600}
    case = await room.case(await room.conversation(), language="en", skill="loans", complaint=True, sla=CLOCK, **told)
    assert (case.language, case.skill, case.complaint, case.tries) == ("en", "loans", True, 0)
    assert {name: getattr(case, name) for name in told} == told
    assert (case.waiting_since, case.sla, case.timer_id) == (NINE, CLOCK, None)
    assert await room.uow.cases.get(case.id) == case
    plain = await room.case(await room.conversation())
    assert (plain.language, plain.skill, plain.complaint, plain.ahead, plain.sla) == ("vi", None, False, None, None)


async def test_all_that_the_desk_changes_in_a_case_is_saved(room: Filling) -> None:
    case = await room.case(await room.conversation(), sla=CLOCK)
    changed = replace(
        case,
        language="en",
        skill="loans",
        complaint=True,
        waiting_since=at(hours=1),
        tries=2,
        ahead=1,
        serving=4,
        at_once=True,
        wait_low=60,
        wait_high=120,
        sla=CLOCK.replied(OpeningHours.always(UTC), at(minutes=5)),
        timer_id=9,
    )
    await room.uow.cases.save(changed)
    assert await room.uow.cases.get(case.id) == changed
    await room.uow.cases.save(replace(changed, sla=None, timer_id=None))
    assert (await room.uow.cases.get(case.id)).sla is None


async def test_past_waits_come_newest_last_with_what_was_known_then(room: Filling) -> None:
    lan = await room.person("Lan")
    chat = await room.conversation()

    async def waited(minutes: int, department: str = "sales", **told: int) -> None:
        case = await room.case(chat, department, **told)
        await room.uow.cases.save(case.claimed(lan.id, at(minutes=minutes)))

    await waited(10, ahead=0, serving=3, at_once=True)
    await waited(20, ahead=1, serving=2)
    await waited(30, ahead=2, serving=1)
    await waited(40, "it", ahead=9, serving=9)
    await waited(50)
    await room.case(chat, ahead=5, serving=1)
    expected = [
        Past(ahead=0, serving=3, waited=timedelta(minutes=10), at_once=True),
        Past(ahead=1, serving=2, waited=timedelta(minutes=20)),
        Past(ahead=2, serving=1, waited=timedelta(minutes=30)),
    ]
    assert await room.uow.cases.past_waits("sales", 10) == expected
    assert await room.uow.cases.past_waits("sales", 2) == expected[1:]
    assert await room.uow.cases.past_waits("teller", 10) == []


async def test_what_waits_is_found_by_when_its_present_wait_began(room: Filling) -> None:
    chat = await room.conversation()
    first, second = await room.case(chat), await room.case(chat, opened_at=at(minutes=1))
    back = replace(first, waiting_since=at(hours=1))
    await room.uow.cases.save(back)
    assert await room.uow.cases.waiting_in(None) == [second, back]
