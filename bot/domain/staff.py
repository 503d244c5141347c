"""Staff members and what they may do. Every door asks these functions; none decides by itself."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from bot.domain.cases import Case, CaseState
from bot.domain.company import MANAGEMENT, Company, Language, RoleId
from bot.domain.errors import ForbiddenMove, Invalid, NotPermitted
from bot.domain.text import clean, fold

PASSWORD_MIN = 12
PASSWORD_MAX = 256
TITLES = ("anh", "chị", "cô", "chú", "bác", "ông", "bà")
"""Forms of address under which customers may hear of a person; "em" is what the house calls itself."""

_ROLES = (
    "admin|administrator|root|system|user|test|staff|support|agent|manager|boss|it|hr|hệ thống|quản trị|quản trị viên|"
    "quản trị hệ thống|quản lý|nhân viên|lễ tân|kế toán|giám đốc|trưởng phòng|trưởng ca|sếp|kỹ thuật|kỹ thuật viên|"
    "chăm sóc khách hàng|cskh|tổng đài|tổng đài viên|ban quản lý|bán hàng|thu ngân|giao dịch viên|bảo vệ"
)
_NUMBERED = r"(?:tài khoản |account )?(?:{roles})(?:[ _.-]*\d+)?"
_ROLE = re.compile(_NUMBERED.format(roles=_ROLES))
_PLAIN_ROLE = re.compile(fold(_NUMBERED.format(roles=_ROLES)))
_EMAIL = re.compile(r"^[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+$")


_LED = frozenset({MANAGEMENT})
_GIVEN_NAME_WORDS = 2
_ALSO_GIVEN = "thu ngan"
_ADMINS = ("quản trị", "admin")
_PLAIN_ADMINS = ("quan tri", "admin")
"""What no name of a person begins with, whatever comes behind: "Quản trị mẫu", "Administrator 2"."""


@dataclass(frozen=True, kw_only=True)
class StaffMember:
    """A person of the house.

    ``on_duty`` is the person's own switch, ``switched_at`` when it was last turned, ``seen_at`` the last sign of life
    from a console; whether somebody is there is for `presence` to say. ``departments`` and ``skills`` are ids of
    `company.yml`. A ``senior`` person gets complaints and urgent cases first. ``title`` is how customers call them
    ("chị"), "" where nobody said. ``shift_timer_id`` is the timer that watches over the end of their shift.
    """

    id: int
    email: str
    name: str
    role: RoleId
    departments: frozenset[str]
    active: bool = True
    on_duty: bool = False
    created_at: datetime | None = None
    skills: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset({Language.VI})
    senior: bool = False
    title: str = ""
    switched_at: datetime | None = None
    seen_at: datetime | None = None
    shift_timer_id: int | None = None

    @cached_property
    def leads(self) -> bool:
        """Tell whether this person sees every queue."""
        return self.role in (RoleId.MANAGER, RoleId.ADMIN)

    @cached_property
    def desks(self) -> frozenset[str]:
        """The departments whose cases this person takes; management is whoever leads, and nobody else."""
        return self.departments | _LED if self.leads else self.departments - _LED

    def called(self, language: str) -> str | None:
        """Return how a customer hears of this person within a sentence: "chị Lan"; just the name in English.

        Of a full name ("Nguyễn Thị Lan") people say the last word after a title; two words may be a given name. A
        title that only the name carries ("Chị Lan") is said as one; not "Anh": Anh Thư is her name.
        ``None`` where the account is named after a role: customers then hear of the desk alone.
        """
        if names_role(self.name, titled=bool(self.title)):
            return None
        words = self.name.split()
        if language != Language.VI:
            return self.name
        if not self.title:
            first = words[0].casefold()
            titled = len(words) > 1 and first in TITLES and first != "anh"
            return " ".join([first, *words[1:]]) if titled else self.name
        if len(words) > 1 and words[0].casefold() == self.title:
            words = words[1:]
        return f"{self.title} {words[-1] if len(words) > _GIVEN_NAME_WORDS else ' '.join(words)}"


def names_role(name: str, *, titled: bool = False) -> bool:
    """Tell whether the name of an account is a role ("admin", "Quản trị viên 2"), and nobody's name.

    ``titled``: the account has a form of address; "Thu Ngân" (cashier) is then somebody's given name.
    """
    lower = clean(name).casefold()
    if titled and fold(lower) == _ALSO_GIVEN:
        return False
    if lower.startswith(_PLAIN_ADMINS if lower.isascii() else _ADMINS):
        return True
    # "Lê Tân" is somebody, and "Lễ tân" is not: without its marks one is taken for the other.
    return (_PLAIN_ROLE if lower.isascii() else _ROLE).fullmatch(lower) is not None


def may_see(staff: StaffMember, case: Case) -> bool:
    """Tell whether the case is theirs to read: their own, their department's, or any for those who lead."""
    return staff.active and (staff.leads or case.owner_id == staff.id or case.department in staff.departments)


