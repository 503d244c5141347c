from __future__ import annotations

import pytest

from bot.domain.errors import ForbiddenMove
from bot.domain.supervision import BackOff, Part, PartState

POLICY = BackOff(first=1, factor=2, longest=10, steady=60)


@pytest.mark.parametrize(
    ("failures", "delay"),
    [(0, 1), (1, 1), (2, 2), (3, 4), (4, 8), (5, 10), (6, 10), (1_000_000, 10)],
)
def test_the_pause_doubles_up_to_the_longest(failures: int, delay: float) -> None:
    assert POLICY.delay(failures) == delay


def running(*, since: float = 0, failures: int = 0) -> Part:
    return Part(name="engine", back_off=POLICY, state=PartState.RUNNING, since=since, failures=failures)


@pytest.mark.parametrize(
    ("ran_for", "failures_before", "failures_after", "pause"),
    [
        (0, 0, 1, 1),
        (59.9, 1, 2, 2),
        (59.9, 4, 5, 10),
        (60, 4, 1, 1),
        (10_000, 9, 1, 1),
    ],
)
def test_a_steady_run_is_forgiven_its_past(
    ran_for: float, failures_before: int, failures_after: int, pause: float
) -> None:
    dead = running(since=100, failures=failures_before).exited(100 + ran_for, "SIGKILL")
    assert (dead.state, dead.failures) == (PartState.BACKING_OFF, failures_after)
    assert dead.retry_at == pytest.approx(100 + ran_for + pause)
    assert dead.last_exit == "SIGKILL"


def test_a_long_start_that_never_became_ready_is_not_a_steady_run() -> None:
    part = Part(name="engine", back_off=POLICY, failures=3).started(0).exited(1_000, "exit status 1")
    assert part.failures == 4


def test_only_starts_after_the_first_count_as_restarts() -> None:
    part = Part(name="engine", back_off=POLICY).started(0)
    assert part.restarts == 0
    part = part.ready(1).exited(2, "SIGSEGV").started(3)
    assert (part.restarts, part.retry_at, part.last_exit) == (1, None, "SIGSEGV")
    assert part.ready(4).exited(5, "SIGSEGV").started(9).restarts == 2


@pytest.mark.parametrize("state", [PartState.IDLE, PartState.STARTING, PartState.RUNNING, PartState.BACKING_OFF])
def test_every_state_can_be_stopped(state: PartState) -> None:
    part = Part(name="engine", state=state, retry_at=5).stopping(1)
    assert (part.state, part.retry_at) == (PartState.STOPPING, None)
    assert part.stopping(9) is part
    done = part.stopped(2, "exit status 0")
    assert (done.state, done.last_exit) == (PartState.STOPPED, "exit status 0")
    assert done.stopping(3) is done


MOVES = {
    "started": {PartState.IDLE, PartState.BACKING_OFF},
    "ready": {PartState.STARTING},
    "exited": {PartState.STARTING, PartState.RUNNING},
    "stopped": {PartState.STOPPING},
}


@pytest.mark.parametrize("state", list(PartState))
@pytest.mark.parametrize("move", list(MOVES))
def test_a_move_from_any_other_state_is_forbidden(state: PartState, move: str) -> None:
    part = Part(name="engine", state=state)
    arguments = (1.0, "exit status 0") if move == "exited" else (1.0,)
    if state in MOVES[move]:
        assert getattr(part, move)(*arguments).name == "engine"
    else:
        with pytest.raises(ForbiddenMove, match=state):
            getattr(part, move)(*arguments)
