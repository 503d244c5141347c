"""Brings a database to the newest schema."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

from bot.adapters.db.store import sqlalchemy_url

_LOCK = 7_203_114_210
"""Advisory lock against two front offices that migrate at the same time; the number means nothing."""


def migrate(url: str) -> None:
    """Run every migration that the database has not seen. Safe to call at each start, and by several hosts at once.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: no connection, or a migration failed (it is rolled back whole).
    """
    engine = create_engine(sqlalchemy_url(url), connect_args={"connect_timeout": 10})
    try:
        with engine.connect() as guard:
            guard.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _LOCK})
            with engine.begin() as connection:
                config = _config()
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
    finally:
        engine.dispose()


def head() -> str:
    """Return the revision that this code needs."""
    found = ScriptDirectory.from_config(_config()).get_current_head()
    if found is None:
        raise RuntimeError("no migration is shipped")
    return found


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
