"""Opening hours and holidays as `company.yml` writes them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.adapters.company.calendar import HolidayCalendar, country_known
from bot.adapters.company.faults import Collector
from bot.adapters.company.reader import Item, Section
from bot.domain.hours import BadBlock, Block, OpeningHours, overlap

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def read_zone(top: Section) -> ZoneInfo:
    """Return the time zone, UTC after a fault."""
    item = top.need("time_zone")
    name = item.text() if item is not None else ""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        top.faults.add(item.line if item else top.line, f"không có múi giờ “{name}”; ví dụ Asia/Ho_Chi_Minh")
        return ZoneInfo("UTC")


class _Holiday(NamedTuple):
    """A day of the file, with its line; a working day has no name."""

    line: int
    name: str = ""


def read_holidays(top: Section) -> HolidayCalendar:
    """Return the holidays: `public` (a country code), `dates` (own days off), `working` (public ones it works on)."""
    section = top.section("holidays")
    section.known("public", "dates", "working")
    country = section.entries["public"].text() if "public" in section.entries else None
    if country and not country_known(country):
        section.faults.add(section.entries["public"].line, f"không có lịch nghỉ lễ của nước “{country}”; ví dụ VN")
        country = ""
    own, working = _own(section), _working(section)
    if country != "":
        _check_against_public(section.faults, HolidayCalendar(country, {}, frozenset()), own, working)
    for day in own.keys() & working.keys():
        section.faults.add(working[day].line, f"ngày {day:%d/%m/%Y} vừa khai nghỉ vừa khai làm việc")
    return HolidayCalendar(country, {day: one.name for day, one in own.items()}, frozenset(working))


def _check_against_public(
    faults: Collector, public: HolidayCalendar, own: Mapping[date, _Holiday], working: Mapping[date, _Holiday]
) -> None:
    """Report days that change nothing: most likely another day was meant."""
    for day, one in own.items():
        if (name := public.get(day)) is not None:
            faults.add(one.line, f"ngày {day:%d/%m/%Y} đã là ngày nghỉ lễ ({name}), không cần khai lại")
    for day, one in working.items():
        if day not in own and public.get(day) is None:
            faults.add(one.line, f"ngày {day:%d/%m/%Y} vốn không phải ngày nghỉ lễ, không cần khai làm việc")


def _own(section: Section) -> dict[date, _Holiday]:
    found: dict[date, _Holiday] = {}
    for item in section.optional_items("dates"):
        entry = item.section()
        entry.known("date", "name")
        day, name = _day(entry.need("date")), entry.text("name")
        if day is not None and day in found:
            section.faults.add(item.line, f"ngày nghỉ {day:%d/%m/%Y} khai hai lần")
        elif day is not None:
            found[day] = _Holiday(item.line, name)
    return found


def _working(section: Section) -> dict[date, _Holiday]:
    found: dict[date, _Holiday] = {}
    for item in section.optional_items("working"):
        day = _day(item)
        if day is not None and day in found:
            section.faults.add(item.line, f"ngày làm việc {day:%d/%m/%Y} khai hai lần")
        elif day is not None:
            found[day] = _Holiday(item.line)
    return found


def read_hours(section: Section, zone: ZoneInfo, holidays: HolidayCalendar) -> OpeningHours:
    """Return the week; a day that is not named is closed, `round_the_clock: true` opens always, holidays included."""
    section.known(*DAYS, "round_the_clock")
    always = section.entries.get("round_the_clock")
    if always is not None and always.boolean():
        if len(section.entries) > 1:
            section.faults.add(always.line, "đã mở suốt ngày đêm thì không khai giờ từng ngày nữa")
        return OpeningHours.always(zone)
    week = tuple(_blocks(section.entries.get(day), section.faults) for day in DAYS)
    if not any(week) and (always is None or always.text() == "false"):
        section.faults.add(section.line, "không có giờ mở cửa nào trong cả tuần")
    _check_nights(section, week)
    return OpeningHours(zone, week, holidays)


def _blocks(item: Item | None, faults: Collector) -> tuple[Block, ...]:
    blocks: list[Block] = []
    for entry in item.items() if item is not None else ():
        text = entry.text()
        try:
            block = Block.parse(text) if text else None
        except BadBlock as error:
            faults.add(entry.line, f"khung giờ “{text}”: {error}")
            continue
        if block is None:
            continue
        if overlap((*blocks, block)) is not None:
            faults.add(entry.line, f"khung giờ {block} chồng lên khung giờ khác trong ngày")
        blocks.append(block)
    return tuple(sorted(blocks))


def _check_nights(section: Section, week: tuple[tuple[Block, ...], ...]) -> None:
    """A night block may not run into the first block of the following day."""
    for index, blocks in enumerate(week):
        following = week[(index + 1) % 7]
        if blocks and following and blocks[-1].end - 24 * 60 > following[0].start:
            line = section.entries[DAYS[index]].line
            section.faults.add(line, f"khung giờ {blocks[-1]} lấn sang khung {following[0]} của ngày hôm sau")


def _day(item: Item | None) -> date | None:
    text = item.text() if item is not None else ""
    if item is None or not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:  # Python also reads 20260430 and 2026-W18-4
        item.faults.add(item.line, f"ngày “{text}” phải có dạng 2026-04-30")
        return None
    return day
