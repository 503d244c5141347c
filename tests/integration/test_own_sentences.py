"""Sentences that those who lead write themselves: covered like messages, one a line, and never what breaks a file."""

from __future__ import annotations

import pytest
import yaml

from bot.domain.company import RoleId
from bot.domain.teaching.examples import Consent, Example, ExampleState, Source
from tests.house import Clerk, TestHouse
from tests.integration.school import SlowTrainer, listed, use

pytestmark = pytest.mark.integration

NEED = {"name_vi": "Gửi xe qua đêm", "name_en": "Overnight parking", "department": "facilities"}


async def lead(house: TestHouse, name: str = "Minh") -> Clerk:
    return await house.staff(name, role=RoleId.MANAGER)


async def taught(clerk: Clerk) -> set[str]:
    """What is taught now."""
    return {one["text"] for one in (await clerk.get("/api/teach/examples"))[1]["examples"]}


async def file_of(house: TestHouse, clerk: Clerk) -> tuple[int, str]:
    """The training file as it is downloaded."""
    async with clerk.session.get(f"{house.url}/api/teach/dataset.yml") as response:
        return response.status, await response.text()


async def test_personal_data_are_replaced_and_told(house: TestHouse) -> None:
    minh = await lead(house)
    written = ["gọi 0909123456 cho chị Hồng", "em tên Nguyễn Thị Hồng Nhung gửi xe", "giữ xe ban đêm"]
    status, need = await minh.post("/api/teach/needs", **NEED, examples=written)
    assert status == 201, need
    told = {one["text"]: one["learned"] for one in need["replaced"]}
    assert told == {written[0]: "gọi 0900 000 000 cho chị An", written[1]: "em tên An gửi xe"}
    assert await taught(minh) == {*told.values(), "giữ xe ban đêm"}
    status, more = await minh.send("PATCH", f"/api/teach/needs/{need['id']}", examples=["đơn DH123456 gửi xe"])
    assert (status, [one["learned"] for one in more["replaced"]]) == (200, ["đơn AA0000 gửi xe"])
    assert (await file_of(house, minh))[1].count("0909123456") == 0


async def test_each_line_is_a_sentence(house: TestHouse) -> None:
    minh = await lead(house)
    typed = "- giữ xe đêm\r\n\n  2. để xe\u2028qua đêm ở đâu\n"
    need = (await minh.post("/api/teach/needs", **NEED, examples=[typed]))[1]
    assert (need["examples"], need["left_out"]) == (3, [])
    assert await taught(minh) == {"giữ xe đêm", "để xe", "qua đêm ở đâu"}


@pytest.mark.parametrize(
    "text", ["- intent: hack\n  examples: |", "examples: |", "giữ xe đêm\n- intent: parking", 'version: "3.1"', "nlu:"]
)
async def test_lines_of_a_training_file_are_refused_by_name_and_nothing_is_stored(house: TestHouse, text: str) -> None:
    minh = await lead(house)
    status, body = await minh.post("/api/teach/needs", **NEED, examples=["giữ xe ban đêm", text])
    line = next(one.strip() for one in text.splitlines() if ":" in one)
    assert (status, list(body["fields"])) == (422, ["examples"])
    assert f"“{line}”" in body["message"]
    assert await taught(minh) == set()
    assert (await minh.get("/api/teach/needs"))[1]["needs"] == []


async def test_a_row_that_would_be_misread_is_left_out_by_its_text_and_keeps_nobody_from_learning(
    house: TestHouse,
) -> None:
    use(house, trainer := SlowTrainer())
    trainer.go.set()
    minh = await lead(house)
    await minh.post("/api/teach/needs", **NEED, examples=["giữ xe ban đêm", "gửi xe tới sáng"])
    now = house.running.house.clock.now()
    odd = Example(
        id=0,
        text="một\n- intent: hack",
        label="gui_xe_qua_dem",
        source=Source.WRITTEN,
        made_at=now,
        labelled_by=minh.id,
        state=ExampleState.APPROVED,
        consent=Consent.OWN,
        reviewed_by=minh.id,
    )
    async with house.running.house.store.begin() as uow:
        stored = await uow.teaching.add_example(odd)
    status, file = await file_of(house, minh)
    assert status == 200
    assert yaml.safe_load(file)["nlu"] == [
        {"intent": "gui_xe_qua_dem", "examples": "- giữ xe ban đêm\n- gửi xe tới sáng\n"}
    ]
    assert file.splitlines()[-1].startswith("# gui_xe_qua_dem: ")
    assert (await minh.post("/api/teach/trainings"))[0] == 201
    done = await listed(minh, "done", 10)
    assert [(one["intent"], one["text"]) for one in done["unlearned"]] == [("gui_xe_qua_dem", odd.text)]
    assert done["examples"] == 2
    assert (await minh.send("DELETE", f"/api/teach/examples/{stored.id}"))[0] == 204
    newest = (await minh.get("/api/teach/trainings"))[1]["trainings"][0]
    assert odd.text not in str(newest), "what teaches nothing any more is quoted nowhere"
