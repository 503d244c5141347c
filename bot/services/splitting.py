"""Cuts long answers into pieces that a channel carries, never inside what a reader sees as one character."""

from __future__ import annotations

import regex

_GRAPHEME = regex.compile(r"\X")
_BREAKS = ("\n\n", "\n", ". ", "! ", "? ", "; ", ", ", " ")


def split_text(text: str, limit: int) -> list[str]:
    """Return ``text`` in pieces of at most ``limit`` UTF-16 units, the measure that Zalo and Telegram both count in.

    A piece ends at a paragraph, line, sentence, clause or word where there is one in its second half, else between two
    grapheme clusters. White space around a cut is dropped. A single cluster longer than the limit (hundreds of
    combining marks) is cut through: no channel would take it whole.
    """
    pieces: list[str] = []
    rest = text.strip()
    if rest and len(rest) * 2 <= limit:
        # No character is longer than two units.
        return [rest]
    while _units(rest) > limit:
        head = _fitting(rest, limit)
        cut = _natural_cut(head)
        pieces.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    if rest:
        pieces.append(rest)
    return pieces


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _fitting(text: str, limit: int) -> str:
    """The longest prefix of whole clusters within the limit."""
    used, end = 0, 0
    for found in _GRAPHEME.finditer(text):
        used += _units(found.group())
        if used > limit:
            break
        end = found.end()
    if end:
        return text[:end]
    while _units(text[: end + 1]) <= limit:
        end += 1
    return text[:end]


def _natural_cut(head: str) -> int:
    for mark in _BREAKS:
        at = head.rfind(mark)
        if at >= len(head) // 2:
            return at + len(mark)
    return len(head)
