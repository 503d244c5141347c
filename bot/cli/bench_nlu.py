"""`./letan bench nlu`: accuracy, calibration and speed of the understanding on data of one's choice.

Runs in the engine's environment, where training needs to be; what it prints and its status are `engine.bench_nlu`'s.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

from bot.adapters.processes.place import ENGINE_PYTHON, ROOT, bare_environment
from bot.cli.output import Failure, tell


def run(train: Path, tests: list[Path], vs_stock: bool = False, as_json: bool = False) -> int:
    """Measure, and return the exit status: 1 when a file is bad, with one line per fault on standard error."""
    if not ENGINE_PYTHON.exists():
        raise Failure("Chưa có môi trường của máy hiểu tiếng Việt. Chạy ./letan train trước.")
    command = [str(ENGINE_PYTHON), "-m", "engine.bench_nlu", "--train", str(train.resolve())]
    for test in tests:
        command += ["--test", str(test.resolve())]
    command += ["--vs-stock"] * vs_stock + ["--json"] * as_json
    tell("Đang huấn luyện và đo…")
    return subprocess.run(command, cwd=ROOT, env=bare_environment(), check=False).returncode  # noqa: S603 (our own)
