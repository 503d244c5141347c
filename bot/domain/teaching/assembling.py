"""Puts datasets together: of what may be learned, all that can be, and what has to wait."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from bot.domain.teaching.dataset import FEWEST_EXAMPLES, Base, Dataset, Line, Need, Unlearned, misread
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
    that is none any more, wait in ``unlearned``, and so does a sentence that would be misread: they must not keep the
    rest from being learned.
    """
    lines, odd = parted(base, learnable(base, examples, cap))
    added = sorted(one for one in needs if one.intent not in base.intents)
    waiting = _unlearned(base, lines, added)
    without = {one.intent for one in waiting}
    return Dataset(
        base=base,
        lines=tuple(line for line in lines if line.label not in without),
        needs=tuple(one for one in added if one.intent not in without),
        answers=dict(answers or {}),
        unlearned=(*waiting, *(Unlearned(intent=one.label, name=one.label, missing=0, text=one.text) for one in odd)),
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


def parted(base: Base, lines: Iterable[Line]) -> tuple[list[Line], list[Line]]:
    """Part what can be written for the trainer from what it would read as something else."""
    good: list[Line] = []
    odd: list[Line] = []
    for line in lines:
        (odd if misread(line, base.entities) else good).append(line)
    return good, odd


def lacking(base: Base, examples: Sequence[Example], intents: Iterable[str]) -> dict[str, int]:
    """Return how many different sentences each need lacks to take part in a training, as `assemble` counts them."""
    wanted = frozenset(intents)
    own = replace(base, lines=tuple(line for line in base.lines if line[0] in wanted))
    # The cap goes over all that a customer taught, the rest is looked at where it matters.
    capped = within_cap([one for one in examples if one.usable])
    lines, _ = parted(own, learnable(own, [one for one in capped if one.label in wanted]))
    texts = _texts(lines)
    return {intent: max(0, FEWEST_EXAMPLES - len(texts[intent])) for intent in sorted(wanted)}


def _texts(lines: Iterable[Line]) -> defaultdict[str, set[str]]:
    texts: defaultdict[str, set[str]] = defaultdict(set)
    for line in lines:
        texts[line.label].add(sameness(line.text))
    return texts


def _unlearned(base: Base, lines: Sequence[Line], needs: Sequence[Need]) -> tuple[Unlearned, ...]:
    texts = _texts(lines)
    few = (
        Unlearned(intent=one.intent, name=one.label_vi, missing=FEWEST_EXAMPLES - len(texts[one.intent]))
        for one in needs
        if len(texts[one.intent]) < FEWEST_EXAMPLES
    )
    gone = sorted(texts.keys() - base.intents - {one.intent for one in needs})
    return (*few, *(Unlearned(intent=label, name=label, missing=0) for label in gone))
