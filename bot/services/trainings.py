"""Trainings: one at a time, in a process of its own, and each may be cancelled.

Whoever trains gives signs of life. A training that has been silent for longer than that was interrupted, by a restart
say; it changed nothing, and the house starts it again by itself, once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

import structlog

from bot.domain.errors import Invalid
from bot.domain.staff import StaffMember, require_lead
from bot.domain.teaching.assembling import assemble
from bot.domain.teaching.dataset import Dataset, DatasetFault
from bot.domain.teaching.examples import Example
from bot.domain.teaching.needs import for_training
from bot.services.judging import Evidence, evidence, judged
from bot.services.kept_alive import insisted, kept_alive, started
from bot.services.ports import Clock, Store, UnitOfWork
from bot.services.ports_teach import Training, TrainingState
from bot.services.ports_training import Trainer, TrainingFailed
from bot.services.refusals import NotNow
from bot.services.reviewing import KIND
from bot.services.serving import KEY, KeptModel, ModelShelf

log = structlog.get_logger(__name__)

BEAT_SECONDS: Final = 1.0
SILENCE: Final = timedelta(seconds=30)
RESUMED_WITHIN: Final = timedelta(days=1)
"""An interrupted training that is older is nobody's wish any more."""
LISTED: Final = 50
MOST_EXAMPLES: Final = 100_001
"""One more than a dataset may hold, so that too many are noticed."""
MOST_FAULTS: Final = 100
JUDGING: Final = "gate"
"""The step that follows the trainer's own."""
SHELL: Final = "shell"

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


