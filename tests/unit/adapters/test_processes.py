from __future__ import annotations

import socket
from pathlib import Path

import pytest

from bot.adapters.processes.child import describe
from bot.adapters.processes.logs import Announcer, RotatingLog
from bot.adapters.processes.ports import PortTaken, free_port, require_free


def test_a_log_keeps_a_few_old_files_and_no_more(tmp_path: Path) -> None:
    log = RotatingLog(tmp_path / "x.log", limit=10, keep=2)
    for number in range(6):
        log.write(f"line {number}\n".encode())
    assert sorted(file.name for file in tmp_path.iterdir()) == ["x.log", "x.log.1", "x.log.2"]
    assert (tmp_path / "x.log").read_text() == "line 5\n"
    assert (tmp_path / "x.log.2").read_text() == "line 3\n"


def test_a_log_goes_on_where_an_earlier_one_ended(tmp_path: Path) -> None:
    RotatingLog(tmp_path / "x.log", limit=100).write(b"one\n")
    RotatingLog(tmp_path / "x.log", limit=100).write(b"two\n")
    assert RotatingLog(tmp_path / "x.log", limit=100).tail() == ["one", "two"]


def test_a_log_that_cannot_be_written_loses_lines_and_counts_them(tmp_path: Path) -> None:
    log = RotatingLog(tmp_path / "gone" / "x.log")
    log.write(b"12345")
    assert log.lost == 5
    assert log.tail() == []


@pytest.mark.parametrize(
    ("line", "grave"),
    [
        ("2026-11-25 09:30:00 UTC [7] FATAL:  role does not exist", True),
        ("2026-11-25 09:30:00 UTC [7] LOG:  database system is ready", False),
        ('{"event": "queue_not_read", "level": "error"}', True),
        ('{"event": "front_office_ready", "level":"info"}', False),
        ("WARNING actions: slow", True),
        ("Traceback (most recent call last):", True),
        ("INFO letan: no ERRORS here", False),
        ("", False),
    ],
)
def test_lines_that_speak_of_trouble_are_told(line: str, grave: bool) -> None:
    heard: list[str] = []
    Announcer(heard.append).feed(line.encode() + b"\n")
    assert heard == ([line] if grave else [])


def test_a_line_is_told_once_however_it_arrives() -> None:
    heard: list[str] = []
    announcer = Announcer(heard.append)
    for piece in (b"fine\nERR", b"OR: dis", b"k full\nnext"):
        announcer.feed(piece)
    assert heard == ["ERROR: disk full"]


def test_a_line_without_end_takes_no_memory() -> None:
    announcer = Announcer(lambda _: None)
    for _ in range(100):
        announcer.feed(b"x" * 65_536)
    assert len(announcer._rest) <= 65_536


@pytest.mark.parametrize(
    ("code", "words"),
    [(0, "exit status 0"), (3, "exit status 3"), (-9, "SIGKILL"), (-15, "SIGTERM"), (-250, "signal 250")],
)
def test_an_end_is_put_into_words(code: int, words: str) -> None:
    assert describe(code) == words


def test_a_free_port_is_free() -> None:
    require_free("127.0.0.1", free_port())
    require_free("localhost", free_port())


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0", "localhost"])  # noqa: S104 - none is bound
def test_a_taken_port_names_who_has_it(host: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        with pytest.raises(PortTaken, match=rf"Cổng {port} .*pid \d+.*--port"):
            require_free(host, port)


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(PortTaken, match=r"192\.0\.2\.1"):
        require_free("192.0.2.1", free_port())
