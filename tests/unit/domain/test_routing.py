"""The routing chain: it always ends, and always with a date."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.assignment_choice import desk_of
from bot.domain.company import Company, Priority
from bot.domain.routing import Step, links, route

VN = ZoneInfo("Asia/Ho_Chi_Minh")
WORKDAY = datetime(2026, 11, 25, 9, 30, tzinfo=VN)
NIGHT = datetime(2026, 11, 25, 23, 30, tzinfo=VN)


def test_the_desk_itself_first(open_company: Company) -> None:
    taken = route(open_company, "accounting", {"accounting": 1, "reception": 3}, Priority.NORMAL, WORKDAY)
    assert (taken.department, taken.step, taken.staffed) == ("accounting", Step.DEPARTMENT, True)


def test_then_a_cover(open_company: Company) -> None:
    cover = open_company.department("accounting").cover[0]
    taken = route(open_company, "accounting", {cover: 1, "reception": 3}, Priority.NORMAL, WORKDAY)
    expected = Step.RECEPTION if cover == "reception" else Step.COVER
    assert (taken.department, taken.step) == (cover, expected)


def test_then_the_manager_then_reception_then_a_promise(open_company: Company) -> None:
    chosen = [
        route(open_company, "hr", on_duty, Priority.NORMAL, WORKDAY)
        for on_duty in ({"management": 1, "reception": 1}, {"reception": 1}, {})
    ]
    assert [(one.department, one.step) for one in chosen] == [
        ("management", Step.MANAGER),
        ("reception", Step.RECEPTION),
        ("hr", Step.PROMISE),
    ]
    assert not chosen[-1].staffed


def test_a_desk_that_is_closed_does_not_count_whoever_sits_there(company: Company) -> None:
    assert route(company, "accounting", {"accounting": 5}, Priority.NORMAL, NIGHT).step is not Step.DEPARTMENT


def test_an_unknown_desk_is_reception(open_company: Company) -> None:
    assert route(open_company, "phòng ma", {"reception": 1}, Priority.NORMAL, WORKDAY).department == "reception"


@given(priority=st.sampled_from(Priority), data=st.data())
def test_every_need_ends_at_a_desk_with_a_date(open_company: Company, priority: Priority, data: st.DataObject) -> None:
    names = sorted(open_company.departments)
    wanted = data.draw(st.sampled_from([*names, "không có"]))
    on_duty = data.draw(st.dictionaries(st.sampled_from(names), st.integers(0, 3)))
    taken = route(open_company, wanted, on_duty, priority, WORKDAY)
    assert taken.department in open_company.departments
    assert taken.due_at > WORKDAY
    assert taken.staffed == (on_duty.get(taken.department, 0) > 0)


@given(data=st.data())
def test_every_chain_has_each_department_once_and_ends_at_reception(open_company: Company, data: st.DataObject) -> None:
    names = sorted(open_company.departments)
    home = data.draw(st.sampled_from(names))
    chain = links(home, tuple(data.draw(st.lists(st.sampled_from(names)))))
    departments = [one for _, one in chain]
    assert len(set(departments)) == len(departments)
    assert chain[0] == (Step.DEPARTMENT, home)
    ends = [(Step.MANAGER, "management"), (Step.RECEPTION, "reception")]
    last = [end for end in ends if end[1] != home]
    assert list(chain[-len(last) :]) == last
    assert {step for step, _ in chain[1 : -len(last)]} <= {Step.COVER}


def test_assignment_walks_the_chain_by_which_the_case_was_routed(open_company: Company) -> None:
    for one in open_company.departments:
        desk = desk_of(open_company, one, one)
        assert ((desk.home_step, desk.home), *desk.behind) == links(one, open_company.cover_chain(one))
