"""Long polling: nothing is confirmed before it is stored, and no failure of Telegram ends the loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from telegram.error import NetworkError

from bot.adapters.channels.telegram.buttons import keyboard
from bot.adapters.channels.telegram.client import TelegramClient
from bot.adapters.channels.telegram.offset import STATE_KEY, PollOffset
from bot.adapters.channels.telegram.polling import PollPace, TelegramPoller
from bot.adapters.channels.telegram.status import identify
from bot.domain.arrivals import Arrival, CustomerMessage, Ignored
from bot.domain.channel_status import ChannelHealth, ChannelStatus
from bot.domain.messages import Button
from bot.services.ports import Store
from tests.doubles.telegram import Fault, TelegramServer
from tests.doubles.telegram_world import Refusal, StillClock

QUICK = PollPace(wait=5, first_rest=0.02, longest_rest=0.05, refused=0.05)
CHOICE = keyboard([Button(title="Hoá đơn", payload="Em hỏi hoá đơn")])


class House:
    """The store of channel states, and an intake that absorbs repetitions; both outlive a crash of the loop."""

    def __init__(self, server: TelegramServer) -> None:
        self.server = server
        self.clock = StillClock()
        self.states: dict[str, Any] = {}
        self.stored: dict[str, Arrival] = {}
        self.accepted: list[str] = []
        self.crash_before_storing = 0
        self.crash_after_storing = 0

    @asynccontextmanager
    async def begin(self, *, relaxed: bool = False) -> AsyncIterator[SimpleNamespace]:
        del relaxed
        yield SimpleNamespace(channel_states=self)

    async def get(self, key: str, *, lock: bool = False) -> Any:
        del lock
        return self.states.get(key)

    async def put(self, key: str, value: Any) -> None:
        if self.crash_after_storing:
            self.crash_after_storing -= 1
            raise ConnectionError("the database went away")
        self.states[key] = value

    async def accept(self, arrivals: Sequence[Arrival]) -> None:
        if self.crash_before_storing:
            self.crash_before_storing -= 1
            raise ConnectionError("the database went away")
        for arrival in arrivals:
            self.accepted.append(arrival.dedupe_key)
            self.stored.setdefault(arrival.dedupe_key, arrival)
        self.server.world.wake()

    @property
    def texts(self) -> list[str]:
        said = [arrival.happening for arrival in self.stored.values()]
        return [one.text for one in said if isinstance(one, CustomerMessage)]


class Loop:
    """A poller running in the background, with its stop switch."""

    def __init__(self, house: House, client: TelegramClient) -> None:
        offset = PollOffset(cast("Store", house), house.clock, client.bot_id)
        self.poller = TelegramPoller(client, house.accept, offset, pace=QUICK)
        self.stop = asyncio.Event()
        self.task = asyncio.create_task(self.poller.run(self.stop))

    async def end(self) -> None:
        self.stop.set()
        await asyncio.wait_for(self.task, 1.0)


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as running:
        yield running


@pytest.fixture
def house(server: TelegramServer) -> House:
    return House(server)


@asynccontextmanager
async def polling(house: House, token: str | None = None, read_seconds: float = 0.5) -> AsyncIterator[Loop]:
    token = token or house.server.token
    async with TelegramClient(token, api=house.server.url, read_seconds=read_seconds) as client:
        loop = Loop(house, client)
        try:
            yield loop
        finally:
            loop.stop.set()
            await asyncio.gather(loop.task, return_exceptions=True)


async def status(loop: Loop, health: ChannelHealth, reason: str = "") -> ChannelStatus:
    async with asyncio.timeout(5):
        while (loop.poller.status.health, loop.poller.status.reason) != (health, reason):
            await asyncio.sleep(0.01)
    return loop.poller.status


async def test_what_customers_write_is_stored_in_order_and_then_confirmed(server: TelegramServer, house: House) -> None:
    lan, minh = server.world.customer(42), server.world.customer(43, "Minh")
    lan.writes("Chào em")
    async with polling(house) as loop:
        await server.world.until(lambda: house.texts == ["Chào em"])
        minh.writes("Còn hàng không?")
        lan.writes("Chị hỏi hoá đơn")
        await server.world.until(lambda: len(house.texts) == 3)
        await server.world.until(lambda: not server.world.pending)
        assert loop.poller.status == ChannelStatus.ok()

    assert house.texts == ["Chào em", "Còn hàng không?", "Chị hỏi hoá đơn"]
    assert len(house.accepted) == 3
    assert house.states[STATE_KEY]["offset"] == server.world.next_update_id


async def test_a_batch_that_could_not_be_stored_comes_again(server: TelegramServer, house: House) -> None:
    server.world.customer().writes("Đừng làm mất tin này")
    house.crash_before_storing = 1
    async with polling(house) as loop:
        with pytest.raises(ConnectionError):
            await loop.task
        assert len(server.world.pending) == 1
    async with polling(house):
        await server.world.until(lambda: not server.world.pending)

    assert house.texts == ["Đừng làm mất tin này"]


async def test_a_crash_between_storing_and_confirming_repeats_and_the_key_absorbs_it(
    server: TelegramServer, house: House
) -> None:
    server.world.customer().writes("Một lần thôi")
    house.crash_after_storing = 1
    async with polling(house) as loop:
        with pytest.raises(ConnectionError):
            await loop.task
    async with polling(house):
        await server.world.until(lambda: not server.world.pending)

    assert house.accepted == ["u:870000001", "u:870000001"]
    assert house.texts == ["Một lần thôi"]


async def test_a_restart_goes_on_where_it_was(server: TelegramServer, house: House) -> None:
    lan = server.world.customer()
    async with polling(house):
        lan.writes("Trước")
        await server.world.until(lambda: house.texts == ["Trước"])
    lan.writes("Trong lúc tắt")
    async with polling(house):
        await server.world.until(lambda: len(house.texts) == 2)

    assert house.accepted == ["u:870000001", "u:870000002"]


async def test_a_stop_does_not_wait_for_the_long_poll(server: TelegramServer, house: House) -> None:
    async with polling(house) as loop:
        await status(loop, ChannelHealth.OK)
        await server.world.until(lambda: server.calls.count("getUpdates") == 2)
        before = asyncio.get_running_loop().time()
        await loop.end()

    assert asyncio.get_running_loop().time() - before < 15  # the poll would have gone on for longer


async def test_a_cancelled_loop_ends_with_its_poll(server: TelegramServer, house: House) -> None:
    async with polling(house) as loop:
        await server.world.until(lambda: "getUpdates" in server.calls)
        loop.task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await loop.task


@pytest.mark.parametrize(
    "fault",
    [
        Fault.INTERNAL,
        Fault.GATEWAY,
        Fault.LOST,
        Fault.NOT_JSON,
        Refusal(429, "Too Many Requests: retry after 1", retry_after=1),
    ],
    ids=str,
)
async def test_a_failed_poll_is_repeated(server: TelegramServer, house: House, fault: Fault | Refusal) -> None:
    server.world.customer().writes("Vẫn tới nơi")
    server.fail("getUpdates", fault)
    async with polling(house) as loop:
        await server.world.until(lambda: house.texts == ["Vẫn tới nơi"])
        await status(loop, ChannelHealth.OK)


async def test_failures_rest_longer_and_longer_up_to_a_limit(server: TelegramServer, house: House) -> None:
    async with polling(house) as loop:
        poller = loop.poller
        rests = [poller._rest_after(NetworkError("x")) for _ in range(40)]

    assert 0.01 <= rests[0] <= 0.02
    assert all(0.025 <= rest <= 0.05 for rest in rests[2:])


async def test_a_server_that_is_down_is_seen_and_survived(house: House) -> None:
    async with TelegramClient("1:x", api="http://127.0.0.1:1") as client:
        loop = Loop(house, client)
        seen = await status(loop, ChannelHealth.DEGRADED, "unreachable")
        await loop.end()

    assert "x" not in seen.detail.split()


async def test_a_revoked_token_is_seen_and_a_new_life_too(server: TelegramServer, house: House) -> None:
    good, server.token = server.token, "123456:new"
    async with polling(house, token=good) as loop:
        await status(loop, ChannelHealth.REFUSED, "invalid_token")
        server.token = good
        await status(loop, ChannelHealth.OK)


async def test_two_pollers_of_one_token_see_the_conflict(server: TelegramServer, house: House) -> None:
    async with polling(house) as first, polling(House(server)) as second:
        async with asyncio.timeout(5):
            while ChannelHealth.REFUSED not in (first.poller.status.health, second.poller.status.health):
                await asyncio.sleep(0.01)
        seen = [loop.poller.status for loop in (first, second) if loop.poller.status.reason == "conflict"]
        await second.end()
        await status(first, ChannelHealth.OK)

    assert "terminated by other getUpdates request" in seen[0].detail


async def test_a_webhook_left_behind_is_removed_and_nothing_pending_is_dropped(
    server: TelegramServer, house: House
) -> None:
    server.webhook = {"url": "http://127.0.0.1:1/", "secret": ""}
    server.world.customer().writes("Gửi lúc còn webhook")
    async with polling(house) as loop:
        await server.world.until(lambda: house.texts == ["Gửi lúc còn webhook"])
        server.webhook = {"url": "http://127.0.0.1:1/", "secret": ""}
        server.world.customer().writes("Ai đó đặt lại webhook")
        await server.world.until(lambda: len(house.texts) == 2)
        await status(loop, ChannelHealth.OK)

    assert server.calls.count("deleteWebhook") == 2


async def test_a_press_is_answered_after_it_is_stored(server: TelegramServer, house: House) -> None:
    lan = server.world.customer()
    async with polling(house) as loop:
        await loop.poller._client.bot.send_message(42, "Chọn ạ", reply_markup=CHOICE)
        house.crash_before_storing = 1
        query = lan.presses("Hoá đơn")
        with pytest.raises(ConnectionError):
            await loop.task
        assert server.world.answered == []
    async with polling(house):
        await server.world.until(lambda: server.world.answered == [query])

    assert house.texts == ["Em hỏi hoá đơn"]


async def test_a_slow_answer_to_a_press_holds_up_nobody(server: TelegramServer, house: House) -> None:
    lan = server.world.customer()
    server.fail("answerCallbackQuery", Fault.SILENT)
    async with polling(house, read_seconds=60) as loop:
        await loop.poller._client.bot.send_message(42, "Chọn ạ", reply_markup=CHOICE)
        lan.presses("Hoá đơn")
        await server.world.until(lambda: house.texts == ["Em hỏi hoá đơn"])
        lan.writes("tiếp")
        await server.world.until(lambda: house.texts == ["Em hỏi hoá đơn", "tiếp"])


async def test_blocking_and_unreadable_updates_are_confirmed_like_all_others(
    server: TelegramServer, house: House
) -> None:
    lan = server.world.customer()
    lan.blocks()
    lan.unblocks()
    server.world.push("message", {"chat": "?"})
    server.world.push("poll", {"id": "1"})
    lan.writes("Tin sau cùng")
    async with polling(house):
        await server.world.until(lambda: house.texts == ["Tin sau cùng"])
        await server.world.until(lambda: not server.world.pending)

    kinds = [type(arrival.happening).__name__ for arrival in house.stored.values()]
    assert kinds == ["Presence", "Presence", "Ignored", "CustomerMessage"]
    unreadable = [one.happening for one in house.stored.values() if isinstance(one.happening, Ignored)]
    assert unreadable[0].reason.startswith("unreadable:$.message.chat")


@pytest.mark.parametrize("jump_to", [17, 2**63 - 2])
async def test_numbers_that_jump_after_a_quiet_week_are_followed(
    server: TelegramServer, house: House, jump_to: int
) -> None:
    lan = server.world.customer()
    async with polling(house):
        lan.writes("Trước Tết")
        await server.world.until(lambda: not server.world.pending)
    house.clock.moment += timedelta(days=8)
    server.world.next_update_id = jump_to
    lan.writes("Sau Tết")
    async with polling(house):
        await server.world.until(lambda: house.texts == ["Trước Tết", "Sau Tết"])
        await server.world.until(lambda: not server.world.pending)

    assert house.states[STATE_KEY]["offset"] == jump_to + 1


async def test_another_bot_begins_at_its_own_beginning(server: TelegramServer, house: House) -> None:
    house.states[STATE_KEY] = {"bot": "999", "offset": 10**12, "at": house.clock.now().isoformat()}
    server.world.customer().writes("Bot mới")
    async with polling(house):
        await server.world.until(lambda: house.texts == ["Bot mới"])


async def test_the_bot_introduces_itself(server: TelegramServer) -> None:
    async with TelegramClient(server.token, api=server.url) as client:
        assert await identify(client) == (ChannelStatus.ok(), "sen_viet_bot")
        server.token = "1:other"
        assert (await identify(client))[0].reason == "invalid_token"