def may_claim(staff: StaffMember, case: Case) -> bool:
    """Tell whether the person may take the case; management's cases are for those who lead."""
    if case.department == MANAGEMENT and not staff.leads:
        return False
    return may_see(staff, case)


def require_held(staff: StaffMember, case: Case) -> None:
    """Let only whoever holds an open case speak in it, promise, or end it.

    Raises:
        NotPermitted: somebody else holds it, or nobody.
        ForbiddenMove: it is resolved; reopen it first.
    """
    if case.state is CaseState.RESOLVED:
        raise ForbiddenMove(f"{case.code} is resolved")
    if case.owner_id != staff.id:
        raise NotPermitted(f"{case.code} is not held by staff member {staff.id}")


def require_admin(staff: StaffMember) -> None:
    """Let only admins change accounts.

    Raises:
        NotPermitted: the person is not an active admin.
    """
    if not (staff.active and staff.role is RoleId.ADMIN):
        raise NotPermitted("admins only")


def require_lead(staff: StaffMember) -> None:
    """Let only those who lead plan the work of others.

    Raises:
        NotPermitted: the person does not lead.
    """
    if not (staff.active and staff.leads):
        raise NotPermitted(f"staff member {staff.id} does not lead")


def own_desk(staff: StaffMember, case: Case, company: Company) -> str:
    """Return the department that a person belongs to, as a customer hears it with their name.

    Whoever stands in for a desk is introduced with their own: of several, the one nearest to the case. Who leads is of
    the management.
    """
    if staff.leads and MANAGEMENT in company.departments:
        return MANAGEMENT
    nearest = [case.department, case.wanted]
    if case.wanted in company.departments:
        nearest += [one.id for one in company.chain(case.wanted)]
    own = staff.departments & company.departments.keys()
    return next((one for one in (*nearest, *sorted(own)) if one in own), case.department)


def checked_departments(departments: Iterable[str], role: RoleId, company: Company) -> frozenset[str]:
    """Return the departments of a person. Raises Invalid for an unknown one, and for an agent without any."""
    wanted = frozenset(departments)
    if unknown := sorted(wanted - company.departments.keys()):
        raise Invalid("departments", f"Không có bộ phận: {', '.join(unknown)}.")
    if role is RoleId.AGENT and not wanted:
        raise Invalid("departments", "Nhân viên cần thuộc ít nhất một bộ phận.")
    return wanted


def checked_email(email: str) -> str:
    """Return the address in the form in which it is stored and compared (trimmed, lower case).

    Raises:
        Invalid: it is not an address.
    """
    address = clean(email).lower()
    if not _EMAIL.match(address):
        raise Invalid("email", "Địa chỉ email không đúng dạng ten@congty.vn.")
    return address


def checked_name(name: str) -> str:
    """Return a display name fit to store. Raises Invalid when nothing or too much is left."""
    shown = clean(name).replace("\n", " ")
    if not 1 <= len(shown) <= 80:
        raise Invalid("name", "Tên cần có từ 1 đến 80 ký tự.")
    return shown


def checked_title(title: str) -> str:
    """Return a form of address as it is stored, "" for none. Raises Invalid for one that we do not know."""
    known = clean(title).casefold()
    if known and known not in TITLES:
        raise Invalid("title", f"Cách xưng hô là một trong: {', '.join(TITLES)}; hoặc để trống.")
    return known


def checked_skills(skills: Iterable[str], company: Company) -> frozenset[str]:
    """Return the skills of a person. Raises Invalid where the company knows no such skill."""
    wanted = frozenset(skills)
    if unknown := sorted(wanted - company.skills.keys()):
        raise Invalid("skills", f"Không có kỹ năng “{unknown[0]}” trong company.yml.")
    return wanted


def checked_languages(languages: Iterable[str], company: Company) -> frozenset[str]:
    """Return the languages of a person. Raises Invalid for none, or for one that the company does not answer in."""
    wanted = frozenset(languages)
    if not wanted:
        raise Invalid("languages", "Mỗi người cần nói ít nhất một ngôn ngữ.")
    if unknown := sorted(wanted - set(company.languages)):
        raise Invalid("languages", f"Công ty không tiếp khách bằng ngôn ngữ “{unknown[0]}”.")
    return wanted


def checked_password(password: str) -> str:
    """Return the password exactly as received: passwords are never trimmed or normalised (ASVS 6.2.8).

    Raises:
        Invalid: too short or too long; there are no composition rules (ASVS 6.2.5).
    """
    if not PASSWORD_MIN <= len(password) <= PASSWORD_MAX:
        raise Invalid("password", f"Mật khẩu cần có từ {PASSWORD_MIN} đến {PASSWORD_MAX} ký tự.")
    return password
