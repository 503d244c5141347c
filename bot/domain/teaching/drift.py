"""Drift: does this week's traffic still look like last month's, channel by channel?

An alert needs three things: enough messages on both sides, a change that matters, and one that chance does not explain.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final
from unicodedata import normalize

from bot.domain.teaching.figures import Interval, divergence, divergence_by_chance, share_change, wilson
from bot.domain.text import fold

FEWEST_NOW: Final = 50
FEWEST_BEFORE: Final = 200
"""Messages of this week and of last month below which nothing is said."""
FALLBACK_GROWTH: Final = 0.05
"""Growth of the share of fallbacks that matters."""
MIX_LIMIT: Final = 0.05
"""Jensen-Shannon divergence of the mix of needs, in bits, that matters; unchanged traffic stays near 0.01."""
NEW_WORD_MESSAGES: Final = 5
NEW_WORD_CUSTOMERS: Final = 3
"""A word is news when so many messages of so many customers have it, and last month's had none."""
NEW_WORD_SHARE: Final = 0.05
"""Share of messages with a new word that matters."""
MOST_WORDS: Final = 30

_WORD: Final = re.compile(r"[^\W\d_]{2,20}")
_TOKEN: Final = re.compile(r"‹[^›]*›")


class DriftKind(StrEnum):
    """What moved."""

    FALLBACKS = "fallbacks"
    NEEDS = "needs"
    WORDS = "words"


@dataclass(frozen=True, kw_only=True)
class Heard:
    """A customer message as drift sees it. ``fallback`` tells whether the bot asked back or handed it on unread."""

    channel: str
    customer_id: int
    text: str
    intent: str | None
    fallback: bool


@dataclass(frozen=True, kw_only=True)
class Count:
    """How many messages of a channel were read as one need, and whether the bot was at a loss with them."""

    channel: str
    intent: str | None
    fallback: bool
    count: int


@dataclass(frozen=True, kw_only=True)
class Traffic:
    """Counts of one channel and one stretch of time; ``customers`` are how many different ones used a word.

    The words are those of ``heard`` messages, which are fewer than all where there are too many to look at each.
    """

    messages: int = 0
    heard: int = 0
    fallbacks: int = 0
    needs: Mapping[str, int] = field(default_factory=dict)
    words: Mapping[str, int] = field(default_factory=dict)
    customers: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class DriftAlert:
    """Something moved that an admin should look at; ``text`` is in Vietnamese."""

    kind: DriftKind
    text: str


@dataclass(frozen=True, kw_only=True)
class NewWord:
    """A word that last month's messages did not have."""

    word: str
    messages: int
    customers: int


@dataclass(frozen=True, kw_only=True)
class NeedShift:
    """How the share of one need changed, as parts of 1."""

    need: str
    before: float
    now: float


@dataclass(frozen=True, kw_only=True)
class Drift:
    """What a channel looks like this week against last month; ``shifts`` are the needs that moved most."""

    channel: str
    messages: int
    messages_before: int
    fallbacks: Interval
    fallbacks_before: Interval
    growth: Interval
    divergence: float
    shifts: tuple[NeedShift, ...]
    new_words: tuple[NewWord, ...]
    alerts: tuple[DriftAlert, ...]

    @property
    def enough(self) -> bool:
        """Tell whether there were enough messages to say anything."""
        return self.messages >= FEWEST_NOW and self.messages_before >= FEWEST_BEFORE


def tally(heard: Iterable[Heard]) -> dict[str, Traffic]:
    """Count messages by channel; a word counts once a message, folded, and numbers and masks are no words."""
    counts: dict[str, _Count] = defaultdict(_Count)
    for one in heard:
        counts[one.channel].add(one)
    return {channel: counts[channel].traffic() for channel in sorted(counts)}


def drift(
    now: Mapping[str, Traffic], before: Mapping[str, Traffic], known_words: Set[str] = frozenset()
) -> list[Drift]:
    """Compare the channels of two tallies.

    ``known_words``, folded, are never news: say those of the training lines.
    """
    channels = sorted(now.keys() | before.keys())
    return [_compared(name, now.get(name, Traffic()), before.get(name, Traffic()), known_words) for name in channels]


def counted(tallied: Mapping[str, Traffic], counts: Iterable[Count]) -> dict[str, Traffic]:
    """Return a tally of a sample with the numbers of all messages; its words stay those of the sample."""
    messages: Counter[str] = Counter()
    fallbacks: Counter[str] = Counter()
    needs: dict[str, Counter[str]] = defaultdict(Counter)
    for one in counts:
        messages[one.channel] += one.count
        fallbacks[one.channel] += one.count if one.fallback else 0
        if one.intent:
            needs[one.channel][one.intent] += one.count
    return {
        channel: replace(
            tallied.get(channel, Traffic()),
            messages=messages[channel],
            fallbacks=fallbacks[channel],
            needs=dict(needs[channel]),
        )
        for channel in sorted(messages)
    }


def covered(heard: Sequence[Heard], words: Set[str], cover: Callable[[str], str]) -> list[Heard]:
    """Return the messages with personal data covered in those of them that have one of the words.

    Covering takes a hundred times as long as reading, and only words that could become news are ever shown.
    """
    return [replace(one, text=cover(one.text)) if words_of(one.text) & words else one for one in heard]


