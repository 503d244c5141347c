"""What an admin should look at first: how much a message teaches, as far as one can tell before anybody looked.

A model learns most where it was wrong without knowing (staff set it right), then where it knew that it did not know.
The queue also holds a random sample, because whoever looks only where the model doubts never finds what it believes
wrongly. One customer cannot fill the queue, and near-duplicates stand in it once.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from random import Random
from typing import Final

from bot.domain.teaching.examples import CUSTOMER_CAP
from bot.domain.teaching.near import near_groups
from bot.domain.turns import Outcome

SURE: Final = 0.8
"""Confidence from which a reading that staff corrected was believed wrongly."""
NARROW: Final = 0.2
"""Distance between the two likeliest needs below which the model had to choose."""
LOW_CSAT: Final = 2
STRANGE: Final = 0.3
"""Chance of being about this business at all below which a message is strange."""
RANDOM_SHARE: Final = 0.1
"""Part of the queue, and of the turns, that the random sample takes at most."""
RANDOM_MOST: Final = 20
"""Turns of one day's sample."""
_DRAWN_WORTH: Final = 0.05
_BLOCK: Final = round(1 / RANDOM_SHARE)
_SPREAD: Final = 0.98
"""Each further group that was read as the same need counts this much less: different needs teach more than one."""


class Reason(StrEnum):
    """Why a message is in the queue; a message may have several. The values are stored and named on the page."""

    DISPUTED = "disputed"
    SECOND_LOOK = "second_look"
    CONFIDENT_MISTAKE = "confident_mistake"
    CORRECTED = "corrected"
    REROUTED = "rerouted"
    FALLBACK = "fallback"
    ASKED_BACK = "asked_back"
    LOW_MARGIN = "low_margin"
    STRANGE = "strange"
    LOW_CSAT = "low_csat"
    DISAGREEMENT = "disagreement"
    RANDOM = "random"


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A customer's message as the bot read it, and what became of it.

    ``ranking`` are the likeliest needs with their confidence, likeliest first. ``decision`` is the engine's
    (``answer``, ``ask``, ``hand_off``). ``department_first`` and ``department_now`` are the case's, where there is one.
    ``corrected_to`` is the need that staff named; ``wrong_need`` is set where they only said that it was not this one.
    ``disputed`` is set where two people gave it different labels, ``proposed`` where one did and a second is wanted.
    ``csat`` is the customer's score, 1 to 5; ``shadow_intent`` is what a candidate made of it. ``case_department`` is
    where the case of this message lies now. ``drawn`` is set for those of the random sample.
    """

    message_id: int
    customer_id: int
    channel: str
    text: str
    at: datetime
    intent: str | None = None
    confidence: float | None = None
    ranking: tuple[tuple[str, float], ...] = ()
    in_scope: float | None = None
    decision: str | None = None
    outcome: Outcome | None = None
    department_first: str | None = None
    department_now: str | None = None
    corrected_to: str | None = None
    wrong_need: bool = False
    disputed: bool = False
    proposed: bool = False
    csat: int | None = None
    model_id: str | None = None
    shadow_intent: str | None = None
    case_department: str | None = None
    drawn: bool = False

    @property
    def corrected(self) -> bool:
        """Tell whether staff said that the bot had misread it."""
        return self.wrong_need or (self.corrected_to is not None and self.corrected_to != self.intent)

    @property
    def margin(self) -> float | None:
        """How far the likeliest need was ahead of the second, ``None`` where there was no choice."""
        return self.ranking[0][1] - self.ranking[1][1] if len(self.ranking) > 1 else None


@dataclass(frozen=True, kw_only=True)
class Worth:
    """How much a message teaches, 0 to 1, and why, the weightiest reason first."""

    score: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, kw_only=True)
class Group:
    """Near-duplicates as one entry of the queue.

    ``members`` begins with the leader and leaves out what a customer wrote beyond the cap; ``size`` and ``customers``
    count everything.
    """

    leader: Seen
    members: tuple[Seen, ...]
    size: int
    customers: int
    worth: Worth


def worth(seen: Seen) -> Worth:
    """Return how much a message teaches; several reasons add up, without ever passing 1."""
    weighed = sorted(_weights(seen), key=lambda one: -one[1])
    missed = 1.0
    for _, weight in weighed:
        missed *= 1 - weight
    return Worth(score=1 - missed, reasons=tuple(reason for reason, _ in weighed))


def order(
    seen: Iterable[Seen],
    *,
    seed: int,
    cap: int = CUSTOMER_CAP,
    random_share: float = RANDOM_SHARE,
) -> list[Group]:
    """Return the queue: groups in order of worth, those of the sample in between. Same messages and seed, same queue.

    What has no reason to be looked at stays out.
    """
    weighed = ((one, found) for one in seen if (found := worth(one)).reasons)
    ranked = sorted(weighed, key=lambda pair: (-pair[1].score, pair[0].message_id))
    groups = list(_grouped(ranked, cap))
    return _mixed(_spread(groups), seed, random_share)


def _weights(seen: Seen) -> Iterator[tuple[Reason, float]]:
    """Yield the reasons that hold with their weights, each between 0 and 1."""
    confidence = seen.confidence or 0.0
    yield from _said(seen)
    if seen.department_first and seen.department_now and seen.department_first != seen.department_now:
        yield Reason.REROUTED, 0.6 if confidence >= SURE else 0.5
    if seen.decision == "hand_off" or (seen.intent is None and seen.decision is None):
        yield Reason.FALLBACK, 0.5 + 0.2 * (1 - confidence)
    elif seen.decision == "ask":
        yield Reason.ASKED_BACK, 0.4 + 0.2 * (1 - confidence)
    if (margin := seen.margin) is not None and margin < NARROW:
        yield Reason.LOW_MARGIN, 0.4 * (1 - margin / NARROW) + 0.1
    if seen.in_scope is not None and seen.in_scope < STRANGE:
        yield Reason.STRANGE, 0.2
    if seen.csat is not None and seen.csat <= LOW_CSAT:
        yield Reason.LOW_CSAT, 0.4
    if seen.shadow_intent is not None and seen.shadow_intent != seen.intent:
        yield Reason.DISAGREEMENT, 0.4
    if seen.drawn:
        yield Reason.RANDOM, _DRAWN_WORTH


def _said(seen: Seen) -> Iterator[tuple[Reason, float]]:
    """Yield the reasons that people gave."""
    if seen.disputed:
        yield Reason.DISPUTED, 0.95
    if seen.proposed:
        # Half of the work is done, and it is worth nothing until somebody agrees.
        yield Reason.SECOND_LOOK, 0.85
    if seen.corrected:
        sure = (seen.confidence or 0.0) >= SURE
        yield (Reason.CONFIDENT_MISTAKE, 0.9) if sure else (Reason.CORRECTED, 0.8)


def _grouped(ranked: Sequence[tuple[Seen, Worth]], cap: int) -> Iterator[Group]:
    """Yield near-duplicates as groups, in the order of their leaders' worth."""
    shown: Counter[int] = Counter()
    for places in near_groups([one.text for one, _ in ranked]):
        everyone = [ranked[place] for place in places]
        members: list[tuple[Seen, Worth]] = []
        for pair in everyone:
            shown[pair[0].customer_id] += 1
            if shown[pair[0].customer_id] <= cap:
                members.append(pair)
        if members:
            yield Group(
                leader=members[0][0],
                members=tuple(one for one, _ in members),
                size=len(everyone),
                customers=len({one.customer_id for one, _ in everyone}),
                worth=members[0][1],
            )


