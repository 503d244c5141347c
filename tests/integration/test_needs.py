"""Needs that are added at the console: from messages to the department that gets them, and away again."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.adapters.company import read_additions
from bot.bootstrap import opened
from bot.domain.company import Company, RoleId
from bot.domain.teaching.examples import EntityMark
from bot.domain.teaching.needs import for_training
from bot.services.ports_review import CLEARED
from bot.services.ports_teach import TrainingState
from bot.services.serving import KEY as SERVING
from tests.doubles import engine as scripted
from tests.house import Clerk, TestHouse
from tests.integration.school import SlowTrainer, listed, use

pytestmark = pytest.mark.integration

NEED = {"name_vi": "Gửi xe qua đêm", "name_en": "Overnight parking", "department": "facilities"}
TOLD = "Dạ {company} giữ xe qua đêm tới 6 giờ sáng ạ."


@pytest.fixture(autouse=True)
def unsure(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the engine ask back when a message speaks of a car, and name the new need when it speaks of the night."""
    plain: Callable[[dict[str, Any], str], dict[str, Any]] = scripted.answer

    def answer(body: dict[str, Any], said: str) -> dict[str, Any]:
        given = plain(body, said)
        if "đã học" in said:
            handoff = {"department": "facilities", "reason": "gui_xe_qua_dem", "summary": said, "priority": "normal"}
            named = {"intent": {"name": "gui_xe_qua_dem", "confidence": 0.9}, "ranking": []}
            return given | named | {"messages": [], "outcomes": [{"handoff": {**handoff, "collected": {}}}]}
        if "xe" in said:
            return given | {"outcomes": [{"clarify": {"intents": ["address", "parking"]}}]}
        return given

    monkeypatch.setattr(scripted, "answer", answer)


async def lead(house: TestHouse, name: str = "Minh") -> Clerk:
    return await house.staff(name, role=RoleId.MANAGER)


async def asked_about(house: TestHouse, clerk: Clerk, *texts: str) -> list[int]:
    for one in texts:
        await (await house.visitor()).say(one)
    await house.settled()
    entries = (await clerk.get("/api/teach/queue"))[1]["entries"]
    return sorted(one for entry in entries for one in (entry["message_id"], *entry["members"]))


def added_file(house: TestHouse) -> Path:
    return house.running.house.settings.data / "teaching/knowledge.yml"


async def test_a_need_is_made_of_messages_and_sentences_without_anybodys_data(house: TestHouse) -> None:
    minh = await lead(house)
    ids = await asked_about(house, minh, "cho tôi gửi xe qua đêm, gọi 0912345678", "để xe tới sáng được không")
    status, need = await minh.post(
        "/api/teach/needs", **NEED, message_ids=[*ids, 987654], examples=["giữ xe ban đêm", "Giữ xe ban đêm!", "\u200b"]
    )
    assert status == 201, need
    assert (need["intent"], need["state"], need["examples"]) == ("gui_xe_qua_dem", "active", 3)
    assert (need["answer"], need["in_use"], need["made_by"]) == (None, False, "Minh")
    assert need["department_label"] == "Cơ sở vật chất"
    assert [(one["message_id"], one["text"]) for one in need["left_out"]] == [(987654, ""), (None, "\u200b")]
    examples = (await minh.get("/api/teach/examples"))[1]["examples"]
    assert {one["label"] for one in examples} == {"gui_xe_qua_dem"}
    assert not any("0912345678" in one["text"] for one in examples)
    assert (await minh.get("/api/teach/queue"))[1]["entries"] == []


async def test_a_new_need_can_be_given_to_messages_and_a_retired_one_cannot(house: TestHouse) -> None:
    minh = await lead(house)
    need = (await minh.post("/api/teach/needs", **NEED, examples=["giữ xe ban đêm"]))[1]
    first, second = await asked_about(house, minh, "cho tôi gửi xe", "chỗ sạc xe điện có không")
    assert "gui_xe_qua_dem" in {one["name"] for one in (await minh.get("/api/teach/queue"))[1]["needs"]}
    assert (await minh.post(f"/api/teach/{first}/label", label="gui_xe_qua_dem"))[0] == 200
    assert (await minh.get(f"/api/teach/needs/{need['id']}"))[1]["examples"] == 2
    status, gone = await minh.send("DELETE", f"/api/teach/needs/{need['id']}")
    assert (status, gone["state"], gone["examples"]) == (200, "retired", 0)
    assert (await minh.send("DELETE", f"/api/teach/needs/{need['id']}"))[0] == 200
    assert (await minh.post(f"/api/teach/{second}/label", label="gui_xe_qua_dem"))[0] == 422
    assert (await minh.send("PATCH", f"/api/teach/needs/{need['id']}", department="sales"))[0] == 409
    queue = (await minh.get("/api/teach/queue"))[1]
    assert "gui_xe_qua_dem" not in {one["name"] for one in queue["needs"]}
    assert sorted(one["message_id"] for one in queue["entries"]) == [first, second]
    assert {(one["state"], one["text"]) for one in (await minh.get("/api/teach/examples"))[1]["examples"]} == {
        ("withdrawn", "")
    }


