"""The action server's door: protocol, failures, and what it does not tell."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from actions.base import LetanAction
from actions.dialogue import Dialogue
from actions.memory import Memory
from actions.reply import Reply
from actions.reply_action import ReplyAction
from actions.server import MAX_BODY_BYTES, build_app
from actions.turn import Turn
from bot.domain.company import Company
from bot.domain.knowledge import Knowledge

SECRET = "số thẻ 4111 1111"


class Crash(LetanAction):
    def name(self) -> str:
        return "action_crash"

    def decide(self, turn: Turn) -> Reply:
        raise ZeroDivisionError(turn.text)


class Mute(LetanAction):
    def name(self) -> str:
        return "action_mute"

    def decide(self, turn: Turn) -> Reply:
        return Reply(Memory())


@pytest.fixture
async def client(company: Company, knowledge: Knowledge) -> AsyncIterator[TestClient[Any, Any]]:
    app = build_app([ReplyAction(lambda: Dialogue(company, knowledge)), Crash(), Mute()])
    async with TestClient(TestServer(app)) as client:
        yield client


def call(action: str = "action_reply", **message: Any) -> dict[str, Any]:
    latest = {"text": SECRET, "intent": {"name": "greet", "confidence": 0.9}, "entities": [], **message}
    return {
        "next_action": action,
        "sender_id": "c-1",
        "version": "3.6.21",
        "tracker": {"sender_id": "c-1", "slots": {}, "latest_message": latest, "events": [], "paused": False},
    }


async def test_an_action_runs_without_the_domain(client: TestClient[Any, Any]) -> None:
    response = await client.post("/webhook", json=call())
    assert response.status == 200
    body = await response.json()
    assert body["responses"][0]["text"]
    assert {"department": "reception"} in [one["custom"] for one in body["responses"]]
    assert {event["event"] for event in body["events"]} == {"slot"}
    assert "Access-Control-Allow-Origin" not in response.headers


@pytest.mark.parametrize("action", ["action_crash", "action_mute"])
async def test_a_failure_is_a_failure_and_tells_nothing(
    client: TestClient[Any, Any], action: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        response = await client.post("/webhook", json=call(action))
    assert response.status == 500
    text = await response.text()
    assert "internal" in text
    assert "4111" not in text
    assert "Error" not in text
    assert (await response.json())["id"] in caplog.text


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"[]", 422),
        (b"{}", 422),
        (b'{"next_action": 1, "tracker": {}}', 422),
        (b'{"next_action": "action_reply"}', 422),
        (b'{"next_action": "no_such_action", "tracker": {}}', 404),
        (b" " * (MAX_BODY_BYTES + 1), 413),
    ],
)
async def test_bad_calls(client: TestClient[Any, Any], body: bytes, status: int) -> None:
    response = await client.post("/webhook", data=body, headers={"Content-Type": "application/json"})
    assert response.status == status


async def test_health_and_list(client: TestClient[Any, Any]) -> None:
    response = await client.get("/health")
    assert response.status == 200
    assert "action_reply" in (await response.json())["actions"]
    assert {"name": "action_reply"} in await (await client.get("/actions")).json()
    assert (await client.get("/webhook")).status == 405
