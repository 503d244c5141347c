"""Model files: which one to serve, whether it is whole, what is in it, and the id that its content gives it.

A model file is code to whoever loads it, so the front office passes the digest it recorded when it trained the model.
Standard library only: this is read before the decision what of Rasa to import.
"""

import gzip
import hashlib
import io
import json
import os
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from engine.errors import BadModel

METADATA = "metadata.json"
# What differs between two trainings of the same data; Rasa makes up a random fingerprint for outputs it cannot hash.
_VOLATILE = frozenset({"model_id", "trained_at", "output_fingerprint"})
_ID_CHARS = 20


def find_model(path: Path) -> Path:
    """The file itself, or the newest model of a directory."""
    if path.is_file():
        return path
    if path.is_dir():
        models = sorted(path.glob("*.tar.gz"), key=lambda model: model.stat().st_mtime)
        if models:
            return models[-1]
    raise BadModel(f"no model at {path}")


def check_archive(model: Path, sha256: str | None) -> None:
    """Refuse a file that is cut short, is no model, or is not the one that the caller means."""
    if sha256 is not None and digest(model) != sha256.lower():
        raise BadModel(f"{model} has not the expected SHA-256 digest")
    metadata(model)


def digest(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def metadata(model: Path) -> dict[str, Any]:
    """What the model says of itself; reads the archive to its end, so a truncated one is noticed."""
    found: dict[str, Any] | None = None
    try:
        with gzip.open(model) as stream:
            while stream.read(1 << 20):
                # The checksum is at the very end, behind what a reader of the archive needs.
                continue
        with tarfile.open(model, "r:gz") as archive:
            for member in archive:
                if Path(member.name).name == METADATA and member.isfile():
                    found = json.load(archive.extractfile(member) or io.BytesIO())
    except (OSError, EOFError, tarfile.TarError, zlib.error, ValueError) as error:
        raise BadModel(f"{model} is not a whole model archive: {error}") from error
    if found is None or "predict_schema" not in found:
        raise BadModel(f"{model} holds no Rasa model")
    return found


def component_paths(model: Path) -> list[str]:
    """`module.Class` of every component that prediction needs."""
    nodes = metadata(model)["predict_schema"]["nodes"]
    return [node["uses"] for node in nodes.values()]


def seal(trained: Path, target: Path) -> str:
    """Write the model to `target` under an id made from its content, all or nothing; returns the id.

    Two trainings of the same data by the same code have the same id when the learners are deterministic.
    """
    files = dict(_files(trained))
    name = next(name for name in files if Path(name).name == METADATA)
    facts = json.loads(files[name])
    model_id = _content_id(files, name, facts)
    facts["model_id"] = model_id
    files[name] = json.dumps(facts, sort_keys=True).encode()
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with temporary.open("wb") as stream:
            _write(files, stream)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
    return model_id


def _files(archive_path: Path) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(archive_path, "r:gz") as archive:
        for member in archive:
            stream = archive.extractfile(member)
            if stream is not None:
                yield member.name, stream.read()


def _content_id(files: dict[str, bytes], metadata_name: str, facts: dict[str, Any]) -> str:
    content = {**files, metadata_name: json.dumps(_stable(facts), sort_keys=True).encode()}
    total = hashlib.sha256()
    for name in sorted(content):
        total.update(f"{name}\0{len(content[name])}\0".encode())
        total.update(content[name])
    return f"m-{total.hexdigest()[:_ID_CHARS]}"


def _stable(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _stable(item) for key, item in value.items() if key not in _VOLATILE}
    return [_stable(item) for item in value] if isinstance(value, list) else value


def _write(files: dict[str, bytes], stream: io.BufferedWriter) -> None:
    with (
        gzip.GzipFile(filename="", mode="wb", fileobj=stream, mtime=0, compresslevel=6) as packed,
        tarfile.open(fileobj=packed, mode="w") as archive,
    ):
        for name in sorted(files):
            member = tarfile.TarInfo(name)
            member.size = len(files[name])
            archive.addfile(member, io.BytesIO(files[name]))
