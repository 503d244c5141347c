"""`Payload` reads by type and names the path; `storable` gives what PostgreSQL takes."""

from __future__ import annotations

from typing import Any

import pytest

from bot.adapters.channels.payload import Payload, storable

BODY: dict[str, Any] = {
    "name": "Lan",
    "id": 12,
    "ref": "0012",
    "yes": True,
    "none": None,
    "nested": {"list": [{"x": 1}, {"x": "2"}]},
    "table": [[{"x": 1}], []],
    "ids": ["a", 3],
    "lat": "10.5",
    "nan": "NaN",
    "huge": 10**400,
}


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (lambda body: body.text("name"), "Lan"),
        (lambda body: body.maybe_text("none"), None),
        (lambda body: body.integer("id"), 12),
        (lambda body: body.identifier("id"), "12"),
        (lambda body: body.identifier("ref"), "0012"),
        (lambda body: body.maybe_identifier("gone"), None),
        (lambda body: body.flag("yes"), True),
        (lambda body: body.flag("gone"), False),
        (lambda body: body.number("lat"), 10.5),
        (lambda body: body.texts("ids"), ["a", "3"]),
        (lambda body: body.objects("gone"), []),
        (lambda body: [len(row) for row in body.rows("table")], [1, 0]),
        (lambda body: "none" in body, False),
    ],
)
def test_a_field_is_read_by_type(read: Any, value: Any) -> None:
    assert read(Payload(BODY)) == value


@pytest.mark.parametrize(
    ("read", "path"),
    [
        (lambda body: body.text("id"), "$.id: a string is due"),
        (lambda body: body.text("gone"), "$.gone: missing"),
        (lambda body: body.integer("yes"), "$.yes: a whole number is due"),
        (lambda body: body.identifier("yes"), "$.yes: an id is due"),
        (lambda body: body.flag("id"), "$.id: true or false is due"),
        (lambda body: body.number("name"), "$.name: a number is due"),
        (lambda body: body.number("nan"), "$.nan: a number is due"),
        (lambda body: body.number("huge"), "$.huge: a number is due"),
        (lambda body: body.object("name"), "$.name: an object is due"),
        (lambda body: body.object("nested").objects("list")[1].integer("x"), "$.nested.list[1].x: a whole number"),
        (lambda body: body.objects("ids"), "$.ids[0]: an object is due"),
        (lambda body: body.texts("table"), "$.table: a list of strings is due"),
        (lambda body: Payload([1]), "$: an object is due"),
    ],
)
def test_a_wrong_field_names_its_path(read: Any, path: str) -> None:
    with pytest.raises(ValueError, match=path.replace("$", r"\$").replace("[", r"\[").replace(".", r"\.")):
        read(Payload(BODY))


def test_storable_replaces_what_postgresql_refuses_and_nothing_else() -> None:
    raw = {"a\x00": ["x\ud800", {"b": "Hoá đơn 👍"}], "n": 2**70, "f": 1.5, "t": True, "z": None}

    assert storable(raw) == {"a\ufffd": ["x\ufffd", {"b": "Hoá đơn 👍"}], "n": 2**70, "f": 1.5, "t": True, "z": None}


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_storable_refuses_what_json_does_not_know(value: float) -> None:
    with pytest.raises(ValueError, match="NaN and infinity"):
        storable({"a": [value]})
