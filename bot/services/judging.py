"""The gate's work: both models read the locked tests and every correction; the verdict is kept as it is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.teaching.examples import Example
from bot.domain.teaching.gate import compare
from bot.domain.teaching.results import Delta, Judged, Results
from bot.domain.teaching.verdict import Correction, GateReason, Verdict
from bot.services.ports_training import Question, Trainer
from bot.services.serving import KeptModel


async def judged(
    trainer: Trainer, serving: KeptModel, candidate: KeptModel, tests: Sequence[Question], taught: Sequence[Example]
) -> dict[str, Any]:
    """Return the verdict on a candidate as JSON. Raises `TrainingFailed`."""
    questions = [*tests, *(Question(text=one.text, truth=one.label) for one in taught)]
    before = await trainer.judge(serving, questions)
    after = await trainer.judge(candidate, questions)
    verdict = compare(
        Results(model_id=serving.id, judged=tuple(before[: len(tests)])),
        Results(model_id=candidate.id, judged=tuple(after[: len(tests)])),
        corrections=_corrections(taught, before[len(tests) :], after[len(tests) :]),
    )
    return _stored(verdict)


def _corrections(taught: Sequence[Example], before: Sequence[Judged], after: Sequence[Judged]) -> list[Correction]:
    return [
        Correction(
            message_id=example.message_id or 0,
            text=example.text,
            truth=example.label,
            serving=old.intent,
            candidate=new.intent,
        )
        for example, old, new in zip(taught, before, after, strict=True)
    ]


def _stored(verdict: Verdict) -> dict[str, Any]:
    speed = verdict.speed
    return {
        "serving": verdict.serving,
        "candidate": verdict.candidate,
        "allowed": verdict.allowed,
        "reasons": [_reason(one) for one in verdict.reasons],
        "notices": [_reason(one) for one in verdict.notices],
        "overall": _delta(verdict.overall),
        "styles": [_delta(one) for one in verdict.styles],
        "intents": [_delta(one) for one in verdict.intents if one.won or one.lost],
        "confusions": [
            {"truth": one.truth, "before": one.before, "after": one.after, "count": one.count}
            for one in verdict.confusions
        ],
        "undone": len(verdict.undone),
        "still_wrong": len(verdict.still_wrong),
        "calibration_before": verdict.calibration.before,
        "calibration_after": verdict.calibration.after,
        "p95_before_ms": speed.serving_p95_ms if speed else None,
        "p95_after_ms": speed.candidate_p95_ms if speed else None,
    }


def _reason(reason: GateReason) -> Mapping[str, str]:
    return {"code": reason.code.value, "subject": reason.subject, "text": reason.text}


def _delta(delta: Delta) -> dict[str, Any]:
    change = delta.change
    return {
        "group": delta.group,
        "count": delta.count,
        "before": delta.before,
        "after": delta.after,
        "change": {"estimate": change.estimate, "low": change.low, "high": change.high},
        "won": delta.won,
        "lost": delta.lost,
    }
