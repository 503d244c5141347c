"""What a form of the console lets somebody type, the door behind it takes: nobody writes a text to have it refused."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bot.domain.written import WORDS_MAX
from bot.web.app import DOORS
from bot.web.openapi import document

WEB = Path(__file__).parents[3] / "bot" / "web"
_TAG = re.compile(r'<(?:form|dialog)\b[^>]*?\bid="([^"]+)"|<(?:input|textarea)\b[^>]*?\bmaxlength="(\d+)"[^>]*>')
_NAME = re.compile(r'\bname="([^"]+)"')
_ID = re.compile(r'\bid="([^"]+)"')
_MADE = re.compile(r'\bmaxlength: "?(\w+)"?')

Sent = tuple[str, str, str]
FIELDS: dict[str, tuple[Sent, ...]] = {
    "break-form.note": (("post", "/api/break", "note"),),
    "composer.text": (("post", "/api/cases/{code}/reply", "text"), ("post", "/api/cases/{code}/note", "text")),
    "login-form.email": (("post", "/api/session", "email"),),
    "login-form.password": (("post", "/api/session", "password"),),
    "login-form.totp": (("post", "/api/session", "totp"),),
    "first-form.name": (("post", "/api/first-admin", "name"),),
    "first-form.email": (("post", "/api/first-admin", "email"),),
    "first-form.password": (("post", "/api/first-admin", "password"),),
    "password-dialog.current": (("post", "/api/password", "current"),),
    "password-dialog.new": (("post", "/api/password", "new"),),
    "transfer-dialog.note": (("post", "/api/cases/{code}/transfer", "note"),),
    "introduce-dialog.note": (("post", "/api/cases/{code}/introduce", "note"),),
    "give-back-dialog.note": (("post", "/api/cases/{code}/transfer", "note"),),
    "request-dialog.text": (("post", "/api/cases/{code}/request", "text"),),
    "approval-dialog.reason": (("post", "/api/cases/{code}/approve", "reason"),),
    "day-form.note": (("put", "/api/roster/{staff_id}/{day}", "note"),),
    "leave-form.note": (("post", "/api/leave", "note"),),
    "staff-form.name": (("post", "/api/staff", "name"),),
    "staff-form.email": (("post", "/api/staff", "email"),),
    "person-form.name": (("patch", "/api/staff/{id}", "name"),),
    "factor-form.code": (("post", "/api/second-factor/confirm", "code"),),
    "need-dialog.name_vi": (("post", "/api/teach/needs", "name_vi"),),
    "need-dialog.name_en": (("post", "/api/teach/needs", "name_en"),),
    "need-dialog.answer_vi": (("post", "/api/teach/needs", "answer_vi"),),
    "need-dialog.answer_en": (("post", "/api/teach/needs", "answer_en"),),
    "promote-dialog.reason": (("post", "/api/teach/models/{id}/promote", "reason"),),
    "preview-form.text": (("post", "/api/teach/preview", "text"),),
    "call.js": (("post", "/api/cases/{code}/called", "note"),),
    "shift-end.js": (("post", "/api/shift-end", "plan.note"),),
    "inbox_form.js": (
        ("post", "/api/cases/{code}/decline", "reason"),
        ("post", "/api/requests/{id}/answer", "text"),
        ("post", "/api/requests/{id}/decline", "reason"),
        ("post", "/api/approvals/{id}/grant", "note"),
        ("post", "/api/approvals/{id}/refuse", "note"),
    ),
    "teach-answer.js": (("put", "/api/teach/answers/{key}", "vi"),),
    "teach-split.js": (("post", "/api/teach/{id}/split", "parts.text"),),
}
"""Where the words of each field go."""
STAYS = {
    "answer-form.answer-search",
    "approval-dialog.amount",  # a sum: sent as a number
    "need-dialog.examples",  # a text a line: sent as a list
    "password-dialog.again",
    "person-dialog.staff-search",
    "search",
    "staff-form.staff-search",
    "answer-search",
    "teach-pick.js",  # looks for a need
}
"""Fields whose words are not sent as they stand."""


def typed() -> dict[str, int]:
    """What may be typed into each field of the console."""
    found: dict[str, int] = {}
    for page in sorted((WEB / "templates").glob("desk*.html")):
        form = ""
        for tag in _TAG.finditer(page.read_text()):
            if tag[1]:
                form = tag[1]
                continue
            name = _NAME.search(tag[0]) or _ID.search(tag[0])
            assert name, tag[0]
            found[f"{form}.{name[1]}".removeprefix(".")] = int(tag[2])
    for script in sorted((WEB / "static" / "desk").glob("*.js")):
        for length in _MADE.findall(script.read_text()):
            assert length.isdigit(), f"{script.name}: a length that this test cannot read"
            found[script.name] = int(length)
    return found


@cache
def described() -> dict[str, Any]:
    """What the doors say of themselves."""
    return document(DOORS, "1")


def taken(sent: Sent) -> int:
    """What a door takes."""
    method, path, field = sent
    api = described()
    schema: dict[str, Any] = api["paths"][path][method]["requestBody"]["content"]["application/json"]["schema"]
    for step in field.split("."):
        schema = _inside(schema, api)["properties"][step]
    longest: int = _inside(schema, api)["maxLength"]
    return longest


def _inside(schema: dict[str, Any], api: dict[str, Any]) -> dict[str, Any]:
    while True:
        if "$ref" in schema:
            schema = api["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
        elif "anyOf" in schema:
            (schema,) = [one for one in schema["anyOf"] if one.get("type") != "null"]
        elif schema.get("type") == "array":
            schema = schema["items"]
        else:
            return schema


def test_every_field_is_known() -> None:
    assert typed().keys() <= FIELDS.keys() | STAYS


@pytest.mark.parametrize("field", sorted(FIELDS.keys() & typed().keys()))
def test_a_form_offers_no_more_than_its_doors_take(field: str) -> None:
    for sent in FIELDS[field]:
        assert typed()[field] <= taken(sent), sent


def test_words_to_colleagues_have_one_limit() -> None:
    dialogs = ("transfer-dialog.note", "introduce-dialog.note", "request-dialog.text", "approval-dialog.reason")
    for field in (*dialogs, "give-back-dialog.note", "inbox_form.js"):
        assert {typed()[field], *(taken(sent) for sent in FIELDS[field])} == {WORDS_MAX}, field
