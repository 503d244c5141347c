"""Personal data covered before anybody reads a customer's message in a list.

Strict on purpose: a number that might be somebody's is covered, and what was covered by mistake costs the reader a
guess. Sums of money, sizes, times and the words around a number stay. What admins read is what they label, so a text
that nobody could understand any more would teach nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.domain.teaching import masking_addresses, masking_codes, masking_contacts, masking_names, masking_numbers
from bot.domain.teaching.sheet import TOKENS, Kind, Sheet, Span
from bot.domain.text import clean

SPECIMENS: Final = {
    Kind.PHONE: "0900 000 000",
    Kind.CARD: "0000 0000 0000 0000",
    Kind.ID: "000000000000",
    Kind.ACCOUNT: "0000000000",
    Kind.NUMBER: "000000000",
    Kind.CODE: "AA0000",
    Kind.EMAIL: "ten@example.com",
    Kind.LINK: "https://example.com",
    Kind.SECRET: "000000",
    Kind.PLATE: "00A-000.00",
    Kind.BIRTH: "1/1/2000",
    Kind.ADDRESS: "số 1",
    Kind.NAME: "An",
}
"""What stands in for covered parts in a training sentence: nobody's, and shaped like what customers really write."""

LONGEST_READ: Final = 4_000
"""Characters of a message that are masked and shown; the rest is left out, so that nothing of it is shown unmasked."""

_Finder = Callable[[Sheet], Iterator[tuple[int, int, Kind]]]
_FINDERS: Final[Sequence[_Finder]] = (
    masking_codes.find_secrets,
    masking_contacts.find,
    masking_codes.find_plates,
    masking_numbers.find,
    masking_codes.find,
    masking_addresses.find,
)


@dataclass(frozen=True, kw_only=True)
class Masked:
    """A masked text. ``source`` is what it was made from, as `clean` leaves it; ``spans`` are places in it.

    ``words`` are what stands in the text for each kind of covered part.
    """

    source: str
    text: str
    spans: tuple[Span, ...]
    words: Mapping[Kind, str]

    def to_masked(self, start: int, end: int) -> tuple[int, int]:
        """Return where a part of the source stands in the text; a covered part is widened to what stands for it."""
        return self._moved(start, ending=False), self._moved(end, ending=True)

    def to_source(self, start: int, end: int) -> tuple[int, int]:
        """Return where a part of the text stands in the source; a part of a token is all that it covers."""
        first, last, shift = start, end, 0
        for span in self.spans:
            token = span.start + shift
            behind = token + len(self.words[span.kind])
            if token <= start < behind:
                first = span.start
            elif start >= behind:
                first = start - (behind - span.end)
            if token < end <= behind:
                last = span.end
            elif end > behind:
                last = end - (behind - span.end)
            shift = behind - span.end
        return first, last

    def _moved(self, place: int, *, ending: bool) -> int:
        shift = 0
        for span in self.spans:
            inside = span.start < place <= span.end if ending else span.start <= place < span.end
            if inside:
                return span.start + shift + (len(self.words[span.kind]) if ending else 0)
            if place < span.end or (ending and place <= span.start):
                break
            shift += len(self.words[span.kind]) - (span.end - span.start)
        return place + shift

    def as_specimen(self) -> Masked:
        """Return it with nobody's data in place of somebody's, to be learned from: it points to no one any more."""
        return replace(self, text=_replaced(self.source, self.spans, SPECIMENS), words=SPECIMENS)


def mask(text: str, staff: Iterable[str] = (), customer: str | None = None) -> str:
    """Return the text with personal data covered; masking twice changes nothing, and no 9 digits in a row survive.

    ``staff`` and ``customer`` are names that may occur in it.
    """
    return masked(text, staff, customer).text


def masked(text: str, staff: Iterable[str] = (), customer: str | None = None) -> Masked:
    """Return the masked text with what was covered and where."""
    source = _read(text)
    spans = _covered(source, tuple(staff), customer)
    return Masked(source=source, text=_replaced(source, spans, TOKENS), spans=spans, words=TOKENS)


def specimen(text: str, staff: Iterable[str] = (), customer: str | None = None) -> str:
    """Return the text as `Masked.as_specimen` does."""
    return masked(text, staff, customer).as_specimen().text


def _read(text: str) -> str:
    source = clean(text)
    # A number that the cut goes through would be too short to be recognised: cut behind the last space.
    return source if len(source) <= LONGEST_READ else source[:LONGEST_READ].rpartition(" ")[0] + " …"


def _covered(source: str, staff: tuple[str, ...], customer: str | None) -> tuple[Span, ...]:
    sheet = Sheet(source)
    # What one finder covers may lay bare what another one looks for, so they go on until there is nothing left.
    finders = (*_FINDERS, masking_names.finder_of(staff, customer))
    fresh = True
    while fresh:
        fresh = False
        for find in finders:
            fresh = sheet.cover(find(sheet)) or fresh
    return tuple(sorted(sheet.spans))


def _replaced(source: str, spans: Iterable[Span], words: Mapping[Kind, str]) -> str:
    parts: list[str] = []
    reached = 0
    for span in spans:
        parts += [source[reached : span.start], words[span.kind]]
        reached = span.end
    return "".join([*parts, source[reached:]])
