"""The departments of `company.yml`, and the checks that look at all of them together."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from zoneinfo import ZoneInfo

from bot.adapters.company.calendar import HolidayCalendar
from bot.adapters.company.hours import read_hours
from bot.adapters.company.policies import read_languages
from bot.adapters.company.reader import ID, Item, Section
from bot.domain.company import (
    MANAGEMENT,
    RECEPTION,
    REQUEST_MINUTES,
    Department,
    Language,
    Priority,
    Side,
    Sla,
    SlaTable,
    Words,
)
from bot.domain.hours import OpeningHours

_CODE = re.compile(r"^[A-Z]{2,4}$")
_KEYS = (
    "id",
    "code",
    "label",
    "side",
    "intents",
    "cover",
    "opening_hours",
    "sla",
    "capacity",
    "skills",
    "languages",
    "request_minutes",
    "seniors_only",
)
_REQUIRED = {
    RECEPTION: "lễ tân là nơi cuối cùng nhận mọi phiếu",
    MANAGEMENT: "quản lý nhận phiếu quá hạn",
}
_SLA = ("first_response", "next_response", "resolution")
_MINUTES = 60 * 24 * 60
"""The longest deadline, sixty days of open minutes."""


@dataclass(frozen=True, slots=True)
class Shared:
    """What the company as a whole has and its departments point at, or use where they say nothing."""

    zone: ZoneInfo
    holidays: HolidayCalendar
    hours: OpeningHours
    languages: tuple[Language, ...]
    skills: dict[str, Words]


@dataclass(frozen=True, slots=True)
class _Row:
    """A department with the places in the file that later checks point at."""

    department: Department
    id: Item
    code: Item
    label: Section
    intents: tuple[Item, ...]
    cover: tuple[Item, ...]


def read_departments(top: Section, shared: Shared, intents: Collection[str] | None) -> tuple[Department, ...]:
    """Return the departments in the order of the file; faults go to the collector of `top`.

    ``intents`` are those that the assistant tells apart; without them nobody can say whether one is missing.
    """
    defaults = top.section("sla")
    defaults.known(*Priority)
    table = _in_order(defaults, SlaTable(*(_sla(defaults.section(one), None) for one in Priority)))
    rows = [row for item in top.items("departments") if (row := _row(item, shared, table)) is not None]
    _check_required(top, rows)
    _check_unique(rows)
    _check_owners(rows)
    if intents is not None:
        _check_intents(top, rows, intents)
    _check_cover(rows)
    return tuple(row.department for row in rows)


def _row(item: Item, shared: Shared, table: SlaTable) -> _Row | None:
    entry = item.section()
    entry.known(*_KEYS)
    label = entry.section("label")
    label.known("vi", "en")
    intents, cover = tuple(entry.items("intents")), tuple(entry.optional_items("cover"))
    owned = tuple(one.text() for one in intents)
    own_hours = entry.entries.get("opening_hours")
    department = Department(
        id=entry.text("id"),
        code=entry.text("code"),
        label_vi=label.text("vi"),
        label_en=label.text("en"),
        side=_side(entry),
        intents=owned,
        cover=tuple(one.text() for one in cover),
        hours=read_hours(own_hours.section(), shared.zone, shared.holidays) if own_hours is not None else shared.hours,
        sla=_sla_table(entry, table),
        capacity=entry.integer("capacity", 1, 100),
        skills=MappingProxyType(_skills(entry, owned, shared)),
        languages=_languages(entry, shared),
        request_minutes=entry.integer_or("request_minutes", 1, _MINUTES, REQUEST_MINUTES),
        seniors_only=_seniors_only(entry),
    )
    id_item, code_item = entry.entries.get("id"), entry.entries.get("code")
    if id_item is None or code_item is None:
        return None
    return _Row(department, id_item, code_item, label, intents, cover)


def _skills(entry: Section, intents: tuple[str, ...], shared: Shared) -> dict[str, str]:
    """Skills by need. A skill nobody can be given would leave every case of that need without its specialist."""
    found: dict[str, str] = {}
    for intent, item in entry.optional_section("skills"):
        skill = item.text()
        if intent not in intents:
            entry.faults.add(item.line, f"bộ phận này không phụ trách ý định “{intent}”")
        if skill and skill not in shared.skills:
            entry.faults.add(item.line, f"kỹ năng “{skill}” chưa khai ở mục skills của công ty")
        found[intent] = skill
    return found


def _languages(entry: Section, shared: Shared) -> tuple[Language, ...]:
    item = entry.entries.get("languages")
    if item is None:
        return shared.languages
    if item.is_empty():
        entry.faults.add(item.line, "cần ít nhất một ngôn ngữ")
    return read_languages(entry, shared.languages, "công ty không tiếp khách bằng ngôn ngữ “{code}”")


def _seniors_only(entry: Section) -> frozenset[Priority]:
    found: set[Priority] = set()
    for item in entry.optional_items("seniors_only"):
        if (text := item.text()) not in set(Priority):
            entry.faults.add(item.line, f"“{text}” không phải mức ưu tiên; dùng {', '.join(Priority)}")
        elif text in found:
            entry.faults.add(item.line, f"mức ưu tiên “{text}” khai hai lần")
        else:
            found.add(Priority(text))
    return frozenset(found)


def _side(entry: Section) -> Side:
    item = entry.need("side")
    if item is not None and (text := item.text()) not in set(Side):
        entry.faults.add(item.line, f"“{text}” không phải front (tiếp khách) hay back (khối hỗ trợ)")
        return Side.FRONT
    return Side(item.text()) if item is not None else Side.FRONT


def _sla_table(entry: Section, defaults: SlaTable) -> SlaTable:
    """A department names only what differs from the company's own deadlines."""
    if "sla" not in entry.entries:
        return defaults
    section = entry.section("sla")
    section.known(*Priority)
    own = (
        _sla(section.section(one), defaults.of(one)) if one in section.entries else defaults.of(one) for one in Priority
    )
    return _in_order(section, SlaTable(*own))


