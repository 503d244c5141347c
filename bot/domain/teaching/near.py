"""Near-duplicates: messages that say one thing in all but the same letters, brought together.

Two messages are near when their letter triples, folded, overlap by `NEAR` or more (Jaccard). Comparing all with all
would take hours for a week's traffic; messages that are near must share one of their rarest triples (prefix filtering:
Chaudhuri, Ganti and Kaushik, ICDE 2006), so only those are compared.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain
from math import ceil
from typing import Final

from bot.domain.text import fold

NEAR: Final = 0.6
"""Share of letter triples that two near-duplicates have in common."""
_SHARED: Final = 4
"""Rare triples that must be shared before two texts are compared; one alone is shared by too many."""
_READ: Final = 300
"""Characters of a message that are compared; longer ones that begin so alike are near enough."""
_NUMBER: Final = re.compile(r"\d+")
_BETWEEN: Final = re.compile(r"[^\w‹›]+")
_DRAWN: Final = re.compile(r"([^\W\d_])\1{2,}")


def triples(text: str) -> frozenset[str]:
    """Return the letter triples of a text: folded, any number as one sign, repeated letters as one."""
    plain = _DRAWN.sub(r"\1", _NUMBER.sub("0", fold(text[:_READ])))
    words = f" {' '.join(_BETWEEN.sub(' ', plain).split())} "
    if not words.strip():
        # Signs alone, an emoji say: the text itself is all there is to compare.
        return frozenset({text.strip()})
    return frozenset(words[at : at + 3] for at in range(len(words) - 2))


def overlap(first: frozenset[str], second: frozenset[str]) -> float:
    """Return the Jaccard overlap of two sets, 0 to 1; two empty ones have nothing in common."""
    shared = len(first & second)
    return shared / (len(first) + len(second) - shared) if shared else 0.0


def near_groups(texts: Sequence[str], threshold: float = NEAR) -> list[list[int]]:
    """Return the places of the texts in groups, each led by its earliest text, to which all others of it are near.

    Earlier texts win: give the most important one first. Nearness to the leader alone keeps a chain of small
    differences from joining two things that have nothing to do with each other.
    """
    sets = [triples(text) for text in texts]
    counts = Counter(one for found in sets for one in found)
    leaders: dict[str, list[int]] = defaultdict(list)
    groups: dict[int, list[int]] = {}
    for place, found in enumerate(sets):
        prefix = _prefix(found, counts, threshold)
        leader = _nearest(found, (leaders[one] for one in prefix if one in leaders), sets, threshold)
        if leader is not None:
            groups[leader].append(place)
            continue
        groups[place] = [place]
        for one in prefix:
            leaders[one].append(place)
    return list(groups.values())


def _prefix(found: frozenset[str], counts: Counter[str], threshold: float) -> list[str]:
    """Return the rarest triples, so many that two near texts have at least `_SHARED` of them in common."""
    needed = ceil(threshold * len(found))
    return sorted(found, key=lambda one: (counts[one], one))[: len(found) - needed + min(_SHARED, needed)]


def _nearest(
    found: frozenset[str], places: Iterable[list[int]], sets: Sequence[frozenset[str]], threshold: float
) -> int | None:
    best, reached = None, threshold
    size = len(found)
    for place, shared in sorted(Counter(chain.from_iterable(places)).items()):
        other = sets[place]
        length = len(other)
        if length < threshold * size or size < threshold * length:
            continue
        if shared < _SHARED and shared < ceil(threshold * min(size, length)):
            continue
        likeness = overlap(found, other)
        if likeness > reached or (best is None and likeness >= threshold):
            best, reached = place, likeness
    return best
