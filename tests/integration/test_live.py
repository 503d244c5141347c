"""The live feed: resumed without gap or repetition, through slow readers, outages, restored backups and lost rights."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from yarl import URL

from bot.adapters.live.hub import Cursor, Hub
from bot.web import live
from tests.house import Clerk, TestHouse, Visitor
from tests.sse import Event, Reader

pytestmark = pytest.mark.integration

OUTAGE = OperationalError("SELECT 1", {}, Exception("gone"))


@asynccontextmanager
async def listening(who: Visitor | Clerk, last: str = "") -> AsyncIterator[Reader]:
    """Open a stream for the length of a block; a new reader has heard ``ready``."""
    path = "/chat/api/events" if isinstance(who, Visitor) else "/api/events"
    headers = {"Last-Event-ID": last} if last else {}
    async with who.session.get(f"{who.url}{path}", headers=headers) as response:
        reader = Reader(response, last)
        if response.status == 200 and not last:
            ready = await reader.next()
            assert ready is not None
            assert ready.kind == "ready"
        yield reader


async def execute(house: TestHouse, statement: str, **values: Any) -> None:
    """Do something behind the back of the product."""
    async with house.running.house.store.begin() as uow:
        await uow._connection.execute(text(statement), values)  # type: ignore[attr-defined]


async def until(true: Callable[[], bool]) -> None:
    """Wait for something to become true."""
    async with asyncio.timeout(20):
        while not true():
            await asyncio.sleep(0.01)


# --- resuming ---------------------------------------------------------------------------------------------------------


async def test_a_reader_resumes_without_gap_or_repetition(house: TestHouse) -> None:
    """(43) Whatever came while the tab slept comes first, once, and then what happens."""
    visitor = await house.visitor()
    heard: list[Event] = []
    async with listening(visitor) as reader:
        await visitor.say("tin 0")
        while len(heard) < 2:
            event = await reader.next("message")
            assert event is not None
            heard.append(event)
        last = reader.last
    for number in range(1, 30):
        await visitor.say(f"tin {number}")
    async with listening(visitor, last) as reader:
        while len(heard) < 60:
            event = await reader.next("message")
            assert event is not None
            heard.append(event)
    assert sorted(one.data["id"] for one in heard) == sorted(one["id"] for one in await visitor.read())
    cursors = [Cursor.parse(one.id) for one in heard]
    assert cursors == sorted(set(cursors))


async def test_a_slow_reader_is_cut_off_and_resumes_where_it_was(
    house: TestHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """(33) What it costs the house is bounded; what it misses is nothing."""
    many = 1_000
    visitor = await house.visitor()
    await visitor.say("ữ" * 10_000)
    await house.settled()
    message_id = (await visitor.read())[0]["id"]
    reader, wire = await slow(visitor)
    await until(lambda: bool(house.running.house.hub._subscriptions))
    [subscription] = house.running.house.hub._subscriptions
    async with house.running.house.store.begin() as uow:
        for _ in range(many):
            await uow.feed.publish("message", visitor.conversation_id, {"message_id": message_id})
    await until(lambda: subscription._overflowed)
    seen = await asyncio.wait_for(reader.read(), 60)
    wire.close()
    ids = [line[4:].decode() for line in seen.split(b"\n") if line.startswith(b"id: ")]
    assert len(ids) < many
    async with listening(visitor, ids[-1]) as again:
        while len(ids) < many + 1:
            event = await again.next("message")
            assert event is not None
            ids.append(event.id)
    cursors = [Cursor.parse(one) for one in ids]
    assert cursors == sorted(set(cursors)), "the first is that of `ready`"


async def slow(visitor: Visitor) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Open a visitor's stream and take no more of it than the machine does by itself."""
    address = urlsplit(visitor.url)
    wire = socket.socket()
    wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    wire.setblocking(False)
    await asyncio.get_running_loop().sock_connect(wire, (address.hostname, address.port))
    reader, writer = await asyncio.open_connection(sock=wire, limit=4096)
    cookies = visitor.session.cookie_jar.filter_cookies(URL(visitor.url))
    cookie = "; ".join(f"{one.key}={one.value}" for one in cookies.values())
    writer.write(f"GET /chat/api/events HTTP/1.0\r\nCookie: {cookie}\r\n\r\n".encode())
    await writer.drain()
    return reader, writer


