"""`./letan up`: everything on this machine, supervised."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Annotated

import typer

from actions.speech import load_texts
from bot.adapters.company import FileFaults, load
from bot.adapters.processes.place import ROOT
from bot.adapters.processes.ports import PortTaken, require_free
from bot.adapters.processes.spec import CannotStart
from bot.cli.house import House, Wishes
from bot.cli.one_at_a_time import Busy, only_one
from bot.cli.output import Failure, tell
from bot.cli.space import require_space
from bot.cli.started import load_settings
from bot.settings import Settings

DEFAULT_PORT = 8080


def register(root: typer.Typer) -> None:
    """Add the command."""
    root.command("up")(up)


def up(
    host: Annotated[str, typer.Option(help="Địa chỉ lắng nghe; 0.0.0.0 là mọi địa chỉ của máy.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Cổng của khách và nhân viên.", min=1, max=65535)] = DEFAULT_PORT,
    data: Annotated[Path | None, typer.Option(help="Thư mục dữ liệu, thay cho LETAN_DATA.")] = None,
    demo: Annotated[bool, typer.Option("--demo", help="Thêm nhân viên mẫu đang trong ca (demo-staff.json).")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="In các địa chỉ dạng JSON, một dòng.")] = False,
) -> None:
    """Chạy toàn bộ Lễ Tân: cơ sở dữ liệu, trợ lý, quầy lễ tân. Lần đầu tự tạo mọi thứ. Ctrl-C để dừng."""
    if data is not None:
        os.environ["LETAN_DATA"] = str(data.expanduser().absolute())
    settings = load_settings()
    folder = settings.data.absolute()
    os.environ["LETAN_DATA"] = str(folder)  # for the parts, which run from another folder
    try:
        company = load(ROOT / "company.yml")
        load_texts(ROOT / "knowledge.yml", company)
        with only_one(folder, f"http://{host}:{port}/"):
            require_free(host, port)
            require_space(folder)
            asyncio.run(_run(Wishes(host=host, port=port, data=folder, demo=demo, as_json=as_json), settings))
    except FileFaults as faults:
        raise Failure(f"{faults.path} có lỗi, chưa làm gì:\n{faults}") from faults
    except (PortTaken, CannotStart, Busy) as error:
        raise Failure(str(error)) from error
    tell("Đã dừng.")


async def _run(wishes: Wishes, settings: Settings) -> None:
    await House(wishes, settings).run()
