"""Cases: the moves that are allowed, and the codes that people type."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.cases import HOP_LIMIT, Case, CaseState, code_of, codes_in
from bot.domain.company import Priority, Sla
from bot.domain.errors import AlreadyTaken, ForbiddenMove
from bot.domain.hours import OpeningHours
from bot.domain.sla import SlaClock
from tests.unit.domain.desk_people import DAY, NOW, WAITING

CASE = replace(WAITING, code="KT-0001", department="accounting", wanted="accounting", queue_number=1)


def test_claimed_once() -> None:
    claimed = CASE.claimed(7, NOW)
    assert (claimed.state, claimed.owner_id, claimed.claimed_at) == (CaseState.ASSIGNED, 7, NOW)
    assert claimed.claimed(7, NOW) == claimed
    with pytest.raises(AlreadyTaken) as refused:
        claimed.claimed(8, NOW)
    assert refused.value.winner == 7


@pytest.mark.parametrize(
    "move",
    [
        lambda case: case.claimed(7, NOW),
        lambda case: case.stepped_into(7, NOW),
        lambda case: case.transferred("warehouse", 1, DAY),
        lambda case: case.escalated("management", 1, DAY),
        lambda case: case.refused(),
        lambda case: case.resolved(NOW),
    ],
)
def test_a_resolved_case_moves_only_by_reopening(move: object) -> None:
    done = CASE.claimed(7, NOW).resolved(NOW)
    with pytest.raises(ForbiddenMove):
        move(done)  # type: ignore[operator]
    again = done.reopened(4, DAY)
    assert (again.state, again.owner_id, again.queue_number, again.resolved_at) == (CaseState.WAITING, None, 4, None)
    with pytest.raises(ForbiddenMove):
        again.reopened(5, DAY)


def test_a_waiting_case_cannot_be_resolved_by_nobody() -> None:
    with pytest.raises(ForbiddenMove):
        CASE.resolved(NOW)


def test_the_hop_budget_ends() -> None:
    case, targets = CASE, ["warehouse", "sales", "it"]
    for target in targets[:HOP_LIMIT]:
        case = case.transferred(target, 1, DAY)
    assert case.hops == HOP_LIMIT
    with pytest.raises(ForbiddenMove):
        case.transferred(targets[HOP_LIMIT], 1, DAY)
    assert case.escalated("management", 1, DAY).department == "management"


def test_transfer_to_itself_is_refused() -> None:
    with pytest.raises(ForbiddenMove):
        CASE.transferred("accounting", 2, DAY)


def test_escalation_raises_priority_and_is_no_hop() -> None:
    up = CASE.claimed(7, NOW).escalated("management", 3, DAY)
    assert (up.priority, up.state, up.owner_id, up.hops, up.wanted) == (
        Priority.HIGH,
        CaseState.WAITING,
        None,
        0,
        "accounting",
    )
    urgent = replace(CASE, priority=Priority.URGENT).escalated("management", 3, DAY)
    assert urgent.priority is Priority.URGENT
    again = up.claimed(8, NOW).escalated("management", 4, DAY, NOW)
    assert (again.state, again.owner_id, again.queue_number) == (CaseState.WAITING, None, 4)
    assert up.escalated("management", 4, DAY, NOW).queue_number == 3, "who waits there keeps their number"


def test_the_first_answer_is_remembered() -> None:
    later = NOW.replace(hour=11)
    assert CASE.replied(NOW).replied(later).replied_at == NOW


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("KT-0042", ["KT-0042"]),
        ("kt 42", ["KT-0042"]),
        ("phiếu kt0042 tới đâu rồi", ["KT-0042"]),
        ("KT–42 và BH_7", ["KT-0042", "BH-0007"]),
        ("không có mã nào", []),
        ("gọi 0912345678 nhé", []),
        ("akt-0042x", []),
    ],
)
def test_codes_as_people_type_them(text: str, codes: list[str]) -> None:
    assert codes_in(text) == codes


@given(prefix=st.from_regex(r"[A-Z]{2}", fullmatch=True), number=st.integers(1, 9_999_999))
def test_every_code_is_found_again(prefix: str, number: int) -> None:
    code = code_of(prefix, number)
    assert codes_in(f"cho hỏi {code.lower()} ạ") == [code]


def test_a_case_that_waits_again_forgets_what_was_known_of_its_earlier_wait() -> None:
    told = replace(CASE, waiting_since=NOW, tries=2, ahead=3, serving=2, at_once=True, wait_low=60, wait_high=120)
    later = NOW + timedelta(hours=1)
    freed = told.claimed(7, NOW).released(5, DAY, later)
    assert (freed.waits_from, freed.tries, freed.ahead, freed.serving) == (later, 0, None, None)
    assert (freed.at_once, freed.wait_low, freed.wait_high) == (False, None, None)


def test_an_escalated_case_that_waits_goes_on_waiting_with_the_weight_of_it() -> None:
    waiting = replace(CASE, waiting_since=NOW)
    later = NOW + timedelta(hours=1)
    assert waiting.escalated("management", 1, DAY, later).waits_from == NOW
    assert waiting.claimed(7, NOW).escalated("management", 1, DAY, later).waits_from == later


def test_a_cover_s_queue_takes_only_cases_that_wait() -> None:
    covered = CASE.covered("sales", 4, DAY)
    assert (covered.department, covered.wanted, covered.queue_number) == ("sales", CASE.wanted, 4)
    assert covered.refused().tries == 1
    with pytest.raises(ForbiddenMove):
        CASE.claimed(7, NOW).covered("sales", 4, DAY)


def test_only_a_case_that_waits_is_refused() -> None:
    assert CASE.refused().refused().tries == 2
    with pytest.raises(ForbiddenMove):
        CASE.claimed(7, NOW).refused()


def called(minutes: int, *, wrote: bool = False, priority: Priority = Priority.NORMAL) -> Case:
    """A case whose customer is called after so many minutes; ``wrote``: they have written since."""
    hours, sla = OpeningHours.always(UTC), Sla(first_response=10, next_response=30, resolution=480)
    clock = SlaClock.started(hours, sla, NOW).appointed(hours, sla, NOW, NOW + timedelta(minutes=minutes))
    return replace(CASE, priority=priority, sla=clock.customer_wrote(hours, sla, NOW) if wrote else clock)


@pytest.mark.parametrize(
    ("case", "until"),
    [
        (CASE, None),
        (called(60), 45),
        (called(10), -5),
        (called(60, wrote=True), None),
        (called(60, priority=Priority.HIGH), 45),
        (called(60, priority=Priority.URGENT), None),
    ],
    ids=["no call", "a call", "a call soon", "the customer wrote", "high", "urgent"],
)
def test_a_case_rests_until_its_call_is_near(case: Case, until: int | None) -> None:
    assert case.rests_until == (NOW + timedelta(minutes=until) if until is not None else None)


def test_a_call_is_near_a_quarter_of_an_hour_ahead() -> None:
    case = called(60)
    minutes = [minute for minute in (0, 44, 45, 60, 90) if case.call_near(NOW + timedelta(minutes=minute))]
    assert minutes == [45, 60, 90]
    assert not CASE.call_near(NOW)


def test_a_case_that_nobody_noticed_waits_as_it_did() -> None:
    waited = replace(CASE, waiting_since=NOW, tries=1, ahead=2, wait_low=60, wait_high=300)
    assert waited.claimed(7, NOW + timedelta(minutes=5)).unclaimed() == waited
    for case in (waited, waited.claimed(7, NOW).resolved(NOW)):
        with pytest.raises(ForbiddenMove):
            case.unclaimed()
