"""What a backup is: one tar file with a dump of the database, the files of the conversations, and a note.

`database.dump` is in pg_dump's custom format, so it can also be restored by hand into any PostgreSQL.
"""

from __future__ import annotations

import json
import os
import shutil
import tarfile
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from bot.adapters.db.embedded import EmbeddedPostgres
from bot.adapters.db.embedded_cluster import ROLE
from bot.adapters.db.migrate import head
from bot.cli.output import Failure

_DUMP, _NOTE, _MEDIA = "database.dump", "letan-backup.json", "media"
_FRESH, _OLD = "letan_restored", "letan_replaced"


async def write_backup(server: EmbeddedPostgres, dsn: str, media: Path, target: Path) -> int:
    """Write a backup, readable by us alone, whole or not at all. The product may be running.

    Returns:
        Its size in bytes.

    Raises:
        Failure: pg_dump refuses, or the file cannot be written.
    """
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".letan-backup-") as workshop:
            dump = Path(workshop) / _DUMP
            code, said = await server.programs.run("pg_dump", "-Fc", "--no-owner", "-f", str(dump), "-d", dsn)
            if code != 0:
                raise Failure(f"Không sao lưu được cơ sở dữ liệu: {said.strip()}")
            note = Path(workshop) / _NOTE
            note.write_text(json.dumps({"schema": head(), "made_at": datetime.now(UTC).isoformat(timespec="seconds")}))
            fresh = Path(workshop) / "backup.tar"
            with tarfile.open(fresh, "w") as tar:
                tar.add(note, _NOTE)
                tar.add(dump, _DUMP)
                if media.exists():
                    tar.add(media, _MEDIA)
            fresh.chmod(0o600)
            fresh.replace(target)
    except OSError as error:
        raise Failure(f"Không ghi được {target}: {error.strerror}.") from error
    return target.stat().st_size


async def read_backup(server: EmbeddedPostgres, media: Path, source: Path) -> None:
    """Put a backup in the place of what the server and the folder hold. Until all of it is there, nothing is replaced.

    Raises:
        Failure: the file is no backup of ours, or PostgreSQL refuses; everything is as it was then.
    """
    with tempfile.TemporaryDirectory(dir=server.data, prefix=".letan-restore-") as workshop:
        folder = Path(workshop)
        _unpack(source, folder)
        await _load(server, folder / _DUMP)
        await _swap(server)
        if media.exists():
            os.rename(media, folder / "replaced")  # noqa: PTH104 - goes with the workshop
        if (folder / _MEDIA).exists():
            shutil.move(folder / _MEDIA, media)


def _unpack(source: Path, folder: Path) -> None:
    try:
        with tarfile.open(source) as tar:
            tar.extractall(folder, filter="data")
        json.loads((folder / _NOTE).read_text(encoding="utf-8"))["schema"]
        if not (folder / _DUMP).exists():
            raise Failure(f"{source} thiếu {_DUMP}.")
    except (OSError, tarfile.TarError, ValueError, KeyError) as error:
        raise Failure(
            f"{source} không phải bản sao lưu của Lễ Tân, hoặc đã hỏng ({str(error).splitlines()[0]})."
        ) from error


async def _load(server: EmbeddedPostgres, dump: Path) -> None:
    await server.sql(f"DROP DATABASE IF EXISTS {_FRESH}")
    await server.sql(f"CREATE DATABASE {_FRESH} OWNER {ROLE}")
    code, said = await server.programs.run(
        "pg_restore", "--exit-on-error", "--no-owner", "-d", server.dsn(_FRESH), str(dump)
    )
    if code != 0:
        await server.sql(f"DROP DATABASE {_FRESH}")
        raise Failure(f"Không phục hồi được cơ sở dữ liệu: {said.strip()}")


async def _swap(server: EmbeddedPostgres) -> None:
    await server.sql(f"DROP DATABASE IF EXISTS {_OLD}")
    await server.sql(f"ALTER DATABASE {ROLE} RENAME TO {_OLD}")
    await server.sql(f"ALTER DATABASE {_FRESH} RENAME TO {ROLE}")
    await server.sql(f"DROP DATABASE {_OLD}")
