"""Lines from standard input, plain or JSON, as `ask` and `guard` take them."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator

from bot.cli.output import Failure


def read_texts(source: Iterable[bytes] | None = None, *, jsonl: bool) -> Iterator[str]:
    """Yield the text of every line that is not empty. A line `{"text": ...}` is taken apart, with or without `jsonl`.

    The lines are those of `source`, or else of standard input.

    Raises:
        Failure: a line is not UTF-8, or is not such an object although `jsonl` was asked for.
    """
    for number, raw in enumerate(sys.stdin.buffer if source is None else source, start=1):
        try:
            line = raw.decode("utf-8-sig" if number == 1 else "utf-8").strip("\r\n")
        except UnicodeDecodeError as error:
            raise Failure(f"Dòng {number} không phải UTF-8.") from error
        if not line.strip():
            continue
        text = _text_of(line)
        if text is None and jsonl:
            raise Failure(f'Dòng {number} không phải dạng {{"text": "..."}}.')
        yield line if text is None else text


def _text_of(line: str) -> str | None:
    if not line.lstrip().startswith("{"):
        return None
    try:
        value = json.loads(line)
    except ValueError:
        return None
    text = value.get("text") if isinstance(value, dict) else None
    return text if isinstance(text, str) else None
