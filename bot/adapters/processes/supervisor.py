"""Keeps all parts of the product running together and stops them in order."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from bot.adapters.processes.keeper import Keeper
from bot.adapters.processes.spec import CannotStart, ChildSpec
from bot.adapters.processes.status import STATUS_FILE, write_status
from bot.domain.supervision import BackOff, PartState

_HOPELESS = 3
"""Deaths before the first readiness after which the start of an essential part is given up."""


class Supervisor:
    """The parts that run, and the status file that says how they are."""

    def __init__(
        self,
        data: Path,
        *,
        now: Callable[[], datetime],
        changed: Callable[[Keeper], None],
        trouble: Callable[[ChildSpec, str], None],
        back_off: BackOff | None = None,
    ) -> None:
        """Supervise parts whose logs and status file lie in this data directory."""
        self.keepers: list[Keeper] = []
        self._logs = data / "logs"
        self._logs.mkdir(parents=True, exist_ok=True)
        self._status = data / STATUS_FILE
        self._now = now
        self._heard = changed
        self._trouble = trouble
        self._back_off = back_off
        self._running: list[asyncio.Task[None]] = []

    def start(self, spec: ChildSpec) -> Keeper:
        """Begin to keep this part. Returns at once."""
        keeper = Keeper(
            spec,
            logs=self._logs,
            now=self._now,
            changed=self._changed,
            trouble=self._trouble,
            back_off=self._back_off,
        )
        self.keepers.append(keeper)
        self._running.append(asyncio.create_task(keeper.run(), name=f"keep-{spec.name}"))
        return keeper

    async def until_ready(self, keeper: Keeper) -> None:
        """Wait until the part is of use for the first time.

        Raises:
            CannotStart: it died again and again; the text ends with the last lines of its log.
        """
        while not keeper.ready.is_set():
            if keeper.part.failures >= _HOPELESS:
                tail = "\n".join(f"    {line}" for line in keeper.log.tail())
                raise CannotStart(
                    f"{keeper.spec.label} không chạy được ({keeper.part.last_exit}). Nhật ký {keeper.log.path}:\n{tail}"
                )
            await asyncio.sleep(0.05)

    async def broken(self) -> None:
        """Wait for ever; raise what ended the supervision of a part, should a fault of ours do that."""
        while True:
            done, _ = await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
            await asyncio.sleep(1)  # a part that was stopped on purpose

    async def stop(self, *groups: Sequence[str]) -> None:
        """Stop the named parts group by group, the parts of a group together; then all that is left."""
        order = [set(group) for group in groups]
        named = set().union(*order)
        order.append({keeper.spec.name for keeper in self.keepers} - named)
        for group in order:
            await asyncio.gather(*(keeper.stop() for keeper in self.keepers if keeper.spec.name in group))
        await asyncio.gather(*self._running)
        self._write()

    def kill(self) -> None:
        """End everything at once."""
        for keeper in self.keepers:
            keeper.kill()

    def down(self) -> list[Keeper]:
        """Return the parts that are not of use now."""
        return [keeper for keeper in self.keepers if keeper.part.state is not PartState.RUNNING]

    def _changed(self, keeper: Keeper) -> None:
        self._write()
        self._heard(keeper)

    def _write(self) -> None:
        at = self._now().isoformat(timespec="milliseconds")
        try:
            write_status(self._status, [keeper.status() for keeper in self.keepers], supervisor=os.getpid(), at=at)
        except OSError as error:  # a full disk must not end the supervision
            if self.keepers:
                self._trouble(self.keepers[0].spec, f"{self._status.name}: {error.strerror}")
