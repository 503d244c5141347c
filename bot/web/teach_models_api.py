"""The doors of trainings and models: start, follow, cancel, compare, promote and roll back. For those who lead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from bot.services.ports_teach import Training, TrainingState
from bot.web.endpoint import Call, Door, Nothing, Who, door
from bot.web.paths import path_id, path_model
from bot.web.teach_model_shapes import (
    GateOut,
    ModelOut,
    ModelsOut,
    PromotedOut,
    PromoteIn,
    TrainingOut,
    TrainingsOut,
    UnlearnedOut,
)

MODEL_ID_MAX = 80


@door("GET", "/api/teach/trainings", who=Who.STAFF, returns=TrainingsOut, errors=(401, 403))
async def teach_trainings(call: Call[Nothing, Nothing]) -> TrainingsOut:
    """Return the trainings, the newest first."""
    found, names = await call.house.trainings.list(call.staff)
    shown = [_training(one, names, call) for one in found]
    running = next((one for one in shown if one.state == TrainingState.RUNNING.value), None)
    return TrainingsOut(trainings=shown, running=running)


@door("POST", "/api/teach/trainings", who=Who.STAFF, returns=TrainingOut, status=201, errors=(401, 403, 409))
async def start_training(call: Call[Nothing, Nothing]) -> TrainingOut:
    """Train a candidate on what was taught so far; 409 while another training runs."""
    training = await call.house.trainings.start(call.staff)
    return _training(training, {call.staff.id: call.staff.name}, call)


@door("DELETE", "/api/teach/trainings/{id}", who=Who.STAFF, returns=TrainingOut, errors=(401, 403, 404))
async def cancel_training(call: Call[Nothing, Nothing]) -> TrainingOut:
    """Stop a training; it leaves nothing behind."""
    training = await call.house.trainings.cancel(call.staff, path_id(call))
    async with call.house.store.read() as uow:
        names = await uow.staff.names()
    return _training(training, names, call)


@door("GET", "/api/teach/models", who=Who.STAFF, returns=ModelsOut, errors=(401, 403))
async def teach_models(call: Call[Nothing, Nothing]) -> ModelsOut:
    """Return the models of this installation, the newest first."""
    found = await call.house.promoting.models(call.staff)
    return ModelsOut(
        models=[
            ModelOut(
                id=one.id,
                made_at=datetime.fromisoformat(one.made_at).astimezone(call.house.company.zone),
                bytes=one.bytes,
                seconds=one.seconds,
                serving=one.id == found.serving,
                served=one.id in found.served,
                allowed=_allowed(found.made_by.get(one.id)),
                training_id=found.made_by[one.id].id if one.id in found.made_by else None,
            )
            for one in found.models
        ],
        serving=found.serving,
        promoted=found.promoted,
        can_roll_back=found.can_roll_back,
    )


@door(
    "POST",
    "/api/teach/models/{id}/promote",
    who=Who.STAFF,
    body=PromoteIn,
    returns=PromotedOut,
    errors=(401, 403, 404, 409, 422),
)
async def promote_model(call: Call[PromoteIn, Nothing]) -> PromotedOut:
    """Have a model serve; 409 with the reasons where the gate refused it, unless an admin gives one for it."""
    promoted = await call.house.promoting.promote(call.staff, path_model(call), call.body.reason)
    return PromotedOut(model=promoted.id)


@door("POST", "/api/teach/rollback", who=Who.STAFF, returns=PromotedOut, errors=(401, 403, 409))
async def roll_back_model(call: Call[Nothing, Nothing]) -> PromotedOut:
    """Have the model serve that served before."""
    return PromotedOut(model=(await call.house.promoting.roll_back(call.staff)).id)


def _allowed(training: Training | None) -> bool | None:
    return bool(training.gate["allowed"]) if training is not None and training.gate is not None else None


def _gate(gate: Mapping[str, Any], language: str) -> GateOut:
    """Return a verdict in a language; one of an earlier version is in Vietnamese alone."""
    said = {
        kind: [{**one, "text": one.get(f"text_{language}", one["text"])} for one in gate[kind]]
        for kind in ("reasons", "notices")
    }
    return GateOut.model_validate({**gate, **said})


def _training(training: Training, names: Mapping[int, str], call: Call[Nothing, Nothing]) -> TrainingOut:
    zone = call.house.company.zone
    return TrainingOut(
        id=training.id,
        state=training.state.value,
        progress=training.progress,
        share=training.share,
        examples=training.examples,
        started_at=training.started_at.astimezone(zone),
        started_by=names.get(training.started_by, "") if training.started_by is not None else "",
        ended_at=training.ended_at.astimezone(zone) if training.ended_at is not None else None,
        faults=list(training.faults),
        model_id=training.model_id,
        gate=_gate(training.gate, call.query_language) if training.gate is not None else None,
        resumes=training.resumes,
        unlearned=[UnlearnedOut(**asdict(one)) for one in training.unlearned],
    )


DOORS: tuple[Door, ...] = (
    teach_trainings,
    start_training,
    cancel_training,
    teach_models,
    promote_model,
    roll_back_model,
)
