"""`./letan guard`: would this sentence send the customer away?"""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.lines import read_texts
from bot.cli.output import say_json
from bot.domain.guard import check


def register(root: typer.Typer) -> None:
    """Add the command."""
    root.command("guard")(guard)


def guard(
    jsonl: Annotated[bool, typer.Option("--jsonl", help='Mỗi dòng phải là {"text": ...}.')] = False,
) -> None:
    """Xét từng dòng từ đầu vào chuẩn; mỗi dòng in {"text", "refusal", "reason"}."""
    for text in read_texts(jsonl=jsonl):
        verdict = check(text)
        say_json({"text": text, "refusal": verdict.refusal, "reason": verdict.reason})
