"""How the desk works: assignment, breaks, approvals, feedback and skills. A section that is not there has defaults."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from types import MappingProxyType

from bot.adapters.company.reader import ID, Section
from bot.domain.company import Approvals, Assignment, Breaks, Feedback, Language, Priority, Teaching, Words

_MINUTES_OF_A_WEEK = 7 * 24 * 60


def read_words(section: Section, name: str) -> Words:
    """Return a text in both languages."""
    words = section.section(name)
    words.known("vi", "en")
    return Words(words.text("vi"), words.text("en"))


def read_assignment(top: Section) -> Assignment:
    """Return the rules by which a case finds its person."""
    section, default = top.optional_section("assignment"), Assignment()
    section.known("offer_seconds", "heartbeat_minutes", "offers_before_manager")
    times = section.optional_section("offer_seconds")
    times.known(*Priority)
    known = len(times.faults.faults)
    seconds = {one: times.integer_or(one, 5, 3600, default.offer_seconds[one]) for one in Priority}
    if len(times.faults.faults) == known:
        _check_offers(times, seconds)
    return Assignment(
        offer_seconds=MappingProxyType(seconds),
        heartbeat_minutes=section.integer_or("heartbeat_minutes", 1, 120, default.heartbeat_minutes),
        offers_before_manager=section.integer_or("offers_before_manager", 1, 10, default.offers_before_manager),
    )


def _check_offers(times: Section, seconds: Mapping[Priority, int]) -> None:
    """What is more urgent may not lie longer with somebody who does not answer."""
    for slower, faster in pairwise(Priority):
        item = times.entries.get(faster) or times.entries.get(slower)
        if item is not None and seconds[faster] > seconds[slower]:
            times.faults.add(item.line, f"lời mời mức “{faster}” chờ lâu hơn mức “{slower}”")


def read_breaks(top: Section) -> Breaks:
    """Return what still is a break; the longest possible is half a day."""
    section = top.optional_section("breaks")
    section.known("longest_minutes")
    return Breaks(longest_minutes=section.integer_or("longest_minutes", 5, 720, Breaks().longest_minutes))


def read_approvals(top: Section) -> Approvals:
    """Return what may be asked for; a list of kinds takes the place of the one that is shipped."""
    section, default = top.optional_section("approvals"), Approvals()
    section.known("minutes", "kinds")
    minutes = section.integer_or("minutes", 1, _MINUTES_OF_A_WEEK, default.minutes)
    kinds = section.entries.get("kinds")
    if kinds is None:
        return Approvals(minutes=minutes)
    if kinds.is_empty():
        section.faults.add(kinds.line, "cần ít nhất một loại phê duyệt")
    return Approvals(minutes=minutes, kinds=MappingProxyType(_labelled(section, "kinds", "loại phê duyệt")))


def read_feedback(top: Section) -> Feedback:
    """Return whether customers are asked how it was; a low score of 5 would make a complaint of every answer."""
    section, default = top.optional_section("feedback"), Feedback()
    section.known("ask", "low")
    ask = section.entries.get("ask")
    return Feedback(ask=default.ask if ask is None else ask.boolean(), low=section.integer_or("low", 1, 4, default.low))


def read_teaching(top: Section) -> Teaching:
    """Read `teaching`, or return the defaults."""
    section, default = top.optional_section("teaching"), Teaching()
    section.known("two_reviewers")
    two = section.entries.get("two_reviewers")
    return Teaching(two_reviewers=two.boolean() if two else default.two_reviewers)


def read_skills(top: Section) -> dict[str, Words]:
    """Return the skills that departments may ask for, with what staff read on the screen."""
    return _labelled(top, "skills", "kỹ năng")


def read_languages(section: Section, allowed: tuple[Language, ...], otherwise: str) -> tuple[Language, ...]:
    """Return the list `languages` of a section, empty where there is none; `otherwise` is said of a `{code}`."""
    found: list[Language] = []
    for item in section.optional_items("languages"):
        code = item.text()
        if code in found:
            section.faults.add(item.line, f"ngôn ngữ “{code}” khai hai lần")
        elif code not in allowed:
            section.faults.add(item.line, otherwise.format(code=code))
        else:
            found.append(Language(code))
    return tuple(found)


def _labelled(section: Section, name: str, what: str) -> dict[str, Words]:
    found = section.optional_section(name)
    for key, item in found:
        if not ID.match(key):
            found.faults.add(item.line, f"{what} “{key}” chỉ gồm chữ thường không dấu, số và gạch dưới")
    return {key: read_words(found, key) for key, _ in found}
