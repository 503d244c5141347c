"""`./letan models`: the models of this data directory."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from bot.cli.model_files import fingerprint, models
from bot.cli.output import say, say_json
from bot.cli.started import data_directory


def register(root: typer.Typer) -> None:
    """Add the group of commands."""
    group = typer.Typer(help="Các mô hình đã huấn luyện.", no_args_is_help=True)
    group.callback()(_group)
    group.command("list")(list_models)
    root.add_typer(group, name="models")


def _group() -> None:
    """Các mô hình đã huấn luyện."""


def list_models(as_json: Annotated[bool, typer.Option("--json", help="In kết quả dạng JSON.")] = False) -> None:
    """Liệt kê mô hình, mới nhất trước; dấu * là mô hình đúng với dữ liệu hiện tại."""
    wanted = fingerprint()
    found = models(data_directory())
    if as_json:
        say_json([{**asdict(model), "current": model.fingerprint == wanted} for model in found])
        return
    for model in found:
        mark = "*" if model.fingerprint == wanted else " "
        say(f"{mark} {model.id}  {model.made_at}  {model.bytes / 1e6:.1f} MB  {model.file}")
    if not found:
        say("Chưa có mô hình nào. Hãy chạy ./letan train.")
