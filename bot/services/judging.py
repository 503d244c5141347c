"""The gate's work: both models read the locked tests, every correction and last week; the verdict is kept as shown.

The messages of last week are read as they were written, by processes of our own, and kept and shown masked.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from bot.domain.teaching.examples import Example
from bot.domain.teaching.figures import Bin, Interval
from bot.domain.teaching.gate import compare, speed_of
from bot.domain.teaching.masking import mask
from bot.domain.teaching.near import near_groups
from bot.domain.teaching.results import Delta, Judged, Results
from bot.domain.teaching.verdict import Correction, GateReason, Replayed, Speed, Verdict
from bot.services.ports import UnitOfWork
from bot.services.ports_models import ReadMessage
from bot.services.ports_training import Question, Trainer
from bot.services.serving import KeptModel

WEEK: Final = timedelta(days=7)
MOST_REPLAYED: Final = 2_000
"""Messages of last week that are read again; of more, an even sample."""
SHOWN: Final = 50
SPEED_SAMPLE: Final = 400
"""Test messages that are read again where a candidate seems slow."""
READ_CHARS: Final = 1_000
"""What the engine reads of a message."""


@dataclass(frozen=True, kw_only=True)
class Corrected:
    """An example whose message the bot had read as another need, when nobody had looked yet."""

    example: Example
    read: str


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What a candidate is asked beside the locked tests. ``week`` has each of its near-duplicates once, with counts."""

    corrected: Sequence[Corrected]
    week: Sequence[tuple[ReadMessage, int]]
    names: tuple[str, ...]


async def evidence(uow: UnitOfWork, taught: Sequence[Example], now: datetime) -> Evidence:
    """Gather it."""
    read_then = await uow.models.read_then()
    corrected = [
        Corrected(example=one, read=read)
        for one in taught
        if (read := read_then.get(one.id)) is not None and read != one.label
    ]
    week = await uow.models.read_between(now - WEEK, now, MOST_REPLAYED)
    names = tuple((await uow.staff.names()).values())
    return Evidence(corrected=corrected, week=await asyncio.to_thread(_once, week), names=names)


async def judged(
    trainer: Trainer,
    serving: KeptModel,
    candidate: KeptModel,
    tests: Sequence[Question],
    known: Evidence,
    new_needs: Iterable[str] = (),
) -> dict[str, Any]:
    """Return the verdict on a candidate as JSON. Raises `TrainingFailed`."""
    questions = [
        *tests,
        *(Question(text=one.example.text, truth=one.example.label) for one in known.corrected),
        *(Question(text=message.text[:READ_CHARS], truth="") for message, _ in known.week),
    ]
    before = await trainer.judge(serving, questions)
    after = await trainer.judge(candidate, questions)
    tested, taught = len(tests), len(tests) + len(known.corrected)
    old = Results(model_id=serving.id, judged=tuple(before[:tested]))
    new = Results(model_id=candidate.id, judged=tuple(after[:tested]))
    speed = speed_of(old, new)
    if speed is not None and speed.slower:
        speed = await _again(trainer, serving, candidate, tests[:SPEED_SAMPLE])
    verdict = await asyncio.to_thread(
        compare,
        old,
        new,
        speed=speed,
        corrections=_corrections(known.corrected, before[tested:taught], after[tested:taught]),
        replay=_replayed(known.week, before[taught:], after[taught:]),
        new_needs=new_needs,
    )
    customers = {message.message_id: message.name for message, _ in known.week}
    return _stored(verdict, known.names, customers)


async def _again(trainer: Trainer, serving: KeptModel, candidate: KeptModel, tests: Sequence[Question]) -> Speed | None:
    """Measure once more, in the other order: what else the machine had to do may have looked like a slow model."""
    new = Results(model_id=candidate.id, judged=tuple(await trainer.judge(candidate, tests)))
    old = Results(model_id=serving.id, judged=tuple(await trainer.judge(serving, tests)))
    return speed_of(old, new)


