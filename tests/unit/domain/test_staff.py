"""What may stand on a person's account."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.cases import Case
from bot.domain.company import MANAGEMENT, Language, RoleId, Words
from bot.domain.errors import Invalid, NotPermitted
from bot.domain.staff import (
    StaffMember,
    checked_departments,
    checked_languages,
    checked_skills,
    checked_title,
    may_claim,
    may_see,
    own_desk,
    require_lead,
)
from tests.unit.domain.desk_people import AN, BINH, GONE, HELD, LAN, MINH, TAM, WAITING
from tests.unit.domain.roster_world import person, small_company

COMPANY = replace(small_company(), skills={"repair": Words("Sửa chữa", "Repair")}, languages=(Language.VI,))


def test_a_new_person_speaks_vietnamese_and_has_no_skill() -> None:
    new = person(1, "sales")
    assert (new.languages, new.skills, new.senior) == ({"vi"}, frozenset(), False)
    assert (new.switched_at, new.seen_at) == (None, None)


def test_skills_are_those_of_the_company() -> None:
    assert checked_skills(["repair", "repair"], COMPANY) == {"repair"}
    assert checked_skills([], COMPANY) == frozenset()
    with pytest.raises(Invalid, match="cooking") as error:
        checked_skills(["repair", "cooking"], COMPANY)
    assert error.value.field == "skills"


@pytest.mark.parametrize("languages", [[], ["en"], ["vi", "fr"]])
def test_languages_are_those_of_the_company(languages: list[str]) -> None:
    assert checked_languages(["vi"], COMPANY) == {"vi"}
    with pytest.raises(Invalid) as error:
        checked_languages(languages, COMPANY)
    assert error.value.field == "languages"


@pytest.mark.parametrize(
    ("departments", "role", "field"),
    [
        (["moon"], RoleId.AGENT, "departments"),
        ([], RoleId.AGENT, "departments"),
        (["moon"], RoleId.ADMIN, "departments"),
    ],
)
def test_agents_belong_to_departments_that_exist(departments: list[str], role: RoleId, field: str) -> None:
    assert checked_departments([], RoleId.MANAGER, COMPANY) == frozenset()
    with pytest.raises(Invalid) as error:
        checked_departments(departments, role, COMPANY)
    assert error.value.field == field


@pytest.mark.parametrize(
    ("role", "active", "leads"),
    [
        (RoleId.AGENT, True, False),
        (RoleId.MANAGER, True, True),
        (RoleId.ADMIN, True, True),
        (RoleId.ADMIN, False, False),
    ],
)
def test_only_those_who_lead_plan_others(role: RoleId, active: bool, leads: bool) -> None:
    planner = replace(person(1, "sales"), role=role, active=active)
    if leads:
        require_lead(planner)
        return
    with pytest.raises(NotPermitted):
        require_lead(planner)


@pytest.mark.parametrize(
    ("departments", "role", "expected"),
    [
        ({"accounting"}, RoleId.AGENT, "accounting"),
        ({"cashier"}, RoleId.AGENT, "cashier"),
        ({"sales", "cashier"}, RoleId.AGENT, "cashier"),
        ({"research"}, RoleId.AGENT, "research"),
        ({"research"}, RoleId.MANAGER, "management"),
        ({"accounting"}, RoleId.MANAGER, "management"),
        ({"accounting", "sales"}, RoleId.MANAGER, "management"),
        (set(), RoleId.AGENT, "accounting"),
    ],
)
def test_people_are_introduced_with_their_own_department(departments: set[str], role: RoleId, expected: str) -> None:
    case = replace(HELD, department="accounting", wanted="accounting")
    assert own_desk(person(1, *departments, role=role), case, COMPANY) == expected


@pytest.mark.parametrize(
    ("title", "name", "language", "called"),
    [
        ("chị", "Lan", "vi", "chị Lan"),
        ("", "Lan", "vi", "Lan"),
        ("chị", "Chị Lan", "vi", "chị Lan"),
        ("anh", "Anh", "vi", "anh Anh"),
        ("chị", "Anh Thư", "vi", "chị Anh Thư"),
        ("", "Anh Thư", "vi", "Anh Thư"),
        ("", "Chị Lan", "vi", "chị Lan"),
        ("", "Chị Lan", "en", "Chị Lan"),
        ("", "Chị", "vi", "Chị"),
        ("chị", "Thu Ngân", "vi", "chị Thu Ngân"),
        ("", "Trần Thu Ngân", "vi", "Trần Thu Ngân"),
        ("", "Thu ngân", "vi", None),
        ("chị", "Thu ngân 2", "vi", None),
        ("chị", "Nguyễn Thị Lan", "vi", "chị Lan"),
        ("anh", "Anh Trịnh Hồng Sơn", "vi", "anh Sơn"),
        ("chị", "Nguyễn Thị Lan", "en", "Nguyễn Thị Lan"),
        ("chị", "Lan", "en", "Lan"),
        ("", "Quản Thị Trinh", "vi", "Quản Thị Trinh"),
        ("anh", "Quản Trí Dũng", "vi", "anh Dũng"),
        ("anh", "Quản trị mẫu", "vi", None),
        ("", "quan tri vien ca toi", "vi", None),
        ("chị", "Admin Sen Việt", "en", None),
        ("", "Lê Tân", "en", "Lê Tân"),
        ("", "Lê Hr", "vi", "Lê Hr"),
        ("", "admin", "vi", None),
        ("anh", "Admin 2", "vi", None),
        ("", "Quản trị viên", "vi", None),
        ("", "quan tri vien", "en", None),
        ("", "Nhân viên 03", "vi", None),
        ("", "Giám đốc", "vi", None),
        ("", "CSKH", "vi", None),
    ],
)
def test_how_customers_hear_of_somebody(title: str, name: str, language: str, called: str | None) -> None:
    one = StaffMember(id=1, email="a@b.vn", name=name, role=RoleId.AGENT, departments=frozenset({"sales"}), title=title)
    assert one.called(language) == called


def test_a_title_is_one_that_we_know() -> None:
    assert [checked_title(one) for one in (" Chị ", "", "ông")] == ["chị", "", "ông"]
    for wrong in ("em", "sếp", "chị anh"):
        with pytest.raises(Invalid) as refused:
            checked_title(wrong)
        assert refused.value.field == "title"


@pytest.mark.parametrize(
    ("role", "departments", "desks"),
    [
        (RoleId.AGENT, {"sales"}, {"sales"}),
        (RoleId.AGENT, {"sales", "management"}, {"sales"}),
        (RoleId.AGENT, {"management"}, set()),
        (RoleId.MANAGER, {"sales"}, {"sales", "management"}),
        (RoleId.MANAGER, set(), {"management"}),
        (RoleId.ADMIN, {"management"}, {"management"}),
    ],
)
def test_management_is_whoever_leads_and_nobody_else(role: RoleId, departments: set[str], desks: set[str]) -> None:
    assert person(1, *departments, role=role).desks == desks


RAISED = replace(WAITING, department=MANAGEMENT)


@pytest.mark.parametrize(
    ("staff", "case", "sees", "claims"),
    [
        (LAN, WAITING, True, True),
        (MINH, WAITING, False, False),
        (BINH, WAITING, True, True),
        (AN, WAITING, True, True),
        (replace(LAN, active=False), WAITING, False, False),
        (replace(BINH, active=False), WAITING, False, False),
        (TAM, HELD, True, True),
        (MINH, replace(HELD, owner_id=MINH.id), True, True),
        (LAN, RAISED, False, False),
        (LAN, replace(HELD, department=MANAGEMENT), True, False),
        (replace(LAN, departments=frozenset({MANAGEMENT})), RAISED, True, False),
        (BINH, RAISED, True, True),
        (GONE, replace(WAITING, department="accounting"), False, False),
    ],
)
def test_who_sees_a_case_and_who_takes_it(staff: StaffMember, case: Case, *, sees: bool, claims: bool) -> None:
    assert (may_see(staff, case), may_claim(staff, case)) == (sees, claims)
