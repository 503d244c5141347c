"""Trainings: one at a time, in a process of its own, and each may be cancelled.

Whoever trains gives signs of life. A training that has been silent for longer than that was interrupted, by a restart
say; it changed nothing, and the house starts it again by itself, once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

import structlog

from bot.domain.staff import StaffMember, require_lead
from bot.domain.teaching.assembling import assemble
from bot.domain.teaching.dataset import DatasetFault
from bot.domain.teaching.needs import for_training
from bot.services.ports import Clock, Store, UnitOfWork
from bot.services.ports_teach import Training, TrainingState
from bot.services.ports_training import Trainer
from bot.services.refusals import NotNow
from bot.services.reviewing import KIND
from bot.services.serving import ModelShelf
from bot.services.training_runs import MOST_FAULTS, Heard, Lesson, TrainingRuns

log = structlog.get_logger(__name__)

SILENCE: Final = timedelta(seconds=30)
RESUMED_WITHIN: Final = timedelta(days=1)
"""An interrupted training that is older is nobody's wish any more."""
LISTED: Final = 50
MOST_EXAMPLES: Final = 100_001
"""One more than a dataset may hold, so that too many are noticed."""
SHELL: Final = "shell"


class Trainings:
    """Starts, follows and cancels trainings."""

    def __init__(self, *, store: Store, clock: Clock, trainer: Trainer, shelf: ModelShelf) -> None:
        self._store = store
        self._clock = clock
        self._trainer = trainer
        self._runs = TrainingRuns(store=store, clock=clock, trainer=trainer, shelf=shelf)

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
        try:
            await self._runs.over(training.id)
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
        self._runs.stop(training_id)
        return training

    async def close(self) -> None:
        """Stop whatever trains here; it is marked as interrupted."""
        await self._runs.close()

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

    # --- steps --------------------------------------------------------------------------------------------------------

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
            self._runs.begin(training.id, lesson, heard)
        return training

    async def _cancel(self, uow: UnitOfWork, training: Training, actor: str) -> Training:
        if training.state is not TrainingState.RUNNING:
            return training
        now = self._clock.now()
        cancelled = replace(training, state=TrainingState.CANCELLED, ended_at=now)
        await uow.teaching.save_training(cancelled)
        await uow.audit.write(now, actor, "training.cancel", f"training {training.id}")
        await uow.feed.publish(KIND, None, {"training": training.id})
        return cancelled

    async def _end_silent(self, uow: UnitOfWork) -> None:
        """Mark a training as interrupted whose trainer has fallen silent; ours lives, whatever keeps it silent."""
        now = self._clock.now()
        running = await uow.teaching.running()
        if running is not None and running.id not in self._runs and now - running.beat_at > SILENCE:
            await uow.teaching.save_training(replace(running, state=TrainingState.INTERRUPTED, ended_at=now))
            await uow.audit.write(now, "house", "training.interrupted", f"training {running.id}")
            await uow.feed.publish(KIND, None, {"training": running.id})


def _worded(fault: DatasetFault) -> str:
    """Say a fault, and which sentence or need has it where its reason does not."""
    told = not fault.subject or f"“{fault.subject}”" in fault.reason
    return fault.reason if told else f"“{fault.subject}”: {fault.reason}"
