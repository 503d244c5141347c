"""Promotion and rollback of models, against the real engine and a real database."""

from __future__ import annotations

import json
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from bot.adapters.clock import SystemClock
from bot.adapters.db.store import SqlStore
from bot.adapters.engine import HttpEngine
from bot.adapters.training.models import Model, Shelf, write_note
from bot.domain.errors import ForbiddenMove, Unknown
from bot.services.serving import ModelDamaged, ModelKeeper, Promotions, supersede
from tests.engine.running import PROJECT, TOKEN, ActionServer, engine_serving, run_engine

pytestmark = pytest.mark.integration


@dataclass(frozen=True)
class Trained:
    """A data directory with two models of ours, and their ids."""

    data: Path
    first: str
    second: str


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    folder = tmp_path_factory.mktemp("serving")
    return Trained(folder, _train(folder, "alo alo"), _train(folder, "lô lô cả nhà"))


def _train(data: Path, words: str) -> str:
    project, name = data / f"project-{words}", words.replace(" ", "-")
    shutil.copytree(PROJECT, project)
    lines = f'version: "3.1"\nnlu:\n  - intent: greet\n    examples: |\n      - {words}\n'
    (project / "nlu/more.yml").write_text(lines, encoding="utf-8")
    file = data / "models" / f"{name}.tar.gz"
    done = run_engine("engine.train", "--project", str(project), "--out", str(file))
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    model = Model(
        id=told["model_id"],
        fingerprint="base-1",
        file=str(file),
        sha256=told["sha256"],
        bytes=told["bytes"],
        seconds=told["seconds"],
        made_at="2026-11-26T00:00:00+00:00",
    )
    write_note(model.signed(data), file.with_name(f"{name}.json"))
    return model.id


@pytest.fixture
async def store(database: str) -> AsyncIterator[SqlStore]:
    opened = SqlStore.connect(database)
    yield opened
    await opened.close()


@pytest.fixture
async def engine(trained: Trained, tmp_path: Path) -> AsyncIterator[HttpEngine]:
    """The real engine, which began with the first model."""
    file = Shelf(trained.data).find(trained.first)
    assert file is not None
    with (
        ActionServer().serving() as actions,
        engine_serving(Path(file.file), actions.url, tmp_path / "stderr") as running,
    ):
        async with aiohttp.ClientSession() as session:
            yield HttpEngine(session, f"http://127.0.0.1:{running.port}", TOKEN, known_intents=frozenset())


async def test_the_engine_follows_promotion_and_rollback(trained: Trained, store: SqlStore, engine: HttpEngine) -> None:
    shelf = Shelf(trained.data)
    promotions = Promotions(store=store, clock=SystemClock(), shelf=shelf)
    keeper = ModelKeeper(store=store, shelf=shelf, engine=engine)
    await keeper.look()
    assert await engine.health() == trained.first
    await promotions.promote(trained.first, "staff:1")
    await promotions.promote(trained.second, "staff:1", reason="hiểu thêm lời chào")
    await keeper.look()
    assert await engine.health() == trained.second
    assert (await promotions.roll_back("staff:1")).id == trained.first
    await keeper.look()
    assert await engine.health() == trained.first
    with pytest.raises(ForbiddenMove):
        await promotions.roll_back("staff:1")


async def test_the_first_promotion_can_be_taken_back(trained: Trained, store: SqlStore) -> None:
    shelf = Shelf(trained.data)
    promotions = Promotions(store=store, clock=SystemClock(), shelf=shelf, base=lambda: shelf.find(trained.first))
    await promotions.promote(trained.second, "staff:1")
    assert (await promotions.roll_back("staff:1")).id == trained.first


async def test_a_swapped_file_is_not_served(
    trained: Trained, store: SqlStore, engine: HttpEngine, tmp_path: Path
) -> None:
    shutil.copytree(trained.data / "models", tmp_path / "data/models")
    shutil.copytree(trained.data / "keys", tmp_path / "data/keys")
    shelf = Shelf(tmp_path / "data")
    second = shelf.find(trained.second)
    assert second is not None
    promotions = Promotions(store=store, clock=SystemClock(), shelf=shelf)
    await promotions.promote(trained.second, "staff:1")
    Path(second.file).write_bytes(Path(second.file).read_bytes() + b"x")
    await ModelKeeper(store=store, shelf=shelf, engine=engine).look()
    assert await engine.health() == trained.first
    with pytest.raises(ModelDamaged):
        await promotions.promote(trained.second, "staff:1")


async def test_a_model_of_another_installation_is_not_promoted(
    trained: Trained, store: SqlStore, tmp_path: Path
) -> None:
    shutil.copytree(trained.data / "models", tmp_path / "data/models")
    promotions = Promotions(store=store, clock=SystemClock(), shelf=Shelf(tmp_path / "data"))
    with pytest.raises(Unknown):
        await promotions.promote(trained.second, "staff:1")


async def test_new_files_of_the_developers_end_a_promotion(trained: Trained, store: SqlStore) -> None:
    clock = SystemClock()
    promotions = Promotions(store=store, clock=clock, shelf=Shelf(trained.data))
    assert not await supersede(store, clock, "base-2")
    await promotions.promote(trained.second, "staff:1")
    assert not await supersede(store, clock, "base-1")
    assert await supersede(store, clock, "base-2")
    assert not await supersede(store, clock, "base-2")
