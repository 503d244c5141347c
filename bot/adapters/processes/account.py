"""The account under which PostgreSQL runs when we are root, which it refuses to be."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from pathlib import Path

from bot.adapters.processes.spec import Account, CannotStart

_NAME = "letan-db"


def account_for(cluster: Path) -> Account | None:
    """Return whom the server of this directory must run as; None where that is simply ourselves.

    A directory that already belongs to somebody keeps its owner, so that root can serve the data of an ordinary user
    without taking them away.

    Raises:
        CannotStart: the directory is another user's and we are not root, or no account can be made.
    """
    owner = cluster.stat().st_uid if cluster.exists() else None
    if os.geteuid() != 0:
        if owner not in {None, os.geteuid()}:
            raise CannotStart(
                f"Thư mục cơ sở dữ liệu {cluster} thuộc về người dùng “{_name_of(owner or 0)}”. "
                "Hãy chạy bằng người dùng đó hoặc bằng root, hoặc chọn thư mục khác với --data."
            )
        return None
    if owner:
        entry = pwd.getpwuid(owner)
        return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    return _service_account()


def _service_account() -> Account:
    try:
        entry = pwd.getpwnam(_NAME)
    except KeyError:
        _create()
        entry = pwd.getpwnam(_NAME)
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _create() -> None:
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd is None:
        raise CannotStart(
            "PostgreSQL không chạy bằng root và máy này không có lệnh useradd. "
            f"Hãy tạo một người dùng hệ thống tên {_NAME}, hoặc chạy ./letan bằng người dùng thường."
        )
    made = subprocess.run(  # noqa: S603 - a fixed command, found in the system's own folders
        [
            useradd,
            "--system",
            "--no-create-home",
            "--home-dir",
            "/nonexistent",
            "--shell",
            "/usr/sbin/nologin",
            "--user-group",
            _NAME,
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    already_there = 9  # another start was faster
    if made.returncode not in {0, already_there}:
        raise CannotStart(
            f"Không tạo được người dùng hệ thống {_NAME} cho PostgreSQL ({made.stderr.strip()}). "
            "Hãy tạo người dùng đó, hoặc chạy ./letan bằng người dùng thường."
        )


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
