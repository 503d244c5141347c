from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from bot.domain.errors import Invalid
from bot.domain.teaching.gate import MOST_UNDONE, compare
from bot.domain.teaching.results import Judged, Results
from bot.domain.teaching.verdict import Correction, ReasonCode, Replayed, Speed, Verdict, override_reason

INTENTS = [f"need_{number}" for number in range(10)] + ["card_lost"]
STYLES = ("plain", "teencode", "telex")


def results(
    wrong: set[int] = frozenset(),
    *,
    model: str = "m",
    count: int = 330,
    confidence: float = 0.97,
    ms: float = 1.0,
    silent: int = 0,
) -> Results:
    """A set in which only the messages at these places are misread."""
    judged = []
    for place in range(count):
        truth = INTENTS[place % len(INTENTS)]
        judged.append(
            Judged(
                text=f"message {place}",
                truth=truth,
                intent="elsewhere" if place in wrong else truth,
                confidence=confidence,
                style=STYLES[place % len(STYLES)],
                decision="ask" if place < silent else "answer",
                ms=ms,
            )
        )
    return Results(model_id=model, judged=tuple(judged))


def places(intent: str, count: int) -> set[int]:
    return set(range(INTENTS.index(intent), len(INTENTS) * count, len(INTENTS)))


def codes(verdict: Verdict) -> list[ReasonCode]:
    return [one.code for one in verdict.reasons]


SERVING = results(set(range(0, 330, 20)))


def test_the_same_model_is_let_through() -> None:
    verdict = compare(SERVING, SERVING)
    assert verdict.allowed
    assert verdict.reasons == verdict.notices == ()
    assert verdict.overall.change.low == verdict.overall.change.high == 0.0
    assert verdict == compare(SERVING, SERVING)


def test_a_better_model_is_let_through_with_what_it_won() -> None:
    verdict = compare(SERVING, results())
    assert verdict.allowed
    assert (verdict.overall.won, verdict.overall.lost) == (17, 0)
    assert verdict.overall.change.low > 0
    assert verdict.confusions[0].before == "elsewhere"
    assert len(verdict.styles) == 3
    assert len(verdict.intents) == len(INTENTS)


def test_shuffled_labels_are_refused() -> None:
    draw = Random(4)
    shuffled = [one.intent for one in SERVING.judged]
    draw.shuffle(shuffled)
    judged = tuple(
        Judged(text=one.text, truth=one.truth, intent=intent, confidence=0.9, style=one.style)
        for one, intent in zip(SERVING.judged, shuffled, strict=True)
    )
    verdict = compare(SERVING, Results(model_id="shuffled", judged=judged))
    assert not verdict.allowed
    assert {ReasonCode.ACCURACY, ReasonCode.STYLE, ReasonCode.INTENT, ReasonCode.CALIBRATION} <= set(codes(verdict))
    assert "Hiểu đúng kém hơn trên toàn bộ kiểm tra: 94,8% còn" in verdict.reasons[0].text.vi
    assert "Less is understood of all test messages: " in verdict.reasons[0].text.en


def test_a_few_changes_either_way_are_chance() -> None:
    verdict = compare(results({1, 2, 3}), results({4, 5, 6, 7}))
    assert verdict.allowed
    assert (verdict.overall.won, verdict.overall.lost) == (3, 4)


def test_a_large_loss_is_refused_even_where_it_may_be_chance() -> None:
    before, after = set(range(100, 150)), set(range(200, 257))
    verdict = compare(results(before, confidence=0.85), results(after, confidence=0.83))
    assert verdict.overall.p > 0.05
    assert codes(verdict)[0] is ReasonCode.ACCURACY


def test_one_style_that_gets_worse_is_enough() -> None:
    lost = set(range(0, 24, 3))
    won = {place for place in range(100, 124) if place % 3}
    verdict = compare(results(won), results(lost))
    assert verdict.overall.lost < verdict.overall.won
    assert [(one.code, one.subject) for one in verdict.reasons] == [(ReasonCode.STYLE, "plain")]


def test_one_need_that_gets_worse_is_enough() -> None:
    lost, won = places("need_4", 9), set(range(200, 220)) - places("need_4", 30)
    verdict = compare(results(won), results(lost))
    assert [(one.code, one.subject) for one in verdict.reasons] == [(ReasonCode.INTENT, "need_4")]


def test_an_urgent_need_may_lose_next_to_nothing() -> None:
    assert compare(results(), results(places("card_lost", 1))).allowed
    verdict = compare(results(), results(places("card_lost", 2)))
    assert [(one.code, one.subject) for one in verdict.reasons] == [(ReasonCode.INTENT, "card_lost")]
    assert compare(results(), results(places("need_1", 2))).allowed


def test_a_correction_that_is_undone_is_refused_and_one_still_open_only_told() -> None:
    undone = Correction(message_id=1, text="a", read="thank", truth="refund", serving="refund", candidate="greet")
    opened = Correction(message_id=2, text="b", read="thank", truth="refund", serving="greet", candidate="thank")
    fixed = Correction(message_id=3, text="c", read="thank", truth="refund", serving="greet", candidate="refund")
    verdict = compare(SERVING, SERVING, corrections=[undone, opened, fixed])
    assert codes(verdict) == [ReasonCode.CORRECTION]
    assert verdict.undone == (undone,)
    assert verdict.still_wrong == (opened,)
    assert [one.code for one in verdict.notices] == [ReasonCode.STILL_WRONG]


