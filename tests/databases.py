"""Fresh databases on the server of the test run."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg

from bot.adapters.db.embedded import EmbeddedPostgres

_numbers = itertools.count(1)


@contextmanager
def fresh_database(server: EmbeddedPostgres, template: str = "template1") -> Iterator[str]:
    """Give the address of a new database, a copy of a template, for as long as the block runs."""
    name = f"test_{next(_numbers)}"
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    yield server.dsn(name)
    # A vacuum worker of the superuser may be in it, which we may not end; the whole server goes at the end anyway.
    with (
        suppress(psycopg.errors.InsufficientPrivilege, psycopg.errors.ObjectInUse),
        psycopg.connect(server.dsn(), autocommit=True) as connection,
    ):
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