async def test_a_split_message_of_a_retired_need_is_open_as_a_whole(house: TestHouse) -> None:
    minh = await lead(house)
    need = (await minh.post("/api/teach/needs", **NEED))[1]
    (message,) = await asked_about(house, minh, "cho tôi gửi xe tới sáng và hỏi địa chỉ")
    parts = [
        {"text": "cho tôi gửi xe tới sáng", "label": "gui_xe_qua_dem"},
        {"text": "hỏi địa chỉ", "label": "address"},
    ]
    assert (await minh.post(f"/api/teach/{message}/split", parts=parts))[0] == 200
    async with house.running.house.store.begin() as uow:
        training = await uow.teaching.start_training(minh.id, 1, datetime.now(UTC))
        assert training is not None
        failed = replace(training, state=TrainingState.FAILED, faults=("“hỏi địa chỉ” hỏng",))
        await uow.teaching.save_training(failed)
    assert (await minh.send("DELETE", f"/api/teach/needs/{need['id']}"))[0] == 200
    async with house.running.house.store.read() as uow:
        assert (await uow.teaching.training(training.id)).faults == (CLEARED,)
    assert {one["state"] for one in (await minh.get("/api/teach/examples"))[1]["examples"]} == {"withdrawn"}
    again = [{**parts[0], "label": "parking"}, parts[1]]
    assert (await minh.post(f"/api/teach/{message}/split", parts=again))[0] == 200


@pytest.mark.parametrize("retired", [False, True])
async def test_what_a_model_takes_for_the_need_reaches_its_department(house: TestHouse, retired: bool) -> None:
    minh, lan = await lead(house), await house.staff("Lan", "facilities")
    need = (await minh.post("/api/teach/needs", **NEED))[1]
    if retired:
        await minh.send("DELETE", f"/api/teach/needs/{need['id']}")
    await (await house.visitor()).say("câu này đã học rồi")
    await house.settled()
    (case,) = (await lan.get("/api/cases"))[1]["cases"]
    assert case["department"] == "facilities"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name_vi": ""}, "name_vi"),
        ({"name_vi": "null"}, "name_vi"),
        ({"name_vi": "0123"}, "name_vi"),
        ({"name_vi": "a: b"}, "name_vi"),
        ({"name_vi": "{you}"}, "name_vi"),
        ({"name_vi": "Gửi xe"}, "name_vi"),
        ({"name_vi": "x" * 60}, "name_vi"),
        ({"intent": "null"}, "label"),
        ({"intent": "0123"}, "label"),
        ({"intent": "a: b"}, "label"),
        ({"intent": "parking"}, "intent"),
        ({"department": "khong_co"}, "department"),
        ({"priority": "soon"}, "priority"),
        ({"answer_vi": "Dạ {hotlin} ạ."}, "vi"),
        ({"answer_vi": "Dạ {you:>99999999} ạ."}, "vi"),
        ({"answer_en": "Yes."}, "answer_vi"),
        ({"answer_vi": "Việc này không phải việc của em."}, "text"),
    ],
)
async def test_a_need_that_cannot_be_is_refused_with_what_to_do(
    house: TestHouse, wrong: dict[str, str], field: str
) -> None:
    minh = await lead(house)
    status, body = await minh.post("/api/teach/needs", **{**NEED, **wrong})
    assert (status, list(body["fields"])) == (422, [field]), body
    assert body["message"]
    assert (await minh.get("/api/teach/needs"))[1] == {"needs": [], "waiting": 0}