def test_many_undone_corrections_are_counted_and_the_first_named() -> None:
    undone = [
        Correction(message_id=number, text="a", read="thank", truth="refund", serving="refund", candidate="greet")
        for number in range(1, MOST_UNDONE + 8)
    ]
    verdict = compare(SERVING, SERVING, corrections=undone)
    assert (verdict.corrections, len(verdict.undone)) == (MOST_UNDONE + 7, MOST_UNDONE + 7)
    assert len(verdict.reasons) == MOST_UNDONE + 1
    assert "7 câu" in verdict.reasons[-1].text.vi


def test_a_replayed_message_counts_as_often_as_it_was_said() -> None:
    often = Replayed(message_id=1, text="t", before="a", after="b", count=6, after_confidence=0.9)
    once = Replayed(message_id=2, text="u", before="a", after="b", after_confidence=0.1)
    same = Replayed(message_id=3, text="v", before="a", after="a", count=13)
    verdict = compare(SERVING, SERVING, replay=[once, same, often])
    assert verdict.replay == (often, once)
    assert (verdict.replayed, verdict.replay_share.estimate) == (20, 0.35)


def test_both_pictures_of_calibration_and_both_accuracies_are_kept() -> None:
    verdict = compare(SERVING, results(set(range(30))))
    assert verdict.accuracy_after.estimate < verdict.accuracy_before.estimate
    for bins in (verdict.calibration.bins_before, verdict.calibration.bins):
        assert sum(one.count for one in bins) == len(SERVING.judged)


def test_confidence_that_lies_is_refused() -> None:
    assert codes(compare(results(confidence=0.97), results(confidence=0.6))) == [ReasonCode.CALIBRATION]
    # By a hair only: that is chance. No better before: then this is no reason to keep the old one.
    assert compare(results(confidence=0.9), results(confidence=0.895)).allowed
    assert compare(results(confidence=0.6), results(confidence=0.7)).allowed


def test_few_messages_do_not_prove_that_confidence_lies() -> None:
    few = [Judged(text=str(at), truth="a", intent="a" if at % 4 else "b", confidence=0.8, ms=1.0) for at in range(24)]
    worse = [replace(one, confidence=0.9 if at % 5 else 0.7) for at, one in enumerate(few)]
    calibration = compare(
        Results(model_id="old", judged=tuple(few)), Results(model_id="new", judged=tuple(worse))
    ).calibration
    assert calibration.change.estimate > 0.01
    assert calibration.change.low < 0 < calibration.change.high


def test_a_bot_that_answers_much_less_is_refused() -> None:
    assert codes(compare(results(), results(silent=20))) == [ReasonCode.SILENCE]
    assert compare(results(), results(silent=10)).allowed


@pytest.mark.parametrize(("before", "after", "slower"), [(10, 15, False), (10, 15.1, True), (0.2, 0.6, False)])
def test_a_slow_model_is_refused(before: float, after: float, *, slower: bool) -> None:
    assert compare(results(ms=before), results(ms=after)).allowed is not slower
    given = Speed(serving_p95_ms=before, candidate_p95_ms=after)
    assert compare(SERVING, SERVING, speed=given).allowed is not slower


def test_a_replay_is_shown_and_never_judged() -> None:
    replay = [
        Replayed(
            message_id=number, text="t", before="a", after="b" if number < 4 else "a", after_confidence=1 - number / 10
        )
        for number in range(10)
    ]
    verdict = compare(SERVING, SERVING, replay=replay)
    assert verdict.allowed
    assert [one.message_id for one in verdict.replay] == [3, 2, 1, 0]
    assert verdict.replay_share.estimate == 0.4
    assert [one.code for one in verdict.notices] == [ReasonCode.REPLAY]


def test_what_was_not_measured_is_told() -> None:
    small = Results(model_id="m", judged=tuple(SERVING.judged[1:20]))
    verdict = compare(small, small, new_needs=["night_parking", "need_3"])
    assert verdict.allowed
    assert [(one.code, one.subject) for one in verdict.notices] == [
        (ReasonCode.TOO_FEW_TESTS, ""),
        (ReasonCode.UNTESTED, "night_parking"),
    ]
    untimed = Results(model_id="m", judged=(Judged(text="a", truth="x", intent="x", confidence=1.0),))
    assert ReasonCode.SPEED_UNKNOWN in [one.code for one in compare(untimed, untimed).notices]
    nothing = Results(model_id="m", judged=())
    assert codes(compare(nothing, nothing)) == [ReasonCode.TOO_FEW_TESTS]


def test_different_messages_cannot_be_compared() -> None:
    with pytest.raises(Invalid, match="different messages"):
        compare(SERVING, results(count=329))


def test_an_override_says_why() -> None:
    assert override_reason("  Tết tới rồi, cần gấp  ") == "Tết tới rồi, cần gấp"
    for text in ("", " \u200b ", "ok", "x" * 1001):
        with pytest.raises(Invalid):
            override_reason(text)
