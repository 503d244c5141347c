"""Models of a data directory are deleted whole, and others stay."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from bot.adapters.training.models import Model, Shelf, keep


def trained(data: Path, model_id: str) -> Model:
    file = data / "models" / f"base+taught.{model_id}.tar.gz"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(model_id.encode())
    digest = hashlib.sha256(model_id.encode()).hexdigest()
    told = {"model_id": model_id, "sha256": digest, "bytes": len(model_id), "seconds": 1.0}
    return keep(told, "base+taught", file, data)


def test_a_discarded_model_is_gone_with_its_note_and_the_others_stay(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    one, other = trained(tmp_path, "m-1"), trained(tmp_path, "m-2")
    shelf.discard(one.id)
    assert shelf.find(one.id) is None
    assert {path.name for path in (tmp_path / "models").iterdir()} == {
        other.path.name,
        f"base+taught.{other.id}.json",
    }
    shelf.discard(one.id)
    kept = shelf.find(other.id)
    assert kept is not None
    assert shelf.intact(kept)


def test_where_a_note_is_damaged_nothing_is_said_to_be_deleted(tmp_path: Path) -> None:
    one = trained(tmp_path, "m-1")
    (tmp_path / "models" / "bad.json").write_text("{", encoding="utf-8")
    with pytest.raises(OSError, match=r"bad\.json"):
        Shelf(tmp_path).discard(one.id)
    assert one.path.exists()
