"""Breaks, leave and presence through their doors: no desk is left empty, and whoever is back gets what waits."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.company import Company, RoleId
from tests.house import Clerk, TestHouse, eventually, running_house
from tests.integration.desk_steps import asks, sql
from tests.roster_days import HOUR, now, presence, works


@pytest.fixture
async def brisk(database: str, open_company: Company, tmp_path: Path) -> AsyncIterator[TestHouse]:
    """A house in which whoever is silent for two seconds is away."""
    quick = replace(open_company.assignment, heartbeat_minutes=1 / 30)
    async with running_house(database, replace(open_company, assignment=quick), tmp_path) as running:
        yield running


async def at_the_counter(house: TestHouse, *names: str) -> list[Clerk]:
    """Tellers in the middle of their shift: nobody else stands in for them but reception, which is not there."""
    clerks = [await house.staff(name, "reception") for name in names]
    for clerk in clerks:
        await works(house, clerk, -HOUR, HOUR)
    return clerks


async def test_a_break_that_leaves_a_desk_empty_is_refused_with_its_gaps(house: TestHouse) -> None:
    (lan,) = await at_the_counter(house, "Lan")
    status, refused = await lan.post("/api/break", minutes=15)
    assert (status, refused["error"]) == (409, "uncovers")
    gap = next(one for one in refused["gaps"] if one["department"] == "reception")
    assert (gap["department_label"], gap["minutes"]) == ("Lễ tân", 15)
    assert gap["start_at"].endswith("+07:00")
    assert refused["covers"] == []
    assert await presence(lan, lan.id) == "on_duty"


async def test_a_named_cover_makes_the_break_possible(house: TestHouse) -> None:
    (lan,) = await at_the_counter(house, "Lan")
    manager, other = await house.staff("Sơn", "management", role=RoleId.MANAGER), await house.staff("Tùng", "it")
    await works(house, manager, -HOUR, HOUR)
    refused = (await lan.post("/api/break", minutes=15))[1]
    assert [one["name"] for one in refused["covers"]] == ["Sơn"], "the manager may stand in anywhere, IT may not"
    assert (await lan.post("/api/break", minutes=15, cover_id=other.id))[0] == 409
    assert (await lan.post("/api/break", minutes=15, cover_id=lan.id))[0] == 422
    assert (await lan.post("/api/break", minutes=15, cover_id=999))[0] == 422
    status, taken = await lan.post("/api/break", minutes=15, cover_id=manager.id, note="Ăn trưa")
    assert (status, taken["kind"], taken["cover_name"]) == (201, "break", "Sơn")
    assert await presence(lan, lan.id) == "on_break"
    assert (await lan.post("/api/break", minutes=5, cover_id=manager.id))[0] == 422, "one at a time"
    status, refused = await manager.post("/api/break", minutes=5)
    assert (status, refused["error"]) == (409, "uncovers"), "whoever stands in cannot go as well"


async def test_of_two_breaks_at_once_one_is_granted(house: TestHouse) -> None:
    clerks = await at_the_counter(house, "Lan", "Minh", "Hà")
    given = await asyncio.gather(*(clerk.post("/api/break", minutes=15) for clerk in clerks))
    assert sorted(status for status, _ in given) == [201, 201, 409]
    states = [await presence(clerks[0], clerk.id) for clerk in clerks]
    assert sorted(states) == ["on_break", "on_break", "on_duty"]


async def test_the_last_one_on_duty_leaves_no_queue_behind(house: TestHouse) -> None:
    """The roster would allow it, for a colleague is in their shift too; only, that one is away."""
    lan, minh = await at_the_counter(house, "Lan", "Minh")
    await sql(house, "UPDATE staff SET seen_at = now() - interval '1 hour' WHERE id = :id", id=minh.id)
    await asks(house, "Cho em gặp nhân viên", "LT-0001")
    status, refused = await lan.post("/api/break", minutes=15)
    assert (status, refused["error"], refused["covers"]) == (409, "customers_wait", [])
    assert refused["waiting"] == [{"department": "reception", "department_label": "Lễ tân", "count": 1}]
    assert refused["message"].startswith("Đang có 1 khách chờ (Lễ tân 1) mà không còn ai khác đang trực.")
    assert await presence(lan, lan.id) == "on_duty"

    manager, accountant = await house.staff("Sơn", "management", role=RoleId.MANAGER), await house.staff("Hà", "it")
    refused = (await lan.post("/api/break", minutes=15))[1]
    assert [one["name"] for one in refused["covers"]] == ["Sơn"], "whoever leads may stand in, once named"
    assert (await lan.post("/api/break", minutes=15, cover_id=accountant.id))[0] == 409
    assert (await lan.post("/api/break", minutes=15, cover_id=minh.id))[0] == 409, "away is not there"
    assert (await lan.post("/api/break", minutes=15, cover_id=manager.id))[0] == 201


async def test_a_colleague_on_duty_or_an_empty_queue_leaves_the_break_free(house: TestHouse) -> None:
    lan, minh = await at_the_counter(house, "Lan", "Minh")
    await asks(house, "Cho em gặp nhân viên", "LT-0001")
    assert (await lan.post("/api/break", minutes=15))[0] == 201, "Minh is there"
    status, refused = await minh.post("/api/break", minutes=15)
    assert (status, refused["error"]) == (409, "customers_wait"), "now only Minh is"
    assert (await minh.post("/api/cases/LT-0001/claim"))[0] == 200
    assert (await lan.send("DELETE", "/api/break"))[0] == 200
    assert (await minh.post("/api/break", minutes=15))[0] == 201


async def test_leave_that_begins_now_leaves_no_queue_behind_either(house: TestHouse) -> None:
    lan, minh = await at_the_counter(house, "Lan", "Minh")
    await sql(house, "UPDATE staff SET seen_at = now() - interval '1 hour' WHERE id = :id", id=minh.id)
    await asks(house, "Cho em gặp nhân viên", "LT-0001")
    away = {"start_at": now(house).isoformat(), "end_at": (now(house) + HOUR / 2).isoformat()}
    status, refused = await lan.post("/api/leave", **away)
    assert (status, refused["error"]) == (409, "customers_wait")
    manager = await house.staff("Sơn", "management", role=RoleId.MANAGER)
    assert (await manager.post("/api/leave", staff_id=lan.id, accept_gaps=True, **away))[0] == 201, "illness"


async def test_leave_needs_a_name_where_only_a_flexible_manager_is_left(house: TestHouse) -> None:
    """The cash desk stands in for accounting; a manager of it without planned hours may come or not."""
    lan = await house.staff("Lan", "accounting")
    manager = await house.staff("Sơn", "cashier", "management", role=RoleId.MANAGER)
    away = {"start_at": (now(house) + 24 * HOUR).isoformat(), "end_at": (now(house) + 48 * HOUR).isoformat()}
    status, refused = await lan.post("/api/leave", **away)
    assert (status, refused["error"]) == (409, "uncovers")
    assert "accounting" in {gap["department"] for gap in refused["gaps"]}
    assert "Sơn" in [one["name"] for one in refused["covers"]]
    assert (await lan.post("/api/leave", cover_id=manager.id, **away))[0] == 201


@pytest.mark.parametrize(("minutes", "field"), [(61, "end_at"), (0, "minutes"), (9_999, "minutes")])
async def test_a_break_has_a_length(house: TestHouse, minutes: int, field: str) -> None:
    lan, _ = await at_the_counter(house, "Lan", "Minh")
    status, refused = await lan.post("/api/break", minutes=minutes)
    assert (status, list(refused["fields"])) == (422, [field])


async def test_nobody_takes_a_break_from_being_off(house: TestHouse) -> None:
    lan = await house.staff("Lan", "sales", on_duty=False)
    status, refused = await lan.post("/api/break", minutes=10)
    assert status == 409
    assert "không trong ca" in refused["message"]
    assert (await lan.send("DELETE", "/api/break"))[0] == 404


async def test_whoever_is_back_from_a_break_gets_what_waits(house: TestHouse) -> None:
    tung, _ = await house.staff("Tùng", "accounting"), await house.staff("Hà", "accounting", on_duty=False)
    assert (await tung.post("/api/break", minutes=30))[0] == 201, "the back office has flexible hours"
    visitor = await house.visitor()
    await visitor.say("Em cần hoá đơn")
    await visitor.hears("KT-0001")
    await house.settled()
    assert (await tung.get("/api/cases/KT-0001"))[1]["offer"] is None, "nothing is offered to somebody on a break"
    status, back = await tung.send("DELETE", "/api/break")
    assert status == 200
    assert back["ended_at"] is not None

    async def offered() -> Any:
        return (await tung.get("/api/cases/KT-0001"))[1]["offer"]

    assert (await eventually(offered))["staff_id"] == tung.id
    assert await presence(tung, tung.id) == "on_duty"


async def test_a_break_that_is_over_is_over_by_itself(house: TestHouse) -> None:
    """The timer of the break does what coming back by hand does."""
    tung, _ = await house.staff("Tùng", "it"), await house.staff("Hà", "it")
    _, taken = await tung.post("/api/break", minutes=30)
    store, moment = house.running.house.store, now(house)
    async with store.begin() as uow:
        absence = await uow.rosters.absence(taken["id"])
        over = replace(absence, start_at=moment - HOUR, end_at=moment + timedelta(seconds=1))
        timer = await uow.queues.set_timer({"kind": "absence", "absence_id": absence.id}, over.end_at)
        await uow.rosters.save_absence(replace(over, timer_id=timer))

    async def back() -> bool:
        async with store.read() as uow:
            return (await uow.rosters.absence(taken["id"])).timer_id is None

    await eventually(back)
    assert await presence(tung, tung.id) == "on_duty"


# --- leave ------------------------------------------------------------------------------------------------------------


async def test_leave_is_asked_for_and_taken_back(house: TestHouse) -> None:
    lan, ha = await house.staff("Lan", "it"), await house.staff("Hà", "it")
    start, end = now(house) + 24 * HOUR, now(house) + 72 * HOUR
    asked: dict[str, object] = {"start_at": start.isoformat(), "end_at": end.isoformat(), "note": "Về quê"}
    assert (await lan.post("/api/leave", **asked))[0] == 409, "the desk is open for longer than one person works"
    asked["cover_id"] = ha.id
    status, leave = await lan.post("/api/leave", **asked)
    assert (status, leave["kind"], leave["staff_name"]) == (201, "leave", "Lan")
    assert (await lan.post("/api/leave", **asked))[0] == 422
    stranger = await house.staff("Minh", "it")
    assert (await stranger.send("DELETE", f"/api/leave/{leave['id']}"))[0] == 404
    assert (await lan.send("DELETE", f"/api/leave/{leave['id']}"))[0] == 200
    assert (await lan.post("/api/leave", **asked))[0] == 201


@pytest.mark.parametrize(
    ("start", "end", "field"),
    [(48, 24, "end_at"), (-72, -48, "start_at"), (1, 24 * 400, "end_at")],
)
async def test_leave_that_cannot_be_is_refused(house: TestHouse, start: int, end: int, field: str) -> None:
    lan = await house.staff("Lan", "it")
    moments = {"start_at": (now(house) + start * HOUR).isoformat(), "end_at": (now(house) + end * HOUR).isoformat()}
    status, refused = await lan.post("/api/leave", **moments)
    assert (status, list(refused["fields"])) == (422, [field])


async def test_leave_over_tet_asks_for_a_cover_on_open_days_only(
    database: str, company: Company, tmp_path: Path
) -> None:
    async with running_house(database, company, tmp_path) as house:
        manager = await house.staff("Sơn", "reception", role=RoleId.MANAGER)
        lan, guard = await house.staff("Lan", "reception"), await house.staff("Quang", "facilities")
        for weekday in range(7):
            for clerk, block in ((lan, "07:00-21:00"), (guard, "00:00-24:00")):
                shift = {"staff_id": clerk.id, "weekday": weekday, "block": block}
                assert (await manager.post("/api/shifts", **shift))[0] == 201
        away = {"start_at": "2027-02-03T12:00:00+07:00", "end_at": "2027-02-12T00:00:00+07:00"}
        status, refused = await lan.post("/api/leave", **away)
        assert status == 409
        days = {gap["start_at"][:10] for gap in refused["gaps"]}
        assert {"2027-02-03", "2027-02-11"} <= days
        assert not {"2027-02-04", "2027-02-05", "2027-02-06", "2027-02-07", "2027-02-08", "2027-02-09"} & days
        only = {"start_at": "2027-02-05T00:00:00+07:00", "end_at": "2027-02-10T00:00:00+07:00"}
        assert (await lan.post("/api/leave", **only))[0] == 201, "on the holidays themselves nobody is missed"


async def test_who_leads_may_enter_an_illness_whatever_it_uncovers(house: TestHouse) -> None:
    (lan,) = await at_the_counter(house, "Lan")
    manager = await house.staff("Sơn", "management", role=RoleId.MANAGER)
    away = {"start_at": now(house).isoformat(), "end_at": (now(house) + HOUR).isoformat(), "accept_gaps": True}
    assert (await lan.post("/api/leave", **away))[0] == 403
    assert (await lan.post("/api/leave", staff_id=manager.id, start_at=away["start_at"], end_at=away["end_at"]))[
        0
    ] == 403
    status, _ = await manager.post("/api/leave", staff_id=lan.id, **away)
    assert status == 201
    assert await presence(manager, lan.id) == "off"
    _, cover = await manager.get("/api/coverage", department="reception")
    assert cover["minutes"] > 0, "the gap is shown"


async def test_leave_that_begins_puts_the_cases_back_with_a_date(house: TestHouse) -> None:
    manager = await house.staff("Sơn", "management", role=RoleId.MANAGER, on_duty=False)
    tung = await house.staff("Tùng", "accounting")
    visitor = await house.visitor()
    await visitor.say("Em cần hoá đơn")
    await visitor.hears("KT-0001")
    assert (await tung.post("/api/cases/KT-0001/claim"))[0] == 200
    away = {"start_at": now(house).isoformat(), "end_at": (now(house) + HOUR).isoformat()}
    status, refused = await tung.post("/api/leave", **away)
    assert (status, refused["codes"]) == (409, ["KT-0001"]), "by one's own wish only after handing over"
    assert (await manager.post("/api/leave", staff_id=tung.id, accept_gaps=True, **away))[0] == 201
    await visitor.hears("được giao lại cho đồng nghiệp khác")

    async def freed() -> bool:
        return bool((await manager.get("/api/cases/KT-0001"))[1]["case"]["owner_id"] is None)

    await eventually(freed)


# --- signs of life ----------------------------------------------------------------------------------------------------


async def test_a_silent_console_is_away_and_a_word_brings_it_back(brisk: TestHouse) -> None:
    manager = await brisk.staff("Sơn", "management", role=RoleId.MANAGER)
    tung = await brisk.staff("Tùng", "it")
    told: list[dict[str, Any]] = []

    async def listen() -> None:
        async with manager.session.get(f"{brisk.url}/api/events") as response:
            async for line in response.content:
                event = json.loads(line[6:]) if line.startswith(b"data: ") else {}
                if "presence" in event.get("data", {}):
                    told.append(event["data"])

    listening = asyncio.create_task(listen())
    try:

        async def away() -> bool:
            return await presence(manager, tung.id) == "away"

        await eventually(away)

        async def heard_away() -> bool:
            return {"staff_id": tung.id, "on_duty": True, "presence": "away"} in told

        await eventually(heard_away)
        assert (await tung.get("/api/session"))[1]["staff"]["presence"] == "on_duty", "any call is a sign of life"
        assert await presence(manager, tung.id) == "on_duty"

        async def heard_back() -> bool:
            return told[-1] == {"staff_id": tung.id, "on_duty": True, "presence": "on_duty"}

        await eventually(heard_back)
        assert await presence(manager, manager.id) == "on_duty", "an open live feed is one, too"
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)


async def test_the_roster_takes_a_person_off_and_the_switch_makes_it_overtime(house: TestHouse) -> None:
    lan, minh = await at_the_counter(house, "Lan", "Minh")
    hoa = await house.staff("Hoa", "reception", on_duty=False)
    await works(house, hoa, -3 * HOUR, -HOUR)
    assert await presence(lan, hoa.id) == "off"
    status, mine = await hoa.post("/api/duty", on_duty=True)
    assert (status, mine["presence"], mine["overtime"], mine["shift_ends_at"]) == (200, "on_duty", True, None)
    assert mine["next_shift_at"].endswith("+07:00")
    _, mine = await minh.get("/api/duty")
    assert (mine["overtime"], mine["flexible"], mine["holds"], mine["absence"]) == (False, False, [], None)
    assert mine["shift_ends_at"].endswith("+07:00")
    _, mine = await minh.post("/api/duty", on_duty=False)
    assert (mine["presence"], mine["on_duty"]) == ("off", False)


async def test_whoever_takes_a_case_in_their_break_is_back(house: TestHouse) -> None:
    lan, minh = await at_the_counter(house, "Lan", "Minh")
    assert (await lan.post("/api/break", minutes=15))[0] == 201
    visitor = await asks(house, "Cho em gặp nhân viên", "LT-0001")
    assert (await lan.post("/api/cases/LT-0001/claim"))[0] == 200
    assert await presence(minh, lan.id) == "on_duty"
    assert (await lan.get("/api/duty"))[1]["absence"] is None
    assert (await lan.send("DELETE", "/api/break"))[0] == 404, "it is over"
    await visitor.hears("Lan")
