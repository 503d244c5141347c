"""The model of the training data as they are now: found in the data directory, or trained into it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from bot.adapters.processes.place import ENGINE_PYTHON, ROOT, bare_environment
from bot.adapters.training import models as training
from bot.adapters.training.lock import alone
from bot.adapters.training.models import Model
from bot.adapters.training.process import run
from bot.adapters.training.project import fingerprint
from bot.cli.output import Failure
from bot.services.ports_training import TrainingFailed


def models(data: Path) -> list[Model]:
    """Return the models of this data directory, the newest first. Raises `Failure`."""
    try:
        return training.models(data)
    except (training.BadNote, ValueError, OSError) as error:
        raise Failure(f"Mô hình không đọc được: {error}. Hãy xoá tệp đó rồi chạy ./letan train.") from error


def current(data: Path, root: Path = ROOT) -> Model | None:
    """Return the model of the training data as they are now, if it has been trained and is still there."""
    wanted = fingerprint(root)
    for model in models(data):
        if model.fingerprint == wanted:
            return model
    return None


async def ensure(data: Path, progress: Callable[[str], None], *, force: bool = False) -> tuple[Model, bool]:
    """Return the model of the training data, and whether it had to be trained for that.

    Raises:
        Failure: the data or the training is bad; every fault is in the text, and no model was written.
    """
    async with alone(data):
        found = None if force else current(data)
        if found is not None:
            return found, False
        return await _train(data, fingerprint(), progress), True


async def _train(data: Path, mark: str, progress: Callable[[str], None]) -> Model:
    file = data / "models" / f"{mark}.tar.gz"
    command = (str(ENGINE_PYTHON), "-m", "engine.train", "--project", str(ROOT), "--out", str(file))
    try:
        lines = await run(command, cwd=ROOT, env=bare_environment(), heard=progress)
    except TrainingFailed as failure:
        faults = "\n".join(failure.faults)
        raise Failure(f"Không huấn luyện được trợ lý, mô hình cũ giữ nguyên:\n{faults}") from failure
    return training.keep(json.loads(lines[-1]), mark, file, data)
