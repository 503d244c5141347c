"""Reading `knowledge.yml`: every fault with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.adapters.company import Expected, KnowledgeFaults, load_knowledge
from bot.domain.knowledge import Wordings

EXPECTED = Expected(
    needs=("greet", "out_of_scope"),
    answers=("greet",),
    phrases={"offer": frozenset({"department"})},
    common=frozenset({"you", "me"}),
)
GOOD = """\
needs:
  greet: { vi: "Chào hỏi", en: "Greeting" }
  out_of_scope: { vi: "Việc khác", en: "Something else" }
answers:
  greet:
    vi: ["Dạ {me} chào {you} ạ.", "Dạ chào {you} ạ."]
    en: ["Hello."]
phrases:
  offer:
    vi: ["{me} mời {department} nhé?"]
    en: ["Shall I call {department}?"]
"""


def test_good_knowledge(tmp_path: Path) -> None:
    path = tmp_path / "knowledge.yml"
    path.write_text(GOOD, encoding="utf-8")
    knowledge = load_knowledge(path, EXPECTED)
    assert knowledge.need("greet") == "Chào hỏi"
    assert knowledge.need("greet", "en") == "Greeting"
    assert knowledge.need("unheard_of") == "Việc khác"
    assert knowledge.answers["greet"].en == ("Hello.",)


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ('{you} ạ.", "Dạ', '{her} ạ.", "Dạ', 6, "không có chỗ điền “{her}”"),
        ("{department} nhé?", "{code} nhé?", 10, "không có chỗ điền “{code}”"),
        ("{me} chào", "{me chào", 6, "ngoặc nhọn"),
        ('chào {you} ạ."]', 'chào bạn ạ."]', 6, "không gọi khách là “bạn”"),
        ("Chào hỏi", "Cha\u0300o hỏi", 2, "NFC"),
        ("Việc khác", "Chào hỏi", 3, "trùng với mục “greet”"),
        ('    en: ["Hello."]\n', "", 6, "thiếu mục “en”"),
        ('en: ["Hello."]', "en: []", 7, "cần ít nhất một câu"),
        ("  offer:", "  ofer:", 10, "không có mục nào tên “ofer”"),
        ('  out_of_scope: { vi: "Việc khác", en: "Something else" }\n', "", 2, "thiếu mục “out_of_scope”"),
        ("answers:", "answer:", 5, "không có mục nào tên “answer”"),
    ],
)
def test_each_fault_on_its_line(tmp_path: Path, old: str, new: str, line: int, message: str) -> None:
    assert old in GOOD
    path = tmp_path / "knowledge.yml"
    path.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(KnowledgeFaults) as caught:
        load_knowledge(path, EXPECTED)
    found = [(fault.line, fault.message) for fault in caught.value.faults]
    assert any(at == line and message in text for at, text in found), found


def test_wordings_spread_evenly_and_stay() -> None:
    wordings = Wordings(("một", "hai", "ba"), ("one",))
    chosen = [wordings.choose("vi", f"m-{number}") for number in range(300)]
    assert {text: chosen.count(text) > 60 for text in ("một", "hai", "ba")} == {"một": True, "hai": True, "ba": True}
    assert wordings.choose("vi", "m-1") == wordings.choose("vi", "m-1")
    assert wordings.choose("en", "m-1") == "one"
