"""Marks, pieces, disputes, wrong needs and consent through the doors, as the pages use them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import text

from bot.adapters.training.project import read_base
from bot.adapters.training.taught import taught_yaml
from bot.domain.company import RoleId
from bot.services.lessons import LessonBook
from bot.services.ports_review import Project
from tests.house import Clerk, TestHouse

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("unsure")]

DOMAIN = "entities:\n- item\n- phone\n"
NLU = 'version: "3.1"\nnlu:\n- intent: address\n  examples: |\n    - quán xe ở đâu\n'


@pytest.fixture
def files(house: TestHouse, tmp_path: Path) -> None:
    """Give the house developers' files of its own."""
    folder = tmp_path / "project"
    (folder / "nlu").mkdir(parents=True)
    (folder / "domain.yml").write_text(DOMAIN, encoding="utf-8")
    (folder / "nlu" / "all.yml").write_text(NLU, encoding="utf-8")
    project = Project(base=lambda: read_base(folder), emit=taught_yaml)
    house.running.house.reviewing._book = LessonBook(project)


async def lead(house: TestHouse, name: str = "Minh", role: RoleId = RoleId.MANAGER) -> Clerk:
    return await house.staff(name, role=role)


async def said(house: TestHouse, *texts: str) -> None:
    for one in texts:
        await (await house.visitor()).say(one)
    await house.settled()


async def queue(clerk: Clerk) -> dict[str, Any]:
    status, body = await clerk.get("/api/teach/queue")
    assert status == 200, body
    return dict(body)


def marked(words: str, within: str, entity: str) -> dict[str, Any]:
    start = within.index(words)
    return {"start": start, "end": start + len(words), "entity": entity}


async def test_a_message_is_marked_split_and_exported(house: TestHouse, files: None) -> None:
    await said(house, "gửi xe máy ở đâu, gọi 0912345678", "cho gửi xe đạp, mấy giờ mở cửa vậy", "quán xe ở đâu")
    minh = await lead(house)
    found = await queue(minh)
    assert found["entities"] == ["item", "phone"]
    texts = {one["text"]: one["message_id"] for one in found["entries"]}
    first = "gửi xe máy ở đâu, gọi ‹số điện thoại›"
    door = f"/api/teach/{texts[first]}/label"
    wrong = {"start": 0, "end": 400, "entity": "item"}
    for marks in ([wrong], [marked("xe", first, "money")], [marked("xe máy", first, "item")] * 2):
        status, body = await minh.post(door, label="parking", entities=marks)
        assert (status, list(body["fields"])) == (422, ["entities"])
    marks = [marked("‹số điện thoại›", first, "phone"), marked("xe máy", first, "item")]
    assert (await minh.post(door, label="parking", entities=marks))[0] == 200
    second = f"/api/teach/{texts['cho gửi xe đạp, mấy giờ mở cửa vậy']}"
    parts = [{"text": "gửi xe đạp", "label": "parking"}, {"text": "mấy giờ mở cửa", "label": "opening_hours"}]
    status, body = await minh.post(f"{second}/split", parts=parts)
    (decision,) = body["decisions"]
    assert (status, decision["label"], len(decision["example_ids"])) == (200, "parking+opening_hours", 2)
    for bad in ([], parts * 3, [{**parts[0], "text": "gửi tàu"}, parts[1]], [{**parts[0], "label": "null"}] * 2):
        assert (await minh.post(f"{second}/split", parts=bad))[0] == 422
    status, body = await minh.post(f"/api/teach/{texts['quán xe ở đâu']}/label", label="parking")
    assert (status, body["error"], body["said"]) == (
        409,
        "conflict",
        [{"label": "address", "by": "", "by_id": None, "at": None, "message_id": None, "example_id": None}],
    )
    async with minh.session.get(f"{house.url}/api/teach/dataset.yml") as response:
        assert (response.status, response.content_type) == (200, "application/yaml")
        written = yaml.safe_load(await response.text())
    assert {one["intent"]: one["examples"].splitlines() for one in written["nlu"]} == {
        "opening_hours": ["- mấy giờ mở cửa"],
        "parking": ["- gửi [xe máy](item) ở đâu, gọi [0900 000 000](phone)", "- gửi xe đạp"],
    }
    status, body = await minh.get("/api/teach/examples")
    assert [len(one["entities"]) for one in body["examples"]] == [0, 0, 2]
    await minh.post(f"{second}/undo")
    assert [one["state"] for one in (await minh.get("/api/teach/examples"))[1]["examples"]][:2] == ["withdrawn"] * 2
    lan = await house.staff("Lan", "sales")
    async with lan.session.get(f"{house.url}/api/teach/dataset.yml") as response:
        assert response.status == 403


