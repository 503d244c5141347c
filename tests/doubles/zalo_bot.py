"""A local server that speaks the Zalo Bot Platform: failures come with HTTP 200 and ``ok: false``."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.doubles.zalo_events import BotUpdates, new_id
from tests.doubles.zalo_serving import LocalServer
from tests.doubles.zalo_webhooks import WebhookCaller

TOKEN = "1234567890:local-bot-token"
SECRET = "local-bot-secret"
_WORDS = {401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 408: "Request timeout", 429: "Too Many Requests"}


@dataclass(frozen=True, kw_only=True)
class BotSent:
    """A message that reached a customer."""

    id: str
    chat: str
    method: str
    body: dict[str, Any]

    @property
    def text(self) -> str:
        return str(self.body.get("text") or self.body.get("caption") or "")


class ZaloBotServer(LocalServer):
    """One bot."""

    def __init__(self, *, port: int = 0, wrapped: bool = False) -> None:
        super().__init__(port=port)
        self.updates = BotUpdates(wrapped=wrapped)
        self.webhooks: WebhookCaller | None = None
        self.token = TOKEN
        self.sent: list[BotSent] = []
        self.typed: list[str] = []
        self.webhook: dict[str, Any] = {}

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/bot{token}/{method}", self._call)]

    def environment(self) -> dict[str, str]:
        """What the product has to be started with."""
        return {
            "LETAN_ZALO_BOT_TOKEN": TOKEN,
            "LETAN_ZALO_BOT_SECRET": SECRET,
            "LETAN_ZALO_BOT_API": self.url,
        }

    async def customer_writes(self, chat: str, text: str) -> None:
        """A customer writes; returns once the webhook was answered."""
        if self.webhooks is not None:
            await self.webhooks.deliver(self.updates.text(chat, text))

    def error_body(self, code: int) -> dict[str, Any]:
        body: dict[str, Any] = {"ok": False, "description": _WORDS.get(code, "Bad Request"), "error_code": code}
        return {**body, "parameters": {"retry_after": 7}} if code == 429 else body

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        body = await request.json() if request.can_read_body else {}

        async def answer() -> dict[str, Any]:
            if request.match_info["token"] != self.token:
                return self.error_body(401)
            return self._carry_out(method, body)

        return await self.faulty(method, request, answer)

    def _carry_out(self, method: str, body: dict[str, Any]) -> dict[str, Any]:
        match method:
            case "getMe":
                return {"ok": True, "result": {"id": "1234567890", "account_name": "Bot Sen Việt"}}
            case "setWebhook":
                if not 8 <= len(body.get("secret_token", "")) <= 256 or not body.get("url"):
                    return self.error_body(400)
                self.webhook = body
                return {"ok": True, "result": {"url": body["url"], "updated_at": time.time_ns() // 1_000_000}}
            case "sendChatAction":
                self.typed.append(body["chat_id"])
                return {"ok": True}
            case "sendMessage" | "sendPhoto":
                return self._deliver(method, body)
        return self.error_body(404)

    def _deliver(self, method: str, body: dict[str, Any]) -> dict[str, Any]:
        text = body.get("text") if method == "sendMessage" else body.get("caption", "-")
        if not isinstance(text, str) or not 1 <= len(text) <= 2000 or (method == "sendPhoto" and not body.get("photo")):
            return self.error_body(400)
        sent = BotSent(id=new_id(), chat=body["chat_id"], method=method, body=body)
        self.sent.append(sent)
        return {"ok": True, "result": {"message_id": sent.id, "date": time.time_ns() // 1_000_000}}
