"""Everything that `./letan up` runs, from the first step to the last process stopped."""

from __future__ import annotations

import asyncio
import json
import os
import re
import secrets
import signal
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bot.adapters.clock import SystemClock
from bot.adapters.db.embedded import EmbeddedPostgres
from bot.adapters.processes.child import dies_with_us
from bot.adapters.processes.keeper import Keeper
from bot.adapters.processes.place import FRONT_PYTHON, ROOT, front_environment
from bot.adapters.processes.ports import free_port
from bot.adapters.processes.spec import CannotStart, ChildSpec
from bot.adapters.processes.supervisor import Supervisor
from bot.cli import parts
from bot.cli.model_files import ensure
from bot.cli.output import Steps, say, say_json, tell
from bot.cli.parts import Addresses
from bot.domain.supervision import PartState
from bot.settings import Settings

_ASSISTANT_SECONDS = 90.0
_REPEAT_SECONDS = 30.0
_LONGEST_LINE = 300
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Wishes:
    """What was asked for on the command line."""

    host: str
    port: int
    data: Path
    demo: bool
    as_json: bool


class _Stopped(Exception):
    """Somebody asked us to stop."""


class House:
    """One run of the product. Make it inside a running event loop."""

    def __init__(self, wishes: Wishes, settings: Settings) -> None:
        """Prepare a run; nothing happens before `run`."""
        self._wishes = wishes
        self._settings = settings
        self._where = Addresses(
            host=wishes.host,
            port=wishes.port,
            engine_port=free_port(),
            actions_port=free_port(),
            engine_token=secrets.token_urlsafe(32),
        )
        self._database: EmbeddedPostgres | None = None
        self._stop = asyncio.Event()
        self._up = False
        self._told: dict[tuple[str, str], float] = {}
        self._supervisor = Supervisor(
            wishes.data, now=SystemClock().now, changed=self._part_changed, trouble=self._part_troubled
        )

    async def run(self) -> None:
        """Start everything, keep it running until SIGINT, SIGTERM or SIGHUP, and stop everything.

        Raises:
            CannotStart: an essential part does not start; all others have been stopped again.
            Failure: the training data is bad.
        """
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, self._asked_to_stop)
        try:
            with suppress(_Stopped):
                await self._unless_stopped(self._start())
                await self._unless_stopped(self._supervisor.broken())
        finally:
            self._up = False
            await self._supervisor.stop(["front"], ["engine", "actions"], ["database"])
            if self._database is not None:
                self._database.release()

    def _asked_to_stop(self) -> None:
        """Stop in order; asked a second time, at once."""
        if self._stop.is_set():
            self._supervisor.kill()
            return
        tell("Đang dừng …")
        self._stop.set()

    async def _unless_stopped(self, work: Coroutine[None, None, None]) -> None:
        """Await the work, or raise _Stopped as soon as we are asked to stop."""
        working = asyncio.create_task(work)
        stopping = asyncio.create_task(self._stop.wait())
        await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if not self._stop.is_set():
            return working.result()
        working.cancel()
        # A signal to the whole group ends our children too; what the work makes of that is no fault to speak of.
        await asyncio.gather(working, return_exceptions=True)
        raise _Stopped

    # --- the start ----------------------------------------------------------------------------------------------------

    async def _start(self) -> None:
        steps = Steps(4)
        with steps.step("Cơ sở dữ liệu") as step:
            database_url = await self._start_database(step.update)
        with steps.step("Trợ lý tiếng Việt") as step:
            model, _ = await ensure(self._wishes.data, step.update)
        with steps.step("Bảng dữ liệu"):  # while the assistant loads
            self._supervisor.start(parts.actions(self._where, self._wishes.data))
            self._supervisor.start(parts.engine(self._where, model))
            link = await self._prepare_database(database_url)
        with steps.step("Quầy lễ tân"):
            front = self._supervisor.start(parts.front(self._where, {"LETAN_DATABASE_URL": database_url}))
            await self._supervisor.until_ready(front)
            await self._wait_for_assistant()
        self._up = True
        self._greet(link)

    async def _start_database(self, update: Callable[[str], None]) -> str:
        """Start our own server, unless the settings name another one. Return the address."""
        if self._settings.database_url is not None:
            address = self._settings.database_url.get_secret_value()
            await self._run_prepare(address, "--reach")  # before minutes of training, not after
            return address
        self._database = EmbeddedPostgres(self._wishes.data, tell=update)
        await self._database.initialise()
        keeper = self._supervisor.start(self._database.spec())
        await self._supervisor.until_ready(keeper)
        await self._database.ensure_database()
        return self._database.dsn()

    async def _prepare_database(self, database_url: str) -> str | None:
        """Bring the tables up to date; return the link that makes the first admin, if there is none yet."""
        link = json.loads(await self._run_prepare(database_url, *(["--demo"] if self._wishes.demo else [])))[
            "first_admin"
        ]
        return str(link) if link else None

    async def _run_prepare(self, database_url: str, *options: str) -> bytes:
        """Return what it printed. Raises CannotStart with what it said went wrong."""
        process = await asyncio.create_subprocess_exec(
            *(str(FRONT_PYTHON), "-m", "bot.cli.prepare", "--address", self._address, *options),
            cwd=ROOT,
            env=front_environment({"LETAN_DATABASE_URL": database_url}),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            preexec_fn=dies_with_us(os.getpid(), signal.SIGKILL),
        )
        try:
            output, errors = await process.communicate()
        except asyncio.CancelledError:
            process.kill()
            await process.wait()
            raise
        if process.returncode != 0:
            raise CannotStart(errors.decode("utf-8", "replace").strip()[-4000:])
        return output

    async def _wait_for_assistant(self) -> None:
        """Give the assistant time to load; without it the front office works too, and says so."""
        late = [keeper for keeper in self._supervisor.keepers if not keeper.ready.is_set()]
        with suppress(TimeoutError):
            async with asyncio.timeout(_ASSISTANT_SECONDS):
                await asyncio.gather(*(keeper.ready.wait() for keeper in late))
        for keeper in self._supervisor.down():
            tell(f"{keeper.spec.label} chưa sẵn sàng; mọi tin nhắn vẫn được ghi nhận. Nhật ký: {keeper.log.path}")

    # --- what people see ----------------------------------------------------------------------------------------------

    @property
    def _address(self) -> str:
        host = self._where.reachable_host
        shown = f"[{host}]" if ":" in host else host
        return (self._settings.public_url or f"http://{shown}:{self._where.port}").rstrip("/")

    def _greet(self, link: str | None) -> None:
        addresses = {"chat": f"{self._address}/", "desk": f"{self._address}/desk", "first_admin": link}
        if self._wishes.as_json:
            say_json(addresses)
            return
        say()
        say("Lễ Tân đang chạy.")
        say(f"  Khách trò chuyện:  {addresses['chat']}")
        say(f"  Bàn làm việc:      {addresses['desk']}")
        if link is not None:
            say(f"  Tạo quản trị viên đầu tiên (dùng một lần): {link}")
        if self._wishes.demo:
            say(f"  Nhân viên mẫu và mật khẩu: {self._wishes.data / 'demo-staff.json'}")
        say("Ctrl-C để dừng.")

    def _part_changed(self, keeper: Keeper) -> None:
        part = keeper.part
        if not self._up:
            return
        if part.state is PartState.BACKING_OFF:
            tell(f"{keeper.spec.label} đã dừng đột ngột ({part.last_exit}), đang khởi động lại: {keeper.log.path}")
        elif part.state is PartState.RUNNING and part.restarts:
            tell(f"{keeper.spec.label} chạy lại rồi (lần khởi động lại thứ {part.restarts}).")

    def _part_troubled(self, spec: ChildSpec, line: str) -> None:
        """Show a line of a log that speaks of trouble; like ones only now and then."""
        if not self._up:
            return  # a start that fails shows the whole end of the log
        now, key = asyncio.get_running_loop().time(), (spec.name, _NUMBER.sub("", line)[:80])
        if now - self._told.get(key, -_REPEAT_SECONDS) >= _REPEAT_SECONDS:
            self._told[key] = now
            tell(f"[{spec.label}] {line[:_LONGEST_LINE]}")
