"""A training in this process: it outlives an outage of the store, and leaves no model that nobody asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.adapters.clock import SystemClock
from bot.adapters.memory.store import MemoryStore
from bot.domain.teaching.dataset import Base, Dataset
from bot.domain.teaching.examples import Consent, EntityMark, Source, labelled
from bot.domain.teaching.results import Judged
from bot.services import kept_alive, training_runs, trainings
from bot.services.ports import Clock
from bot.services.ports_review import Erasure
from bot.services.ports_teach import Training, TrainingState
from bot.services.ports_training import ModelFile, Progress, Question, TrainingFailed
from bot.services.serving import KEY, KeptModel
from bot.services.trainings import Trainings
from tests.doubles.flaky_store import FlakyStore

MODEL = KeptModel(id="m-1", file="m-1.tar.gz", sha256="0", base="base1")
SERVING = KeptModel(id="m-0", file="m-0.tar.gz", sha256="0", base="base1")


class HandTrainer:
    """Trains until it is told to go on, and judges until it is told to."""

    def __init__(self) -> None:
        self.go, self.judge_on, self.judging = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self.judge_on.set()
        self.faults: list[str] = []
        self.broken: Exception | None = None
        self.base_model = SERVING

    def base(self) -> Base:
        return Base(digests={}, lines=(("parking", "gửi xe ở đâu"), ("parking", "bãi xe ở đâu")))

    def tests(self) -> list[Question]:
        return []

    def models(self) -> list[ModelFile]:
        return []

    def untaught(self) -> KeptModel | None:
        return self.base_model

    def trained(self, dataset: Dataset) -> KeptModel | None:
        return None

    async def train(self, dataset: Dataset, progress: Progress) -> KeptModel:
        progress("NgramFeatures", 0.4)
        await self.go.wait()
        return MODEL

    async def judge(self, model: KeptModel, questions: Sequence[Question]) -> list[Judged]:
        self.judging.set()
        await self.judge_on.wait()
        if self.faults:
            raise TrainingFailed(self.faults)
        if self.broken is not None:
            raise self.broken
        return []


class Shelf:
    """Remembers what was deleted."""

    def __init__(self) -> None:
        self.discarded: list[str] = []
        self.full = False

    def find(self, model_id: str) -> KeptModel | None:
        return SERVING

    def intact(self, model: KeptModel) -> bool:
        return True

    def discard(self, model: KeptModel) -> None:
        if self.full:
            raise OSError(30, "Read-only file system")
        self.discarded.append(model.file)


class School:
    """Trainings on a store that fails when it is told to."""

    def __init__(self) -> None:
        self.clock: Clock = SystemClock()
        self.store = FlakyStore(MemoryStore(self.clock))
        self.trainer, self.shelf = HandTrainer(), Shelf()
        self.trainings = Trainings(store=self.store, clock=self.clock, trainer=self.trainer, shelf=self.shelf)

    async def begin(self) -> asyncio.Task[Training]:
        """Start one, and return when it trains."""
        lesson, told = await self.trainings.lesson(), asyncio.Event()
        task = asyncio.create_task(self.trainings.run(lesson, lambda *_: told.set()))
        await told.wait()
        return task

    async def newest(self) -> Training:
        async with self.store.store.read() as uow:
            return (await uow.teaching.trainings(1))[0]

    async def change(self, **values: Any) -> None:
        """Change the newest training, as another host would."""
        async with self.store.store.begin() as uow:
            newest = (await uow.teaching.trainings(1))[0]
            await uow.teaching.save_training(trainings.replace(newest, **values))


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_alive, "FIRST_PAUSE", 0.001)
    monkeypatch.setattr(kept_alive, "LONGEST_PAUSE", 0.004)
    monkeypatch.setattr(training_runs, "BEAT_SECONDS", 0.001)


@pytest.fixture
async def school() -> School:
    return School()


async def test_a_training_beats_on_when_the_store_is_back(school: School) -> None:
    async with asyncio.timeout(5):
        task = await school.begin()
        school.store.down = 6
        while school.store.down:
            await asyncio.sleep(0.001)
        before = (await school.newest()).beat_at
        while (await school.newest()).beat_at <= before:
            await asyncio.sleep(0.001)
        school.trainer.go.set()
        ended = await task
    assert (ended.state, ended.model_id, school.shelf.discarded) == (TrainingState.DONE, "m-1", [])


async def test_a_training_that_ends_in_an_outage_is_judged_and_stored_afterwards(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training_runs, "BEAT_SECONDS", 60.0)
    async with asyncio.timeout(5):
        task = await school.begin()
        await asyncio.sleep(0.01)  # the first beat is over
        school.trainer.judge_on.clear()
        school.store.down = 4
        school.trainer.go.set()
        await school.trainer.judging.wait()
        assert school.store.refused == 4  # what the gate asks of the store
        school.store.down = 5
        school.trainer.judge_on.set()
        ended = await task
    assert school.store.refused == 9
    assert (ended.state, ended.model_id, ended.share) == (TrainingState.DONE, "m-1", 1.0)


async def test_a_long_outage_is_not_taken_for_the_death_of_a_training_of_our_own(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training_runs, "BEAT_SECONDS", 60.0)
    async with asyncio.timeout(5):
        task = await school.begin()
        await asyncio.sleep(0.01)
        await school.change(beat_at=school.clock.now() - timedelta(minutes=5))
        assert await school.trainings.resume() is None
        school.trainer.go.set()
        assert (await task).state is TrainingState.DONE


async def test_one_that_was_cancelled_elsewhere_while_it_was_judged_leaves_no_model(school: School) -> None:
    school.trainer.judge_on.clear()
    school.trainer.go.set()
    async with asyncio.timeout(5):
        task = await school.begin()
        await school.trainer.judging.wait()
        await school.change(state=TrainingState.CANCELLED)
        with pytest.raises(asyncio.CancelledError):
            await task
    assert (await school.newest()).state is TrainingState.CANCELLED
    assert school.shelf.discarded == [MODEL.file]


async def test_a_training_whose_judging_failed_leaves_no_model(school: School) -> None:
    school.trainer.faults = ["Mô hình không đọc hết các câu kiểm tra."]
    school.trainer.go.set()
    ended = await (await school.begin())
    assert (ended.state, ended.faults) == (TrainingState.FAILED, tuple(school.trainer.faults))
    assert school.shelf.discarded == [MODEL.file]


async def test_a_training_outdated_by_an_erasure_leaves_no_model(school: School) -> None:
    async with asyncio.timeout(5):
        task = await school.begin()
        now = school.clock.now()
        school.store.store.memory.erasures[1] = Erasure(id=1, customer_id=7, at=now, counts={}, paths=())
        school.trainer.go.set()
        ended = await task
    assert (ended.state, ended.model_id, ended.gate) == (TrainingState.CANCELLED, None, None)
    assert school.shelf.discarded == [MODEL.file]


async def test_a_model_that_somebody_promoted_before_it_was_judged_stays(school: School) -> None:
    school.trainer.faults = ["Mô hình không đọc hết các câu kiểm tra."]
    school.trainer.go.set()
    async with school.store.store.begin() as uow:
        await uow.channel_states.put(KEY, {"model": "m-2", "base": "base1", "history": ["m-1"]})
    assert (await (await school.begin())).state is TrainingState.FAILED
    assert school.shelf.discarded == []


async def cancelled_while_judged(school: School) -> None:
    school.trainer.judge_on.clear()
    school.trainer.judging.clear()
    school.trainer.go.set()
    async with asyncio.timeout(5):
        task = await school.begin()
        await school.trainer.judging.wait()
        await school.change(state=TrainingState.CANCELLED)
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_a_model_that_an_earlier_training_came_to_stays(school: School) -> None:
    """The same data give the same model."""
    school.trainer.go.set()
    assert (await (await school.begin())).model_id == MODEL.id
    await cancelled_while_judged(school)
    assert school.shelf.discarded == []


async def test_the_model_of_the_developers_files_stays(school: School) -> None:
    school.trainer.base_model = MODEL
    await cancelled_while_judged(school)
    assert school.shelf.discarded == []


async def test_a_model_that_cannot_be_deleted_is_told(school: School) -> None:
    school.trainer.faults = ["Mô hình không đọc hết các câu kiểm tra."]
    school.trainer.go.set()
    school.shelf.full = True
    with capture_logs() as said:
        assert (await (await school.begin())).state is TrainingState.FAILED
    (told,) = [one for one in said if one["event"] == "model_not_discarded"]
    assert (told["model_id"], "Read-only" in told["reason"]) == ("m-1", True)


async def test_one_that_is_stopped_in_an_outage_ends_at_once(school: School) -> None:
    async with asyncio.timeout(5):
        task = await school.begin()
        school.store.down = 10_000
        with capture_logs() as said:
            await school.trainings.close()
        school.store.down = 0
        with pytest.raises(asyncio.CancelledError):
            await task
    assert "training_end_not_stored" in [one["event"] for one in said]
    # Whoever stopped it in the shell could say so once the store was back.
    assert (await school.newest()).state is TrainingState.CANCELLED


async def test_a_fault_of_ours_is_told_in_the_log_and_ends_the_training(school: School) -> None:
    school.trainer.broken = ValueError("a fault of ours")
    school.trainer.go.set()
    with capture_logs() as said, pytest.raises(ValueError, match="a fault of ours"):
        await (await school.begin())
    assert [one["job"] for one in said if one["event"] == "job_broke"] == ["training 1"]
    newest = await school.newest()
    assert (newest.state, newest.faults, newest.model_id) == (TrainingState.FAILED, (training_runs.OUR_FAULT,), None)
    assert school.shelf.discarded == [MODEL.file]


async def test_a_sentence_that_one_need_cannot_teach_is_evidence_of_another(school: School) -> None:
    good = labelled(
        id=0,
        text="gửi xe đêm",
        label="parking",
        source=Source.REVIEW,
        staff_id=1,
        at=school.clock.now(),
        consent=Consent.DEIDENTIFIED,
        two_reviewers=False,
    )
    # Its mark reaches beyond the text, so the trainer would misread it.
    odd = trainings.replace(good, label="address", entities=(EntityMark(start=0, end=99, name="item"),))
    async with school.store.store.begin() as uow:
        for one in (good, odd):
            await uow.teaching.add_example(one)
    lesson = await school.trainings.lesson()
    assert [(one.intent, one.text) for one in lesson.dataset.unlearned if one.text] == [("address", "gửi xe đêm")]
    assert [one.label for one in lesson.examples] == ["parking"]
