"""A scripted engine that speaks the real engine's protocol: for tests of everything around it.

What it answers depends on words in the text, so that a browser test can steer it: a word of `HANDOFFS` hands off to
that desk, `CALLED` has somebody called, "chậm" answers late, "hỏng" fails; everything else is answered with an echo.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

HANDOFFS = {
    "hoá đơn": ("accounting", "invoice_correction", "normal"),
    "invoice": ("accounting", "invoice_correction", "normal"),
    "bảo hành": ("customer_relations", "warranty", "normal"),
    "bốc khói": ("customer_relations", "complaint_product", "urgent"),
    "mất thẻ": ("teller", "card_lost", "urgent"),
    "gặp nhân viên": ("reception", "ask_human", "normal"),
}
NAMED = re.compile(r"tên là (\w+)")
"""Whoever says so has given a name."""
CALLED = re.compile(r"gọi (?:lại|em|anh|chị) sau (\d+) phút")
"""Whoever says so is called so many minutes from now by customer relations."""
WITHDRAWN = "không cần nữa"
"""Whoever says so needs nothing any more of customer relations."""
CALLED_OFF = "huỷ giờ gọi"
"""Whoever says so wants no call of customer relations any more."""
MODEL = "scripted-1"


@dataclass
class ScriptedEngine:
    """Answers turns; remembers what it was asked. ``down`` makes it fail as an engine does that has lost its model."""

    down: bool = False
    delay: float = 0.0
    asked: list[dict[str, Any]] = field(default_factory=list)

    async def turn(self, request: web.Request) -> web.Response:
        """Answer one turn."""
        body = await request.json()
        self.asked.append(body)
        text = body["text"].lower()
        await asyncio.sleep(5.0 if "chậm" in text else self.delay)
        if self.down or "hỏng" in text:
            return web.json_response({"error": "internal"}, status=503)
        return web.json_response(answer(body, text))

    async def health(self, _request: web.Request) -> web.Response:
        """Say which model is served."""
        if self.down:
            return web.json_response({"error": "internal"}, status=503)
        return web.json_response({"model_id": MODEL})

    @asynccontextmanager
    async def serve(self, port: int = 0) -> AsyncIterator[str]:
        """Serve on loopback and yield the address."""
        app = web.Application()
        app.router.add_post("/webhooks/letan/turn", self.turn)
        app.router.add_get("/webhooks/letan/health", self.health)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        try:
            yield f"http://127.0.0.1:{runner.addresses[0][1]}"
        finally:
            await runner.cleanup()


def answer(body: dict[str, Any], text: str) -> dict[str, Any]:
    """Return an answer as the engine gives it."""
    intent = "case_status" if "tới đâu" in text else "greet"
    messages, outcomes = [{"text": f"Dạ em nghe: {body['text']}", "buttons": []}], []
    for word, (department, reason, priority) in HANDOFFS.items():
        if word in text:
            intent, messages = reason, []
            handoff = {"department": department, "reason": reason, "summary": body["text"], "priority": priority}
            outcomes = [{"handoff": {**handoff, "collected": {}}}]
    if WITHDRAWN in text:
        handoff = {"department": "customer_relations", "reason": "case_withdrawn", "summary": body["text"]}
        intent, messages, outcomes = "deny", [], [{"handoff": handoff}]
    if CALLED_OFF in text:
        handoff = {"department": "customer_relations", "reason": "call_off", "summary": body["text"]}
        intent, messages, outcomes = "callback", [], [{"handoff": handoff}]
    if called := CALLED.search(text):
        intent, messages = "callback", []
        call_at = datetime.fromisoformat(body["facts"]["now"]) + timedelta(minutes=int(called[1]))
        handoff = {"department": "customer_relations", "reason": "callback", "summary": body["text"]}
        collected = {"phone": "0909111222", "call_time": called[0]}
        outcomes = [{"handoff": {**handoff, "collected": collected, "call_at": call_at.isoformat()}}]
    if named := NAMED.search(body["text"]):
        outcomes = [*outcomes, {"customer": {"name": named[1]}}]
    return {
        "message_id": body["message_id"],
        "model_id": MODEL,
        "intent": {"name": intent, "confidence": 0.93},
        "ranking": [{"name": intent, "confidence": 0.93}],
        "entities": [],
        "in_scope": 0.97,
        "messages": messages,
        "outcomes": outcomes,
        "dialogue": {"turns": (body.get("dialogue") or {}).get("turns", 0) + 1},
    }


async def _main(port: int) -> None:
    async with ScriptedEngine().serve(port) as address:
        sys.stdout.write(f"{address}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    asyncio.run(_main(parser.parse_args().port))
