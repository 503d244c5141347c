"""What the bot says, edited at the console: versions, whoever was faster, and a preview that leaves no trace."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from actions.speech import load_texts
from actions.taught import Taught
from bot.adapters.company import additions, load
from bot.domain.company import RoleId
from bot.domain.knowledge import Additions
from tests.doubles import engine as scripted
from tests.house import Clerk, TestHouse

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[2]
DOOR = "/api/teach/answers/parking"
TEXTS = {"vi": ["Dạ {you} để xe ở hầm B2 ạ."], "en": ["You can park in basement B2."]}


async def lead(house: TestHouse, name: str = "Minh") -> Clerk:
    return await house.staff(name, role=RoleId.MANAGER)


async def parking(clerk: Clerk) -> dict[str, Any]:
    answers = (await clerk.get("/api/teach/answers"))[1]["answers"]
    return next(one for one in answers if one["key"] == "parking")


async def test_an_answer_is_edited_and_taken_back_with_every_version_kept(house: TestHouse) -> None:
    minh, hoa = await lead(house), await lead(house, "Hoa")
    first = await parking(minh)
    assert (first["version"], first["edited"], first["need_label"]) == (0, None, "Gửi xe")
    assert first["base"]["vi"]
    assert "you" in first["placeholders"]
    status, edited = await minh.send("PUT", DOOR, **TEXTS, version=0)
    assert (status, edited["edited"], edited["version"], edited["edited_by"]) == (200, TEXTS, 1, "Minh")
    assert (await minh.send("PUT", DOOR, **TEXTS, version=1))[1]["version"] == 1
    status, back = await hoa.send("DELETE", f"{DOOR}?version=1")
    assert (status, back["edited"], back["version"], back["edited_by"]) == (200, None, 2, "Hoa")
    assert (await hoa.send("DELETE", DOOR))[1]["version"] == 2
    status, again = await hoa.post(f"{DOOR}/restore", version=1, seen=2)
    assert (status, again["edited"], again["version"]) == (200, TEXTS, 3)
    versions = (await minh.get(f"{DOOR}/versions"))[1]["versions"]
    assert [(one["version"], one["by"], one["restored"], one["texts"]) for one in versions] == [
        (3, "Hoa", 1, TEXTS),
        (2, "Hoa", None, None),
        (1, "Minh", None, TEXTS),
    ]
    assert await parking(minh) == again
    async with house.running.house.store.engine.connect() as connection:  # type: ignore[attr-defined]
        rows = await connection.execute(text("SELECT action FROM audit WHERE subject = 'answer parking' ORDER BY id"))
        assert [row.action for row in rows] == ["answer.edit", "answer.revert", "answer.edit"]


async def test_the_action_server_says_it_without_a_restart(house: TestHouse) -> None:
    minh = await lead(house)
    company = load(ROOT / "company.yml")
    file = house.running.house.settings.data / "teaching/knowledge.yml"
    taught = Taught(company, load_texts(ROOT / "knowledge.yml", company), file)
    assert (await minh.send("PUT", DOOR, **TEXTS, version=0))[0] == 200
    assert taught()._speech.knowledge.answers["parking"].vi == tuple(TEXTS["vi"])
    assert (await minh.send("DELETE", DOOR))[0] == 200
    assert taught()._speech.knowledge.answers["parking"].vi != tuple(TEXTS["vi"])


async def test_what_cannot_be_written_now_is_stored_and_written_later(
    house: TestHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    minh = await lead(house)
    file = house.running.house.settings.data / "teaching/knowledge.yml"

    def full(added: Additions, file: Path) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(additions, "write_additions", full)
        assert (await minh.send("PUT", DOOR, **TEXTS, version=0))[0] == 200
        assert not file.exists() or "hầm B2" not in file.read_text(encoding="utf-8")
    async with asyncio.timeout(15):
        while "hầm B2" not in file.read_text(encoding="utf-8"):
            await asyncio.sleep(0.1)


async def test_whoever_looked_at_an_older_version_does_not_undo_a_newer_one(house: TestHouse) -> None:
    minh, hoa = await lead(house), await lead(house, "Hoa")
    assert (await minh.send("PUT", DOOR, **TEXTS, version=0))[0] == 200
    for status, body in (
        await hoa.send("PUT", DOOR, vi=["Dạ khác ạ."], en=["Else."], version=0),
        await hoa.send("PUT", DOOR, vi=["Dạ khác ạ."], en=["Else."], version=5),
        await hoa.send("DELETE", f"{DOOR}?version=0"),
        await hoa.post(f"{DOOR}/restore", version=1, seen=0),
    ):
        assert (status, "Minh" in body["message"]) == (409, True)
    assert (await hoa.post(f"{DOOR}/restore", version=1))[0] == 422
    assert (await parking(hoa))["edited"] == TEXTS


@pytest.mark.parametrize(
    ("wrong", "field", "part"),
    [
        ({"vi": []}, "vi", "ít nhất một"),
        ({"en": ["  "]}, "en", "ít nhất một"),
        ({"vi": ["Dạ {hotlin} ạ.", "Dạ {code} ạ."]}, "vi", "Câu 2"),
        ({"vi": ["Dạ {you!r} ạ."]}, "vi", "{you!r}"),
        ({"en": ["Hi {you:>999999999}"]}, "en", "{you:>999999999}"),
        ({"vi": ["Dạ {you ạ."]}, "vi", "không khép"),
        ({"vi": ["Chào bạn"]}, "vi", "{you}"),
        ({"vi": ["x" * 1_001]}, "vi", "1000"),
        ({"vi": ["Anh gọi chỗ khác giúp em."]}, "text", ""),
    ],
)
async def test_what_may_not_be_said_is_refused(
    house: TestHouse, wrong: dict[str, list[str]], field: str, part: str
) -> None:
    minh = await lead(house)
    status, body = await minh.send("PUT", DOOR, **{**TEXTS, **wrong}, version=0)
    assert (status, list(body["fields"])) == (422, [field]), body
    assert part in body["message"]
    assert (await parking(minh))["version"] == 0


async def test_a_taught_need_is_answered_once_it_has_an_answer_and_has_no_base_to_go_back_to(house: TestHouse) -> None:
    minh = await lead(house)
    await minh.post("/api/teach/needs", name_vi="Gửi xe qua đêm", department="facilities")
    door = "/api/teach/answers/gui_xe_qua_dem"
    status, said = await minh.send("PUT", door, vi=["Dạ được ạ."], version=0)
    assert (status, said["taught"], said["base"], said["department"]) == (200, True, {"vi": [], "en": []}, "facilities")
    (need,) = (await minh.get("/api/teach/needs"))[1]["needs"]
    assert need["answer"] == {"vi": ["Dạ được ạ."], "en": []}
    assert (await minh.send("DELETE", door))[1]["edited"] is None
    assert (await minh.get("/api/teach/needs"))[1]["needs"][0]["answer"] is None
    await minh.send("DELETE", f"/api/teach/needs/{need['id']}")
    assert (await minh.send("PUT", door, vi=["Dạ được ạ."], version=2))[0] == 404


async def test_only_those_who_lead_say_what_the_bot_says(house: TestHouse) -> None:
    lan, minh = await house.staff("Lan", "sales"), await lead(house)
    assert (await lan.get("/api/teach/answers"))[0] == 403
    assert (await lan.send("PUT", DOOR, **TEXTS, version=0))[0] == 403
    assert (await lan.post("/api/teach/preview", text="gửi xe"))[0] == 403
    for status, _ in (
        await minh.send("PUT", "/api/teach/answers/khong_co", **TEXTS, version=0),
        await minh.get("/api/teach/answers/khong_co/versions"),
        await minh.post(f"{DOOR}/restore", version=7, seen=0),
    ):
        assert status == 404


# --- previews ---------------------------------------------------------------------------------------------------------


async def test_a_preview_is_a_turn_that_leaves_nothing_behind(house: TestHouse) -> None:
    minh = await lead(house)
    status, seen = await minh.post("/api/teach/preview", text="cho tôi xuất hoá đơn")
    assert (status, seen["intent"], seen["handed_to"]) == (200, "invoice_correction", "accounting")
    assert (seen["need_label"], seen["department_label"]) == ("Sửa hoặc huỷ hoá đơn", "Kế toán")
    status, seen = await minh.post("/api/teach/preview", text="xin chào", language="en")
    assert (seen["replies"], seen["handed_to"], seen["decision"]) == (["Dạ em nghe: xin chào"], None, "answer")
    assert house.engine.asked[-1]["facts"]["language"] == "en"
    async with house.running.house.store.engine.connect() as connection:  # type: ignore[attr-defined]
        for table in ("messages", "cases", "turns", "conversations", "customers"):
            assert (await connection.execute(text(f"SELECT count(*) FROM {table}"))).scalar_one() == 0


async def test_a_draft_goes_along_and_is_checked_first(house: TestHouse) -> None:
    minh = await lead(house)
    draft = {"key": "parking", "vi": ["Dạ bản nháp ạ."]}
    assert (await minh.post("/api/teach/preview", text="gửi xe", answer=draft))[0] == 200
    assert house.engine.asked[-1]["facts"]["drafts"] == {"parking": {"vi": ["Dạ bản nháp ạ."], "en": []}}
    for wrong, status in (
        ({"key": "parking", "vi": ["Dạ {hotlin} ạ."]}, 422),
        ({"key": "parking", "vi": ["Anh gọi chỗ khác giúp em."]}, 422),
        ({"key": "khong_co", "vi": ["Dạ ạ."]}, 404),
    ):
        assert (await minh.post("/api/teach/preview", text="gửi xe", answer=wrong))[0] == status
    assert (await minh.post("/api/teach/preview", text="\u200b"))[0] == 422
    assert len(house.engine.asked) == 1


async def test_a_preview_says_so_when_the_engine_does_not_answer(
    house: TestHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    minh = await lead(house)
    house.engine.down = True
    assert (await minh.post("/api/teach/preview", text="gửi xe"))[0] == 503
    house.engine.down = False
    plain: Callable[[dict[str, Any], str], dict[str, Any]] = scripted.answer
    monkeypatch.setattr(scripted, "answer", lambda body, said: plain(body, said) | {"messages": []})
    assert (await minh.post("/api/teach/preview", text="gửi xe"))[0] == 503
