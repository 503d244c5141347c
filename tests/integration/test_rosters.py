"""The roster through its doors: shifts, single days, who may plan, and what stays uncovered."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.company import Company, RoleId
from bot.domain.hours import Block
from tests.house import Clerk, TestHouse, running_house
from tests.roster_days import now

MONDAY = 0


@pytest.fixture
async def office(database: str, company: Company, tmp_path: Path) -> AsyncIterator[TestHouse]:
    """The front office with the opening hours and holidays of the demonstration company."""
    async with running_house(database, company, tmp_path) as running:
        yield running


async def people(house: TestHouse) -> tuple[Clerk, Clerk]:
    manager = await house.staff("Sơn", "sales", "accounting", role=RoleId.MANAGER)
    return manager, await house.staff("Lan", "sales")


async def shift_of(manager: Clerk, clerk: Clerk, block: str, **more: Any) -> tuple[int, Any]:
    return await manager.post("/api/shifts", staff_id=clerk.id, weekday=MONDAY, block=block, **more)


async def planned(clerk: Clerk, staff_id: int, **query: str) -> dict[str, Any]:
    status, body = await clerk.get("/api/roster", **query)
    assert status == 200, body
    return next(one for one in body["people"] if one["id"] == staff_id)


async def test_a_shift_comes_back_every_week(house: TestHouse) -> None:
    manager, lan = await people(house)
    status, shift = await shift_of(manager, lan, "08:00-12:00")
    assert status == 201
    assert (shift["block"], shift["weekday"], shift["valid_to"]) == ("08:00-12:00", MONDAY, None)
    monday = now(house).date() + timedelta(days=7 - now(house).weekday())
    for week in (0, 7):
        day = str(monday + timedelta(days=week))
        person = await planned(lan, lan.id, **{"from": day, "to": day})
        assert [(one["start_at"][:16], one["end_at"][11:]) for one in person["work"]] == [
            (f"{day}T08:00", "12:00:00+07:00")
        ]
        assert not person["flexible"]


async def test_a_night_shift_belongs_to_the_day_on_which_it_begins(house: TestHouse) -> None:
    manager, lan = await people(house)
    assert (await shift_of(manager, lan, "22:00-06:00+1"))[0] == 201
    tuesday = now(house).date() + timedelta(days=8 - now(house).weekday())
    person = await planned(manager, lan.id, **{"from": str(tuesday), "to": str(tuesday)})
    assert [one["end_at"] for one in person["work"]] == [f"{tuesday}T06:00:00+07:00"]
    status, refused = await manager.post("/api/shifts", staff_id=lan.id, weekday=1, block="05:00-09:00")
    assert (status, list(refused["fields"])) == (422, ["block"])


@pytest.mark.parametrize(
    ("block", "more", "field"),
    [
        ("11:59-15:00", {}, "block"),
        ("12:00-09:00", {}, "block"),
        ("sáng", {}, "block"),
        ("13:00-15:00", {"valid_from": "2020-01-06"}, "valid_from"),
        ("13:00-15:00", {"valid_from": "2030-01-07", "valid_to": "2029-12-31"}, "valid_to"),
        ("13:00-15:00", {"valid_from": "2030-01-08", "valid_to": "2030-01-09"}, "valid_to"),
    ],
)
async def test_shifts_that_cannot_be_are_refused(
    house: TestHouse, block: str, more: dict[str, str], field: str
) -> None:
    manager, lan = await people(house)
    assert (await shift_of(manager, lan, "08:00-12:00"))[0] == 201
    status, refused = await shift_of(manager, lan, block, **more)
    assert (status, list(refused["fields"])) == (422, [field])
    assert len((await planned(manager, lan.id))["shifts"]) == 1


async def test_nobody_works_who_is_not_there(house: TestHouse) -> None:
    manager, _ = await people(house)
    status, refused = await manager.post("/api/shifts", staff_id=999, weekday=0, block="08:00-12:00")
    assert (status, list(refused["fields"])) == (422, ["staff_id"])


async def test_a_change_leaves_the_past_alone(house: TestHouse) -> None:
    """A shift that has begun is ended the day before, and a new one goes on."""
    manager, lan = await people(house)
    today = now(house).date()
    async with house.running.house.store.begin() as uow:
        since = today - timedelta(days=28)
        old = await uow.rosters.add_shift(lan.id, today.weekday(), Block(9 * 60, 17 * 60), since, None)
    status, new = await manager.send("PATCH", f"/api/shifts/{old.id}", block="01:00-02:00")
    assert (status, new["block"], new["valid_from"]) == (200, "01:00-02:00", str(today))
    assert new["id"] != old.id
    async with house.running.house.store.read() as uow:
        assert (await uow.rosters.shift(old.id)).valid_to == today - timedelta(days=1)
    status, again = await manager.send("PATCH", f"/api/shifts/{new['id']}", weekday=(old.weekday + 1) % 7)
    assert (status, again["id"]) == (200, new["id"]), "one that begins today is changed in its place"


async def test_a_shift_ends_with_a_date_or_at_once(house: TestHouse) -> None:
    manager, lan = await people(house)
    _, ahead = await shift_of(manager, lan, "08:00-12:00", valid_from="2030-01-07")
    status, ended = await manager.send("PATCH", f"/api/shifts/{ahead['id']}", valid_to="2030-03-04")
    assert (status, ended["id"], ended["valid_to"]) == (200, ahead["id"], "2030-03-04")
    assert (await manager.send("PATCH", f"/api/shifts/{ahead['id']}", open_ended=True))[1]["valid_to"] is None
    assert (await manager.send("DELETE", f"/api/shifts/{ahead['id']}"))[0] == 204
    assert (await manager.send("DELETE", f"/api/shifts/{ahead['id']}"))[0] == 404
    assert (await manager.send("DELETE", "/api/shifts/x"))[0] == 404


async def test_a_single_day_takes_the_place_of_the_shifts(house: TestHouse) -> None:
    manager, lan = await people(house)
    await shift_of(manager, lan, "08:00-12:00")
    monday = str(now(house).date() + timedelta(days=7 - now(house).weekday()))
    path, days = f"/api/roster/{lan.id}/{monday}", {"from": monday, "to": monday}
    status, day = await manager.send("PUT", path, blocks=["13:00-15:00", "09:00-10:00"], note="Đổi ca với Minh")
    assert (status, day["blocks"]) == (200, ["09:00-10:00", "13:00-15:00"])
    assert [one["start_at"][11:16] for one in (await planned(lan, lan.id, **days))["work"]] == ["09:00", "13:00"]
    assert (await manager.send("PUT", path, blocks=[]))[0] == 200, "a second one replaces the first: a day off"
    assert (await planned(lan, lan.id, **days))["work"] == []
    assert (await manager.send("DELETE", path))[0] == 204
    assert [one["start_at"][11:16] for one in (await planned(lan, lan.id, **days))["work"]] == ["08:00"]


@pytest.mark.parametrize(
    ("day", "blocks", "expected"),
    [
        ("2020-01-06", ["08:00-12:00"], 422),
        ("2030-01-07", ["08:00-12:00", "11:00-13:00"], 422),
        ("2030-01-07", ["12:00-08:00"], 422),
        ("2030-02-30", ["08:00-12:00"], 422),
    ],
)
async def test_days_that_cannot_be_are_refused(house: TestHouse, day: str, blocks: list[str], expected: int) -> None:
    manager, lan = await people(house)
    assert (await manager.send("PUT", f"/api/roster/{lan.id}/{day}", blocks=blocks))[0] == expected


async def test_agents_plan_nobody_and_see_their_own_departments(house: TestHouse) -> None:
    manager, lan = await people(house)
    minh, tung = await house.staff("Minh", "sales"), await house.staff("Tùng", "it")
    assert (await lan.post("/api/shifts", staff_id=lan.id, weekday=0, block="08:00-12:00"))[0] == 403
    _, shift = await shift_of(manager, minh, "08:00-12:00")
    assert (await lan.send("PATCH", f"/api/shifts/{shift['id']}", block="09:00-12:00"))[0] == 403
    assert (await lan.send("DELETE", f"/api/shifts/{shift['id']}"))[0] == 403
    assert (await lan.send("PUT", f"/api/roster/{minh.id}/2030-01-07", blocks=[]))[0] == 403
    assert (await lan.send("DELETE", f"/api/roster/{minh.id}/2030-01-07"))[0] == 403
    seen = {one["id"] for one in (await lan.get("/api/roster"))[1]["people"]}
    assert seen == {manager.id, lan.id, minh.id}
    assert tung.id in {one["id"] for one in (await manager.get("/api/roster"))[1]["people"]}
    only = (await manager.get("/api/roster", department="it"))[1]["people"]
    assert [one["id"] for one in only] == [tung.id]


async def test_coverage_shows_what_is_open_and_empty_ahead_of_time(office: TestHouse) -> None:
    """Nobody is planned: every open hour of the front office is a gap, none on a holiday, in local time."""
    manager = await office.staff("Sơn", "management", role=RoleId.MANAGER)
    status, body = await manager.get(
        "/api/coverage", **{"from": "2027-02-01", "to": "2027-02-14", "department": "sales"}
    )
    assert status == 200
    (sales,) = body["departments"]
    days = {one["start_at"][:10] for one in sales["gaps"]}
    assert "2027-02-01" in days
    tet = {str(date(2027, 2, day)) for day in (5, 6, 7, 8, 9)}
    assert not days & tet, "Tết is not a gap: nothing is open"
    assert sales["minutes"] == sum(one["minutes"] for one in sales["gaps"]) == body["minutes"] > 0
    assert all(one["start_at"].endswith("+07:00") for one in sales["gaps"])


async def test_a_shift_closes_a_gap_of_its_department_and_of_those_it_covers(office: TestHouse) -> None:
    manager = await office.staff("Sơn", "management", role=RoleId.MANAGER)
    lan = await office.staff("Lan", "reception")
    query = {"from": "2030-01-07", "to": "2030-01-07"}

    async def gaps() -> dict[str, list[str]]:
        _, body = await manager.get("/api/coverage", **query)
        return {
            one["department"]: [f"{gap['start_at'][11:16]}-{gap['end_at'][11:16]}" for gap in one["gaps"]]
            for one in body["departments"]
        }

    assert (await gaps())["reception"] == ["08:00-12:00", "13:00-20:00"]
    await shift_of(manager, lan, "08:00-18:00")
    after = await gaps()
    assert after["reception"] == ["18:00-20:00"]
    assert after["customer_relations"] == ["18:00-20:00"], "reception stands in for customer relations"


async def test_coverage_looks_14_days_ahead_and_no_further_than_two_months(office: TestHouse) -> None:
    lan = await office.staff("Lan", "sales")
    status, body = await lan.get("/api/coverage")
    assert status == 200
    assert len(body["departments"]) == 15
    assert (await lan.get("/api/coverage", **{"from": "2030-01-01", "to": "2031-01-01"}))[0] == 422
    assert (await lan.get("/api/coverage", **{"from": "2030-01-08", "to": "2030-01-01"}))[0] == 422
    for door in ("coverage", "roster"):
        status, problem = await lan.get(f"/api/{door}", department="nowhere")
        assert (status, problem["fields"]) == (422, {"department": "Không có bộ phận này."}), door
    assert (await lan.get("/api/roster", **{"from": "2030-01-01", "to": "2031-01-01"}))[0] == 422


async def test_days_at_the_ends_of_the_calendar_are_refused(house: TestHouse) -> None:
    manager = await house.staff("Sơn", "management", role=RoleId.MANAGER)
    for first, last in (("0001-01-01", "0001-01-02"), ("9999-12-30", "9999-12-31")):
        for door in ("roster", "coverage", "calendar"):
            assert (await manager.get(f"/api/{door}", **{"from": first, "to": last}))[0] == 422, (door, first)
        assert (await manager.send("PUT", f"/api/roster/{manager.id}/{last}", blocks=["08:00-12:00"]))[0] == 422
        leave = {"start_at": f"{first}T08:00:00+14:00", "end_at": f"{last}T08:00:00+14:00"}
        status, refused = await manager.post("/api/leave", **leave)
        assert (status, set(refused["fields"])) == (422, {"start_at", "end_at"})
        shift = {"staff_id": manager.id, "weekday": 1, "block": "08:00-12:00", "valid_from": last}
        assert (await manager.post("/api/shifts", **shift))[0] == 422


async def test_every_fault_of_a_form_is_said_in_the_language_of_the_page(house: TestHouse) -> None:
    manager = await house.staff("Sơn", "management", role=RoleId.MANAGER)
    for method, body in (("PUT", {"blocks": ["08:00-12:00"]}), ("DELETE", {})):
        status, refused = await manager.send(method, f"/api/roster/{manager.id}/2026-13-01", **body)
        assert (status, refused["fields"]) == (422, {"day": "Ngày phải là một ngày có thật, viết dạng 2026-11-26."})
    shift = {"staff_id": manager.id, "weekday": 9, "block": "08:00-12:00"}
    status, refused = await manager.post("/api/shifts", **shift)
    assert (status, refused["fields"]) == (422, {"weekday": "Tối đa là 6."})
    assert refused["message"] == "Dữ liệu gửi lên chưa đúng ở “weekday”: tối đa là 6."
    manager.session.headers["Accept-Language"] = "en"
    status, refused = await manager.post("/api/shifts", **shift)
    assert (status, refused["fields"]) == (422, {"weekday": "It must be 6 or less."})
    status, refused = await manager.post("/api/shifts", **{**shift, "weekday": 1, "block": "12:00-08:00"})
    assert (status, refused["message"]) == (422, "The hours are not right, or clash with others.")
