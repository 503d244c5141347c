from __future__ import annotations

import time
from dataclasses import replace

import pytest

from bot.domain.errors import Invalid
from bot.domain.teaching.assembling import assemble, lacking
from bot.domain.teaching.dataset import Base, Dataset, FaultKind, Line, Need, parse, rasa_line
from bot.domain.teaching.examples import CUSTOMER_CAP, Consent, EntityMark, ExampleState
from tests.unit.domain.teaching.test_examples import example

BASE = Base(
    digests={"nlu/a.yml": "aa", "domain.yml": "bb"},
    lines=(("greet", "chào em"), ("greet", "xin chào"), ("bye", "tạm biệt"), ("bye", "chào nhé")),
    entities=frozenset({"money"}),
)
NEED = Need(intent="night_parking", department="reception", label_vi="Gửi xe qua đêm", answer="Dạ được ạ.")


def dataset(*lines: tuple[str, str], needs: tuple[Need, ...] = (), base: Base = BASE) -> Dataset:
    return Dataset(base=base, lines=tuple(Line(label=label, text=text) for label, text in lines), needs=needs)


def kinds(found: Dataset) -> list[FaultKind]:
    return [one.kind for one in found.faults()]


def test_the_same_content_has_the_same_name_whoever_labelled_it() -> None:
    first = assemble(BASE, [example(1, "a b", "greet"), example(2, "c d", "bye")], [NEED], {"hours": "8h"})
    second = assemble(
        replace(BASE, digests=dict(reversed(BASE.digests.items()))),
        [example(9, "c d", "bye", labelled_by=3), example(8, "a b", "greet", customer_id=5)],
        [NEED],
        {"hours": "8h"},
    )
    assert first.id == second.id
    assert len(first.id) == 64
    others = [
        replace(first, lines=first.lines[1:]),
        replace(first, needs=(NEED,)),
        replace(first, answers={"hours": "9h"}),
        replace(first, base=replace(BASE, digests={"nlu/a.yml": "ab"})),
    ]
    assert len({first.id, *(one.id for one in others)}) == 5


def test_what_was_written_down_is_read_again() -> None:
    made = assemble(BASE, [example(1, "giá 5k", "greet", entities=(EntityMark(start=4, end=6, name="money"),))], [NEED])
    again = parse(made.canonical(), BASE.lines)
    assert again.canonical() == made.canonical()
    assert again.lines == made.lines
    for content in (b"", b"[]", b"{}", made.canonical() + b" ", made.canonical().replace(b'"format":1', b'"format":2')):
        with pytest.raises(Invalid):
            parse(content)


def test_only_what_may_teach_is_taken_and_each_sentence_once() -> None:
    found = assemble(
        BASE,
        [
            example(1, "lấy vat", "greet"),
            example(2, "Lấy VAT!", "greet"),
            example(3, "Chào em", "greet"),
            example(4, "x y", "bye", state=ExampleState.PROPOSED),
            example(5, "x z", "bye", consent=Consent.ABSENT),
            *(example(number, f"câu {number}", "bye", customer_id=2) for number in range(10, 60)),
        ],
    )
    assert [line.text for line in found.lines if line.label == "greet"] == ["lấy vat"]
    assert len(found.by_label()["bye"]) == 20


def test_five_hundred_sentences_of_one_customer_that_are_nearly_the_same_teach_as_one_customer_may() -> None:
    shouted = [example(number, "hoàn tiền cho tôi" + "!" * number, "bye", customer_id=7) for number in range(1, 251)]
    numbered = [example(number, f"hoàn tiền đơn {number}", "bye", customer_id=7) for number in range(251, 501)]
    found = assemble(BASE, [*shouted, *numbered], cap=20)
    assert [line.text for line in found.lines] == ["hoàn tiền cho tôi!"]
    found = assemble(BASE, [*numbered, *shouted[:1], example(900, "chào tạm biệt", "bye", customer_id=8)], cap=20)
    assert len(found.lines) == 21
    assert found.faults() == []


def test_a_need_with_too_few_sentences_waits_and_the_others_are_learned() -> None:
    few, none = replace(NEED, intent="few", label_vi="Ít câu"), replace(NEED, intent="none", label_vi="Chưa câu nào")
    found = assemble(
        BASE,
        [
            example(1, "gửi xe đêm", "night_parking"),
            example(2, "để xe qua đêm", "night_parking"),
            example(3, "một câu", "few"),
            example(4, "Một câu!", "few", customer_id=9),
            example(5, "câu của nhu cầu đã bỏ", "retired"),
        ],
        [NEED, few, none],
    )
    assert found.faults() == []
    assert [one.intent for one in found.needs] == ["night_parking"]
    assert {line.label for line in found.lines} == {"night_parking"}
    assert [(one.intent, one.name, one.missing) for one in found.unlearned] == [
        ("few", "Ít câu", 1),
        ("none", "Chưa câu nào", 2),
        ("retired", "retired", 0),
    ]
    assert (
        found.id
        == assemble(
            BASE, [example(1, "gửi xe đêm", "night_parking"), example(2, "để xe qua đêm", "night_parking")], [NEED]
        ).id
    )


