"""Edited answers in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.db.need_tables import answers
from bot.domain.errors import Unknown
from bot.domain.knowledge import Wordings
from bot.domain.teaching.answers import AnswerVersion


class AnswerTable:
    """See `bot.services.ports_needs.Answers`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def newest(self) -> list[AnswerVersion]:
        """Find the last of each key."""
        rows = await self._connection.execute(
            select(answers).ext(distinct_on(answers.c.key)).order_by(answers.c.key, answers.c.version.desc())
        )
        return [_version(row) for row in rows]

    async def latest(self, key: str) -> AnswerVersion | None:
        """Find the last of one key."""
        found = await self.versions(key, 1)
        return found[0] if found else None

    async def versions(self, key: str, limit: int) -> Sequence[AnswerVersion]:
        """List."""
        rows = await self._connection.execute(
            select(answers).where(answers.c.key == key).order_by(answers.c.version.desc()).limit(limit)
        )
        return [_version(row) for row in rows]

    async def version(self, key: str, version: int) -> AnswerVersion:
        """Find by number."""
        wanted = select(answers).where(answers.c.key == key, answers.c.version == version)
        row = (await self._connection.execute(wanted)).one_or_none()
        if row is None:
            raise Unknown(f"version {version} of answer {key}")
        return _version(row)

    async def add(self, version: AnswerVersion) -> bool:
        """Insert unless the number is taken."""
        texts = version.texts
        values = {
            "key": version.key,
            "version": version.version,
            "texts": {"vi": list(texts.vi), "en": list(texts.en)} if texts is not None else None,
            "author_id": version.by,
            "at": version.at,
            "restored": version.restored,
        }
        statement = insert(answers).values(values).on_conflict_do_nothing().returning(answers.c.id)
        return (await self._connection.execute(statement)).one_or_none() is not None


def _version(row: Row[Any]) -> AnswerVersion:
    texts = row.texts
    return AnswerVersion(
        key=row.key,
        version=row.version,
        texts=Wordings(vi=tuple(texts["vi"]), en=tuple(texts["en"])) if texts is not None else None,
        by=row.author_id,
        at=row.at,
        restored=row.restored,
    )
