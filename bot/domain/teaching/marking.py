"""From what a person marked in a masked text to an example: the same words, with nobody's data in place of somebody's.

Whoever teaches sees tokens where personal data stood. The example has specimens there, and is tidied into one line, so
every place that was marked moves.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.domain.errors import Invalid
from bot.domain.teaching.examples import EntityMark, checked_entities
from bot.domain.teaching.labels import checked_text
from bot.domain.teaching.masking import Masked

_DROPPED: Final = frozenset("\ufffd\ufffe\uffff")
"""What `checked_text` leaves out beside spaces and the signs in front."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """One need of a message that has several: a piece of the masked text and its label; marks count in the piece."""

    text: str
    label: str
    marks: tuple[EntityMark, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Marked:
    """The words of an example and what is marked in them."""

    text: str
    marks: tuple[EntityMark, ...]


def sentence(shown: Masked, marks: Sequence[EntityMark] = ()) -> Marked:
    """Return what an example says of a whole message. Raises `Invalid` for what cannot be learned or marked."""
    return _learned(shown, 0, len(shown.text), marks)


def piece(shown: Masked, part: Part) -> Marked:
    """Return what an example says of a piece of a message.

    Raises:
        Invalid: the piece does not stand in the message as it was shown, or cannot be learned or marked.
    """
    words = part.text.split()
    # How a browser wraps a line is no difference, so any space stands for any other.
    found = re.search(r"\s+".join(map(re.escape, words)), shown.text) if words else None
    if found is None:
        raise Invalid("parts", f"“{part.text.strip()[:60]}” không nằm trong câu của khách như đang hiện.")
    _check(part.marks, part.text)
    moved = tuple(
        replace(one, start=found.start() + one.start, end=found.start() + one.end)
        for one in _moved(part.marks, part.text, found[0])
    )
    return _learned(shown, found.start(), found.end(), moved)


def _learned(shown: Masked, start: int, end: int, marks: Sequence[EntityMark]) -> Marked:
    _check(marks, shown.text)
    specimen = shown.as_specimen()
    begin, behind = specimen.to_masked(*shown.to_source(start, end))
    # Two marks that share a covered place are found to overlap below.
    placed = [_within(specimen, shown, one, begin) for one in marks]
    words = specimen.text[begin:behind]
    line = checked_text(words)
    return Marked(text=line, marks=checked_entities(line, _moved(placed, words, line)))


def _within(specimen: Masked, shown: Masked, mark: EntityMark, begin: int) -> EntityMark:
    start, end = specimen.to_masked(*shown.to_source(mark.start, mark.end))
    return replace(mark, start=start - begin, end=end - begin)


def _check(marks: Sequence[EntityMark], text: str) -> None:
    """Refuse what a place in the text cannot be moved for; overlaps and names are checked where the place is final."""
    for mark in marks:
        if not 0 <= mark.start < mark.end <= len(text) or not text[mark.start : mark.end].strip():
            raise Invalid("entities", "Phần được đánh dấu không nằm trong câu.")


def _moved(marks: Sequence[EntityMark], before: str, after: str) -> list[EntityMark]:
    """Return marks of a text as they stand in the same text tidied: with other spaces, and without signs in front."""
    if not marks:
        return []
    old, new = _signs(before), _signs(after)
    gone = len(old) - len(new)
    if gone < 0 or [before[one] for one in old[gone:]] != [after[one] for one in new]:
        raise Invalid("entities", "Câu này không đánh dấu được, anh/chị gắn nhãn không kèm đánh dấu giúp.")
    moved = []
    for mark in marks:
        inside = [place - gone for place, one in enumerate(old) if mark.start <= one < mark.end and place >= gone]
        if not inside:
            raise Invalid("entities", "Phần được đánh dấu không nằm trong câu.")
        moved.append(replace(mark, start=new[inside[0]], end=new[inside[-1]] + 1))
    return moved


def _signs(text: str) -> list[int]:
    """Return the places of everything that is no space."""
    return [place for place, sign in enumerate(text) if not sign.isspace() and sign not in _DROPPED]
