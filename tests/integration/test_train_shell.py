"""`./letan train` over the fixture project: the base, what was taught beside it, the gate, and promotion."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar
from unittest.mock import AsyncMock

import pytest
from pydantic import SecretStr

from bot.adapters.clock import SystemClock
from bot.adapters.db.store import SqlStore
from bot.adapters.training.models import Model, models
from bot.adapters.training.trainer import Workshop
from bot.cli import train as command
from bot.cli.output import Failure
from bot.domain.company import Priority, RoleId, Words
from bot.domain.teaching.examples import Consent, Source, labelled
from bot.domain.teaching.needs import TaughtNeed
from bot.services.ports import UnitOfWork
from bot.settings import Settings
from tests.integration.school import built_workshop

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]

Result = TypeVar("Result")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    return built_workshop(tmp_path_factory.mktemp("shop"))


@pytest.fixture
def workshop(shop: Workshop, monkeypatch: pytest.MonkeyPatch) -> Workshop:
    """The fixture project, whose base model was trained already."""

    async def ensure(data: Path, _progress: object, *, force: bool = False) -> tuple[Model, bool]:
        return next(one for one in models(data) if one.fingerprint == shop.base()), False

    monkeypatch.setattr(command, "ensure", ensure)
    return shop


def settings_of(database: str, data: Path) -> Settings:
    return Settings(data=data, database_url=SecretStr(database))


async def stored(database: str, work: Callable[[UnitOfWork], Coroutine[Any, Any, Result]]) -> Result:
    store = SqlStore.connect(database, pool_size=1)
    try:
        async with store.begin() as uow:
            return await work(uow)
    finally:
        await store.close()


async def taught(database: str, *texts: str, need: str = "") -> None:
    async def work(uow: UnitOfWork) -> None:
        now = SystemClock().now()
        minh = await uow.staff.add("minh@senviet.vn", "Minh", RoleId.ADMIN, frozenset(), "hash", now)
        if need:
            await uow.needs.add(
                TaughtNeed(
                    id=0,
                    intent="moi",
                    department="facilities",
                    name=Words(need, need),
                    priority=Priority.NORMAL,
                    made_by=minh.id,
                    made_at=now,
                )
            )
        for words in texts:
            example = labelled(
                id=0,
                text=words,
                label="greet",
                source=Source.WRITTEN,
                staff_id=minh.id,
                at=now,
                consent=Consent.OWN,
                two_reviewers=False,
            )
            await uow.teaching.add_example(example)

    await stored(database, work)


async def run(workshop: Workshop, settings: Settings, *, force: bool = False, promote: bool = False) -> Any:
    return await command._train(workshop, settings, force=force, promote=promote)


async def test_where_nothing_was_taught_the_base_is_all(workshop: Workshop, database: str) -> None:
    result = await run(workshop, settings_of(database, workshop.data), promote=True)
    assert (result.taught, result.gate, result.promoted) == (0, None, True)
    assert result.model.fingerprint == workshop.base()


async def test_without_a_database_the_base_is_trained_and_that_is_said(
    workshop: Workshop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = replace(workshop, data=tmp_path)
    (tmp_path / "models").symlink_to(workshop.data / "models")
    (tmp_path / "keys").symlink_to(workshop.data / "keys")
    result = await run(data, Settings(data=tmp_path))
    assert (result.taught, result.promoted) == (None, False)
    assert "Chưa có cơ sở dữ liệu" in capsys.readouterr().err
    result = await run(data, settings_of("postgresql://127.0.0.1:1/letan", tmp_path), promote=True)
    assert (result.taught, result.promoted) == (None, False)
    assert "Không đọc được những câu đã dạy" in capsys.readouterr().err


async def test_what_was_taught_is_trained_judged_and_promoted_once(
    workshop: Workshop, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    await taught(database, "alo alo cả nhà ơi", "hé lô bạn hiền", need="Nhu cầu mới")
    settings = settings_of(database, workshop.data)
    result = await run(workshop, settings)
    assert (result.trained, result.taught, result.promoted) == (True, 2, False)
    assert result.gate["candidate"] == result.model.id
    assert (result.refusal is None) == result.gate["allowed"]

    assert [(one.name, one.missing) for one in result.unlearned] == [("Nhu cầu mới", 2)]
    command._tell(result)
    assert "Nhu cầu “Nhu cầu mới” còn thiếu 2 câu nên chưa học." in capsys.readouterr().out

    again = await run(workshop, settings, promote=True)
    assert (again.trained, again.model.id) == (False, result.model.id)
    assert again.promoted == result.gate["allowed"]

    async def look(uow: UnitOfWork) -> Any:
        return await uow.teaching.trainings(9), await uow.channel_states.get("serving")

    trainings, said = await stored(database, look)
    assert [(one.started_by, one.model_id) for one in trainings] == [(None, result.model.id)]
    assert (said or {}).get("model") == (result.model.id if again.promoted else None)


async def test_a_clean_candidate_takes_the_place_of_one_whose_examples_are_gone(
    workshop: Workshop, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "refusal_of", AsyncMock(return_value=None))
    old = next(one for one in models(workshop.data) if one.fingerprint == workshop.base())

    async def promoted(uow: UnitOfWork) -> None:
        await uow.channel_states.put("serving", {"model": f"{old.id}-quen", "history": []})

    async def serving(uow: UnitOfWork) -> Any:
        return (await uow.channel_states.get("serving") or {}).get("model")

    await stored(database, promoted)
    result = await run(workshop, settings_of(database, workshop.data), promote=True)
    assert (result.taught, result.promoted) == (0, True)
    assert await stored(database, serving) == result.model.id


async def test_one_training_at_a_time_with_the_console(workshop: Workshop, database: str) -> None:
    await taught(database, "alo mọi người")

    async def begin(uow: UnitOfWork) -> None:
        assert await uow.teaching.start_training(None, 1, SystemClock().now()) is not None

    await stored(database, begin)
    with pytest.raises(Failure, match="huấn luyện khác"):
        await run(workshop, settings_of(database, workshop.data))


async def test_faults_are_told_whole_and_nothing_is_trained(workshop: Workshop, database: str) -> None:
    await taught(database, "một câu lành")
    before = {one.id for one in models(workshop.data)}
    (workshop.project / "nlu/twice.yml").write_text(
        'version: "3.1"\nnlu:\n  - intent: thank\n    examples: |\n      - một câu lành\n', encoding="utf-8"
    )
    try:
        with pytest.raises(Failure, match="một câu lành"):
            await run(workshop, settings_of(database, workshop.data))
    finally:
        (workshop.project / "nlu/twice.yml").unlink()
    assert {one.id for one in models(workshop.data)} == before


async def test_ctrl_c_cancels_it(workshop: Workshop, database: str) -> None:
    await taught(database, "chào cả nhà nha")
    going = asyncio.create_task(run(workshop, settings_of(database, workshop.data)))

    async def newest(uow: UnitOfWork) -> Any:
        return await uow.teaching.trainings(1)

    async with asyncio.timeout(60):
        while not (found := await stored(database, newest)):
            await asyncio.sleep(0.1)
    assert found[0].state == "running"
    going.cancel()
    with pytest.raises(asyncio.CancelledError):
        await going
    assert (await stored(database, newest))[0].state == "cancelled"
