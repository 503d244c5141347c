from __future__ import annotations

import importlib
import io
import json
import sys

import pytest
import typer

from bot.cli import bench, main
from bot.cli.main import COMMANDS
from bot.cli.output import Failure


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
    assert run("models", "promote", "m-1") == 1
    said = capsys.readouterr().err
    assert "LETAN_TELEGRAM_MODE" in said
    assert "s3cret" not in said


def test_guard_answers_in_json_lines(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("không phải việc của em\nDạ vâng ạ\n".encode())))
    assert run("guard") == 0
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert (first["text"], first["refusal"], second["refusal"]) == ("không phải việc của em", True, False)
    assert first["reason"]
