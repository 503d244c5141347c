"""A candidate in the shadow, through the doors: it reads what was answered, and what it would have read is shown."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from bot.domain.company import RoleId
from bot.services.ports_engine import ModelRefused
from bot.services.ports_models import Read, ShadowFailed
from bot.services.serving import KeptModel
from bot.services.shadowing import LIFE, Shadowing
from tests.house import Clerk, TestHouse

pytestmark = pytest.mark.integration

OTHER, SECOND = "m-candidate", "m-second"


class FakeShelf:
    """A shelf with two candidates; ``gone`` are those whose file went."""

    def __init__(self) -> None:
        self.gone: set[str] = set()

    def find(self, model_id: str) -> KeptModel | None:
        known = model_id in (OTHER, SECOND) and model_id not in self.gone
        return KeptModel(id=model_id, file=model_id, sha256="0", base="b") if known else None

    def intact(self, model: KeptModel) -> bool:
        return model.id not in self.gone


class FakeReader:
    """The engine's second model; ``reads`` says what it makes of a text."""

    def __init__(self, reads: Callable[[str], str]) -> None:
        self.reads = reads
        self.loaded: str | None = None
        self.heard: list[str] = []
        self.down = False
        self.refuses = False

    async def shadow(self) -> str | None:
        if self.down:
            raise ShadowFailed("unreachable")
        return self.loaded

    async def take(self, file: str, sha256: str) -> str:
        if self.refuses:
            raise ModelRefused("has not the expected SHA-256 digest")
        self.loaded = file
        return file

    async def drop(self) -> None:
        self.loaded = None

    async def read(self, text: str) -> Read:
        if self.loaded is None:
            raise ShadowFailed("no model is in the shadow")
        self.heard.append(text)
        return Read(model_id=self.loaded, intent=self.reads(text), confidence=0.8)


def shadowing(house: TestHouse, shelf: FakeShelf, reader: FakeReader) -> Shadowing:
    """Give the house a shelf and a reader that a test holds in its hands; its loop goes on calling `step`."""
    found = house.running.house.shadowing
    found._shelf, found._engine = shelf, reader
    return found


async def lead(house: TestHouse) -> Clerk:
    return await house.staff("Minh", role=RoleId.MANAGER)


async def said(house: TestHouse, *texts: str) -> None:
    """Let customers say something and be answered."""
    for one in texts:
        await (await house.visitor()).say(one)
    await house.settled()


