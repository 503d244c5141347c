"""`./letan backup`: everything that cannot be made again, in one file."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.adapters.db.embedded import EmbeddedPostgres
from bot.adapters.live.listener import libpq_dsn
from bot.cli.accounts import opened_database
from bot.cli.archive import write_backup
from bot.cli.output import Failure, say, say_json
from bot.cli.started import load_settings


def register(root: typer.Typer) -> None:
    """Add the command."""
    root.command("backup")(backup)


def backup(
    file: Annotated[Path | None, typer.Argument(help="Tệp sao lưu; mặc định letan-NGÀY-GIỜ.tar ở thư mục này.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Ghi đè nếu tệp đã có.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="In kết quả dạng JSON.")] = False,
) -> None:
    """Sao lưu cơ sở dữ liệu và tệp của hội thoại vào một tệp tar. Lễ Tân có thể đang chạy.

    Tệp chỉ chủ của nó đọc được, được ghi trọn vẹn hoặc không ghi gì. Mô hình không nằm trong đó: ./letan train tạo lại.
    """
    target = (file or Path(f"letan-{datetime.now().astimezone():%Y%m%d-%H%M%S}.tar")).expanduser().absolute()
    _require_place(target, force=force)
    size = asyncio.run(_backup(target))
    if as_json:
        say_json({"file": str(target), "bytes": size})
    else:
        say(f"Đã sao lưu vào {target} ({size / 1e6:.1f} MB). Tệp có dữ liệu khách hàng: hãy cất nơi an toàn.")


def _require_place(target: Path, *, force: bool) -> None:
    """Look before a database is started for nothing.

    A missing folder is not made: its name may be a slip, and nobody would look for the backup there.
    """
    if target.is_dir():
        raise Failure(f"{target} là thư mục. Hãy cho tên tệp, ví dụ {target / 'letan.tar'}.")
    if not target.parent.is_dir():
        raise Failure(f"Không có thư mục {target.parent}. Hãy tạo nó trước, hoặc chọn chỗ khác.")
    if target.exists() and not force:
        raise Failure(f"{target} đã có. Hãy chọn tên khác, hoặc thêm --force để ghi đè.")


async def _backup(target: Path) -> int:
    async with opened_database(load_settings()) as settings:
        if settings.database_url is None:
            raise Failure("LETAN_DATABASE_URL chưa đặt.")
        server = EmbeddedPostgres(settings.data)
        return await write_backup(server, libpq_dsn(settings.database_url.get_secret_value()), settings.media, target)
