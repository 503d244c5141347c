"""Reads `knowledge.yml` and holds it against what the dialogue needs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from bot.adapters.company.faults import Collector, KnowledgeFaults
from bot.adapters.company.reader import Item, Section, read
from bot.domain.company import Words
from bot.domain.knowledge import Knowledge, Wordings, text_faults


@dataclass(frozen=True, slots=True)
class Expected:
    """What the dialogue will ask for. A text may use `common` placeholders, and those of its own key."""

    needs: Collection[str]
    answers: Collection[str]
    phrases: Mapping[str, frozenset[str]]
    common: frozenset[str]


def load_knowledge(path: Path, expected: Expected) -> Knowledge:
    """Return the knowledge of this file. Raises KnowledgeFaults with every fault, texts that are missing included."""
    faults = Collector()
    top = read(path, faults)
    if not top.entries:
        if not faults.faults:
            faults.add(1, "tệp không có mục nào")
        raise KnowledgeFaults(path, faults.faults)
    top.known("needs", "answers", "phrases")
    knowledge = Knowledge(
        needs=_needs(top.section("needs"), expected.needs),
        answers=_wordings(top.section("answers"), dict.fromkeys(expected.answers, frozenset()), expected.common),
        phrases=_wordings(top.section("phrases"), expected.phrases, expected.common),
    )
    if faults.faults:
        raise KnowledgeFaults(path, faults.faults)
    return knowledge


def _needs(section: Section, expected: Collection[str]) -> Mapping[str, Words]:
    section.known(*expected)
    needs: dict[str, Words] = {}
    for name in expected:
        words = section.section(name)
        words.known("vi", "en")
        needs[name] = Words(words.text("vi"), words.text("en"))
        for item in words.entries.values():
            _check_text(item, item.text(), frozenset())
    titles: dict[str, str] = {}
    for name, one in needs.items():
        # Two needs with one title could not be told apart when a customer types the title back.
        for title in {one.vi.casefold(), one.en.casefold()} - {""}:
            if title in titles and name in section.entries:
                section.faults.add(section.entries[name].line, f"tên “{title}” trùng với mục “{titles[title]}”")
            titles[title] = name
    return MappingProxyType(needs)


def _wordings(
    section: Section, expected: Mapping[str, frozenset[str]], common: frozenset[str]
) -> Mapping[str, Wordings]:
    section.known(*expected)
    found: dict[str, Wordings] = {}
    for name, own in expected.items():
        entry = section.section(name)
        entry.known("vi", "en")
        found[name] = Wordings(*(_texts(entry, language, common | own) for language in ("vi", "en")))
    return MappingProxyType(found)


def _texts(entry: Section, language: str, placeholders: frozenset[str]) -> tuple[str, ...]:
    item = entry.need(language)
    texts = []
    for one in item.items() if item is not None else ():
        text = one.raw_text()
        _check_text(one, text, placeholders)
        texts.append(text)
    if item is not None and not texts:
        entry.faults.add(item.line, "cần ít nhất một câu")
    return tuple(texts)


def _check_text(item: Item, text: str, placeholders: frozenset[str]) -> None:
    for fault in text_faults(text, placeholders):
        item.faults.add(item.line, fault)
