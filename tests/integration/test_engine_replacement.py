"""Another model takes the place of the serving one, under traffic; what cannot be served changes nothing."""

from __future__ import annotations

import hashlib
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.running import PROJECT, ActionServer, RunningEngine, engine_serving, run_engine

pytestmark = pytest.mark.integration

DOOR = "/webhooks/letan/model"


def trained(project: Path, out: Path) -> Path:
    """Train a project."""
    done = run_engine("engine.train", "--project", str(project), "--out", str(out))
    assert done.returncode == 0, done.stderr
    return out


def digest(model: Path) -> str:
    """What the front office says of a model it means."""
    return hashlib.sha256(model.read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("replacement")
    shutil.copytree(PROJECT, folder / "project")
    first = trained(folder / "project", folder / "first.tar.gz")
    (folder / "project/nlu/more.yml").write_text(
        'version: "3.1"\nnlu:\n  - intent: greet\n    examples: |\n      - lô lô cả nhà nha\n', encoding="utf-8"
    )
    return first, trained(folder / "project", folder / "second.tar.gz")


@pytest.fixture
def engine(models: tuple[Path, Path], tmp_path: Path) -> Iterator[RunningEngine]:
    with (
        ActionServer().serving() as actions,
        engine_serving(models[0], actions.url, tmp_path / "stderr") as running,
    ):
        yield running


def serving(engine: RunningEngine) -> str:
    """The id of the model that answers."""
    return str(engine.call("/webhooks/letan/health", method="GET")[1]["model_id"])


def test_a_model_is_replaced_while_it_answers(engine: RunningEngine, models: tuple[Path, Path]) -> None:
    before = serving(engine)
    answers: list[tuple[int, str]] = []
    stop = threading.Event()

    def talk() -> None:
        while not stop.is_set():
            status, answer = engine.turn("xin chào")
            answers.append((status, answer.get("model_id")))

    customers = [threading.Thread(target=talk) for _ in range(2)]
    for customer in customers:
        customer.start()
    status, answer = engine.call(DOOR, {"file": str(models[1]), "sha256": digest(models[1])}, timeout=30)
    until = len(answers) + 10
    while len(answers) < until:
        stop.wait(0.01)
    stop.set()
    for customer in customers:
        customer.join()
    assert status == 200, answer
    after = answer["model_id"]
    assert after not in (before, None)
    assert {status for status, _ in answers} == {200}
    assert answers[0][1] == before
    assert answers[-1][1] == after == serving(engine)


@pytest.mark.parametrize("fault", ["swapped", "cut", "missing", "not json", "more keys"])
def test_what_cannot_be_served_changes_nothing(
    engine: RunningEngine, models: tuple[Path, Path], tmp_path: Path, fault: str
) -> None:
    before, copy = serving(engine), tmp_path / "copy.tar.gz"
    meant = digest(models[1])
    copy.write_bytes(models[1].read_bytes())
    if fault == "swapped":
        copy.write_bytes(models[0].read_bytes())
    elif fault == "cut":
        copy.write_bytes(copy.read_bytes()[:-2000])
        meant = digest(copy)
    elif fault == "missing":
        copy.unlink()
    asked: object = {"file": str(copy), "sha256": meant}
    if fault == "not json":
        asked = b"{"
    elif fault == "more keys":
        asked = {"file": str(copy), "sha256": meant, "force": True}
    status, answer = engine.call(DOOR, asked)
    assert (status, "error" in answer) == (422, True)
    assert serving(engine) == before
    assert engine.turn("xin chào")[0] == 200


def test_a_stranger_replaces_nothing(engine: RunningEngine, models: tuple[Path, Path]) -> None:
    status, _ = engine.call(DOOR, {"file": str(models[1]), "sha256": digest(models[1])}, headers={})
    assert status == 401
