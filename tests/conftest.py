"""One PostgreSQL for the whole run; a fresh, migrated database for every test that asks for one."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
import structlog
from hypothesis import settings

from bot.adapters.company import load as load_company
from bot.adapters.db.embedded import EmbeddedPostgres
from bot.adapters.db.migrate import migrate
from bot.domain.company import Company
from bot.domain.hours import OpeningHours
from tests.databases import fresh_database

# Tracebacks without the values of variables: they fill the screen, and in production they would hold secrets.
structlog.configure(
    processors=[
        structlog.processors.add_log_level,
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
    ]
)
_configure = structlog.configure


def _uncached(**given: Any) -> None:
    """A logger that is cached goes on writing where it first did, and no later test could read it."""
    _configure(**{**given, "cache_logger_on_first_use": False})


structlog.configure = _uncached

# The unit tier tries a few examples, the same ones each time; `integration/test_properties.py` tries many, ever new.
# Neither has a deadline: how long an example takes says more of the machine than of the program.
settings.register_profile("brisk", max_examples=12, stateful_step_count=12, derandomize=True, deadline=None)
settings.register_profile("thorough", max_examples=150, stateful_step_count=40, derandomize=False, deadline=None)
settings.load_profile("brisk")

ROOT = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def logs_as_before() -> Iterator[None]:
    """Undo what a test makes of the logs: it would hide the words of others."""
    before = structlog.get_config()
    yield
    _configure(**before)


@pytest.fixture(scope="session")
def company() -> Company:
    """The demonstration company."""
    return load_company(ROOT / "company.yml")


@pytest.fixture(scope="session")
def open_company(company: Company) -> Company:
    """The same company, open round the clock, so that no test depends on the hour at which it runs."""
    departments = {
        name: replace(one, hours=OpeningHours.always(company.zone)) for name, one in company.departments.items()
    }
    return replace(company, departments=departments, hours=OpeningHours.always(company.zone))


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    """A real server, with a migrated template database."""
    server = EmbeddedPostgres(tmp_path_factory.mktemp("pg"))
    with asyncio.Runner() as runner:
        runner.run(server.start())
        try:
            with psycopg.connect(server.dsn(), autocommit=True) as connection:
                connection.execute("CREATE DATABASE pristine")
            migrate(server.dsn("pristine"))
            yield server
        finally:
            runner.run(server.stop())


@pytest.fixture
def database(postgres: EmbeddedPostgres) -> Iterator[str]:
    """The address of a fresh database."""
    with fresh_database(postgres, "pristine") as url:
        yield url
