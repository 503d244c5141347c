"""Puts datasets together: of what may be learned, all that can be, and what has to wait."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from bot.domain.teaching.dataset import FEWEST_EXAMPLES, Base, Dataset, Line, Need, Unlearned
from bot.domain.teaching.examples import CUSTOMER_CAP, Example, within_cap
from bot.domain.teaching.labels import sameness


def assemble(
    base: Base,
    examples: Sequence[Example],
    needs: Iterable[Need] = (),
    answers: Mapping[str, str] | None = None,
    cap: int = CUSTOMER_CAP,
) -> Dataset:
    """Put a dataset together from what may be learned.

    A need that the base has under the same intent gives way to it. One with too few sentences, and sentences of a need
    that is none any more, wait in ``unlearned``: they must not keep the rest from being learned.
    """
    lines = learnable(base, examples, cap)
    added = sorted(one for one in needs if one.intent not in base.intents)
    unlearned = _unlearned(base, lines, added)
    without = {one.intent for one in unlearned}
    return Dataset(
        base=base,
        lines=tuple(line for line in lines if line.label not in without),
        needs=tuple(one for one in added if one.intent not in without),
        answers=dict(answers or {}),
        unlearned=unlearned,
    )


def learnable(base: Base, examples: Sequence[Example], cap: int = CUSTOMER_CAP) -> list[Line]:
    """Return what may be learned: approved, consented to, within the cap, each sentence once.

    A sentence that the base has under the same label adds nothing and is left out.
    """
    known = {(label, sameness(text)) for label, text in base.lines}
    lines: list[Line] = []
    for example in within_cap([one for one in examples if one.usable], cap):
        key = (example.label, sameness(example.text))
        if key not in known:
            known.add(key)
            lines.append(Line(label=example.label, text=example.text, entities=example.entities))
    return sorted(lines)


def _unlearned(base: Base, lines: Sequence[Line], needs: Sequence[Need]) -> tuple[Unlearned, ...]:
    texts: dict[str, set[str]] = defaultdict(set)
    for line in lines:
        texts[line.label].add(sameness(line.text))
    few = (
        Unlearned(intent=one.intent, name=one.label_vi, missing=FEWEST_EXAMPLES - len(texts[one.intent]))
        for one in needs
        if len(texts[one.intent]) < FEWEST_EXAMPLES
    )
    gone = sorted(texts.keys() - base.intents - {one.intent for one in needs})
    return (*few, *(Unlearned(intent=label, name=label, missing=0) for label in gone))
