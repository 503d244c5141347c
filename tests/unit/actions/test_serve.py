"""What keeps the process from starting is said plainly."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from actions.serve import main

ROOT = Path(__file__).parents[3]


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
