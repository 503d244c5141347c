"""What a model made of messages whose need is known, and how two models differ on the same messages."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.domain.errors import Invalid
from bot.domain.teaching.figures import Interval, calibration_error, mcnemar, paired_bootstrap, quantile, wilson


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A test message and what one model made of it.

    ``decision`` is the engine's (``answer``, ``ask``, ``hand_off``), ``None`` where it was not recorded; ``ms`` is the
    time the understanding took, by a monotonic clock.
    """

    text: str
    truth: str
    intent: str
    confidence: float
    style: str = ""
    decision: str | None = None
    ms: float | None = None

    @property
    def right(self) -> bool:
        """Tell whether the model understood it."""
        return self.intent == self.truth

    @property
    def answered(self) -> bool:
        """Tell whether the bot would have answered without asking back."""
        return self.decision == "answer"


@dataclass(frozen=True, kw_only=True)
class Results:
    """What one model made of a set of messages, in the order of the set."""

    model_id: str
    judged: tuple[Judged, ...]

    @property
    def accuracy(self) -> Interval:
        """The share understood, with its Wilson interval."""
        return wilson(sum(one.right for one in self.judged), len(self.judged))

    @property
    def calibration_error(self) -> float:
        """How far stated confidence and share of right answers lie apart."""
        return calibration_error([one.confidence for one in self.judged], [one.right for one in self.judged])

    @property
    def p95_ms(self) -> float | None:
        """The time within which 95 of 100 messages were understood, ``None`` where no time was taken."""
        times = sorted(one.ms for one in self.judged if one.ms is not None)
        return quantile(times, 0.95) if times else None

    @property
    def decided(self) -> bool:
        """Tell whether every message has a decision."""
        return bool(self.judged) and all(one.decision is not None for one in self.judged)

    @property
    def answered(self) -> int:
        """How many messages the bot would have answered without asking back."""
        return sum(one.answered for one in self.judged)


@dataclass(frozen=True, kw_only=True)
class Delta:
    """How the share understood changed for one group of messages (a style, an intent, or ``""`` for all).

    ``won`` and ``lost`` count the messages that only the one model understands; ``p`` is McNemar's, exact, two-sided.
    """

    group: str
    count: int
    before: float
    after: float
    change: Interval
    won: int
    lost: int
    p: float

    def worse(self, alpha: float) -> bool:
        """Tell whether more was lost than won, beyond chance."""
        return self.lost > self.won and self.p < alpha


@dataclass(frozen=True, kw_only=True)
class ConfusionChange:
    """How many messages of a need moved from one reading to another."""

    truth: str
    before: str
    after: str
    count: int


Pairs = Sequence[tuple[Judged, Judged]]


def paired(serving: Results, candidate: Results) -> list[tuple[Judged, Judged]]:
    """Return the two models' readings of each message.

    Raises:
        Invalid: they were not asked the same messages in the same order.
    """
    if [(one.text, one.truth) for one in serving.judged] != [(one.text, one.truth) for one in candidate.judged]:
        raise Invalid("results", "the two models were measured on different messages")
    return list(zip(serving.judged, candidate.judged, strict=True))


def delta(group: str, pairs: Pairs, seed: int) -> Delta:
    """Return how one group of messages fared."""
    before = [float(old.right) for old, _ in pairs]
    after = [float(new.right) for _, new in pairs]
    won = sum(new.right and not old.right for old, new in pairs)
    lost = sum(old.right and not new.right for old, new in pairs)
    count = max(1, len(pairs))
    return Delta(
        group=group,
        count=len(pairs),
        before=sum(before) / count,
        after=sum(after) / count,
        change=paired_bootstrap(before, after, seed=seed),
        won=won,
        lost=lost,
        p=mcnemar(lost, won),
    )


def deltas_by(pairs: Pairs, group_of: Callable[[Judged], str], seed: int) -> tuple[Delta, ...]:
    """Return how each group of messages fared, by name; messages without a group are left out."""
    groups: dict[str, list[tuple[Judged, Judged]]] = defaultdict(list)
    for pair in pairs:
        groups[group_of(pair[0])].append(pair)
    return tuple(delta(name, groups[name], seed) for name in sorted(groups) if name)


def confusion_changes(pairs: Pairs) -> tuple[ConfusionChange, ...]:
    """Return which readings changed, the most frequent first."""
    moved = Counter((old.truth, old.intent, new.intent) for old, new in pairs if old.intent != new.intent)
    ordered = sorted(moved.items(), key=lambda one: (-one[1], one[0]))
    return tuple(ConfusionChange(truth=t, before=b, after=a, count=count) for (t, b, a), count in ordered)