@pytest.mark.parametrize("last", ["99999999999.1", "9" * 30 + ".1", "1.1"])
async def test_a_place_that_this_server_cannot_know_starts_anew(house: TestHouse, last: str) -> None:
    """After a restore on another machine a browser comes with an id from a future that never happened, or a past."""
    visitor = await house.visitor()
    await visitor.say("chào em")
    await house.settled()
    async with listening(visitor, last) as reader:
        event = await reader.next()
        assert event is not None
        assert event.kind == "reset"
        await visitor.say("còn đó không")
        event = await reader.next("message")
        assert event is not None
        assert event.data["text"] == "còn đó không"


async def test_events_of_another_server_are_no_work_and_no_news(
    house: TestHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A restored backup carries events whose transactions this server has yet to count to."""
    visitor, hub = await house.visitor(), house.running.house.hub
    await visitor.say("chào em")
    await house.settled()
    await execute(
        house,
        "INSERT INTO live_events (kind, conversation_id, data, xid) "
        "SELECT kind, conversation_id, data, 9000000000 + id FROM live_events",
    )
    looks = 0
    read = hub._read

    async def counted(cursor: Cursor) -> Any:
        nonlocal looks
        looks += 1
        return await read(cursor)

    monkeypatch.setattr(hub, "_read", counted)
    async with listening(visitor) as reader:
        await visitor.say("tin mới")
        event = await reader.next("message")
        assert event is not None
        assert event.data["text"] == "tin mới"
        await reader.next("message")
        await house.settled()
        looks = 0
        await asyncio.sleep(1)
        assert looks < 10


async def test_two_first_readers_at_once_miss_nothing(house: TestHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor, store = await house.visitor(), house.running.house.store
    hub = Hub(store.engine)  # type: ignore[attr-defined]
    gate, newest, asked = asyncio.Event(), hub.newest, 0

    async def late() -> Cursor:
        nonlocal asked
        asked += 1
        if asked == 1:
            await gate.wait()
        return await newest()

    monkeypatch.setattr(hub, "newest", late)

    async def slowly() -> None:
        async with hub.subscribe(lambda _: True):
            await asyncio.Event().wait()

    second = asyncio.create_task(slowly())
    await until(lambda: asked == 1)
    async with hub.subscribe(lambda _: True) as first:
        async with store.begin() as uow:
            await uow.feed.publish("case", visitor.conversation_id, {"code": "KT-0001", "change": "opened"})
        gate.set()
        await until(lambda: len(hub._subscriptions) == 2)
        running = asyncio.create_task(hub.run())
        event = await first.next(10)
        for task in (running, second):
            task.cancel()
        await asyncio.gather(running, second, return_exceptions=True)
    assert event is not None
    assert event.data["code"] == "KT-0001"


# --- outages ----------------------------------------------------------------------------------------------------------


async def test_a_database_that_restarts_ends_no_loop_and_loses_no_event(house: TestHouse) -> None:
    """(60) Every connection dies while a browser listens; the next thing that happens is heard all the same."""
    visitor = await house.visitor()
    async with listening(visitor) as reader:
        await visitor.say("trước")
        assert await reader.next("message") is not None
        await house.settled()
        await execute(
            house,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
        # The feed is the first to find out that its connection is dead.
        house.running.house.hub.woken()
        await asyncio.sleep(0.3)
        async with asyncio.timeout(30):
            while (await visitor.say("sau")).status != 202:
                await asyncio.sleep(0.1)
        heard: list[str] = []
        while "sau" not in heard:
            event = await reader.next("message")
            if event is None:
                break
            heard.append(event.data["text"])
        last = reader.last
    if "sau" not in heard:
        async with listening(visitor, last) as reader:
            while "sau" not in heard:
                event = await reader.next("message")
                assert event is not None
                heard.append(event.data["text"])
    assert not [task.get_name() for task in house.tasks if task.done()]


@pytest.mark.parametrize("failure", [OUTAGE, TimeoutError(), RuntimeError("a bug")])
async def test_a_stream_that_fails_just_ends(
    house: TestHouse, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    """Its answer has begun, so a second one would be nonsense in the browser's ears."""
    visitor = await house.visitor()
    monkeypatch.setattr(live, "CHECK_SECONDS", 0.05)

    async def fails(_token: str) -> int:
        raise failure

    async with listening(visitor) as reader:
        monkeypatch.setattr(house.running.house.visitors, "conversation_of", fails)
        assert await reader.rest() == []


async def test_a_stream_that_cannot_begin_says_so(house: TestHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = await house.visitor()

    async def fails() -> Cursor:
        raise OUTAGE

    monkeypatch.setattr(house.running.house.hub, "newest", fails)
    async with listening(visitor) as reader:
        assert reader.status == 503


# --- rights -----------------------------------------------------------------------------------------------------------


async def test_a_disabled_account_stops_reading(house: TestHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    """(39) Asked every four seconds, so at most five pass; here the seconds are short."""
    assert live.CHECK_SECONDS <= 4
    monkeypatch.setattr(live, "CHECK_SECONDS", 0.1)
    lan = await house.staff("Lan", "accounting")
    async with listening(lan) as reader:
        await house.running.house.accounts.set_active(lan.email, active=False)
        assert [one for one in await reader.rest() if one.kind != "staff"] == []
    async with listening(lan) as reader:
        assert reader.status == 401


async def test_typing_is_told_to_those_who_may_see_a_case_of_it(house: TestHouse) -> None:
    visitor, lan, minh = (
        await house.visitor(),
        await house.staff("Lan", "accounting"),
        await house.staff("Minh", "sales"),
    )
    async with listening(lan) as theirs, listening(minh) as strangers:
        assert await typed(visitor) == 204
        await visitor.say("sửa hoá đơn")
        await visitor.hears("KT-0001")
        assert await typed(visitor) == 204
        heard = await theirs.next("typing")
        assert heard is not None
        assert (heard.data["conversation_id"], heard.data["codes"]) == (visitor.conversation_id, ["KT-0001"])
        assert (await lan.post("/api/duty", on_duty=False))[0] == 200
        while (event := await strangers.next()) is not None and event.kind != "staff":
            assert event.kind != "typing"


async def test_a_note_is_told_to_those_who_may_read_its_case(house: TestHouse) -> None:
    visitor, lan, mai = (
        await house.visitor(),
        await house.staff("Lan", "accounting"),
        await house.staff("Mai", "customer_relations"),
    )
    for said, code in (("sửa hoá đơn", "KT-0001"), ("với cả bảo hành cái quạt", "KH-0001")):
        await visitor.say(said)
        await visitor.hears(code)
    async with listening(lan) as theirs:
        assert (await mai.post("/api/cases/KH-0001/note", text="Khách này từng kiện mình."))[0] == 200
        assert (await lan.post("/api/cases/KT-0001/note", text="Hoá đơn sai thuế."))[0] == 200
        while (heard := await theirs.next("message")) is not None and heard.data["message"]["author"] != "staff":
            pass
        assert heard is not None
        assert heard.data["message"]["text"] == "Hoá đơn sai thuế."


async def typed(visitor: Visitor) -> int:
    """Tell the house that a visitor types."""
    async with visitor.session.post(f"{visitor.url}/chat/api/typing") as response:
        return response.status


async def test_typing_has_a_limit(house: TestHouse) -> None:
    visitor = await house.visitor()
    assert {await typed(visitor) for _ in range(20)} == {204, 429}


async def test_a_visitor_has_eight_places(house: TestHouse) -> None:
    """The ninth stream is refused; a closed one gives its place back; others have places of their own."""
    visitor, other = await house.visitor(), await house.visitor()
    streams = [listening(visitor) for _ in range(8)]
    for one in streams:
        await one.__aenter__()
    async with listening(visitor) as ninth, listening(other) as theirs:
        assert (ninth.status, theirs.status) == (429, 200)
    await streams[0].__aexit__(None, None, None)
    statuses = []
    async with asyncio.timeout(20):
        while 200 not in statuses:
            # The server notices at the next thing that it says.
            await typed_by_staff(house, visitor)
            async with listening(visitor) as reader:
                statuses.append(reader.status)
    for one in streams[1:]:
        await one.__aexit__(None, None, None)


async def typed_by_staff(house: TestHouse, visitor: Visitor) -> None:
    """Have the house say something on a visitor's streams."""
    house.running.house.hub.typing("staff", visitor.conversation_id)
    await asyncio.sleep(0.05)
