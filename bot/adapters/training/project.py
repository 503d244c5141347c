"""The developers' files: what training reads of them, and the labelled sentences with which a dataset begins."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import yaml

from bot.adapters.processes.place import ROOT
from bot.domain.teaching.dataset import Base

_SOURCES: Final = ("config.yml", "domain.yml", "domain", "nlu", "stories", "engine")
_KINDS: Final = {".yml", ".yaml", ".py", ".txt", ".json", ".tsv", ".csv", ".lock"}
_ANNOTATION: Final = re.compile(r"\[([^\[\]]*)\](?:\([^()]*\)|\{[^{}]*\})")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def fingerprint(root: Path = ROOT) -> str:
    """Return a digest of everything that training reads, the code of the engine included."""
    digest = hashlib.sha256()
    for source in _SOURCES:
        for path in _files(root / source):
            digest.update(str(path.relative_to(root)).encode() + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def read_base(project: Path) -> Base:
    """Return what is in `nlu/` and `domain.yml` of a project. What cannot be read is `engine.check`'s to tell."""
    files = sorted(path for path in (project / "nlu").rglob("*") if path.suffix in (".yml", ".yaml"))
    texts = {str(path.relative_to(project)): path.read_bytes() for path in (*files, project / "domain.yml")}
    lines = tuple(line for path in files for line in _lines(_parsed(texts[str(path.relative_to(project))])))
    domain = _parsed(texts["domain.yml"])
    return Base(
        digests={name: hashlib.sha256(content).hexdigest() for name, content in texts.items()},
        lines=lines,
        entities=frozenset(_names(domain.get("entities"))),
    )


def _parsed(content: bytes) -> dict[str, Any]:
    try:
        found = yaml.load(content, Loader=_LOADER)  # noqa: S506 - a safe loader, in C where there is one
    except yaml.YAMLError:
        return {}
    return found if isinstance(found, dict) else {}


def _lines(root: dict[str, Any]) -> Iterator[tuple[str, str]]:
    items = root.get("nlu")
    for item in items if isinstance(items, list) else ():
        if isinstance(item, dict) and isinstance(item.get("intent"), str) and isinstance(item.get("examples"), str):
            for line in item["examples"].split("\n"):
                if line.startswith("- "):
                    yield item["intent"], _ANNOTATION.sub(r"\1", line[2:]).strip()


def _names(given: object) -> Iterator[str]:
    for item in given if isinstance(given, list) else ():
        if isinstance(item, str):
            yield item
        elif isinstance(item, dict):
            yield from (str(name) for name in item)


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
