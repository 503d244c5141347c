"""Labelled messages for `engine.bench_nlu`: JSON lines, or the training examples of Rasa's YAML files."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

import yaml

from engine.nlu.training import is_everyday

_LONGEST_LINE = 100_000
_MOST_FAULTS = 50
# Rasa marks entities inside examples: [Lan](person), [Lan]{"entity": "person"}.
_ENTITY = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")


@dataclass(frozen=True, slots=True)
class Line:
    """One labelled message; `everyday` when it stands for what comes in, as training files can say of examples."""

    text: str
    intent: str
    style: str = ""
    everyday: bool = False


class BadLinesError(Exception):
    """The files cannot be used; the message has one `file:line: fault` per line."""


def read_lines(path: Path) -> list[Line]:
    """Read a file of labelled messages, or all files of a directory; `BadLinesError` lists every fault at once."""
    if path.is_dir():
        files = sorted(path.glob("*.jsonl"))
        if files:
            return [line for file in files for line in _json_lines(file)]
        return [line for file in sorted(path.glob("*.yml")) for line in _examples(file)]
    return _json_lines(path)


def _json_lines(path: Path) -> list[Line]:
    lines: list[Line] = []
    faults: list[str] = []
    for number, content in enumerate(_read(path).split(b"\n"), 1):
        if content.strip():
            try:
                lines.append(_line(content))
            except ValueError as error:
                faults.append(f"{path}:{number}: {error}")
    if not lines and not faults:
        faults.append(f"{path}: no lines")
    if faults:
        more = [f"{path}: and {len(faults) - _MOST_FAULTS} more"] if len(faults) > _MOST_FAULTS else []
        raise BadLinesError("\n".join(faults[:_MOST_FAULTS] + more))
    return lines


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadLinesError(f"{path}: {error.strerror}") from error


def _line(content: bytes) -> Line:
    """Check one line; a `ValueError` says in words what is wrong with it."""
    if len(content) > _LONGEST_LINE:
        raise ValueError("longer than 100,000 bytes")
    try:
        value = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise ValueError("not UTF-8") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON ({error.msg} at column {error.colno})") from None
    fields = value if isinstance(value, dict) else {}
    text, intent, style = fields.get("text"), fields.get("intent"), fields.get("style", "")
    if not isinstance(text, str) or not isinstance(intent, str) or not intent.strip():
        raise ValueError('needs a "text" and a non-empty "intent"')
    return Line(text, intent.strip(), style if isinstance(style, str) else "")


def _examples(path: Path) -> list[Line]:
    """The intent examples of one of Rasa's files, without the marks of entities."""
    try:
        content = yaml.safe_load(_read(path))
    except yaml.YAMLError as error:
        raise BadLinesError(f"{path}: {error}") from error
    return [
        Line(_ENTITY.sub(r"\1", example[2:].strip()), entry["intent"], everyday=is_everyday(entry.get("metadata")))
        for entry in (content or {}).get("nlu") or []
        if "intent" in entry
        for example in (entry.get("examples") or "").splitlines()
        if example.startswith("- ")
    ]
