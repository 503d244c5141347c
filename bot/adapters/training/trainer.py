"""Trains and judges models in processes of their own, after everybody else has had the processor."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.adapters.processes.place import ENGINE_PYTHON, ROOT, bare_environment
from bot.adapters.training.lock import alone
from bot.adapters.training.models import SUFFIX, BadNote, Model, keep, models, standing
from bot.adapters.training.process import run
from bot.adapters.training.project import fingerprint, read_base
from bot.adapters.training.taught import TAUGHT_FILE, write_overlay
from bot.domain.errors import Invalid
from bot.domain.teaching.dataset import Base, Dataset
from bot.domain.teaching.results import Judged
from bot.services.ports_training import ModelFile, Progress, Question, TrainingFailed
from bot.services.serving import KeptModel

NICEST: Final = 19
_STEP: Final = re.compile(r"(?:(?P<done>\d+)/(?P<total>\d+) )?(?P<what>.*)")


@dataclass(frozen=True, kw_only=True)
class Workshop:
    """Where the trainer works: the checkout, the engine's Python, the project that it trains, the data directory.

    ``base`` returns the fingerprint of the developers' files as they are, ``environment`` is all that a process is
    given, ``niceness`` how far behind everybody else it stands.
    """

    root: Path
    python: Path
    project: Path
    data: Path
    base: Callable[[], str]
    environment: Mapping[str, str]
    niceness: int = NICEST


def checkout(data: Path) -> Workshop:
    """Return the workshop of this checkout's assistant, for a data directory."""
    return Workshop(
        root=ROOT,
        python=ENGINE_PYTHON,
        project=ROOT,
        data=data.absolute(),
        base=fingerprint,
        environment=bare_environment(),
    )


class ProcessTrainer:
    """See `bot.services.ports_training.Trainer`."""

    def __init__(self, workshop: Workshop) -> None:
        self._at = workshop

    def base(self) -> Base:
        """Read `nlu/` and `domain.yml`."""
        return read_base(self._at.project)

    def tests(self) -> list[Question]:
        """Read `tests/data/locked` beside the project."""
        found = []
        for file in sorted((self._at.project / "tests/data/locked").glob("*.jsonl")):
            for line in file.read_text(encoding="utf-8").splitlines():
                told = json.loads(line)
                found.append(Question(text=told["text"], truth=told["intent"], style=told.get("style", file.stem)))
        return found

    def models(self) -> list[ModelFile]:
        """List the signed ones; a damaged note hides them all until it is dealt with, and is told by the shelf."""
        return [
            ModelFile(id=one.id, made_at=one.made_at, bytes=one.bytes, seconds=one.seconds) for one in self._models()
        ]

    def untaught(self) -> KeptModel | None:
        """Find by the fingerprint of the files alone."""
        wanted = self._at.base()
        return next((_kept(one) for one in self._models() if one.fingerprint == wanted), None)

    def _models(self) -> list[Model]:
        try:
            return models(self._at.data)
        except BadNote:
            return []

    def trained(self, dataset: Dataset) -> KeptModel | None:
        """Find by the fingerprint of the files and of what was taught."""
        wanted = f"{self._at.base()}+{dataset.id[:16]}"
        return next((_kept(one) for one in self._models() if one.fingerprint == wanted), None)

    async def train(self, dataset: Dataset, progress: Progress) -> KeptModel:
        """Write what was taught, train, sign and note the model."""
        mark = f"{await asyncio.to_thread(self._at.base)}+{dataset.id[:16]}"
        async with alone(self._at.data):
            try:
                return _kept(await self._train(dataset, mark, progress))
            except Invalid as failure:
                raise TrainingFailed([failure.reason]) from failure
            except OSError as failure:
                raise TrainingFailed([f"Không ghi được lên đĩa: {failure.strerror or failure}."]) from failure

    async def _train(self, dataset: Dataset, mark: str, progress: Progress) -> Model:
        """Train beside the models that are there, and give the new one a name of its own at the very end."""
        taught = await asyncio.to_thread(write_overlay, dataset, self._at.data / "teaching")
        fresh = self._at.data / "models" / f".{mark}{SUFFIX}"
        arguments = ["--project", str(self._at.project), "--out", str(fresh)]
        for file in taught:
            arguments += ["--also", str(file)]
        try:
            told = json.loads((await self._run("engine.train", *arguments, heard=_step(progress)))[-1])
            file = fresh.with_name(f"{mark}.{told['model_id']}{SUFFIX}")
            # The same data gave the same model, which may be serving: what was kept stays as it is.
            known = await asyncio.to_thread(standing, file, self._at.data)
            if known is not None:
                return known
            fresh.replace(file)
        finally:
            fresh.unlink(missing_ok=True)
            # Customers' words: whoever is forgotten, or takes them back, must not be found in a file nobody reads.
            (self._at.data / "teaching" / TAUGHT_FILE).unlink(missing_ok=True)
        return keep(told, mark, file, self._at.data)

    async def judge(self, model: KeptModel, questions: Sequence[Question]) -> list[Judged]:
        """Have the model read every message."""
        asked = "".join(json.dumps({"text": one.text}, ensure_ascii=False) + "\n" for one in questions)
        arguments = ["--model", model.file, "--sha256", model.sha256]
        lines = (await self._run("engine.evaluate", *arguments, given=asked.encode("utf-8", "replace")))[1:]
        if len(lines) != len(questions):
            raise TrainingFailed(["Mô hình không đọc hết các câu kiểm tra."])
        return [_judged(question, json.loads(line)) for question, line in zip(questions, lines, strict=True)]

    async def _run(
        self, module: str, *arguments: str, heard: Callable[[str], None] = lambda _: None, given: bytes = b""
    ) -> list[str]:
        command = ("nice", "-n", str(self._at.niceness), str(self._at.python), "-m", module, *arguments)
        return await run(command, cwd=self._at.root, env=self._at.environment, heard=heard, given=given)


def _step(progress: Progress) -> Callable[[str], None]:
    def heard(said: str) -> None:
        if step := _STEP.fullmatch(said):
            progress(step["what"], int(step["done"]) / int(step["total"]) if step["done"] else 0.0)

    return heard


def _judged(question: Question, told: Mapping[str, object]) -> Judged:
    decision = told["decision"]
    return Judged(
        text=question.text,
        truth=question.truth,
        style=question.style,
        intent=str(told["intent"]),
        confidence=float(str(told["confidence"])),
        decision=str(decision) if decision is not None else None,
        ms=float(str(told["ms"])),
    )


def _kept(model: Model) -> KeptModel:
    return KeptModel(id=model.id, file=model.file, sha256=model.sha256, base=model.base)
