"""Accounts through their doors: what admins change of people, and what follows at once."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.company import RoleId
from tests.house import Clerk, TestHouse, eventually
from tests.integration.desk_steps import asks


async def admin_of(house: TestHouse) -> Clerk:
    return await house.staff("Quản trị", "reception", role=RoleId.ADMIN)


async def test_an_account_carries_skills_languages_and_seniority(house: TestHouse) -> None:
    admin = await admin_of(house)
    new = {"email": "lan@senviet.vn", "name": "Lan", "role": "agent", "departments": ["teller"]}
    status, made = await admin.post("/api/staff", **new, skills=["card_security"], languages=["vi", "en"], senior=True)
    assert status == 201
    person = made["staff"]
    assert (person["skills"], person["languages"], person["senior"]) == (["card_security"], ["en", "vi"], True)
    assert (person["presence"], person["flexible"], len(made["password"]) >= 12) == ("off", True, True)
    status, changed = await admin.send("PATCH", f"/api/staff/{person['id']}", name="Lan Anh", skills=[], senior=False)
    assert (status, changed["name"], changed["skills"], changed["senior"]) == (200, "Lan Anh", [], False)
    assert (changed["languages"], changed["departments"]) == (["en", "vi"], ["teller"]), "what is left out stays"


async def test_customers_hear_of_somebody_by_their_title(house: TestHouse) -> None:
    admin, lan = await admin_of(house), await house.staff("Lan", "accounting")
    first = await asks(house)
    assert (await lan.post("/api/cases/KT-0001/claim"))[0] == 200
    await first.hears("Dạ Lan bên bộ phận Kế toán đã nhận phiếu KT-0001")
    assert (await admin.send("PATCH", f"/api/staff/{lan.id}", title="Chị"))[1]["title"] == "chị"
    second = await asks(house, code="KT-0002")
    assert (await lan.post("/api/cases/KT-0002/claim"))[0] == 200
    await second.hears("Dạ chị Lan bên bộ phận Kế toán đã nhận phiếu KT-0002")
    await house.settled()
    await second.say("Em cảm ơn, tới đâu rồi ạ?")
    await second.hears("đang có chị Lan bên bộ phận Kế toán xử lý")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"skills": ["flying"]}, "skills"),
        ({"languages": []}, "languages"),
        ({"languages": ["fr"]}, "languages"),
        ({"departments": ["moon"]}, "departments"),
        ({"departments": []}, "departments"),
        ({"name": " "}, "name"),
        ({"role": "king"}, "role"),
        ({"title": "sếp"}, "title"),
        ({"email": "other@senviet.vn"}, "email"),
    ],
)
async def test_changes_that_cannot_be_are_refused(house: TestHouse, change: dict[str, Any], field: str) -> None:
    admin, lan = await admin_of(house), await house.staff("Lan", "teller")
    status, refused = await admin.send("PATCH", f"/api/staff/{lan.id}", **change)
    assert (status, list(refused["fields"])) == (422, [field])


async def test_only_admins_change_accounts(house: TestHouse) -> None:
    boss, lan = await house.staff("Sơn", "sales", role=RoleId.MANAGER), await house.staff("Lan", "sales")
    for clerk in (boss, lan):
        assert (await clerk.send("PATCH", f"/api/staff/{lan.id}", role="admin"))[0] == 403
        assert (await clerk.post(f"/api/staff/{lan.id}/password"))[0] == 403
    admin = await admin_of(house)
    assert (await admin.send("PATCH", "/api/staff/999", senior=True))[0] == 404
    assert (await admin.post("/api/staff/999/password"))[0] == 404
    assert (await admin.send("PATCH", "/api/staff/lan", senior=True))[0] == 404


async def test_the_last_admin_stays_one(house: TestHouse) -> None:
    admin = await admin_of(house)
    for change in ({"active": False}, {"role": "manager"}):
        status, refused = await admin.send("PATCH", f"/api/staff/{admin.id}", **change)
        assert (status, list(refused["fields"])) == (422, ["role"])
    await admin_of(house)
    assert (await admin.send("PATCH", f"/api/staff/{admin.id}", role="manager"))[0] == 200
    assert (await admin.send("PATCH", f"/api/staff/{admin.id}", role="admin"))[0] == 403, (
        "a lowered role applies at once"
    )


async def test_switched_off_an_account_loses_its_session_and_its_cases(house: TestHouse) -> None:
    admin, lan = await admin_of(house), await house.staff("Lan", "accounting")
    visitor = await house.visitor()
    await visitor.say("Em cần hoá đơn")
    await visitor.hears("KT-0001")
    assert (await lan.post("/api/cases/KT-0001/claim"))[0] == 200
    status, gone = await admin.send("PATCH", f"/api/staff/{lan.id}", active=False)
    assert (status, gone["active"], gone["on_duty"], gone["presence"]) == (200, False, False, "off")
    assert (await lan.get("/api/session"))[0] == 401

    async def freed() -> bool:
        page = (await admin.get("/api/cases/KT-0001"))[1]
        return page["case"]["owner_id"] != lan.id and page["due_at"] is not None

    await eventually(freed)
    assert (await admin.send("PATCH", f"/api/staff/{lan.id}", active=True))[1]["active"] is True


async def test_a_reset_password_is_shown_once_and_ends_every_session(house: TestHouse) -> None:
    admin, lan = await admin_of(house), await house.staff("Lan", "sales")
    status, reset = await admin.post(f"/api/staff/{lan.id}/password")
    assert (status, reset["staff"]["id"]) == (200, lan.id)
    assert (await lan.get("/api/session"))[0] == 401
    login = {"email": lan.email, "password": reset["password"]}
    async with lan.session.post(f"{house.url}/api/session", json=login) as response:
        assert response.status == 200
