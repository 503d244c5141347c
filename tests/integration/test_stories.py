"""Replays the story tests against the shipped policies, in the engine's environment: a few seconds, no NLU trained."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.unit.actions.stories import STORIES, conversations

ROOT = Path(__file__).resolve().parents[2]
PYTHON = Path(os.environ.get("LETAN_ENGINE_PYTHON", ROOT / "engine/.venv/bin/python"))

pytestmark = [pytest.mark.integration, pytest.mark.timeout(120)]


def replay(project: Path, stories: Path) -> dict[str, Any]:
    """What the replay says; its exit code must say the same."""
    if not PYTHON.exists():
        pytest.skip("the engine's environment is not set up (./letan train sets it up)")
    command = [str(PYTHON), "-m", "tests.stories.replay", "--project", str(project), "--stories", str(stories)]
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    run = subprocess.run(command, cwd=ROOT, env=kept, capture_output=True, text=True, check=False)  # noqa: S603
    assert run.stdout, run.stderr
    told: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])
    assert run.returncode == (1 if told["failed"] else 0), run.stderr
    return told


def test_every_story_goes_as_it_is_written() -> None:
    told = replay(ROOT, STORIES)
    assert told["failed"] == ""
    # A story that Rasa cannot read is left out with a warning; then the numbers differ.
    assert told["stories"] == sum(len(list(conversations(path))) for path in STORIES.glob("test_*.yml"))


def test_a_story_that_goes_otherwise_fails(tmp_path: Path) -> None:
    """Takes the rule of one need away, as somebody might who adds or renames one."""
    for name in ("config.yml", "domain.yml"):
        shutil.copy(ROOT / name, tmp_path)
    rules = yaml.safe_load((ROOT / "stories/rules.yml").read_text(encoding="utf-8"))
    for step in (step for rule in rules["rules"] for step in rule["steps"] if "or" in step):
        step["or"] = [one for one in step["or"] if one != {"intent": "card_lost"}]
    (tmp_path / "stories").mkdir()
    (tmp_path / "stories/rules.yml").write_text(yaml.safe_dump(rules), encoding="utf-8")
    told = replay(tmp_path, STORIES)
    assert "card_lost" in told["failed"]
    assert "action_default_fallback" in told["failed"]
