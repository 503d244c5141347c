from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.cli import admin
from bot.settings import Settings

ENTRY = Path(__file__).parents[3] / "bot" / "web" / "static" / "desk" / "entry.js"


class _Accounts:
    def __init__(self, token: str | None) -> None:
        self._token = token

    async def first_admin_token(self) -> str | None:
        return self._token


def accounts_with(token: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    @asynccontextmanager
    async def opened(_: Settings) -> AsyncIterator[_Accounts]:
        yield _Accounts(token)

    monkeypatch.setattr(admin, "opened_accounts", opened)


async def test_the_page_finds_the_token_where_the_link_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    accounts_with("t0-k_en", monkeypatch)
    link = await admin.first_admin_link(Settings(public_url="https://letan.example/"))
    assert link is not None
    read = re.search(
        r'new URLSearchParams\(location\.hash\.slice\(1\)\)\.get\("(\w+)"\)', ENTRY.read_text(encoding="utf-8")
    )
    assert read is not None
    parts = urlsplit(link)
    assert (parts.netloc, parts.path, parts.query) == ("letan.example", "/desk/first-admin", "")
    assert parse_qs(parts.fragment) == {read[1]: ["t0-k_en"]}


async def test_without_a_token_there_is_no_link(monkeypatch: pytest.MonkeyPatch) -> None:
    accounts_with(None, monkeypatch)
    assert await admin.first_admin_link(Settings(public_url="https://letan.example")) is None
