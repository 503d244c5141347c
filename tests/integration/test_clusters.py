"""Needs that have no name yet, found among messages the bot did not know what to make of."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.company import RoleId
from bot.services import clustering
from tests.doubles import engine as scripted
from tests.house import Clerk, TestHouse

pytestmark = pytest.mark.integration

NIGHT = [
    "cho em gửi xe qua đêm được không ạ",
    "tối nay gửi xe qua đêm ở đây được không",
    "chị muốn để xe qua đêm, gọi 0912345678",
    "bên mình có nhận giữ xe qua đêm hông",
    "gửi xe máy qua đêm bao nhiêu tiền vậy shop",
]
CHARGER = ["cho mượn sạc điện thoại với", "cho em mượn cái sạc điện thoại", "bên mình có sạc điện thoại cho mượn không"]


@pytest.fixture(autouse=True)
def puzzled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the engine ask back whatever is said."""
    plain: Callable[[dict[str, Any], str], dict[str, Any]] = scripted.answer
    asked = {"outcomes": [{"clarify": {"intents": ["address", "parking"]}}]}
    monkeypatch.setattr(scripted, "answer", lambda body, said: plain(body, said) | asked)


@pytest.fixture(autouse=True)
def quick(house: TestHouse) -> None:
    """Let the work of a test not wait until nobody else wants the processor."""
    sorter = house.running.house.clustering._sorter
    sorter._at = replace(sorter._at, niceness=0)  # type: ignore[attr-defined]


async def lead(house: TestHouse) -> Clerk:
    return await house.staff("Minh", role=RoleId.MANAGER)


async def looked(clerk: Clerk) -> dict[str, Any]:
    async with asyncio.timeout(120):
        while True:
            body = dict((await clerk.get("/api/teach/clusters"))[1])
            if body["state"] != "running":
                return body
            await asyncio.sleep(0.1)


async def test_a_need_is_found_named_by_its_words_and_made_in_one_form(house: TestHouse) -> None:
    minh = await lead(house)
    assert (await minh.get("/api/teach/clusters"))[1]["state"] == "none"
    for text in (*NIGHT, *CHARGER, "ngoài kia mưa to quá"):
        await (await house.visitor()).say(text)
    await house.settled()
    status, begun = await minh.post("/api/teach/clusters")
    assert (status, begun["state"]) == (202, "running")
    assert (await minh.post("/api/teach/clusters"))[0] == 409
    found = await looked(minh)
    assert (found["state"], found["messages"], found["fault"]) == ("done", 9, None)
    night, charger = found["clusters"]
    assert (night["size"], night["customers"], len(night["members"])) == (5, 5, 5)
    assert (charger["size"], len(charger["samples"])) == (3, 3)
    assert any("đêm" in word for word in night["words"])
    assert not any("0912345678" in one["text"] for one in night["samples"])
    need = {"name_vi": "Gửi xe qua đêm", "department": "facilities", "message_ids": night["members"]}
    assert (await minh.post("/api/teach/needs", **need))[1]["examples"] == 5
    assert [one["size"] for one in (await looked(minh))["clusters"]] == [3]


async def test_a_look_that_fails_or_falls_silent_is_told_and_can_be_begun_again(
    house: TestHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    minh, room = await lead(house), house.running.house.clustering

    async def broken(said: object) -> list[Any]:
        raise OSError("no program")

    with monkeypatch.context() as patched:
        patched.setattr(room._sorter, "sort", broken)
        assert (await minh.post("/api/teach/clusters"))[0] == 202
        failed = await looked(minh)
    assert (failed["state"], failed["clusters"]) == ("failed", [])
    assert failed["fault"]
    with monkeypatch.context() as patched:
        patched.setattr(room._sorter, "sort", lambda said: asyncio.Event().wait())
        assert (await minh.post("/api/teach/clusters"))[0] == 202
        patched.setattr(clustering, "SILENCE", timedelta(seconds=-1))
        assert (await looked(minh))["state"] == "failed"
        patched.undo()
        assert (await minh.post("/api/teach/clusters"))[0] == 409
        await room.close()
    assert (await looked(minh))["fault"] == clustering.INTERRUPTED
    assert (await minh.post("/api/teach/clusters"))[0] == 202
    assert (await looked(minh))["state"] == "done"


async def test_only_those_who_lead_look(house: TestHouse) -> None:
    lan = await house.staff("Lan", "sales")
    assert (await lan.get("/api/teach/clusters"))[0] == 403
    assert (await lan.post("/api/teach/clusters"))[0] == 403
