"""The process: one ready line, one clear message for each fault, a clean stop."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

from actions.serve import main

ROOT = Path(__file__).parents[3]


def test_ready_line_and_clean_stop() -> None:
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


def test_a_taken_port_and_a_bad_file_are_said_plainly(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = tmp_path / "company.yml"
    bad.write_text("name: x\n", encoding="utf-8")
    assert main(["--port", "0", "--company", str(bad)]) == 1
    assert "company.yml:1:" in capsys.readouterr().err
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        files = ["--company", str(ROOT / "company.yml"), "--knowledge", str(ROOT / "knowledge.yml")]
        assert main(["--port", str(port), *files]) == 1
    assert f"port {port}" in capsys.readouterr().err
