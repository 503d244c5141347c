"""The company as the domain sees it: owners, covers, limits."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.adapters.company import load
from bot.domain.company import (
    RECEPTION,
    REQUEST_MINUTES,
    AttachmentLimits,
    Company,
    Language,
    Priority,
    Role,
    RoleId,
    UnknownDepartment,
    Words,
)
from tests.unit.domain.roster_world import small_company

SHIPPED = Path(__file__).parents[3] / "company.yml"


@pytest.fixture(scope="module")
def company() -> Company:
    return load(SHIPPED)


@pytest.mark.parametrize(
    ("intent", "department"),
    [
        ("invoice_correction", "accounting"),
        ("card_lost", "teller"),
        ("greet", RECEPTION),
        ("legal_threat", "management"),
        ("nobody_claims_this", RECEPTION),
    ],
)
def test_every_need_has_an_owner(company: Company, intent: str, department: str) -> None:
    assert company.department_for(intent).id == department


def test_unknown_department(company: Company) -> None:
    with pytest.raises(UnknownDepartment):
        company.department("marketing")


def test_the_chain_starts_at_home_and_ends_at_reception(company: Company) -> None:
    for name in company.departments:
        chain = [one.id for one in company.chain(name)]
        assert chain[0] == name
        assert chain[-1] == RECEPTION
        assert len(set(chain)) == len(chain)


def test_covers_of_covers_stand_in_but_reception_only_where_it_is_named() -> None:
    small = small_company()
    assert small.cover_chain("accounting") == ("accounting", "cashier", "reception")
    assert small.cover_chain("research") == ("research",)
    assert [one.id for one in small.chain("research")] == ["research", RECEPTION]
    with pytest.raises(UnknownDepartment):
        small.cover_chain("marketing")


def test_who_stands_in_for_reception_does_so_for_reception_alone() -> None:
    small = small_company()
    desks = {**small.departments, RECEPTION: replace(small.department(RECEPTION), cover=("research",))}
    helped = replace(small, departments=desks)
    assert [one.id for one in helped.chain(RECEPTION)] == [RECEPTION, "research"]
    assert [one.id for one in helped.chain("sales")] == ["sales", RECEPTION]


def test_what_the_demonstration_asks_of_people(company: Company) -> None:
    assert company.department("teller").skill_for("card_lost") == "card_security"
    assert company.department("teller").skill_for("card_service") is None
    assert company.department("sales").languages == company.languages
    assert company.department("facilities").languages == (Language.VI,)
    assert company.department("accounting").request_minutes == 120
    assert company.department("sales").request_minutes == REQUEST_MINUTES
    assert company.department("management").seniors_only == {Priority.HIGH, Priority.URGENT}
    assert company.skills["card_security"].vi == "An toàn thẻ"


def test_times_of_the_desk(company: Company) -> None:
    assert company.assignment.offer_time(Priority.URGENT) == timedelta(seconds=30)
    assert company.assignment.heartbeat == timedelta(minutes=5)
    assert company.breaks.longest == timedelta(hours=1)
    assert company.approvals.time == timedelta(minutes=30)
    assert list(company.approvals.kinds) == ["refund", "discount", "exception"]


def test_labels_follow_the_language(company: Company) -> None:
    sales = company.department("sales")
    assert (sales.label(), sales.label("en"), sales.label("fr")) == ("Bán hàng", "Sales", "Bán hàng")
    assert company.name.in_language("en") == "Sen Viet Electronics JSC"


def test_a_department_that_the_file_has_no_more_is_named_by_its_id(company: Company) -> None:
    assert company.label("accounting") == "Kế toán"
    assert company.label("accounting", "en") == "Accounting"
    assert company.label("gone", "en") == "gone"


@pytest.mark.parametrize("priority", list(Priority))
def test_more_urgent_is_sooner(company: Company, priority: Priority) -> None:
    for department in company.departments.values():
        sla = department.sla
        assert sla.of(priority).first_response <= sla.normal.first_response
        assert sla.of(priority).resolution <= sla.normal.resolution


def test_front_departments(company: Company) -> None:
    assert [one.id for one in company.fronts()] == [
        "reception",
        "customer_relations",
        "sales",
        "teller",
        "credit",
        "cashier",
        "office_services",
    ]


@pytest.mark.parametrize(
    ("limit", "amount", "expected"), [(500_000, 500_000, True), (500_000, 500_001, False), (None, 10**12, True)]
)
def test_approval_limit(limit: int | None, amount: int, expected: bool) -> None:
    assert Role(RoleId.AGENT, Words("Nhân viên", "Agent"), limit).may_approve(amount) is expected


@pytest.mark.parametrize(
    ("media_type", "expected"),
    [
        ("image/png", True),
        ("IMAGE/JPEG", True),
        ("application/pdf; charset=x", True),
        ("application/zip", False),
        ("image", False),
        ("", False),
    ],
)
def test_attachment_kinds(media_type: str, expected: bool) -> None:
    assert AttachmentLimits(1024, ("image/*", "application/pdf")).allows(media_type) is expected