def _spread(groups: Iterable[Group]) -> list[Group]:
    """Return the groups so that no single need stands in front of all others."""
    turn: dict[str | None, int] = defaultdict(int)
    weighed: list[tuple[float, int, Group]] = []
    for group in groups:
        need = group.leader.intent
        weighed.append((-group.worth.score * _SPREAD ** turn[need], group.leader.message_id, group))
        turn[need] += 1
    return [group for _, _, group in sorted(weighed, key=lambda one: one[:2])]


def _mixed(groups: Sequence[Group], seed: int, share: float) -> list[Group]:
    """Return the groups with every so many-th place given to the next of the sample that is not placed yet."""
    if share <= 0:
        return list(groups)
    step = max(2, round(1 / share))
    sample = [place for place, one in enumerate(groups) if Reason.RANDOM in one.worth.reasons]
    Random(seed).shuffle(sample)  # noqa: S311 - an honest sample, not a secret
    placed: dict[int, None] = {}
    by_worth = iter(range(len(groups)))
    for slot in range(len(groups)):
        waiting = (one for one in sample if one not in placed) if slot % step == step - 1 else iter(())
        place = next(waiting, None)
        placed[place if place is not None else next(one for one in by_worth if one not in placed)] = None
    return [groups[place] for place in placed]


def sampled(newest: int, seed: int, recent: int) -> frozenset[int]:
    """Return the ids of a day's random sample among the newest ``recent`` turns: of ten turns in a row one at most.

    ``seed`` is the day's. A few more turns change little of it, so that what is looked at does not go meanwhile.
    """
    blocks = newest // _BLOCK
    if blocks > RANDOM_MOST:
        # Drawn from a round number of them, which stays the same while a few more come.
        step = 10 ** max(0, len(str(blocks)) - 2)
        last = blocks // step * step
        chosen = Random(seed).sample(range(max(0, last - recent // _BLOCK), last), RANDOM_MOST)  # noqa: S311 - as above
    else:
        chosen = list(range(blocks))
    return frozenset(
        block * _BLOCK + Random(f"{seed} {block}").randint(1, _BLOCK)  # noqa: S311 - as above
        for block in chosen
    )
