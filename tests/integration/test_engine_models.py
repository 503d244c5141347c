"""Training and loading as processes: what is refused, and that nothing is half done (hostile inputs 57, 58)."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.engine.running import PROJECT, ROOT, TOKEN, engine_python, run_engine

pytestmark = pytest.mark.integration

URL = "http://127.0.0.1:9/webhook"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    shutil.copytree(PROJECT, tmp_path / "project")
    return tmp_path / "project"


def test_progress_then_the_result_as_the_last_line(project: Path, tmp_path: Path) -> None:
    out = tmp_path / "models/new/m.tar.gz"
    done = run_engine("engine.train", "--project", str(project), "--out", str(out))
    assert done.returncode == 0, done.stderr
    *progress, last = done.stdout.splitlines()
    assert all(line.startswith("progress ") for line in progress)
    assert any("RulePolicy" in line for line in progress)
    result = json.loads(last)
    assert result["bytes"] == out.stat().st_size
    assert result["model_id"].startswith("m-")
    assert result["file"] == str(out)
    assert list(out.parent.iterdir()) == [out]


def test_bad_data_are_refused_before_training_and_the_old_model_stays(project: Path, tmp_path: Path) -> None:
    out = tmp_path / "m.tar.gz"
    out.write_bytes(b"old")
    (project / "nlu/bad.yml").write_text(
        '# Câu xấu\nnlu:\n  - intent: "greet"\n    examples: |\n      - chào ${LETAN_SECRET} nhé\n', encoding="utf-8"
    )
    done = run_engine("engine.train", "--project", str(project), "--out", str(out), env={"LETAN_SECRET": "leaked"})
    assert done.returncode == 1
    assert "nlu/bad.yml:5: holds ${...}" in done.stderr
    assert "leaked" not in done.stdout + done.stderr
    assert out.read_bytes() == b"old"


def test_contradicting_rules_are_refused_and_the_old_model_stays(project: Path, tmp_path: Path) -> None:
    out = tmp_path / "m.tar.gz"
    out.write_bytes(b"old")
    (project / "stories/more.yml").write_text(
        'version: "3.1"\nrules:\n  - rule: other\n    steps:\n      - intent: thank\n      - action: utter_loan\n'
    )
    done = run_engine("engine.train", "--project", str(project), "--out", str(out))
    assert done.returncode == 1
    assert "Contradicting rules" in done.stderr
    assert out.read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["m.tar.gz", "project"]


def test_plain_rasa_train_finds_the_data(project: Path) -> None:
    done = subprocess.run(  # noqa: S603
        [engine_python(), "-m", "rasa", "train", "--fixed-model-name", "plain"],
        cwd=project,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "RASA_TELEMETRY_ENABLED": "false"},
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (project / "models/plain.tar.gz").exists()


def test_the_shipped_assistants_data_have_no_faults() -> None:
    done = run_engine("engine.train", "--project", ".", "--out", "unused", "--check")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("kind", ["missing", "garbage", "directory"])
def test_a_model_that_cannot_be_served_is_one_clear_line(tmp_path: Path, kind: str) -> None:
    model = tmp_path / "m.tar.gz"
    if kind == "garbage":
        model.write_bytes(b"garbage")
    if kind == "directory":
        model.mkdir()
    done = run_engine(
        *("engine.serve", "--model", str(model), "--port", "0", "--actions-url", URL), env={"LETAN_ENGINE_TOKEN": TOKEN}
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("engine: ")
    assert str(model) in done.stderr


def test_without_a_token_nothing_is_served(tmp_path: Path) -> None:
    done = run_engine("engine.serve", "--model", str(tmp_path), "--port", "0", "--actions-url", URL)
    assert (done.returncode, done.stderr) == (1, "engine: LETAN_ENGINE_TOKEN is not set\n")


def test_wrong_use_is_two() -> None:
    assert run_engine("engine.serve", "--port", "x").returncode == 2
    assert run_engine("engine.train").returncode == 2
