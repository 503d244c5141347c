from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.errors import Invalid
from bot.domain.teaching.labels import checked_label, checked_text, label_from, sameness, sentences_in


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Xuất hoá đơn giúp em", "Xuất hoá đơn giúp em"),
        ("xem [a](b) với", "xem [a] (b) với"),
        ('[a]{"entity": "b"}', '[a] {"entity": "b"}'),
        ("[a][b]", "[a] [b]"),
        ("lỗi ${HOME} và ${KHONG_CO}", "lỗi $ {HOME} và $ {KHONG_CO}"),
        ("một\n- hai\u2028ba\u2029bốn\x85năm\r\nsáu", "một - hai ba bốn năm sáu"),
        ("a\ud83db", "a b"),
        ("/restart", "restart"),
        ('  /duyet{"so":9}', 'duyet{"so":9}'),
        ("- x", "x"),
        ("* 1) y", "y"),
        ("\\u0041 \\x41", "\\ u0041 \\ x41"),
        ("a\x00b\ta", "a b a"),
        ("]", "]"),
        ("hoa\u0300", "hoà"),
        ("2 cái quạt", "2 cái quạt"),
        ("😡", "😡"),
    ],
)
def test_an_example_becomes_one_line_that_rasa_reads_as_it_stands(text: str, line: str) -> None:
    assert checked_text(text) == line


@pytest.mark.parametrize("text", ["", " \n ", "\u200b", "\u2060\u00ad", "\ud83d", "/", "- /", "\x00", "x" * 1001])
def test_what_teaches_nothing_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        checked_text(text)
    assert refusal.value.field == "text"


@settings(max_examples=30, deadline=None)
@given(st.one_of(st.text(max_size=40), st.text("-/*\\[](){}$uxN41. \n•", max_size=20)))
def test_a_checked_text_is_what_the_trainer_accepts(text: str) -> None:
    try:
        line = checked_text(text)
    except Invalid:
        return
    assert checked_text(line) == line
    assert not line.startswith("/")
    assert not re.search(r"\$\{|\\[uUx][0-9a-fA-F]{2}|\[[^\[\]]*\](?:\(|\{)", line)
    assert not re.search("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff\ud800-\udfff]", line)


@pytest.mark.parametrize("label", ["invoice_request", "gui_xe_qua_dem", "a1"])
def test_names_of_needs_are_kept(label: str) -> None:
    assert checked_label(label) == label


@pytest.mark.parametrize(
    "label",
    [
        "null",
        "0123",
        "a: b",
        "- x",
        "]",
        "",
        "a",
        "A",
        "Yes",
        "yes",
        "true",
        "nan",
        "hoá_đơn",
        "a b",
        "a\n",
        "a.b",
        "x" * 42,
        "nlu_fallback",
        "restart",
        "not_a_need",
        "1.5",
        "~",
        "2026-01-01",
        "${HOME}",
        "a\u2028",
        "_a",
    ],
)
def test_what_a_yaml_reader_could_mistake_is_no_name(label: str) -> None:
    with pytest.raises(Invalid) as refusal:
        checked_label(label)
    assert refusal.value.field == "label"


def test_names_are_made_of_what_people_call_a_need() -> None:
    assert label_from("Gửi xe qua đêm") == "gui_xe_qua_dem"
    assert label_from("  Bảo hành (tại nhà)! ") == "bao_hanh_tai_nha"
    assert (
        label_from("thu mua tận nơi các loại máy giặt tủ lạnh cũ hỏng") == "thu_mua_tan_noi_cac_loai_may_giat_tu_lanh"
    )
    for title in ("", "2026", "😡", "null", "日本"):
        with pytest.raises(Invalid):
            label_from(title)


def test_sameness_knows_neither_case_nor_punctuation_but_marks() -> None:
    assert sameness("Có hoá đơn không?") == sameness("có  hoá đơn KHÔNG")
    assert sameness("bán") != sameness("bạn")
    assert sameness("😡") != sameness("👍")


def test_what_is_typed_is_one_sentence_a_line() -> None:
    assert list(sentences_in(["giữ xe\r\n\n  để xe\u2028gửi xe ", "\u200b"])) == ["giữ xe", "để xe", "gửi xe", "\u200b"]


@pytest.mark.parametrize(
    "line", ["- intent: hack", "intent: a_b", "examples: |", "Examples:", 'version: "3.1"', "nlu:"]
)
def test_a_line_of_a_training_file_is_named(line: str) -> None:
    with pytest.raises(Invalid, match=re.escape(f"“{line}”")):
        list(sentences_in([f"giữ xe\n  {line}  "]))


@pytest.mark.parametrize("text", ["phiên bản: 2.0", "version mới có gì", "examples: cho tôi xem", "intent là gì"])
def test_words_of_people_are_no_lines_of_a_file(text: str) -> None:
    assert list(sentences_in([text])) == [text]
