"""Every store keeps raw events, small facts of channels and gates alike."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.arrivals import Arrival, Ignored
from bot.domain.errors import Unknown
from bot.domain.messages import Channel
from tests.contract.stores import NINE, Filling, at

WEB = Channel.WEBCHAT
ARRIVAL = Arrival(dedupe_key="k", chat="chat-1", payload={"text": "Xin chào"}, happening=Ignored(reason="test"))


async def test_an_event_is_accepted_once(room: Filling) -> None:
    first = await room.uow.events.add(WEB, ARRIVAL, NINE)
    assert first is not None
    assert await room.uow.events.add(WEB, ARRIVAL, at(hours=1)) is None
    assert await room.uow.events.add(Channel.ZALO, ARRIVAL, NINE) is not None
    stored = await room.uow.events.get(first)
    assert (stored.channel, stored.chat, stored.payload, stored.received_at) == (
        WEB,
        "chat-1",
        {"text": "Xin chào"},
        NINE,
    )
    with pytest.raises(Unknown):
        await room.uow.events.get(9_999)


async def test_channels_remember_small_facts(room: Filling) -> None:
    states = room.uow.channel_states
    assert await states.get("telegram:offset", lock=True) is None
    await states.put("telegram:offset", {"n": 1})
    await states.put("telegram:offset", {"n": 2})
    assert await states.get("telegram:offset") == {"n": 2}


async def test_a_gate_is_closed_until_a_moment_that_only_moves_on(room: Filling) -> None:
    gates = room.uow.gates
    assert await gates.closed_until(["a", "b"], NINE) is None
    await gates.close("a", at(minutes=2))
    await gates.close("a", at(minutes=1))
    await gates.close("b", at(minutes=1))
    assert await gates.closed_until(["a", "b"], NINE) == at(minutes=2)
    assert await gates.closed_until(["a"], at(minutes=2)) is None


async def test_each_sender_gets_a_slot_of_its_own(room: Filling) -> None:
    gates = room.uow.gates
    assert [await gates.reserve({"all": 1, "mine": 10}, [], NINE) for _ in range(2)] == [NINE, at(minutes=1 / 6)]
    assert await gates.reserve({"all": 1}, [], NINE) == NINE + timedelta(seconds=2)
    await gates.close("channel", at(hours=1))
    assert await gates.reserve({"other": 5}, ["channel"], NINE) == at(hours=1)
    assert await gates.reserve({"other": 5}, ["nothing"], at(hours=2)) == at(hours=2)