async def shown(clerk: Clerk, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """Wait until the shadow's door shows what is wanted."""
    async with asyncio.timeout(20):
        while True:
            _, found = await clerk.get("/api/teach/shadow")
            if wanted(found):
                return dict(found)
            await asyncio.sleep(0.1)


async def audit(house: TestHouse, action: str) -> list[dict[str, Any]]:
    async with house.running.house.store.engine.connect() as connection:  # type: ignore[attr-defined]
        rows = await connection.execute(text("SELECT detail FROM audit WHERE action = :action"), {"action": action})
        return [row.detail for row in rows]


async def test_a_candidate_reads_live_messages_and_what_differs_is_listed_masked(house: TestHouse) -> None:
    reader = FakeReader(lambda words: "parking" if "xe" in words else "greet")
    shadow, minh = shadowing(house, FakeShelf(), reader), await lead(house)
    await said(house, "trước khi bắt đầu")
    assert (await minh.get("/api/teach/shadow"))[1]["model"] is None
    status, found = await minh.post(f"/api/teach/models/{OTHER}/shadow")
    assert (status, found["model"], found["started_by"], found["messages"]) == (200, OTHER, "Minh", 0)
    assert found["share"] is None
    await said(house, "chào em", "gửi xe ở đâu, gọi 0912 345 678")
    await shadow.step()
    found = (await minh.get("/api/teach/shadow"))[1]
    assert (found["reading"], found["messages"], found["agree"], found["fault"]) == (True, 2, 1, "")
    assert found["share"]["low"] < found["share"]["estimate"] == 0.5 < found["share"]["high"]
    (one,) = found["differing"]
    assert (one["serving"], one["candidate"], one["confidence"]) == ("greet", "parking", 0.8)
    assert "0912" not in one["text"]
    assert one["text"].startswith("gửi xe ở đâu")
    await shadow.step()
    assert sorted(reader.heard) == ["chào em", "gửi xe ở đâu, gọi 0912 345 678"]


async def test_it_goes_on_after_a_restart_of_the_engine_and_of_the_house(house: TestHouse) -> None:
    reader = FakeReader(lambda _: "greet")
    shadow, minh = shadowing(house, FakeShelf(), reader), await lead(house)
    await minh.post(f"/api/teach/models/{OTHER}/shadow")
    await shadow.step()
    reader.loaded, reader.down = None, True
    await said(house, "trong lúc trợ lý khởi động lại")
    await shadow.step()
    assert (await minh.get("/api/teach/shadow"))[1]["fault"]
    reader.down = False
    house_of = house.running.house
    fresh = Shadowing(
        store=house_of.store, clock=house_of.clock, shelf=shadow._shelf, engine=reader, serving=shadow._serving
    )
    await fresh.step()
    found = await shown(minh, lambda one: one["messages"] == 1 and not one["fault"])
    assert found["model"] == OTHER


async def test_it_ends_by_itself(house: TestHouse) -> None:
    shelf, reader = FakeShelf(), FakeReader(lambda _: "greet")
    shadow, minh = shadowing(house, shelf, reader), await lead(house)
    store, clock = house.running.house.store, house.running.house.clock

    async def ended_by(why: str) -> None:
        await shadow.step()
        assert (await minh.get("/api/teach/shadow"))[1]["model"] is None
        assert (await audit(house, "shadow.end"))[-1]["why"] == why
        await shadow.step()
        assert reader.loaded is None

    await minh.post(f"/api/teach/models/{OTHER}/shadow")
    await shadow.step()
    assert reader.loaded == OTHER
    async with store.begin() as uow:
        said_so = await uow.channel_states.get("shadow")
        assert said_so is not None
        long_ago = {"since": (clock.now() - LIFE).isoformat(), "until": clock.now().isoformat()}
        await uow.channel_states.put("shadow", {**said_so, **long_ago})
    await ended_by("its time is over")
    await minh.post(f"/api/teach/models/{OTHER}/shadow")
    shelf.gone.add(OTHER)
    await ended_by("its file is gone")
    await minh.post(f"/api/teach/models/{SECOND}/shadow")
    async with store.begin() as uow:
        await uow.channel_states.put("serving", {"model": SECOND, "base": "b", "history": []})
    await ended_by("it serves")
    assert (await minh.post(f"/api/teach/models/{SECOND}/shadow"))[0] == 409


async def test_whoever_leads_starts_stops_and_replaces_it(house: TestHouse) -> None:
    shadow, minh = shadowing(house, FakeShelf(), FakeReader(lambda _: "greet")), await lead(house)
    assert (await minh.post("/api/teach/models/khong-co/shadow"))[0] == 404
    await minh.post(f"/api/teach/models/{OTHER}/shadow")
    since = (await minh.get("/api/teach/shadow"))[1]["since"]
    assert (await minh.post(f"/api/teach/models/{OTHER}/shadow"))[1]["since"] == since
    assert (await minh.post(f"/api/teach/models/{SECOND}/shadow"))[1]["model"] == SECOND
    assert (await minh.send("DELETE", "/api/teach/shadow"))[1]["model"] is None
    assert (await minh.send("DELETE", "/api/teach/shadow"))[0] == 200
    await shadow.step()
    lan = await house.staff("Lan", "sales")
    assert (await lan.get("/api/teach/shadow"))[0] == 403
    assert (await lan.post(f"/api/teach/models/{OTHER}/shadow"))[0] == 403
    assert (await lan.send("DELETE", "/api/teach/shadow"))[0] == 403


async def test_a_model_that_the_engine_refuses_is_told_and_not_tried_again_and_again(house: TestHouse) -> None:
    reader = FakeReader(lambda _: "greet")
    reader.refuses = True
    shadow, minh = shadowing(house, FakeShelf(), reader), await lead(house)
    await minh.post(f"/api/teach/models/{OTHER}/shadow")
    await shadow.step()
    found = (await minh.get("/api/teach/shadow"))[1]
    assert (found["reading"], "digest" in found["fault"]) == (False, True)
    reader.refuses = False
    await shadow.step()
    assert reader.loaded is None


async def test_what_was_read_is_kept_for_those_who_look_later(house: TestHouse) -> None:
    shadow, minh = shadowing(house, FakeShelf(), FakeReader(lambda _: "parking")), await lead(house)
    await minh.post(f"/api/teach/models/{OTHER}/shadow")
    await said(house, "chào em")
    await shadow.step()
    await minh.send("DELETE", "/api/teach/shadow")
    async with house.running.house.store.read() as uow:
        counts = await uow.models.shadow_counts(OTHER, house.running.house.clock.now() - timedelta(hours=1))
    assert counts == (1, 0)
