"""`./letan restore`: a backup in the place of what is there."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from bot.adapters.db.embedded import EmbeddedPostgres
from bot.adapters.db.migrate import migrate
from bot.cli.accounts import refusals_as_reasons
from bot.cli.archive import read_backup
from bot.cli.one_at_a_time import Busy, only_one
from bot.cli.output import Failure, say, tell
from bot.cli.started import load_settings
from bot.settings import Settings


def register(root: typer.Typer) -> None:
    """Add the command."""
    root.command("restore")(restore)


def restore(
    file: Annotated[Path, typer.Argument(help="Tệp do ./letan backup tạo.", exists=True, dir_okay=False)],
    replace: Annotated[bool, typer.Option("--replace", help="Thay dữ liệu đang có; không có cách lấy lại.")] = False,
) -> None:
    """Phục hồi cơ sở dữ liệu và tệp từ một bản sao lưu. Lễ Tân phải đang dừng.

    Dữ liệu đang có chỉ bị thay khi bản sao lưu đã vào trọn vẹn; tệp hỏng thì không có gì thay đổi.
    """
    settings = load_settings()
    if settings.database_url is not None:
        raise Failure("Với LETAN_DATABASE_URL, hãy giải nén tệp rồi dùng pg_restore cho database.dump.")
    data = settings.data.absolute()
    if (data / "postgres").exists() and not replace:
        raise Failure(f"{data} đã có dữ liệu. Thêm --replace để thay, hoặc đặt LETAN_DATA sang thư mục trống.")
    try:
        with _as_it_was_unless_done(data), only_one(data, "restore"):
            asyncio.run(_restore(settings, data, file.absolute()))
    except Busy as error:
        raise Failure(str(error)) from error
    say(f"Đã phục hồi vào {data}.")


@contextmanager
def _as_it_was_unless_done(data: Path) -> Iterator[None]:
    """Where there was no database, take away again what the block made there unless it comes to its end."""
    existed, before = data.exists(), set(data.iterdir()) if data.exists() else set()
    done = data / "postgres" in before
    try:
        yield
        done = True
    finally:
        if not done and data.exists():
            for made in set(data.iterdir()) - before:
                if made.is_dir() and not made.is_symlink():
                    shutil.rmtree(made)
                else:
                    made.unlink()
            if not existed:
                data.rmdir()


async def _restore(settings: Settings, data: Path, file: Path) -> None:
    async with EmbeddedPostgres(data, tell=tell) as server:
        await read_backup(server, data / "media", file)
        with refusals_as_reasons():
            await asyncio.to_thread(migrate, server.dsn())  # a backup may be older than this code
