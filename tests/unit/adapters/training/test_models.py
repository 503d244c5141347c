"""Models of a data directory are deleted whole, and others stay."""

from __future__ import annotations

import hashlib
from pathlib import Path

from bot.adapters.training.models import Model, Shelf, keep, standing
from bot.services.serving import KeptModel


def trained(data: Path, model_id: str, name: str = "") -> Model:
    file = data / "models" / f"{name or f'base+taught.{model_id}'}.tar.gz"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(model_id.encode())
    digest = hashlib.sha256(model_id.encode()).hexdigest()
    told = {"model_id": model_id, "sha256": digest, "bytes": len(model_id), "seconds": 1.0}
    return keep(told, "base+taught", file, data)


def on(shelf: Shelf, model_id: str) -> KeptModel:
    found = shelf.find(model_id)
    assert found is not None
    return found


def test_a_discarded_model_is_gone_with_its_note_and_the_others_stay(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    one, other = trained(tmp_path, "m-1"), trained(tmp_path, "m-2")
    gone = on(shelf, one.id)
    shelf.discard(gone)
    assert shelf.find(one.id) is None
    assert {path.name for path in (tmp_path / "models").iterdir()} == {
        other.path.name,
        f"base+taught.{other.id}.json",
    }
    shelf.discard(gone)
    assert shelf.intact(on(shelf, other.id))


def test_of_two_files_of_one_id_only_the_one_that_is_meant_goes(tmp_path: Path) -> None:
    """A training on nothing but the developers' files gives the id of their own model."""
    shelf = Shelf(tmp_path)
    base = trained(tmp_path, "m-1", "base")
    candidate = trained(tmp_path, "m-1")
    shelf.discard(KeptModel(id="m-1", file=str(candidate.path), sha256=candidate.sha256, base="base"))
    assert (base.path.exists(), candidate.path.exists()) == (True, False)
    assert on(shelf, "m-1").file == str(base.path)


def test_a_damaged_note_beside_it_keeps_no_model_from_being_deleted(tmp_path: Path) -> None:
    one = trained(tmp_path, "m-1")
    (tmp_path / "models" / "bad.json").write_text("{", encoding="utf-8")
    Shelf(tmp_path).discard(KeptModel(id=one.id, file=one.file, sha256=one.sha256, base="base"))
    assert not one.path.exists()


def test_a_model_stands_where_its_file_is_whole(tmp_path: Path) -> None:
    one = trained(tmp_path, "m-1")
    assert standing(one.path, tmp_path) == one
    assert standing(one.path.with_name("base+taught.m-2.tar.gz"), tmp_path) is None
    one.path.write_bytes(b"m")
    assert standing(one.path, tmp_path) is None
