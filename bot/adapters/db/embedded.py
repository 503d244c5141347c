"""A PostgreSQL server of our own, in the data directory, with nothing installed on the machine.

The server is always started *inside* its directory and told that its data are at `/proc/self/cwd`. So it needs no way
through the folders above, which may be closed to the account it runs under, and the path may have any length.
"""

from __future__ import annotations

import asyncio
import fcntl
import hashlib
import os
import signal
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from bot.adapters.db.embedded_binaries import binaries_for
from bot.adapters.db.embedded_cluster import (
    ADMIN,
    ENV,
    HERE,
    ROLE,
    SETTINGS,
    Programs,
    create_cluster,
    require_version,
    write_access_rules,
)
from bot.adapters.db.embedded_leftovers import clear_leftovers
from bot.adapters.processes.account import account_for
from bot.adapters.processes.child import Child
from bot.adapters.processes.logs import RotatingLog
from bot.adapters.processes.spec import CannotStart, ChildSpec

_LONGEST_SOCKET = 107  # bytes that fit into a socket address, its closing zero left out
_SOCKET = ".s.PGSQL.5432"


class EmbeddedPostgres:
    """The server of one data directory. `start` attaches where another process of ours already runs it."""

    def __init__(self, data: Path, *, tell: Callable[[str], None] | None = None) -> None:
        """Speak of the server below this data directory. `tell` hears of long waits, in Vietnamese."""
        self.data = data.absolute()
        self.cluster = self.data / "postgres"
        self._tell = tell or (lambda _: None)
        self._lock: int | None = None
        self._child: Child | None = None

    @property
    def owned(self) -> bool:
        """True while this object, and no other process, answers for the server."""
        return self._lock is not None

    @property
    def pid(self) -> int | None:
        """The id of the server that `start` began, if it did."""
        return self._child.pid if self._child is not None and self._child.alive else None

    @cached_property
    def programs(self) -> Programs:
        """PostgreSQL's programs, pg_dump and psql among them. Raises CannotStart where there are none for us."""
        account = account_for(self.cluster)
        return Programs(binaries_for(account), account)

    @cached_property
    def folder(self) -> Path:
        """Where clients find the socket: the cluster, or a short name for it where its path is too long."""
        if len(os.fsencode(self.cluster / _SOCKET)) <= _LONGEST_SOCKET:
            return self.cluster
        return _short_name(self.cluster)

    def dsn(self, database: str = ROLE, *, admin: bool = False) -> str:
        """Return the address of a database for libpq, psycopg and SQLAlchemy. `admin` is the superuser."""
        return f"postgresql://{ADMIN if admin else ROLE}@/{database}?host={quote(str(self.folder), safe='')}"

    async def start(self, *, limit: float = 300.0) -> None:
        """Start the server and create our database, or attach to the one that another process of ours runs.

        Raises:
            CannotStart: it does not come up within `limit` seconds, a recovery after a crash included.
        """
        end = _monotonic() + limit
        while _monotonic() < end:
            if self._take_lock():
                if await self._start_once(end):
                    return
            elif await self.answers():
                return
            await asyncio.sleep(0.2)  # what a killed server held may take a moment to be free
        self.release()
        tail = "\n".join(RotatingLog(self.data / "logs" / "database.log").tail())
        raise CannotStart(f"Cơ sở dữ liệu không khởi động được.\n{tail}")

    async def stop(self) -> None:
        """Stop the server if this object started it; otherwise only let go."""
        if self._child is not None:
            await self._child.stop()
            self._child = None
        self.release()

    async def __aenter__(self) -> Self:
        """Start or attach."""
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop or let go."""
        await self.stop()

    async def initialise(self) -> bool:
        """Create the server's files if there are none; return whether there were none.

        Raises:
            CannotStart: they cannot be created, those that are there are not for us, or another process runs them.
        """
        held = self.owned
        self._require_lock()
        try:
            if not (self.cluster / "PG_VERSION").exists():
                await create_cluster(self.cluster, self.programs)
                return True
            require_version(self.cluster)
            return False
        finally:
            if not held:
                self.release()

    async def prepare(self) -> None:
        """Make the directory ready for a start: it is ours alone, nothing of a killed server is left in it.

        Raises:
            CannotStart: another process of ours runs this server.
        """
        self._require_lock()
        await self.initialise()
        await clear_leftovers(self.cluster, tell=self._tell)
        write_access_rules(self.cluster, self.programs.account)

    def spec(self) -> ChildSpec:
        """Return the server as a process to supervise. `initialise` must have been called."""
        settings = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
        return ChildSpec(
            name="database",
            label="Cơ sở dữ liệu",
            command=(self.programs.path("postgres"), "-D", HERE, *settings),
            env=ENV,
            cwd=self.cluster,
            account=self.programs.account,
            prepare=self.prepare,
            probe=self.answers,
            stop_signal=signal.SIGINT,  # "fast": open transactions are rolled back, and nothing needs recovery
            stop_grace=4.0,
            death_signal=signal.SIGINT,
        )

    async def answers(self) -> bool:
        """Tell whether the server accepts connections now."""
        code, _ = await self.programs.run("pg_isready", "-q", "-t", "2", "-h", str(self.folder), "-U", ADMIN)
        return code == 0

    async def ensure_database(self) -> None:
        """Create our role and our database, unless they are there. Raises CannotStart where the server refuses."""
        if not await self.sql(f"SELECT 1 FROM pg_roles WHERE rolname = '{ROLE}'"):  # noqa: S608 - a constant
            await self.sql(f"CREATE ROLE {ROLE} LOGIN CREATEDB")
        if not await self.sql(f"SELECT 1 FROM pg_database WHERE datname = '{ROLE}'"):  # noqa: S608 - a constant
            await self.sql(f"CREATE DATABASE {ROLE} OWNER {ROLE}")

    async def sql(self, statement: str) -> str:
        """Run one statement as superuser and return its rows as text. Raises CannotStart where the server refuses."""
        options = ("-XqAt", "-v", "ON_ERROR_STOP=1", "-h", str(self.folder), "-U", ADMIN, "-d", ADMIN)
        code, output = await self.programs.run("psql", *options, "-c", statement)
        if code != 0:
            raise CannotStart(f"PostgreSQL từ chối: {output.strip()}")
        return output.strip()

    def release(self) -> None:
        """Let another process answer for the server from now on."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _require_lock(self) -> None:
        if not self._take_lock():
            raise CannotStart("Một lệnh letan khác đang mở cơ sở dữ liệu này; sẽ thử lại.")

    def _take_lock(self) -> bool:
        """Become the one process that runs this server. The kernel frees the lock when we die."""
        if self._lock is not None:
            return True
        self._make_data()
        try:
            handle = os.open(self.data / "postgres.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise CannotStart(f"Không ghi được vào thư mục dữ liệu {self.data}: {error.strerror}.") from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return False
        self._lock = handle
        return True

    async def _start_once(self, end: float) -> bool:
        """Start the server once; false when it ended before it answered."""
        await self.prepare()
        child = await Child.start(self.spec(), RotatingLog(self.data / "logs" / "database.log"), None)
        begun, told = _monotonic(), False
        while child.alive and _monotonic() < end:
            if await self.answers():
                self._child = child
                await self.ensure_database()
                return True
            if not told and _monotonic() - begun > 5:
                told = True
                self._tell("Cơ sở dữ liệu đang phục hồi sau lần dừng đột ngột, xin chờ.")
            await asyncio.sleep(0.05)
        await child.stop()
        return False

    def _make_data(self) -> None:
        try:
            self.data.mkdir(parents=True, exist_ok=True, mode=0o700)
            (self.data / "logs").mkdir(exist_ok=True)
        except OSError as error:
            raise CannotStart(f"Không tạo được thư mục dữ liệu {self.data}: {error.strerror}.") from error


def _short_name(cluster: Path) -> Path:
    """Return a link to the cluster with a short path, in a folder that only we may enter."""
    base = Path(os.environ.get("XDG_RUNTIME_DIR") or "/tmp")  # noqa: S108 - what lies there is checked below
    ours = (base if os.access(base, os.W_OK) else Path("/tmp")) / f"letan-{os.geteuid()}"  # noqa: S108 - as above
    ours.mkdir(mode=0o700, exist_ok=True)
    facts = ours.lstat()
    if ours.is_symlink() or facts.st_uid != os.geteuid() or facts.st_mode & 0o077:
        raise CannotStart(f"Đường dẫn dữ liệu quá dài, và {ours} không phải của riêng ta. Hãy chọn --data ngắn hơn.")
    link = ours / hashlib.sha256(os.fsencode(cluster)).hexdigest()[:12]
    if not link.is_symlink():
        fresh = link.with_suffix(f".{os.getpid()}")
        fresh.symlink_to(cluster)
        fresh.replace(link)
    return link


def _monotonic() -> float:
    return asyncio.get_running_loop().time()
