"""The documentation says what is there: settings, doors, commands and links."""

from __future__ import annotations

import ast
import os
import re
import shlex
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
import typer
from typer.core import TyperCommand, TyperGroup

from bot.adapters.company import load as load_company
from bot.adapters.db.tables import metadata
from bot.cli.main import COMMANDS, program
from bot.settings import PREFIX, Settings
from bot.simulation.agenda import Agenda
from bot.simulation.engine import SimulatedEngine
from bot.simulation.house import House
from bot.simulation.needs import Needs
from bot.web.app import DOORS
from bot.web.endpoint import Who
from bot.web.openapi import document

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
INTERNAL = {"ENGINE_URL", "ENGINE_TOKEN"}
OUTSIDE = {"name", "fetch", "drift"}
"""Kinds of timers that the channels' side and the teaching deal with; all others belong to the desk."""

ELSEWHERE = r"^/api/(?:session|password|second-factor|staff|teach)\b|/wrong-need$"
"""Doors for members of staff that are not the desk's: accounts and teaching."""


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_is_documented(name: str) -> None:
    if name.upper() not in INTERNAL:
        assert f"{PREFIX}{name.upper()}" in read("docs/operations.md")


def test_every_documented_setting_exists() -> None:
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    for page in PAGES:
        for found in re.findall(r"\bLETAN_[A-Z_]*[A-Z]\b", page.read_text(encoding="utf-8")):
            plain = found.removesuffix("_FILE")
            assert plain in known or plain in ("LETAN_X", "LETAN_TEST_CHROMIUM"), f"{found} in {page.name}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if not target.startswith(("http://", "https://", "mailto:")):
            assert (page.parent / target).exists(), target


def commands(page: Path) -> list[str]:
    """Every call of `./letan` in the blocks of a page, up to the next pipe or comment."""
    blocks = re.findall(r"^```\n(.*?)^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    joined = "\n".join(blocks).replace("\\\n", " ")
    return re.findall(r"(?<!\S)\./letan ([^#|\n]+)", joined)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_in_a_block_is_understood(page: Path) -> None:
    for line in commands(page):
        words = shlex.split(line)
        name = next((word for word in words if not word.startswith("-")), None)
        found = typer.main.get_command(program(name))
        while isinstance(found, TyperGroup) and words and words[0] in found.commands:
            found = found.commands[words.pop(0)]
        assert "--help" in words or not isinstance(found, TyperGroup), f"{line!r} in {page.name}"
        unknown = [word for word in words if word.startswith("-") and word.split("=")[0] not in options(found)]
        assert not unknown, f"{unknown} of {line!r} in {page.name}"


def options(command: object) -> set[str]:
    """The options of a command. What follows `test` is pytest's."""
    assert isinstance(command, TyperGroup | TyperCommand)
    known = {name for one in command.params for name in (*one.opts, *one.secondary_opts)}
    return known | {"--help", *(("-k",) if command.name == "test" else ())}


@pytest.mark.integration
@pytest.mark.parametrize("ending", ["--help", "guard", "models list"])
def test_the_quick_commands_of_the_readme_run_as_they_stand(ending: str, tmp_path: Path) -> None:
    lines = [line.partition("  #")[0].strip() for line in read("README.md").splitlines() if "./letan" in line]
    line = next(one for one in lines if one.endswith(ending))
    run = subprocess.run(  # noqa: S603 - our own documentation
        ["/bin/sh", "-c", line],
        cwd=ROOT,
        env={**os.environ, "LETAN_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_in_a_sentence_exists(page: Path) -> None:
    for command in re.findall(r"`\./letan ([a-z]+)", page.read_text(encoding="utf-8")):
        assert command in COMMANDS


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_and_test_that_is_named_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for name, test in re.findall(r"`((?:bot|tests|engine|actions|nlu|stories)/[\w/.]+?\.\w+)(?:::(\w+))?[`(:]", text):
        assert (ROOT / name).exists(), f"{name} in {page.name}"
        if test:
            tree = ast.parse(read(name))
            there = {one.name for one in ast.walk(tree) if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)}
            assert test in there, f"{name}::{test} in {page.name}"


def test_the_desk_page_names_every_door_of_the_desk_and_no_other() -> None:
    named = set()
    for row in re.findall(r"^\| .*`(?:GET|POST|PUT|PATCH|DELETE) /api/.*$", read("docs/desk.md"), re.MULTILINE):
        method = base = ""
        for verb, path in re.findall(r"`(?:(GET|POST|PUT|PATCH|DELETE) )?(/[^`]+)`", row):
            if verb:
                method, base = verb, path.rpartition("/")[0]
            named.add((method, path if verb else f"{base}{path}"))
    desk = {(one.method, one.path) for one in DOORS if one.who is Who.STAFF and not re.search(ELSEWHERE, one.path)}
    assert named == desk


def test_every_kind_of_timer_is_described() -> None:
    company = load_company(ROOT / "company.yml")
    agenda = Agenda(datetime(2027, 1, 4, tzinfo=UTC))
    house = House(company, agenda, SimulatedEngine(agenda, Needs(company), Random(1)), Random(1))
    kinds = {
        *house.backstage.timers,
        *house.inbound.timers,
        *house.crew.timers,
        *house.transferring.timers,
        *house.approving.timers,
    }
    section = read("docs/how-a-message-travels.md").partition("### Timers")[2].partition("\n## ")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)) == kinds | OUTSIDE


def test_every_table_is_described() -> None:
    section = read("docs/how-a-message-travels.md").partition("## What is kept where")[2]
    rows = re.findall(r"^\| (`.*?) \|", section, re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert named == set(metadata.tables)


def test_what_the_desk_page_says_of_company_yml_is_there() -> None:
    section = read("docs/desk.md").partition("## What `company.yml` says")[2].partition("\n## ")[0]
    keys = {
        part for row in re.findall(r"^\| (`[^|]+) \|", section, re.MULTILINE) for part in re.findall(r"[a-z_]+", row)
    }
    shipped = read("company.yml")
    assert len(keys) > 20
    for key in keys:
        assert re.search(rf"\b{key}:", shipped), key


def test_every_door_is_in_the_openapi_document() -> None:
    made = document(DOORS, "1")
    for one in DOORS:
        operation = made["paths"][one.path][one.method.lower()]
        assert operation["summary"].endswith((".", ")"))
        assert str(one.status) in operation["responses"]
    assert made["openapi"] == "3.1.0"


def test_notes_of_changes_have_a_known_kind() -> None:
    for note in (ROOT / "changes").glob("*.md"):
        if note.name != "README.md":
            assert re.fullmatch(r"\d+\.[a-z0-9-]+\.(feature|fix|removal|doc)\.md", note.name), note.name
            assert note.read_text(encoding="utf-8").strip().endswith(".")
