"""Starts and stops the real engine for tests, with an action server that misbehaves on demand."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import queue
import subprocess
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from tests.engine.stand_in import perform

ROOT = Path(__file__).resolve().parents[2]
PROJECT = ROOT / "tests/engine/project"
TOKEN = "test-token"
START_SECONDS = 60


def engine_python() -> str:
    """The Python of the engine's environment; skips the test where it has not been made."""
    python = Path(os.environ.get("LETAN_ENGINE_PYTHON", ROOT / "engine/.venv/bin/python"))
    if not python.exists():
        pytest.skip("the engine's environment is not installed (cd engine && uv sync)")
    return str(python)


def run_engine(
    module: str, *arguments: str, env: dict[str, str] | None = None, seconds: float = 110
) -> subprocess.CompletedProcess[str]:
    """Run a module of the engine to its end."""
    return subprocess.run(  # noqa: S603
        [engine_python(), "-m", module, *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **(env or {})},
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )


@dataclass
class ActionServer:
    """A stand-in for the action server in a thread of its own. ``mode`` chooses how it fails."""

    mode: str = "ok"
    calls: list[dict[str, Any]] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/webhook"

    async def _webhook(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.calls.append(body)
        if self.mode == "hang":
            await asyncio.sleep(10)
        answers: dict[str, web.Response] = {
            "500": web.Response(status=500, text="boom"),
            "html": web.Response(text="<html></html>", content_type="text/html"),
            "empty": web.Response(body=b""),
            "list": web.json_response([]),
            "unknown_event": web.json_response({"events": [{"event": "explode"}], "responses": []}),
            "bad_event": web.json_response({"events": [{"event": "slot", "name": 7, "value": 1}], "responses": []}),
            "reminder": web.json_response(
                {
                    "events": [
                        {"event": "reminder", "intent": "greet", "date_time": "2030-01-01T00:00:00", "name": "r"}
                    ],
                    "responses": [{"text": "x"}],
                }
            ),
            "huge": web.Response(body=b" " * (2 * 1024 * 1024) + b"{}", content_type="application/json"),
            "bad_outcome": web.json_response({"events": [], "responses": [{"custom": "handoff"}]}),
            "rejects": web.json_response({"action_name": body["next_action"], "error": "no"}, status=400),
        }
        return answers.get(self.mode) or web.json_response(perform(body))

    @contextlib.contextmanager
    def serving(self) -> Iterator[ActionServer]:
        started: queue.Queue[int] = queue.Queue()
        loop = asyncio.new_event_loop()

        async def serve() -> None:
            app = web.Application(client_max_size=16 * 1024 * 1024)
            app.router.add_post("/webhook", self._webhook)
            runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            started.put(runner.addresses[0][1])
            stop = asyncio.Event()
            self._stop = lambda: loop.call_soon_threadsafe(stop.set)
            await stop.wait()
            await runner.cleanup()

        thread = threading.Thread(target=loop.run_until_complete, args=(serve(),), daemon=True)
        thread.start()
        self.port = started.get(timeout=10)
        try:
            yield self
        finally:
            self._stop()
            thread.join(timeout=10)
            loop.close()


@dataclass
class RunningEngine:
    """The engine as a process, reached over HTTP only."""

    port: int
    ready_line: str
    process: subprocess.Popen[str]
    errors: Path

    def call(
        self,
        path: str = "/webhooks/letan/turn",
        body: Any = None,
        *,
        method: str = "POST",
        headers: dict[str, str] | None = None,
        timeout: float = 10,
    ) -> tuple[int, Any]:
        """Status and parsed answer. Bytes go as they are, anything else as JSON."""
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        given = {"Authorization": f"Bearer {TOKEN}"} if headers is None else headers
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data=data, method=method, headers=given)
        try:
            with urllib.request.urlopen(request, timeout=timeout) as response:  # noqa: S310
                status, raw = response.status, response.read()
        except urllib.error.HTTPError as error:
            with error:
                status, raw = error.code, error.read()
        try:
            return status, json.loads(raw)
        except json.JSONDecodeError:
            return status, raw.decode()

    def turn(self, text: str, dialogue: Any = None, **fields: Any) -> tuple[int, Any]:
        """One customer message."""
        request = {"conversation": "c-1", "message_id": "m-1", "text": text, "dialogue": dialogue, "facts": {}}
        return self.call(body=request | fields)


@contextlib.contextmanager
def engine_serving(model: Path, actions_url: str, errors: Path, *arguments: str) -> Iterator[RunningEngine]:
    """Start the engine on a free port, wait for its ready line, and end it."""
    command = [
        engine_python(),
        "-m",
        "engine.serve",
        "--model",
        str(model),
        "--port",
        "0",
        "--actions-url",
        actions_url,
    ]
    with errors.open("w") as stderr:
        process = subprocess.Popen(  # noqa: S603
            [*command, *arguments],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "LETAN_ENGINE_TOKEN": TOKEN, "LETAN_SECRET": "leaked-secret-123"},
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )
    assert process.stdout is not None
    watchdog = threading.Timer(START_SECONDS, process.kill)
    watchdog.start()
    try:
        line = process.stdout.readline().strip()
        watchdog.cancel()
        assert line.startswith("engine ready port="), f"no ready line but {line!r}: {errors.read_text()}"
        yield RunningEngine(int(line.split("port=")[1].split()[0]), line, process, errors)
    finally:
        watchdog.cancel()
        process.terminate()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(timeout=5)
        process.stdout.close()
