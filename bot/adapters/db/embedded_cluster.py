"""The files of an embedded PostgreSQL server: how they come to be, who may connect, how the server is set."""

from __future__ import annotations

import asyncio
import os
import pwd
import shutil
import signal
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.adapters.processes.child import dies_with_us
from bot.adapters.processes.spec import Account, CannotStart

HERE = "/proc/self/cwd"
ROLE = "letan"
"""The role and the database of the product; the role is no superuser."""
ADMIN = "postgres"
MAJOR = "18"
_WORKSHOP = ".postgres-"
ENV: Mapping[str, str] = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TZ": "UTC"}

SETTINGS: Mapping[str, str] = {
    "listen_addresses": "",
    "unix_socket_directories": HERE,
    "unix_socket_permissions": "0700",
    "cluster_name": "letan",
    "max_connections": "80",
    "shared_buffers": "96MB",
    "max_wal_size": "256MB",  # bounds the time that a recovery takes
    "min_wal_size": "64MB",
    "max_parallel_workers_per_gather": "0",  # our queries are short, and containers have little /dev/shm
    "autovacuum_naptime": "15s",  # queue tables are written and emptied all day
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "log_checkpoints": "off",
    "log_line_prefix": "%m [%p] %q%a ",
    "log_timezone": "UTC",
    "timezone": "UTC",
}
"""Given on the command line at every start, so that an upgrade changes them without touching anybody's files."""


@dataclass(frozen=True, slots=True)
class Programs:
    """PostgreSQL's programs and the account that may work inside the cluster."""

    folder: Path
    account: Account | None

    def path(self, name: str) -> str:
        """Return the path of one program."""
        return str(self.folder / name)

    async def run(self, name: str, *arguments: str, inside: Path | None = None) -> tuple[int, str]:
        """Run one program to its end: inside a cluster as its account, elsewhere as ourselves.

        Returns:
            Its exit status and what it said.
        """
        lowered: dict[str, Any] = {}
        if inside is not None and self.account is not None:
            lowered = {"user": self.account.uid, "group": self.account.gid, "extra_groups": []}
        process = await asyncio.create_subprocess_exec(
            self.path(name),
            *arguments,
            cwd=inside or "/",
            env=dict(ENV),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=dies_with_us(os.getpid(), signal.SIGKILL),
            **lowered,
        )
        try:
            output, _ = await process.communicate()
        except asyncio.CancelledError:
            await _end_group(process)
            raise
        return process.returncode or 0, output.decode("utf-8", "replace")


async def _end_group(process: asyncio.subprocess.Process) -> None:
    """Kill a program with all that it started, and wait until they write no more."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    await process.wait()
    with suppress(ProcessLookupError):
        for _ in range(200):
            os.killpg(process.pid, 0)
            await asyncio.sleep(0.01)


async def create_cluster(cluster: Path, programs: Programs) -> None:
    """Create the files of a new server. Interrupted, it leaves nothing at `cluster`. Only one may run at a time.

    Raises:
        CannotStart: they could not be created; the text carries what initdb said.
    """
    for abandoned in cluster.parent.glob(f"{_WORKSHOP}*"):  # of a creation that was killed
        shutil.rmtree(abandoned)
    with tempfile.TemporaryDirectory(dir=cluster.parent, prefix=_WORKSHOP) as workshop:
        fresh = Path(workshop)
        _give(fresh, programs.account)
        code, output = await programs.run(
            "initdb",
            *("-D", HERE, "-U", ADMIN, "--auth=peer", "--encoding=UTF8"),
            *("--locale-provider=builtin", "--locale=C.UTF-8", "--no-instructions"),
            inside=fresh,
        )
        if code != 0:
            raise CannotStart(f"Không tạo được cơ sở dữ liệu:\n{output.strip()}")
        fresh.rename(cluster)
        fresh.mkdir()  # the context manager wants something to remove


def require_version(cluster: Path) -> None:
    """Check that the files are of the version that we ship.

    Raises:
        CannotStart: they are of another one.
    """
    found = (cluster / "PG_VERSION").read_text().strip()
    if found != MAJOR:
        raise CannotStart(f"Cơ sở dữ liệu trong {cluster} là của PostgreSQL {found}; bản này cần PostgreSQL {MAJOR}.")


def write_access_rules(cluster: Path, account: Account | None) -> None:
    """Let in whoever runs the product, and root, over the socket, by what the kernel says of the caller; nobody else.

    Written at every start, because the data may have been copied from another machine or user.
    """
    people = {pwd.getpwuid(os.geteuid()).pw_name, pwd.getpwuid(0).pw_name}
    if account is not None:
        people.add(account.name)
    pairs = [f'people "{person}" {role}\n' for person in sorted(people) for role in (ADMIN, ROLE)]
    _write(cluster / "pg_hba.conf", "local all all peer map=people\n", account)
    _write(cluster / "pg_ident.conf", "".join(pairs), account)


def _write(path: Path, text: str, account: Account | None) -> None:
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_text(text, encoding="utf-8")
    fresh.chmod(0o600)
    if account is not None:
        os.chown(fresh, account.uid, account.gid)
    fresh.replace(path)


def _give(folder: Path, account: Account | None) -> None:
    folder.chmod(0o700)
    if account is not None:
        os.chown(folder, account.uid, account.gid)
