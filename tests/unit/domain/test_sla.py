"""The clock of a case: open minutes only, pauses, other departments, and clocks that go back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.company import Sla
from bot.domain.hours import Block, OpeningHours
from bot.domain.promises import WITHOUT_CALENDAR, due_after
from bot.domain.sla import Deadline, Fired, SlaClock

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
DAY = (Block.parse("08:00-12:00"), Block.parse("13:00-17:00"))
DESK = OpeningHours(ZONE, (DAY,) * 5 + ((), ()), {date(2026, 11, 27): "ngày nghỉ"})
LATE = OpeningHours(ZONE, ((Block.parse("10:00-22:00"),),) * 7)
NEVER = OpeningHours(ZONE, ((),) * 7)
SLA = Sla(first_response=10, next_response=30, resolution=480)
FIRST, NEXT, RESOLUTION = Deadline.FIRST_RESPONSE, Deadline.NEXT_RESPONSE, Deadline.RESOLUTION


def at(clock: str, day: int = 25) -> datetime:
    """A moment of November 2026; the 25th is a Wednesday, the 27th a holiday."""
    hour, minute = clock.split(":")
    return datetime(2026, 11, day, int(hour), int(minute), tzinfo=ZONE)


def test_a_new_case_owes_a_first_answer_and_an_end() -> None:
    clock = SlaClock.started(DESK, SLA, at("09:00"))
    assert clock.first_due_at == at("09:10")
    assert clock.next_due_at is None
    assert clock.resolution_due_at == at("09:00", 26)
    assert not clock.waiting_for_customer


@pytest.mark.parametrize(
    ("opened", "due"),
    [
        (at("09:00"), at("09:10")),
        (at("11:55"), at("13:05")),
        (at("11:50"), at("12:00")),
        (at("12:30"), at("13:10")),
        (at("16:58"), at("08:08", 26)),
        (at("20:00"), at("08:10", 26)),
        (at("16:55", 26), at("08:05", 30)),
    ],
)
def test_only_open_minutes_count(opened: datetime, due: datetime) -> None:
    assert SlaClock.started(DESK, SLA, opened).first_due_at == due


def test_an_answer_meets_the_response_and_pauses_the_end() -> None:
    clock = SlaClock.started(DESK, SLA, at("09:00")).replied(DESK, at("09:05"))
    assert (clock.first_due_at, clock.next_due_at, clock.resolution_due_at) == (None, None, None)
    assert clock.waiting_for_customer
    assert clock.resolution.left(DESK, at("15:00")) == 475
    assert clock.next_moment(at("09:05")) is None
    assert clock.replied(DESK, at("11:00")) == clock


@pytest.mark.parametrize(
    ("before", "end"),
    [
        ("opened", at("09:00", 26)),
        ("answered", at("09:15", 26)),
        ("written", at("09:05", 26)),
        ("held", at("09:00", 26)),
    ],
)
def test_who_asks_for_time_owes_an_answer_from_then_on(before: str, end: datetime) -> None:
    opened = SlaClock.started(DESK, SLA, at("09:00"))
    answered = opened.replied(DESK, at("09:05"))
    clocks = {
        "opened": opened,
        "answered": answered,
        "written": answered.customer_wrote(DESK, SLA, at("09:10")),
        "held": opened.held(DESK, SLA, at("09:02")),
    }
    held = clocks[before].held(DESK, SLA, at("09:20"))
    assert (held.first_due_at, held.next_due_at) == (None, at("09:50"))
    assert held.resolution_due_at == end, "the end goes on, with what it had left"
    assert held.owes_answer
    assert not held.waiting_for_customer
    assert held.customer_wrote(DESK, SLA, at("09:30")) == held, "more words give nobody more time"
    done = held.replied(DESK, at("09:40"))
    assert done.waiting_for_customer
    assert not done.owes_answer


def test_asking_for_time_again_is_warned_of_again() -> None:
    clock, _ = SlaClock.started(DESK, SLA, at("08:00")).held(DESK, SLA, at("08:05")).fired(at("08:40"))
    again = clock.held(DESK, SLA, at("08:40"))
    assert again.breaches(at("09:15")) == [NEXT]


def test_after_the_end_nobody_asks_for_time() -> None:
    done = SlaClock.started(DESK, SLA, at("09:00")).resolved(DESK, at("09:30"))
    assert done.held(DESK, SLA, at("09:40")) == done
    assert not done.owes_answer


def test_the_customer_resumes_it_with_what_is_left() -> None:
    clock = SlaClock.started(DESK, SLA, at("09:00")).replied(DESK, at("09:05"))
    again = clock.customer_wrote(DESK, SLA, at("08:00", 26))
    assert again.next_due_at == at("08:30", 26)
    assert again.resolution_due_at == at("16:55", 26)
    assert again.customer_wrote(DESK, SLA, at("08:20", 26)) == again, "a second message gives nobody more time"


def test_before_the_first_answer_more_words_change_nothing() -> None:
    clock = SlaClock.started(DESK, SLA, at("09:00"))
    assert clock.customer_wrote(DESK, SLA, at("09:04")) == clock


def test_another_department_goes_on_from_what_has_run() -> None:
    clock = SlaClock.started(DESK, SLA, at("08:00"))
    moved = clock.moved(DESK, LATE, at("08:06"))
    assert moved.first_due_at == at("10:04"), "six minutes are gone, four are left when that door opens"
    assert moved.resolution_due_at == at("17:54")
    assert moved.resolution.left(LATE, at("10:04")) == 470


def test_a_paused_clock_stays_paused_in_another_department() -> None:
    paused = SlaClock.started(DESK, SLA, at("08:00")).replied(DESK, at("08:05"))
    moved = paused.moved(DESK, LATE, at("09:00"))
    assert moved == paused
    assert moved.customer_wrote(LATE, SLA, at("09:30")).resolution_due_at == at("17:55")


def test_a_raised_priority_counts_what_has_run() -> None:
    clock = SlaClock.started(DESK, SLA, at("09:00"))
    urgent = Sla(first_response=3, next_response=5, resolution=60)
    assert clock.allowed(DESK, urgent, at("09:01")).first_due_at == at("09:03")
    raised = clock.allowed(DESK, urgent, at("09:05"))
    assert raised.first_due_at == at("09:05"), "used up: due now"
    assert raised.resolution_due_at == at("10:00")
    assert raised.breaches(at("09:05")) == [FIRST]


def test_a_raised_priority_gives_nobody_more_minutes_than_they_asked_for() -> None:
    asked = SlaClock.started(DESK, SLA, at("09:00")).held(DESK, SLA, at("09:02"), minutes=5)
    assert asked.next_due_at == at("09:07")
    hurried = Sla(first_response=5, next_response=20, resolution=240)
    assert asked.allowed(DESK, hurried, at("09:03")).next_due_at == at("09:07")
    urgent = Sla(first_response=1, next_response=2, resolution=60)
    assert asked.allowed(DESK, urgent, at("09:03")).next_due_at == at("09:04")


def test_a_used_up_deadline_is_due_now_also_behind_closed_doors() -> None:
    clock = SlaClock.started(DESK, SLA, at("16:00"))
    shorter = Sla(first_response=3, next_response=5, resolution=30)
    assert clock.allowed(DESK, shorter, at("19:00")).resolution_due_at == at("19:00")


def test_what_was_missed_stays_missed_since_then() -> None:
    """Neither another desk nor a higher priority makes a case look as if it were late only now."""
    clock, _ = SlaClock.started(DESK, SLA, at("09:00")).fired(at("09:10"))
    moved = clock.moved(DESK, LATE, at("11:00"))
    raised = moved.allowed(LATE, Sla(first_response=5, next_response=15, resolution=60), at("11:30"))
    assert moved.first_due_at == raised.first_due_at == at("09:10")
    assert (moved.resolution_due_at, raised.resolution_due_at) == (at("17:00"), at("11:30"))
    assert not moved.breaches(at("11:00"))


def test_a_raised_priority_while_waiting_for_the_customer() -> None:
    paused = SlaClock.started(DESK, SLA, at("09:00")).replied(DESK, at("09:10"))
    raised = paused.allowed(DESK, Sla(first_response=1, next_response=2, resolution=60), at("09:20"))
    assert raised.waiting_for_customer
    assert raised.resolution.left(DESK, at("09:20")) == 50


def test_warned_at_four_fifths_then_breached_each_once() -> None:
    clock = SlaClock.started(DESK, SLA, at("09:00"))
    assert clock.next_moment(at("09:00")) == at("09:08")
    assert clock.fired(at("09:07")) == (clock, [])

    warned, events = clock.fired(at("09:08"))
    assert events == [Fired(deadline=FIRST, breach=False, due_at=at("09:10"))]
    assert warned.fired(at("09:09")) == (warned, [])
    assert warned.next_moment(at("09:09")) == at("09:10")

    breached, events = warned.fired(at("09:10"))
    assert events == [Fired(deadline=FIRST, breach=True, due_at=at("09:10"))]
    assert breached.fired(at("09:11")) == (breached, [])
    assert breached.next_moment(at("09:11")) == at("16:24"), "the resolution is warned of next"


def test_a_late_look_fires_the_breach_alone() -> None:
    clock, events = SlaClock.started(DESK, SLA, at("09:00")).fired(at("11:00"))
    assert [(one.deadline, one.breach) for one in events] == [(FIRST, True)]
    assert clock.warnings(at("11:00")) == []


def test_an_overdue_moment_is_now() -> None:
    clock = SlaClock.started(DESK, SLA, at("09:00"))
    assert clock.next_moment(at("11:00")) == at("11:00")


def test_both_deadlines_may_break_at_once() -> None:
    clock = SlaClock.started(DESK, SLA, at("09:00"))
    assert clock.breaches(at("17:00", 26)) == [FIRST, RESOLUTION]


def test_each_answer_has_a_deadline_of_its_own() -> None:
    clock, _ = SlaClock.started(DESK, SLA, at("09:00")).replied(DESK, at("09:05")).fired(at("09:05"))
    for hour in ("10", "11"):
        clock = clock.customer_wrote(DESK, SLA, at(f"{hour}:00"))
        clock, events = clock.fired(at(f"{hour}:30"))
        assert [(one.deadline, one.breach) for one in events] == [(NEXT, True)]
        clock = clock.replied(DESK, at(f"{hour}:40"))


def test_a_warning_is_not_repeated_after_a_pause() -> None:
    clock, events = SlaClock.started(DESK, SLA, at("08:00")).replied(DESK, at("08:05")).fired(at("08:05"))
    assert events == []
    clock = clock.customer_wrote(DESK, SLA, at("08:05"))
    clock, events = clock.fired(at("15:30"))
    assert (RESOLUTION, False) in [(one.deadline, one.breach) for one in events]
    clock = clock.replied(DESK, at("15:31")).customer_wrote(DESK, SLA, at("15:32"))
    assert clock.warnings(at("15:33")) == []


def test_nothing_fires_for_a_resolved_case() -> None:
    done = SlaClock.started(DESK, SLA, at("09:00")).replied(DESK, at("09:05")).resolved(DESK, at("09:30"))
    assert done.stopped
    assert not done.waiting_for_customer
    assert done.next_moment(at("09:30")) is None
    assert done.fired(at("17:00", 30)) == (done, [])
    assert done.customer_wrote(DESK, SLA, at("10:00")) == done
    assert done.replied(DESK, at("10:00")) == done


def test_a_reopened_case_owes_an_answer_and_keeps_what_was_spent() -> None:
    done = SlaClock.started(DESK, SLA, at("08:00")).resolved(DESK, at("09:00"))
    again = done.reopened(DESK, SLA, at("13:00"))
    assert again.first_due_at == at("13:10")
    assert again.resolution.left(DESK, at("13:00")) == 420
    assert not again.stopped


def test_a_clock_an_hour_back_neither_fires_twice_nor_gives_negative_time() -> None:
    clock, events = SlaClock.started(DESK, SLA, at("10:00")).fired(at("10:10"))
    assert [(one.deadline, one.breach) for one in events] == [(FIRST, True)]
    back = at("09:10")
    assert clock.fired(back) == (clock, [])
    assert clock.resolution.left(DESK, back) == 480
    paused = clock.replied(DESK, back)
    assert paused.resolution.spent == 0
    resumed = paused.customer_wrote(DESK, SLA, back)
    assert resumed.resolution_due_at == at("09:10", 26)
    assert resumed.fired(at("10:10"))[1] == [Fired(deadline=NEXT, breach=True, due_at=at("09:40"))]


def test_a_door_that_never_opens_is_given_a_day() -> None:
    clock = SlaClock.started(NEVER, SLA, at("09:00"))
    assert clock.first_due_at == at("09:00") + WITHOUT_CALENDAR
    assert due_after(NEVER, at("09:00"), 5) == at("09:00") + WITHOUT_CALENDAR


steps = st.lists(
    st.tuples(
        st.sampled_from(["replied", "held", "wrote", "moved", "fire", "resolve", "reopen"]), st.integers(-90, 600)
    ),
    max_size=12,
)


@given(steps)
def test_time_never_runs_backwards_and_each_breach_fires_once(moves: list[tuple[str, int]]) -> None:
    now, clock = at("08:00"), SlaClock.started(DESK, SLA, at("08:00"))
    hours, other, fired = DESK, LATE, list[Fired]()
    for move, minutes in moves:
        now += timedelta(minutes=minutes)
        spent = clock.resolution.spent
        match move:
            case "replied":
                clock = clock.replied(hours, now)
            case "held":
                clock = clock.held(hours, SLA, now)
            case "wrote":
                clock = clock.customer_wrote(hours, SLA, now)
            case "moved":
                clock, hours, other = clock.moved(hours, other, now), other, hours
            case "fire":
                clock, events = clock.fired(now)
                fired += events
                assert clock.fired(now - timedelta(hours=1))[1] == []
            case "resolve":
                clock = clock.resolved(hours, now)
            case _ if clock.stopped:
                clock = clock.reopened(hours, SLA, now)
            case _:
                pass
        assert clock.resolution.spent >= spent
        assert clock.resolution.left(hours, now) >= 0
        moment = clock.next_moment(now)
        assert moment is None or moment >= now
        assert clock.stopped <= (moment is None)
    ends = [one for one in fired if one.deadline is RESOLUTION and one.breach]
    assert len(ends) <= 1


@given(st.integers(0, 7 * 24 * 60), st.integers(0, 3 * 24 * 60), st.integers(0, 3 * 24 * 60))
def test_a_pause_of_any_length_keeps_the_open_minutes(start: int, run: int, pause: int) -> None:
    opened = datetime(2026, 11, 23, tzinfo=UTC) + timedelta(minutes=start)
    clock = SlaClock.started(DESK, SLA, opened).replied(DESK, opened + timedelta(minutes=run))
    left = clock.resolution.left(DESK, opened)
    resumed_at = opened + timedelta(minutes=run + pause)
    resumed = clock.customer_wrote(DESK, SLA, resumed_at)
    assert resumed.resolution_due_at is not None
    assert DESK.open_minutes(resumed_at, resumed.resolution_due_at) == pytest.approx(left)


def test_a_call_is_owed_at_its_hour_and_missed_a_little_later() -> None:
    clock = SlaClock.started(DESK, SLA, at("09:00")).appointed(DESK, SLA, at("09:00"), at("15:00", 26))
    assert (clock.call_at, clock.first_due_at, clock.owes_answer) == (at("15:00", 26), None, False)
    assert clock.resolution_due_at == at("15:00", 30)
    assert clock.warnings(at("14:59", 26)) == []
    assert clock.breaches(at("15:03", 26)) == []
    assert clock.breaches(at("15:04", 26)) == [Deadline.CALL]


def test_a_call_that_is_being_made_is_not_late() -> None:
    clock = SlaClock.started(DESK, SLA, at("09:00")).appointed(DESK, SLA, at("09:00"), at("15:00"))
    calling = clock.calling()
    assert calling.call_at == at("15:00")
    assert Deadline.CALL in clock.breaches(at("15:04"))
    assert Deadline.CALL not in calling.breaches(at("15:30"))
    again = calling.appointed(DESK, SLA, at("15:40"), at("16:00"))
    assert Deadline.CALL in again.breaches(at("16:04"))


def test_neither_priority_nor_another_desk_moves_a_call() -> None:
    clock = SlaClock.started(DESK, SLA, at("09:00")).appointed(DESK, SLA, at("09:00"), at("15:00", 26))
    hurried = Sla(first_response=3, next_response=5, resolution=120)
    assert clock.allowed(DESK, hurried, at("10:00")).moved(DESK, LATE, at("10:00")).call_at == at("15:00", 26)


def test_a_reply_meets_the_first_response_and_leaves_the_call_owed() -> None:
    clock = SlaClock.started(DESK, SLA, at("09:00")).appointed(DESK, SLA, at("09:00"), at("15:00"))
    replied = clock.replied(DESK, at("09:05"))
    assert (replied.first_due_at, replied.next_due_at, replied.call_at) == (None, None, at("15:00"))
    assert not replied.waiting_for_customer
    assert replied.without_call().call_at is None


def test_what_a_customer_writes_before_a_call_is_owed_an_answer_beside_it() -> None:
    clock = SlaClock.started(DESK, SLA, at("09:00")).appointed(DESK, SLA, at("09:00"), at("15:00", 26))
    wrote = clock.customer_wrote(DESK, SLA, at("10:00"))
    assert wrote.next_due_at == due_after(DESK, at("10:00"), SLA.next_response)
    assert (wrote.owes_answer, wrote.call_at) == (True, at("15:00", 26))


@pytest.mark.parametrize("beside", [True, False])
def test_what_is_owed_beside_a_call_may_outlast_the_call_that_is_moved(beside: bool) -> None:
    clock = SlaClock.started(DESK, SLA, at("09:00")).appointed(DESK, SLA, at("09:00"), at("15:00"))
    assert not clock.owes_beside_call
    wrote = clock.customer_wrote(DESK, SLA, at("10:00"))
    assert wrote.owes_beside_call
    moved = wrote.appointed(DESK, SLA, at("11:00"), at("16:00"), beside=beside)
    assert (moved.call_at, moved.next) == (at("16:00"), wrote.next if beside else None)
    assert moved.owes_beside_call is beside


def test_the_minutes_that_were_asked_for_beside_a_call_are_owed_as_well() -> None:
    clock = SlaClock.started(DESK, SLA, at("09:00")).appointed(DESK, SLA, at("09:00"), at("15:00"))
    held = clock.held(DESK, SLA, at("10:00"), minutes=5)
    assert (held.owes_answer, held.owes_beside_call) == (False, True)
    assert not held.replied(DESK, at("10:03")).owes_beside_call
    assert not held.without_call().owes_beside_call


def test_a_raised_priority_does_not_have_the_case_end_before_its_call() -> None:
    clock = SlaClock.started(DESK, SLA, at("09:00")).appointed(DESK, SLA, at("09:00"), at("15:00", 27))
    hurried = Sla(first_response=3, next_response=5, resolution=60)
    raised = clock.allowed(DESK, hurried, at("10:00"))
    assert raised.resolution_due_at == due_after(DESK, at("15:00", 27), 60)


def test_a_clock_that_has_stopped_owes_no_call() -> None:
    ended = SlaClock.started(DESK, SLA, at("09:00")).resolved(DESK, at("10:00"))
    assert ended.appointed(DESK, SLA, at("10:00"), at("15:00")) == ended
