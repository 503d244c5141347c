"""Approvals through the doors: decided by somebody who may, never by the asker, and the customer hears of it."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest

from bot.domain.approvals import Approval
from bot.domain.company import RoleId
from tests.house import Clerk, TestHouse, Visitor, eventually
from tests.integration.desk_steps import rings, rows, sql

pytestmark = pytest.mark.integration


async def held(house: TestHouse) -> tuple[Visitor, Clerk]:
    """A customer whose case KT-0001 is with Lan of accounting."""
    visitor, lan = await house.visitor(), await house.staff("Lan", "accounting")
    await visitor.say("hoá đơn tính tiền hai lần")
    await visitor.hears("KT-0001")
    assert (await lan.post("/api/cases/KT-0001/claim"))[0] == 200
    return visitor, lan


async def ask(clerk: Clerk, **body: Any) -> tuple[int, Any]:
    given = {"kind": "refund", "amount": 150_000_000, "reason": "Thu hai lần, có sao kê.", **body}
    return await clerk.post("/api/cases/KT-0001/approve", **given)


async def stored(house: TestHouse, approval_id: int) -> Approval:
    async with house.running.house.store.begin() as uow:
        return await uow.approvals.get(approval_id)


async def gone_up(house: TestHouse, approval_id: int) -> Approval:
    """Wait until an approval went to those without a limit."""

    async def look() -> Approval | None:
        found = await stored(house, approval_id)
        return found if found.escalated_at is not None else None

    return await eventually(look)


async def notes(clerk: Clerk) -> list[str]:
    page = (await clerk.get("/api/cases/KT-0001"))[1]
    return [one["text"] for one in page["messages"] if one["direction"] == "internal"]


async def test_a_yes_is_told_to_the_customer_and_written_down(house: TestHouse) -> None:
    visitor, lan = await held(house)
    boss = await house.staff("Hà", role=RoleId.ADMIN)
    status, asked = await ask(lan)
    assert (status, asked["state"], asked["kind_label"], asked["deciders"]) == (201, "pending", "Hoàn tiền", ["Hà"])
    assert asked["may_decide"] is False
    again = await ask(lan, reason="Thu trùng.")
    assert (again[0], again[1]["id"]) == (200, asked["id"]), "the same decision is asked for once"
    shown = (await boss.get("/api/approvals"))[1]["approvals"]
    assert [(one["id"], one["may_decide"], one["case"]["code"]) for one in shown] == [(asked["id"], True, "KT-0001")]
    path = f"/api/approvals/{asked['id']}"
    status, granted = await boss.post(f"{path}/grant", note="Trả trong hôm nay.")
    assert (status, granted["state"], granted["decided_by_name"]) == (200, "approved", "Hà")
    assert (await boss.post(f"{path}/grant"))[0] == 200
    await visitor.hears("hoàn tiền 150.000.000 đ đã được duyệt")
    await house.settled()
    heard = [one["text"] for one in await visitor.read()]
    assert sum("đã được duyệt" in one for one in heard) == 1
    assert all("Trả trong hôm nay" not in one for one in heard)
    assert "Đã duyệt hoàn tiền 150.000.000 đ. Trả trong hôm nay." in await notes(lan)
    written = await rows(house, "SELECT actor FROM audit WHERE action = 'approval.approved'")
    assert [one.actor for one in written] == [f"staff:{boss.id}"]


async def test_a_no_needs_a_reason_and_leaves_the_customer_a_date(house: TestHouse) -> None:
    visitor, lan = await held(house)
    boss = await house.staff("Hà", role=RoleId.ADMIN)
    path = f"/api/approvals/{(await ask(lan, kind='exception', amount=None))[1]['id']}"
    assert (await boss.post(f"{path}/refuse", note=" "))[0] == 422
    assert (await boss.post(f"{path}/refuse", note="Trái chính sách."))[1]["state"] == "refused"
    told = await visitor.hears("lần này chưa được duyệt")
    assert "hướng khác" in told["text"]
    assert "trước" in told["text"]
    assert "Không duyệt ngoại lệ. Trái chính sách." in await notes(lan)
    status, problem = await boss.post(f"{path}/grant")
    assert (status, problem["message"]) == (409, "Anh/chị đã quyết định khác trước đó.")


async def test_nobody_decides_for_themselves_or_beyond_their_limit(house: TestHouse) -> None:
    _, lan = await held(house)
    boss, colleague = await house.staff("Hà", role=RoleId.ADMIN), await house.staff("Mai", "accounting")
    stranger = await house.staff("Tú", "warehouse")
    asked = (await ask(lan))[1]
    path = f"/api/approvals/{asked['id']}/grant"
    status, problem = await lan.post(path)
    assert (status, problem["message"]) == (403, "Anh/chị không tự duyệt được điều chính mình xin.")
    assert (await colleague.post(path))[0] == 403
    assert (await stranger.post(path))[0] == 404
    assert (await stranger.get("/api/approvals"))[1]["approvals"] == []
    assert [one["may_decide"] for one in (await lan.get("/api/approvals"))[1]["approvals"]] == [False]
    await boss.post("/api/cases/KT-0001/step-in")
    assert (await boss.post(path))[0] == 200


async def test_where_nobody_but_the_asker_may_decide_they_are_told_so(house: TestHouse) -> None:
    _, lan = await held(house)
    status, problem = await ask(lan)
    assert status == 409
    assert "không ai có quyền duyệt" in problem["message"]
    assert (await lan.get("/api/cases/KT-0001"))[1]["approvals"] == []


async def test_a_new_owner_who_asks_the_same_gets_the_first_one_back(house: TestHouse) -> None:
    _, lan = await held(house)
    mai, _ = await house.staff("Mai", "accounting"), await house.staff("Hà", role=RoleId.ADMIN)
    first = (await ask(lan))[1]
    transfer = {"department": "accounting", "staff_id": mai.id, "note": "Nhờ chị."}
    assert (await lan.post("/api/cases/KT-0001/transfer", **transfer))[0] == 201
    assert (await mai.post("/api/cases/KT-0001/accept"))[0] == 200
    status, again = await ask(mai)
    assert (status, again["id"], again["asked_by_name"]) == (200, first["id"], "Lan")
    assert (await ask(mai, amount=1_000_000))[0] == 201, "another amount is another decision"


async def inbox_of(clerk: Clerk) -> tuple[list[int], list[int], int]:
    """What waits for somebody's decision, what they may decide beside it, and how many are counted."""
    given = (await clerk.get("/api/inbox"))[1]
    return (
        [one["id"] for one in given["approvals"]],
        [one["id"] for one in given["decidable"]],
        given["counts"]["approvals"],
    )


