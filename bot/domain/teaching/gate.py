"""The gate: may a candidate take the serving model's place? Refused, with reasons, when anything important gets worse.

What counts is what chance does not explain. A candidate that wins forty messages and loses thirty-eight others is no
worse; one that loses eight of the twelve ways to report a lost card is, whatever it wins elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from bot.domain.company import Words
from bot.domain.teaching import gate_words as words
from bot.domain.teaching.figures import Bin, Interval, calibration_change, holm, reliability, wilson
from bot.domain.teaching.results import Delta, Results, confusion_changes, delta, deltas_by, paired
from bot.domain.teaching.verdict import (
    SLOWDOWN_LIMIT,
    Calibration,
    Correction,
    GateReason,
    ReasonCode,
    Replayed,
    Speed,
    Verdict,
)

ALPHA: Final = 0.05
"""How likely chance alone may produce a loss that still counts as one: overall, and for all styles together."""
INTENT_ALPHA: Final = 0.01
"""The same for one ordinary intent; there are about eighty, so each is asked more strictly."""
WORST_LOSS: Final = 0.02
"""A loss of accuracy that is refused even where the set is too small to prove it."""
WORST_SILENCE: Final = 0.05
"""How much smaller the share of messages answered without a question may become."""
CALIBRATION_LIMIT: Final = 0.05
"""Expected calibration error above which confidence cannot be believed; refused where the serving one is better."""
CALIBRATION_MARGIN: Final = 0.01
"""How much better, where chance does not explain it: an honest training moves the error by about as much."""
FEWEST_TESTS: Final = 200
"""Test messages below which the admin is told that little was measured."""
REPLAY_NOTICE: Final = 0.15
"""Share of last week's traffic read differently from which the admin's attention is asked for."""
URGENT: Final = frozenset({"emergency", "card_lost", "legal_threat"})
"""Needs that must not get worse, whether or not chance explains it."""
URGENT_LOSS: Final = 2
"""Messages of an urgent need that are lost beyond those won from which a candidate is refused."""
MOST_UNDONE: Final = 20
"""Undone corrections that are named one by one among the reasons."""
_SEED: Final = 20_261


def compare(
    serving: Results,
    candidate: Results,
    *,
    corrections: Sequence[Correction] = (),
    replay: Sequence[Replayed] = (),
    speed: Speed | None = None,
    urgent: frozenset[str] = URGENT,
    new_needs: Iterable[str] = (),
) -> Verdict:
    """Compare two models on everything known; the same data give the same verdict.

    ``speed`` left out is taken from the times in the results. ``new_needs`` are intents that only the candidate knows.

    Raises:
        Invalid: the two were not measured on the same test messages.
    """
    pairs = paired(serving, candidate)
    speed = speed or speed_of(serving, candidate)
    overall = delta("", pairs, _SEED)
    styles = deltas_by(pairs, lambda one: one.style, _SEED)
    intents = deltas_by(pairs, lambda one: one.truth, _SEED)
    calibration = _calibration(serving, candidate)
    undone = tuple(one for one in corrections if one.undone)
    still_wrong = tuple(one for one in corrections if one.candidate != one.truth and not one.undone)
    changed = [one for one in replay if one.changed]
    replayed = sum(one.count for one in replay)
    share = wilson(sum(one.count for one in changed), replayed)
    reasons = (
        *_group_reasons(overall, styles, intents, urgent),
        *_correction_reasons(undone),
        *_calibration_reasons(calibration),
        *_silence_reasons(serving, candidate),
        *_speed_reasons(speed),
    )
    return Verdict(
        serving=serving.model_id,
        candidate=candidate.model_id,
        allowed=not reasons,
        reasons=reasons,
        notices=(
            *_test_notices(overall, set(new_needs) - {one.group for one in intents}),
            *_traffic_notices(speed, still_wrong, share),
        ),
        accuracy_before=serving.accuracy,
        accuracy_after=candidate.accuracy,
        overall=overall,
        styles=styles,
        intents=intents,
        confusions=confusion_changes(pairs),
        corrections=len(corrections),
        undone=undone,
        still_wrong=still_wrong,
        replayed=replayed,
        replay=tuple(sorted(changed, key=lambda one: (-one.count, one.after_confidence, one.message_id))),
        replay_share=share,
        calibration=calibration,
        speed=speed,
    )


def _group_reasons(
    overall: Delta, styles: Sequence[Delta], intents: Sequence[Delta], urgent: frozenset[str]
) -> Iterator[GateReason]:
    yield from _overall_reasons(overall)
    yield from _style_reasons(styles)
    yield from _intent_reasons(intents, urgent)


def _overall_reasons(overall: Delta) -> Iterator[GateReason]:
    if not overall.count:
        yield _reason(ReasonCode.TOO_FEW_TESTS, "", words.no_tests())
    if overall.worse(ALPHA) or overall.change.estimate <= -WORST_LOSS:
        yield _reason(ReasonCode.ACCURACY, "", words.accuracy(overall))


def _style_reasons(styles: Sequence[Delta]) -> Iterator[GateReason]:
    for one, p in zip(styles, holm([one.p for one in styles]), strict=True):
        if one.lost > one.won and p < ALPHA:
            yield _reason(ReasonCode.STYLE, one.group, words.style(one))


def _intent_reasons(intents: Sequence[Delta], urgent: frozenset[str]) -> Iterator[GateReason]:
    for one in intents:
        if one.group in urgent and one.lost - one.won >= URGENT_LOSS:
            yield _reason(ReasonCode.INTENT, one.group, words.urgent(one))
        elif one.worse(INTENT_ALPHA):
            yield _reason(ReasonCode.INTENT, one.group, words.intent(one))


def _correction_reasons(undone: Sequence[Correction]) -> Iterator[GateReason]:
    for one in undone[:MOST_UNDONE]:
        yield _reason(ReasonCode.CORRECTION, str(one.message_id), words.correction(one.truth, one.candidate))
    if (more := len(undone) - MOST_UNDONE) > 0:
        yield _reason(ReasonCode.CORRECTION, "", words.more_corrections(more))


def _calibration_reasons(found: Calibration) -> Iterator[GateReason]:
    if found.after > CALIBRATION_LIMIT and found.change.estimate > CALIBRATION_MARGIN and found.change.low > 0:
        yield _reason(ReasonCode.CALIBRATION, "", words.calibration(found, CALIBRATION_LIMIT))


def _silence_reasons(serving: Results, candidate: Results) -> Iterator[GateReason]:
    if not (serving.decided and candidate.decided):
        return
    before, after = serving.answered / len(serving.judged), candidate.answered / len(candidate.judged)
    if before - after > WORST_SILENCE:
        yield _reason(ReasonCode.SILENCE, "", words.silence(before, after))


def _speed_reasons(speed: Speed | None) -> Iterator[GateReason]:
    if speed and speed.slower:
        yield _reason(ReasonCode.SPEED, "", words.speed(speed, SLOWDOWN_LIMIT))


def _test_notices(overall: Delta, untested: Iterable[str]) -> Iterator[GateReason]:
    if 0 < overall.count < FEWEST_TESTS:
        yield _reason(ReasonCode.TOO_FEW_TESTS, "", words.few_tests(overall.count, FEWEST_TESTS))
    for need in sorted(untested):
        yield _reason(ReasonCode.UNTESTED, need, words.untested(need))


def _traffic_notices(speed: Speed | None, still_wrong: Sequence[Correction], share: Interval) -> Iterator[GateReason]:
    if speed is None:
        yield _reason(ReasonCode.SPEED_UNKNOWN, "", words.untimed())
    if still_wrong:
        yield _reason(ReasonCode.STILL_WRONG, "", words.still_wrong(len(still_wrong)))
    if share.estimate > REPLAY_NOTICE:
        yield _reason(ReasonCode.REPLAY, "", words.replay(share))


def speed_of(serving: Results, candidate: Results) -> Speed | None:
    """Return how fast both were, ``None`` where one was not timed."""
    before, after = serving.p95_ms, candidate.p95_ms
    if before is None or after is None:
        return None
    return Speed(serving_p95_ms=before, candidate_p95_ms=after)


def _calibration(serving: Results, candidate: Results) -> Calibration:
    sides = [
        ([one.confidence for one in side.judged], [one.right for one in side.judged]) for side in (serving, candidate)
    ]
    return Calibration(
        before=serving.calibration_error,
        after=candidate.calibration_error,
        change=calibration_change(sides[0], sides[1], seed=_SEED),
        bins_before=_bins(serving),
        bins=_bins(candidate),
    )


def _bins(results: Results) -> tuple[Bin, ...]:
    return tuple(reliability([one.confidence for one in results.judged], [one.right for one in results.judged]))


def _reason(code: ReasonCode, subject: str, told: Words) -> GateReason:
    return GateReason(code=code, subject=subject, text=told)
