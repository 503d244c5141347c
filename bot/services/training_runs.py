"""What runs of a training: it trains, has the gate judge, gives signs of life, and is ended, whatever happens to it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any, Final

import structlog

from bot.domain.errors import Invalid
from bot.domain.teaching.dataset import Dataset
from bot.domain.teaching.examples import Example
from bot.services.decisions import TEACHING
from bot.services.judging import Evidence, evidence, judged
from bot.services.kept_alive import insisted, kept_alive, started
from bot.services.ports import Clock, Store, UnitOfWork
from bot.services.ports_teach import TrainingState
from bot.services.ports_training import Trainer, TrainingFailed
from bot.services.serving import KEY, KeptModel, ModelShelf

log = structlog.get_logger(__name__)

BEAT_SECONDS: Final = 1.0
MOST_FAULTS: Final = 100
JUDGING: Final = "gate"
"""The step that follows the trainer's own."""
OUR_FAULT: Final = "Chương trình gặp lỗi khi huấn luyện, đã ghi vào nhật ký của máy chủ."

Heard = Callable[[str, float], None]


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """What a training learns beside the developers' files; ``erasure`` was the newest when that was read."""

    dataset: Dataset
    examples: Sequence[Example]
    erasure: int = 0


@dataclass(frozen=True)
class _Ended:
    """How a training ended, and what is stored with it."""

    state: TrainingState
    found: Mapping[str, Any]


class _Told:
    """What the trainer said last, and the model that it wrote."""

    def __init__(self, heard: Heard | None) -> None:
        self.what, self.share = "check data", 0.0
        self.model: KeptModel | None = None
        self._heard = heard

    def hear(self, what: str, share: float) -> None:
        """Remember it; the share never goes back."""
        self.what, self.share = what, max(self.share, min(share, 0.95))
        if self._heard is not None:
            self._heard(self.what, self.share)


