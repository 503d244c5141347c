"""What waits for a person, and what a case page tells them, through the doors."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.company import RoleId
from tests.house import Clerk, TestHouse
from tests.integration.desk_steps import asks, offered

pytestmark = pytest.mark.integration


async def inbox(clerk: Clerk) -> dict[str, Any]:
    status, found = await clerk.get("/api/inbox")
    assert status == 200
    return found  # type: ignore[no-any-return]


async def test_everything_that_waits_for_a_person_is_in_one_place(house: TestHouse) -> None:
    lan = await house.staff("Lan", "accounting")
    tu, boss = await house.staff("Tú", "warehouse"), await house.staff("Hà", role=RoleId.ADMIN)
    await asks(house)
    await offered(house, "KT-0001", lan)
    first = await inbox(lan)
    assert first["counts"] == {"offers": 1, "transfers": 0, "requests": 0, "approvals": 0, "total": 1}
    assert (first["offers"][0]["case"]["code"], first["offers"][0]["staff_name"]) == ("KT-0001", "Lan")
    assert (await lan.post("/api/cases/KT-0001/accept"))[0] == 200
    assert (await inbox(lan))["counts"]["total"] == 0

    await lan.post("/api/cases/KT-0001/request", department="warehouse", text="Đơn 4411 mấy thùng?")
    await lan.post("/api/cases/KT-0001/approve", kind="refund", amount=90_000_000, reason="Thu hai lần.")
    await lan.post("/api/cases/KT-0001/transfer", department="warehouse", note="Kiểm giúp em.")
    theirs = await inbox(tu)
    assert (theirs["counts"]["transfers"], theirs["counts"]["requests"], theirs["counts"]["total"]) == (1, 1, 2)
    assert theirs["transfers"][0]["note"] == "Kiểm giúp em."
    assert (await inbox(boss))["approvals"][0]["amount"] == 90_000_000
    mine = await inbox(lan)
    assert (len(mine["outgoing"]), mine["counts"]["total"]) == (1, 0)


async def test_an_offer_is_declined_through_the_door_and_moves_on(house: TestHouse) -> None:
    lan = await house.staff("Lan", "accounting")
    await asks(house)
    await offered(house, "KT-0001", lan)
    mai = await house.staff("Mai", "accounting")
    assert (await mai.post("/api/cases/KT-0001/accept"))[0] == 403
    assert (await lan.post("/api/cases/KT-0001/decline", reason="Em đang dở ca khác."))[0] == 200
    await offered(house, "KT-0001", mai)
    assert (await inbox(lan))["counts"]["offers"] == 0
    status, problem = await lan.post("/api/cases/KT-0001/accept")
    assert status == 403, problem
    assert (await mai.post("/api/cases/KT-0001/accept"))[0] == 200
    status, problem = await lan.post("/api/cases/KT-0001/accept")
    assert (status, problem["winner"]) == (409, "Mai")


async def test_the_page_of_a_case_says_what_to_know_before_speaking(house: TestHouse) -> None:
    lan = await house.staff("Lan", "accounting")
    visitor = await asks(house, "sửa hoá đơn ghi sai mã số thuế giúp em, gấp lắm")
    await lan.post("/api/cases/KT-0001/claim")
    await lan.post("/api/cases/KT-0001/reply", text="Dạ em xuất lại hoá đơn điều chỉnh mã số thuế rồi ạ")
    await lan.post("/api/cases/KT-0001/resolve")
    await visitor.hears("đã xử lý xong")
    other = await asks(house, "hoá đơn ghi sai mã số thuế", "KT-0002")
    await other.say("sửa giúp em hoá đơn ghi sai mã số thuế nhé")
    await other.hears("ghi thêm vào phiếu KT-0002")
    page = (await lan.get("/api/cases/KT-0002"))[1]
    summary = page["summary"]
    assert any("sai mã số thuế" in one for one in summary["need"])
    assert summary["mood"] == "calm"
    assert summary["suggestion"] == {"text": "Dạ em xuất lại hoá đơn điều chỉnh mã số thuế rồi ạ", "code": "KT-0001"}
    assert page["hops_left"] == 2
    assert page["deadlines"]["first_due_at"] is not None
    assert page["deadlines"]["waiting_for_customer"] is False
    first = (await lan.get("/api/cases/KT-0001"))[1]
    assert first["summary"]["mood"] == "urgent"
    assert first["wait"] is None
    assert first["rating"]["score"] is None
