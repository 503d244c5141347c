"""`./letan customer`: a copy of what is held of a customer, and its end, as they have a right to ask."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Annotated, Any

import typer

from bot.adapters.clock import SystemClock
from bot.adapters.company import load
from bot.adapters.db.holdings import SqlHoldings
from bot.adapters.db.store import SqlStore
from bot.adapters.media.store import MediaDirectory
from bot.adapters.processes.place import ROOT
from bot.adapters.training.taught import TAUGHT_FILE
from bot.cli.live import opened_store
from bot.cli.output import Failure, say, say_json, tell
from bot.cli.started import load_settings
from bot.domain.errors import Unknown
from bot.services.exporting import Exporting
from bot.services.forgetting import Forgetting, Forgotten, find
from bot.settings import Settings

ACTOR = "shell"
Who = Annotated[
    str,
    typer.Argument(help="Số của khách, mã một phiếu của khách (KT-0042), hoặc kênh và mã ở đó (telegram:123)."),
]
AsJson = Annotated[bool, typer.Option("--json", help="In kết quả dạng JSON trên một dòng.")]


def register(root: typer.Typer) -> None:
    """Add the group of commands."""
    group = typer.Typer(help="Dữ liệu của một khách: xem bản sao, xoá.", no_args_is_help=True)
    group.command("export")(export)
    group.command("erase")(erase)
    root.add_typer(group, name="customer")


def export(customer: Who, as_json: AsJson = False) -> None:
    """In mọi dữ liệu đang giữ của một khách, dạng JSON; tệp khách gửi có tên, nội dung nằm trong thư mục media."""
    held = asyncio.run(exported(load_settings(), customer))
    if as_json:
        say_json(held)
    else:
        say(json.dumps(held, ensure_ascii=False, indent=2))


def erase(
    customer: Who, yes: Annotated[bool, typer.Option("--yes", help="Không hỏi lại.")] = False, as_json: AsJson = False
) -> None:
    """Xoá mọi lời nói, tệp và tên của một khách; phiếu ở lại không còn chữ nào của khách. Chạy lại không hại gì."""
    if not yes:
        if not sys.stdin.isatty():
            raise typer.BadParameter("Không có ai để hỏi lại; thêm --yes nếu chắc chắn.", param_hint="--yes")
        typer.confirm(f"Xoá vĩnh viễn dữ liệu của khách {customer}?", abort=True, err=True)
    forgotten = asyncio.run(erased(load_settings(), customer))
    if not as_json:
        _tell(forgotten)
        return
    say_json(
        {
            "customer_id": forgotten.customer_id,
            "deleted": dict(forgotten.counts),
            "files": forgotten.files,
            "open_cases": list(forgotten.open_cases),
        }
    )


async def exported(settings: Settings, customer: str) -> Mapping[str, Any]:
    """Return what is held of a customer. Raises Failure with a reason."""
    async with _opened(settings, customer) as store:
        exporting = Exporting(store=store, clock=SystemClock(), holdings=SqlHoldings(store.engine))
        return await exporting.export(await find(store, customer), ACTOR)


async def erased(settings: Settings, customer: str) -> Forgotten:
    """Forget a customer. Raises Failure with a reason."""
    async with _opened(settings, customer) as store:
        files = MediaDirectory(settings.media, load(ROOT / "company.yml").attachments)
        try:
            forgetting = Forgetting(store=store, clock=SystemClock(), files=files)
            forgotten = await forgetting.forget(await find(store, customer), ACTOR)
            # Each training writes it anew and deletes it; one that was killed has left it here. One that runs needs
            # it, but it ends as cancelled now.
            await asyncio.to_thread((settings.data / "teaching" / TAUGHT_FILE).unlink, missing_ok=True)
        except OSError as failure:
            raise Failure(f"Dữ liệu đã xoá, còn tệp chưa xoá được ({failure}). Chạy lại lệnh này giúp.") from failure
        return forgotten


@asynccontextmanager
async def _opened(settings: Settings, customer: str) -> AsyncIterator[SqlStore]:
    """Give the store; a customer whom nobody knows is told as such."""
    async with opened_store(settings) as store:
        try:
            yield store
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
