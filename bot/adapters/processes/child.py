"""One running process: started in a session of its own, logged, and never left behind."""

from __future__ import annotations

import asyncio
import ctypes
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from bot.adapters.processes.logs import Announcer, RotatingLog
from bot.adapters.processes.spec import CannotStart, ChildSpec

_PR_SET_PDEATHSIG = 1
_APPEND = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
_LIBC = ctypes.CDLL(None, use_errno=True)


def dies_with_us(parent: int, death: signal.Signals) -> Callable[[], None]:
    """Return what a child does between fork and exec so that it does not outlive us.

    It runs after the child has taken its own account, because the kernel forgets the wish when the account changes.
    """
    number = int(death)
    prctl = _LIBC.prctl

    def bind() -> None:
        prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0)
        if os.getppid() != parent:  # we died before the wish was made
            os._exit(1)

    return bind


class Child:
    """A process that runs. Create it with `start`."""

    def __init__(self, spec: ChildSpec, process: asyncio.subprocess.Process, log: RotatingLog) -> None:
        self.spec = spec
        self.log = log
        self._process = process
        self._pump: asyncio.Task[None] | None = None

    @classmethod
    async def start(cls, spec: ChildSpec, log: RotatingLog, tell: Callable[[str], None] | None) -> Child:
        """Run the command. `tell` gets the lines of its output that speak of trouble.

        Without `tell` the process writes the log file itself: nothing rotates it, and nobody has to keep reading.

        Raises:
            CannotStart: the command does not exist or may not be run.
        """
        lowered: dict[str, Any] = {}
        if spec.account is not None:
            lowered = {"user": spec.account.uid, "group": spec.account.gid, "extra_groups": []}
        # The pipe is ours and not asyncio's: there a process counts as running for as long as anybody holds its output,
        # so that one with a surviving child of its own would never be started again.
        source, sink = (None, os.open(log.path, _APPEND, 0o644)) if tell is None else os.pipe()
        try:
            process = await asyncio.create_subprocess_exec(
                *spec.command,
                cwd=spec.cwd,
                env=dict(spec.env),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=sink,
                stderr=asyncio.subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=dies_with_us(os.getpid(), spec.death_signal),
                **lowered,
            )
        except OSError as error:
            if source is not None:
                os.close(source)
            raise CannotStart(f"Không chạy được {spec.command[0]}: {error.strerror}") from error
        finally:
            os.close(sink)
        child = cls(spec, process, log)
        if source is not None and tell is not None:
            child._pump = asyncio.create_task(child._copy(source, Announcer(tell)), name=f"log-{spec.name}")
        return child

    @property
    def pid(self) -> int:
        """The process id, which is also the id of its group."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """False once its end has been noticed."""
        return self._process.returncode is None

    async def wait(self) -> str:
        """Wait for its end and return how it ended. What it left running in its group is killed."""
        code = await self._process.wait()
        self._kill_group()
        if self._pump is not None:
            _, late = await asyncio.wait({self._pump}, timeout=1)
            for task in late:  # somebody outside the group still holds the pipe
                task.cancel()
        return describe(code)

    async def stop(self) -> str:
        """End it: the polite signal, the grace, SIGKILL. Returns how it ended."""
        with suppress(ProcessLookupError):
            self._process.send_signal(self.spec.stop_signal)
        try:
            return await asyncio.wait_for(self.wait(), self.spec.stop_grace)
        except TimeoutError:
            self.kill()
            return await self.wait()

    def kill(self) -> None:
        """End it at once, with everything in its group."""
        self._kill_group()
        with suppress(ProcessLookupError):
            self._process.kill()

    def _kill_group(self) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)

    async def _copy(self, handle: int, hear: Announcer) -> None:
        """Copy the output to the log until nobody holds the pipe any more."""
        reader = asyncio.StreamReader()
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(handle, "rb")
        )
        try:
            while chunk := await reader.read(65_536):
                self.log.write(chunk)
                hear.feed(chunk)
        finally:
            transport.close()


def describe(code: int) -> str:
    """Return an exit code in words; a negative one is the number of a signal."""
    if code >= 0:
        return f"exit status {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"
