from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.errors import ForbiddenMove, Invalid, NotPermitted
from bot.domain.teaching.examples import (
    Consent,
    EntityMark,
    Example,
    ExampleState,
    Source,
    checked_entities,
    labelled,
    likeness,
    within_cap,
)

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)


def example(number: int = 1, text: str = "lấy vat", label: str = "invoice_request", **changes: object) -> Example:
    made = labelled(
        id=number,
        text=text,
        label=label,
        source=Source.REVIEW,
        staff_id=7,
        at=NOW + timedelta(seconds=number),
        consent=Consent.GIVEN,
        two_reviewers=False,
        message_id=number,
        customer_id=1,
    )
    return replace(made, **changes)


def test_one_person_is_enough_where_the_company_says_so() -> None:
    made = example(text=" lấy\nvat ")
    assert (made.text, made.state, made.reviewed_by) == ("lấy vat", ExampleState.APPROVED, 7)
    assert made.usable


def test_two_people_are_two_people() -> None:
    made = labelled(
        id=1,
        text="a b",
        label="greet",
        source=Source.CLUSTER,
        staff_id=7,
        at=NOW,
        consent=Consent.OWN,
        two_reviewers=True,
    )
    assert (made.state, made.usable) == (ExampleState.PROPOSED, False)
    with pytest.raises(NotPermitted):
        made.approved(7, two_reviewers=True)
    approved = made.approved(8, two_reviewers=True)
    assert (approved.state, approved.reviewed_by, approved.usable) == (ExampleState.APPROVED, 8, True)
    assert approved.approved(9, two_reviewers=True) is approved


def test_nobody_learns_from_words_that_nobody_gave() -> None:
    assert not example(consent=Consent.ABSENT).usable
    assert example(consent=Consent.DEIDENTIFIED).usable


def test_what_is_withdrawn_keeps_no_words_and_never_comes_back() -> None:
    gone = example(entities=(EntityMark(start=0, end=3, name="money"),)).withdrawn(NOW)
    assert (gone.text, gone.entities, gone.withdrawn_at, gone.usable) == ("", (), NOW, False)
    assert gone.withdrawn(NOW + timedelta(days=1)) is gone
    with pytest.raises(ForbiddenMove):
        gone.approved(8, two_reviewers=False)


@pytest.mark.parametrize(
    "marks",
    [
        [(0, 0, "money")],
        [(-1, 2, "money")],
        [(3, 9, "money")],
        [(0, 4, "money"), (3, 5, "phone")],
        [(0, 2, "Money!")],
        [(2, 3, "money")],
    ],
)
def test_marks_lie_in_the_text_side_by_side(marks: list[tuple[int, int, str]]) -> None:
    with pytest.raises(Invalid):
        checked_entities("ab cd", [EntityMark(start=a, end=b, name=name) for a, b, name in marks])


def test_marks_come_in_the_order_of_the_text() -> None:
    first, second = EntityMark(start=0, end=2, name="phone"), EntityMark(start=3, end=5, name="money")
    assert checked_entities("ab cd", [second, first]) == (first, second)


def test_texts_that_are_one_to_a_reader_have_one_digest() -> None:
    assert likeness("Lấy VAT!") == likeness("  lấy   vat")
    assert len({likeness(one) for one in ("bán", "bạn", "ban", "🌸", "🎁", "\ud83d")}) == 6


def test_one_customer_cannot_push_a_need() -> None:
    flood = [example(number, f"câu {number}") for number in range(500, 0, -1)]
    kept = [one.id for one in within_cap(flood)]
    assert kept == list(range(1, 21))
    others = [example(number, customer_id=number) for number in range(30)]
    own = [example(number, customer_id=None) for number in range(30)]
    assert len(list(within_cap([*others, *own]))) == 60
