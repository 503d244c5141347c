from __future__ import annotations

import importlib
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from bot.cli import bench, main
from bot.cli.main import COMMANDS
from bot.cli.output import Failure

ROOT = Path(__file__).parents[3]


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as end:
        main.main(list(arguments))
    return int(end.value.code or 0)


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(name, "--help") == 0
    assert f"./letan {name}" in capsys.readouterr().out


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_registers_under_its_name(name: str) -> None:
    app = typer.Typer()
    importlib.import_module(COMMANDS[name].module).register(app)
    names = {command.name for command in app.registered_commands} | {group.name for group in app.registered_groups}
    assert names == {name}


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--help") == 0
    said = capsys.readouterr().out
    assert all(entry.help.split(",")[0][:30] in said for entry in COMMANDS.values())


@pytest.mark.parametrize(
    "arguments",
    [["nothing-of-the-kind"], ["up", "--port", "0"], ["up", "--port", "http"], ["guard", "--what"], ["staff", "fly"]],
)
def test_wrong_use_ends_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*arguments) == 2
    assert "Error" in capsys.readouterr().err


def test_a_reason_ends_with_1_and_one_message(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise Failure("hết đĩa")

    monkeypatch.setattr(bench, "_run", fail)
    assert run("bench", "intake") == 1
    assert capsys.readouterr().err == "letan: hết đĩa\n"


def test_a_bad_setting_is_named_and_its_value_is_not_repeated(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LETAN_TELEGRAM_MODE", "s3cret")
    assert run("models", "list") == 1
    said = capsys.readouterr().err
    assert "LETAN_TELEGRAM_MODE" in said
    assert "s3cret" not in said


def test_guard_answers_in_json_lines(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("không phải việc của em\nDạ vâng ạ\n".encode())))
    assert run("guard") == 0
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert (first["text"], first["refusal"], second["refusal"]) == ("không phải việc của em", True, False)
    assert first["reason"]


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
