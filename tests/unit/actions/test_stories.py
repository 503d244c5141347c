"""What the story tests must cover, worked out from the company and the plans, so that a new need cannot be left out."""

from __future__ import annotations

from itertools import pairwise

import pytest

from actions.forms import AT_ONCE
from actions.plan import PLANS, Way
from bot.domain.company import Company
from tests.unit.actions.stories import STORIES, conversations

TALKS = {needs for path in STORIES.glob("test_*.yml") for _, needs in conversations(path)}
FOLLOWED = {pair for needs in TALKS for pair in pairwise(needs)}
OPENED = {(needs[0], needs[1:]) for needs in TALKS}

OFFERS = [name for name, plan in PLANS.items() if plan.way in {Way.ANSWER_THEN_OFFER, Way.OFFER_IF_ASKED}]
HANDOFFS = [name for name, plan in PLANS.items() if plan.way is Way.HANDOFF]
FORM_NEEDS = [name for name, plan in PLANS.items() if plan.way is Way.FORM]


def test_every_need_has_a_story() -> None:
    assert set(PLANS) - {need for needs in TALKS for need in needs} == set()


def test_every_handoff_is_told_from_the_greeting_to_the_thanks() -> None:
    assert HANDOFFS
    assert [intent for intent in HANDOFFS if ("greet", intent, "thank") not in TALKS] == []


@pytest.mark.parametrize("after", ["affirm", "deny", "ask_human"])
def test_every_offer_is_accepted_declined_and_passed_over(after: str) -> None:
    assert OFFERS
    assert [intent for intent in OFFERS if (intent, after) not in FOLLOWED] == []


@pytest.mark.parametrize(
    "after",
    [
        ("out_of_scope", "out_of_scope"),
        ("opening_hours", "out_of_scope"),
        ("ask_human",),
        *((name,) for name in sorted(AT_ONCE - {"ask_human"})),
    ],
)
def test_every_form_is_filled_left_and_ended(after: tuple[str, ...]) -> None:
    assert FORM_NEEDS
    assert [intent for intent in FORM_NEEDS if (intent, after) not in OPENED] == []


def test_every_form_is_given_up_and_taken_up_again() -> None:
    assert [intent for intent in FORM_NEEDS if (intent, ("deny", "thank", intent)) not in OPENED] == []


def test_every_department_is_reached(company: Company) -> None:
    reached = {company.department_for(intent).id for needs in TALKS for intent in needs}
    assert reached == set(company.departments)


def test_only_forms_are_told_as_forms() -> None:
    told = {needs[0] for story, needs in conversations(STORIES / "test_forms.yml") if story.startswith("form")}
    assert told == set(FORM_NEEDS)
