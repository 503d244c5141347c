"""The doors beside the models: how they did over time, a candidate in the shadow, and drift. For those who lead."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.domain.teaching.figures import wilson
from bot.services.promoting import Point
from bot.services.shadowing import Shadowed
from bot.web.endpoint import Call, Door, Nothing, Who, door
from bot.web.paths import path_model
from bot.web.teach_model_shapes import (
    ChannelDriftOut,
    DifferingOut,
    DriftOut,
    HistoryOut,
    HistoryPointOut,
    IntervalOut,
    ShadowOut,
)

_NOTHING = ShadowOut(
    model=None,
    since=None,
    until=None,
    started_by="",
    reading=False,
    fault="",
    messages=0,
    agree=0,
    share=None,
    differing=[],
)


@door("GET", "/api/teach/history", who=Who.STAFF, returns=HistoryOut, errors=(401, 403))
async def teach_history(call: Call[Nothing, Nothing]) -> HistoryOut:
    """Return how each judged training did, the oldest first."""
    zone = call.house.company.zone
    return HistoryOut(points=[_point(one, zone) for one in await call.house.promoting.history(call.staff)])


@door("GET", "/api/teach/shadow", who=Who.STAFF, returns=ShadowOut, errors=(401, 403))
async def teach_shadow(call: Call[Nothing, Nothing]) -> ShadowOut:
    """Return which candidate reads live messages, and where it differs from the serving model."""
    return await _shadow(call)


@door("POST", "/api/teach/models/{id}/shadow", who=Who.STAFF, returns=ShadowOut, errors=(401, 403, 404, 409))
async def shadow_model(call: Call[Nothing, Nothing]) -> ShadowOut:
    """Have a candidate read live messages for a week, after they were answered; in place of any other."""
    await call.house.shadowing.start(call.staff, path_model(call))
    return await _shadow(call)


@door("DELETE", "/api/teach/shadow", who=Who.STAFF, returns=ShadowOut, errors=(401, 403))
async def stop_shadow(call: Call[Nothing, Nothing]) -> ShadowOut:
    """Have no candidate read live messages any more."""
    await call.house.shadowing.stop(call.staff)
    return await _shadow(call)


@door("GET", "/api/teach/drift", who=Who.STAFF, returns=DriftOut, errors=(401, 403))
async def teach_drift(call: Call[Nothing, Nothing]) -> DriftOut:
    """Return this week's traffic against the month before."""
    zone, found = call.house.company.zone, await call.house.drifting.report(call.staff)
    return DriftOut(
        made_at=found.made_at.astimezone(zone),
        since=found.since.astimezone(zone),
        before_since=found.before_since.astimezone(zone),
        channels=[ChannelDriftOut.model_validate(one) for one in found.channels],
    )


async def _shadow(call: Call[Nothing, Nothing]) -> ShadowOut:
    found = await call.house.shadowing.state(call.staff)
    return _shown(found, call.house.company.zone) if found is not None else _NOTHING


def _shown(found: Shadowed, zone: ZoneInfo) -> ShadowOut:
    share = wilson(found.agree, found.messages)
    return ShadowOut(
        model=found.model,
        since=found.since.astimezone(zone),
        until=found.until.astimezone(zone),
        started_by=found.started_by,
        reading=found.reading,
        fault=found.fault,
        messages=found.messages,
        agree=found.agree,
        share=IntervalOut(estimate=share.estimate, low=share.low, high=share.high) if found.messages else None,
        differing=[
            DifferingOut(
                message_id=one.reading.message_id,
                text=text,
                at=one.reading.at.astimezone(zone),
                serving=one.reading.serving,
                candidate=one.reading.intent,
                confidence=one.reading.confidence,
            )
            for one, text in zip(found.differing, found.texts, strict=True)
        ],
    )


def _point(point: Point, zone: ZoneInfo) -> HistoryPointOut:
    gate, overall = point.gate, point.gate["overall"]
    # Verdicts of an earlier version hold no interval; it follows from what they do hold.
    accuracy = wilson(round(overall["after"] * overall["count"]), overall["count"])
    return HistoryPointOut(
        training_id=point.training.id,
        model_id=point.model_id,
        at=(point.training.ended_at or point.training.started_at).astimezone(zone),
        examples=point.training.examples,
        tests=overall["count"],
        accuracy=IntervalOut(estimate=accuracy.estimate, low=accuracy.low, high=accuracy.high),
        accuracy_before=overall["before"],
        calibration=gate["calibration_after"],
        p95_ms=gate["p95_after_ms"],
        allowed=gate["allowed"],
        serving=point.serving,
        promoted_at=point.promoted_at.astimezone(zone) if point.promoted_at is not None else None,
    )


DOORS: tuple[Door, ...] = (teach_history, teach_shadow, shadow_model, stop_shadow, teach_drift)
