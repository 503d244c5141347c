"""Runs the tests of the understanding in the engine's environment, where numpy, scikit-learn and Rasa are."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PYTHON = Path(os.environ.get("LETAN_ENGINE_PYTHON", ROOT / "engine/.venv/bin/python"))


@pytest.mark.integration
@pytest.mark.timeout(600)
def test_the_understanding_in_its_own_environment() -> None:
    if not PYTHON.exists():
        pytest.skip("the engine's environment is not set up (./letan train sets it up)")
    # Settings and conftest files of the front office name packages that this environment does not have.
    suite = "tests/engine/nlu"
    command = [str(PYTHON), "-m", "pytest", suite, "-q", "-c", os.devnull, "--rootdir", ".", "--confcutdir", suite]
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    run = subprocess.run(  # noqa: S603 (our own program)
        [*command, "-p", "no:cacheprovider"], cwd=ROOT, env=kept, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
