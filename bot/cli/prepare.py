"""Makes the database ready for the front office, in a process of its own so that `up` stays small.

`python -m bot.cli.prepare --address URL [--demo]` migrates, adds the demonstration staff if asked to, and prints one
line of JSON: `{"first_admin": URL or null}`. With `--reach` it only looks whether the database answers, and the link is
null. Status 1 with the reason on standard error.
"""

from __future__ import annotations

import argparse
import asyncio
import sys

from sqlalchemy import create_engine
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from bot.adapters.clock import SystemClock
from bot.adapters.db.migrate import migrate
from bot.adapters.db.store import SqlStore, sqlalchemy_url
from bot.adapters.training.project import fingerprint
from bot.cli.admin import first_admin_link
from bot.cli.demo import add_demo_staff
from bot.cli.output import Failure, say_json
from bot.cli.started import load_settings
from bot.services.serving import supersede
from bot.settings import Settings

_REACH_SECONDS = 10


def main(arguments: list[str] | None = None) -> int:
    """See the module."""
    parser = argparse.ArgumentParser(prog="bot.cli.prepare")
    parser.add_argument("--address", required=True, help="where people reach the front office")
    parser.add_argument("--demo", action="store_true", help="add demonstration staff on duty")
    parser.add_argument("--reach", action="store_true", help="only see whether the database answers; change nothing")
    options = parser.parse_args(arguments)
    try:
        settings = load_settings()
        settings = settings.model_copy(update={"public_url": settings.public_url or options.address})
        if options.reach:
            _reach(_address_of(settings))
        say_json({"first_admin": None if options.reach else asyncio.run(_prepare(settings, demo=options.demo))})
    except Failure as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).strip()
        sys.stderr.write(f"Cơ sở dữ liệu không dùng được: {reason}\n")
        return 1
    return 0


def _address_of(settings: Settings) -> str:
    if settings.database_url is None:
        raise Failure("LETAN_DATABASE_URL chưa đặt.")
    return settings.database_url.get_secret_value()


def _reach(address: str) -> None:
    try:
        engine = create_engine(sqlalchemy_url(address), connect_args={"connect_timeout": _REACH_SECONDS})
    except (ArgumentError, ValueError) as error:  # the reason would repeat the address, and the password with it
        raise Failure("LETAN_DATABASE_URL: không đọc được địa chỉ này.") from error
    try:
        engine.connect().close()
    finally:
        engine.dispose()


async def _prepare(settings: Settings, *, demo: bool) -> str | None:
    await asyncio.to_thread(migrate, _address_of(settings))
    store = SqlStore.connect(_address_of(settings), pool_size=1)
    try:
        await supersede(store, SystemClock(), fingerprint())
    finally:
        await store.close()
    if demo:
        await add_demo_staff(settings)
    return await first_admin_link(settings)


if __name__ == "__main__":
    sys.exit(main())
