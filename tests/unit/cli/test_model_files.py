from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from bot.adapters.training.models import Model
from bot.adapters.training.project import fingerprint
from bot.adapters.training.signing import installation_key
from bot.cli.model_files import current, models
from bot.cli.output import Failure


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    for name in ("config.yml", "domain.yml", "nlu/a.yml", "stories/rules.yml", "engine/serve.py"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)
    return root


@pytest.mark.parametrize(
    "name", ["config.yml", "domain.yml", "nlu/a.yml", "nlu/deep/new.yml", "engine/serve.py", "engine/uv.lock"]
)
def test_whatever_training_reads_changes_the_fingerprint(project: Path, name: str) -> None:
    before = fingerprint(project)
    (project / name).parent.mkdir(parents=True, exist_ok=True)
    (project / name).write_text("changed")
    assert fingerprint(project) != before


@pytest.mark.parametrize(
    "name", ["README.md", "bot/front.py", "engine/.venv/lib/x.py", "engine/__pycache__/serve.py", "nlu/a.yml~"]
)
def test_anything_else_does_not(project: Path, name: str) -> None:
    before = fingerprint(project)
    (project / name).parent.mkdir(parents=True, exist_ok=True)
    (project / name).write_text("changed")
    assert fingerprint(project) == before


def test_a_renamed_file_changes_it(project: Path) -> None:
    before = fingerprint(project)
    (project / "nlu/a.yml").rename(project / "nlu/b.yml")
    assert fingerprint(project) != before


def stored(data: Path, mark: str, made_at: str) -> Model:
    folder = data / "models"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{mark}.tar.gz").write_bytes(b"model")
    model = Model(
        id=f"m-{mark}", fingerprint=mark, file=f"{mark}.tar.gz", sha256="0", bytes=5, seconds=1.0, made_at=made_at
    ).signed(data)
    (folder / f"{mark}.json").write_text(json.dumps(asdict(model)))
    return model


def test_models_are_listed_newest_first_with_their_place(tmp_path: Path) -> None:
    stored(tmp_path, "old", "2026-11-24T00:00:00+00:00")
    stored(tmp_path, "new", "2026-11-25T00:00:00+00:00")
    found = models(tmp_path)
    assert [model.id for model in found] == ["m-new", "m-old"]
    assert found[0].path == tmp_path / "models" / "new.tar.gz"
    assert found[0].path.exists()


def test_the_current_model_is_the_one_of_the_data_as_they_are(project: Path, tmp_path: Path) -> None:
    assert current(tmp_path, project) is None
    stored(tmp_path, fingerprint(project), "2026-11-25T00:00:00+00:00")
    found = current(tmp_path, project)
    assert found is not None
    found.path.unlink()
    assert current(tmp_path, project) is None


def test_a_model_of_another_installation_is_none_of_ours(tmp_path: Path) -> None:
    stored(tmp_path / "theirs", "strange", "2026-11-25T00:00:00+00:00")
    stored(tmp_path / "ours", "own", "2026-11-24T00:00:00+00:00")
    for file in (tmp_path / "theirs/models").iterdir():
        (tmp_path / "ours/models" / file.name).write_bytes(file.read_bytes())
    assert [model.id for model in models(tmp_path / "ours")] == ["m-own"]


def test_a_note_that_names_another_file_is_none_of_ours(tmp_path: Path) -> None:
    stored(tmp_path, "own", "2026-11-24T00:00:00+00:00")
    note = tmp_path / "models/own.json"
    note.write_text(json.dumps({**json.loads(note.read_text()), "sha256": "1"}))
    assert models(tmp_path) == []


def test_the_key_is_for_its_owner_only(tmp_path: Path) -> None:
    key = installation_key(tmp_path)
    assert installation_key(tmp_path) == key
    assert (tmp_path / "keys/models.key").stat().st_mode & 0o077 == 0


def test_a_broken_note_is_named(tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "x.json").write_text("{")
    with pytest.raises(Failure, match=r"x\.json"):
        models(tmp_path)
