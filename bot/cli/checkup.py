"""What `./letan doctor` looks at. Every check looks without changing anything that somebody would miss."""

from __future__ import annotations

import asyncio
import platform
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from psycopg import AsyncConnection
from psycopg import Error as DatabaseError

from actions.speech import load_texts
from bot.adapters.company import FileFaults, load
from bot.adapters.db.embedded import EmbeddedPostgres
from bot.adapters.db.migrate import head
from bot.adapters.live.listener import libpq_dsn
from bot.adapters.processes.place import ENGINE_PYTHON, ROOT
from bot.adapters.processes.spec import CannotStart
from bot.adapters.processes.status import STATUS_FILE, read_status
from bot.cli.chromium import find_chromium
from bot.cli.model_files import current
from bot.cli.output import Failure
from bot.cli.space import NEEDED
from bot.domain.supervision import PartState
from bot.settings import Settings


class Verdict(StrEnum):
    """How a part is. `off` is nobody's fault."""

    OK = "ok"
    OFF = "off"
    WARNING = "warning"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was seen of one part, and what to do about it; both in Vietnamese."""

    part: str
    verdict: Verdict
    found: str
    advice: str = ""


async def everything(settings: Settings) -> list[Finding]:
    """Look at every part."""
    data = settings.data.absolute()
    return [
        Finding("Python", Verdict.OK, f"{platform.python_version()} ({sys.executable})"),
        _environment("Môi trường lễ tân", ROOT),
        _environment("Môi trường Rasa", ROOT / "engine"),
        await _rasa(),
        *_files(),
        _disk(data),
        await _database(settings, data),
        _model(data),
        *_processes(data),
        *_channels(settings),
        _browser(),
    ]


def _environment(part: str, project: Path) -> Finding:
    again = "Chạy ./letan up; phần thiếu được cài tự động."
    if not (project / ".venv" / "bin" / "python").exists():
        return Finding(part, Verdict.BROKEN, "chưa có", again)
    stamp = project / ".venv" / "letan-stamp"
    if not stamp.exists():
        return Finding(part, Verdict.WARNING, "có, nhưng không do ./letan tạo hoặc cài chưa xong", again)
    made, wanted = (
        stamp.stat().st_mtime,
        max((project / name).stat().st_mtime for name in ("pyproject.toml", "uv.lock")),
    )
    if made < wanted:
        return Finding(part, Verdict.WARNING, "có thể cũ hơn uv.lock", again)
    return Finding(part, Verdict.OK, "đúng với uv.lock")


async def _rasa() -> Finding:
    """Ask the engine's own interpreter; importing Rasa itself would take seconds."""
    asked = "import importlib.metadata as m; print(m.version('rasa'))"
    try:
        process = await asyncio.create_subprocess_exec(
            *(str(ENGINE_PYTHON), "-c", asked),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
    except OSError as error:
        return Finding("Rasa", Verdict.BROKEN, f"không chạy được ({error.strerror})", "Chạy ./letan train.")
    output, _ = await process.communicate()
    if process.returncode != 0:
        return Finding("Rasa", Verdict.BROKEN, "không có trong môi trường", "Xoá engine/.venv rồi chạy ./letan train.")
    return Finding("Rasa", Verdict.OK, output.decode().strip())


def _files() -> Iterator[Finding]:
    try:
        company = load(ROOT / "company.yml")
        yield Finding("company.yml", Verdict.OK, f"{company.name.vi}, {len(company.departments)} bộ phận")
        load_texts(ROOT / "knowledge.yml", company)
        yield Finding("knowledge.yml", Verdict.OK, "đủ câu trả lời")
    except FileFaults as faults:
        listed = "; ".join(f"dòng {fault.line}: {fault.message}" for fault in faults.faults)
        yield Finding(faults.path.name, Verdict.BROKEN, listed, f"Sửa {faults.path}.")


def _disk(data: Path) -> Finding:
    place = next(folder for folder in (data, *data.parents) if folder.exists())
    free = shutil.disk_usage(place).free
    verdict = Verdict.OK if free >= 2 * NEEDED else Verdict.WARNING if free >= NEEDED else Verdict.BROKEN
    advice = "" if verdict is Verdict.OK else "Dọn đĩa hoặc đặt LETAN_DATA sang ổ khác."
    return Finding("Đĩa", verdict, f"còn {free / 1e9:.1f} GB ở {data}", advice)


async def _database(settings: Settings, data: Path) -> Finding:
    part = "Cơ sở dữ liệu"
    if settings.database_url is not None:
        return await _tables(part, libpq_dsn(settings.database_url.get_secret_value()), "ngoài (LETAN_DATABASE_URL)")
    if not (data / "postgres").exists():
        return Finding(part, Verdict.OFF, "chưa tạo", "Chạy ./letan up.")
    server = EmbeddedPostgres(data)
    try:
        await server.start(limit=60)
        kind = "kèm theo, vừa chạy thử" if server.owned else "kèm theo, đang chạy"
        return await _tables(part, server.dsn(), kind)
    except CannotStart as error:
        return Finding(part, Verdict.BROKEN, str(error), f"Xem {data / 'logs' / 'database.log'}.")
    finally:
        await server.stop()


async def _tables(part: str, dsn: str, kind: str) -> Finding:
    wanted = head()
    try:
        async with await AsyncConnection.connect(dsn, connect_timeout=5) as connection:
            row = await (await connection.execute("SELECT to_regclass('alembic_version') IS NOT NULL")).fetchone()
            if row is None or not row[0]:
                return Finding(part, Verdict.WARNING, f"{kind}; chưa có bảng", "Chạy ./letan up.")
            row = await (await connection.execute("SELECT version_num FROM alembic_version")).fetchone()
    except DatabaseError as error:
        return Finding(
            part, Verdict.BROKEN, f"{kind}; {str(error).strip()}", "Kiểm tra địa chỉ và quyền của cơ sở dữ liệu."
        )
    found = row[0] if row else None
    if found != wanted:
        return Finding(part, Verdict.WARNING, f"{kind}; bảng ở bản {found}, cần {wanted}", "Chạy lại ./letan up.")
    return Finding(part, Verdict.OK, f"{kind}; bảng ở bản {found}")


def _model(data: Path) -> Finding:
    try:
        model = current(data)
    except Failure as failure:
        return Finding("Mô hình", Verdict.BROKEN, str(failure), "Chạy ./letan train.")
    if model is None:
        return Finding("Mô hình", Verdict.WARNING, "chưa có cho dữ liệu hiện tại", "Chạy ./letan train.")
    return Finding("Mô hình", Verdict.OK, f"{model.id}, {model.bytes / 1e6:.1f} MB, {model.made_at}")


def _processes(data: Path) -> Iterator[Finding]:
    parts = read_status(data / STATUS_FILE)
    if not parts:
        yield Finding("Tiến trình", Verdict.OFF, "không chạy", "Chạy ./letan up.")
    for part in parts:
        fine = part.state == PartState.RUNNING
        again = f", khởi động lại {part.restarts} lần, lần cuối {part.last_exit}" if part.restarts else ""
        advice = "" if fine else f"Xem {data / 'logs' / f'{part.name}.log'}."
        yield Finding(f"Tiến trình {part.name}", Verdict.OK if fine else Verdict.BROKEN, f"{part.state}{again}", advice)


def _channels(settings: Settings) -> Iterator[Finding]:
    needs = {
        "Telegram": ("telegram_token",),
        "Zalo OA": ("zalo_app_id", "zalo_app_secret", "zalo_oa_secret", "zalo_refresh_token"),
        "Zalo Bot": ("zalo_bot_token", "zalo_bot_secret"),
    }
    if settings.telegram_mode == "webhook":
        needs["Telegram"] = ("telegram_token", "telegram_secret", "public_url")
    for channel, names in needs.items():
        missing = [f"LETAN_{name.upper()}" for name in names if getattr(settings, name) is None]
        if not missing:
            yield Finding(channel, Verdict.OK, "đã đặt")
        elif len(missing) == len(names):
            yield Finding(channel, Verdict.OFF, "tắt", f"Để bật, đặt {', '.join(missing)}.")
        else:
            yield Finding(channel, Verdict.BROKEN, "thiếu thiết lập", f"Đặt thêm {', '.join(missing)}.")


def _browser() -> Finding:
    found = find_chromium()
    if found is None:
        return Finding("Trình duyệt kiểm thử", Verdict.OFF, "chưa có", "./letan test bằng root sẽ cài chromium.")
    return Finding("Trình duyệt kiểm thử", Verdict.OK, found)
