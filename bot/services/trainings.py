"""Trainings that somebody starts from the console: one at a time, in a process of its own, and each may be cancelled.

Whoever trains gives signs of life. A training that has been silent for longer than that was interrupted, by a restart
say; it changed nothing and can be started again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

import structlog

from bot.domain.errors import Invalid
from bot.domain.staff import StaffMember, require_lead
from bot.domain.teaching.dataset import Dataset, assemble
from bot.domain.teaching.examples import Example
from bot.services.judging import judged
from bot.services.ports import Clock, Store, UnitOfWork
from bot.services.ports_teach import Training, TrainingState
from bot.services.ports_training import Trainer, TrainingFailed
from bot.services.refusals import NotNow
from bot.services.reviewing import KIND
from bot.services.serving import KEY, KeptModel, ModelShelf

log = structlog.get_logger(__name__)

BEAT_SECONDS: Final = 1.0
SILENCE: Final = timedelta(seconds=30)
LISTED: Final = 50
MOST_EXAMPLES: Final = 100_001
"""One more than a dataset may hold, so that too many are noticed."""
MOST_FAULTS: Final = 100
JUDGING: Final = "gate"
"""The step that follows the trainer's own."""


@dataclass
class _Told:
    """What the trainer said last."""

    what: str = "check data"
    share: float = 0.0

    def hear(self, what: str, share: float) -> None:
        """Remember it; the share never goes back."""
        self.what, self.share = what, max(self.share, min(share, 0.95))


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
        async with self._store.read() as uow:
            taught = await uow.teaching.approved(MOST_EXAMPLES)
        dataset = await asyncio.to_thread(lambda: assemble(self._trainer.base(), taught))
        faults = await asyncio.to_thread(dataset.faults)
        now = self._clock.now()
        async with self._store.begin() as uow:
            await self._end_silent(uow)
            training = await uow.teaching.start_training(staff.id, len(dataset.lines), now)
            if training is None:
                raise NotNow("Đang có một lần huấn luyện khác, anh/chị đợi xong hoặc dừng lần đó trước.")
            if faults:
                told = tuple(f"{one.subject}: {one.reason}" if one.subject else one.reason for one in faults)
                training = replace(training, state=TrainingState.FAILED, ended_at=now, faults=told[:MOST_FAULTS])
                await uow.teaching.save_training(training)
            await uow.audit.write(now, f"staff:{staff.id}", "training.start", f"training {training.id}")
            await uow.feed.publish(KIND, None, {"training": training.id})
        if not faults:
            task = asyncio.create_task(self._run(training.id, dataset, taught), name=f"training-{training.id}")
            self._tasks[training.id] = task
            task.add_done_callback(lambda _done: self._tasks.pop(training.id, None))
        return training

    async def cancel(self, staff: StaffMember, training_id: int) -> Training:
        """Stop a training; it leaves nothing behind. One that has ended stays as it is.

        Raises:
            NotPermitted: the person does not lead.
            Unknown: there is no such training.
        """
        require_lead(staff)
        async with self._store.begin() as uow:
            training = await uow.teaching.training(training_id)
            if training.state is TrainingState.RUNNING:
                now = self._clock.now()
                training = replace(training, state=TrainingState.CANCELLED, ended_at=now)
                await uow.teaching.save_training(training)
                await uow.audit.write(now, f"staff:{staff.id}", "training.cancel", f"training {training_id}")
                await uow.feed.publish(KIND, None, {"training": training_id})
        if task := self._tasks.get(training_id):
            task.cancel()
        return training

    async def close(self) -> None:
        """Stop whatever trains here; it is marked as interrupted."""
        for task in list(self._tasks.values()):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    # --- while it runs ------------------------------------------------------------------------------------------------

    async def _run(self, training_id: int, dataset: Dataset, taught: Sequence[Example]) -> None:
        told = _Told()
        beats = asyncio.create_task(self._beat(training_id, told, asyncio.current_task()))
        try:
            model = await self._trainer.train(dataset, told.hear)
            told.hear(JUDGING, told.share)
            gate = await self._judge(model, taught)
        except TrainingFailed as failure:
            log.warning("training_failed", training_id=training_id, faults=failure.faults[:3])
            await self._end(training_id, TrainingState.FAILED, faults=failure.faults[:MOST_FAULTS])
        except (OSError, Invalid) as failure:
            log.warning("training_failed", training_id=training_id, fault=str(failure))
            await self._end(training_id, TrainingState.FAILED, faults=(str(failure),))
        except asyncio.CancelledError:
            await self._end(training_id, TrainingState.INTERRUPTED)
            raise
        else:
            await self._end(training_id, TrainingState.DONE, share=1.0, model_id=model.id, gate=gate)
        finally:
            beats.cancel()

    async def _judge(self, candidate: KeptModel, taught: Sequence[Example]) -> dict[str, Any] | None:
        """Return the gate's verdict, ``None`` where nothing serves that it could be compared with."""
        async with self._store.read() as uow:
            said = await uow.channel_states.get(KEY)
        serving = self._shelf.find(str(said["model"])) if said else await asyncio.to_thread(self._trainer.untaught)
        if serving is None:
            return None
        tests = await asyncio.to_thread(self._trainer.tests)
        return await judged(self._trainer, serving, candidate, tests, taught)

    async def _beat(self, training_id: int, told: _Told, runner: asyncio.Task[None] | None) -> None:
        """Say that somebody trains, and how far it is; stop the runner once its training was cancelled elsewhere."""
        while True:
            async with self._store.begin(relaxed=True) as uow:
                training = await uow.teaching.training(training_id)
                if training.state is not TrainingState.RUNNING:
                    break
                going = replace(training, beat_at=self._clock.now(), progress=told.what, share=told.share)
                await uow.teaching.save_training(going)
                if (going.progress, going.share) != (training.progress, training.share):
                    await uow.feed.publish(KIND, None, {"training": training_id})
            await asyncio.sleep(BEAT_SECONDS)
        if runner is not None:
            runner.cancel()

    async def _end(self, training_id: int, state: TrainingState, **found: Any) -> None:
        """Store how it ended, unless it was cancelled or given up meanwhile."""
        now = self._clock.now()
        async with self._store.begin() as uow:
            training = await uow.teaching.training(training_id)
            if training.state is TrainingState.RUNNING:
                await uow.teaching.save_training(replace(training, state=state, ended_at=now, **found))
                await uow.audit.write(now, "house", f"training.{state.value}", f"training {training_id}")
                await uow.feed.publish(KIND, None, {"training": training_id})

    async def _end_silent(self, uow: UnitOfWork) -> None:
        now = self._clock.now()
        running = await uow.teaching.running()
        if running is not None and now - running.beat_at > SILENCE:
            ended = replace(running, state=TrainingState.INTERRUPTED, ended_at=now)
            await uow.teaching.save_training(ended)
