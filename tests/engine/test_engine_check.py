"""Training data that Rasa would misread is refused with file and line (rasa.md R9 to R13, hostile inputs 57)."""

import shutil
from pathlib import Path

import pytest

from engine.check import check_project
from tests.engine.running import PROJECT

HEAD = '# Câu xấu\nversion: "3.1"\nnlu:\n'
GREET = '  - intent: "greet"\n    examples: |\n'


@pytest.fixture
def project(tmp_path: Path) -> Path:
    shutil.copytree(PROJECT, tmp_path / "project")
    return tmp_path / "project"


def faults(project: Path, nlu: str) -> list[str]:
    (project / "nlu/bad.yml").write_bytes(nlu.encode("utf-8", "surrogatepass"))
    return [str(fault) for fault in check_project(project)]


def test_good_data_has_no_faults(project: Path) -> None:
    assert check_project(project) == []


@pytest.mark.parametrize(
    "line",
    [
        "alo, cho hỏi: giá {bao nhiêu}?",
        "giá 1.000.000đ (rẻ) [không]",
        "cháy 🔥🔥🔥",
        "👍",
        "[0101234567](tax_code) nhé",
        '[0101234567]{"entity": "tax_code", "value": "1"} nhé',
        "shop ơi - shop à",
    ],
)
def test_what_customers_write_is_no_fault(project: Path, line: str) -> None:
    assert faults(project, f"{HEAD}{GREET}      - {line}\n") == []


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("- chào ${HOME} nhé", "${...}"),
        ("- chào ${KHONG_CO} nhé", "${...}"),
        ("- [bảng giá](price_secret)", "does not declare"),
        ('- [áo]{"entity":"x","value":"=cmd"}', "does not declare"),
        ("mất dòng này", "would drop it"),
        ("-dính", "would drop it"),
        ('- /greet{"a":1}', "slash"),
        ("- chuông \x07 reo", "U+0007"),
        ("- hai\x85dòng", "U+0085"),
        ("- hai\u2028dòng", "U+2028"),
        ("- hai\u2029dòng", "U+2029"),
        ("- nửa \ud83d", "UTF-8"),
        ("- \u200b", "nothing that can be seen"),
        ("- " + "x" * 1001, "longer than"),
        ("- Cảm  ƠN em", "stands under thank at nlu/all.yml"),
        ("- cảm ơn em".encode().decode().replace("ả", "a\u0309"), "stands under thank"),
    ],
)
def test_a_bad_line_is_named(project: Path, line: str, told: str) -> None:
    found = faults(project, f"{HEAD}{GREET}      - ok nhé shop\n      {line}\n")
    assert any(told in fault for fault in found), found
    assert all(fault.startswith("nlu/bad.yml:7: ") or "UTF-8" in fault for fault in found), found


@pytest.mark.parametrize(
    "label", ["null", "~", "0123", "1e3", "2026-01-01", "true", "no", '"a: b"', '"- x"', '"]"', "Chào"]
)
def test_a_label_that_is_none_is_named(project: Path, label: str) -> None:
    found = faults(project, f"{HEAD}  - intent: {label}\n    examples: |\n      - a b\n      - c d\n")
    assert any(fault.startswith("nlu/bad.yml:4: ") and "is no label" in fault for fault in found), found


def test_an_escape_in_a_file_of_ascii_only_is_named(project: Path) -> None:
    found = faults(project, f"nlu:\n{GREET}      - alo \\ud83d\n      - alo alo\n")
    assert found == ["nlu/bad.yml:4: holds a backslash escape, which Rasa decodes in a file of ASCII only"]


@pytest.mark.parametrize(
    "text",
    ["a: [", "nlu: !!python/object/apply:os.system ['id']\n", "nlu:\n  - intent: greet\n   examples: x\n"],
)
def test_a_file_that_cannot_be_read_is_named_and_nothing_is_run(project: Path, text: str) -> None:
    found = faults(project, text)
    if "python" in text:
        # Only the shape is read: no tag is ever constructed.
        assert found == []
    else:
        assert len(found) == 1
        assert "is not YAML" in found[0]


def test_every_fault_is_listed_at_once(project: Path) -> None:
    found = faults(
        project,
        f"{HEAD}{GREET}      - ok ${{X}}\n  - intent: null\n    examples: |\n      - a\n",
    )
    (project / "nlu/other.yml").write_text(
        f'{HEAD}  - intent: "lone"\n    examples: |\n      - một câu\n', encoding="utf-8"
    )
    found = [str(fault) for fault in check_project(project)]
    assert any(fault.startswith("nlu/bad.yml:6: holds ${...}") for fault in found)
    assert "nlu/other.yml:6: lone has only one example" in found
    assert "nlu/other.yml:6: lone is not an intent of the domain" in found


def test_empty_data_is_a_fault(tmp_path: Path) -> None:
    assert {fault.reason for fault in check_project(tmp_path)} == {
        "is missing",
        "declares no intents",
        "holds no examples",
    }


def test_an_intent_without_examples_is_a_fault(project: Path) -> None:
    domain = project / "domain.yml"
    domain.write_text(domain.read_text(encoding="utf-8").replace("  - praise\n", "  - praise\n  - silent_one\n"))
    assert [str(fault) for fault in check_project(project)] == ["domain.yml:1: silent_one has no examples"]


def test_a_hundred_thousand_examples_are_checked_in_seconds(project: Path) -> None:
    lines = "".join(f"      - câu số {number} ạ\n" for number in range(100_000))
    assert faults(project, f"{HEAD}{GREET}{lines}") == []


def test_more_examples_from_elsewhere_are_checked_under_their_name(project: Path, tmp_path: Path) -> None:
    taught = tmp_path / "data/taught.yml"
    taught.parent.mkdir()
    taught.write_text(f"{HEAD}{GREET}      - hé lô\n      - cảm ơn em\n", encoding="utf-8")
    (fault,) = check_project(project, [taught])
    assert str(fault).startswith("taught.yml:7: the same text stands under thank at nlu/all.yml:")
    taught.write_text(f"{HEAD}{GREET}      - hé lô\n", encoding="utf-8")
    assert check_project(project, [taught]) == []