def _sla(section: Section, default: Sla | None) -> Sla:
    section.known(*_SLA)

    def minutes(name: str) -> int:
        if default is not None and name not in section.entries:
            return int(getattr(default, name))
        return section.integer(name, 1, _MINUTES)

    sla = Sla(*(minutes(name) for name in _SLA))
    for name, label in (("first_response", "đầu tiên"), ("next_response", "tiếp theo")):
        if section.entries and getattr(sla, name) > sla.resolution:
            section.faults.add(section.line, f"hạn trả lời {label} dài hơn hạn giải quyết")
    return sla


def _in_order(section: Section, table: SlaTable) -> SlaTable:
    """Report what is more urgent and yet slower."""
    for slower, faster in pairwise(Priority):
        worse = [name for name in _SLA if getattr(table.of(faster), name) > getattr(table.of(slower), name)]
        if worse and {slower, faster} & section.entries.keys():
            item = section.entries.get(faster) or section.entries[slower]
            section.faults.add(item.line, f"mức “{faster}” chậm hơn mức “{slower}”: {', '.join(worse)}")
    return table


def _check_required(top: Section, rows: list[_Row]) -> None:
    present = {row.department.id for row in rows}
    for needed, why in _REQUIRED.items():
        if "departments" in top.entries and needed not in present:
            top.faults.add(top.entries["departments"].line, f"thiếu bộ phận “{needed}”: {why}")


def _check_unique(rows: list[_Row]) -> None:
    ids: dict[str, int] = {}
    codes: dict[str, int] = {}
    labels: dict[str, int] = {}
    for row in rows:
        name, code = row.department.id, row.department.code
        if name and not ID.match(name):
            row.id.faults.add(row.id.line, f"mã bộ phận “{name}” chỉ gồm chữ thường không dấu, số và gạch dưới")
        if code and not _CODE.match(code):
            row.code.faults.add(row.code.line, f"tiền tố phiếu “{code}” phải gồm 2 đến 4 chữ in hoa không dấu")
        _once(row.id, name, ids, "bộ phận")
        _once(row.code, code, codes, "tiền tố phiếu")
        for language, item in row.label:
            _once(item, f"{item.raw_text()} ({language})".casefold() if item.raw_text() else "", labels, "tên bộ phận")


def _check_owners(rows: list[_Row]) -> None:
    owners: dict[str, int] = {}
    for row in rows:
        for item, intent in zip(row.intents, row.department.intents, strict=True):
            if intent and not ID.match(intent):
                item.faults.add(item.line, f"ý định “{intent}” chỉ gồm chữ thường không dấu, số và gạch dưới")
            _once(item, intent, owners, "ý định")


def _check_intents(top: Section, rows: list[_Row], intents: Collection[str]) -> None:
    """An intent without an owner has nobody to go to; one that the assistant does not know brings nothing."""
    owned: set[str] = set()
    for row in rows:
        owned.update(row.department.intents)
        for item, intent in zip(row.intents, row.department.intents, strict=True):
            if ID.match(intent) and intent not in intents:
                item.faults.add(item.line, f"trợ lý không biết ý định “{intent}” (domain.yml không có)")
    missing = [one for one in intents if one not in owned]
    if missing and "departments" in top.entries:
        line = top.entries["departments"].line
        top.faults.add(line, f"chưa bộ phận nào phụ trách ý định {', '.join(f'“{one}”' for one in missing)}")


def _once(item: Item, name: str, seen: dict[str, int], what: str) -> None:
    if not name:
        return
    if name in seen:
        item.faults.add(item.line, f"{what} “{name}” đã khai ở dòng {seen[name]}")
    else:
        seen[name] = item.line


def _check_cover(rows: list[_Row]) -> None:
    known = {row.department.id: row.department.cover for row in rows}
    for row in rows:
        seen: dict[str, int] = {}
        for item, name in zip(row.cover, row.department.cover, strict=True):
            if name == row.department.id:
                item.faults.add(item.line, f"bộ phận “{name}” không thể tự thay cho mình")
            elif name and name not in known:
                item.faults.add(item.line, f"không có bộ phận “{name}” để thay")
            _once(item, name, seen, "bộ phận thay")
    reported: set[frozenset[str]] = set()
    for row in rows:
        circle = next(_circles(row.department.id, known), None)
        # A second department of the same id has no covers of its own to point at.
        if circle is not None and row.cover and frozenset(circle) not in reported:
            reported.add(frozenset(circle))
            row.id.faults.add(row.cover[0].line, f"vòng thay lẫn nhau: {' → '.join((*circle, circle[0]))}")


def _circles(start: str, known: dict[str, tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """Yield the ways from a department back to itself, shortest first; covering oneself is reported elsewhere."""
    ways: list[tuple[str, ...]] = [(start,)]
    seen: set[str] = set()
    while ways:
        way = ways.pop(0)
        for name in known.get(way[-1], ()):
            if name == start and len(way) > 1:
                yield way
            elif name != start and name not in seen:
                seen.add(name)
                ways.append((*way, name))
