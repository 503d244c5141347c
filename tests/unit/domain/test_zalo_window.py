"""The 48 hours and 7 days of a Zalo Official Account, to the microsecond."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.zalo_window import Window, charged_from, closes_at, window

NOW = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
TICK = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("silent_for", "expected"),
    [
        (timedelta(0), Window.FREE),
        (-timedelta(minutes=5), Window.FREE),
        (timedelta(hours=48) - TICK, Window.FREE),
        (timedelta(hours=48), Window.FREE),
        (timedelta(hours=48) + TICK, Window.CHARGED),
        (timedelta(days=7), Window.CHARGED),
        (timedelta(days=7) + TICK, Window.CLOSED),
        (timedelta(days=400), Window.CLOSED),
    ],
)
def test_window(silent_for: timedelta, expected: Window) -> None:
    assert window(NOW - silent_for, NOW) is expected


def test_without_a_record_only_zalo_knows() -> None:
    assert window(None, NOW) is Window.UNKNOWN


def test_the_limits_are_moments_that_a_screen_can_show() -> None:
    assert charged_from(NOW) == NOW + timedelta(hours=48)
    assert closes_at(NOW) == NOW + timedelta(days=7)