async def test_two_needs_of_one_name_are_told_apart_or_refused(house: TestHouse) -> None:
    minh = await lead(house)
    assert (await minh.post("/api/teach/needs", **NEED))[0] == 201
    assert (await minh.post("/api/teach/needs", **NEED))[0] == 422
    other = {**NEED, "name_vi": "Gửi xe, qua đêm", "name_en": "Night parking"}
    status, second = await minh.post("/api/teach/needs", **other)
    assert (status, second["intent"]) == (201, "gui_xe_qua_dem_2")
    assert (await minh.get("/api/teach/needs"))[1]["waiting"] == 2


async def test_the_action_server_finds_the_need_and_its_answer_at_once(house: TestHouse, company: Company) -> None:
    minh = await lead(house)
    need = (await minh.post("/api/teach/needs", **NEED, answer_vi=TOLD, priority="high"))[1]
    assert (need["answer"], need["answer_version"]) == ({"vi": [TOLD], "en": []}, 1)
    found = read_additions(added_file(house), (), frozenset({"company"}))
    assert found.answers["gui_xe_qua_dem"].vi == (TOLD,)
    assert found.needs["gui_xe_qua_dem"].priority == "high"
    door = f"/api/teach/needs/{need['id']}"
    status, changed = await minh.send("PATCH", door, name_vi="Để xe ban đêm", department="reception", answer_en="Yes.")
    assert (status, changed["intent"], changed["department"]) == (200, "gui_xe_qua_dem", "reception")
    assert changed["answer"] == {"vi": [TOLD], "en": ["Yes."]}
    assert company.department_for("gui_xe_qua_dem").id == "reception"
    status, changed = await minh.send("PATCH", door, answer_vi="")
    assert (status, changed["answer"], changed["answer_version"]) == (200, None, 3)
    found = read_additions(added_file(house), (), frozenset({"company"}))
    assert (dict(found.answers), found.needs["gui_xe_qua_dem"].name.vi) == ({}, "Để xe ban đêm")
    added_file(house).unlink()
    async with asyncio.timeout(10):
        while not added_file(house).exists():
            await asyncio.sleep(0.05)


async def test_examples_are_added_to_a_need_and_what_is_decided_stays(house: TestHouse) -> None:
    minh = await lead(house)
    need = (await minh.post("/api/teach/needs", **NEED, examples=["giữ xe ban đêm"]))[1]
    first, second = await asked_about(house, minh, "cho tôi gửi xe", "chỗ sạc xe điện có không")
    await minh.post(f"/api/teach/{first}/label", label="parking")
    status, more = await minh.send("PATCH", f"/api/teach/needs/{need['id']}", message_ids=[first, second])
    assert (status, more["examples"]) == (200, 2)
    assert [(one["message_id"], "parking" in one["reason"]) for one in more["left_out"]] == [(first, True)]
    async with house.running.house.store.read() as uow:
        (taught,) = for_training(await uow.needs.listed())
    assert (taught.intent, taught.department, taught.label_vi) == ("gui_xe_qua_dem", "facilities", "Gửi xe qua đêm")
    async with house.running.house.store.engine.connect() as connection:  # type: ignore[attr-defined]
        rows = await connection.execute(text("SELECT action FROM audit WHERE subject LIKE 'need %' ORDER BY id"))
        assert [row.action for row in rows] == ["need.add", "need.change"]


async def test_a_need_learns_from_nobody_who_refused_and_nothing_that_teaches_otherwise(house: TestHouse) -> None:
    minh = await lead(house)
    first, second = await asked_about(house, minh, "cho tôi gửi xe", "chỗ sạc xe điện có không")
    async with house.running.house.store.read() as uow:
        customer = (await uow.teaching.message(first)).customer_id
    assert (await minh.post(f"/api/teach/customers/{customer}/withdraw"))[0] == 200
    await minh.post(f"/api/teach/{second}/label", label="parking")
    status, need = await minh.post(
        "/api/teach/needs", **NEED, message_ids=[first], examples=["Chỗ sạc xe điện có không?", "giữ xe ban đêm"]
    )
    assert (status, need["examples"]) == (201, 1), need
    assert [(one["message_id"], one["text"]) for one in need["left_out"]] == [
        (first, ""),
        (None, "Chỗ sạc xe điện có không?"),
    ]
    async with house.running.house.store.engine.connect() as connection:  # type: ignore[attr-defined]
        rows = await connection.execute(text("SELECT action FROM audit WHERE action = 'teach.write'"))
        assert len(rows.all()) == 1


