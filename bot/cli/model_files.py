"""The models in the data directory: which one belongs to the training data as they are now, and how it is made."""

from __future__ import annotations

import asyncio
import fcntl
import hashlib
import json
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from bot.adapters.processes.child import dies_with_us
from bot.adapters.training import models as training
from bot.adapters.training.models import Model
from bot.cli.output import Failure
from bot.cli.place import ENGINE_PYTHON, ROOT, bare_environment

_SOURCES = ("config.yml", "domain.yml", "domain", "nlu", "stories", "engine")
_KINDS = {".yml", ".yaml", ".py", ".txt", ".json", ".tsv", ".csv", ".lock"}
_LOCK_SECONDS = 0.2


def fingerprint(root: Path = ROOT) -> str:
    """Return a digest of everything that training reads, the code of the engine included."""
    digest = hashlib.sha256()
    for source in _SOURCES:
        for path in _files(root / source):
            digest.update(str(path.relative_to(root)).encode() + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


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
    folder = data / "models"
    folder.mkdir(parents=True, exist_ok=True)
    async with _alone(folder):
        found = None if force else current(data)
        if found is not None:
            return found, False
        return await _train(data, fingerprint(), progress), True


async def _train(data: Path, mark: str, progress: Callable[[str], None]) -> Model:
    file = data / "models" / f"{mark}.tar.gz"
    process = await asyncio.create_subprocess_exec(
        *(str(ENGINE_PYTHON), "-m", "engine.train", "--project", str(ROOT), "--out", str(file)),
        cwd=ROOT,
        env=bare_environment(),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,  # Ctrl-C is for us; its own account of it would look like a fault
        preexec_fn=dies_with_us(os.getpid(), signal.SIGKILL),
    )
    try:
        last, errors = await asyncio.gather(_follow(process, progress), _read(process.stderr))
        code = await process.wait()
    except asyncio.CancelledError:
        with suppress(ProcessLookupError):  # it has just ended by itself
            process.kill()
        await process.wait()
        raise
    if code != 0:
        raise Failure(f"Không huấn luyện được trợ lý, mô hình cũ giữ nguyên:\n{errors.strip()[-4000:]}")
    result = json.loads(last)
    model = Model(
        id=result["model_id"],
        fingerprint=mark,
        file=str(file),
        sha256=result["sha256"],
        bytes=result["bytes"],
        seconds=result["seconds"],
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
    ).signed(data)
    training.write_note(model, file.with_name(f"{mark}.json"))
    return model


async def _follow(process: asyncio.subprocess.Process, progress: Callable[[str], None]) -> str:
    """Hand on the progress; return the last line."""
    last = ""
    while process.stdout is not None and (line := (await process.stdout.readline()).decode("utf-8", "replace").strip()):
        if line.startswith("progress "):
            progress(line.removeprefix("progress "))
        last = line
    return last


async def _read(stream: asyncio.StreamReader | None) -> str:
    return (await stream.read()).decode("utf-8", "replace") if stream is not None else ""


@asynccontextmanager
async def _alone(folder: Path) -> AsyncIterator[None]:
    """Let one training at a time run in this data directory; a second one waits and then finds the model."""
    handle = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        while not _locked(handle):  # a lock that blocks would keep us from hearing that we are to stop
            await asyncio.sleep(_LOCK_SECONDS)
        yield
    finally:
        os.close(handle)


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _files(source: Path) -> list[Path]:
    if source.is_file():
        return [source]
    if not source.is_dir():
        return []
    return sorted(
        path
        for path in source.rglob("*")
        if path.suffix in _KINDS and path.is_file() and not {".venv", "__pycache__"} & set(path.parts)
    )
