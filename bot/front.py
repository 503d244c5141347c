"""The front office process: ``python -m bot.front --host H --port N``. `./letan up` starts it and keeps it alive."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gc
import signal
import sys
from pathlib import Path

import structlog
import uvloop
from aiohttp import web

from bot import logs
from bot.adapters.company import CompanyFaults
from bot.adapters.company import load as load_company
from bot.bootstrap import NoDatabase, Running, opened
from bot.settings import BadSettings, Settings
from bot.settings import load as load_settings
from bot.web.app import build

log = structlog.get_logger(__name__)

COMPANY = Path(__file__).resolve().parent.parent / "company.yml"
SHUTDOWN_SECONDS = 3.0


def main() -> int:
    """Serve until SIGTERM or SIGINT; 1 with one clear message when it cannot start."""
    parser = argparse.ArgumentParser(prog="bot.front", description="The front office of Lễ Tân.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8080)
    options = parser.parse_args()
    try:
        settings = load_settings()
        logs.configure(settings.log_level)
        uvloop.run(_serve(settings, options.host, options.port))
    except (BadSettings, CompanyFaults, NoDatabase, OSError) as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
    return 0


async def _serve(settings: Settings, host: str, port: int) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    async with opened(settings, load_company(COMPANY)) as running:
        runner = web.AppRunner(build(running.house), access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
        await runner.setup()
        try:
            await web.TCPSite(runner, host, port, reuse_address=True, backlog=512).start()
            # What was built up to now stays; looking through it again and again for garbage costs 50 ms each time.
            gc.collect()
            gc.freeze()
            log.info("front_office_ready", host=host, port=port)
            await _run(running, stop)
        finally:
            await runner.cleanup()


async def _run(running: Running, stop: asyncio.Event) -> None:
    """Run the loops until told to stop; a loop that ends by itself is a bug, and ends the process to be restarted."""
    tasks = {asyncio.create_task(loop(), name=name) for name, loop in running.loops.items()}
    stopping = asyncio.create_task(stop.wait(), name="stop")
    done, _ = await asyncio.wait({stopping, *tasks}, return_when=asyncio.FIRST_COMPLETED)
    for task in {stopping, *tasks}:
        task.cancel()
    for task in tasks:
        with contextlib.suppress(asyncio.CancelledError):
            await task
    for task in done - {stopping}:
        log.error("loop_ended", loop=task.get_name())
        raise RuntimeError(f"loop {task.get_name()} ended")


if __name__ == "__main__":
    sys.exit(main())
