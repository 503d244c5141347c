"""Which model serves, as decided at the console: allowed by the gate, or with a written reason of an admin."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from bot.domain.staff import StaffMember, require_admin, require_lead
from bot.domain.teaching.verdict import override_reason
from bot.services.ports import Store, UnitOfWork
from bot.services.ports_engine import ModelServer
from bot.services.ports_teach import Training
from bot.services.ports_training import ModelFile, Trainer
from bot.services.refusals import NotNow
from bot.services.reviewing import KIND
from bot.services.serving import KEY, KeptModel, Promotions, has_served

LOOKED_BACK: Final = 200
SHOWN: Final = 50
"""Judged trainings in the history, of so many trainings altogether."""


@dataclass(frozen=True, kw_only=True)
class Shelved:
    """The models of this installation with the trainings that made them; ``serving`` is what the engine says."""

    models: Sequence[ModelFile]
    made_by: Mapping[str, Training]
    serving: str | None
    promoted: str | None
    can_roll_back: bool
    served: Collection[str]
    """The ids of those that served before: any of them may again."""


@dataclass(frozen=True, kw_only=True)
class Point:
    """A judged training in the history of models; ``gate`` is its verdict, ``promoted_at`` when it began to serve."""

    training: Training
    model_id: str
    gate: Mapping[str, Any]
    serving: bool
    promoted_at: datetime | None


class GateRefused(NotNow):
    """The gate does not let this model serve; an admin may have it serve all the same, with a reason."""

    code = "gate_refused"


class Promoting:
    """Moves of those who lead."""

    def __init__(self, *, store: Store, promotions: Promotions, trainer: Trainer, engine: ModelServer) -> None:
        self._store = store
        self._promotions = promotions
        self._trainer = trainer
        self._engine = engine

    async def models(self, staff: StaffMember) -> Shelved:
        """Return what could serve. Raises `NotPermitted`."""
        require_lead(staff)
        models = await asyncio.to_thread(self._trainer.models)
        serving = await self._engine.health()
        async with self._store.read() as uow:
            said = await uow.channel_states.get(KEY) or {}
            trainings = await uow.teaching.judged([one.id for one in models])
        return Shelved(
            models=models,
            made_by={one.model_id: one for one in reversed(trainings) if one.model_id is not None},
            serving=serving,
            promoted=said.get("model"),
            can_roll_back=bool(said.get("history")),
            served={one.id for one in models if has_served(said, one.id)},
        )

    async def history(self, staff: StaffMember) -> list[Point]:
        """Return the trainings whose candidates were judged, the oldest first. Raises `NotPermitted`."""
        require_lead(staff)
        serving = await self._engine.health()
        async with self._store.read() as uow:
            said = await uow.channel_states.get(KEY) or {}
            trainings = await uow.teaching.trainings(LOOKED_BACK)
        began = said.get("began", {})
        points = [
            Point(
                training=one,
                model_id=one.model_id,
                gate=one.gate,
                serving=one.model_id == serving,
                promoted_at=datetime.fromisoformat(began[one.model_id]) if one.model_id in began else None,
            )
            for one in reversed(trainings)
            if one.model_id is not None and one.gate is not None
        ]
        return points[-SHOWN:]

    async def promote(self, staff: StaffMember, model_id: str, reason: str) -> KeptModel:
        """Have a model serve; one that served before needs no verdict.

        Raises:
            NotPermitted: the person does not lead, or gives a reason without being an admin.
            GateRefused: the gate refused the model, or never saw it, and there is no reason.
            Invalid: the reason says too little.
            Unknown: this installation has no such model.
        """
        require_lead(staff)
        async with self._store.read() as uow:
            refusal = await refusal_of(uow, model_id)
        words = ""
        if refusal is not None:
            if not reason.strip():
                raise GateRefused(refusal)
            require_admin(staff)
            words = override_reason(reason)
        model = await self._promotions.promote(model_id, f"staff:{staff.id}", reason=words)
        await self._tell(model)
        return model

    async def roll_back(self, staff: StaffMember) -> KeptModel:
        """Have the model serve that served before. Raises `NotPermitted`, `ForbiddenMove`."""
        require_lead(staff)
        async with self._store.read() as uow:
            said = await uow.channel_states.get(KEY) or {}
        if not said.get("history"):
            raise NotNow("Không còn mô hình nào trước đó để quay lại.")
        model = await self._promotions.roll_back(f"staff:{staff.id}")
        await self._tell(model)
        return model

    async def _tell(self, model: KeptModel) -> None:
        async with self._store.begin() as uow:
            await uow.feed.publish(KIND, None, {"model": model.id})


async def refusal_of(uow: UnitOfWork, model_id: str) -> str | None:
    """Return why a model may not serve without a written reason, at the console and in the shell; ``None`` if it may.

    One that served before may; of any other the newest verdict decides, and one that was never compared has none.
    """
    if has_served(await uow.channel_states.get(KEY), model_id):
        return None
    gate = next((one.gate for one in await uow.teaching.judged([model_id]) if one.gate is not None), None)
    if gate is None:
        return "Mô hình này chưa được so với mô hình đang dùng; quản trị viên cần ghi lý do để vẫn dùng."
    if gate["allowed"]:
        return None
    return " ".join(["Mô hình mới kém hơn mô hình đang dùng.", *(str(one["text"]) for one in gate["reasons"][:5])])