async def test_two_people_disagree_and_a_third_settles(house: TestHouse) -> None:
    house.running.house.reviewing.two_reviewers = True
    await said(house, "cho tôi gửi xe")
    minh, hoa, an = await lead(house), await lead(house, "Hoa"), await lead(house, "An", RoleId.ADMIN)
    message = (await queue(minh))["entries"][0]["message_id"]
    door, undo = f"/api/teach/{message}/label", f"/api/teach/{message}/undo"
    assert (await minh.post(door, label="address"))[1]["decisions"][0]["state"] == "proposed"
    assert (await queue(minh))["entries"] == []
    (entry,) = (await queue(hoa))["entries"]
    assert (entry["reasons"][0], [one["by"] for one in entry["said"]]) == ("second_look", ["Minh"])
    for label in ("parking", "address"):
        # Whoever came second takes back their own word only.
        assert (await hoa.post(door, label=label))[0] == 200
        assert (await hoa.post(undo))[1]["decisions"][0]["undone"] is True
        (entry,) = (await queue(hoa))["entries"]
        assert (entry["reasons"][0], entry["said"][0]["label"]) == ("second_look", "address")
    assert (await hoa.post(door, label="parking"))[1]["decisions"][0]["disputed"] is True
    (entry,) = (await queue(an))["entries"]
    assert (entry["message_id"], entry["reasons"][0]) == (message, "disputed")
    assert [(one["label"], one["by"]) for one in entry["said"]] == [("address", "Minh"), ("parking", "Hoa")]
    # Two people may have one name, so the page asks for ids.
    assert [one["by_id"] for one in entry["said"]] == [minh.id, hoa.id]
    status, body = await hoa.post(door, label="greet")
    assert (status, body["error"]) == (409, "conflict")
    assert "Minh đã gắn “address”" in body["message"]
    (decision,) = (await an.post(door, label="parking"))[1]["decisions"]
    assert (decision["state"], decision["disputed"]) == ("approved", False)
    (example,) = (await an.get("/api/teach/examples", state="approved"))[1]["examples"]
    assert (example["labelled_by"], example["reviewed_by"]) == ("Hoa", "An")
    await said(house, "tìm chỗ để xe hơi")
    other = (await queue(minh))["entries"][0]["message_id"]
    (decision,) = (await minh.post(f"/api/teach/{other}/label", label="parking"))[1]["decisions"]
    approve = f"/api/teach/examples/{decision['example_id']}/approve"
    assert [(await minh.post(approve))[0], (await hoa.post(approve))[0], (await hoa.post(approve))[0]] == [
        403,
        200,
        200,
    ]


async def test_staff_say_wrong_need_and_a_customer_takes_consent_back(house: TestHouse) -> None:
    lan, kim = await house.staff("Lan", "accounting"), await house.staff("Kim", "warehouse")
    minh = await lead(house)
    await said(house, "cho tôi xuất hoá đơn")
    code = (await lan.get("/api/cases"))[1]["cases"][0]["code"]
    door = f"/api/cases/{code}/wrong-need"
    assert (await lan.get(door))[1]["wrong_need"] is False
    assert (await kim.post(door))[0] == 404
    assert [(await lan.post(door, intent=one))[0] for one in ("khong_co", "invoice_correction")] == [422, 422]
    for _ in range(2):
        status, body = await lan.post(door, intent="invoice_request")
        assert (status, body["wrong_need"], body["intent"], body["by"]) == (200, True, "invoice_request", "Lan")
    (entry,) = (await queue(minh))["entries"]
    assert (entry["reasons"][0], entry["hint"]) == ("confident_mistake", "invoice_request")
    assert (await lan.send("DELETE", door))[1]["wrong_need"] is False
    assert (await minh.get(door))[1]["wrong_need"] is False
    message = entry["message_id"]
    assert (await minh.post(f"/api/teach/{message}/label", label="invoice_request"))[0] == 200
    (example,) = (await minh.get("/api/teach/examples"))[1]["examples"]
    consent = f"/api/teach/customers/{example['customer_id']}/withdraw"
    assert (await lan.post(consent))[0] == 403
    status, body = await minh.post(consent)
    assert (status, body["withdrawn"], body["examples"]) == (200, True, 1)
    assert (await minh.get("/api/teach/examples"))[1]["examples"][0]["text"] == ""
    await minh.post(f"/api/teach/{message}/undo")
    assert (await minh.post(f"/api/teach/{message}/label", label="greet"))[0] == 409
    assert (await minh.send("DELETE", consent))[1]["withdrawn"] is False
    assert (await minh.post("/api/teach/customers/987654/withdraw"))[0] == 404
    async with house.running.house.store.engine.connect() as connection:  # type: ignore[attr-defined]
        rows = await connection.execute(text("SELECT action FROM audit WHERE action ~ 'need|consent' ORDER BY id"))
        assert [row.action for row in rows] == [
            "case.wrong_need",
            "case.right_need",
            "consent.withdraw",
            "consent.give",
        ]
