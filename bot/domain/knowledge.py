"""What the assistant says: the names of needs, the answers, and the sentences of the conversation itself."""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Final
from zlib import crc32

from bot.domain.company import Language, Priority, Words

# A receptionist says anh, chị, bác, quý khách; "bạn" is fine only inside "bạn bè" and the like.
_TOO_FAMILIAR: Final = re.compile(r"\bbạn\b(?!\s+(?:bè|học|đời|đọc))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Wordings:
    """Several ways of saying one thing in each language; the texts still have their `{placeholders}`."""

    vi: tuple[str, ...]
    en: tuple[str, ...]

    def choose(self, language: str, seed: str) -> str:
        """Return one wording: always the same for the same seed, evenly spread over different ones."""
        texts = (self.en or self.vi) if language == Language.EN else self.vi
        return texts[crc32(seed.encode()) % len(texts)]


@dataclass(frozen=True, slots=True)
class AddedNeed:
    """A need that admins added. One that is not ``active`` is never answered: its department gets it."""

    name: Words
    department: str
    priority: Priority = Priority.NORMAL
    active: bool = True


@dataclass(frozen=True, slots=True)
class Additions:
    """What admins added beside the developers' file: needs, and texts that replace those of an answer.

    The answer of an added need stands under its intent; English may be missing there.
    """

    needs: Mapping[str, AddedNeed] = field(default_factory=dict)
    answers: Mapping[str, Wordings] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The whole of `knowledge.yml`, already checked for completeness."""

    needs: Mapping[str, Words]
    answers: Mapping[str, Wordings]
    phrases: Mapping[str, Wordings]

    def with_additions(self, added: Additions) -> Knowledge:
        """Return it with what admins added: their needs beside the others, their texts in place of the answers'."""
        needs = {**self.needs, **{intent: one.name for intent, one in added.needs.items()}}
        return replace(self, needs=needs, answers={**self.answers, **added.answers})

    def need(self, intent: str, language: str = Language.VI) -> str:
        """Return the short name of a need; an unknown one gets the name of "something else"."""
        words = self.needs.get(intent) or self.needs["out_of_scope"]
        return words.in_language(language)


def text_faults(text: str, placeholders: Collection[str]) -> list[str]:
    """Return what is wrong with a text that the assistant would say, in Vietnamese; an empty list where nothing is.

    ``placeholders`` may stand in braces, as they are: a width or a conversion behind them is refused, because a text
    that somebody edits must not be able to ask for a sentence of a million spaces.
    """
    faults = []
    if unicodedata.normalize("NFC", text) != text:
        faults.append("chữ có dấu phải ở dạng dựng sẵn (NFC)")
    if _TOO_FAMILIAR.search(text):
        faults.append("không gọi khách là “bạn”; dùng {you}")
    try:
        found = [part[1:] for part in string.Formatter().parse(text) if part[1] is not None]
    except ValueError:
        return [*faults, "ngoặc nhọn { } không khép đúng"]
    allowed = ", ".join(sorted(placeholders)) or "không có"
    for name, spec, conversion in found:
        if name not in placeholders or spec or conversion:
            tail = f"{'!' if conversion else ''}{conversion or ''}{':' if spec else ''}{spec or ''}"
            faults.append(f"không có chỗ điền “{{{name}{tail}}}”; dùng được: {allowed}")
    return faults
