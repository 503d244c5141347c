"""What the developers' files teach already, looked up by sentence; read once, for the files change with the program."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.domain.errors import Invalid
from bot.domain.teaching.assembling import learnable
from bot.domain.teaching.dataset import Base, Dataset
from bot.domain.teaching.examples import Example, likeness
from bot.services.ports_review import Project


@dataclass(frozen=True, kw_only=True)
class Lessons:
    """The sentences of the files by `likeness`, with their needs, and the entities that a part may be marked with."""

    labels: Mapping[str, frozenset[str]]
    entities: frozenset[str]

    def otherwise(self, text: str, label: str) -> list[str]:
        """Return the other needs that the files have the same sentence under."""
        return sorted(self.labels.get(likeness(text), frozenset()) - {label})


NO_LESSONS: Final = Lessons(labels={}, entities=frozenset())


class LessonBook:
    """Reads the files when they are first asked for. Without a project there are none, and nothing to write down."""

    def __init__(self, project: Project | None) -> None:
        self._project = project
        self._read: tuple[Base, Lessons] | None = None

    async def lessons(self) -> Lessons:
        """Return what the files teach."""
        if self._project is None:
            return NO_LESSONS
        return (await self._both(self._project))[1]

    async def written(self, taught: list[Example]) -> str:
        """Return all that was taught as a training file, what waits for more sentences included. Raises `Invalid`."""
        project = self._project
        if project is None:
            raise Invalid("dataset", "Máy chủ này không có tệp huấn luyện để ghi cùng.")
        base, _ = await self._both(project)
        return await asyncio.to_thread(lambda: project.emit(Dataset(base=base, lines=tuple(learnable(base, taught)))))

    async def _both(self, project: Project) -> tuple[Base, Lessons]:
        if self._read is None:
            self._read = await asyncio.to_thread(lambda: _read(project))
        return self._read


def _read(project: Project) -> tuple[Base, Lessons]:
    base = project.base()
    labels: dict[str, set[str]] = defaultdict(set)
    for label, text in base.lines:
        labels[likeness(text)].add(label)
    return base, Lessons(labels={key: frozenset(found) for key, found in labels.items()}, entities=base.entities)
