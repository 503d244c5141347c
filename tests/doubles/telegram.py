"""A local server that speaks the Bot API as far as the product uses it, with Telegram's faults.

In tests::

    async with TelegramServer() as server:
        lan = server.world.customer(42, "Lan")
        lan.writes("Xuất hoá đơn giúp chị")
        ...                                   # a TelegramClient(server.token, api=server.url) at work
        assert lan.received[-1].text == "..."

For people: ``python -m tests.doubles.telegram --port 8081`` and the ``/world`` doors at the end of this file.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any, Self

import aiohttp
from aiohttp import web

from tests.doubles.telegram_http import Fault, failed, read_buttons, read_parameters, refused, units
from tests.doubles.telegram_world import BOT, DEFAULT_KINDS, Refusal, Sent, World

__all__ = ["TOKEN", "Fault", "TelegramServer"]

TOKEN = "123456:AAF-local-token"
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"RIFF")


class TelegramServer:
    """One bot at one local address. ``token`` may be changed while it runs: the old one is revoked."""

    def __init__(self, *, port: int = 0, retry_webhook_after: float = 0.05) -> None:
        self.world = World()
        self.token = TOKEN
        self.url = ""
        self.calls: list[str] = []
        self.webhook: dict[str, Any] = {}
        self.webhook_error = ""
        self.understated = False
        """Whether `getFile` gives every file a size of one byte."""
        self._port = port
        self._retry_webhook_after = retry_webhook_after
        self._faults: dict[str, deque[Fault | Refusal]] = defaultdict(deque)
        self._poll = 0
        self._runner: web.AppRunner | None = None
        self._deliveries: asyncio.Task[None] | None = None
        self._methods: dict[str, Callable[[dict[str, Any]], Awaitable[Any]]] = {
            "getMe": self._get_me,
            "getUpdates": self._get_updates,
            "setWebhook": self._set_webhook,
            "deleteWebhook": self._delete_webhook,
            "getWebhookInfo": self._webhook_info,
            "sendMessage": self._send_message,
            "sendPhoto": self._send_photo,
            "sendDocument": self._send_document,
            "sendChatAction": self._chat_action,
            "answerCallbackQuery": self._answer_press,
            "getFile": self._get_file,
        }

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=60 * 1024 * 1024)
        app.router.add_get("/file/bot{token}/{path:.+}", self._download)
        app.router.add_route("*", "/bot{token}/{method}", self._call)
        app.router.add_post("/world/{chat}", self._act)
        app.router.add_get("/world/{chat}", self._look)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self._deliveries = asyncio.create_task(self._deliver_webhooks())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._deliveries is not None:
            self._deliveries.cancel()
            await asyncio.gather(self._deliveries, return_exceptions=True)
        if self._runner is not None:
            await self._runner.cleanup()

    def fail(self, method: str, *faults: Fault | Refusal) -> None:
        """Let the next calls of a method fail, one fault a call."""
        self._faults[method].extend(faults)

    # --- HTTP ---------------------------------------------------------------------------------------------------

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        if request.match_info["token"] != self.token:
            return refused(Refusal(401, "Unauthorized"))
        self.calls.append(method)
        parameters = await read_parameters(request)
        fault = self._faults[method].popleft() if self._faults[method] else None
        if isinstance(fault, Refusal):
            return refused(fault)
        if fault is not None and (answer := failed(fault)) is not None:
            return answer
        answer = await self._answer(method, parameters)
        if fault is Fault.SILENT:
            await asyncio.sleep(3600)
        if fault is Fault.LOST and request.transport is not None:
            request.transport.abort()
        return answer

    async def _answer(self, method: str, parameters: dict[str, Any]) -> web.Response:
        work = self._methods.get(method)
        if work is None:
            return refused(Refusal(404, "Not Found"))
        try:
            return web.json_response({"ok": True, "result": await work(parameters)})
        except Refusal as refusal:
            return refused(refusal)

    async def _download(self, request: web.Request) -> web.Response:
        for path, content in self.world.files.values():
            if request.match_info["token"] == self.token and path == request.match_info["path"]:
                return web.Response(body=content, content_type="application/octet-stream")
        return web.json_response({"ok": False, "error_code": 404, "description": "Not Found"}, status=404)

    # --- methods of the Bot API -----------------------------------------------------------------------------------

    async def _get_me(self, _: dict[str, Any]) -> dict[str, Any]:
        return BOT

    async def _get_updates(self, given: dict[str, Any]) -> list[dict[str, Any]]:
        if self.webhook.get("url"):
            raise Refusal(
                409,
                "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the "
                "webhook first",
            )
        self._allow(given)
        if "offset" in given:
            self.world.confirm(int(given["offset"]))
        self._poll += 1
        mine = self._poll
        self.world.wake()

        def due() -> bool:
            return bool(self.world.pending) or self._poll != mine

        try:
            await self.world.until(due, float(given.get("timeout", 0)))
        except TimeoutError:
            return []
        if self._poll != mine:
            raise Refusal(
                409,
                "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
            )
        return list(self.world.pending)[: int(given.get("limit", 100))]

    def _allow(self, given: dict[str, Any]) -> None:
        if "allowed_updates" in given:
            kinds = given["allowed_updates"]
            kinds = json.loads(kinds) if isinstance(kinds, str) else kinds
            self.world.kinds = tuple(kinds) or DEFAULT_KINDS

    async def _set_webhook(self, given: dict[str, Any]) -> bool:
        self._allow(given)
        self.webhook = {"url": given.get("url", ""), "secret": given.get("secret_token", "")}
        self.world.wake()
        return True

    async def _delete_webhook(self, given: dict[str, Any]) -> bool:
        self.webhook = {}
        if str(given.get("drop_pending_updates", "false")).lower() == "true":
            self.world.pending.clear()
        return True

    async def _webhook_info(self, _: dict[str, Any]) -> dict[str, Any]:
        info = {
            "url": self.webhook.get("url", ""),
            "has_custom_certificate": False,
            "pending_update_count": len(self.world.pending),
        }
        if self.webhook_error:
            info |= {"last_error_date": int(time.time()), "last_error_message": self.webhook_error}
        return info

    async def _send_message(self, given: dict[str, Any]) -> dict[str, Any]:
        text = str(given.get("text", "")).strip()
        if not text:
            raise Refusal(400, "Bad Request: message text is empty")
        if units(text) > 4096:
            raise Refusal(400, "Bad Request: message is too long")
        return self._deliver(given, "sendMessage", text)

    async def _send_photo(self, given: dict[str, Any]) -> dict[str, Any]:
        name, content = given["photo"]
        if not content.startswith(_PICTURES):
            raise Refusal(400, "Bad Request: IMAGE_PROCESS_FAILED")
        return self._deliver(given, "sendPhoto", given.get("caption", ""), name, content)

    async def _send_document(self, given: dict[str, Any]) -> dict[str, Any]:
        name, content = given["document"]
        if not content:
            raise Refusal(400, "Bad Request: file must be non-empty")
        return self._deliver(given, "sendDocument", given.get("caption", ""), name, content)

    def _deliver(
        self, given: dict[str, Any], method: str, text: str, name: str = "", content: bytes = b""
    ) -> dict[str, Any]:
        if method != "sendMessage" and units(text) > 1024:
            raise Refusal(400, "Bad Request: message caption is too long")
        sent = self.world.deliver(
            Sent(
                chat=str(given["chat_id"]),
                message_id=self.world.next_message_id(),
                text=text,
                method=method,
                buttons=read_buttons(given),
                file_name=name,
                content=content,
                at=self.world.now(),
            )
        )
        chat = self.world.customers[sent.chat].chat
        return {"message_id": sent.message_id, "from": BOT, "chat": chat, "date": int(time.time()), "text": text}

    async def _chat_action(self, given: dict[str, Any]) -> bool:
        self.world.typing.append(str(given["chat_id"]))
        return True

    async def _answer_press(self, given: dict[str, Any]) -> bool:
        self.world.answered.append(str(given["callback_query_id"]))
        self.world.wake()
        return True

    async def _get_file(self, given: dict[str, Any]) -> dict[str, Any]:
        if given.get("file_id") not in self.world.files:
            raise Refusal(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        path, content = self.world.files[given["file_id"]]
        if len(content) > 20 * 1024 * 1024:
            raise Refusal(400, "Bad Request: file is too big")
        size = 1 if self.understated else len(content)
        return {"file_id": given["file_id"], "file_unique_id": "u", "file_size": size, "file_path": path}

    # --- webhooks -------------------------------------------------------------------------------------------------

    async def _deliver_webhooks(self) -> None:
        """Post updates in order; one that is not answered with a 2xx is repeated until it is."""
        async with aiohttp.ClientSession() as session:
            while True:
                async with self.world.changed:
                    await self.world.changed.wait_for(lambda: bool(self.webhook.get("url") and self.world.pending))
                if not await self._post(session, self.world.pending[0]):
                    self.world.wake()
                    await asyncio.sleep(self._retry_webhook_after)

    async def _post(self, session: aiohttp.ClientSession, update: dict[str, Any]) -> bool:
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.webhook["secret"]} if self.webhook["secret"] else {}
        try:
            async with session.post(self.webhook["url"], json=update, headers=headers) as response:
                if not response.ok:
                    self.webhook_error = f"Wrong response from the webhook: {response.status} {response.reason}"
                    return False
                called = await response.json() if response.content_type == "application/json" else None
        except aiohttp.ClientError:
            self.webhook_error = "Connection refused"
            return False
        self.world.confirm(update["update_id"] + 1)
        self.world.wake()
        if isinstance(called, dict) and "method" in called:
            await self._answer(called.pop("method"), called)
        return True

    # --- doors for people and for tests in another process ------------------------------------------------------------

    async def _act(self, request: web.Request) -> web.Response:
        """``POST /world/42 {"text": ...}`` or ``{"press": title}``, with an optional ``name``."""
        wish = await request.json()
        customer = self.world.customer(int(request.match_info["chat"]), wish.pop("name", "Lan"))
        if "press" in wish:
            return web.json_response({"press": customer.presses(wish["press"])})
        return web.json_response({"message_id": customer.sends(**wish)})

    async def _look(self, request: web.Request) -> web.Response:
        """``GET /world/42``: what the bot sent to this customer."""
        sent = [one for one in self.world.sent if one.chat == request.match_info["chat"]]
        return web.json_response(
            [
                {"message_id": one.message_id, "text": one.text, "buttons": one.buttons, "file_name": one.file_name}
                for one in sent
            ]
        )


async def _serve(port: int) -> None:
    async with TelegramServer(port=port) as server:
        sys.stdout.write(f"LETAN_TELEGRAM_API={server.url}\nLETAN_TELEGRAM_TOKEN={server.token}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description="A local Bot API server.")
    arguments.add_argument("--port", type=int, default=0)
    asyncio.run(_serve(arguments.parse_args().port))
