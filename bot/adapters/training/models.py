"""The models of a data directory and the notes beside them."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import structlog

from bot.adapters.training.signing import installation_key, is_signed, sign
from bot.services.serving import KeptModel

log = structlog.get_logger(__name__)

SUFFIX: Final = ".tar.gz"


class BadNote(Exception):
    """A note that cannot be read; the message says which, and why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Model:
    """One trained model. `made_at` is ISO 8601 with an offset, `seconds` what training it took.

    `fingerprint` is of everything that its training read; `mac` shows that this installation trained it.
    """

    id: str
    fingerprint: str
    file: str
    sha256: str
    bytes: int
    seconds: float
    made_at: str
    mac: str = ""

    @property
    def path(self) -> Path:
        """The file that the engine loads."""
        return Path(self.file)

    @property
    def base(self) -> str:
        """The fingerprint of the developers' files alone; what was taught beside them stands behind a plus."""
        return self.fingerprint.partition("+")[0]

    def signed(self, data: Path) -> Model:
        """Return the model with the signature of a data directory."""
        key = installation_key(data)
        return replace(self, mac=sign(key, model_id=self.id, fingerprint=self.fingerprint, sha256=self.sha256))

    def belongs_to(self, data: Path) -> bool:
        """Tell whether this installation trained it."""
        key = installation_key(data)
        return is_signed(key, self.mac, model_id=self.id, fingerprint=self.fingerprint, sha256=self.sha256)


def models(data: Path) -> list[Model]:
    """Return the models that this installation trained and that are still there, the newest first.

    Raises:
        BadNote: a note is damaged.
    """
    found = []
    for note in (data / "models").glob("*.json"):
        try:
            noted = json.loads(note.read_text(encoding="utf-8"))
            model = Model(**{**noted, "file": str(note.parent / noted["file"])})
        except (ValueError, TypeError, KeyError) as error:
            raise BadNote(f"{note}: {error}") from error
        if model.belongs_to(data) and model.path.exists():
            found.append(model)
    return sorted(found, key=lambda model: model.made_at, reverse=True)


def write_note(model: Model, note: Path) -> None:
    """Write the note of a model, all of it or nothing."""
    fresh = note.with_suffix(".new")
    try:
        with fresh.open("w", encoding="utf-8") as stream:
            json.dump({**asdict(model), "file": model.path.name}, stream, indent=1)
            stream.flush()
            os.fsync(stream.fileno())
        fresh.replace(note)
    finally:
        fresh.unlink(missing_ok=True)


def keep(told: Mapping[str, Any], mark: str, file: Path, data: Path) -> Model:
    """Sign and note a model that `engine.train` has just written to ``file``; the note has the file's name.

    ``told`` is the last line that it printed, ``mark`` the fingerprint of what it read. Raises `OSError`.
    """
    model = Model(
        id=told["model_id"],
        fingerprint=mark,
        file=str(file),
        sha256=told["sha256"],
        bytes=told["bytes"],
        seconds=told["seconds"],
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
    ).signed(data)
    write_note(model, _note_of(file))
    return model


def standing(file: Path, data: Path) -> Model | None:
    """Return the model that lies whole in ``file`` by now; ``None`` where none does, or its note cannot be read."""
    try:
        model = next((one for one in models(data) if one.path == file), None)
    except BadNote:
        return None
    return model if model is not None and _intact(model.path, model.sha256) else None


class Shelf:
    """Implements `bot.services.serving.ModelShelf` over a data directory."""

    def __init__(self, data: Path) -> None:
        self._data = data

    def find(self, model_id: str) -> KeptModel | None:
        """Find among the signed ones."""
        try:
            model = next((one for one in models(self._data) if one.id == model_id), None)
        except BadNote as note:
            log.warning("model_note_damaged", note=str(note))
            return None
        if model is None:
            return None
        return KeptModel(id=model.id, file=model.file, sha256=model.sha256, base=model.base)

    def intact(self, model: KeptModel) -> bool:
        """Read the whole file; it has about 8 MB."""
        return _intact(Path(model.file), model.sha256)

    def discard(self, model: KeptModel) -> None:
        """Delete the file, then its note, which alone is no model."""
        file = Path(model.file)
        file.unlink(missing_ok=True)
        _note_of(file).unlink(missing_ok=True)


def _intact(file: Path, sha256: str) -> bool:
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest() == sha256
    except OSError:
        return False


def _note_of(file: Path) -> Path:
    return file.with_name(file.name.removesuffix(SUFFIX) + ".json")
