"""The process environment of the engine: next to nothing, because Rasa copies variables into training data.

In one-line YAML scalars Rasa replaces `${NAME}` by the variable's value, and several of its settings are variables.
"""

import os
import sys
from collections.abc import Sequence

KEPT = frozenset({"PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "PYTHONPATH", "PYTHONHASHSEED"})
SET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "SQLALCHEMY_WARN_20": "0",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    # One message is one row: more threads only cost memory and fight over two cores.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}


def take(name: str) -> str | None:
    """A variable that the engine needs, removed from the environment."""
    return os.environ.pop(name, None)


def strip() -> None:
    """Leave only what the process needs. Call before the first import of Rasa."""
    kept = {name: value for name, value in os.environ.items() if name in KEPT}
    os.environ.clear()
    os.environ.update({**kept, **SET})


def restart_with_fixed_hashes(module: str, arguments: Sequence[str]) -> None:
    """Replace this process by itself with the stripped environment, unless that has happened.

    Rasa writes sets to model files in the order of their hashes, so only with a fixed seed do the same data give the
    same model.
    """
    if os.environ.get("PYTHONHASHSEED") == "0":
        return
    kept = {name: value for name, value in os.environ.items() if name in KEPT}
    command = [sys.executable, "-m", module, *arguments]
    os.execve(sys.executable, command, {**kept, **SET, "PYTHONHASHSEED": "0"})  # noqa: S606