async def test_a_small_sum_is_in_the_inbox_of_the_nearest_who_may_decide(house: TestHouse) -> None:
    _, lan = await held(house)
    far = await house.staff("Tú", "warehouse")
    off = await house.staff("Kim", "accounting", on_duty=False)
    near = await house.staff("Mai", "accounting")
    boss, root = await house.staff("Sơn", role=RoleId.MANAGER), await house.staff("Hà", role=RoleId.ADMIN)
    status, asked = await ask(lan, amount=300_000)
    assert (status, asked["asked_of_name"], asked["deciders"][0]) == (201, "Mai", "Mai")
    number = asked["id"]
    assert await inbox_of(near) == ([number], [], 1)
    for other in (far, off, boss, root):
        assert await inbox_of(other) == ([], [number], 0), "they may decide, and are not asked"
        assert [one["id"] for one in (await other.get("/api/approvals"))[1]["approvals"]] == [number]
    await sql(house, "UPDATE approvals SET due_at = now() - interval '1 second' WHERE id = :id", id=number)
    await rings(house, (await stored(house, number)).timer_id)
    await gone_up(house, number)
    assert await inbox_of(root) == ([number], [], 1), "silence takes it to those without a limit"
    assert await inbox_of(boss) == ([], [number], 0)
    assert (await far.post(f"/api/approvals/{number}/grant"))[0] == 200, "whoever may, can"


async def test_a_sum_in_parts_is_no_smaller(house: TestHouse) -> None:
    _, lan = await held(house)
    mai, boss = await house.staff("Mai", "accounting"), await house.staff("Hà", role=RoleId.ADMIN)
    first, second = [(await ask(lan, amount=one))[1]["id"] for one in (300_000, 250_000)]
    assert (await mai.post(f"/api/approvals/{first}/grant"))[0] == 200
    status, problem = await mai.post(f"/api/approvals/{second}/grant")
    assert (status, "300.000 đ, thêm khoản này là 550.000 đ" in problem["message"]) == (403, True)
    (shown,) = (await boss.get("/api/approvals"))[1]["approvals"]
    assert ([(one["amount"], one["by_name"]) for one in shown["earlier"]], shown["total"]) == (
        [(300_000, "Mai")],
        550_000,
    )
    assert await inbox_of(mai) == ([], [], 0)
    assert (await ask(lan, amount=200_000))[1]["asked_of_name"] == "Mai", "within what is left of the limit"
    assert (await boss.post(f"/api/approvals/{second}/grant"))[0] == 200


async def test_whoever_may_decide_reads_the_case_while_it_waits_and_no_longer(house: TestHouse) -> None:
    _, lan = await held(house)
    tu = await house.staff("Tú", "warehouse")
    assert (await tu.get("/api/cases/KT-0001"))[0] == 404
    number = (await ask(lan, amount=300_000))[1]["id"]
    (listed,) = (await tu.get("/api/approvals"))[1]["approvals"]
    assert (await tu.get(f"/api/cases/{listed['case']['code']}"))[0] == 200
    for move in ("claim", "note", "resolve"):
        body = {"text": "a", "client_id": "0b0d3c9e-2c44-4c0e-9b1f-0d6f7a3f8a11"} if move == "note" else {}
        assert (await tu.post(f"/api/cases/KT-0001/{move}", **body))[0] in (403, 404, 409), move
    assert (await tu.post(f"/api/approvals/{number}/grant"))[0] == 200
    assert (await tu.get("/api/cases/KT-0001"))[0] == 404


