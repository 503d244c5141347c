import pytest

from bot.domain.breaker import Breaker, BreakerState, Refused

CLOSED = Breaker(threshold=3, rest=5.0, probe_limit=4.0)


def opened(at: float = 100.0) -> Breaker:
    breaker = CLOSED
    for _ in range(3):
        breaker = breaker.failed(at)
    return breaker


@pytest.mark.parametrize(
    ("results", "state", "failures"),
    [
        ("", BreakerState.CLOSED, 0),
        ("ff", BreakerState.CLOSED, 2),
        ("ffsff", BreakerState.CLOSED, 2),
        ("fff", BreakerState.OPEN, 3),
        ("ffff", BreakerState.OPEN, 3),
        ("fffs", BreakerState.CLOSED, 0),
    ],
)
def test_failures_in_a_row_open_it(results: str, state: BreakerState, failures: int) -> None:
    breaker = CLOSED
    for result in results:
        breaker = breaker.succeeded() if result == "s" else breaker.failed(100.0)
    assert (breaker.state, breaker.failures) == (state, failures)


@pytest.mark.parametrize(("at", "left"), [(100.0, 5.0), (104.9, 0.1)])
def test_an_open_one_refuses_and_says_for_how_long(at: float, left: float) -> None:
    with pytest.raises(Refused) as refusal:
        opened().admitted(at)
    assert refusal.value.retry_in == pytest.approx(left)


def test_after_the_rest_exactly_one_caller_passes() -> None:
    probing = opened().admitted(105.0)
    assert probing.state is BreakerState.HALF_OPEN
    with pytest.raises(Refused):
        probing.admitted(105.0)


def test_the_probe_decides() -> None:
    probing = opened().admitted(105.0)
    assert probing.succeeded() == CLOSED
    again = probing.failed(106.0)
    assert again.state is BreakerState.OPEN
    with pytest.raises(Refused):
        again.admitted(110.9)
    assert again.admitted(111.0).state is BreakerState.HALF_OPEN


def test_a_probe_that_never_reports_is_replaced() -> None:
    probing = opened().admitted(105.0)
    with pytest.raises(Refused):
        probing.admitted(108.9)
    assert probing.admitted(109.0).since == 109.0


def test_late_failures_do_not_lengthen_the_rest() -> None:
    late = opened(100.0).failed(104.0)
    assert late.admitted(105.0).state is BreakerState.HALF_OPEN


@pytest.mark.parametrize("wrong", [{"threshold": 0}, {"rest": -1.0}, {"probe_limit": 0.0}])
def test_nonsense_settings_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="breaker"):
        Breaker(**wrong)
