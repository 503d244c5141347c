"""What comes in at the doors has the types that it is declared with: nothing is guessed from text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from bot.web.app import DOORS
from bot.web.endpoint import Body, Day, Moment

NOT_OF_TYPE: dict[str, tuple[object, ...]] = {
    "integer": ("5", 1.5, True, "no"),
    "number": ("5", "no", True),
    "boolean": ("no", "true", 0, 1),
    "date": (0, 20_000, "20000", "2026-11-26T00:00:00", "hôm nay"),
    "date-time": (0, 1_764_115_200, "1764115200", "2026-11-26", True),
    "string": (5, True),
}
BODIES = sorted({one.body for one in DOORS if one.body.model_fields}, key=lambda model: model.__qualname__)


def fields(schema: dict[str, Any], known: dict[str, Any], path: tuple[str | int, ...]) -> Iterator[tuple[Any, str]]:
    """Every place of a body, with the kind of value that belongs there."""
    if "$ref" in schema:
        schema = known[schema["$ref"].rsplit("/", 1)[-1]]
    options = [one for one in schema.get("anyOf", [schema]) if one.get("type") != "null"]
    if len(options) != 1:
        return
    (one,) = options
    if "$ref" in one:
        yield from fields(one, known, path)
    elif one.get("type") == "object":
        for name, inner in one.get("properties", {}).items():
            yield from fields(inner, known, (*path, name))
    elif one.get("type") == "array":
        yield from fields(one["items"], known, (*path, 0)) if "items" in one else ()
    elif "enum" not in one and "const" not in one:
        kind = one.get("format", one["type"])
        yield path, kind if kind in NOT_OF_TYPE else one["type"]


def holding(path: tuple[str | int, ...], value: object) -> Any:
    """A body with nothing but one value, in its place."""
    for step in reversed(path):
        value = [value] if isinstance(step, int) else {step: value}
    return value


def refused(model: type[BaseModel], body: object) -> set[tuple[str | int, ...]]:
    """The places that are not right."""
    try:
        model.model_validate_json(json.dumps(body))
    except ValidationError as failure:
        return {one["loc"] for one in failure.errors()}
    return set()


def places(model: type[BaseModel]) -> list[tuple[Any, str]]:
    """The places of a model."""
    schema = model.model_json_schema()
    return list(fields(schema, schema.get("$defs", {}), ()))


@pytest.mark.parametrize("model", BODIES, ids=lambda model: model.__qualname__)
def test_a_door_takes_no_value_of_another_type(model: type[BaseModel]) -> None:
    assert issubclass(model, Body)
    for path, kind in places(model):
        for value in NOT_OF_TYPE[kind]:
            assert path in refused(model, holding(path, value)), (path, value)


def test_every_kind_of_value_is_among_them() -> None:
    assert {kind for model in BODIES for _, kind in places(model)} >= {
        "integer",
        "boolean",
        "string",
        "date",
        "date-time",
    }


class Dated(Body):
    """What JSON says with text."""

    day: Day | None = None
    at: Moment | None = None


@pytest.mark.parametrize(
    ("body", "right"),
    [
        ({"day": "2026-11-26"}, True),
        ({"day": "2026-02-30"}, False),
        ({"day": "1999-12-31"}, False),
        ({"day": None}, True),
        ({"at": "2026-11-26T09:30:00+07:00"}, True),
        ({"at": "2026-11-26T02:30:00.000Z"}, True),
        ({"at": "2026-11-26T09:30:00"}, False),
        ({"at": "2101-11-26T09:30:00Z"}, False),
    ],
)
def test_dates_are_written_out(body: dict[str, Any], *, right: bool) -> None:
    assert (refused(Dated, body) == set()) is right
