"""Programs of ours as processes of their own: how they begin, what they load, how they end."""

from __future__ import annotations

import signal
import subprocess
import sys
from urllib.request import urlopen

from tests.conftest import ROOT


def test_the_action_server_says_when_it_is_ready_and_stops_cleanly() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "actions.serve", "--port", "0"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        line = process.stdout.readline()
        try:
            assert line.startswith("ready http://127.0.0.1:")
            with urlopen(f"{line.split()[1]}/health", timeout=5) as response:  # noqa: S310 - our own loopback address
                assert response.status == 200
        finally:
            process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


def test_a_reader_that_leaves_is_no_crash() -> None:
    lines = "không phải việc của em\n" * 20_000
    done = subprocess.run(  # noqa: S602 - the pipe is what is tested
        f"{sys.executable} -m bot.cli.main guard | head -n 1",
        shell=True,
        cwd=ROOT,
        input=lines,
        capture_output=True,
        text=True,
        check=False,
    )
    assert len(done.stdout.splitlines()) == 1
    assert "Traceback" not in done.stderr


def test_light_commands_load_no_heavy_libraries() -> None:
    program = (
        "import sys; from bot.cli.main import program; program('guard');"
        "print([name for name in ('sqlalchemy', 'aiohttp', 'psycopg', 'pydantic', 'yaml') if name in sys.modules])"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603 - our own program
    assert done.stdout.strip() == "[]"
