"""`./letan doctor`: is every part as it should be, and if not, what is to be done."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import Annotated

import typer

from bot.cli import checkup
from bot.cli.checkup import Finding, Verdict
from bot.cli.output import say, say_json
from bot.cli.started import load_settings

_MARKS = {Verdict.OK: "✓", Verdict.OFF: "–", Verdict.WARNING: "!", Verdict.BROKEN: "✗"}


def register(root: typer.Typer) -> None:
    """Add the command."""
    root.command("doctor")(doctor)


def doctor(as_json: Annotated[bool, typer.Option("--json", help="In kết quả dạng JSON.")] = False) -> None:
    """Kiểm tra từng phần: môi trường, tệp cấu hình, cơ sở dữ liệu, mô hình, kênh, đĩa. Mã thoát 1 nếu có phần hỏng."""
    findings = asyncio.run(checkup.everything(load_settings()))
    if as_json:
        say_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            _show(finding)
    if any(finding.verdict is Verdict.BROKEN for finding in findings):
        raise typer.Exit(1)


def _show(finding: Finding) -> None:
    say(f"{_MARKS[finding.verdict]} {finding.part}: {finding.found}")
    if finding.advice:
        say(f"    → {finding.advice}")
