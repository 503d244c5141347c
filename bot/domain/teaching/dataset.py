"""A dataset: what one model learns from, named by its content.

It is the developers' files (told apart by their digests) and what admins added: examples, new needs, answers. The same
content has the same id wherever and whenever it is put together, whoever labelled it. Emitting YAML is not done here.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from bot.domain.errors import Invalid
from bot.domain.teaching.examples import EntityMark, checked_entities
from bot.domain.teaching.labels import checked_label, checked_text, sameness

MOST_EXAMPLES: Final = 100_000
"""More would train for hours; the shipped assistant has about 6,000."""
FEWEST_EXAMPLES: Final = 2
"""Different sentences a need must have: calibration leaves some out and must find others."""
_FORMAT: Final = 1


@dataclass(frozen=True, kw_only=True, order=True)
class Line:
    """One sentence to learn, without whatever says who wrote it."""

    label: str
    text: str
    entities: tuple[EntityMark, ...] = ()


@dataclass(frozen=True, kw_only=True, order=True)
class Need:
    """A need that admins added: its intent, the department that owns it, what people call it, what the bot answers.

    An empty ``answer`` means that the department answers in person.
    """

    intent: str
    department: str
    label_vi: str
    answer: str = ""


@dataclass(frozen=True, kw_only=True, order=True)
class Unlearned:
    """A need that a dataset goes without, so that the others can be learned.

    ``missing`` different sentences and it would take part; 0 where no need of this intent teaches any more. With a
    ``text`` the need takes part, and only this sentence of it does not: the trainer would misread it.
    """

    intent: str
    name: str
    missing: int
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class Base:
    """The developers' files: digests by path, and the labelled sentences in them."""

    digests: Mapping[str, str]
    lines: tuple[tuple[str, str], ...] = ()
    """Pairs of label and text."""
    entities: frozenset[str] = frozenset()
    """The entities that the domain declares; a mark of any other would be refused by the trainer."""

    @property
    def intents(self) -> frozenset[str]:
        """The needs that the files have sentences for."""
        return frozenset(label for label, _ in self.lines)


class FaultKind(StrEnum):
    """What keeps a dataset from being trained on."""

    EMPTY = "empty"
    TOO_MANY = "too_many"
    TEXT = "text"
    LABEL = "label"
    UNKNOWN_LABEL = "unknown_label"
    FEW_EXAMPLES = "few_examples"
    TWO_LABELS = "two_labels"
    NEED_EXISTS = "need_exists"
    NEED_INCOMPLETE = "need_incomplete"


@dataclass(frozen=True, kw_only=True)
class DatasetFault:
    """One reason not to train; ``subject`` is the label or text at fault, ``reason`` is in Vietnamese."""

    kind: FaultKind
    subject: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """What was added to the base. Made by `assembling.assemble`, or by `parse` from its canonical form."""

    base: Base
    lines: tuple[Line, ...]
    needs: tuple[Need, ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)
    """Texts that admins changed, by their key in the knowledge file."""
    unlearned: tuple[Unlearned, ...] = field(default=(), compare=False)
    """What was left out when it was put together; no part of the content."""

    @property
    def intents(self) -> frozenset[str]:
        """The needs that a model learns from it."""
        return self.base.intents | {need.intent for need in self.needs}

    @property
    def id(self) -> str:
        """SHA-256 of the canonical form, in hexadecimal."""
        return hashlib.sha256(self.canonical()).hexdigest()

    def canonical(self) -> bytes:
        """Return the one way to write this dataset down: JSON, sorted, without spaces."""
        content = {
            "answers": dict(self.answers),
            "base": dict(self.base.digests),
            "examples": [_written(line) for line in sorted(self.lines)],
            "format": _FORMAT,
            "needs": [[one.intent, one.department, one.label_vi, one.answer] for one in sorted(self.needs)],
        }
        text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        # A lone surrogate cannot be encoded, but must be named as a fault and not end the program.
        return text.encode("utf-8", "surrogatepass")

    def by_label(self) -> dict[str, list[Line]]:
        """Return the added sentences by need, both sorted."""
        found: dict[str, list[Line]] = defaultdict(list)
        for line in sorted(self.lines):
            found[line.label].append(line)
        return dict(found)

    def faults(self) -> list[DatasetFault]:
        """Return everything that is wrong, so that all of it can be mended at once; training needs an empty list."""
        if not self.lines and not self.base.lines:
            return [_fault(FaultKind.EMPTY, "", "Chưa có câu mẫu nào để học.")]
        if len(self.lines) > MOST_EXAMPLES:
            reason = f"Có {len(self.lines)} câu mẫu, nhiều hơn mức {MOST_EXAMPLES}."
            return [_fault(FaultKind.TOO_MANY, "", reason)]
        return [*self._line_faults(), *self._need_faults(), *self._label_faults(), *self._double_faults()]

    def _line_faults(self) -> Iterator[DatasetFault]:
        for line in self.lines:
            if reason := misread(line, self.base.entities):
                yield _fault(FaultKind.TEXT, line.text, reason)

    def _need_faults(self) -> Iterator[DatasetFault]:
        seen: Counter[str] = Counter()
        for need in self.needs:
            seen[need.intent] += 1
            if seen[need.intent] > 1 or need.intent in self.base.intents:
                yield _fault(FaultKind.NEED_EXISTS, need.intent, f"Nhu cầu “{need.intent}” đã có.")
            if not need.department.strip() or not need.label_vi.strip():
                reason = f"Nhu cầu “{need.intent}” thiếu bộ phận hoặc tên gọi."
                yield _fault(FaultKind.NEED_INCOMPLETE, need.intent, reason)

    def _label_faults(self) -> Iterator[DatasetFault]:
        known = self.intents
        labels = sorted({line.label for line in self.lines} | {need.intent for need in self.needs})
        texts: dict[str, set[str]] = defaultdict(set)
        for label, text in (*self.base.lines, *((line.label, line.text) for line in self.lines)):
            texts[label].add(sameness(text))
        for label in labels:
            reason = _refusal(checked_label, label)
            if reason:
                yield _fault(FaultKind.LABEL, label, reason)
            elif label not in known:
                yield _fault(FaultKind.UNKNOWN_LABEL, label, f"Không có nhu cầu nào tên “{label}”.")
            elif len(texts[label]) < FEWEST_EXAMPLES:
                count = len(texts[label])
                reason = f"Nhu cầu “{label}” mới có {count} câu mẫu, cần ít nhất {FEWEST_EXAMPLES} câu khác nhau."
                yield _fault(FaultKind.FEW_EXAMPLES, label, reason)

    def _double_faults(self) -> Iterator[DatasetFault]:
        labels: dict[str, set[str]] = defaultdict(set)
        for line in self.lines:
            labels[sameness(line.text)].add(line.label)
        for label, text in self.base.lines:
            if (key := sameness(text)) in labels:
                labels[key].add(label)
        told: set[str] = set()
        for line in self.lines:
            key = sameness(line.text)
            if len(labels[key]) > 1 and key not in told:
                told.add(key)
                names = ", ".join(f"“{name}”" for name in sorted(labels[key]))
                yield _fault(FaultKind.TWO_LABELS, line.text, f"Cùng một câu đang nằm ở các nhu cầu: {names}.")


