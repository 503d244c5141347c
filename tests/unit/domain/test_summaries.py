"""Handoff summaries: the right words of the right people, and never a word that nobody said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.cases import Case
from bot.domain.messages import Author, Direction, Message, MessageKind
from bot.domain.moods import Mood
from bot.domain.summaries import (
    KEPT_MAX,
    NEED_SENTENCES,
    PAST_CASES,
    QUOTE_MAX,
    Fact,
    HandoffSummary,
    Solved,
    added_to,
    clip,
    likeness,
    summarise,
)
from tests.unit.domain.desk_people import HELD, NOW

_ids = count(1)
DIRECTIONS = {Author.CUSTOMER: Direction.INBOUND, Author.BOT: Direction.OUTBOUND, Author.STAFF: Direction.OUTBOUND}


def said(author: Author, text: str, kind: MessageKind = MessageKind.TEXT) -> Message:
    """A message of a transcript."""
    return Message(
        id=next(_ids),
        conversation_id=1,
        direction=DIRECTIONS[author],
        author=author,
        kind=kind,
        text=text,
        created_at=NOW,
    )


def customer(text: str) -> Message:
    """Something the customer wrote."""
    return said(Author.CUSTOMER, text)


def bot(text: str) -> Message:
    """Something the assistant wrote."""
    return said(Author.BOT, text)


TALK = [
    customer("Alo em ơi"),
    bot("Dạ em chào anh, em giúp gì được ạ?"),
    customer("Hoá đơn số 123 xuất sai mã số thuế công ty. Em xem giúp anh nhé"),
    bot("Hoá đơn điện tử được gửi trong 24 giờ ạ."),
    customer("Sai mã số thuế thì huỷ rồi xuất lại được không? Chờ lâu quá rồi đó"),
    bot(f"Dạ em đã ghi phiếu {HELD.code} cho anh ạ."),
    customer("ok em"),
]


def test_the_need_in_the_customers_own_sentences() -> None:
    summary = summarise(HELD, TALK)
    assert summary.need == (
        "Hoá đơn số 123 xuất sai mã số thuế công ty.",
        "Sai mã số thuế thì huỷ rồi xuất lại được không?",
    )


def test_mood_with_its_evidence() -> None:
    summary = summarise(HELD, TALK)
    assert (summary.mood, summary.mood_said) == (Mood.ANGRY, "Chờ lâu quá rồi đó")


def test_what_the_assistant_said_without_its_announcement_of_the_case() -> None:
    assert summarise(HELD, TALK).said_by_bot == (
        "Dạ em chào anh, em giúp gì được ạ?",
        "Hoá đơn điện tử được gửi trong 24 giờ ạ.",
    )


def test_greetings_alone_are_still_what_was_said() -> None:
    assert summarise(HELD, [customer("alo"), customer("em ơi")]).need == ("em ơi",)


@pytest.mark.parametrize(
    "transcript",
    [[], [said(Author.CUSTOMER, "", MessageKind.VOICE)], [customer("/ask_human")], [bot("Dạ em nghe ạ")]],
)
def test_without_words_the_stored_summary_is_the_need(transcript: list[Message]) -> None:
    assert summarise(replace(HELD, summary="Khách cần sửa hoá đơn"), transcript).need == ("Khách cần sửa hoá đơn",)
    assert summarise(HELD, transcript).need == ()


def test_a_sentence_said_twice_is_given_once() -> None:
    talk = [customer("Đơn 55 giao thiếu quạt"), customer("đơn 55 giao thiếu quạt!!!")]
    assert summarise(HELD, talk).need == ("đơn 55 giao thiếu quạt!!!",)


def test_internal_notes_and_colleagues_are_not_the_assistant() -> None:
    note = replace(said(Author.STAFF, "khách này khó tính"), direction=Direction.INTERNAL)
    summary = summarise(HELD, [note])
    assert (summary.need, summary.said_by_bot, summary.mood) == ((), (), Mood.CALM)


def test_collected_details_are_flattened_and_empty_ones_left_out() -> None:
    case = replace(HELD, collected={"order": "DH12", "items": ["quạt", {"sku": 7}], "phone": None, "note": "", "n": 0})
    assert summarise(case, []).collected == (
        Fact(name="order", value="DH12"),
        Fact(name="items.0", value="quạt"),
        Fact(name="items.1.sku", value="7"),
        Fact(name="n", value="0"),
    )


def test_history_newest_first_without_the_case_itself() -> None:
    past = [replace(HELD, id=n, code=f"BH-{n:04d}", opened_at=NOW + timedelta(days=n)) for n in range(1, 9)]
    found = summarise(HELD, [], earlier=past).history
    assert [one.code for one in found] == ["BH-0008", "BH-0007", "BH-0006", "BH-0005", "BH-0004"]
    assert len(found) == PAST_CASES


SOLVED = [
    Solved(code="KT-0001", need="xuất hoá đơn cho đơn 77", answer="Dạ em gửi hoá đơn qua email rồi ạ."),
    Solved(
        code="KT-0002", need="hoa don sai ma so thue cong ty, huy xuat lai", answer="Dạ em đã lập hoá đơn thay thế."
    ),
    Solved(code="KT-0003", need="lịch làm việc", answer="8 giờ ạ."),
]


def test_the_answer_of_the_most_similar_resolved_case() -> None:
    suggestion = summarise(HELD, TALK, solved=SOLVED).suggestion
    assert suggestion is not None
    assert (suggestion.code, suggestion.text) == ("KT-0002", "Dạ em đã lập hoá đơn thay thế.")


def test_what_the_assistant_knows_comes_first() -> None:
    suggestion = summarise(HELD, TALK, knowledge_answer=" Gửi trong 24 giờ. ", solved=SOLVED).suggestion
    assert suggestion is not None
    assert (suggestion.code, suggestion.text) == (None, "Gửi trong 24 giờ.")


@pytest.mark.parametrize("solved", [[], SOLVED[2:], [replace(SOLVED[1], answer=" ")]])
def test_nothing_alike_is_no_suggestion(solved: list[Solved]) -> None:
    assert summarise(HELD, TALK, knowledge_answer=" ", solved=solved).suggestion is None


def test_likeness_is_a_share() -> None:
    words = frozenset({"hoa", "don"})
    assert likeness(words, words) == pytest.approx(1)
    assert likeness(words, frozenset({"quat"})) == 0
    assert likeness(frozenset(), words) == 0


@pytest.mark.parametrize(
    ("text", "clipped"),
    [("một hai ba", "một"), ("một", "một"), (" một ", "một"), ("x" * 9, "x" * 5), ("một\nhai", "một")],
)
def test_cut_between_words(text: str, clipped: str) -> None:
    assert clip(text, 5) == clipped


PIECES = st.sampled_from(
    [
        "alo",
        "cảm ơn em",
        "Hoá đơn sai rồi!",
        "gấp lắm",
        "chờ lâu quá…",
        "x" * 400,
        "từ " * 150,
        "👍",
        "  ",
        "/ask_human",
    ]
)
WORDS = st.lists(st.one_of(PIECES, st.text(max_size=40)), max_size=4).map(" ".join)
TALKS = st.lists(st.builds(said, st.sampled_from(list(DIRECTIONS)), WORDS), max_size=8)
VALUES = st.recursive(st.one_of(st.none(), st.integers(), st.text(max_size=10)), lambda v: st.lists(v, max_size=3))
CASES = st.builds(
    lambda summary, collected: replace(HELD, summary=summary, collected=collected),
    WORDS,
    st.dictionaries(st.text(max_size=5), VALUES, max_size=3),
)


def texts_of(summary: HandoffSummary) -> Iterator[str]:
    """Every quotation of a summary."""
    yield from (*summary.need, *summary.said_by_bot, summary.mood_said)


@given(CASES, TALKS, st.lists(CASES, max_size=3), st.one_of(st.none(), WORDS), WORDS)
def test_no_word_is_invented(
    case: Case, talk: list[Message], earlier: list[Case], answer: str | None, need: str
) -> None:
    solved = [Solved(code="KT-0009", need=need, answer="Dạ rồi ạ.")]
    summary = summarise(case, talk, earlier=earlier, knowledge_answer=answer, solved=solved)
    sources = [one.text for one in talk] + [case.summary]
    for text in texts_of(summary):
        assert any(text in source for source in sources), text
        assert len(text) <= QUOTE_MAX
    assert len(summary.need) <= NEED_SENTENCES
    for fact in summary.collected:
        assert _stored(fact, case.collected)
    assert all(past.summary in {one.summary for one in earlier} for past in summary.history)
    if summary.suggestion is not None:
        assert summary.suggestion.text in (answer or "") or summary.suggestion.text == "Dạ rồi ạ."


def _stored(fact: Fact, value: object) -> bool:
    if isinstance(value, dict):
        return any(_stored(fact, part) for part in value.values())
    if isinstance(value, list):
        return any(_stored(fact, part) for part in value)
    return fact.value == str(value)


WRONG = "Sửa hoá đơn. Khách viết: “"


@pytest.mark.parametrize(
    ("additions", "expected"),
    [
        ([f"{WRONG}sai MST”."], f"{WRONG}sai MST”."),
        # The same need is named once, however much is added to it.
        (
            [f"{WRONG}sai MST”.", f"{WRONG}MST đúng là 0312”. Mã số thuế: 0312.", *[f"{WRONG}ảnh đây”."] * 2],
            f"{WRONG}sai MST”.\nKhách viết: “MST đúng là 0312”. Mã số thuế: 0312.\nKhách viết: “ảnh đây”.",
        ),
        # Another need is named, and the first one again when it comes back.
        (
            [f"{WRONG}sai MST”.", "Xuất hoá đơn. Khách viết: “thêm một cái”.", f"{WRONG}cái đầu nhé”."],
            f"{WRONG}sai MST”.\nXuất hoá đơn. Khách viết: “thêm một cái”.\n{WRONG}cái đầu nhé”.",
        ),
        # Hurrying is a word about the case and no other need.
        (
            [f"{WRONG}sai MST”.", "Khách giục phiếu KT-0042. Khách viết: “nhanh đi”.", f"{WRONG}ảnh đây”."],
            f"{WRONG}sai MST”.\nKhách giục phiếu KT-0042. Khách viết: “nhanh đi”.\nKhách viết: “ảnh đây”.",
        ),
        (["Khách gửi hình ảnh.", "Khách gửi hình ảnh.", ""], "Khách gửi hình ảnh."),
    ],
)
def test_additions_name_the_need_only_where_it_changed(additions: list[str], expected: str) -> None:
    summary = ""
    for one in additions:
        summary = added_to(summary, one)
    assert summary == expected


def test_a_long_summary_keeps_its_beginning_and_its_newest_words() -> None:
    summary = added_to(f"{WRONG}{'a' * 900}”.", f"{WRONG}{'b' * 600}”.")
    assert len(summary) <= KEPT_MAX + 3
    assert summary.startswith(WRONG)
    assert summary.endswith("bb”.")


def test_whoever_gave_a_low_score_is_not_pleased() -> None:
    case = replace(HELD, reason="low_rating", summary="Khách chấm 2/5 cho phiếu KT-0001.", collected={"score": 2})
    summary = summarise(case, [customer("đơn tôi đâu rồi em"), customer("2 sao"), customer("ok cam on")])
    assert (summary.mood, summary.mood_said) == (Mood.ANGRY, "2 sao")
    assert summarise(replace(case, reason="x"), [customer("ok cam on")]).mood is Mood.THANKFUL
    assert summarise(case, [customer("ok cam on")]).mood_said == case.summary
