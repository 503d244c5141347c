"""Rate limits and places at the public doors."""

from __future__ import annotations

import pytest

from bot.web.limits import Bucket, Places, network_of


@pytest.mark.parametrize(
    ("remote", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("::ffff:cb00:714d", "203.0.113.0/24"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "unknown"),
        (None, "unknown"),
        ("somebody", "unknown"),
    ],
)
def test_a_network_is_a_household_and_not_a_way_of_writing_it(remote: str | None, network: str) -> None:
    assert network_of(remote) == network


def test_a_bucket_gives_a_burst_and_then_its_rate() -> None:
    now = 0.0
    bucket = Bucket(rate=2, burst=3, monotonic=lambda: now)
    assert [bucket.take("a") for _ in range(4)] == [0, 0, 0, 0.5]
    assert bucket.take("b") == 0
    now = 0.5
    assert bucket.take("a") == 0
    assert bucket.take("a") > 0


def test_places_are_counted_by_reader_and_in_all() -> None:
    places = Places(each={"visitor": 2, "staff": 3}, total=4)
    assert [places.enter("visitor:1") for _ in range(3)] == [True, True, False]
    assert [places.enter("staff:x") for _ in range(3)] == [True, True, False]
    places.leave("visitor:1")
    assert places.enter("visitor:2")
    places.leave("visitor:2")
    assert places.enter("visitor:1")
