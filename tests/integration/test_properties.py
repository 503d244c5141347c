"""The properties that the unit tier tries with a few examples, here with many, and with others at every run."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.conftest import ROOT


@pytest.mark.timeout(900)
def test_every_property_holds_for_many_examples() -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-m", "hypothesis", "--hypothesis-profile=thorough", "tests/unit"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own tests
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2_000:]
