"""The thirty people of the virtual company, their hours and their habits."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from bot.domain.company import RoleId
from bot.domain.hours import Block

_EARLY, _LATE = ("08:00-16:30",), ("13:00-20:00",)
_OFFICE, _LONG, _STORE, _NIGHT = ("08:00-17:00",), ("08:30-17:30",), ("07:30-18:00",), ("20:00-08:00+1",)
_MORNING, _SATURDAY_EARLY, _SATURDAY_LATE = ("08:00-12:00",), ("08:00-14:30",), ("13:30-20:00",)
_SUNDAY, _SUNDAY_EARLY, _SUNDAY_LATE = ("08:30-17:30",), ("08:30-13:30",), ("13:00-17:30",)
_WEEK = (0, 1, 2, 3, 4)
_SATURDAY, _SUNDAYS = 5, 6

Hours = dict[int, tuple[str, ...]]
"""Blocks of work by weekday, 0 on Monday."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Habits:
    """How a person works. Seconds and shares; ``pace`` multiplies the time that a case takes."""

    lateness: float
    reaction: float
    pace: float
    ignores: float
    declines: float
    ill: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """A member of staff before there is an account.

    ``planned``: the hours are in the roster. Whoever is flexible has none there, and comes all the same.
    """

    name: str
    departments: frozenset[str]
    role: RoleId
    senior: bool
    languages: frozenset[str]
    hours: dict[int, tuple[Block, ...]]
    habits: Habits
    planned: bool = True


def _weekly(days: tuple[str, ...], **others: tuple[str, ...]) -> Hours:
    named = {"saturday": _SATURDAY, "sunday": _SUNDAYS}
    return {**dict.fromkeys(_WEEK, days), **{named[name]: blocks for name, blocks in others.items()}}


def _without(hours: Hours, weekday: int) -> Hours:
    return {day: blocks for day, blocks in hours.items() if day != weekday}


_SHOP_TURNS = (
    _weekly(_EARLY, saturday=_SATURDAY_EARLY),
    _without(_weekly(_LATE, sunday=_SUNDAY_LATE), 2),
    _without(_weekly(_LATE, saturday=_SATURDAY_LATE), 0),
    _without(_weekly(_EARLY, sunday=_SUNDAY_EARLY), 1),
)
_TWO_TURNS = (
    _without(_weekly(_EARLY, saturday=_SATURDAY_EARLY, sunday=_SUNDAY_EARLY), 2),
    _without(_weekly(_LATE, saturday=_SATURDAY_LATE, sunday=_SUNDAY_LATE), 1),
)
_ROUND_THE_CLOCK: tuple[Hours, ...] = (
    _weekly(_OFFICE, sunday=("12:00-20:00",)),
    {0: _NIGHT, 2: _NIGHT, 4: _NIGHT, _SUNDAYS: _NIGHT},
    {1: _NIGHT, 3: _NIGHT, _SATURDAY: ("20:00-08:30+1",)},
)
"""One person by day and two by night; at the other hours reception stands in."""

_TEAMS: tuple[tuple[str, tuple[Hours, ...]], ...] = (
    ("reception", _SHOP_TURNS),
    ("sales", _SHOP_TURNS),
    ("customer_relations", (_SHOP_TURNS[0], _SHOP_TURNS[2], _without(_weekly(_LATE, sunday=_SUNDAY), 3))),
    ("cashier", _TWO_TURNS),
    ("it", _TWO_TURNS),
    ("teller", (_weekly(_OFFICE, saturday=_MORNING), _weekly(_OFFICE))),
    ("credit", (_weekly(_LONG, saturday=_MORNING),)),
    ("accounting", (_weekly(_OFFICE, saturday=_MORNING), _weekly(_OFFICE))),
    ("warehouse", (_weekly(_STORE, saturday=("07:30-17:00",)),)),
    ("office_services", (_weekly(_OFFICE),)),
    ("facilities", _ROUND_THE_CLOCK),
    ("development", (_weekly(_LONG),)),
    ("research", (_weekly(_LONG),)),
    ("hr", (_weekly(_OFFICE),)),
    ("management", (_weekly(_EARLY, saturday=_SATURDAY_EARLY), _without(_weekly(_LATE, sunday=_SUNDAY), 2))),
)
_FLEXIBLE = frozenset({"development", "research"})
"""Desks of the back office whose people are in no roster."""

_FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ")
_GIVEN = ("Lan", "Minh", "Hà", "Bảo", "Anh", "Long", "Hân", "Tùng", "Linh", "Huy", "Chi", "Nam", "Ngọc", "Tuấn", "Mai")


def company_people(departments: frozenset[str], dice: Random) -> list[Person]:
    """Return everybody. A team whose department the company does not have is left out."""
    found: list[Person] = []
    for department, turns in _TEAMS:
        if department not in departments:
            continue
        for number, hours in enumerate(turns):
            found.append(_person(len(found), department, number, hours, dice))
    return found


def _person(index: int, department: str, number: int, hours: Hours, dice: Random) -> Person:
    leads = department == "management"
    return Person(
        name=f"{_FAMILY[index % len(_FAMILY)]} {_GIVEN[index % len(_GIVEN)]}",
        departments=frozenset({department}),
        role=RoleId.MANAGER if leads else RoleId.AGENT,
        senior=leads or number == 0,
        languages=frozenset({"vi", "en"} if number == 0 or dice.random() < 0.4 else {"vi"}),
        planned=department not in _FLEXIBLE,
        hours={day: tuple(Block.parse(one) for one in blocks) for day, blocks in hours.items()},
        habits=Habits(
            lateness=dice.choice((0.0, 0.0, 60.0, 180.0, 480.0)),
            reaction=dice.uniform(6.0, 30.0),
            pace=dice.uniform(0.8, 1.25),
            ignores=dice.uniform(0.01, 0.08),
            declines=dice.uniform(0.005, 0.03),
            ill=0.003,
        ),
    )
