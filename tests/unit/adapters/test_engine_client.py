"""The engine's client against a server that misbehaves in every way we could think of (hostile inputs, 56)."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.adapters.engine import HttpEngine
from bot.adapters.engine.client import TURN_SECONDS
from bot.domain.breaker import Breaker, BreakerState
from bot.domain.messages import Button
from bot.services.ports_engine import EngineRequest, EngineUnavailable, Ranked, Reply

REQUEST = EngineRequest(
    conversation="c-17", message_id="m-456", text="xuất hoá đơn", dialogue=None, facts={"language": "vi"}
)
GOOD: dict[str, Any] = {
    "message_id": "m-456",
    "model_id": "m-1",
    "intent": {"name": "invoice_request", "confidence": 0.93},
    "ranking": [{"name": "invoice_request", "confidence": 0.93}],
    "entities": [{"entity": "tax_code", "value": "0101234567", "start": 0, "end": 10}],
    "in_scope": 0.97,
    "messages": [{"text": "Dạ vâng ạ.", "buttons": [{"title": "Có", "payload": "đúng rồi"}]}],
    "outcomes": [{"handoff": {"department": "accounting"}}],
    "dialogue": {"v": 1},
}
KNOWN = frozenset({"invoice_request", "greet"})

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Server:
    """A stand-in for the engine whose behaviour a test sets."""

    def __init__(self) -> None:
        self.handler: Handler = _answering(GOOD)
        self.seen: list[dict[str, Any]] = []
        self.tokens: list[str | None] = []
        self.address = ""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.tokens.append(request.headers.get("Authorization"))
        if request.method == "POST":
            self.seen.append(json.loads(await request.read()))
        return await self.handler(request)


def _answering(body: object, status: int = 200, content_type: str = "application/json") -> Handler:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()

    async def handler(_: web.Request) -> web.StreamResponse:
        return web.Response(body=raw, status=status, content_type=content_type)

    return handler


async def _hanging(_: web.Request) -> web.StreamResponse:
    await asyncio.sleep(30)
    return web.Response()


async def _endless(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    try:
        for _ in range(50):
            await response.write(b" " * 1024 * 1024)
    except (ConnectionError, aiohttp.ClientError):
        pass  # the client has gone, as it should
    return response


async def _dripping(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    try:
        while True:
            await response.write(b" ")
            await asyncio.sleep(0.05)
    except (ConnectionError, asyncio.CancelledError):
        return response


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    stand_in = Server()
    app = web.Application()
    app.router.add_route("*", "/webhooks/letan/{route}", stand_in.handle)
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    stand_in.address = f"http://{host}:{port}"
    yield stand_in
    await runner.cleanup()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


def engine(session: aiohttp.ClientSession, address: str, **settings: Any) -> HttpEngine:
    return HttpEngine(session, address, "secret", known_intents=KNOWN, **{"turn_seconds": 0.3, **settings})


async def test_an_answer_arrives_whole_and_the_request_carries_the_token(
    server: Server, session: aiohttp.ClientSession
) -> None:
    answer = await engine(session, server.address).turn(REQUEST)
    assert answer.intent == Ranked(name="invoice_request", confidence=0.93)
    assert answer.messages == (Reply(text="Dạ vâng ạ.", buttons=(Button(title="Có", payload="đúng rồi"),)),)
    assert answer.outcomes == ({"handoff": {"department": "accounting"}},)
    assert answer.dialogue == {"v": 1}
    assert answer.in_scope == 0.97
    assert server.tokens == ["Bearer secret"]
    assert server.seen == [
        {
            "conversation": "c-17",
            "message_id": "m-456",
            "text": "xuất hoá đơn",
            "dialogue": None,
            "facts": {"language": "vi"},
        }
    ]


async def test_a_long_story_is_sent_up_to_what_the_engine_reads(server: Server, session: aiohttp.ClientSession) -> None:
    long = EngineRequest(conversation="c", message_id="m-456", text="ạ" * 5_000, dialogue=None, facts={})
    await engine(session, server.address).turn(long)
    assert len(server.seen[0]["text"]) == 1_000


@pytest.mark.parametrize(
    ("handler", "reason"),
    [
        (_answering({"error": "internal"}, 500), "internal"),
        (_answering(b"Internal Server Error", 500), "status_500"),
        (_answering({"error": "action_server"}, 503), "action_server"),
        (_answering({"error": "empty"}, 503), "empty"),
        (_answering({"error": "token"}, 401), "status_401"),
        (_answering({"error": "request"}, 422), "refused"),
        (_answering(b"", 302), "status_302"),
        (_answering(b"<html><body>ok</body></html>", content_type="text/html"), "malformed"),
        (_answering(b""), "malformed"),
        (_answering([]), "malformed"),
        (_answering(GOOD | {"intent": {"name": "duyet_hoan_tien", "confidence": 1.0}}), "unknown_intent"),
        (_answering(json.dumps(GOOD).replace("0.93", "NaN").encode()), "malformed"),
        (_answering(GOOD | {"intent": {"name": "greet", "confidence": 2}}), "malformed"),
        (_answering(GOOD | {"intent": {"name": "greet", "confidence": "x"}}), "malformed"),
        (_answering(GOOD | {"intent": {"name": "greet", "confidence": -0.1}}), "malformed"),
        (_answering(GOOD | {"intent": None}), "malformed"),
        (_answering(GOOD | {"messages": "xin chào"}), "malformed"),
        (_answering(GOOD | {"messages": [], "outcomes": []}), "empty"),
        (_answering(GOOD | {"dialogue": None}), "malformed"),
        (_answering(GOOD | {"message_id": "m-457"}), "wrong_message"),
        (_answering(GOOD | {"model_id": ""}), "malformed"),
        (_endless, "too_large"),
        (_hanging, "timeout"),
        (_dripping, "timeout"),
    ],
)
async def test_every_misbehaviour_is_engine_unavailable_in_time(
    server: Server, session: aiohttp.ClientSession, handler: Handler, reason: str
) -> None:
    server.handler = handler
    async with asyncio.timeout(60):  # only to end: the limit of the turn is a fraction of a second here
        with pytest.raises(EngineUnavailable) as failure:
            await engine(session, server.address).turn(REQUEST)
    assert failure.value.reason == reason


def test_a_turn_has_three_seconds() -> None:
    assert TURN_SECONDS == 3.0


async def test_nobody_listening_is_engine_unavailable(session: aiohttp.ClientSession, unused_tcp_port: int) -> None:
    with pytest.raises(EngineUnavailable, match="unreachable"):
        await engine(session, f"http://127.0.0.1:{unused_tcp_port}").turn(REQUEST)


async def test_an_answer_of_another_model_is_refused(server: Server, session: aiohttp.ClientSession) -> None:
    with pytest.raises(EngineUnavailable, match="wrong_model"):
        await engine(session, server.address, model_id="m-2").turn(REQUEST)
    assert await engine(session, server.address, model_id="m-1").turn(REQUEST)


async def test_the_breaker_opens_spares_the_engine_and_closes_again(
    server: Server, session: aiohttp.ClientSession
) -> None:
    moment = 0.0
    client = engine(session, server.address, breaker=Breaker(threshold=3, rest=5.0), monotonic=lambda: moment)
    server.handler = _answering({"error": "internal"}, 503)
    for _ in range(3):
        with pytest.raises(EngineUnavailable, match="internal"):
            await client.turn(REQUEST)
    assert client.breaker_state is BreakerState.OPEN
    with pytest.raises(EngineUnavailable, match="breaker_open"):
        await client.turn(REQUEST)
    assert len(server.seen) == 3

    moment = 5.0
    with pytest.raises(EngineUnavailable, match="internal"):
        await client.turn(REQUEST)
    assert client.breaker_state is BreakerState.OPEN

    moment = 10.0
    server.handler = _answering(GOOD)
    await client.turn(REQUEST)
    assert client.breaker_state is BreakerState.CLOSED


@pytest.mark.parametrize(
    "handler",
    [
        _answering({"error": "empty"}, 503),
        _answering({"error": "request"}, 422),
        _answering(GOOD | {"intent": {"name": "strange", "confidence": 1.0}}),
    ],
)
async def test_one_message_without_an_answer_says_nothing_of_the_engine(
    server: Server, session: aiohttp.ClientSession, handler: Handler
) -> None:
    server.handler = handler
    client = engine(session, server.address, breaker=Breaker(threshold=1))
    with pytest.raises(EngineUnavailable):
        await client.turn(REQUEST)
    assert client.breaker_state is BreakerState.CLOSED


@pytest.mark.parametrize(
    ("handler", "model"),
    [
        (_answering({"ready": True, "model_id": "m-1"}), "m-1"),
        (_answering({"error": "token"}, 401), None),
        (_answering(b"<html>"), None),
        (_answering([]), None),
        (_endless, None),
    ],
)
async def test_health_is_the_model_or_nothing(
    server: Server, session: aiohttp.ClientSession, handler: Handler, model: str | None
) -> None:
    server.handler = handler
    assert await engine(session, server.address).health() == model
