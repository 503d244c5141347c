"""The engine with a second model in its shadow: it answers nobody, changes no answer, and survives what is wrong."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from bot.adapters.engine.shadow import HttpShadow
from bot.services.ports_engine import ModelRefused
from bot.services.ports_models import ShadowFailed
from tests.engine.running import PROJECT, TOKEN, ActionServer, RunningEngine, engine_serving, run_engine

pytestmark = pytest.mark.integration

NOW = {"now": "2026-11-26T09:00:00+07:00"}


@dataclass(frozen=True)
class Kept:
    """A model file and its digest."""

    file: Path

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.file.read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> tuple[Kept, Kept]:
    """The fixture project's model, and one that was taught another reading of a greeting."""
    folder = tmp_path_factory.mktemp("shadow")
    shutil.copytree(PROJECT, folder / "project")
    taught = folder / "taught.yml"
    lines = 'version: "3.1"\nnlu:\n  - intent: loan_info\n    examples: |\n      - lô lô cả nhà nha\n      - lô lô em\n'
    taught.write_text(lines, encoding="utf-8")
    for name, also in (("serving", []), ("candidate", ["--also", str(taught)])):
        out = folder / f"{name}.tar.gz"
        done = run_engine("engine.train", "--project", str(folder / "project"), "--out", str(out), *also)
        assert done.returncode == 0, done.stderr
    return Kept(folder / "serving.tar.gz"), Kept(folder / "candidate.tar.gz")


@pytest.fixture(scope="module")
def engine(models: tuple[Kept, Kept], tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningEngine]:
    with (
        ActionServer().serving() as actions,
        engine_serving(models[0].file, actions.url, tmp_path_factory.mktemp("engine") / "stderr") as running,
    ):
        yield running


@pytest.fixture
async def shadow(engine: RunningEngine) -> AsyncIterator[HttpShadow]:
    async with aiohttp.ClientSession() as session:
        reader = HttpShadow(session, f"http://127.0.0.1:{engine.port}", TOKEN)
        yield reader
        await reader.drop()


async def test_a_candidate_reads_beside_the_serving_model(
    engine: RunningEngine, models: tuple[Kept, Kept], shadow: HttpShadow
) -> None:
    before = engine.turn("lô lô cả nhà nha", facts=NOW)
    assert await shadow.shadow() is None
    taken = await shadow.take(str(models[1].file), models[1].sha256)
    assert await shadow.shadow() == taken
    read = await shadow.read("lô lô cả nhà nha")
    assert (read.model_id, read.intent) == (taken, "loan_info")
    assert engine.turn("lô lô cả nhà nha", facts=NOW) == before
    assert engine.call("/webhooks/letan/health", method="GET")[1]["model_id"] == before[1]["model_id"] != taken
    await shadow.drop()
    assert await shadow.shadow() is None
    with pytest.raises(ShadowFailed, match="404"):
        await shadow.read("lô lô")


async def test_what_is_no_model_changes_nothing(models: tuple[Kept, Kept], shadow: HttpShadow, tmp_path: Path) -> None:
    taken = await shadow.take(str(models[1].file), models[1].sha256)
    with pytest.raises(ModelRefused, match="digest"):
        await shadow.take(str(models[0].file), "0" * 64)
    cut = tmp_path / "cut.tar.gz"
    cut.write_bytes(models[0].file.read_bytes()[:-50])
    with pytest.raises(ModelRefused, match="whole"):
        await shadow.take(str(cut), Kept(cut).sha256)
    with pytest.raises(ModelRefused, match="no model"):
        await shadow.take(str(tmp_path / "none"), "0" * 64)
    assert await shadow.shadow() == taken


@pytest.mark.parametrize(
    ("method", "door", "body"),
    [("GET", "shadow", None), ("POST", "shadow", {}), ("DELETE", "shadow", None), ("POST", "read", {"text": "a"})],
)
def test_the_doors_want_the_token(engine: RunningEngine, method: str, door: str, body: object) -> None:
    assert engine.call(f"/webhooks/letan/{door}", body, method=method, headers={})[0] == 401


@pytest.mark.parametrize("body", [b"x", {}, {"text": ""}, {"text": 7}, {"text": "a" * 1001}, {"text": "a", "more": 1}])
def test_what_cannot_be_read_is_refused(engine: RunningEngine, body: object) -> None:
    assert engine.call("/webhooks/letan/read", body)[0] == 422


async def test_an_engine_that_is_not_there_is_a_failure_and_no_more() -> None:
    async with aiohttp.ClientSession() as session:
        reader = HttpShadow(session, "http://127.0.0.1:9", TOKEN)
        for attempt in (reader.shadow(), reader.drop(), reader.read("a"), reader.take("m", "0")):
            with pytest.raises(ShadowFailed):
                await attempt
