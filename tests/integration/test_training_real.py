"""Trainings, the gate, promotion and rollback with real processes, over the fixture project of the engine's tests."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.adapters.training.models import Shelf
from bot.adapters.training.trainer import ProcessTrainer, Workshop
from bot.domain.company import Priority, RoleId, Words
from bot.domain.teaching.dataset import Base, Dataset
from bot.domain.teaching.examples import Consent, Source, labelled
from bot.domain.teaching.needs import TaughtNeed
from bot.services.ports_training import Question, TrainingFailed
from bot.services.serving import KeptModel, ModelDamaged, Promotions
from tests.house import TestHouse
from tests.integration.school import at_work, built_workshop, lead, listed, taught

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    return built_workshop(tmp_path_factory.mktemp("workshop"))


@pytest.fixture
async def school(house: TestHouse, workshop: Workshop) -> TestHouse:
    """The house with a real trainer, and a shelf with its models."""
    at_work(house, workshop)
    return house


async def test_what_was_taught_is_trained_judged_promoted_and_taken_back(school: TestHouse, workshop: Workshop) -> None:
    minh, admin = await lead(school), await lead(school, RoleId.ADMIN)
    await taught(school, minh, "alo alo cả nhà ơi", "hé lô bạn hiền nha: ${HOME} [a](b)", label="greet")
    assert (await minh.post("/api/teach/trainings"))[1]["examples"] == 2
    done = await listed(minh, "done")
    gate = done["gate"]
    assert (gate["candidate"], gate["overall"]["count"], gate["undone"]) == (done["model_id"], 2, 0)
    assert gate["p95_after_ms"] > 0
    assert not (workshop.data / "teaching/nlu/taught.yml").exists()

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


def nothing_taught() -> Dataset:
    return Dataset(base=Base(digests={}), lines=())


def files(workshop: Workshop) -> set[str]:
    """What lies in the folder of models, the lock aside."""
    return {one.name for one in (workshop.data / "models").iterdir()} - {".lock"}


async def test_a_need_that_was_added_is_learned_and_known_to_the_gate_as_untested(
    school: TestHouse, workshop: Workshop
) -> None:
    minh = await lead(school)
    store, now = school.running.house.store, school.running.house.clock.now()
    async with store.begin() as uow:
        await uow.needs.add(
            TaughtNeed(
                id=0,
                intent="gui_xe_dem",
                department="reception",
                name=Words("Gửi xe qua đêm", "Overnight parking"),
                priority=Priority.NORMAL,
                made_by=minh.id,
                made_at=now,
            )
        )
    await _example(school, minh.id, "gửi xe qua đêm được không", "gui_xe_dem")
    await _example(school, minh.id, "để xe qua đêm ở đây", "gui_xe_dem")
    await minh.post("/api/teach/trainings")
    done = await listed(minh, "done")
    assert [one["subject"] for one in done["gate"]["notices"] if one["code"] == "untested"] == ["gui_xe_dem"]
    kept = Shelf(workshop.data).find(done["model_id"])
    assert kept is not None
    (read,) = await ProcessTrainer(workshop).judge(kept, [Question(text="gửi xe qua đêm", truth="gui_xe_dem")])
    assert read.intent == "gui_xe_dem"


async def _example(house: TestHouse, staff_id: int, words: str, label: str) -> None:
    async with house.running.house.store.begin() as uow:
        await uow.teaching.add_example(
            labelled(
                id=0,
                text=words,
                label=label,
                source=Source.WRITTEN,
                staff_id=staff_id,
                at=house.running.house.clock.now(),
                consent=Consent.OWN,
                two_reviewers=False,
            )
        )


# --- what may go wrong ------------------------------------------------------------------------------------------------


async def test_a_trainer_that_is_killed_leaves_nothing_and_says_so(workshop: Workshop) -> None:
    trainer, before = ProcessTrainer(workshop), files(workshop)
    training = asyncio.create_task(trainer.train(nothing_taught(), lambda what, share: None))
    async with asyncio.timeout(60):
        while not (found := _trainers(workshop)):
            await asyncio.sleep(0.05)
    os.kill(found[0], signal.SIGKILL)
    with pytest.raises(TrainingFailed, match="hết bộ nhớ"):
        await training
    assert files(workshop) == before


HOUSE = """
import asyncio, sys
from pathlib import Path
from bot.adapters.training.trainer import ProcessTrainer, Workshop
from bot.domain.teaching.dataset import Base, Dataset
root, python, project, data, path = sys.argv[1:]
workshop = Workshop(root=Path(root), python=Path(python), project=Path(project), data=Path(data),
    base=lambda: "base1", environment={"PATH": path}, niceness=1)
