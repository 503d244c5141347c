"""The accounts of staff members, opened for one command."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass

from pydantic import SecretStr
from sqlalchemy.exc import SQLAlchemyError

from bot.adapters.clock import SystemClock
from bot.adapters.company import FileFaults, load
from bot.adapters.db.embedded import EmbeddedPostgres
from bot.adapters.db.migrate import migrate
from bot.adapters.db.store import SqlStore
from bot.adapters.processes.place import ROOT
from bot.adapters.processes.spec import CannotStart
from bot.cli.output import Failure, tell
from bot.domain.company import Company
from bot.domain.errors import DomainError, Invalid
from bot.services.accounts import Accounts
from bot.services.duty import Duty
from bot.services.rosters import Rosters
from bot.services.secrets import Passwords
from bot.settings import Settings


@asynccontextmanager
async def opened_database(settings: Settings) -> AsyncIterator[Settings]:
    """Give settings with the address of a database that runs and has our tables.

    It is the one configured, or our own: attached to while `up` runs it, otherwise started for this command.
    """
    async with AsyncExitStack() as stack:
        if settings.database_url is None:
            server = EmbeddedPostgres(settings.data, tell=tell)
            try:
                await stack.enter_async_context(server)
            except CannotStart as error:
                raise Failure(str(error)) from error
            settings = settings.model_copy(update={"database_url": SecretStr(server.dsn())})
        if settings.database_url is not None:
            with refusals_as_reasons():
                await asyncio.to_thread(migrate, settings.database_url.get_secret_value())
        yield settings


@dataclass(frozen=True, kw_only=True)
class People:
    """Everything about people that a command may need."""

    company: Company
    accounts: Accounts
    rosters: Rosters
    duty: Duty


@asynccontextmanager
async def opened_accounts(settings: Settings) -> AsyncIterator[Accounts]:
    """Give the accounts of a database whose address the settings hold; refusals become reasons."""
    async with opened_people(settings) as people:
        yield people.accounts


@asynccontextmanager
async def opened_people(settings: Settings) -> AsyncIterator[People]:
    """Give accounts, rosters and duty, as `opened_accounts` does."""
    if settings.database_url is None:
        raise Failure("LETAN_DATABASE_URL chưa đặt.")
    store = SqlStore.connect(settings.database_url.get_secret_value(), pool_size=1)
    try:
        with refusals_as_reasons():
            company = load(ROOT / "company.yml")
            clock = SystemClock()
            yield People(
                company=company,
                accounts=Accounts(store=store, clock=clock, company=company, passwords=Passwords()),
                rosters=Rosters(store=store, clock=clock, company=company),
                duty=Duty(store=store, clock=clock, company=company),
            )
    finally:
        await store.close()


@contextmanager
def refusals_as_reasons() -> Iterator[None]:
    """Turn what the rooms below may refuse into a reason for the person at the shell."""
    try:
        yield
    except FileFaults as faults:
        raise Failure(f"{faults.path} có lỗi:\n{faults}") from faults
    except Invalid as error:
        raise Failure(error.reason) from error
    except DomainError as error:
        raise Failure(f"{error.code}: {error}") from error
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).strip()
        raise Failure(f"Cơ sở dữ liệu không dùng được: {reason}") from error