def parse(content: bytes, base_lines: Iterable[tuple[str, str]] = ()) -> Dataset:
    """Return the dataset that a canonical form was written from.

    Raises:
        Invalid: it is no canonical form.
    """
    try:
        found = json.loads(content.decode("utf-8", "surrogatepass"))
        dataset = _read(found, tuple(base_lines))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Invalid("dataset", f"cannot be read: {error}") from error
    if dataset.canonical() != content:
        raise Invalid("dataset", "is not in canonical form")
    return dataset


def misread(line: Line, entities: frozenset[str]) -> str | None:
    """Return why the trainer would read a sentence as something else, ``None`` where it would not."""
    reason = _refusal(checked_text, line.text)
    if reason is None and checked_text(line.text) != line.text:
        reason = "Câu mẫu có ký hiệu mà bộ huấn luyện sẽ hiểu sai."
    if reason is None and not _marks_hold(line, entities):
        reason = "Phần được đánh dấu sai vị trí hoặc có tên không được khai báo."
    return reason


def rasa_line(line: Line) -> str:
    """Return the sentence in Rasa's notation, entities marked as ``[words](name)``; a YAML emitter does the rest."""
    parts: list[str] = []
    reached = 0
    for mark in line.entities:
        words = line.text[mark.start : mark.end].replace("[", "(").replace("]", ")")
        parts += [line.text[reached : mark.start], f"[{words}]({mark.name})"]
        reached = mark.end
    return "".join([*parts, line.text[reached:]])


def _read(found: dict[str, Any], base_lines: tuple[tuple[str, str], ...]) -> Dataset:
    if found["format"] != _FORMAT:
        raise ValueError(f"format {found['format']}")
    lines = tuple(
        Line(label=label, text=text, entities=tuple(EntityMark(start=a, end=b, name=name) for a, b, name in marks))
        for label, text, marks in found["examples"]
    )
    needs = tuple(Need(intent=a, department=b, label_vi=c, answer=d) for a, b, c, d in found["needs"])
    return Dataset(
        base=Base(digests=found["base"], lines=base_lines), lines=lines, needs=needs, answers=found["answers"]
    )


def _written(line: Line) -> list[Any]:
    return [line.label, line.text, [[mark.start, mark.end, mark.name] for mark in line.entities]]


def _marks_hold(line: Line, names: frozenset[str]) -> bool:
    try:
        return all(mark.name in names for mark in checked_entities(line.text, line.entities))
    except Invalid:
        return False


def _fault(kind: FaultKind, subject: str, reason: str) -> DatasetFault:
    return DatasetFault(kind=kind, subject=subject, reason=reason)


def _refusal(check: Callable[[str], str], value: str) -> str | None:
    """Return the reason for which a check refuses, ``None`` where it does not."""
    try:
        check(value)
    except Invalid as error:
        return error.reason
    return None