def fresh_words(
    now: Mapping[str, Traffic], before: Mapping[str, Traffic], known_words: Set[str] = frozenset()
) -> frozenset[str]:
    """Return the words of all channels that are news, most likely: names among them are not covered yet."""
    return frozenset(one.word for found in drift(now, before, known_words) for one in found.new_words)


def spelled(drifts: Iterable[Drift], heard: Iterable[Heard]) -> list[Drift]:
    """Return what moved with its new words as most messages write them, marks and all, for people to read."""
    drifts = list(drifts)
    fresh = {one.word for found in drifts for one in found.new_words}
    ways: dict[str, Counter[str]] = {word: Counter() for word in fresh}
    for one in heard:
        for written in set(_WORD.findall(normalize("NFC", _TOKEN.sub(" ", one.text)).lower())) if fresh else ():
            if (word := fold(written)) in ways:
                ways[word][written] += 1
    usual = {word: max(sorted(found), key=found.__getitem__, default=word) for word, found in ways.items()}
    return [
        replace(found, new_words=tuple(replace(one, word=usual[one.word]) for one in found.new_words))
        for found in drifts
    ]


def words_of(text: str) -> frozenset[str]:
    """Return the different words of a text, folded, without numbers and masks."""
    return frozenset(_WORD.findall(fold(_TOKEN.sub(" ", text))))


class _Count:
    """The counters of one channel while they run."""

    def __init__(self) -> None:
        self.messages = 0
        self.fallbacks = 0
        self.needs: Counter[str] = Counter()
        self.words: Counter[str] = Counter()
        self.customers: dict[str, set[int]] = defaultdict(set)

    def add(self, one: Heard) -> None:
        self.messages += 1
        self.fallbacks += one.fallback
        if one.intent:
            self.needs[one.intent] += 1
        for word in words_of(one.text):
            self.words[word] += 1
            # More customers than this tell nothing more, and a month of them would fill the memory.
            if len(self.customers[word]) < NEW_WORD_CUSTOMERS:
                self.customers[word].add(one.customer_id)

    def traffic(self) -> Traffic:
        customers = {word: len(who) for word, who in self.customers.items()}
        return Traffic(
            messages=self.messages,
            heard=self.messages,
            fallbacks=self.fallbacks,
            needs=dict(self.needs),
            words=dict(self.words),
            customers=customers,
        )


def _compared(channel: str, now: Traffic, before: Traffic, known: Set[str]) -> Drift:
    found = Drift(
        channel=channel,
        messages=now.messages,
        messages_before=before.messages,
        fallbacks=wilson(now.fallbacks, now.messages),
        fallbacks_before=wilson(before.fallbacks, before.messages),
        growth=share_change(now.fallbacks, now.messages, before.fallbacks, before.messages),
        divergence=divergence(now.needs, before.needs),
        shifts=_shifts(now, before),
        new_words=_new_words(now, before, known),
        alerts=(),
    )
    return replace(found, alerts=tuple(_alerts(found, now, before))) if found.enough else found


def _alerts(found: Drift, now: Traffic, before: Traffic) -> Iterator[DriftAlert]:
    if found.growth.estimate >= FALLBACK_GROWTH and found.growth.low > 0:
        told = f"{_percent(found.fallbacks_before.estimate)} lên {_percent(found.fallbacks.estimate)}"
        yield DriftAlert(kind=DriftKind.FALLBACKS, text=f"Tỷ lệ trợ lý không hiểu tăng từ {told}.")
    if found.divergence >= max(MIX_LIMIT, divergence_by_chance(now.needs, before.needs)):
        names = ", ".join(one.need for one in found.shifts[:3])
        yield DriftAlert(kind=DriftKind.NEEDS, text=f"Cơ cấu nhu cầu đã khác tháng trước, nhiều nhất ở: {names}.")
    # Messages may share new words; the most frequent word alone is the least that certainly has one.
    if found.new_words and found.new_words[0].messages >= NEW_WORD_SHARE * now.heard:
        names = ", ".join(f"“{one.word}”" for one in found.new_words[:5])
        yield DriftAlert(kind=DriftKind.WORDS, text=f"Khách nói nhiều từ chưa từng gặp: {names}.")


def _shifts(now: Traffic, before: Traffic) -> tuple[NeedShift, ...]:
    total, total_before = max(1, sum(now.needs.values())), max(1, sum(before.needs.values()))
    shifts = [
        NeedShift(need=need, before=before.needs.get(need, 0) / total_before, now=now.needs.get(need, 0) / total)
        for need in now.needs.keys() | before.needs.keys()
    ]
    return tuple(sorted(shifts, key=lambda one: (-abs(one.now - one.before), one.need))[:10])


def _new_words(now: Traffic, before: Traffic, known: Set[str]) -> tuple[NewWord, ...]:
    fresh = [
        NewWord(word=word, messages=count, customers=now.customers.get(word, 0))
        for word, count in now.words.items()
        if count >= NEW_WORD_MESSAGES
        and now.customers.get(word, 0) >= NEW_WORD_CUSTOMERS
        and word not in before.words
        and word not in known
    ]
    return tuple(sorted(fresh, key=lambda one: (-one.messages, one.word))[:MOST_WORDS])


def _percent(share: float) -> str:
    return f"{100 * share:.1f}%".replace(".", ",")
