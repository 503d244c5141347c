"""The lock around the exchange of tokens, in the real database, between processes that share nothing else."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest

from bot.adapters.channels.zalo.config import ZaloConfig
from bot.adapters.channels.zalo.tokens import STATE_KEY, TokenKeeper
from bot.adapters.clock import SystemClock
from bot.adapters.db.store import SqlStore
from tests.doubles.zalo import APP_ID, APP_SECRET, FIRST_REFRESH_TOKEN, OA_SECRET, ZaloServer

pytestmark = pytest.mark.integration


async def test_three_processes_spend_each_refresh_token_once(database: str) -> None:
    stores = [SqlStore.connect(database, pool_size=4) for _ in range(3)]
    try:
        async with ZaloServer() as server, aiohttp.ClientSession() as session:
            config = ZaloConfig(
                app_id=APP_ID,
                app_secret=APP_SECRET,
                oa_secret=OA_SECRET,
                refresh_token=FIRST_REFRESH_TOKEN,
                api=server.url,
                oauth_api=server.url,
            )
            keepers = [TokenKeeper(session, store, SystemClock(), config) for store in stores]

            first = await asyncio.gather(*(keepers[caller % 3].current() for caller in range(30)))
            second = await asyncio.gather(*(keepers[caller % 3].renewed(first[0]) for caller in range(30)))

            assert set(first) == {first[0]}
            assert set(second) == {server.access_token} != set(first)
            assert server.exchanges == 2
            async with stores[0].begin() as uow:
                stored = await uow.channel_states.get(STATE_KEY)
            assert stored is not None
            assert (stored["access"], stored["refresh"]) == (server.access_token, server.refresh_token)
    finally:
        for store in stores:
            await store.close()