class Trainings:
    """Starts, follows and cancels trainings."""

    def __init__(self, *, store: Store, clock: Clock, trainer: Trainer, shelf: ModelShelf) -> None:
        self._store = store
        self._clock = clock
        self._trainer = trainer
        self._shelf = shelf
        self._tasks: dict[int, asyncio.Task[None]] = {}

    async def list(self, staff: StaffMember) -> tuple[Sequence[Training], dict[int, str]]:
        """Return the trainings, the newest first, and the names of staff. Raises `NotPermitted`."""
        require_lead(staff)
        async with self._store.begin() as uow:
            await self._end_silent(uow)
            return await uow.teaching.trainings(LISTED), await uow.staff.names()

    async def start(self, staff: StaffMember) -> Training:
        """Train on what was taught so far; a dataset with faults gives a failed training that names them all.

        Raises:
            NotPermitted: the person does not lead.
            ForbiddenMove: another training runs.
        """
        require_lead(staff)
        return await self._start(await self.lesson(), staff.id, f"staff:{staff.id}")

    async def run(self, lesson: Lesson, heard: Heard) -> Training:
        """Train for the shell, to the end; one that is stopped there was cancelled.

        Raises:
            ForbiddenMove: another training runs.
        """
        training = await self._start(lesson, None, SHELL, heard=heard)
        task = self._tasks.get(training.id)
        try:
            if task is not None:
                await asyncio.shield(task)
        except asyncio.CancelledError:
            async with self._store.begin() as uow:
                await self._cancel(uow, await uow.teaching.training(training.id), SHELL)
            await self.close()
            raise
        async with self._store.begin() as uow:
            return await uow.teaching.training(training.id)

    async def resume(self) -> Training | None:
        """Start the newest training again where it was interrupted, once; harmless when called again."""
        async with self._store.begin() as uow:
            await self._end_silent(uow)
            newest = next(iter(await uow.teaching.trainings(1)), None)
        if newest is None or newest.state is not TrainingState.INTERRUPTED or newest.resumes is not None:
            return None
        if self._clock.now() - newest.started_at > RESUMED_WITHIN:
            return None
        log.info("training_resumed", training_id=newest.id)
        try:
            return await self._start(await self.lesson(), newest.started_by, "house", resumes=newest.id)
        except NotNow:
            return None  # another host was faster, or somebody started one

    async def cancel(self, staff: StaffMember, training_id: int) -> Training:
        """Stop a training; it leaves nothing behind. One that has ended stays as it is.

        Raises:
            NotPermitted: the person does not lead.
            Unknown: there is no such training.
        """
        require_lead(staff)
        async with self._store.begin() as uow:
            training = await self._cancel(uow, await uow.teaching.training(training_id), f"staff:{staff.id}")
        if task := self._tasks.get(training_id):
            task.cancel()
        return training

    async def close(self) -> None:
        """Stop whatever trains here; it is marked as interrupted."""
        for task in list(self._tasks.values()):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def lesson(self) -> Lesson:
        """Gather what was taught so far."""
        async with self._store.read() as uow:
            erasure = await uow.teaching.newest_erasure()
            taught = await uow.teaching.approved(MOST_EXAMPLES)
            needs = for_training(await uow.needs.listed())
        dataset = await asyncio.to_thread(lambda: assemble(self._trainer.base(), taught, needs))
        waiting = {one.intent for one in dataset.unlearned if not one.text}
        odd = {(one.intent, one.text) for one in dataset.unlearned if one.text}
        learned = [one for one in taught if one.label not in waiting and (one.label, one.text) not in odd]
        return Lesson(dataset=dataset, examples=learned, erasure=erasure)

    # --- while it runs ------------------------------------------------------------------------------------------------

    async def _start(
        self,
        lesson: Lesson,
        staff_id: int | None,
        actor: str,
        *,
        resumes: int | None = None,
        heard: Heard | None = None,
    ) -> Training:
        faults = await asyncio.to_thread(lesson.dataset.faults)
        now = self._clock.now()
        async with self._store.begin() as uow:
            if await uow.teaching.newest_erasure(lock=True) != lesson.erasure:
                raise NotNow("Một khách vừa được xoá dữ liệu, anh/chị bắt đầu lại giúp.")
            await self._end_silent(uow)
            training = await uow.teaching.start_training(
                staff_id,
                len(lesson.dataset.lines),
                now,
                resumes=resumes,
                needs=[one.intent for one in lesson.dataset.needs],
                unlearned=lesson.dataset.unlearned,
            )
            if training is None:
                raise NotNow("Đang có một lần huấn luyện khác, anh/chị đợi xong hoặc dừng lần đó trước.")
            if faults:
                told = tuple(map(_worded, faults))
                training = replace(training, state=TrainingState.FAILED, ended_at=now, faults=told[:MOST_FAULTS])
                await uow.teaching.save_training(training)
            await uow.audit.write(now, actor, "training.start", f"training {training.id}", resumes=resumes)
            await uow.feed.publish(KIND, None, {"training": training.id})
        if not faults:
            task = started(_name(training.id), self._run(training.id, lesson, _Told(heard)))
            self._tasks[training.id] = task
            task.add_done_callback(lambda _done: self._tasks.pop(training.id, None))
        return training

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
                await uow.feed.publish(KIND, None, {"training": training_id})
        return True

    async def _cancel(self, uow: UnitOfWork, training: Training, actor: str) -> Training:
        if training.state is not TrainingState.RUNNING:
            return training
        now = self._clock.now()
        cancelled = replace(training, state=TrainingState.CANCELLED, ended_at=now)
        await uow.teaching.save_training(cancelled)
        await uow.audit.write(now, actor, "training.cancel", f"training {training.id}")
        await uow.feed.publish(KIND, None, {"training": training.id})
        return cancelled

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
                await uow.feed.publish(KIND, None, {"training": training_id})
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

    async def _end_silent(self, uow: UnitOfWork) -> None:
        """Mark a training as interrupted whose trainer has fallen silent; ours lives, whatever keeps it silent."""
        now = self._clock.now()
        running = await uow.teaching.running()
        if running is not None and running.id not in self._tasks and now - running.beat_at > SILENCE:
            await uow.teaching.save_training(replace(running, state=TrainingState.INTERRUPTED, ended_at=now))
            await uow.audit.write(now, "house", "training.interrupted", f"training {running.id}")
            await uow.feed.publish(KIND, None, {"training": running.id})


def _worded(fault: DatasetFault) -> str:
    """Say a fault, and which sentence or need has it where its reason does not."""
    told = not fault.subject or f"“{fault.subject}”" in fault.reason
    return fault.reason if told else f"“{fault.subject}”: {fault.reason}"


def _name(training_id: int) -> str:
    return f"training {training_id}"
