"""Sums over what was counted, and the pictures of them."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from bot.simulation.figures import gini, quantile
from bot.simulation.svg import Part, columns, rows

PARTS = (Part(name="giữ đúng", colour="good"), Part(name="trễ & hẹn lại", colour="bad"))
BAR = "{http://www.w3.org/2000/svg}rect"


def test_quantiles_take_real_samples() -> None:
    samples = [float(one) for one in range(100, 0, -1)]
    assert [quantile(samples, share) for share in (0.0, 0.5, 0.9, 1.0)] == [1.0, 51.0, 91.0, 100.0]
    assert quantile([], 0.5) == 0.0


def test_gini_tells_even_from_uneven() -> None:
    assert gini([3.0, 3.0, 3.0]) == pytest.approx(0.0)
    assert gini([0.0, 0.0, 9.0]) == pytest.approx(2 / 3)
    assert gini([]) == gini([0.0]) == 0.0


@pytest.mark.parametrize("stacked", [True, False])
def test_columns_draw_a_bar_for_each_number_and_none_for_zero(stacked: bool) -> None:
    picture = ElementTree.fromstring(  # noqa: S314 - our own text
        columns("Tựa <đề>", "ghi chú", PARTS, {"8h": [3.0, 1.0], "9h": [2.0, 0.0]}, stacked=stacked)
    )
    told = [bar.findtext("{http://www.w3.org/2000/svg}title") for bar in picture.iter(BAR)]
    assert [one for one in told if one and "h:" in one] == [
        "8h: giữ đúng 3",
        "8h: trễ & hẹn lại 1",
        "9h: giữ đúng 2",
    ]
    assert picture.get("aria-label") == "Tựa <đề>"


@pytest.mark.parametrize("top", [0.0, 0.04, 1.0, 7.0, 99.0, 12_345.0])
def test_the_grid_reaches_the_highest_bar(top: float) -> None:
    picture = ElementTree.fromstring(columns("t", "n", PARTS, {"a": [top, 0.0]}, stacked=False))  # noqa: S314
    bars = [float(bar.get("height", "0")) for bar in picture.iter(BAR) if bar.get("class") == "good"]
    assert max(bars) <= 320 - 64 - 36 + 0.1


def test_rows_name_each_line_and_its_sum() -> None:
    text = rows("Tải", "ghi chú", PARTS, {"Lan": [10.0, 2.5], "Minh": [0.0, 0.0]}, "%")
    assert "Lan" in text
    assert "12.5 %" in text
    assert "0 %" in text
