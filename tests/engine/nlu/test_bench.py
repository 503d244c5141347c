"""The measuring command."""

import json
from pathlib import Path

import pytest

from engine import bench_spelling, bench_strangers
from engine.bench_nlu import main

from .lines import LINES


def write(path: Path, lines: list[dict[str, object]]) -> Path:
    path.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), encoding="utf-8")
    return path


@pytest.fixture
def train_file(tmp_path: Path) -> Path:
    return write(tmp_path / "train.jsonl", [{"text": text, "intent": intent} for text, intent in LINES])


def test_figures_per_file_and_style(train_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [
        {"text": "xuat hoa don", "intent": "invoice_request", "style": "plain"},
        {"text": "mấy giờ mở cửa vậy", "intent": "opening_hours", "style": "accented"},
        {"text": "who won the world cup", "intent": "sports", "style": "accented"},
    ]
    test = write(tmp_path / "test.jsonl", lines)
    assert main(["--train", str(train_file), "--test", str(test), "--test", str(train_file), "--json"]) == 0
    (result,) = json.loads(capsys.readouterr().out)
    found = result["files"][str(test)]
    assert (found["messages"], found["outside"], found["accuracy"]) == (2, 1, 1.0)
    assert found["auroc_in_scope"] == 1.0
    assert 0 < found["ms_p50"] < 1000
    assert set(result["styles"]) == {str(test)}
    assert result["styles"][str(test)]["plain"]["messages"] == 1
    assert result["files"][str(train_file)]["accuracy"] == 1.0
    assert result["training_seconds"] > 0


def test_a_table_for_people(train_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--train", str(train_file), "--test", str(train_file)]) == 0
    out = capsys.readouterr().out
    assert "ECE" in out
    assert "1.000" in out


def test_every_bad_line_is_listed(train_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_bytes(
        b'{"text": "a", "intent": "b"}\n\nnot json\n{"text": 1, "intent": "b"}\n'
        b'["x"]\n\xff\n{"text": "a", "intent": " "}\n'
    )
    assert main(["--train", str(train_file), "--test", str(bad)]) == 1
    faults = capsys.readouterr().err.splitlines()
    assert [fault.split(":")[1] for fault in faults] == ["3", "4", "5", "6", "7"]
    assert all(fault.startswith(str(bad)) for fault in faults)


@pytest.mark.parametrize("content", [None, b"", b'{"text": " ", "intent": "x"}'])
def test_an_unusable_training_file_is_said(
    tmp_path: Path, content: bytes | None, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "train.jsonl"
    if content is not None:
        path.write_bytes(content)
    assert main(["--train", str(path), "--test", str(path)]) == 1
    assert capsys.readouterr().err


def test_what_other_spellings_cost(train_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert bench_spelling.main(["--train", str(train_file), "--test", str(train_file), "--seeds", "1"]) == 0
    rows = capsys.readouterr().out.splitlines()
    assert [row.split("  ")[0] for row in rows[1:3]] == ["as written", "without diacritics"]
    assert rows[1].split()[-3:-1] == ["1.000", "0.000"]


def test_how_well_strangers_are_noticed(train_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    splits = ["--splits", "2", "--seeds", "1"]
    assert bench_strangers.main(["--train", str(train_file), "--test", str(train_file), *splits]) == 0
    rows = capsys.readouterr().out.splitlines()
    assert [row.split()[0] for row in rows] == ["in_scope", "in_scope", "mean", "in_scope", "confidence", "entropy"]
    assert float(rows[3].split()[1]) > 0.6


def test_bad_files_are_said_by_all(tmp_path: Path, train_file: Path) -> None:
    for command in (bench_spelling, bench_strangers):
        assert command.main(["--train", str(train_file), "--test", str(tmp_path / "none.jsonl")]) == 1
