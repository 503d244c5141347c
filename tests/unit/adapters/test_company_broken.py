"""Whatever is broken in `company.yml`, the reader answers with a list of faults, each on a line, and nothing else."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.adapters.company import CompanyFaults, load
from bot.adapters.company.faults import Fault

SHIPPED = Path(__file__).parents[3] / "company.yml"
KEPT = ("reception", "customer_relations", "sales", "management")
"""Departments of each kind: with and without covers, skills, deadlines and hours of their own."""

Way = tuple[str | int, ...]

WRONG: dict[str, Any] = {
    "nothing": None,
    "empty text": "",
    "a word": "chữ",
    "a number": "-7",
    "an empty list": [],
    "an empty section": {},
    "a list": ["a", "a"],
    "a section": {"vi": "a", "vn": ["b"]},
    "a list of lists": [[["a"]]],
    "a section of sections": {"a": {"a": {"a": "a"}}},
}


@cache
def shipped() -> dict[str, Any]:
    """The shipped file, every value as text; all of its sections, and few of its departments, to be read quickly."""
    whole: dict[str, Any] = yaml.load(SHIPPED.read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506 - text only
    whole["departments"] = [one for one in whole["departments"] if one["id"] in KEPT]
    for one in whole["departments"]:
        one["cover"] = [name for name in one.get("cover", []) if name in KEPT]
    return whole


def ways(value: Any, at: Way = ()) -> Iterator[Way]:
    """Yield the way to every value of the file."""
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in entries:
        yield (*at, key)
        yield from ways(below, (*at, key))


def at(company: Any, way: Way) -> Any:
    for key in way:
        company = company[key]
    return company


def drop(company: Any, way: Way, _other: Way) -> None:
    del at(company, way[:-1])[way[-1]]


def put(wrong: Any) -> Callable[[Any, Way, Way], None]:
    def change(company: Any, way: Way, _other: Way) -> None:
        at(company, way[:-1])[way[-1]] = copy.deepcopy(wrong)

    return change


def take(company: Any, way: Way, other: Way) -> None:
    """Put the value of another place here: a second of one id, a list for a word, a section in a section."""
    at(company, way[:-1])[way[-1]] = copy.deepcopy(at(company, other))


def twice(company: Any, way: Way, _other: Way) -> None:
    """Have a member of a list twice; a value that is in none becomes a list."""
    inside = at(company, way[:-1])
    value = copy.deepcopy(inside[way[-1]])
    if isinstance(inside, list):
        inside.append(value)
    else:
        inside[way[-1]] = [value, value]


def nest(company: Any, way: Way, _other: Way) -> None:
    inside = at(company, way[:-1])
    inside[way[-1]] = {"vi": inside[way[-1]]}


BREAKS: dict[str, Callable[[Any, Way, Way], None]] = {
    "drop": drop,
    "take": take,
    "twice": twice,
    "nest": nest,
    **{name: put(wrong) for name, wrong in WRONG.items()},
}


def only_faults(folder: Path, company: Any) -> None:
    path = folder / "company.yml"
    text = yaml.dump(company, allow_unicode=True, sort_keys=False, Dumper=getattr(yaml, "CSafeDumper", yaml.SafeDumper))
    path.write_text(text, encoding="utf-8")
    lines = text.count("\n") + 1
    found: list[Fault] = []
    try:
        load(path)
    except CompanyFaults as faults:
        found = faults.faults or [Fault(0, "")]
    assert all(1 <= fault.line <= lines and fault.message for fault in found)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_broken_file_has_faults_and_nothing_worse(tmp_path: Path, data: st.DataObject) -> None:
    company = copy.deepcopy(shipped())
    for _ in range(data.draw(st.integers(1, 3), label="how many")):
        places = list(ways(company))
        way, other = (data.draw(st.sampled_from(places)) for _ in range(2))
        BREAKS[data.draw(st.sampled_from(sorted(BREAKS)))](company, way, other)
    only_faults(tmp_path, company)


@pytest.mark.parametrize("one", KEPT)
@pytest.mark.parametrize("other", KEPT)
def test_departments_of_one_id(tmp_path: Path, one: str, other: str) -> None:
    company = copy.deepcopy(shipped())
    next(entry for entry in company["departments"] if entry["id"] == one)["id"] = other
    only_faults(tmp_path, company)


def test_what_is_left_of_the_file_here_is_good(tmp_path: Path) -> None:
    path = tmp_path / "company.yml"
    path.write_text(yaml.safe_dump(shipped(), allow_unicode=True, sort_keys=False), encoding="utf-8")
    assert load(path).departments.keys() == set(KEPT)
