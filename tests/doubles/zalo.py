"""Zalo on this machine, for tests and for people.

In tests::

    async with zalo_account(webhook_url) as zalo:
        await zalo.customer_writes("4711", "Xuất hoá đơn giúp chị")   # signed, delivered, repeated until a 200
        zalo.fail("send", Fault(error=-216))                          # the next message meets a dead token
        assert zalo.sent[-1].text == "..."

For people: ``python -m tests.doubles.zalo --webhook http://127.0.0.1:8080/webhooks/zalo`` starts both servers and
prints one line of JSON with their addresses, the environment that the product needs, and the doors below.

    POST /people/says   {"user": "4711", "text": "..."}       a customer writes (add "times": 5 to repeat it at once)
    POST /people/event  {...}                                  any event of the account, signed and delivered
    POST /people/admin  {"user": "4711", "text": "..."}       a person answers in Zalo's own chat
    POST /people/reads  {"user": "4711"}                       receipts for everything sent to a customer
    POST /people/fails  {"what": "send", "error": -216}        the next call of a kind goes wrong
    GET  /people/sent?user=4711                                what the customer has received
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import sys
from collections.abc import AsyncIterator

from aiohttp import web

from tests.doubles.zalo_bot import SECRET, BotSent, ZaloBotServer
from tests.doubles.zalo_events import BotUpdates, Events, new_id, to_bytes
from tests.doubles.zalo_oa import APP_ID, APP_SECRET, FIRST_REFRESH_TOKEN, OA_ID, OA_SECRET, Sent, ZaloServer
from tests.doubles.zalo_serving import Fault
from tests.doubles.zalo_webhooks import WebhookCaller, bot_signer, oa_signer

__all__ = [
    "APP_ID",
    "APP_SECRET",
    "FIRST_REFRESH_TOKEN",
    "OA_ID",
    "OA_SECRET",
    "SECRET",
    "BotSent",
    "BotUpdates",
    "Events",
    "Fault",
    "Sent",
    "WebhookCaller",
    "ZaloBotServer",
    "ZaloServer",
    "bot_signer",
    "new_id",
    "oa_signer",
    "to_bytes",
    "zalo_account",
    "zalo_bot",
]


@contextlib.asynccontextmanager
async def zalo_account(webhook: str | None = None, *, port: int = 0, hour: float = 0.2) -> AsyncIterator[ZaloServer]:
    """Run an Official Account whose webhooks go to an address; ``hour`` is an hour of the retry ladder in seconds."""
    async with ZaloServer(port=port) as server:
        if webhook is None:
            yield server
            return
        async with WebhookCaller(webhook, oa_signer(APP_ID, OA_SECRET), hour=hour) as caller:
            server.webhooks = caller
            yield server


@contextlib.asynccontextmanager
async def zalo_bot(
    webhook: str | None = None, *, port: int = 0, wrapped: bool = False, hour: float = 0.2
) -> AsyncIterator[ZaloBotServer]:
    """Run a bot of the Bot Platform whose webhooks go to an address."""
    async with ZaloBotServer(port=port, wrapped=wrapped) as server:
        if webhook is None:
            yield server
            return
        async with WebhookCaller(webhook, bot_signer(SECRET), hour=hour) as caller:
            server.webhooks = caller
            yield server


class People:
    """The doors through which somebody else's process plays customer and admin."""

    def __init__(self, account: ZaloServer, bot: ZaloBotServer) -> None:
        self._account = account
        self._bot = bot

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/people/says", self._says),
            web.post("/people/event", self._event),
            web.post("/people/admin", self._admin),
            web.post("/people/reads", self._reads),
            web.post("/people/fails", self._fails),
            web.post("/people/bot-says", self._bot_says),
            web.get("/people/sent", self._sent),
        ]

    async def _says(self, request: web.Request) -> web.Response:
        asked = await request.json()
        event = self._account.events.text(asked["user"], asked["text"])
        self._account.last_interaction[asked["user"]] = self._account.now_ms()
        assert self._account.webhooks is not None
        times = int(asked.get("times", 1))
        if times > 1:
            return web.json_response({"answers": await self._account.webhooks.repeat(event, times)})
        delivered = await self._account.webhooks.deliver(event)
        return web.json_response({"delivered": delivered, "msg_id": event["message"]["msg_id"]})

    async def _event(self, request: web.Request) -> web.Response:
        assert self._account.webhooks is not None
        return web.json_response({"status": await self._account.webhooks.post(await request.json())})

    async def _admin(self, request: web.Request) -> web.Response:
        asked = await request.json()
        return web.json_response({"msg_id": await self._account.admin_writes(asked["user"], asked["text"])})

    async def _reads(self, request: web.Request) -> web.Response:
        await self._account.customer_reads((await request.json())["user"])
        return web.json_response({})

    async def _fails(self, request: web.Request) -> web.Response:
        asked = await request.json()
        what, times = asked.pop("what"), int(asked.pop("times", 1))
        server = self._bot if asked.pop("bot", False) else self._account
        server.fail(what, Fault(**asked), times=times)
        return web.json_response({})

    async def _bot_says(self, request: web.Request) -> web.Response:
        asked = await request.json()
        await self._bot.customer_writes(asked["user"], asked["text"])
        return web.json_response({})

    async def _sent(self, request: web.Request) -> web.Response:
        user = request.query.get("user")
        found = [
            {"id": sent.id, "user": sent.user, "text": sent.text, "message": sent.message}
            for sent in self._account.sent
            if user in {None, sent.user}
        ]
        bots = [
            {"id": sent.id, "user": sent.chat, "text": sent.text}
            for sent in self._bot.sent
            if user in {None, sent.chat}
        ]
        return web.json_response({"account": found, "bot": bots})


async def _run(asked: argparse.Namespace) -> None:
    hour = asked.hour
    async with (
        zalo_account(asked.webhook, port=asked.port, hour=hour) as account,
        zalo_bot(asked.bot_webhook, hour=hour) as bot,
    ):
        app = web.Application()
        app.add_routes(People(account, bot).routes())
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", asked.people_port).start()
        told = {
            "account": account.url,
            "bot": bot.url,
            "people": f"http://127.0.0.1:{runner.addresses[0][1]}",
            "environment": {**account.environment(), **bot.environment()},
        }
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


def main() -> None:
    """Run until interrupted."""
    parser = argparse.ArgumentParser(description="Zalo on this machine.")
    parser.add_argument("--port", type=int, default=0, help="of the account's API; 0 takes a free one")
    parser.add_argument("--people-port", type=int, default=0, help="of the doors for people")
    parser.add_argument("--webhook", help="where the account's events go")
    parser.add_argument("--bot-webhook", help="where the bot's updates go")
    parser.add_argument("--hour", type=float, default=0.2, help="seconds that an hour of the retry ladder takes")
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_run(parser.parse_args()))


if __name__ == "__main__":
    main()
