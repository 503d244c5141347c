"""Reads `company.yml` into a `Company`."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from types import MappingProxyType

from bot.adapters.company.departments import Shared, read_departments
from bot.adapters.company.faults import Collector, CompanyFaults
from bot.adapters.company.hours import read_holidays, read_hours, read_zone
from bot.adapters.company.policies import (
    read_approvals,
    read_assignment,
    read_breaks,
    read_feedback,
    read_languages,
    read_skills,
    read_teaching,
    read_words,
)
from bot.adapters.company.reader import Section, read
from bot.domain.company import AttachmentLimits, Company, Contact, Language, Role, RoleId

_MEDIA_TYPE = re.compile(r"^[a-z0-9.+-]+/(?:[a-z0-9.+-]+|\*)$")
_EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
_MAX_VND = 1_000_000_000_000
_KEYS = (
    "name",
    "short_name",
    "time_zone",
    "contact",
    "languages",
    "opening_hours",
    "holidays",
    "attachments",
    "sla",
    "skills",
    "departments",
    "roles",
    "assignment",
    "breaks",
    "approvals",
    "feedback",
    "teaching",
)


DOMAIN = "domain.yml"
"""The assistant's own file, beside `company.yml`: it says which intents there are."""


def load(path: Path) -> Company:
    """Return the company that this file describes. Raises CompanyFaults with every fault of the file.

    Where the assistant's `domain.yml` lies beside it, the two are held together.
    """
    faults = Collector()
    top = read(path, faults)
    if not top.entries:
        if not faults.faults:
            faults.add(1, "tệp không có mục nào")
        raise CompanyFaults(path, faults.faults)
    top.known(*_KEYS)
    company = _company(top, _intents(path.with_name(DOMAIN), faults))
    if faults.faults:
        raise CompanyFaults(path, faults.faults)
    return company


def _intents(domain: Path, faults: Collector) -> list[str] | None:
    """Return the intents that the assistant tells apart; None where nobody can say."""
    if not domain.exists():
        return None
    found = Collector()
    listed = read(domain, found).optional_items("intents")
    names = [next(iter(one.section().entries), "") if one.is_section() else one.text() for one in listed]
    for fault in found.faults:
        faults.add(1, f"{DOMAIN}, dòng {fault.line}: {fault.message}")
    return None if found.faults else names


def _company(top: Section, intents: list[str] | None) -> Company:
    zone, holidays = read_zone(top), read_holidays(top)
    hours = read_hours(top.section("opening_hours"), zone, holidays)
    shared = Shared(zone, holidays, hours, _languages(top), read_skills(top))
    return Company(
        name=read_words(top, "name"),
        short_name=top.text("short_name"),
        zone=zone,
        contact=_contact(top.section("contact")),
        languages=shared.languages,
        hours=hours,
        attachments=_attachments(top.section("attachments")),
        departments=MappingProxyType({one.id: one for one in read_departments(top, shared, intents)}),
        roles=MappingProxyType({one.id: one for one in _roles(top)}),
        assignment=read_assignment(top),
        breaks=read_breaks(top),
        approvals=read_approvals(top),
        feedback=read_feedback(top),
        teaching=read_teaching(top),
        skills=MappingProxyType(shared.skills),
    )


def _contact(section: Section) -> Contact:
    section.known("address", "hotline", "email", "fanpage")
    email = section.text("email")
    if email and not _EMAIL.match(email):
        section.faults.add(section.entries["email"].line, f"“{email}” không phải địa chỉ email")
    return Contact(read_words(section, "address"), section.text("hotline"), email, section.text("fanpage"))


def _languages(top: Section) -> tuple[Language, ...]:
    found = read_languages(top, tuple(Language), "chưa hỗ trợ ngôn ngữ “{code}”; dùng vi, en")
    top.need("languages")
    if "languages" in top.entries and Language.VI not in found:
        top.faults.add(top.entries["languages"].line, "phải có tiếng Việt (vi)")
    return found


def _attachments(section: Section) -> AttachmentLimits:
    section.known("max_megabytes", "kinds")
    kinds: list[str] = []
    for item in section.items("kinds"):
        kind = item.text().lower()
        if kind and not _MEDIA_TYPE.match(kind):
            section.faults.add(item.line, f"“{kind}” không phải loại tệp; ví dụ image/*, application/pdf")
        kinds.append(kind)
    return AttachmentLimits(section.integer("max_megabytes", 1, 100) * 1024 * 1024, tuple(kinds))


def _roles(top: Section) -> tuple[Role, ...]:
    section = top.section("roles")
    section.known(*RoleId)
    roles = []
    for role in RoleId:
        entry = section.section(role)
        entry.known("label", "approval_limit")
        limit = entry.need("approval_limit")
        unlimited = limit is None or (not limit.is_section() and limit.text() == "unlimited")
        amount = None if unlimited or limit is None else limit.integer(0, _MAX_VND)
        roles.append(Role(role, read_words(entry, "label"), amount))
    _check_limits(section, roles)
    return tuple(roles)


def _check_limits(section: Section, roles: list[Role]) -> None:
    """A higher role may never approve less than the one below it, or a case would bounce back down."""
    for lower, higher in itertools.pairwise(roles):
        if higher.approval_limit is None or higher.id not in section.entries:
            continue
        if lower.approval_limit is None or lower.approval_limit > higher.approval_limit:
            line = section.entries[higher.id].line
            section.faults.add(line, f"hạn mức duyệt của “{higher.id}” thấp hơn của “{lower.id}”")
