"""What was taught, written for Rasa and read back."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.training.project import read_base
from bot.adapters.training.taught import taught_yaml, write_overlay
from bot.domain.errors import Invalid
from bot.domain.teaching.dataset import Base, Dataset, Line, Need
from bot.domain.teaching.examples import EntityMark
from bot.domain.teaching.labels import checked_text

HARD = [
    "- gạch đầu dòng",
    "a: b",
    "null",
    "0123",
    "${HOME} và ${KHONG_CO}",
    "[a](b)",
    "]",
    "# không phải chú thích",
    "dòng một\n- dòng hai",
    "trước\u2028sau",
    "\\u0041 \\N{BULLET}",
    "nháy ' và \" và ` và | và >",
    "😀 xin chào 😀",
    "%YAML 1.2",
    "--- !!python/object:os.system",
    "lẻ \ud83d loi",
    "intent: hack examples: |",
    "examples: |",
]


def dataset(*texts: str, label: str = "parking") -> Dataset:
    """A dataset of sentences as they are stored."""
    return Dataset(base=Base(digests={}), lines=tuple(Line(label=label, text=checked_text(one)) for one in texts))


def test_hard_sentences_come_back_as_they_are_and_as_a_block() -> None:
    wanted = dataset(*HARD)
    written = taught_yaml(wanted)
    (block,) = yaml.safe_load(written)["nlu"]
    assert block["examples"].splitlines() == [f"- {line.text}" for line in wanted.by_label()["parking"]]
    assert "examples: |\n" in written
    assert written.startswith('version: "3.1"\n')


@given(st.lists(st.text(max_size=60), min_size=1, max_size=5))
def test_whatever_can_be_stored_can_be_written(texts: list[str]) -> None:
    stored = []
    for one in texts:
        try:
            stored.append(checked_text(one))
        except Invalid:
            continue
    if not stored:
        return
    (block,) = yaml.safe_load(taught_yaml(dataset(*stored)))["nlu"]
    assert block["examples"].split("\n")[:-1] == [f"- {one}" for one in sorted(stored)]


def test_entities_are_marked_as_rasa_reads_them() -> None:
    line = Line(label="parking", text="gửi xe ô tô", entities=(EntityMark(start=7, end=11, name="vehicle"),))
    assert "- gửi xe [ô tô](vehicle)\n" in taught_yaml(Dataset(base=Base(digests={}), lines=(line,)))


def test_a_sentence_that_would_be_read_as_another_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    need = Need(intent="gui_xe", department="reception", label_vi="Gửi xe qua đêm")
    bad = Dataset(base=Base(digests={}), lines=(Line(label="parking", text="một\nhai"),), needs=(need,))
    with pytest.raises(Invalid, match="parking"):
        write_overlay(bad, tmp_path)
    assert not list(tmp_path.iterdir())


def test_writing_replaces_the_file_as_a_whole(tmp_path: Path) -> None:
    write_overlay(dataset("gửi xe ở đâu"), tmp_path)
    (file,) = write_overlay(dataset("bãi xe ở đâu"), tmp_path)
    assert file == tmp_path / "nlu/taught.yml"
    assert [one.name for one in file.parent.iterdir()] == ["taught.yml"]
    assert "bãi xe" in file.read_text(encoding="utf-8")


def test_a_disk_that_is_full_leaves_the_old_file_and_no_half_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (file,) = write_overlay(dataset("gửi xe ở đâu"), tmp_path)

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_overlay(dataset("bãi xe ở đâu"), tmp_path)
    assert [one.name for one in file.parent.iterdir()] == ["taught.yml"]
    assert "gửi xe" in file.read_text(encoding="utf-8")


def test_what_is_not_taught_any_more_is_not_given_to_the_trainer(tmp_path: Path) -> None:
    need = Need(intent="gui_xe", department="reception", label_vi="Gửi xe qua đêm")
    both = Dataset(base=Base(digests={}), lines=(Line(label="gui_xe", text="gửi xe"),), needs=(need,))
    assert {one.name for one in write_overlay(both, tmp_path)} == {
        "taught.yml",
        "domain-taught.yml",
        "taught-rules.yml",
    }
    assert write_overlay(Dataset(base=Base(digests={}), lines=()), tmp_path) == []


def test_nothing_taught_is_a_file_without_sentences() -> None:
    assert yaml.safe_load(taught_yaml(Dataset(base=Base(digests={}), lines=()))) == {"version": "3.1", "nlu": []}


def test_the_developers_files_are_read_without_notation(tmp_path: Path) -> None:
    (tmp_path / "nlu").mkdir()
    (tmp_path / "nlu/a.yml").write_text(
        "nlu:\n  - intent: parking\n    examples: |\n      - gửi [ô tô](vehicle) ở đâu\n      - bãi xe\n",
        encoding="utf-8",
    )
    (tmp_path / "nlu/broken.yml").write_text("nlu: [", encoding="utf-8")
    (tmp_path / "domain.yml").write_text("entities:\n  - vehicle\n  - date: {}\n", encoding="utf-8")
    base = read_base(tmp_path)
    assert base.lines == (("parking", "gửi ô tô ở đâu"), ("parking", "bãi xe"))
    assert base.entities == {"vehicle", "date"}
    assert set(base.digests) == {"nlu/a.yml", "nlu/broken.yml", "domain.yml"}
