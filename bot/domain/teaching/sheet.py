"""A text laid out for masking: a plain copy to search in, and the places of it that were found and covered."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

COVERED: Final = "\x00"
"""Stands in the plain copy where something was covered; no stored text has it and no pattern matches it."""
_MARKS: Final = frozenset({"Mn", "Me", "Cf"})


class Kind(StrEnum):
    """What was covered. The values are stored."""

    PHONE = "phone"
    CARD = "card"
    ID = "id"
    ACCOUNT = "account"
    NUMBER = "number"
    CODE = "code"
    EMAIL = "email"
    LINK = "link"
    SECRET = "secret"  # noqa: S105 - the kind, not one
    PLATE = "plate"
    BIRTH = "birth"
    ADDRESS = "address"
    NAME = "name"


TOKENS: Final = {
    Kind.PHONE: "‹số điện thoại›",
    Kind.CARD: "‹số thẻ›",
    Kind.ID: "‹số giấy tờ›",
    Kind.ACCOUNT: "‹số tài khoản›",
    Kind.NUMBER: "‹dãy số›",
    Kind.CODE: "‹mã›",
    Kind.EMAIL: "‹email›",
    Kind.LINK: "‹liên kết›",
    Kind.SECRET: "‹mật mã›",
    Kind.PLATE: "‹biển số›",
    Kind.BIRTH: "‹ngày sinh›",
    Kind.ADDRESS: "‹địa chỉ›",
    Kind.NAME: "‹tên›",
}
_TOKEN: Final = re.compile("|".join(map(re.escape, TOKENS.values())))


@dataclass(frozen=True, order=True)
class Span:
    """A part of a text, from ``start`` up to ``end``, and what it is."""

    start: int
    end: int
    kind: Kind


class Sheet:
    """A text and its plain copy: lower case, no diacritics, any script's digits as 0-9, no marks that take no room.

    Places in the copy are not places in the text; `place` translates. Tokens of an earlier masking are covered from
    the beginning.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.spans: list[Span] = []
        letters: list[str] = []
        self._places: list[int] = []
        for index, char in enumerate(text):
            if plain := _plain(char):
                letters.append(plain)
                self._places.append(index)
        self.plain = "".join(letters)
        for token in _TOKEN.finditer(text):
            self._blank(self._behind(token.start()), self._behind(token.end()))

    def cover(self, found: Iterable[tuple[int, int, Kind]]) -> bool:
        """Cover places of the plain copy and tell whether there were any; what is covered already is skipped."""
        fresh = False
        for start, end, kind in found:
            if start < end and COVERED not in self.plain[start:end]:
                self.spans.append(Span(*self.place(start, end), kind))
                self._blank(start, end)
                fresh = True
        return fresh

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return where a part of the plain copy stands in the text, with the marks that belong to its last letter."""
        last = self._places[end] if end < len(self._places) else len(self.text)
        return self._places[start], last

    def written(self, start: int, end: int) -> str:
        """Return a part of the plain copy as it was written."""
        first, last = self.place(start, end)
        return self.text[first:last]

    def _behind(self, index: int) -> int:
        low, high = 0, len(self._places)
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if self._places[middle] < index else (low, middle)
        return low

    def _blank(self, start: int, end: int) -> None:
        self.plain = self.plain[:start] + COVERED * (end - start) + self.plain[end:]


@lru_cache(maxsize=4096)
def _plain(char: str) -> str:
    """Return one letter for a letter, "" for a mark that takes no room."""
    if char == COVERED:
        return " "
    digit = unicodedata.digit(char, None)
    if digit is not None:
        return str(digit)
    if unicodedata.category(char) in _MARKS:
        return ""
    base = unicodedata.normalize("NFKD", char.casefold())[:1]
    return "d" if base == "đ" else base.strip() or " "
