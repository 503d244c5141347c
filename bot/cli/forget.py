"""`./letan forget`: deletes a customer, as they have a right to ask."""

from __future__ import annotations

import asyncio
import sys
from typing import Annotated

import typer

from bot.adapters.clock import SystemClock
from bot.adapters.company import load
from bot.adapters.db.store import SqlStore
from bot.adapters.media.store import MediaDirectory
from bot.adapters.processes.place import ROOT
from bot.adapters.training.taught import TAUGHT_FILE
from bot.cli.accounts import opened_database, refusals_as_reasons
from bot.cli.output import Failure, say, say_json, tell
from bot.cli.started import load_settings
from bot.domain.errors import Unknown
from bot.services.forgetting import Forgetting, Forgotten
from bot.settings import Settings

ACTOR = "shell"


def register(root: typer.Typer) -> None:
    """Add the command."""
    root.command("forget")(forget)


def forget(
    customer: Annotated[str, typer.Argument(help="Số của khách, hoặc mã một phiếu của khách (KT-0042).")],
    yes: Annotated[bool, typer.Option("--yes", help="Không hỏi lại.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="In kết quả dạng JSON.")] = False,
) -> None:
    """Xoá mọi lời nói, tệp và tên của một khách; phiếu ở lại không còn chữ nào của khách. Chạy lại không hại gì."""
    if not yes and sys.stdin.isatty():
        typer.confirm(f"Xoá vĩnh viễn dữ liệu của khách {customer}?", abort=True, err=True)
    forgotten = asyncio.run(_forget(customer))
    if as_json:
        say_json(
            {
                "customer_id": forgotten.customer_id,
                "deleted": dict(forgotten.counts),
                "files": forgotten.files,
                "open_cases": list(forgotten.open_cases),
            }
        )
        return
    _tell(forgotten)


async def _forget(customer: str) -> Forgotten:
    async with opened_database(load_settings()) as settings:
        return await erased(settings, customer)


async def erased(settings: Settings, customer: str) -> Forgotten:
    """Forget a customer in a database whose address the settings hold. Raises Failure with a reason."""
    if settings.database_url is None:
        raise Failure("LETAN_DATABASE_URL chưa đặt.")
    store = SqlStore.connect(settings.database_url.get_secret_value(), pool_size=1)
    try:
        # Each training writes it anew and deletes it; one that was killed has left it here.
        await asyncio.to_thread((settings.data / "teaching" / TAUGHT_FILE).unlink, missing_ok=True)
        with refusals_as_reasons():
            files = MediaDirectory(settings.media, load(ROOT / "company.yml").attachments)
            forgotten = await _found(Forgetting(store=store, clock=SystemClock(), files=files), customer)
    except OSError as failure:
        raise Failure(f"Dữ liệu đã xoá, còn tệp chưa xoá được ({failure}). Chạy lại lệnh này giúp.") from failure
    finally:
        await store.close()
    return forgotten


async def _found(forgetting: Forgetting, customer: str) -> Forgotten:
    try:
        return await forgetting.forget(await forgetting.find(customer), ACTOR)
    except Unknown as failure:
        raise Failure(f"Không có khách nào là “{customer}”.") from failure


def _tell(forgotten: Forgotten) -> None:
    counts = forgotten.counts
    say(f"Đã xoá khách {forgotten.customer_id}: {counts['messages']} tin nhắn, {forgotten.files} tệp.")
    if forgotten.examples:
        tell(f"{forgotten.examples} câu mẫu của khách đã rút; huấn luyện lại để mô hình cũng quên: ./letan train")
    if forgotten.open_cases:
        tell(f"Phiếu còn mở, không còn nội dung, cần người hoàn tất: {', '.join(forgotten.open_cases)}")
    tell("Bản sao lưu cũ vẫn còn dữ liệu này cho tới khi bị xoá.")
