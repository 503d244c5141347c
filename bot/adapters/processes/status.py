"""The file in which the supervisor says how its parts are, for the front office and for the shell to read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

STATUS_FILE = Path("run/status.json")
"""Where the file lies, seen from the data directory."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PartStatus:
    """One part at one moment. Moments are ISO 8601 with an offset."""

    name: str
    state: str
    pid: int | None
    since: str
    restarts: int
    last_exit: str | None


def write_status(path: Path, parts: Sequence[PartStatus], *, supervisor: int, at: str) -> None:
    """Replace the file whole, so that a reader never sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {"supervisor": supervisor, "at": at, "parts": [asdict(part) for part in parts]}
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_text(json.dumps(content, indent=1), encoding="utf-8")
    fresh.replace(path)


def read_status(path: Path) -> list[PartStatus]:
    """Return what the supervisor last wrote; nothing where no supervisor runs or the file is not ours to understand."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if not Path(f"/proc/{int(content['supervisor'])}").exists():
            return []
        return [PartStatus(**part) for part in content["parts"]]
    except (OSError, ValueError, KeyError, TypeError):
        return []
