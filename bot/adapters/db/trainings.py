"""Trainings in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.db.teach_tables import RUNNING, trainings
from bot.domain.errors import Unknown
from bot.domain.teaching.dataset import Unlearned
from bot.services.ports_teach import Training, TrainingState


class TrainingRows:
    """The part of `bot.services.ports_teach.Teaching` that is about trainings."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def start_training(
        self,
        staff_id: int | None,
        examples: int,
        at: datetime,
        *,
        resumes: int | None = None,
        needs: Sequence[str] = (),
        unlearned: Sequence[Unlearned] = (),
    ) -> Training | None:
        """Insert, unless one runs: the index knows."""
        values = {
            "state": TrainingState.RUNNING,
            "examples": examples,
            "started_by": staff_id,
            "resumes": resumes,
            "started_at": at,
            "beat_at": at,
            "faults": [],
            "needs": list(needs),
            "unlearned": [asdict(one) for one in unlearned],
        }
        statement = (
            upsert(trainings)
            .values(values)
            .on_conflict_do_nothing(index_elements=[trainings.c.state], index_where=RUNNING)
            .returning(trainings)
        )
        row = (await self._connection.execute(statement)).one_or_none()
        return _training(row) if row else None

    async def training(self, training_id: int) -> Training:
        """Find by id."""
        rows = await self._connection.execute(select(trainings).where(trainings.c.id == training_id).with_for_update())
        row = rows.one_or_none()
        if row is None:
            raise Unknown(f"training {training_id}")
        return _training(row)

    async def running(self) -> Training | None:
        """Find the one under way."""
        row = (await self._connection.execute(select(trainings).where(RUNNING).with_for_update())).one_or_none()
        return _training(row) if row else None

    async def save_training(self, training: Training) -> None:
        """Store a change."""
        await self._connection.execute(
            update(trainings)
            .where(trainings.c.id == training.id)
            .values(
                state=training.state,
                progress=training.progress,
                share=training.share,
                beat_at=training.beat_at,
                ended_at=training.ended_at,
                faults=list(training.faults),
                model_id=training.model_id,
                gate=training.gate,
            )
        )

    async def trainings(self, limit: int) -> list[Training]:
        """List."""
        rows = await self._connection.execute(select(trainings).order_by(trainings.c.id.desc()).limit(limit))
        return [_training(row) for row in rows]

    async def judged(self, model_ids: Sequence[str]) -> list[Training]:
        """List by model."""
        rows = await self._connection.execute(
            select(trainings).where(trainings.c.model_id.in_(list(model_ids))).order_by(trainings.c.id.desc())
        )
        return [_training(row) for row in rows]


def _training(row: Row[Any]) -> Training:
    return Training(
        id=row.id,
        state=TrainingState(row.state),
        examples=row.examples,
        started_by=row.started_by,
        started_at=row.started_at,
        beat_at=row.beat_at,
        progress=row.progress,
        share=row.share,
        ended_at=row.ended_at,
        faults=tuple(row.faults),
        model_id=row.model_id,
        gate=row.gate,
        resumes=row.resumes,
        needs=tuple(row.needs),
        unlearned=tuple(Unlearned(**one) for one in row.unlearned),
    )
