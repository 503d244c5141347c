"""Trains and judges models in processes of their own, after everybody else has had the processor."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bot.adapters.processes.child import dies_with_us
from bot.adapters.training.models import BadNote, Model, models, write_note
from bot.adapters.training.project import read_base
from bot.adapters.training.taught import write_taught
from bot.domain.errors import Invalid
from bot.domain.teaching.dataset import Base, Dataset
from bot.domain.teaching.results import Judged
from bot.services.ports_training import ModelFile, Progress, Question, TrainingFailed
from bot.services.serving import KeptModel

POLITE: Final = ("nice", "-n", "19")
_STEP: Final = re.compile(r"progress (?:(?P<done>\d+)/(?P<total>\d+) )?(?P<what>.*)")
FAULTS: Final = 50
"""Lines of complaint that are kept."""


@dataclass(frozen=True, kw_only=True)
class Workshop:
    """Where the trainer works: the checkout, the engine's Python, the project that it trains, the data directory.

    ``base`` returns the fingerprint of the developers' files as they are, ``environment`` is all that a process is
    given.
    """

    root: Path
    python: Path
    project: Path
    data: Path
    base: Callable[[], str]
    environment: Mapping[str, str]


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

    async def train(self, dataset: Dataset, progress: Progress) -> KeptModel:
        """Write what was taught, train, sign and note the model."""
        mark = f"{await asyncio.to_thread(self._at.base)}+{dataset.id[:16]}"
        taught, file = self._at.data / "teaching/nlu/taught.yml", self._at.data / "models" / f"{mark}.tar.gz"
        try:
            await asyncio.to_thread(write_taught, dataset, taught)
        except Invalid as failure:
            raise TrainingFailed([failure.reason]) from failure
        except OSError as failure:
            raise TrainingFailed([f"Không ghi được dữ liệu huấn luyện: {failure.strerror}."]) from failure
        arguments = ["--project", str(self._at.project), "--out", str(file)]
        if dataset.lines:
            arguments += ["--also", str(taught)]
        process = await self._start("engine.train", *arguments)
        last = await self._ended(process, b"", progress)
        told = json.loads(last[-1])
        model = Model(
            id=told["model_id"],
            fingerprint=mark,
            file=str(file),
            sha256=told["sha256"],
            bytes=told["bytes"],
            seconds=told["seconds"],
            made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        ).signed(self._at.data)
        write_note(model, file.with_name(f"{mark}.json"))
        return _kept(model)

    async def judge(self, model: KeptModel, questions: Sequence[Question]) -> list[Judged]:
        """Have the model read every message."""
        process = await self._start("engine.evaluate", "--model", model.file, "--sha256", model.sha256)
        asked = "".join(json.dumps({"text": one.text}, ensure_ascii=False) + "\n" for one in questions)
        lines = (await self._ended(process, asked.encode("utf-8", "replace"), lambda _what, _share: None))[1:]
        if len(lines) != len(questions):
            raise TrainingFailed(["Mô hình không đọc hết các câu kiểm tra."])
        return [_judged(question, json.loads(line)) for question, line in zip(questions, lines, strict=True)]

    async def _start(self, module: str, *arguments: str) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            *(*POLITE, str(self._at.python), "-m", module, *arguments),
            cwd=self._at.root,
            env=dict(self._at.environment),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
            preexec_fn=dies_with_us(os.getpid(), signal.SIGKILL),
        )

    async def _ended(self, process: asyncio.subprocess.Process, given: bytes, progress: Progress) -> list[str]:
        """Feed the process and follow it to its end; it ends with us when we are cancelled."""
        if process.stdin is None or process.stdout is None or process.stderr is None:
            raise RuntimeError("the process has no pipes")
        try:
            lines, errors, _ = await asyncio.gather(
                _follow(process.stdout, progress), process.stderr.read(), _feed(process.stdin, given)
            )
            code = await process.wait()
        except asyncio.CancelledError:
            with suppress(ProcessLookupError):  # it has just ended by itself
                process.kill()
            await process.wait()
            raise
        if code != 0:
            complaints = [one for one in errors.decode("utf-8", "replace").splitlines() if one.strip()]
            raise TrainingFailed(complaints[-FAULTS:] or [f"status {code}"])
        return lines


async def _follow(stream: asyncio.StreamReader, progress: Progress) -> list[str]:
    """Hand on the progress; return the other lines."""
    lines: list[str] = []
    while line := (await stream.readline()).decode("utf-8", "replace").strip():
        if step := _STEP.fullmatch(line):
            progress(step["what"], int(step["done"]) / int(step["total"]) if step["done"] else 0.0)
        else:
            lines.append(line)
    return lines


async def _feed(stream: asyncio.StreamWriter, given: bytes) -> None:
    stream.write(given)
    with suppress(ConnectionError):  # it ended before it had read everything, and its status says why
        await stream.drain()
    stream.close()


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
