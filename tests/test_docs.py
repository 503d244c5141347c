"""The documentation says what is there: settings, doors, commands and links."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.cli.main import COMMANDS
from bot.settings import PREFIX, Settings
from bot.web.app import DOORS
from bot.web.openapi import document

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
INTERNAL = {"ENGINE_URL", "ENGINE_TOKEN"}


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


def test_every_command_in_the_readme_exists() -> None:
    for command in re.findall(r"\./letan ([a-z]+)", read("README.md")):
        assert command in COMMANDS


def test_every_door_is_in_the_openapi_document() -> None:
    made = document(DOORS, "1")
    for one in DOORS:
        operation = made["paths"][one.path][one.method.lower()]
        assert operation["summary"].endswith((".", ")")) or operation["summary"]
        assert str(one.status) in operation["responses"]
    assert made["openapi"] == "3.1.0"


def test_notes_of_changes_have_a_known_kind() -> None:
    for note in (ROOT / "changes").glob("*.md"):
        if note.name != "README.md":
            assert re.fullmatch(r"\d+\.[a-z0-9-]+\.(feature|fix|removal|doc)\.md", note.name), note.name
            assert note.read_text(encoding="utf-8").strip().endswith(".")