def _once(week: Sequence[ReadMessage]) -> list[tuple[ReadMessage, int]]:
    groups = near_groups([one.text for one in week])
    return [(week[group[0]], len(group)) for group in groups]


def _corrections(corrected: Sequence[Corrected], before: Sequence[Judged], after: Sequence[Judged]) -> list[Correction]:
    return [
        Correction(
            message_id=one.example.message_id or 0,
            text=one.example.text,
            read=one.read,
            truth=one.example.label,
            serving=old.intent,
            candidate=new.intent,
        )
        for one, old, new in zip(corrected, before, after, strict=True)
    ]


def _replayed(
    week: Sequence[tuple[ReadMessage, int]], before: Sequence[Judged], after: Sequence[Judged]
) -> list[Replayed]:
    return [
        Replayed(
            message_id=message.message_id,
            text=message.text,
            before=old.intent,
            after=new.intent,
            count=count,
            before_confidence=old.confidence,
            after_confidence=new.confidence,
        )
        for (message, count), old, new in zip(week, before, after, strict=True)
    ]


def _stored(verdict: Verdict, names: Sequence[str], customers: Mapping[int, str | None]) -> dict[str, Any]:
    speed, calibration = verdict.speed, verdict.calibration
    return {
        "serving": verdict.serving,
        "candidate": verdict.candidate,
        "allowed": verdict.allowed,
        "reasons": [_reason(one) for one in verdict.reasons],
        "notices": [_reason(one) for one in verdict.notices],
        "accuracy_before": _interval(verdict.accuracy_before),
        "accuracy_after": _interval(verdict.accuracy_after),
        "overall": _delta(verdict.overall),
        "styles": [_delta(one) for one in verdict.styles],
        "intents": [_delta(one) for one in verdict.intents if one.won or one.lost],
        "confusions": [asdict(one) for one in verdict.confusions],
        "corrections": verdict.corrections,
        "undone": len(verdict.undone),
        "undone_list": [_correction(one) for one in verdict.undone[:SHOWN]],
        "still_wrong": len(verdict.still_wrong),
        "still_wrong_list": [_correction(one) for one in verdict.still_wrong[:SHOWN]],
        "replay_messages": verdict.replayed,
        "replay_changed": sum(one.count for one in verdict.replay),
        "replay_share": _interval(verdict.replay_share) if verdict.replayed else None,
        "replay": [_replay(one, names, customers.get(one.message_id)) for one in verdict.replay[:SHOWN]],
        "calibration_before": calibration.before,
        "calibration_after": calibration.after,
        "bins_before": [_bin(one) for one in calibration.bins_before],
        "bins_after": [_bin(one) for one in calibration.bins],
        "p95_before_ms": speed.serving_p95_ms if speed else None,
        "p95_after_ms": speed.candidate_p95_ms if speed else None,
    }


def _reason(reason: GateReason) -> Mapping[str, str]:
    return {"code": reason.code.value, "subject": reason.subject, "text": reason.text.vi, "text_en": reason.text.en}


def _interval(found: Interval) -> Mapping[str, float]:
    return asdict(found)


def _bin(found: Bin) -> Mapping[str, float]:
    return asdict(found)


def _correction(one: Correction) -> Mapping[str, Any]:
    told = {"message_id": one.message_id, "text": one.text, "truth": one.truth, "read": one.read}
    return {**told, "before": one.serving, "after": one.candidate}


def _replay(one: Replayed, names: Sequence[str], customer: str | None) -> Mapping[str, Any]:
    text = mask(one.text, names, customer)
    return {"message_id": one.message_id, "text": text, "before": one.before, "after": one.after, "count": one.count}


def _delta(delta: Delta) -> dict[str, Any]:
    return {
        "group": delta.group,
        "count": delta.count,
        "before": delta.before,
        "after": delta.after,
        "change": _interval(delta.change),
        "won": delta.won,
        "lost": delta.lost,
    }
