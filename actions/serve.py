"""`python -m actions.serve --port N`: runs the action server on loopback until it is told to stop."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import signal
import socket
import sys
from pathlib import Path

import uvloop
from aiohttp import web

from actions.reply_action import FallbackAction, ReplyAction
from actions.server import build_app
from actions.speech import load_texts
from actions.taught import Taught
from bot.adapters.company import FileFaults, load

HOST = "127.0.0.1"
_STOP_SECONDS = 5.0


def main(arguments: list[str] | None = None) -> int:
    """Run until SIGTERM or Ctrl-C. Exit code 1, with every fault, when the business's files cannot be used."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    try:
        company = load(options.company)
        dialogue = Taught(company, load_texts(options.knowledge, company), options.taught)
        app = build_app([ReplyAction(dialogue), FallbackAction(dialogue)])
        listener = socket.create_server((HOST, options.port))
    except FileFaults as faults:
        sys.stderr.write(f"{faults}\n")
        return 1
    except OSError as error:
        sys.stderr.write(f"port {options.port}: {error.strerror}\n")
        return 1
    uvloop.run(_serve(app, listener))
    return 0


async def _serve(app: web.Application, listener: socket.socket) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=_STOP_SECONDS)
    await runner.setup()
    await web.SockSite(runner, listener).start()
    # One line on standard output, for whoever started this and waits for it.
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.write(f"ready http://{HOST}:{listener.getsockname()[1]}\n")
        sys.stdout.flush()
    await stopped.wait()
    await runner.cleanup()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m actions.serve", description="Run the action server on loopback.")
    parser.add_argument("--port", type=int, default=5055, help="0 for any free port; the ready line names it")
    parser.add_argument("--company", type=Path, default=Path("company.yml"))
    parser.add_argument("--knowledge", type=Path, default=Path("knowledge.yml"))
    parser.add_argument("--taught", type=Path, help="the file with what was added at the console; watched")
    return parser


if __name__ == "__main__":
    sys.exit(main())
