"""What the developers' files teach already, looked up by sentence; read once, for the files change with the program."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.domain.errors import Invalid
from bot.domain.teaching.assembling import lacking, learnable, parted
from bot.domain.teaching.dataset import Base, Dataset, Line
from bot.domain.teaching.examples import Example, likeness
from bot.services.ports_review import Project


@dataclass(frozen=True, kw_only=True)
class Lessons:
    """The sentences of the files by `likeness`, with their needs, and the entities that a part may be marked with."""

    labels: Mapping[str, frozenset[str]]
    entities: frozenset[str]
    emit: Callable[[Dataset], str] | None = None
    """Writes a training file and reads it back; ``None`` where there is nothing to train with."""

    def otherwise(self, text: str, label: str) -> list[str]:
        """Return the other needs that the files have the same sentence under."""
        return sorted(self.labels.get(likeness(text), frozenset()) - {label})

    def check(self, example: Example) -> None:
        """Refuse an example that would be read back as something else than was written.

        Raises:
            Invalid: the reason names it.
        """
        if self.emit is None:
            return
        line = Line(label=example.label, text=example.text, entities=example.entities)
        try:
            self.emit(Dataset(base=Base(digests={}), lines=(line,)))
        except Invalid as failure:
            reason = f"“{example.text[:60]}” không ghi được vào tệp huấn luyện, anh/chị viết lại bằng chữ thường giúp."
            raise Invalid("examples", reason) from failure


NO_LESSONS: Final = Lessons(labels={}, entities=frozenset())


class LessonBook:
    """Reads the files when they are first asked for. Without a project there are none, and nothing to write down."""

    def __init__(self, project: Project | None) -> None:
        self._project = project
        self._one = asyncio.Lock()
        self._read: tuple[Base, Lessons] | None = None

    async def lessons(self) -> Lessons:
        """Return what the files teach."""
        if self._project is None:
            return NO_LESSONS
        return (await self._both(self._project))[1]

    async def lacking(self, taught: Sequence[Example], intents: Sequence[str]) -> dict[str, int]:
        """Return how many different sentences each need lacks to be learned, of those that were taught."""
        base = (await self._both(self._project))[0] if self._project is not None else Base(digests={})
        return await asyncio.to_thread(lacking, base, taught, intents)

    async def written(self, taught: list[Example]) -> str:
        """Return all that was taught as a training file, what waits for more sentences included.

        A sentence that the trainer would misread stands in a comment at the end. Raises `Invalid`.
        """
        project = self._project
        if project is None:
            raise Invalid("dataset", "Máy chủ này không có tệp huấn luyện để ghi cùng.")
        base, _ = await self._both(project)
        return await asyncio.to_thread(_written, project, base, taught)

    async def _both(self, project: Project) -> tuple[Base, Lessons]:
        async with self._one:
            if self._read is None:
                self._read = await asyncio.to_thread(_read, project)
            return self._read


def _written(project: Project, base: Base, taught: Sequence[Example]) -> str:
    lines, odd = parted(base, learnable(base, taught))
    told = ["# Không ghi được, anh/chị gỡ ở trang Đã dạy:\n"] if odd else []
    told += [f"# {one.label}: {json.dumps(one.text)}\n" for one in odd]
    return "".join([project.emit(Dataset(base=base, lines=tuple(lines))), *told])


def _read(project: Project) -> tuple[Base, Lessons]:
    base = project.base()
    labels: dict[str, set[str]] = defaultdict(set)
    for label, text in base.lines:
        labels[likeness(text)].add(label)
    return base, Lessons(
        labels={key: frozenset(found) for key, found in labels.items()}, entities=base.entities, emit=project.emit
    )
