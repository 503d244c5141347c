"""`./letan simulate`: days of a virtual company, in seconds."""

from __future__ import annotations

import logging
from datetime import date
from pathlib import Path
from typing import Annotated

import structlog
import typer

from bot.adapters.company import load
from bot.adapters.processes.place import ROOT
from bot.cli.output import Failure, Steps, say, say_json
from bot.simulation.company import Plan, VirtualCompany
from bot.simulation.laws import LawBroken
from bot.simulation.pictures import draw
from bot.simulation.report import page, report


def register(root: typer.Typer) -> None:
    """Add the command."""
    root.command("simulate")(simulate)


def simulate(
    days: Annotated[int, typer.Option(help="Số ngày.", min=1, max=3660)] = 7,
    seed: Annotated[int, typer.Option(help="Hạt giống; cùng hạt giống thì cùng kết quả.")] = 1,
    customers: Annotated[int, typer.Option(help="Số khách trung bình mỗi ngày.", min=1, max=5000)] = 400,
    pictures: Annotated[Path | None, typer.Option(help="Thư mục để vẽ kết quả (SVG).", file_okay=False)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="In kết quả dạng JSON.")] = False,
) -> None:
    """Chạy công ty mẫu trong nhiều ngày ảo và đo: lượt bị bỏ rơi, lời hẹn, thời gian chờ, tải của từng người."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    company = VirtualCompany(load(ROOT / "company.yml"), Plan(days=days, seed=seed, customers=customers))
    try:
        with Steps(1).step(f"{days} ngày ảo") as step:
            seconds = company.run(lambda day: step.update(_shown(day)))
    except LawBroken as broken:
        raise Failure(f"luật của nhà bị phá, hạt giống {seed}:\n{broken}") from broken
    told = report(company, seconds)
    if pictures is not None:
        draw(company, pictures)
    if as_json:
        say_json(told)
    else:
        say(page(told))


def _shown(day: date) -> str:
    return f"{day:%d/%m/%Y}"
