"""The wait that a customer is told of stands beside a date that fits it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.unit.services.virtual_house import COMPANY, VirtualHouse


@pytest.mark.parametrize(("hour", "minute", "told"), [(9, 0, True), (19, 57, False), (20, 30, False)])
def test_minutes_to_wait_are_told_beside_a_date_before_closing_alone(hour: int, minute: int, told: bool) -> None:
    house = VirtualHouse(datetime(2026, 11, 25, hour, minute, tzinfo=COMPANY.zone).astimezone(UTC), COMPANY)
    house.staff("Lan", "sales")
    house.settles()
    text = house.hands("sales").text
    assert ("Trước anh/chị" in text) is told, text
    assert ("ngày mai" in text) is not told, text
