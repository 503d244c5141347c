"""Promotion from the shell minds the gate as the console does."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.clock import SystemClock
from bot.adapters.db.store import SqlStore
from bot.adapters.training.models import Model, write_note
from bot.cli import main
from bot.domain.company import RoleId
from bot.services.ports_teach import TrainingState

pytestmark = pytest.mark.integration

REASON = "Bộ kiểm tra đã cũ, cần dùng ngay."
REFUSED = {"allowed": False, "reasons": [{"code": "accuracy", "subject": "", "text": "Hiểu đúng kém hơn."}]}


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as end:
        main.main(list(arguments))
    return int(end.value.code or 0)


@pytest.fixture
def model(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A signed model of a data directory that the shell works on."""
    monkeypatch.setenv("LETAN_DATABASE_URL", database)
    monkeypatch.setenv("LETAN_DATA", str(tmp_path))
    file = tmp_path / "models/base1+taught.tar.gz"
    file.parent.mkdir()
    file.write_bytes(b"model")
    digest = hashlib.sha256(b"model").hexdigest()
    made = Model(
        id="m-1",
        fingerprint="base1+taught",
        file=str(file),
        sha256=digest,
        bytes=5,
        seconds=1.0,
        made_at="2026-11-26T00:00:00+00:00",
    )
    write_note(made.signed(tmp_path), tmp_path / "models/base1+taught.json")
    return made.id


def judged(database: str, model_id: str, gate: Mapping[str, Any]) -> None:
    """Store a training whose candidate was judged."""

    async def store() -> None:
        opened, now = SqlStore.connect(database, pool_size=1), SystemClock().now()
        async with opened.begin() as uow:
            minh = await uow.staff.add("minh@senviet.vn", "Minh", RoleId.ADMIN, frozenset(), "hash", now)
            training = await uow.teaching.start_training(minh.id, 1, now)
            assert training is not None
            done = replace(training, state=TrainingState.DONE, model_id=model_id, gate=gate, ended_at=now)
            await uow.teaching.save_training(done)
        await opened.close()

    asyncio.run(store())


def test_a_refused_model_needs_a_reason(database: str, model: str, capsys: pytest.CaptureFixture[str]) -> None:
    judged(database, model, REFUSED)
    assert run("models", "promote", model) == 1
    said = capsys.readouterr().err
    assert "Hiểu đúng kém hơn." in said
    assert "--reason" in said
    assert run("models", "promote", model, "--reason", "ừ") == 1
    assert run("models", "promote", model, "--reason", REASON) == 0


def test_an_allowed_model_needs_none(database: str, model: str) -> None:
    judged(database, model, {**REFUSED, "allowed": True})
    assert run("models", "promote", model) == 0


def test_a_model_that_nobody_judged_needs_one_until_it_has_served(
    model: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("models", "promote", model) == 1
    assert "chưa được so" in capsys.readouterr().err
    assert run("models", "promote", model, "--reason", REASON) == 0
    assert run("models", "promote", model) == 0


def test_a_model_that_is_not_here_is_no_model(model: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("models", "promote", "m-2", "--reason", REASON) == 1
    assert "Không có mô hình này" in capsys.readouterr().err


def test_a_file_that_was_cut_short_is_not_promoted(
    model: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "models/base1+taught.tar.gz").write_bytes(b"mod")
    assert run("models", "promote", model, "--reason", REASON) == 1
    assert "hỏng" in capsys.readouterr().err
