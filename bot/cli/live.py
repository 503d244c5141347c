"""What the live assistant has beside the developers' files: the promoted model, and what was added at the console."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.adapters.company.additions import FILE as ADDITIONS
from bot.adapters.company.additions import AdditionsFile
from bot.adapters.db.store import SqlStore
from bot.adapters.training.models import Model
from bot.cli.accounts import opened_database, refusals_as_reasons
from bot.cli.model_files import models
from bot.cli.output import Failure, tell
from bot.domain.company import Company
from bot.services.additions import AdditionsKeeper
from bot.services.serving import KEY
from bot.settings import Settings

CLUSTER: Final = "postgres"
"""Our own database in the data directory; before the first start there is none, and nothing was taught."""


@dataclass(frozen=True, kw_only=True)
class Assistant:
    """What answers: a model, a company that knows the added needs, and a data directory with what was added."""

    model: Model
    company: Company
    data: Path


def has_database(settings: Settings) -> bool:
    """Tell whether there is one at all."""
    return settings.database_url is not None or (settings.data / CLUSTER).exists()


@asynccontextmanager
async def opened_store(settings: Settings) -> AsyncIterator[SqlStore]:
    """Give the store of the database, started for the length of the block where it must be. Raises `Failure`."""
    async with opened_database(settings) as opened:
        if opened.database_url is None:
            raise Failure("LETAN_DATABASE_URL chưa đặt.")
        store = SqlStore.connect(opened.database_url.get_secret_value(), pool_size=3)
        try:
            with refusals_as_reasons():
                yield store
        finally:
            await store.close()


async def as_live(settings: Settings, base: Model, company: Company, place: Path) -> Assistant:
    """Return the assistant as customers meet it; what was added is written below ``place``, nothing elsewhere.

    Where there is no database nothing was added. One that does not answer is told in a line, and the developers' files
    answer alone.
    """
    assistant = Assistant(model=base, company=company, data=place)
    if not has_database(settings):
        return assistant
    try:
        async with opened_store(settings) as store:
            await AdditionsKeeper(store=store, company=company, file=AdditionsFile(place / ADDITIONS)).look()
            async with store.read() as uow:
                said = await uow.channel_states.get(KEY) or {}
    except Failure as failure:
        tell(f"{failure}\nKhông đọc được những gì đã dạy: chỉ trả lời theo tệp của nhà phát triển.")
        return assistant
    # One that was trained on other files of the developers is given up at the next start.
    kept = models(settings.data) if said.get("base") == base.base else []
    model = next((one for one in kept if one.id == said["model"]), base)
    return Assistant(model=model, company=company, data=place)
