"""Trainings, the gate, promotion and rollback through the doors, with the fixture project of the engine's tests."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import text

from bot.adapters.training.models import Model, Shelf, write_note
from bot.adapters.training.trainer import ProcessTrainer, Workshop
from bot.domain.company import RoleId
from bot.domain.teaching.dataset import Base, Dataset
from bot.domain.teaching.results import Judged
from bot.services.ports_training import ModelFile, Progress, Question, TrainingFailed
from bot.services.serving import KeptModel
from tests.engine.running import PROJECT, ROOT, engine_python, run_engine
from tests.house import Clerk, TestHouse

pytestmark = [pytest.mark.integration, pytest.mark.timeout(180)]

BASE = "base1"


class SlowTrainer:
    """A trainer that waits until it is told to go on."""

    def __init__(self) -> None:
        self.go = asyncio.Event()
        self.lines: tuple[tuple[str, str], ...] = (("parking", "gửi xe ở đâu"), ("parking", "bãi xe ở đâu"))
        self.faults: list[str] = []

    def base(self) -> Base:
        return Base(digests={}, lines=self.lines)

    def tests(self) -> list[Question]:
        return []

    def models(self) -> list[ModelFile]:
        return []

    def untaught(self) -> KeptModel | None:
        return None

    async def train(self, dataset: Dataset, progress: Progress) -> KeptModel:
        progress("NgramFeatures", 0.4)
        await self.go.wait()
        if self.faults:
            raise TrainingFailed(self.faults)
        return KeptModel(id="m-1", file="m", sha256="0", base=BASE)

    async def judge(self, model: KeptModel, questions: Sequence[Question]) -> list[Judged]:
        return []


def use(house: TestHouse, trainer: Any) -> None:
    house.running.house.trainings._trainer = trainer
    house.running.house.promoting._trainer = trainer


async def lead(house: TestHouse, role: RoleId = RoleId.MANAGER) -> Clerk:
    return await house.staff("Minh", role=role)


async def taught(house: TestHouse, clerk: Clerk, *texts: str, label: str = "parking") -> None:
    """Let customers say something, and somebody label it."""
    for one in texts:
        visitor = await house.visitor()
        await visitor.say(one)
    await house.settled()
    for entry in (await clerk.get("/api/teach/queue"))[1]["entries"]:
        door = f"/api/teach/{entry['message_id']}/label"
        assert (await clerk.post(door, label=label, also=entry["members"]))[0] == 200


async def listed(clerk: Clerk, state: str, seconds: float = 120) -> dict[str, Any]:
    """Wait until the newest training is in a state."""
    async with asyncio.timeout(seconds):
        while True:
            newest = (await clerk.get("/api/teach/trainings"))[1]["trainings"][0]
            if newest["state"] == state:
                return dict(newest)
            assert newest["state"] == "running", newest
            await asyncio.sleep(0.1)


async def test_one_training_at_a_time_and_a_cancelled_one_leaves_nothing(house: TestHouse) -> None:
    use(house, trainer := SlowTrainer())
    minh = await lead(house)
    status, first = await minh.post("/api/teach/trainings")
    assert (status, first["state"], first["started_by"]) == (201, "running", "Minh")
    assert (await minh.post("/api/teach/trainings"))[0] == 409
    async with asyncio.timeout(10):
        while (await minh.get("/api/teach/trainings"))[1]["running"]["share"] != 0.4:
            await asyncio.sleep(0.05)
    status, cancelled = await minh.send("DELETE", f"/api/teach/trainings/{first['id']}")
    assert (status, cancelled["state"], cancelled["model_id"]) == (200, "cancelled", None)
    trainer.go.set()
    assert (await minh.post("/api/teach/trainings"))[0] == 201
    done = await listed(minh, "done", 10)
    assert (done["model_id"], done["gate"], done["share"]) == ("m-1", None, 1.0)
    assert (await minh.send("DELETE", f"/api/teach/trainings/{done['id']}"))[1]["state"] == "done"
    assert (await minh.send("DELETE", "/api/teach/trainings/987"))[0] == 404


async def test_a_failure_is_told_and_the_next_training_may_begin(house: TestHouse) -> None:
    use(house, trainer := SlowTrainer())
    trainer.faults = ["nlu/parking.yml:3: is not UTF-8"]
    trainer.go.set()
    minh = await lead(house)
    await minh.post("/api/teach/trainings")
    assert (await listed(minh, "failed", 10))["faults"] == trainer.faults
    assert (await minh.post("/api/teach/trainings"))[0] == 201


async def test_a_dataset_with_faults_is_told_whole_and_nothing_is_trained(house: TestHouse) -> None:
    use(house, trainer := SlowTrainer())
    trainer.lines = (("address", "cho tôi gửi ô tô"), ("address", "ở đâu"))
    minh = await lead(house)
    await taught(house, minh, "cho tôi gửi ô tô")
    status, training = await minh.post("/api/teach/trainings")
    assert (status, training["state"]) == (201, "failed")
    assert any("address, parking" in one and "cho tôi gửi ô tô" in one for one in training["faults"])
    assert (await minh.get("/api/teach/trainings"))[1]["running"] is None


async def test_a_training_that_fell_silent_was_interrupted_and_is_started_again(house: TestHouse) -> None:
    use(house, SlowTrainer())
    minh = await lead(house)
    store, now = house.running.house.store, house.running.house.clock.now()
    async with store.begin() as uow:
        await uow.teaching.start_training(minh.id, 3, now - timedelta(minutes=5))
    (left,) = (await minh.get("/api/teach/trainings"))[1]["trainings"]
    assert left["state"] == "interrupted"
    assert (await minh.post("/api/teach/trainings"))[0] == 201


async def test_only_those_who_lead_train_and_promote(house: TestHouse) -> None:
    lan = await house.staff("Lan", "sales")
    for method, door in (
        ("POST", "/api/teach/trainings"),
        ("DELETE", "/api/teach/trainings/1"),
        ("POST", "/api/teach/models/m-1/promote"),
        ("POST", "/api/teach/rollback"),
    ):
        assert (await lan.send(method, door))[0] == 403
    assert (await lan.get("/api/teach/models"))[0] == 403


# --- the real trainer -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """The fixture project with a few test messages, and a data directory with the model of its files alone."""
    place = tmp_path_factory.mktemp("workshop")
    project, data = place / "project", place / "data"
    shutil.copytree(PROJECT, project)
    (project / "tests/data/locked").mkdir(parents=True)
    tests = [{"text": "xin chào", "intent": "greet", "style": "plain"}, {"text": "chào em", "intent": "greet"}]
    lines = "".join(json.dumps(one) + "\n" for one in tests)
    (project / "tests/data/locked/plain.jsonl").write_text(lines, encoding="utf-8")
    file = data / "models" / f"{BASE}.tar.gz"
    done = run_engine("engine.train", "--project", str(project), "--out", str(file))
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    model = Model(
        id=told["model_id"],
        fingerprint=BASE,
        file=str(file),
        sha256=told["sha256"],
        bytes=told["bytes"],
        seconds=told["seconds"],
        made_at="2026-11-26T00:00:00+00:00",
    )
    write_note(model.signed(data), file.with_suffix("").with_suffix(".json"))
    return Workshop(
        root=ROOT,
        python=Path(engine_python()),
        project=project,
        data=data,
        base=lambda: BASE,
        environment={"PATH": os.environ["PATH"]},
    )


@pytest.fixture
async def school(house: TestHouse, workshop: Workshop) -> TestHouse:
    """The house with a real trainer, and a shelf with its models."""
    use(house, ProcessTrainer(workshop))
    shelf = Shelf(workshop.data)
    house.running.house.trainings._shelf = shelf
    house.running.house.promoting._promotions._shelf = shelf
    return house


async def test_what_was_taught_is_trained_judged_promoted_and_taken_back(school: TestHouse, workshop: Workshop) -> None:
    minh, admin = await lead(school), await lead(school, RoleId.ADMIN)
    await taught(school, minh, "alo alo cả nhà ơi", "hé lô bạn hiền nha: ${HOME} [a](b)", label="greet")
    assert (await minh.post("/api/teach/trainings"))[1]["examples"] == 2
    done = await listed(minh, "done")
    gate = done["gate"]
    assert (gate["candidate"], gate["overall"]["count"], gate["undone"]) == (done["model_id"], 2, 0)
    assert gate["p95_after_ms"] > 0
    written = yaml.safe_load((workshop.data / "teaching/nlu/taught.yml").read_text(encoding="utf-8"))
    (block,) = written["nlu"]
    assert block["intent"] == "greet"
    assert block["examples"].splitlines()[0] == "- alo alo cả nhà ơi"

    shelf = (await minh.get("/api/teach/models"))[1]
    newest, first = shelf["models"]
    assert (newest["id"], newest["allowed"], newest["training_id"]) == (done["model_id"], gate["allowed"], done["id"])
    assert (first["allowed"], shelf["promoted"], shelf["can_roll_back"]) == (None, None, False)

    promote = f"/api/teach/models/{first['id']}/promote"
    status, refused = await minh.post(promote)
    assert (status, refused["error"]) == (409, "gate_refused")
    assert (await minh.post(promote, reason="Tôi muốn dùng bản cũ này."))[0] == 403
    assert (await admin.post(promote, reason="ừ"))[0] == 422
    assert (await admin.post(promote, reason="Tôi muốn dùng bản cũ này."))[0] == 200
    reason = {} if gate["allowed"] else {"reason": "Bộ kiểm tra quá nhỏ để kết luận."}
    status, promoted = await admin.post(f"/api/teach/models/{newest['id']}/promote", **reason)
    assert (status, promoted["model"]) == (200, newest["id"])
    assert (await minh.post("/api/teach/rollback"))[1]["model"] == first["id"]
    assert (await minh.post("/api/teach/rollback"))[0] == 409
    assert (await admin.post("/api/teach/models/khong-co/promote", reason="Tôi muốn dùng bản này."))[0] == 404
    async with school.running.house.store.engine.connect() as connection:  # type: ignore[attr-defined]
        rows = await connection.execute(text("SELECT detail FROM audit WHERE action = 'model.promote' ORDER BY id"))
        assert next(iter(rows)).detail["reason"] == "Tôi muốn dùng bản cũ này."


async def test_a_model_that_is_not_the_one_meant_is_not_read(workshop: Workshop) -> None:
    trainer = ProcessTrainer(workshop)
    model = trainer.untaught()
    assert model is not None
    swapped = KeptModel(id=model.id, file=model.file, sha256="0" * 64, base=model.base)
    with pytest.raises(TrainingFailed, match="digest"):
        await trainer.judge(swapped, [Question(text="xin chào", truth="greet")])