asyncio.run(ProcessTrainer(workshop).train(Dataset(base=Base(digests={}), lines=()), lambda what, share: None))
"""


async def test_a_house_that_is_killed_while_it_trains_leaves_no_trainer_and_no_model(workshop: Workshop) -> None:
    places = (workshop.root, workshop.python, workshop.project, workshop.data)
    before = ProcessTrainer(workshop).models()
    house = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HOUSE, *map(str, places), os.environ["PATH"], cwd=workshop.root
    )
    async with asyncio.timeout(60):
        while not (found := _trainers(workshop)):
            await asyncio.sleep(0.05)
        os.kill(found[0], signal.SIGSTOP)  # it would not end by itself
        house.kill()
        await house.wait()
        while _trainers(workshop):
            await asyncio.sleep(0.05)
    assert ProcessTrainer(workshop).models() == before
    again = await ProcessTrainer(workshop).train(nothing_taught(), lambda what, share: None)
    assert [one.id for one in ProcessTrainer(workshop).models() if one not in before] == [again.id]


def _trainers(workshop: Workshop) -> list[int]:
    """The processes that train in this workshop; a helper that one of them is about to start is none."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                said = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if b"engine.train" in said and str(workshop.project).encode() in said and _leads(int(entry.name)):
                found.append(int(entry.name))
    return found


def _leads(pid: int) -> bool:
    """Whether a process leads its session, as whatever the trainer starts does."""
    try:
        return os.getsid(pid) == pid
    except ProcessLookupError:
        return False


@pytest.mark.parametrize("blocks", [8, 40], ids=["while it trains", "while the model is written"])
async def test_a_disk_that_is_full_leaves_nothing_and_says_so(workshop: Workshop, tmp_path: Path, blocks: int) -> None:
    narrow = tmp_path / "python"
    narrow.write_text(f'#!/bin/sh\nulimit -f {blocks}\nexec "{workshop.python}" "$@"\n', encoding="utf-8")
    narrow.chmod(0o755)
    before = files(workshop)
    with pytest.raises(TrainingFailed, match="đĩa"):
        await ProcessTrainer(replace(workshop, python=narrow)).train(nothing_taught(), lambda what, share: None)
    assert files(workshop) == before


async def test_two_who_train_in_one_directory_come_one_after_the_other(workshop: Workshop) -> None:
    at_once = 0

    async def watch(task: asyncio.Future[list[KeptModel]]) -> None:
        nonlocal at_once
        while not task.done():
            at_once = max(at_once, len(_trainers(workshop)))
            await asyncio.sleep(0.05)

    both = asyncio.gather(
        *(ProcessTrainer(workshop).train(nothing_taught(), lambda what, share: None) for _ in range(2))
    )
    await watch(both)
    first, second = await both
    assert at_once == 1
    assert Shelf(workshop.data).find(second.id) is not None
    assert first.base == second.base


@pytest.mark.parametrize("harm", ["cut", "swapped"])
async def test_a_model_file_that_was_cut_or_swapped_is_neither_promoted_nor_gone_back_to(
    school: TestHouse, workshop: Workshop, tmp_path: Path, harm: str
) -> None:
    data = tmp_path / "data"
    (data / "models").mkdir(parents=True)
    (data / "keys").mkdir()
    for name in ("models", "keys"):
        for one in (workshop.data / name).iterdir():
            (data / name / one.name).write_bytes(one.read_bytes())
    shelf, house = Shelf(data), school.running.house
    promotions = Promotions(store=house.store, clock=house.clock, shelf=shelf)
    first = ProcessTrainer(workshop).untaught()
    assert first is not None
    other = next(one.id for one in ProcessTrainer(workshop).models() if one.id != first.id)
    await promotions.promote(other, "staff:1")
    await promotions.promote(first.id, "staff:1")
    kept = shelf.find(other)
    assert kept is not None
    file = Path(kept.file)
    file.write_bytes(file.read_bytes()[:-100] if harm == "cut" else Path(first.file).read_bytes())
    with pytest.raises(ModelDamaged):
        await promotions.promote(other, "staff:1")
    minh = await lead(school)
    house.promoting._promotions._shelf = shelf
    status, refused = await minh.post("/api/teach/rollback")
    assert status == 409
    async with house.store.read() as uow:
        said = await uow.channel_states.get("serving")
    assert said is not None
    assert said["model"] == first.id
    admin = await lead(school, RoleId.ADMIN)
    status, refused = await admin.post(f"/api/teach/models/{other}/promote", reason="Cần dùng lại mô hình này.")
    assert (status, refused["error"]) == (409, "model_damaged")


async def test_a_note_with_a_foreign_signature_is_no_model_of_ours(workshop: Workshop, tmp_path: Path) -> None:
    data = tmp_path / "data"
    (data / "models").mkdir(parents=True)
    for one in (workshop.data / "models").iterdir():
        (data / "models" / one.name).write_bytes(one.read_bytes())
    note = next((data / "models").glob("*.json"))
    assert Shelf(data).find(json.loads(note.read_text(encoding="utf-8"))["id"]) is None
