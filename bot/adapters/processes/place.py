"""Where the checkout and its two environments lie, and what a process of the product is given of ours."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
FRONT_PYTHON = Path(sys.executable)
ENGINE_PYTHON = ROOT / "engine" / ".venv" / "bin" / "python"

_PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "XDG_RUNTIME_DIR")
_TRUST = ("SSL_CERT_FILE", "SSL_CERT_DIR", "HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy")


def bare_environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment of a process that needs nothing of ours: no setting, no secret."""
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return {"LANG": "C.UTF-8", **kept, "PYTHONUNBUFFERED": "1", **(extra or {})}


def front_environment(extra: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a process of the front office: the settings, and how to get out to the channels."""
    ours = {name: _absolute(name, value) for name, value in os.environ.items() if name.startswith("LETAN_")}
    trust = {name: os.environ[name] for name in _TRUST if name in os.environ}
    return bare_environment({**ours, **trust, **extra})


def _absolute(name: str, value: str) -> str:
    """Our processes run in the checkout; a path was meant from where the command was given."""
    return str(Path(value).absolute()) if name.endswith("_FILE") and value else value
