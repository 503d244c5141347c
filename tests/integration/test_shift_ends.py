"""The end of a shift: nobody goes off owning an open case, and the house helps with letting go of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from bot.domain.company import RoleId
from bot.services.duty import WARNING, set_shift_timer
from bot.services.ports import QueueName
from tests.house import Clerk, TestHouse, Visitor, eventually
from tests.integration.desk_steps import asks, offered, offers_of
from tests.roster_days import HOUR, now, presence, works

MINUTE = timedelta(minutes=1)


async def owning(house: TestHouse, clerk: Clerk, *codes: str) -> list[Visitor]:
    """Have a clerk own cases, each of a customer of its own."""
    visitors = []
    for code in codes:
        visitor = await house.visitor()
        await visitor.say("Em cần hoá đơn")
        await visitor.hears(code)
        assert (await clerk.post(f"/api/cases/{code}/claim"))[0] == 200
        visitors.append(visitor)
    return visitors


async def owner_of(clerk: Clerk, code: str) -> int | None:
    status, body = await clerk.get(f"/api/cases/{code}")
    assert status == 200
    owner: int | None = body["case"]["owner_id"]
    return owner


async def off(house: TestHouse, clerk: Clerk) -> bool:
    return (await clerk.get("/api/duty"))[1]["presence"] == "off"


async def test_going_off_with_open_cases_is_refused_with_the_list(house: TestHouse) -> None:
    lan = await house.staff("Lan", "accounting")
    await owning(house, lan, "KT-0001")
    status, refused = await lan.post("/api/duty", on_duty=False)
    assert (status, refused["error"], refused["codes"]) == (409, "holds_open_cases", ["KT-0001"])
    assert (await lan.get("/api/duty"))[1]["holds"] == ["KT-0001"]


async def test_what_is_held_comes_with_ways_out_and_a_suggestion(house: TestHouse) -> None:
    lan = await house.staff("Lan", "accounting")
    await owning(house, lan, "KT-0001")
    minh, hoa = await house.staff("Minh", "accounting"), await house.staff("Hoa", "reception")
    tung = await house.staff("Tùng", "warehouse")
    status, body = await lan.get("/api/shift-end")
    assert (status, body["shift_ends_at"]) == (200, None)
    (held,) = body["holds"]
    assert (held["code"], held["department_label"], held["asked"]) == ("KT-0001", "Kế toán", None)
    shown = [(one["id"], one["department"]) for one in held["colleagues"]]
    assert shown == [(minh.id, "accounting"), (hoa.id, "reception")]
    assert tung.id not in dict(shown)
    assert held["suggested"]["to"] == "staff"
    assert held["suggested"]["staff_id"] == minh.id
    assert held["promise_at"].endswith("+07:00")


async def test_no_colleague_is_put_forward_for_everything(house: TestHouse) -> None:
    lan = await house.staff("Lan", "accounting")
    codes = ["KT-0001", "KT-0002", "KT-0003", "KT-0004"]
    for code in codes:
        await owning(house, lan, code)
    minh, nga = await house.staff("Minh", "accounting"), await house.staff("Nga", "accounting")
    held = (await lan.get("/api/shift-end"))[1]["holds"]
    assert [one["suggested"]["staff_id"] for one in held] == [minh.id, nga.id, minh.id, nga.id]


async def test_alone_the_suggestion_is_a_date_from_the_roster(house: TestHouse) -> None:
    lan, minh = await house.staff("Lan", "accounting"), await house.staff("Minh", "accounting", on_duty=False)
    for clerk in (lan, minh):
        await works(house, clerk, -HOUR if clerk is lan else 5 * HOUR, HOUR if clerk is lan else 9 * HOUR)
    await owning(house, lan, "KT-0001")
    (held,) = (await lan.get("/api/shift-end"))[1]["holds"]
    assert (held["suggested"]["to"], held["colleagues"]) == ("promise", [])
    begins = (now(house) + 5 * HOUR).replace(second=0, microsecond=0)
    assert begins.isoformat() < held["promise_at"] < (begins + 40 * MINUTE).isoformat()
    assert held["suggested"]["due_at"] == held["promise_at"]


async def test_a_plan_hands_over_keeps_puts_back_and_refuses_each_by_itself(house: TestHouse) -> None:
    lan = await house.staff("Lan", "accounting")
    first, second, third = await owning(house, lan, "KT-0001", "KT-0002", "KT-0003")
    minh = await house.staff("Minh", "accounting")
    boss = await house.staff("Sơn", "management", role=RoleId.MANAGER, on_duty=False)
    due = (now(house) + 26 * HOUR).replace(second=0, microsecond=0)
    plan = [
        {"code": "KT-0001", "to": "staff", "staff_id": minh.id, "note": "Khách chờ hoá đơn tháng 10"},
        {"code": "kt-0002", "to": "promise", "due_at": due.isoformat()},
        {"code": "KT-0003", "to": "promise", "due_at": "2020-01-01T00:00:00+07:00"},
    ]
    status, done = await lan.post("/api/shift-end", plan=plan)
    assert status == 200
    assert [one["outcome"] for one in done["results"]] == ["asked", "put_back", "refused"]
    assert [one["error"] for one in done["results"]] == [None, None, "invalid"]
    assert (done["off"], done["waiting"], done["holds"]) == (False, False, ["KT-0001", "KT-0003"])
    await second.hears(f"trước {due.hour}:{due.minute:02d}")
    deadlines = (await boss.get("/api/cases/KT-0002"))[1]["deadlines"]
    assert deadlines["first_due_at"] is None, "nothing is owed before the date that the customer was told"
    assert await owner_of(boss, "KT-0001") == lan.id, "the giver keeps it until it is accepted"
    status, done = await lan.post("/api/shift-end", plan=[{"code": "KT-0003", "to": "keep"}])
    assert (done["results"][0]["outcome"], done["off"], done["waiting"]) == ("kept", False, False)
    assert await presence(lan, lan.id) == "on_duty"
    del first, third


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ({"code": "KT-0099", "to": "keep"}, "code"),
        ({"code": "BH-0001", "to": "promise"}, "code"),
        ({"code": "hôm nay", "to": "department"}, "code"),
        ({"code": "kt-0001", "to": "keep"}, "code"),
        ({"code": "KT-0002", "to": "staff"}, "staff_id"),
        ({"code": "KT-0002", "to": "staff", "staff_id": 4711}, "staff_id"),
        ({"code": "KT-0002", "to": "department", "staff_id": 1}, "staff_id"),
        ({"code": "KT-0002", "to": "department", "department": "nowhere"}, "department"),
    ],
)
async def test_a_plan_that_cannot_be_meant_is_refused_whole(house: TestHouse, line: dict[str, Any], field: str) -> None:
    lan = await house.staff("Lan", "accounting")
    await owning(house, lan, "KT-0001", "KT-0002")
    status, problem = await lan.post("/api/shift-end", plan=[{"code": "KT-0001", "to": "promise"}, line])
    assert (status, list(problem["fields"])) == (422, [f"plan.1.{field}"])
    assert await owner_of(lan, "KT-0001") == lan.id, "nothing is half done"
    assert not await off(house, lan)


async def test_a_case_that_is_no_longer_ones_own_is_named(house: TestHouse) -> None:
    lan = await house.staff("Lan", "accounting")
    await owning(house, lan, "KT-0001", "KT-0002", "KT-0003")
    minh, hoa = await house.staff("Minh", "accounting"), await house.staff("Hoa", "reception")
    for code, mate in (("KT-0001", minh), ("KT-0002", hoa)):
        plan = [{"code": code, "to": "staff", "staff_id": mate.id}]
        assert (await lan.post("/api/shift-end", plan=plan))[1]["results"][0]["outcome"] == "asked"
        assert (await mate.post(f"/api/cases/{code}/accept"))[0] == 200
    plan = [{"code": f"KT-000{number}", "to": "promise"} for number in (1, 2, 3)]
    status, done = await lan.post("/api/shift-end", plan=plan)
    assert status == 200
    assert [(one["outcome"], one["error"]) for one in done["results"]] == [
        ("refused", "already_taken"),
        ("refused", "already_taken"),
        ("put_back", None),
    ]
    assert done["results"][0]["message"] == "KT-0001 không ở anh/chị: Minh đang giữ."
    assert (done["holds"], done["off"]) == ([], True)


async def test_a_case_that_never_was_ones_own_is_refused_and_nothing_else_is_said_of_it(house: TestHouse) -> None:
    lan, minh = await house.staff("Lan", "accounting"), await house.staff("Minh", "accounting")
    await owning(house, minh, "KT-0001")
    visitor = await house.visitor()
    await visitor.say("Em cần hoá đơn")
    await visitor.hears("KT-0002")
    for to in ({"to": "keep"}, {"to": "promise"}, {"to": "department", "department": "reception"}):
        _, done = await lan.post("/api/shift-end", plan=[{"code": "KT-0001", **to}, {"code": "KT-0002", **to}])
        assert [one["message"] for one in done["results"]] == [
            "KT-0001 không ở anh/chị: Minh đang giữ.",
            "KT-0002 không ở anh/chị: phiếu đang ở hàng đợi.",
        ]
        assert {one["outcome"] for one in done["results"]} == {"refused"}
    assert (await minh.get("/api/cases/KT-0002"))[1]["case"]["department"] == "accounting"


async def test_which_department_was_asked_is_told_in_the_readers_language(house: TestHouse) -> None:
    lan = await house.staff("Lan", "accounting")
    await owning(house, lan, "KT-0001")
    await house.staff("Minh", "accounting")
    _, done = await lan.post("/api/shift-end", plan=[{"code": "KT-0001", "to": "department"}])
    assert done["results"][0]["outcome"] == "asked"
    async with lan.session.get(f"{lan.url}/api/shift-end", headers={"Accept-Language": "en"}) as response:
        (held,) = (await response.json())["holds"]
    assert (held["asked"], held["department_label"]) == ("Accounting", "Accounting")


async def test_off_as_soon_as_the_last_case_is_accepted(house: TestHouse) -> None:
    lan = await house.staff("Lan", "accounting")
    (visitor,) = await owning(house, lan, "KT-0001")
    minh = await house.staff("Minh", "accounting")
    _, done = await lan.post("/api/shift-end", plan=[{"code": "KT-0001", "to": "staff", "staff_id": minh.id}])
    assert (done["off"], done["waiting"]) == (False, True)
    assert (await lan.get("/api/duty"))[1]["leaving"] is True
    assert (await lan.get("/api/shift-end"))[1]["holds"][0]["asked"] == "Minh"
    assert (await minh.post("/api/cases/KT-0001/accept"))[0] == 200
    await visitor.hears("Minh")
    case = (await minh.get("/api/cases/KT-0001"))[1]["case"]
    assert (case["owner_id"], case["hops"]) == (minh.id, 0), "being relieved costs no hop"
    await eventually(lambda: off(house, lan), 25)
    assert (await lan.get("/api/duty"))[1]["on_duty"] is False


async def test_a_colleague_who_declines_leaves_the_giver_on_duty(house: TestHouse) -> None:
    lan = await house.staff("Lan", "accounting")
    await owning(house, lan, "KT-0001")
    minh = await house.staff("Minh", "accounting")
    await lan.post("/api/shift-end", plan=[{"code": "KT-0001", "to": "staff", "staff_id": minh.id}])
    assert (await minh.post("/api/cases/KT-0001/decline", reason="Em cũng sắp hết ca"))[0] == 200
    mine = (await lan.get("/api/duty"))[1]
    assert (mine["on_duty"], mine["leaving"], mine["holds"]) == (True, False, ["KT-0001"])


async def test_an_empty_department_means_back_into_the_queue_with_a_date(house: TestHouse) -> None:
    lan = await house.staff("Lan", "accounting")
    (visitor,) = await owning(house, lan, "KT-0001")
    _, done = await lan.post("/api/shift-end", plan=[{"code": "KT-0001", "to": "department"}])
    assert [one["outcome"] for one in done["results"]] == ["put_back"]
    assert done["results"][0]["due_at"].endswith("+07:00")
    assert (done["off"], done["holds"]) == (True, [])
    await visitor.hears("được giao lại cho đồng nghiệp khác")
    assert await off(house, lan)
    boss = await house.staff("Sơn", "management", role=RoleId.MANAGER, on_duty=False)
    page = (await boss.get("/api/cases/KT-0001"))[1]
    assert (page["case"]["state"], page["case"]["hops"]) == ("waiting", 0)
    assert page["due_at"] is not None


async def test_with_nothing_held_an_empty_plan_goes_off(house: TestHouse) -> None:
    lan = await house.staff("Lan", "accounting")
    _, done = await lan.post("/api/shift-end", plan=[])
    assert (done["off"], await off(house, lan)) == (True, True)


# --- the clock --------------------------------------------------------------------------------------------------------


async def timed(house: TestHouse, clerk: Clerk, *, seen: timedelta = timedelta()) -> None:
    """Let a shift of a clerk end a moment ago, and its timer fall due; they were last heard of `seen` before now."""
    store, moment = house.running.house.store, now(house)
    await works(house, clerk, -2 * HOUR, timedelta())
    async with store.begin() as uow:
        came = moment - HOUR
        await uow.staff.set_duty(clerk.id, on_duty=False, at=came)
        await uow.staff.set_duty(clerk.id, on_duty=True, at=came)
        person = await uow.staff.get(clerk.id)
        roster = await uow.rosters.roster(house.running.house.company.zone, came, moment, staff_id=clerk.id)
        end = roster.shift_end(clerk.id, came)
        assert end is not None
        if seen:
            await _unseen(uow, clerk.id, moment - seen)
        await set_shift_timer(uow, person, WARNING, end, moment)


async def _unseen(uow: Any, staff_id: int, at: Any) -> None:
    """Only a test can make somebody not have been heard of."""
    await uow._connection.execute(text("UPDATE staff SET seen_at = :at WHERE id = :id"), {"at": at, "id": staff_id})


async def test_a_shift_that_ends_with_nothing_held_turns_the_switch(house: TestHouse) -> None:
    boss, lan = await house.staff("Sơn", "management", role=RoleId.MANAGER), await house.staff("Lan", "accounting")
    await timed(house, lan)

    async def switched_off() -> bool:
        body = (await boss.get("/api/staff"))[1]
        return not next(one["on_duty"] for one in body["staff"] if one["id"] == lan.id)

    await eventually(switched_off)


async def test_whoever_hands_over_after_the_shift_works_overtime(house: TestHouse) -> None:
    lan = await house.staff("Lan", "accounting")
    await owning(house, lan, "KT-0001")
    await timed(house, lan)

    async def overtime() -> bool:
        mine = (await lan.get("/api/duty"))[1]
        return bool(mine["overtime"] and mine["presence"] == "on_duty")

    await eventually(overtime)
    assert (await lan.get("/api/duty"))[1]["holds"] == ["KT-0001"]


async def test_the_cases_of_somebody_who_just_left_go_back_with_a_date(house: TestHouse) -> None:
    boss = await house.staff("Sơn", "management", role=RoleId.MANAGER, on_duty=False)
    lan = await house.staff("Lan", "accounting")
    (visitor,) = await owning(house, lan, "KT-0001")
    await timed(house, lan, seen=HOUR)
    await visitor.hears("được giao lại cho đồng nghiệp khác")
    assert await owner_of(boss, "KT-0001") is None
    assert await presence(boss, lan.id) == "off"


async def test_a_timer_of_another_shift_means_nothing(house: TestHouse) -> None:
    lan = await house.staff("Lan", "accounting")
    store, moment = house.running.house.store, now(house)
    async with store.begin() as uow:
        body = {"kind": "shift_end", "staff_id": lan.id, "since": "", "end_at": (moment - HOUR).isoformat()}
        await uow.queues.set_timer(body, moment)
        waiting = await uow.queues.depth(QueueName.TIMERS)

    async def dealt_with() -> bool:
        return await _depth(house) < waiting

    await eventually(dealt_with)
    assert await presence(lan, lan.id) == "on_duty"


async def _depth(house: TestHouse) -> int:
    async with house.running.house.store.begin() as uow:
        return await uow.queues.depth(QueueName.TIMERS)


async def test_whoever_leaves_is_offered_nothing_not_even_what_they_put_back(house: TestHouse) -> None:
    lan = await house.staff("Lan", "accounting")
    await owning(house, lan, "KT-0001", "KT-0002")
    minh = await house.staff("Minh", "accounting")
    await owning(house, minh, "KT-0003")
    before = {one.id for one in await offers_of(house, "KT-0001")}
    plan = [{"code": "KT-0002", "to": "staff", "staff_id": minh.id}, {"code": "KT-0001", "to": "promise"}]
    assert (await lan.post("/api/shift-end", plan=plan))[1]["waiting"] is True
    await asks(house, code="KT-0004")
    await offered(house, "KT-0001", minh)
    await offered(house, "KT-0004", minh)
    for code in ("KT-0001", "KT-0004"):
        made = [one for one in await offers_of(house, code) if one.id not in before and not one.refused]
        assert {one.staff_id for one in made} == {minh.id}


async def test_who_put_a_case_back_is_asked_again_only_after_the_others(house: TestHouse) -> None:
    lan, minh = await house.staff("Lan", "accounting"), await house.staff("Minh", "accounting")
    await owning(house, lan, "KT-0001")
    await owning(house, minh, "KT-0002", "KT-0003")
    await lan.post("/api/shift-end", plan=[{"code": "KT-0001", "to": "promise"}])
    assert (await lan.post("/api/duty", on_duty=True))[0] == 200
    await offered(house, "KT-0001", minh)