async def test_only_those_who_lead_add_needs(house: TestHouse) -> None:
    lan, minh = await house.staff("Lan", "sales"), await lead(house)
    assert (await lan.get("/api/teach/needs"))[0] == 403
    assert (await lan.post("/api/teach/needs", **NEED))[0] == 403
    assert (await minh.get("/api/teach/needs/987"))[0] == 404
    assert (await minh.send("DELETE", "/api/teach/needs/0"))[0] == 404


async def test_a_house_that_starts_anew_knows_its_needs_before_the_first_message(
    house: TestHouse, company: Company
) -> None:
    minh = await lead(house)
    need = (await minh.post("/api/teach/needs", **NEED))[1]
    await minh.post("/api/teach/needs", name_vi="Mượn sạc", department="reception")
    await minh.send("DELETE", f"/api/teach/needs/{need['id']}")
    company.learn({}, {})
    async with opened(house.running.house.settings, company) as running:
        assert running.house.company.owners["muon_sac"] == "reception"
        assert "gui_xe_qua_dem" not in running.house.company.owners
        assert running.house.company.department_for("gui_xe_qua_dem").id == "facilities"


async def test_a_need_with_too_few_sentences_waits_and_keeps_nothing_from_being_trained(house: TestHouse) -> None:
    use(house, trainer := SlowTrainer())
    trainer.go.set()
    minh = await lead(house)
    few = (await minh.post("/api/teach/needs", **NEED, examples=["giữ xe ban đêm"]))[1]
    other = {"name_vi": "Mượn sạc", "department": "facilities", "examples": ["cho mượn sạc", "có cục sạc không"]}
    enough = (await minh.post("/api/teach/needs", **other))[1]
    assert (few["missing"], enough["missing"]) == (1, 0)
    assert (await minh.post("/api/teach/trainings"))[0] == 201
    done = await listed(minh, "done", 10)
    assert done["unlearned"] == [{"intent": "gui_xe_qua_dem", "name": "Gửi xe qua đêm", "missing": 1, "text": ""}]
    assert (done["faults"], done["examples"]) == ([], 2)


async def test_a_sentence_that_a_training_leaves_out_is_still_missing(house: TestHouse) -> None:
    minh = await lead(house)
    need = (await minh.post("/api/teach/needs", **NEED, examples=["giữ xe ban đêm", "gửi xe qua đêm"]))[1]
    assert need["missing"] == 0
    async with house.running.house.store.begin() as uow:
        one = (await uow.teaching.examples(before=None, limit=1))[0]
        # A mark beyond the text, which the trainer would misread.
        await uow.teaching.save_example(replace(one, entities=(EntityMark(start=0, end=99, name="item"),)))
    assert (await minh.get(f"/api/teach/needs/{need['id']}"))[1]["missing"] == 1


async def test_a_need_is_in_use_while_the_model_that_serves_holds_it(house: TestHouse) -> None:
    minh = await lead(house)
    store = house.running.house.store
    for name in ("Mượn sạc", "Gửi xe qua đêm"):
        await minh.post("/api/teach/needs", name_vi=name, department="facilities")

    async def in_use(model: str) -> tuple[set[str], int]:
        async with store.begin() as uow:
            await uow.channel_states.put(SERVING, {"model": model})
        found = (await minh.get("/api/teach/needs"))[1]
        return {one["intent"] for one in found["needs"] if one["in_use"]}, found["waiting"]

    for model, needs in (("m-old", ["muon_sac"]), ("m-new", ["muon_sac", "gui_xe_qua_dem"]), ("m-clean", [])):
        async with store.begin() as uow:
            training = await uow.teaching.start_training(minh.id, 3, house.running.house.clock.now(), needs=needs)
            assert training is not None
            await uow.teaching.save_training(replace(training, state=TrainingState.DONE, model_id=model))
    assert await in_use("m-new") == ({"muon_sac", "gui_xe_qua_dem"}, 0)
    assert await in_use("m-old") == ({"muon_sac"}, 1)
    assert await in_use("m-clean") == (set(), 2)


async def test_the_console_calls_the_needs_of_the_files_by_name(house: TestHouse) -> None:
    async with house.session.get(f"{house.url}/desk?lang=en") as response:
        page = await response.text()
    shipped = house.running.house.needs.shipped
    assert shipped["invoice_request"].en in page
    hint = f"{shipped['invoice_request'].vi} {shipped['invoice_request'].en}"
    assert json.dumps(hint) in page
