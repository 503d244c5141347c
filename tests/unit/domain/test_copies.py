"""Altered copies are what `dataclasses.replace` makes, and refuse what it refuses."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, dataclass, replace
from functools import cached_property

import pytest

from bot.domain.copies import altered


@dataclass(frozen=True, kw_only=True)
class Box:
    width: int
    height: int = 2
    label: str = ""

    @cached_property
    def area(self) -> int:
        return self.width * self.height


def test_a_copy_has_the_other_values_and_the_original_its_own() -> None:
    box = Box(width=3, label="a")
    wider = altered(box, width=5)
    assert wider == replace(box, width=5)
    assert (box.width, wider.area) == (3, 10)
    with pytest.raises(FrozenInstanceError):
        wider.width = 4  # type: ignore[misc]


def test_a_name_that_is_no_field_is_refused() -> None:
    with pytest.raises(TypeError, match="Box has no depth"):
        altered(Box(width=3), width=4, depth=1)


def test_what_was_worked_out_of_the_original_is_worked_out_anew_for_the_copy() -> None:
    box = Box(width=3)
    assert box.area == 6
    wider = altered(box, width=5)
    assert wider == replace(box, width=5)
    assert wider.area == 10


def test_a_name_of_something_worked_out_is_no_field() -> None:
    box = Box(width=3)
    assert box.area == 6
    with pytest.raises(TypeError, match="Box has no area"):
        altered(box, area=7)
