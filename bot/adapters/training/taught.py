"""What admins taught as Rasa's YAML, written by an emitter and read back before it is believed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import yaml

from bot.domain.errors import Invalid
from bot.domain.teaching.dataset import Dataset, rasa_line
from bot.domain.teaching.overlay import overlay

FORMAT: Final = "3.1"
TAUGHT_FILE: Final = "nlu/taught.yml"


class _Lines(str):
    """A text that is emitted as a block of lines, the only form that `engine.check` accepts for examples."""


class _Emitter(yaml.SafeDumper):
    """Safe YAML, with blocks for `_Lines`."""


def _block(emitter: yaml.SafeDumper, lines: _Lines) -> yaml.ScalarNode:
    return emitter.represent_scalar("tag:yaml.org,2002:str", str(lines), style="|")


_Emitter.add_representer(_Lines, _block)


def taught_yaml(dataset: Dataset) -> str:
    """Return the added sentences as a training file.

    Raises:
        Invalid: what was written would be read as something else; ``reason`` names the sentences.
    """
    wanted = {label: [rasa_line(line) for line in lines] for label, lines in dataset.by_label().items()}
    blocks = [
        {"intent": label, "examples": _Lines("".join(f"- {line}\n" for line in lines))}
        for label, lines in wanted.items()
    ]
    written = yaml.dump(
        {"version": _Quoted(FORMAT), "nlu": blocks},
        Dumper=_Emitter,
        allow_unicode=True,
        sort_keys=False,
        width=10_000,
    )
    _check(written, wanted)
    return written


def write_overlay(dataset: Dataset, folder: Path) -> list[Path]:
    """Write what training reads beside the developers' files, each file whole or not at all, and return the files.

    Raises:
        Invalid: something would be read as something else.
        OSError: it cannot be written.
    """
    contents = dict(overlay(dataset.needs))
    if dataset.lines:
        contents[TAUGHT_FILE] = taught_yaml(dataset)
    for name, content in contents.items():
        _write(content, folder / name)
    return [folder / name for name in contents]


def _write(content: str, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".new")
    try:
        with fresh.open("w", encoding="utf-8", newline="\n") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        fresh.replace(file)
    finally:
        fresh.unlink(missing_ok=True)


class _Quoted(str):
    """A text that must not be taken for a number."""


def _quote(emitter: yaml.SafeDumper, given: _Quoted) -> yaml.ScalarNode:
    return emitter.represent_scalar("tag:yaml.org,2002:str", str(given), style='"')


_Emitter.add_representer(_Quoted, _quote)


def _check(written: str, wanted: dict[str, list[str]]) -> None:
    found = dict(_read_back(written))
    expected = {label: [f"- {line}" for line in lines] for label, lines in wanted.items()}
    if changed := sorted(label for label in expected.keys() | found.keys() if found.get(label) != expected.get(label)):
        raise Invalid("examples", f"Câu mẫu không ghi ra được nguyên vẹn, ở nhu cầu: {', '.join(changed)}.")


def _read_back(written: str) -> Iterator[tuple[str, list[str] | None]]:
    """Yield the needs with their lines, or ``None`` where the emitter had to quote: the trainer refuses that."""
    root: Any = yaml.compose(written, Loader=yaml.SafeLoader)
    blocks = next(value for name, value in root.value if name.value == "nlu")
    for block in blocks.value:
        parts = {name.value: value for name, value in block.value}
        examples = parts["examples"]
        yield parts["intent"].value, examples.value.split("\n")[:-1] if examples.style == "|" else None
