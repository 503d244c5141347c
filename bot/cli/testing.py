"""`./letan test`: the checks of the code, then all tests, or those that the arguments for pytest name."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from bot.adapters.processes.place import ROOT
from bot.cli.chromium import find_chromium, install_chromium
from bot.cli.model_files import ensure
from bot.cli.output import Failure, Steps, tell
from bot.cli.started import data_directory

_CHECKS = (("ruff", "check", "--quiet"), ("ruff", "format", "--check", "--quiet"), ("mypy", "--no-error-summary"))
_WRONG_USE = 4  # pytest's exit status for it
# Most tests wait for a database, a browser or a clock: two processes take half the time of one, each with a server of
# its own. A file stays in one process, in its order.
_SIDE_BY_SIDE = ("-p", "xdist.plugin", "--numprocesses", "2", "--dist", "loadfile")


def register(root: typer.Typer) -> None:
    """Add the command."""
    root.command("test", context_settings={"ignore_unknown_options": True, "allow_extra_args": True})(run_tests)


def run_tests(
    context: typer.Context,
    no_skips: Annotated[bool, typer.Option("--no-skips", help="Một kiểm thử bị bỏ qua là một lỗi.")] = False,
) -> None:
    """Kiểm tra mã (khi không có tham số) rồi chạy pytest với các tham số đã cho."""
    given = context.args
    browser = _browser(required=no_skips)
    asyncio.run(_train())
    broken = [] if given else [check for check in _CHECKS if _python(check) != 0]
    for check in broken:
        tell(f"letan: {' '.join(check)} thấy lỗi (ở trên).")
    plugins = ["-p", "tests.no_skips"] if no_skips else []
    status = _python(["pytest", *plugins, *(given or _SIDE_BY_SIDE)], LETAN_TEST_CHROMIUM=browser or "")
    if status == _WRONG_USE:
        raise typer.Exit(2)
    if status or broken:
        raise typer.Exit(1)


def _browser(*, required: bool) -> str | None:
    found = find_chromium()
    if found is not None:
        return found
    try:
        return install_chromium()
    except Failure as failure:
        if required:
            raise
        tell(f"letan: {failure} Các kiểm thử bằng trình duyệt sẽ bị bỏ qua.")
        return None


async def _train() -> None:
    """Have a model, so that no test has to wait for one."""
    with Steps(1).step("Trợ lý tiếng Việt") as step:
        await ensure(data_directory(), step.update)


def _python(arguments: Sequence[str], **environment: str) -> int:
    """Run a module of the development group; return its exit status."""
    sys.stdout.flush()
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, check=False).returncode  # noqa: S603
