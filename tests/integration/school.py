"""What tests of trainings share: a trainer in a test's hands, a real one over the fixture project, and people."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.adapters.training.models import Model, Shelf, write_note
from bot.adapters.training.trainer import ProcessTrainer, Workshop
from bot.domain.company import RoleId
from bot.domain.teaching.dataset import Base, Dataset
from bot.domain.teaching.results import Judged
from bot.services.ports_training import ModelFile, Progress, Question, TrainingFailed
from bot.services.serving import KeptModel
from tests.engine.running import PROJECT, ROOT, engine_python, run_engine
from tests.house import Clerk, TestHouse

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

    def trained(self, dataset: Dataset) -> KeptModel | None:
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
    trainings = house.running.house.trainings
    trainings._trainer = trainings._runs._trainer = trainer
    house.running.house.promoting._trainer = trainer


async def lead(house: TestHouse, role: RoleId = RoleId.MANAGER) -> Clerk:
    return await house.staff("Minh", role=role)


async def taught(house: TestHouse, clerk: Clerk, *texts: str, label: str = "parking") -> None:
    """Let customers say something, and somebody label it, whether the queue asks for it or not."""
    for one in texts:
        visitor = await house.visitor()
        await visitor.say(one)
        await house.settled()
        (said, *_) = await visitor.read()
        assert said["text"] == one
        assert (await clerk.post(f"/api/teach/{said['id']}/label", label=label))[0] == 200


async def listed(clerk: Clerk, state: str, seconds: float = 120) -> dict[str, Any]:
    """Wait until the newest training is in a state."""
    async with asyncio.timeout(seconds):
        while True:
            newest = (await clerk.get("/api/teach/trainings"))[1]["trainings"][0]
            if newest["state"] == state:
                return dict(newest)
            assert newest["state"] == "running", newest
            await asyncio.sleep(0.1)


def built_workshop(place: Path) -> Workshop:
    """The fixture project with a few test messages, and a data directory with the model of its files alone."""
    project, data = place / "project", place / "data"
    shutil.copytree(PROJECT, project)
    domain = project / "domain.yml"
    # The rule that is written for a need that was added calls the shipped assistant's action.
    domain.write_text(domain.read_text(encoding="utf-8").replace("actions:\n", "actions:\n  - action_reply\n"), "utf-8")
    (project / "tests/data/locked").mkdir(parents=True)
    tests = [{"text": "xin chào", "intent": "greet", "style": "plain"}, {"text": "chào em", "intent": "greet"}]
    lines = "".join(json.dumps(one) + "\n" for one in tests)
    (project / "tests/data/locked/plain.jsonl").write_text(lines, encoding="utf-8")
    trained(project, data)
    return workshop_of(project, data)


def trained(project: Path, data: Path, *, base: str = BASE, seconds: float = 110) -> Model:
    """Train a project as the developers' own, and sign the model; ``base`` stands for the fingerprint of its files."""
    file = data / "models" / f"{base}.tar.gz"
    done = run_engine("engine.train", "--project", str(project), "--out", str(file), seconds=seconds)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    model = Model(
        id=told["model_id"],
        fingerprint=base,
        file=str(file),
        sha256=told["sha256"],
        bytes=told["bytes"],
        seconds=told["seconds"],
        made_at="2026-11-23T00:00:00+00:00",
    )
    write_note(model.signed(data), file.with_suffix("").with_suffix(".json"))
    return model


def workshop_of(project: Path, data: Path, *, base: str = BASE) -> Workshop:
    """Where a project of a test is trained; nobody else wants the processor."""
    return Workshop(
        root=ROOT,
        python=Path(engine_python()),
        project=project,
        data=data,
        base=lambda: base,
        environment={"PATH": os.environ["PATH"]},
        niceness=0,
    )


def at_work(house: TestHouse, workshop: Workshop) -> None:
    """Give the house a real trainer, and a shelf with its models."""
    use(house, ProcessTrainer(workshop))
    shelf = Shelf(workshop.data)
    house.running.house.trainings._runs._shelf = shelf
    house.running.house.promoting._promotions._shelf = shelf