class TrainingRuns:
    """The trainings that run in this process."""

    def __init__(self, *, store: Store, clock: Clock, trainer: Trainer, shelf: ModelShelf) -> None:
        self._store = store
        self._clock = clock
        self._trainer = trainer
        self._shelf = shelf
        self._tasks: dict[int, asyncio.Task[None]] = {}

    def __contains__(self, training_id: int) -> bool:
        """Tell whether it runs here."""
        return training_id in self._tasks

    def begin(self, training_id: int, lesson: Lesson, heard: Heard | None = None) -> None:
        """Run a training that is stored as running, beside everything else."""
        task = started(_name(training_id), self._run(training_id, lesson, _Told(heard)))
        self._tasks[training_id] = task
        task.add_done_callback(lambda _done: self._tasks.pop(training_id, None))

    async def over(self, training_id: int) -> None:
        """Return when it runs no more; whoever stops waiting does not stop it. A fault of ours is raised."""
        if task := self._tasks.get(training_id):
            await asyncio.shield(task)

    def stop(self, training_id: int) -> None:
        """Stop it, if it runs here; it is marked as interrupted unless it was cancelled."""
        if task := self._tasks.get(training_id):
            task.cancel()

    async def close(self) -> None:
        """Stop all of them, and wait for their end."""
        for task in list(self._tasks.values()):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _run(self, training_id: int, lesson: Lesson, told: _Told) -> None:
        ended = _Ended(TrainingState.FAILED, {"faults": (OUR_FAULT,)})
        stopped = False
        try:
            ended = await self._worked(training_id, lesson, told)
        except asyncio.CancelledError:
            stopped = True
            raise
        finally:
            # Also where something of ours broke: it is no training that runs, and its model is nobody's.
            if not stopped:
                await self._end_surely(training_id, lesson, told.model, ended)
            else:
                await self._end_at_once(training_id, lesson, told.model)

    async def _end_surely(self, training_id: int, lesson: Lesson, model: KeptModel | None, ended: _Ended) -> None:
        try:
            await insisted(self._store, _name(training_id), lambda: self._end(training_id, lesson, model, ended))
        except asyncio.CancelledError:
            await self._end_at_once(training_id, lesson, model)
            raise

    async def _end_at_once(self, training_id: int, lesson: Lesson, model: KeptModel | None) -> None:
        """Store that it was interrupted: we are told to stop, and cannot wait; else its silence will say the same."""
        try:
            await self._end(training_id, lesson, model, _Ended(TrainingState.INTERRUPTED, {}))
        except self._store.failures as failure:
            log.warning("training_end_not_stored", training_id=training_id, reason=str(failure))

    async def _worked(self, training_id: int, lesson: Lesson, told: _Told) -> _Ended:
        """Train and judge; return what it came to."""
        beat = partial(self._beat, training_id, told)
        try:
            async with kept_alive(self._store, _name(training_id), BEAT_SECONDS, beat):
                told.model = model = await self._trainer.train(lesson.dataset, told.hear)
                told.hear(JUDGING, told.share)
                gate = await self._judge(model, lesson, _name(training_id))
        except TrainingFailed as failure:
            log.warning("training_failed", training_id=training_id, faults=failure.faults[:3])
            return _Ended(TrainingState.FAILED, {"faults": failure.faults[:MOST_FAULTS]})
        except (OSError, Invalid) as failure:
            log.warning("training_failed", training_id=training_id, fault=str(failure))
            return _Ended(TrainingState.FAILED, {"faults": (str(failure),)})
        return _Ended(TrainingState.DONE, {"share": 1.0, "model_id": model.id, "gate": gate})

    async def _judge(self, candidate: KeptModel, lesson: Lesson, job: str) -> dict[str, Any] | None:
        """Return the gate's verdict, ``None`` where nothing serves that it could be compared with."""
        began = self._clock.now()
        served, known = await insisted(self._store, job, lambda: self._asked(lesson, began))
        serving = self._shelf.find(served) if served else await asyncio.to_thread(self._trainer.untaught)
        if serving is None:
            return None
        tests = await asyncio.to_thread(self._trainer.tests)
        new_needs = [one.intent for one in lesson.dataset.needs]
        verdict = await judged(self._trainer, serving, candidate, tests, known, new_needs)
        return {**verdict, "seconds": round((self._clock.now() - began).total_seconds(), 1)}

    async def _asked(self, lesson: Lesson, now: datetime) -> tuple[str | None, Evidence]:
        """Return the promoted model's id and what a candidate is asked."""
        async with self._store.read() as uow:
            said = await uow.channel_states.get(KEY)
            return str(said["model"]) if said else None, await evidence(uow, lesson.examples, now)

    async def _beat(self, training_id: int, told: _Told) -> bool:
        """Say that somebody trains, and how far it is; false once its training was cancelled elsewhere."""
        async with self._store.begin(relaxed=True) as uow:
            training = await uow.teaching.training(training_id)
            if training.state is not TrainingState.RUNNING:
                return False
            going = replace(training, beat_at=self._clock.now(), progress=told.what, share=told.share)
            await uow.teaching.save_training(going)
            if (going.progress, going.share) != (training.progress, training.share):
                await uow.feed.publish(TEACHING, None, {"training": training_id})
        return True

    async def _end(self, training_id: int, lesson: Lesson, model: KeptModel | None, ended: _Ended) -> None:
        """Store how it ended, unless it was cancelled or given up meanwhile; harmless when called again.

        Where a customer was forgotten meanwhile it was cancelled: model and verdict may know words of theirs. A model
        that is nobody's is deleted.
        """
        now = self._clock.now()
        async with self._store.begin() as uow:
            if await uow.teaching.newest_erasure(lock=True) != lesson.erasure:
                log.info("training_outdated", training_id=training_id)
                ended = _Ended(TrainingState.CANCELLED, {})
            training = await uow.teaching.training(training_id)
            if training.state is TrainingState.RUNNING:
                training = replace(training, state=ended.state, ended_at=now, **ended.found)
                await uow.teaching.save_training(training)
                await uow.audit.write(now, "house", f"training.{ended.state.value}", f"training {training_id}")
                await uow.feed.publish(TEACHING, None, {"training": training_id})
            kept = model is None or await self._somebodys(uow, model)
        if model is not None and not kept:
            await self._discard(model)

    async def _somebodys(self, uow: UnitOfWork, model: KeptModel) -> bool:
        """Tell whether a model serves, served, or is what a training came to.

        The same data give a model of the same id, so it may be an earlier training's. Whoever promoted it before it
        was judged meant it.
        """
        said = await uow.channel_states.get(KEY) or {}
        if model.id in (said.get("model"), *said.get("history", [])) or await uow.teaching.judged([model.id]):
            return True
        return await asyncio.to_thread(self._trainer.untaught) == model

    async def _discard(self, model: KeptModel) -> None:
        try:
            await asyncio.to_thread(self._shelf.discard, model)
        except OSError as failure:
            log.warning("model_not_discarded", model_id=model.id, file=model.file, reason=str(failure))


def _name(training_id: int) -> str:
    return f"training {training_id}"
