"""The OpenAPI document says what the doors do beyond what each declares: refusals for all, fields of uploads."""

from __future__ import annotations

from typing import Any

import pytest

from bot.web.app import DOORS
from bot.web.openapi import document


@pytest.fixture(scope="module")
def paths() -> dict[str, Any]:
    paths: dict[str, Any] = document(DOORS, "1")["paths"]
    return paths


def test_whatever_changes_something_may_be_refused_as_not_allowed(paths: dict[str, Any]) -> None:
    changing = [(one.path, one.method.lower()) for one in DOORS if one.method != "GET"]
    assert len(changing) > 50
    assert [place for place in changing if "403" not in paths[place[0]][place[1]]["responses"]] == []


def test_an_upload_names_the_fields_that_are_read(paths: dict[str, Any]) -> None:
    def fields(path: str) -> set[str]:
        body = paths[path]["post"]["requestBody"]["content"]["multipart/form-data"]
        return set(body["schema"]["properties"])

    assert fields("/chat/api/attachments") == {"file", "text", "client_id"}
    assert fields("/api/cases/{code}/attachments") == {"file", "text", "client_id", "keeps_promise", "owes"}
