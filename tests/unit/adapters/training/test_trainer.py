"""What a trainer does with the file that its process has written; the process is a script here."""

from __future__ import annotations

from pathlib import Path

from bot.adapters.training.trainer import ProcessTrainer, Workshop
from bot.domain.teaching.dataset import Base, Dataset

SCRIPT = """#!/bin/sh
while [ "$1" != --out ]; do shift; done
date +%N > "$2"
printf '{"model_id": "m-1", "sha256": "%s", "bytes": 1, "seconds": 1.0}\\n' "$(sha256sum "$2" | cut -d' ' -f1)"
"""


async def test_a_model_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    """The same data give a model of the same name; it may serve at this moment."""
    python = tmp_path / "python"
    python.write_text(SCRIPT, encoding="utf-8")
    python.chmod(0o755)
    environment = {"PATH": "/usr/bin:/bin"}
    place = Workshop(
        root=tmp_path, python=python, project=tmp_path, data=tmp_path, base=lambda: "base", environment=environment
    )
    trainer, nothing = ProcessTrainer(place), Dataset(base=Base(digests={}), lines=())
    first = await trainer.train(nothing, lambda _what, _share: None)
    before = Path(first.file).read_bytes()
    assert await trainer.train(nothing, lambda _what, _share: None) == first
    assert Path(first.file).read_bytes() == before
    Path(first.file).write_bytes(b"")
    mended = await trainer.train(nothing, lambda _what, _share: None)
    assert (mended.file, Path(first.file).read_bytes() != b"") == (first.file, True)
