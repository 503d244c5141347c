"""The link that makes the first admin, as the start prints it."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.cli import prepare
from bot.cli.accounts import opened_accounts
from bot.cli.admin import first_admin_link
from bot.domain.company import RoleId
from bot.settings import Settings

pytestmark = pytest.mark.integration


async def test_the_link_is_offered_and_works_until_there_is_an_admin(database: str, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, database_url=SecretStr(database), public_url="https://letan.example")
    async with opened_accounts(settings) as accounts:
        await accounts.add(email="lan@letan.vn", name="Lan", role=RoleId.AGENT, departments=["accounting"])
        link = await first_admin_link(settings)
        assert link is not None
        token = link.partition("#token=")[2]
        login = await accounts.first_admin(token, "an@letan.vn", "An", "mat-khau-rat-dai-1")
        assert login.staff.role is RoleId.ADMIN
        assert await first_admin_link(settings) is None


def test_a_database_that_answers_is_reached_without_a_link_being_made(
    database: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LETAN_DATABASE_URL", database)
    assert prepare.main(["--address", "http://127.0.0.1", "--reach"]) == 0
    assert capsys.readouterr().out == '{"first_admin": null}\n'
