"""Model files: what is refused before anything of Rasa is loaded, and the id that content gives (hostile inputs 58)."""

import io
import json
import os
import tarfile
import time
from pathlib import Path
from typing import Any

import pytest

from engine import environment
from engine.archive import check_archive, component_paths, digest, find_model, metadata, seal
from engine.errors import BadModel
from engine.lean import names_need_tensorflow, needs_tensorflow

FACTS: dict[str, Any] = {
    "model_id": "random",
    "trained_at": "2026-11-26T00:00:00",
    "predict_schema": {"nodes": {"a": {"uses": "engine.nlu.components.VietnameseTokenizer"}}},
    "train_schema": {"nodes": {"a": {"config": {"output_fingerprint": "random"}}}},
}


def archive(path: Path, files: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as packed:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            member.mtime = time.time_ns() // 1_000_000_000
            packed.addfile(member, io.BytesIO(content))
    return path


def model(path: Path, weights: bytes = b"weights", **changes: Any) -> Path:
    facts = json.dumps({**FACTS, **changes}).encode()
    return archive(path, {"components/x/weights": weights, "metadata.json": facts})


def test_the_newest_model_of_a_directory_is_found(tmp_path: Path) -> None:
    old, new = model(tmp_path / "old.tar.gz"), model(tmp_path / "new.tar.gz")
    os.utime(old, (1, 1))
    assert find_model(tmp_path) == new
    assert find_model(old) == old


def test_no_model_is_a_bad_model(tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "gone.tar.gz"):
        with pytest.raises(BadModel, match="no model at"):
            find_model(place)


@pytest.mark.parametrize("damage", ["cut", "garbage", "empty", "no metadata", "not json", "no schema", "middle"])
def test_a_damaged_model_is_refused(tmp_path: Path, damage: str) -> None:
    path = model(tmp_path / "m.tar.gz", weights=os.urandom(4096))
    whole = path.read_bytes()
    if damage == "cut":
        path.write_bytes(whole[: len(whole) // 2])
    elif damage == "garbage":
        path.write_bytes(b"<html></html>")
    elif damage == "empty":
        path.write_bytes(b"")
    elif damage == "no metadata":
        archive(path, {"x": b""})
    elif damage == "not json":
        archive(path, {"metadata.json": b"{"})
    elif damage == "no schema":
        archive(path, {"metadata.json": b"{}"})
    else:
        path.write_bytes(whole[:1000] + bytes([whole[1000] ^ 0xFF]) + whole[1001:])
    with pytest.raises(BadModel):
        check_archive(path, None)


def test_a_swapped_model_is_refused(tmp_path: Path) -> None:
    path = model(tmp_path / "m.tar.gz")
    check_archive(path, digest(path).upper())
    other = model(tmp_path / "n.tar.gz", weights=b"other")
    with pytest.raises(BadModel, match="SHA-256"):
        check_archive(other, digest(path))


def test_the_same_content_has_the_same_id_and_the_same_file(tmp_path: Path) -> None:
    first, second = model(tmp_path / "a.tar.gz"), model(tmp_path / "b.tar.gz", model_id="other")
    ids = [seal(first, tmp_path / "1.tar.gz"), seal(second, tmp_path / "2.tar.gz")]
    assert ids[0] == ids[1]
    assert (tmp_path / "1.tar.gz").read_bytes() == (tmp_path / "2.tar.gz").read_bytes()
    assert metadata(tmp_path / "1.tar.gz")["model_id"] == ids[0]


def test_the_random_fingerprints_of_a_training_do_not_count(tmp_path: Path) -> None:
    schema = {"nodes": {"a": {"config": {"output_fingerprint": "other"}}}}
    one = seal(model(tmp_path / "a.tar.gz"), tmp_path / "1")
    two = seal(model(tmp_path / "b.tar.gz", train_schema=schema, trained_at="2027"), tmp_path / "2")
    assert one == two


def test_other_weights_have_another_id(tmp_path: Path) -> None:
    one = seal(model(tmp_path / "a.tar.gz"), tmp_path / "1")
    assert one != seal(model(tmp_path / "b.tar.gz", weights=b"other"), tmp_path / "2")


def test_a_failed_write_leaves_the_old_model_and_no_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "out" / "m.tar.gz"
    target.parent.mkdir()
    target.write_bytes(b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        seal(model(tmp_path / "a.tar.gz"), target)
    assert target.read_bytes() == b"old"
    assert list(target.parent.iterdir()) == [target]


def test_tensorflow_is_left_out_only_where_no_component_needs_it(tmp_path: Path) -> None:
    assert component_paths(model(tmp_path / "m.tar.gz")) == ["engine.nlu.components.VietnameseTokenizer"]
    assert not needs_tensorflow(["engine.nlu.components.VietnameseTokenizer"])
    assert needs_tensorflow(["x.Y", "rasa.nlu.classifiers.diet_classifier.DIETClassifier"])
    assert names_need_tensorflow(["WhitespaceTokenizer", "rasa.core.policies.ted_policy.TEDPolicy"])
    assert not names_need_tensorflow(["RulePolicy"])


def test_the_environment_is_stripped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "environ", {"PATH": "/bin", "LETAN_ENGINE_TOKEN": "t", "SECRET": "s", "RASA_X": "1"})
    assert environment.take("LETAN_ENGINE_TOKEN") == "t"
    environment.strip()
    assert set(os.environ) == {"PATH", *environment.SET}