async def test_the_owner_of_a_case_does_not_decide_what_a_colleague_asked_in_it(house: TestHouse) -> None:
    _, lan = await held(house)
    mai, boss = await house.staff("Mai", "accounting"), await house.staff("Hà", role=RoleId.MANAGER)
    number = (await ask(lan, amount=300_000))[1]["id"]
    assert await inbox_of(mai) == ([number], [], 1)
    transfer = {"department": "accounting", "staff_id": mai.id, "note": "Nhờ chị."}
    assert (await lan.post("/api/cases/KT-0001/transfer", **transfer))[0] == 201
    assert (await mai.post("/api/cases/KT-0001/accept"))[0] == 200
    status, problem = await mai.post(f"/api/approvals/{number}/grant")
    assert (status, problem["message"]) == (403, "Anh/chị đang giữ phiếu này nên người khác quyết định giúp.")
    assert (await inbox_of(mai), await inbox_of(boss)) == (([], [], 0), ([number], [], 1))
    assert (await boss.post("/api/cases/KT-0001/step-in"))[0] == 200
    assert (await boss.post(f"/api/approvals/{number}/grant"))[0] == 200, "whoever leads may"


async def test_whoever_comes_second_hears_who_decided_and_how(house: TestHouse) -> None:
    _, lan = await held(house)
    mai, boss = await house.staff("Mai", role=RoleId.ADMIN), await house.staff("Hà", role=RoleId.ADMIN)
    numbers = [(await ask(lan, amount=one))[1]["id"] for one in (300_000, 400_000)]
    assert (await mai.post(f"/api/approvals/{numbers[0]}/grant"))[0] == 200
    assert (await mai.post(f"/api/approvals/{numbers[1]}/refuse", note="Trái chính sách."))[0] == 200
    for number, verdict in zip(numbers, ("đã duyệt", "đã từ chối duyệt"), strict=True):
        status, problem = await boss.post(f"/api/approvals/{number}/grant")
        assert (status, problem["winner"]) == (409, "Mai")
        assert re.fullmatch(rf"Mai {verdict} lúc \d{{1,2}}:\d\d\.", problem["message"])


@pytest.mark.parametrize("above", [True, False])
async def test_silence_goes_further_up(house: TestHouse, above: bool) -> None:
    _, lan = await held(house)
    boss = await house.staff("Hà", role=RoleId.ADMIN)
    if above:
        await house.staff("Vy", role=RoleId.ADMIN)
    asked = (await ask(lan))[1]
    first = await stored(house, asked["id"])
    await sql(house, "UPDATE approvals SET due_at = now() - interval '1 second' WHERE id = :id", id=asked["id"])
    await rings(house, first.timer_id)
    raised = await gone_up(house, asked["id"])
    assert raised.open
    assert raised.due_at > house.running.house.clock.now()
    assert raised.timer_id != first.timer_id
    said = "đã báo cấp trên" if above else "đã nhắc lại Hà"
    assert any(said in one for one in await notes(lan)), await notes(lan)
    assert (await boss.get("/api/inbox"))[1]["counts"]["approvals"] == 1
    assert (await boss.post(f"/api/approvals/{asked['id']}/grant"))[0] == 200


async def test_of_two_who_decide_at_once_one_counts(house: TestHouse) -> None:
    visitor, lan = await held(house)
    bosses = [await house.staff(name, role=RoleId.ADMIN) for name in ("Hà", "Sơn")]
    asked = (await ask(lan))[1]
    path = f"/api/approvals/{asked['id']}"
    answers = await asyncio.gather(
        bosses[0].post(f"{path}/grant"), bosses[1].post(f"{path}/refuse", note="Chưa đủ chứng từ.")
    )
    assert sorted(status for status, _ in answers) == [200, 409]
    loser = next(body for status, body in answers if status == 409)
    assert loser["winner"] in ("Hà", "Sơn")
    await house.settled()
    assert sum("duyệt" in one["text"] for one in await visitor.read()) == 1


async def test_bad_approvals_say_what_is_wrong_and_end_with_the_case(house: TestHouse) -> None:
    _, lan = await held(house)
    boss, mai = await house.staff("Hà", role=RoleId.ADMIN), await house.staff("Mai", "accounting")
    for body in ({"kind": "gift"}, {"amount": 0}, {"amount": -5}, {"amount": 10**13}, {"amount": 1.5}, {"reason": " "}):
        assert (await ask(lan, **body))[0] == 422, body
    assert (await ask(mai))[0] == 403
    asked = (await ask(lan))[1]
    assert (await lan.post("/api/cases/KT-0001/resolve"))[1]["error"] == "open_work"
    assert (await lan.post("/api/cases/KT-0001/resolve", drop_open=True, unanswered=True))[0] == 200
    status, problem = await boss.post(f"/api/approvals/{asked['id']}/grant")
    assert (status, problem["message"]) == (409, "Phiếu đã xong hoặc không còn cần phê duyệt này.")
