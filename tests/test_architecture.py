"""The shape of the house: imports point inward, files and functions stay small, errors are not swallowed.

Read from the syntax tree, so that an import inside a function counts like any other.
"""

from __future__ import annotations

import ast
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from bot import VERSION
from bot.adapters.db.store import sqlalchemy_url
from bot.adapters.db.tables import metadata

ROOT = Path(__file__).parent.parent
SOURCES = sorted(
    path
    for room in ("bot", "actions", "engine")
    for path in (ROOT / room).rglob("*.py")
    if ".venv" not in path.parts and "__pycache__" not in path.parts
)
OUTER = ("bot.adapters", "bot.web", "bot.workers")

# What the face of the house may know of the machinery beside it: the live feed's cursor, files on disk, the strict
# reader of JSON, how a webhook is judged, how a visitor's message is written down, and what the supervisor says.
WEB_MAY_USE = (
    "bot.adapters.live.hub",
    "bot.adapters.media.store",
    "bot.adapters.channels.strict_json",
    "bot.adapters.channels.zalo.door",
    "bot.adapters.channels.webchat.channel",
    "bot.adapters.processes.status",
)
BUILDERS = ("bot/bootstrap.py", "bot/channels.py", "bot/front.py")
BROAD = {
    "bot/workers/loops.py": "the worker loops",
    "bot/web/errors.py": "the error middleware",
    "bot/web/parts.py": "a part that cannot say how it is, is down",
}


def imports_of(path: Path) -> Iterator[str]:
    """Every module that a file imports, wherever in the file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def within(name: str, rooms: tuple[str, ...]) -> bool:
    """Whether a module lies in one of the rooms."""
    return any(name == room or name.startswith(f"{room}.") for room in rooms)


def relative(path: Path) -> str:
    """The path as people say it."""
    return path.relative_to(ROOT).as_posix()


def of(room: str) -> list[Path]:
    """The files of a room."""
    return [path for path in SOURCES if relative(path).startswith(f"{room}/")]


@pytest.mark.parametrize("path", of("bot/domain"), ids=relative)
def test_the_domain_knows_the_standard_library_and_itself(path: Path) -> None:
    for name in imports_of(path):
        root = name.partition(".")[0]
        assert root in sys.stdlib_module_names or within(name, ("bot.domain",)), name


@pytest.mark.parametrize("path", of("bot/services"), ids=relative)
def test_services_know_no_adapter(path: Path) -> None:
    for name in imports_of(path):
        assert not within(name, (*OUTER, "bot.cli", "bot.bootstrap", "bot.settings", "sqlalchemy", "aiohttp")), name


@pytest.mark.parametrize("path", [*of("bot/adapters"), *of("bot/workers")], ids=relative)
def test_the_outer_rooms_do_not_know_the_web(path: Path) -> None:
    for name in imports_of(path):
        assert not within(name, ("bot.web", "bot.bootstrap", "bot.cli", "bot.settings")), name


@pytest.mark.parametrize("path", of("bot/web"), ids=relative)
def test_the_web_knows_few_adapters(path: Path) -> None:
    for name in imports_of(path):
        if within(name, ("bot.adapters",)):
            assert within(name, WEB_MAY_USE), name
        assert not within(name, ("bot.cli", "bot.bootstrap")), name


@pytest.mark.parametrize("path", of("bot/simulation"), ids=relative)
def test_the_simulation_runs_the_rules_on_the_store_in_memory_alone(path: Path) -> None:
    allowed = ("bot.domain", "bot.services", "bot.adapters.memory", "bot.simulation")
    for name in imports_of(path):
        root = name.partition(".")[0]
        assert root in sys.stdlib_module_names or within(name, allowed) or name in ("bot", "bot.adapters"), name


@pytest.mark.parametrize("path", [one for one in SOURCES if relative(one).startswith("bot/")], ids=relative)
def test_nothing_but_its_command_knows_the_simulation(path: Path) -> None:
    if relative(path).startswith("bot/simulation/") or relative(path) == "bot/cli/simulate.py":
        return
    for name in imports_of(path):
        assert not within(name, ("bot.simulation",)), name


@pytest.mark.parametrize("path", [one for one in SOURCES if relative(one).startswith("bot/")], ids=relative)
def test_nothing_but_the_commands_knows_the_commands(path: Path) -> None:
    if not relative(path).startswith("bot/cli/"):
        assert not any(within(name, ("bot.cli",)) for name in imports_of(path))


@pytest.mark.parametrize("path", of("bot/adapters/db/migrations/versions"), ids=relative)
def test_migrations_know_nothing_of_the_program(path: Path) -> None:
    """What a migration did to a database long ago must not change with a rule of today."""
    for name in imports_of(path):
        assert not within(name, ("bot", "actions", "engine")), name


def test_only_the_builders_know_every_room() -> None:
    for path in SOURCES:
        rooms = {room for name in imports_of(path) for room in OUTER if within(name, (room,))}
        if len(rooms) == len(OUTER):
            assert relative(path) in BUILDERS


@pytest.mark.parametrize("path", of("engine"), ids=relative)
def test_the_engine_and_the_front_office_share_no_code(path: Path) -> None:
    for name in imports_of(path):
        assert not within(name, ("bot", "actions")), name


@pytest.mark.parametrize("path", of("actions"), ids=relative)
def test_actions_reach_nothing_but_pure_rules_and_their_files(path: Path) -> None:
    for name in imports_of(path):
        if within(name, ("bot",)):
            assert within(name, ("bot.domain", "bot.adapters.company")), name
        assert not within(name, ("sqlalchemy", "psycopg")), name


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_files_and_functions_keep_their_size(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 500
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= 60, f"{node.name}: {length} lines"


# These empty the environment, or silence a library, before Rasa is imported: Rasa reads both while it is imported.
LATE = ("engine/serve.py", "engine/train.py", "engine/evaluate.py", "engine/quiet.py", "engine/bench_nlu.py")


@pytest.mark.parametrize("path", [path for path in SOURCES if relative(path) not in LATE], ids=relative)
def test_imports_stand_at_the_top(path: Path) -> None:
    for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            inside = [node for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom)]
            assert not inside, f"{function.name}:{function.lineno}"


def test_exceptions_are_caught_broadly_in_the_sanctioned_places_only() -> None:
    found = set()
    for path in of("bot"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ExceptHandler) and (
                node.type is None
                or (isinstance(node.type, ast.Name) and node.type.id in ("Exception", "BaseException"))
            ):
                found.add(relative(path))
    assert found <= set(BROAD), found - set(BROAD)


@pytest.mark.parametrize("path", of("bot/web"), ids=relative)
def test_no_handler_reads_the_body_itself(path: Path) -> None:
    if relative(path) in ("bot/web/endpoint.py", "bot/web/files.py"):
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "request":
            assert node.attr not in ("json", "text", "read", "post", "multipart"), node.lineno


def test_the_schema_in_the_migrations_is_the_schema_of_the_tables(database: str) -> None:
    engine = create_engine(sqlalchemy_url(database))
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


def test_the_version_is_the_one_of_the_package() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert declared == VERSION
