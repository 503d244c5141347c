"""The company as the domain sees it: owners, covers, limits."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.adapters.company import load
from bot.domain.company import (
    RECEPTION,
    AttachmentLimits,
    Company,
    Priority,
    Role,
    RoleId,
    UnknownDepartment,
    Words,
)

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


def test_case_code_prefix(company: Company) -> None:
    accounting = company.department_by_code("kt")
    assert accounting is not None
    assert accounting.id == "accounting"
    assert company.department_by_code("ZZ") is None


def test_the_chain_starts_at_home_and_ends_at_reception(company: Company) -> None:
    for name in company.departments:
        chain = [one.id for one in company.chain(name)]
        assert chain[0] == name
        assert chain[-1] == RECEPTION
        assert len(set(chain)) == len(chain)


def test_labels_follow_the_language(company: Company) -> None:
    sales = company.department("sales")
    assert (sales.label(), sales.label("en"), sales.label("fr")) == ("Bán hàng", "Sales", "Bán hàng")
    assert company.name.in_language("en") == "Sen Viet Electronics JSC"


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
