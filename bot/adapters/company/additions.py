"""What admins added, as a file beside the developers' own: the front office writes it, the action server reads it.

The file is made from the database and never edited by hand. It is replaced whole, so a reader finds the old one or the
new one and nothing between; what is not there or not known any more is left out, what is wrong is a fault.
"""

from __future__ import annotations

import os
from collections.abc import Container
from pathlib import Path
from typing import Any, Final

import yaml

from bot.adapters.company.faults import Collector, KnowledgeFaults
from bot.adapters.company.reader import Item, Section, read
from bot.domain.company import Priority, Words
from bot.domain.knowledge import AddedNeed, Additions, Wordings, text_faults

FILE: Final = "teaching/knowledge.yml"
"""Its place below the data directory."""
MAX_BYTES: Final = 8_000_000
_HEAD: Final = "# What was added at the console. It is written anew from the database after every change there.\n"


class AdditionsFile:
    """See `bot.services.additions.AdditionsFile`."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def write(self, added: Additions) -> None:
        """Replace it."""
        write_additions(added, self._file)

    def there(self) -> bool:
        """Look."""
        return self._file.exists()


def write_additions(added: Additions, file: Path) -> None:
    """Write the file, all of it or nothing. Raises `OSError`."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f"{file.name}.new")
    with fresh.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(additions_yaml(added))
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(file)


def additions_yaml(added: Additions) -> str:
    """Return the content of the file; the same additions give the same content."""
    content = {
        "needs": {intent: _need(one) for intent, one in sorted(added.needs.items())},
        "answers": {key: _texts(one) for key, one in sorted(added.answers.items())},
    }
    return _HEAD + yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=10_000)


def read_additions(file: Path, answers: Container[str], placeholders: frozenset[str]) -> Additions:
    """Return what the file adds; nothing where there is no file.

    ``answers`` are the keys of the developers' file: an answer of any other is left out, unless it is that of a need
    in here.

    Raises:
        KnowledgeFaults: the file cannot be used, with everything that is wrong in it.
    """
    if not file.exists():
        return Additions()
    faults = Collector()
    top = read(file, faults, limit=MAX_BYTES, quickly=True)
    top.known("needs", "answers")
    needs = {intent: _read_need(item.section()) for intent, item in top.optional_section("needs")}
    texts = {
        key: _read_texts(item.section(), placeholders)
        for key, item in top.optional_section("answers")
        if key in answers or key in needs
    }
    if faults.faults:
        raise KnowledgeFaults(file, faults.faults)
    return Additions(needs=needs, answers=texts)


def _need(need: AddedNeed) -> dict[str, Any]:
    return {
        "vi": need.name.vi,
        "en": need.name.en,
        "department": need.department,
        "priority": need.priority.value,
        "active": need.active,
    }


def _texts(texts: Wordings) -> dict[str, list[str]]:
    return {"vi": list(texts.vi), "en": list(texts.en)}


def _read_need(section: Section) -> AddedNeed:
    section.known("vi", "en", "department", "priority", "active")
    priority, active = section.text("priority"), section.need("active")
    if priority and priority not in set(Priority):
        section.faults.add(section.line, f"không có mức ưu tiên “{priority}”")
    return AddedNeed(
        name=Words(section.text("vi"), section.text("en")),
        department=section.text("department"),
        priority=Priority(priority) if priority in set(Priority) else Priority.NORMAL,
        active=active.boolean() if active is not None else True,
    )


def _read_texts(section: Section, placeholders: frozenset[str]) -> Wordings:
    section.known("vi", "en")
    vi, en = (tuple(_text(one, placeholders) for one in section.items(language)) for language in ("vi", "en"))
    if not vi:
        section.faults.add(section.line, "cần ít nhất một câu")
    return Wordings(vi=vi, en=en)


def _text(item: Item, placeholders: frozenset[str]) -> str:
    text = item.raw_text()
    for fault in text_faults(text, placeholders):
        item.faults.add(item.line, fault)
    return text