def test_a_sentence_that_would_be_misread_is_left_out_by_its_text() -> None:
    odd = replace(example(2, "x"), text="một\n- intent: hack", label="greet")
    found = assemble(BASE, [example(1, "alo alo", "greet"), odd])
    assert (found.faults(), [line.text for line in found.lines]) == ([], ["alo alo"])
    assert [(one.intent, one.missing, one.text) for one in found.unlearned] == [("greet", 0, odd.text)]


def test_a_need_gives_way_to_one_of_the_files() -> None:
    found = assemble(BASE, [example(1, "alo alo", "greet")], [replace(NEED, intent="greet")])
    assert (found.faults(), found.needs, found.unlearned, len(found.lines)) == ([], (), (), 1)


def test_a_good_dataset_has_no_faults() -> None:
    assert dataset(("night_parking", "gửi xe đêm"), ("night_parking", "để xe qua đêm"), needs=(NEED,)).faults() == []
    assert dataset(("greet", "hi")).faults() == []
    assert dataset().faults() == []


@pytest.mark.parametrize(
    ("found", "kind"),
    [
        (dataset(base=Base(digests={})), FaultKind.EMPTY),
        (dataset(("night_parking", "một câu"), needs=(NEED,)), FaultKind.FEW_EXAMPLES),
        (dataset(("night_parking", "một câu"), ("night_parking", "Một câu!"), needs=(NEED,)), FaultKind.FEW_EXAMPLES),
        (dataset(needs=(NEED,)), FaultKind.FEW_EXAMPLES),
        (dataset(("unheard_of", "a b"), ("unheard_of", "c d")), FaultKind.UNKNOWN_LABEL),
        (dataset(("greet", "ơi"), ("bye", "Ơi!")), FaultKind.TWO_LABELS),
        (dataset(("bye", "Chào em.")), FaultKind.TWO_LABELS),
        (dataset(("greet", "${HOME}")), FaultKind.TEXT),
        (dataset(("greet", "a\u2028b")), FaultKind.TEXT),
        (dataset(("greet", "\ud83d")), FaultKind.TEXT),
        (dataset(("greet", "")), FaultKind.TEXT),
        (dataset(("null", "a"), ("null", "b")), FaultKind.LABEL),
        (dataset(("0123", "a"), ("0123", "b")), FaultKind.LABEL),
        (dataset(("a: b", "a"), ("a: b", "b")), FaultKind.LABEL),
        (dataset(needs=(replace(NEED, intent="greet"),)), FaultKind.NEED_EXISTS),
        (dataset(("greet", "x"), needs=(replace(NEED, intent="greet", department=" "),)), FaultKind.NEED_INCOMPLETE),
    ],
)
def test_faults_are_named(found: Dataset, kind: FaultKind) -> None:
    assert kind in kinds(found)
    assert all(one.reason and "{" not in one.reason for one in found.faults())
    assert len(found.id) == 64


def test_all_faults_are_told_at_once() -> None:
    found = dataset(("null", "a"), ("greet", "[a](b)"), ("bye", "chào em"), ("unheard_of", "b"))
    assert set(kinds(found)) == {FaultKind.LABEL, FaultKind.TEXT, FaultKind.TWO_LABELS, FaultKind.UNKNOWN_LABEL}


def test_marks_must_be_declared_and_lie_in_the_text() -> None:
    good = Line(label="greet", text="giá 5k", entities=(EntityMark(start=4, end=6, name="money"),))
    assert kinds(Dataset(base=BASE, lines=(good,))) == []
    for mark in (EntityMark(start=4, end=6, name="phone"), EntityMark(start=4, end=9, name="money")):
        assert kinds(Dataset(base=BASE, lines=(replace(good, entities=(mark,)),))) == [FaultKind.TEXT]
    assert rasa_line(good) == "giá [5k](money)"
    assert (
        rasa_line(replace(good, text="5k giá", entities=(EntityMark(start=0, end=2, name="money"),)))
        == "[5k](money) giá"
    )


def test_too_many_examples_are_told_without_reading_them_all() -> None:
    line = Line(label="greet", text="x")
    started = time.perf_counter()
    assert kinds(Dataset(base=BASE, lines=(line,) * 100_001)) == [FaultKind.TOO_MANY]
    assert time.perf_counter() - started < 0.5


def test_what_a_need_lacks_is_counted_as_a_training_counts() -> None:
    odd = example(1, "gửi xe đêm", "night_parking", entities=(EntityMark(start=0, end=99, name="money"),))
    good = example(2, "giữ xe khuya", "night_parking")
    capped = [example(number, f"chuyện {number}", "bye", customer_id=3) for number in range(10, 10 + CUSTOMER_CAP)]
    late = example(900, "trông xe tối", "night_parking", customer_id=3)
    assert lacking(BASE, [odd, good], ["night_parking", "other"]) == {"night_parking": 1, "other": 2}
    assert lacking(BASE, [good, *capped, late], ["night_parking"]) == {"night_parking": 1}
    assert lacking(BASE, [good, late], ["night_parking"]) == {"night_parking": 0}
    for taught in ([odd, good], [good, *capped, late]):
        (waiting,) = [one for one in assemble(BASE, taught, [NEED]).unlearned if not one.text]
        assert waiting.missing == lacking(BASE, taught, ["night_parking"])["night_parking"]
