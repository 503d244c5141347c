"""The pair of tokens against a token endpoint that gives every refresh token one use."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from bot.adapters.channels.zalo.config import ZaloConfig
from bot.adapters.channels.zalo.tokens import STATE_KEY, TokenKeeper
from bot.domain.channel_status import ChannelHealth
from bot.services.ports_channel import Unreachable
from tests.doubles.zalo import APP_ID, APP_SECRET, FIRST_REFRESH_TOKEN, OA_SECRET, Fault, ZaloServer
from tests.doubles.zalo_store import CommitFailed, MemoryStates


class Clock:
    def __init__(self) -> None:
        self.at = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def pass_by(self, **time: float) -> None:
        self.at += timedelta(**time)


class Bench:
    """A server, a database, and as many processes as a test wants."""

    def __init__(self, server: ZaloServer, session: aiohttp.ClientSession) -> None:
        self.server = server
        self.session = session
        self.clock = Clock()
        self.states = MemoryStates()

    def keeper(self, refresh_token: str = FIRST_REFRESH_TOKEN) -> TokenKeeper:
        config = ZaloConfig(
            app_id=APP_ID,
            app_secret=APP_SECRET,
            oa_secret=OA_SECRET,
            refresh_token=refresh_token,
            api=self.server.url,
            oauth_api=self.server.url,
        )
        return TokenKeeper(self.session, self.states.store(), self.clock, config)

    @property
    def stored(self) -> dict[str, Any]:
        return self.states.values[STATE_KEY]


@asynccontextmanager
async def running() -> AsyncIterator[Bench]:
    async with ZaloServer() as server, aiohttp.ClientSession() as session:
        yield Bench(server, session)


async def test_the_first_pair_comes_from_the_configured_token_and_is_stored_before_use() -> None:
    async with running() as bench:
        token = await bench.keeper().current()

        assert token == bench.server.access_token == bench.stored["access"]
        assert bench.stored["refresh"] == bench.server.refresh_token != FIRST_REFRESH_TOKEN


async def test_a_pair_in_the_store_wins_over_the_configured_token_after_a_restart() -> None:
    async with running() as bench:
        token = await bench.keeper().current()

        assert await bench.keeper().current() == token
        assert bench.server.exchanges == 1


async def test_a_newly_configured_token_wins_over_the_store() -> None:
    async with running() as bench:
        old = await bench.keeper().current()
        bench.server.refresh_token = "granted-anew"

        new = await bench.keeper("granted-anew").current()

        assert new == bench.server.access_token != old
        assert bench.stored["access"] == new


async def test_fifty_callers_in_three_processes_make_one_exchange() -> None:
    async with running() as bench:
        keepers = [bench.keeper() for _ in range(3)]

        tokens = await asyncio.gather(*(keepers[caller % 3].current() for caller in range(50)))

        assert set(tokens) == {bench.server.access_token}
        assert bench.server.exchanges == 1


async def test_fifty_refused_callers_make_one_exchange() -> None:
    async with running() as bench:
        keepers = [bench.keeper() for _ in range(3)]
        old = await keepers[0].current()

        tokens = await asyncio.gather(*(keepers[caller % 3].renewed(old) for caller in range(50)))

        assert set(tokens) == {bench.server.access_token} != {old}
        assert bench.server.exchanges == 2


async def test_refreshed_five_hours_before_the_end() -> None:
    async with running() as bench:
        keeper = bench.keeper()
        first = await keeper.current()

        bench.clock.pass_by(hours=19, minutes=59)
        assert await keeper.current() == first
        bench.clock.pass_by(minutes=1)
        assert await keeper.current() != first


async def test_a_token_of_one_hour_is_not_refreshed_at_every_call() -> None:
    async with running() as bench:
        bench.server.expires_in = 3600
        keeper = bench.keeper()
        first = await keeper.current()

        bench.clock.pass_by(minutes=47)
        assert await keeper.current() == first
        bench.clock.pass_by(minutes=2)
        assert await keeper.current() != first


async def test_trouble_while_refreshing_early_leaves_the_old_token_in_use() -> None:
    async with running() as bench:
        keeper = bench.keeper()
        first = await keeper.current()
        stored = dict(bench.stored)
        bench.server.fail("token", Fault(status=502))
        bench.clock.pass_by(hours=21)

        assert await keeper.current() == first
        assert keeper.status.health is ChannelHealth.DEGRADED
        assert bench.stored == stored

        bench.clock.pass_by(seconds=16)
        assert await keeper.current() == bench.server.access_token != first
        assert keeper.status.health is ChannelHealth.OK


async def test_an_error_body_with_http_200_never_overwrites_the_pair() -> None:
    async with running() as bench:
        keeper = bench.keeper()
        first = await keeper.current()
        stored = dict(bench.stored)
        bench.server.fail("token", Fault(error=-14014))
        bench.clock.pass_by(hours=21)

        assert await keeper.current() == first
        assert bench.stored == stored
        assert keeper.status.health is ChannelHealth.REFUSED
        assert keeper.status.reason == "needs_authorisation"


async def test_a_refused_grant_is_shown_and_zalo_is_left_alone_for_a_while() -> None:
    async with running() as bench:
        keeper = bench.keeper("spent long ago")

        for _ in range(5):
            with pytest.raises(Unreachable, match=r"needs_authorisation \(-14014 Invalid refresh token"):
                await keeper.current()
        assert bench.server.exchanges == 1
        bench.clock.pass_by(seconds=16)
        with pytest.raises(Unreachable):
            await keeper.current()

        assert bench.server.exchanges == 2
        assert STATE_KEY not in bench.states.values


async def test_the_wrong_application_secret_is_shown() -> None:
    async with running() as bench:
        keeper = bench.keeper()
        keeper._config = ZaloConfig(
            **{**vars(keeper._config), "app_secret": "the secret of the webhook page, taken for this one"}
        )

        with pytest.raises(Unreachable):
            await keeper.current()

        assert keeper.status.reason == "token_endpoint_unreachable"
        assert "404" in keeper.status.detail


async def test_a_pair_that_could_not_be_stored_is_stored_at_the_next_try() -> None:
    async with running() as bench:
        keeper = bench.keeper()
        bench.states.failing_commits = 1

        with pytest.raises(CommitFailed):
            await keeper.current()
        assert STATE_KEY not in bench.states.values

        assert await keeper.current() == bench.server.access_token == bench.stored["access"]
        assert bench.server.exchanges == 1


async def test_a_caller_who_gives_up_does_not_stop_the_exchange() -> None:
    async with running() as bench:
        keeper = bench.keeper()
        caller = asyncio.create_task(keeper.current())
        while not bench.server.calls:
            await asyncio.sleep(0)
        caller.cancel()
        await keeper.close()

        assert caller.cancelled()
        assert bench.stored["access"] == bench.server.access_token


async def test_no_exchange_while_another_process_holds_the_lock() -> None:
    async with running() as bench:
        store, keeper = bench.states.store(), bench.keeper()
        async with store.begin() as uow:
            await uow.channel_states.get(STATE_KEY, lock=True)
            waiting = asyncio.create_task(keeper.current())
            await asyncio.sleep(0.05)
            assert bench.server.exchanges == 0

        assert await waiting == bench.server.access_token


@pytest.mark.parametrize("expires_in", ["90000", 90000, "", None, "soon", -5, "9" * 400])
async def test_whatever_the_life_is_written_as_the_pair_is_kept(expires_in: Any) -> None:
    async with running() as bench:
        bench.server.expires_in = expires_in

        assert await bench.keeper().current() == bench.stored["access"]


async def test_tending_keeps_the_grant_alive_and_never_raises() -> None:
    async with running() as bench:
        keeper = bench.keeper()
        await keeper.tend()
        first = bench.server.access_token
        bench.clock.pass_by(hours=20)
        await keeper.tend()
        assert bench.server.access_token != first

        bench.server.fail("token", Fault(status=500))
        bench.clock.pass_by(hours=30)
        await keeper.tend()
        assert keeper.status.health is ChannelHealth.DEGRADED


def test_secrets_do_not_show_in_a_printed_configuration() -> None:
    config = ZaloConfig(app_id="1", app_secret="s1", oa_secret="s2", refresh_token="s3")

    assert not any(secret in repr(config) for secret in ("s1", "s2", "s3"))
