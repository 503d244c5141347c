"""Drift through the door and by its nightly timer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from bot.domain.company import RoleId
from bot.domain.messages import Author, Channel, Direction
from bot.domain.teaching.dataset import Base
from bot.domain.turns import Closing, Outcome, Reading
from bot.services.drifting import Drifting
from bot.services.ports import QueueItem
from bot.services.ports_conversations import NewMessage
from tests.house import TestHouse

pytestmark = [pytest.mark.integration, pytest.mark.timeout(120)]


class Files:
    """Training lines that know a few words."""

    def base(self) -> Base:
        return Base(digests={}, lines=(("order_status", "đơn hàng của em tới đâu"),))


def drifting(house: TestHouse) -> Drifting:
    found = house.running.house.drifting
    found._files = Files()
    return found


async def heard(
    house: TestHouse, count: int, words: str, *, days_ago: float, intent: str = "order_status", decision: str = "answer"
) -> None:
    """Store messages of several customers that were read some days ago."""
    at = house.running.house.clock.now() - timedelta(days=days_ago)
    for number in range(count):
        async with house.running.house.store.begin(relaxed=True) as uow:
            conversation = await uow.conversations.meet(
                Channel.WEBCHAT, f"chat-{number % 20}", f"of-{number % 20}", "Mai", "vi", at
            )
            turn = await uow.turns.current(conversation.id, at)
            await uow.messages.add(
                NewMessage(
                    conversation_id=conversation.id,
                    direction=Direction.INBOUND,
                    author=Author.CUSTOMER,
                    text=words,
                    turn_id=turn.id,
                    created_at=at,
                )
            )
            reading = Reading(ranking=((intent, 0.9),), decision=decision)
            await uow.turns.close(turn.id, Closing(outcome=Outcome.ANSWERED, at=at, intent=intent, reading=reading))


async def alerts(house: TestHouse) -> list[tuple[str, dict[str, Any]]]:
    async with house.running.house.store.engine.connect() as connection:  # type: ignore[attr-defined]
        rows = await connection.execute(
            text("SELECT action, detail FROM audit WHERE action LIKE 'drift.%' ORDER BY id")
        )
        return [(row.action, row.detail) for row in rows]


async def timer_of(house: TestHouse) -> QueueItem:
    async with house.running.house.store.read() as uow:
        said = await uow.channel_states.get("drift")
    assert said is not None
    return QueueItem(id=said["timer"], reads=1, body={"kind": "drift"})


async def moved(house: TestHouse) -> None:
    """A quiet month, and a week in which everything is different."""
    await heard(house, 210, "đơn hàng của em tới đâu", days_ago=12)
    await heard(house, 40, "đơn hàng của em tới đâu", days_ago=2)
    await heard(house, 20, "hoàn thuế cho anh Nguyễn Văn Bách nhé", days_ago=1, intent="refund_status", decision="ask")


async def test_what_moved_is_shown_by_channel_with_nobodys_name(house: TestHouse) -> None:
    drifting(house)
    await moved(house)
    minh = await house.staff("Minh", role=RoleId.MANAGER)
    status, found = await minh.get("/api/teach/drift")
    assert status == 200
    (channel,) = found["channels"]
    assert (channel["channel"], channel["enough"]) == ("webchat", True)
    assert (channel["messages"], channel["messages_before"]) == (60, 210)
    assert channel["fallbacks"]["estimate"] == pytest.approx(1 / 3)
    assert {one["kind"] for one in channel["alerts"]} == {"fallbacks", "needs", "words"}
    words = [one["word"] for one in channel["new_words"]]
    assert "thuế" in words
    assert not {"nguyen", "van", "bach", "nguyễn", "văn", "bách"} & set(words)
    assert channel["shifts"][0]["need"] in ("order_status", "refund_status")
    await heard(house, 5, "thêm", days_ago=1)
    assert (await minh.get("/api/teach/drift"))[1] == found
    assert (await (await house.staff("Lan", "sales")).get("/api/teach/drift"))[0] == 403


async def test_without_traffic_there_is_nothing_to_say(house: TestHouse) -> None:
    drifting(house)
    minh = await house.staff("Minh", role=RoleId.MANAGER)
    assert (await minh.get("/api/teach/drift"))[1]["channels"] == []
    await heard(house, 3, "đơn hàng", days_ago=1)
    assert await alerts(house) == []


async def test_the_nightly_timer_tells_each_kind_once_a_day_and_sets_the_next(house: TestHouse) -> None:
    drift = drifting(house)
    await moved(house)
    await drift.ensure()
    first = await timer_of(house)
    await drift.ensure()
    assert await timer_of(house) == first
    assert await drift.due(first) is None
    told = await alerts(house)
    assert [action for action, _ in told] == ["drift.fallbacks", "drift.needs", "drift.words"]
    assert "webchat" in told[0][1]
    assert set(told[2][1].values()) == {""}, "words of customers stay out of the audit"
    second = await timer_of(house)
    assert second.id != first.id
    await drift.due(second)
    assert await alerts(house) == told
    await drift.due(first)
    assert (await timer_of(house)).id != second.id


async def test_the_timer_is_of_the_next_night(house: TestHouse) -> None:
    drift = drifting(house)
    moment = drift._next()
    now = house.running.house.clock.now()
    assert now < moment <= now + timedelta(days=1)
    assert moment.astimezone(house.running.house.company.zone).strftime("%H:%M") == "04:30"
