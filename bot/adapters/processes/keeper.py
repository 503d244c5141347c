"""Keeps one part of the product running: starts it, watches it, starts it again, and stops it when asked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from bot.adapters.processes.child import Child
from bot.adapters.processes.logs import RotatingLog
from bot.adapters.processes.spec import CannotStart, ChildSpec
from bot.adapters.processes.status import PartStatus
from bot.domain.supervision import BackOff, Part, PartState

_PROBE_EVERY = 0.1
_LOOK_EVERY = 5.0


class Keeper:
    """The supervisor of one part. `run` lasts until `stop`."""

    def __init__(
        self,
        spec: ChildSpec,
        *,
        logs: Path,
        now: Callable[[], datetime],
        changed: Callable[[Keeper], None],
        trouble: Callable[[ChildSpec, str], None],
        back_off: BackOff | None = None,
    ) -> None:
        """Keep this part. `changed` hears every move, `trouble` every line of the log that speaks of trouble."""
        self.spec = spec
        self.log = RotatingLog(logs / f"{spec.name}.log")
        self.part = Part(name=spec.name, back_off=back_off or BackOff())
        self.ready = asyncio.Event()
        """Set while the part answers its probe."""
        self._now = now
        self._changed = changed
        self._trouble = trouble
        self._since = now()
        self._child: Child | None = None
        self._stop = asyncio.Event()

    async def run(self) -> None:
        """Start the part, and start it again whenever it dies, until `stop` is called."""
        while not self._stop.is_set():
            how = await self._live_once()
            self.ready.clear()
            if self._stop.is_set():
                break
            self._become(self.part.exited(_monotonic(), how))
            pause = (self.part.retry_at or 0) - _monotonic()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), max(pause, 0))

    async def stop(self) -> None:
        """End the part and do not start it again. Returns when it is gone, at the latest after its grace."""
        self._stop.set()
        self.ready.clear()
        self._become(self.part.stopping(_monotonic()))
        how = await self._child.stop() if self._child is not None and self._child.alive else None
        if self.part.state is PartState.STOPPING:
            self._become(self.part.stopped(_monotonic(), how))

    def kill(self) -> None:
        """End the part at once."""
        self._stop.set()
        if self._child is not None:
            self._child.kill()

    def status(self) -> PartStatus:
        """Return how the part is now."""
        return PartStatus(
            name=self.spec.name,
            state=str(self.part.state),
            pid=self._child.pid if self._child is not None and self._child.alive else None,
            since=self._since.isoformat(timespec="milliseconds"),
            restarts=self.part.restarts,
            last_exit=self.part.last_exit,
        )

    async def _live_once(self) -> str:
        """Let the part live one life; return how it ended."""
        self._become(self.part.started(_monotonic()))
        try:
            await self.spec.prepare()
            child = await Child.start(self.spec, self.log, lambda line: self._trouble(self.spec, line))
        except (CannotStart, OSError) as error:
            self._trouble(self.spec, str(error))
            return str(error)
        self._child = child
        if self._stop.is_set():  # asked to stop while it was being started
            return await child.stop()
        watch = asyncio.create_task(self._watch(child), name=f"watch-{self.spec.name}")
        try:
            return await child.wait()
        finally:
            watch.cancel()
            with suppress(asyncio.CancelledError):
                await watch

    async def _watch(self, child: Child) -> None:
        """Notice that the part has become of use, and kill it when it hangs."""
        started = _monotonic()
        while not await self.spec.probe():
            if self.spec.start_limit is not None and _monotonic() - started > self.spec.start_limit:
                self._trouble(self.spec, f"not ready after {self.spec.start_limit:.0f} s, killed")
                child.kill()
                return
            await asyncio.sleep(_PROBE_EVERY)
        if not self._stop.is_set():
            self._become(self.part.ready(_monotonic()))
            self.ready.set()
        await self._watch_for_hanging(child)

    async def _watch_for_hanging(self, child: Child) -> None:
        silent_since: float | None = None
        while self.spec.hang_limit is not None:
            await asyncio.sleep(min(_LOOK_EVERY, self.spec.hang_limit / 2))
            if await self.spec.probe():
                silent_since = None
                continue
            silent_since = silent_since or _monotonic()
            if _monotonic() - silent_since >= self.spec.hang_limit:
                self._trouble(self.spec, f"no answer for {self.spec.hang_limit:.0f} s, killed")
                child.kill()
                return

    def _become(self, part: Part) -> None:
        if part is not self.part:
            self.part = part
            self._since = self._now()
            self._changed(self)


def _monotonic() -> float:
    return asyncio.get_running_loop().time()
