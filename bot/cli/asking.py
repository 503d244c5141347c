"""`./letan ask`: what would the assistant do with these first messages?"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from bot.adapters.company import FileFaults, load
from bot.adapters.processes.place import ROOT
from bot.adapters.processes.spec import CannotStart
from bot.cli.ask import run
from bot.cli.lines import read_texts
from bot.cli.live import as_live
from bot.cli.model_files import ensure
from bot.cli.output import Failure, Steps, say_json
from bot.cli.started import data_directory, load_settings


def register(root: typer.Typer) -> None:
    """Add the command."""
    root.command("ask")(ask)


def ask(
    jsonl: Annotated[bool, typer.Option("--jsonl", help='Mỗi dòng phải là {"text": ...}.')] = False,
) -> None:
    """Hỏi trợ lý từng dòng như khách hỏi, cả những gì đã dạy; mỗi dòng là tin đầu của một hội thoại mới.

    Mỗi dòng in một JSON kết quả.
    """
    asyncio.run(_ask(jsonl=jsonl))


async def _ask(*, jsonl: bool) -> None:
    with Steps(1).step("Trợ lý tiếng Việt") as step:
        base, _ = await ensure(data_directory(), step.update)
    try:
        # A folder of its own: a running house keeps its logs and its status file.
        with tempfile.TemporaryDirectory(prefix="letan-ask-") as folder:
            assistant = await as_live(load_settings(), base, load(ROOT / "company.yml"), Path(folder))
            # Without a buffer, whose lock a thread that still reads would hold against the end of the program.
            with open(sys.stdin.fileno(), "rb", buffering=0, closefd=False) as source:
                await run(read_texts(source, jsonl=jsonl), assistant, say_json)
    except (CannotStart, FileFaults) as error:
        raise Failure(str(error)) from error
