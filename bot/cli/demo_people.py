"""Who works in the demonstration company, and when: enough people that no desk is ever open and empty.

The front office has fixed cover, so its people have shifts, laid over the opening hours of `company.yml`. The back
office and those who lead have flexible hours: their own switch says when they work. Who is there round the clock keeps
watches, whichever office it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from bot.domain.company import MANAGEMENT, Company, Department, RoleId, Side
from bot.domain.hours import DAY, Block

_NAMES = (
    *(("chị", "Nguyễn Thị Lan"), ("anh", "Trần Văn Minh"), ("chị", "Lê Thu Hà"), ("anh", "Phạm Quốc Bảo")),
    *(("chị", "Hoàng Mai Anh"), ("anh", "Vũ Đức Long"), ("chị", "Đặng Ngọc Hân"), ("anh", "Bùi Thanh Tùng")),
    *(("chị", "Đỗ Thuỳ Linh"), ("anh", "Hồ Gia Huy"), ("chị", "Ngô Kim Chi"), ("anh", "Dương Hải Nam")),
    *(("chị", "Lý Bích Ngọc"), ("anh", "Phan Anh Tuấn"), ("chị", "Mai Phương Thảo"), ("anh", "Cao Đình Khôi")),
    *(("chị", "Tạ Minh Châu"), ("chị", "Võ Hoài An"), ("chị", "Đinh Khánh Vy"), ("anh", "Trương Gia Bình")),
    *(("cô", "Lương Thị Xuân"), ("anh", "Hà Quang Vinh"), ("chị", "Chu Diệu Hiền"), ("anh", "Kiều Trung Dũng")),
    *(("chị", "Tô Mỹ Duyên"), ("anh", "Lâm Nhật Quang"), ("anh", "Nguyễn Đăng Phúc"), ("chị", "Trần Thị Sen")),
    *(("anh", "Lê Công Thành"), ("anh", "Phạm Bá Lộc")),
)
"""How customers call them, and their names."""

LONG_DAY = 10 * 60
"""Minutes beyond which a day is more than one person's work."""

HANDOVER = 30
"""Minutes for which the early and the late shift are both there, on either side of the middle of the day."""

_WATCH_KEEPERS = 5

_MONDAY, _SATURDAY, _SUNDAY = 0, 5, 6


@dataclass(frozen=True, kw_only=True, slots=True)
class DemoPerson:
    """Somebody of the demonstration company; ``shifts`` are weekday (Monday is 0) and block; none: flexible hours."""

    email: str
    name: str
    role: RoleId
    departments: tuple[str, ...]
    skills: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset({"vi"})
    senior: bool = False
    title: str = ""
    shifts: tuple[tuple[int, Block], ...] = ()


def demo_people(company: Company) -> list[DemoPerson]:
    """Return an admin, a manager, and for every other department as many people as its hours need."""
    everywhere = tuple(company.departments)
    both = frozenset(str(one) for one in company.languages)
    leading = [
        DemoPerson(
            email=f"{account}@demo.letan.vn",
            name=name,
            role=role,
            departments=everywhere,
            languages=both,
            senior=True,
            title=title,
        )
        for account, title, name, role in (
            ("admin", "", "Quản trị mẫu", RoleId.ADMIN),
            ("manager", "anh", "Trịnh Hồng Sơn", RoleId.MANAGER),
        )
    ]
    agents = [
        agent
        for department in company.departments.values()
        if department.id != MANAGEMENT
        for agent in _team(department, both)
    ]
    named = [
        replace(agent, title=title, name=name)
        for number, agent in enumerate(agents)
        for title, name in [_NAMES[number % len(_NAMES)]]
    ]
    return [*leading, *named]


def as_known(people: list[DemoPerson], names: Mapping[str, str]) -> list[DemoPerson]:
    """Return the people under the names that their accounts have, by address; nobody new gets a name that is taken.

    How many people a desk has follows from its hours: after a change of them the next name would be another one's.
    """
    taken, found = set(names.values()), []
    for one in people:
        title, name = one.title, names.get(one.email, one.name)
        if one.email not in names and name in taken:
            title, name = next(((called, free) for called, free in _NAMES if free not in taken), (title, name))
        taken.add(name)
        found.append(replace(one, title=title, name=name))
    return found


def _team(department: Department, languages: frozenset[str]) -> Iterator[DemoPerson]:
    """As many as the hours need: one, an early, a late and a weekend one, or watches; the first is the senior."""
    account = department.id.replace("_", "-")
    if all(block.end - block.start == DAY for blocks in department.hours.weekly for block in blocks):
        plans = _watches()
    else:
        plans = _plans(department) if department.side is Side.FRONT else [()]
    for number, shifts in enumerate(plans):
        yield DemoPerson(
            email=f"{account if number == 0 else f'{account}-{number + 1}'}@demo.letan.vn",
            name="",
            role=RoleId.AGENT,
            departments=(department.id,),
            skills=frozenset(department.skills.values()),
            languages=languages if number != 1 else frozenset({"vi"}),
            senior=number == 0,
            shifts=shifts,
        )


def _watches() -> list[tuple[tuple[int, Block], ...]]:
    """Three watches a day, shared so that each has time to sleep between two of theirs, also over the weekend."""
    watches = [(weekday, Block(hour * 60, (hour + 8) * 60)) for weekday in range(7) for hour in (6, 14, 22)]
    *others, last = watches
    plans = [others[keeper::_WATCH_KEEPERS] for keeper in range(_WATCH_KEEPERS)]
    plans[_WATCH_KEEPERS // 2].append(last)  # of those who begin the week neither first nor last
    return [tuple(plan) for plan in plans]


def _plans(department: Department) -> list[tuple[tuple[int, Block], ...]]:
    """Return the shifts of each person of a desk."""
    days = {
        weekday: Block(min(one.start for one in blocks), max(one.end for one in blocks))
        for weekday, blocks in enumerate(department.hours.weekly)
        if blocks
    }
    if all(day.end - day.start <= LONG_DAY for day in days.values()):
        return [tuple(days.items())]
    early = [(weekday, _early(day)) for weekday, day in days.items() if weekday < _SATURDAY]
    late = [(weekday, _late(day)) for weekday, day in days.items() if _MONDAY < weekday <= _SATURDAY]
    weekend = [(weekday, _late(day)) for weekday, day in days.items() if weekday == _MONDAY]
    weekend += [(weekday, _early(day)) for weekday, day in days.items() if weekday == _SATURDAY]
    weekend += [(weekday, day) for weekday, day in days.items() if weekday == _SUNDAY]
    return [tuple(early), tuple(late), tuple(weekend)]


def _early(day: Block) -> Block:
    return Block(day.start, (day.start + day.end) // 2 + HANDOVER)


def _late(day: Block) -> Block:
    return Block((day.start + day.end) // 2 - HANDOVER, day.end)
