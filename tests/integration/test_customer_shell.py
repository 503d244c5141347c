"""`./letan customer` from the shell: what it prints, and with which status it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from bot.adapters.db.store import sqlalchemy_url
from bot.cli.main import main

pytestmark = pytest.mark.integration


@pytest.fixture
def customer(database: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    monkeypatch.setenv("LETAN_DATABASE_URL", database)
    monkeypatch.setenv("LETAN_DATA", str(tmp_path))
    engine = create_engine(sqlalchemy_url(database))
    with engine.begin() as connection:
        made = connection.execute(
            text("INSERT INTO customers (name, created_at) VALUES ('Mai', now()) RETURNING id")
        ).scalar_one()
    engine.dispose()
    return str(made)


def status(*arguments: str) -> int:
    """Run a command; 0 where it just returns."""
    try:
        main(["customer", *arguments])
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


def test_a_copy_is_json_and_what_is_erased_is_gone(customer: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert status("export", customer, "--json") == 0
    held = json.loads(capsys.readouterr().out)
    assert (held["customer"]["name"], held["messages"]) == ("Mai", [])
    assert status("export", customer) == 0
    assert json.loads(capsys.readouterr().out)["customer"] == held["customer"]
    assert status("erase", customer, "--yes", "--json") == 0
    assert json.loads(capsys.readouterr().out)["customer_id"] == int(customer)
    assert status("export", customer, "--json") == 0
    gone = json.loads(capsys.readouterr().out)
    assert (gone["customer"]["name"], len(gone["erasures"])) == (None, 1)


def test_nothing_is_erased_where_nobody_can_be_asked(customer: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert status("erase", customer) == 2
    assert "--yes" in capsys.readouterr().err
    assert status("export", customer, "--json") == 0
    assert json.loads(capsys.readouterr().out)["customer"]["name"] == "Mai"


def test_nobody_is_a_reason(customer: str, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (("export", "KT-9999"), ("erase", "987654", "--yes"), ("export", "telegram:1")):
        assert status(*arguments) == 1
        assert "Không có khách" in capsys.readouterr().err
    assert status("export") == 2
