"""`./letan train`: make the model of the training data as they are now."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import Annotated

import typer

from bot.adapters.training.models import Model
from bot.cli.model_files import ensure
from bot.cli.output import Steps, say, say_json
from bot.cli.started import data_directory


def register(root: typer.Typer) -> None:
    """Add the command."""
    root.command("train")(train)


def train(
    force: Annotated[bool, typer.Option("--force", help="Huấn luyện lại dù dữ liệu không đổi.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="In kết quả dạng JSON.")] = False,
) -> None:
    """Huấn luyện trợ lý từ config.yml, domain.yml, nlu/ và stories/; không làm gì nếu mô hình đã đúng dữ liệu."""
    model, trained = asyncio.run(_train(force))
    if as_json:
        say_json({**asdict(model), "trained": trained})
    elif trained:
        say(f"Đã huấn luyện mô hình {model.id} trong {model.seconds:.0f} giây: {model.file}")
    else:
        say(f"Mô hình {model.id} đã đúng với dữ liệu hiện tại: {model.file}")


async def _train(force: bool) -> tuple[Model, bool]:
    with Steps(1).step("Huấn luyện trợ lý") as step:
        return await ensure(data_directory(), step.update, force=force)
