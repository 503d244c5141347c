"""A small company with its people, and an oracle that counts minutes one by one instead of adding up intervals.

The oracle keeps a set of minutes as the bits of one integer, counted from `Minutes.base`: slow to read, hard to get
wrong, and it shares no line with the code that it checks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from bot.domain.company import (
    AttachmentLimits,
    Company,
    Contact,
    Department,
    Language,
    RoleId,
    Side,
    Sla,
    SlaTable,
    Words,
)
from bot.domain.hours import DAY, Block, OpeningHours
from bot.domain.shifts import Absence, AbsenceKind, DayException, Roster, Shift
from bot.domain.staff import StaffMember

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
BERLIN = ZoneInfo("Europe/Berlin")
LONG_AGO = date(2020, 1, 1)
_SLA = SlaTable(*[Sla(10, 20, 480)] * 3)


def at(text: str, zone: tzinfo = HANOI) -> datetime:
    """A moment on the wall clock; 2026-08-24 is a Monday."""
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def blocks(*texts: str) -> tuple[Block, ...]:
    return tuple(Block.parse(text) for text in texts)


def shift(
    staff_id: int, weekday: int, text: str, *, number: int = 0, since: date = LONG_AGO, until: date | None = None
) -> Shift:
    return Shift(
        id=number, staff_id=staff_id, weekday=weekday, block=Block.parse(text), valid_from=since, valid_to=until
    )


def every_day(staff_id: int, text: str, days: Iterable[int] = range(5)) -> tuple[Shift, ...]:
    return tuple(shift(staff_id, day, text) for day in days)


def absence(
    staff_id: int, start: datetime, end: datetime, kind: AbsenceKind = AbsenceKind.BREAK, **more: object
) -> Absence:
    values = {"id": 0, "staff_id": staff_id, "kind": kind, "start_at": start, "end_at": end, **more}
    return Absence(**values)  # type: ignore[arg-type]


def person(staff_id: int, *departments: str, role: RoleId = RoleId.AGENT, **more: object) -> StaffMember:
    values: dict[str, object] = {
        "id": staff_id,
        "email": f"nv{staff_id}@a.example",
        "name": f"Nhân viên {staff_id}",
        "role": role,
        "departments": frozenset(departments),
        "on_duty": True,
        **more,
    }
    return StaffMember(**values)  # type: ignore[arg-type]


def department(
    name: str, side: Side, hours: OpeningHours, cover: tuple[str, ...] = (), intents: tuple[str, ...] = ()
) -> Department:
    return Department(name, name[:2].upper(), name, name, side, intents, cover, hours, _SLA, 4)


def small_company(zone: ZoneInfo = HANOI, holidays: dict[date, str] | None = None) -> Company:
    """Reception stands in for sales and cashier, cashier for accounting; facilities never closes."""
    week = (*[blocks("08:00-12:00", "13:00-17:00")] * 5, blocks("08:00-12:00"), ())
    hours = OpeningHours(zone, week, holidays or {})
    desks = (
        department("reception", Side.FRONT, hours),
        department("sales", Side.FRONT, hours, ("reception",)),
        department("cashier", Side.FRONT, hours, ("reception",)),
        department("accounting", Side.BACK, hours, ("cashier",)),
        department("facilities", Side.BACK, OpeningHours.always(zone)),
        department("research", Side.BACK, hours),
        department("management", Side.BACK, hours),
    )
    return Company(
        name=Words("Công ty A", "Company A"),
        short_name="A",
        zone=zone,
        contact=Contact(Words("Số 1", "No 1"), "1900", "a@a.example", "a"),
        languages=tuple(Language),
        hours=hours,
        attachments=AttachmentLimits(1, ()),
        departments={one.id: one for one in desks},
        roles={},
    )


@dataclass(frozen=True)
class Minutes:
    """The oracle, over `days` whole days of UTC from `base` on."""

    base: datetime
    days: int

    @property
    def end(self) -> datetime:
        return self.base + timedelta(days=self.days)

    @property
    def all(self) -> int:
        return (1 << self.days * DAY) - 1

    def of(self, start: datetime, end: datetime) -> int:
        low = max(0, int((start - self.base).total_seconds() // 60))
        high = min(self.days * DAY, int((end - self.base).total_seconds() // 60))
        return ((1 << high - low) - 1) << low if low < high else 0

    def of_all(self, intervals: Iterable[tuple[datetime, datetime]]) -> int:
        found = 0
        for start, end in intervals:
            assert start < end
            found |= self.of(start, end)
        return found

    def of_day(self, zone: tzinfo, day: date, day_blocks: Iterable[Block]) -> int:
        midnight = datetime.combine(day, time())
        walls = [(midnight + timedelta(minutes=one.start), midnight + timedelta(minutes=one.end)) for one in day_blocks]
        return self.of_all(
            (start.replace(tzinfo=zone).astimezone(UTC), end.replace(tzinfo=zone).astimezone(UTC))
            for start, end in walls
            if start.replace(tzinfo=zone).astimezone(UTC) < end.replace(tzinfo=zone).astimezone(UTC)
        )

    def dates(self) -> list[date]:
        return [self.base.date() + timedelta(days=n) for n in range(-2, self.days + 2)]

    def opened(self, hours: OpeningHours) -> int:
        found = 0
        for day in self.dates():
            if hours.holidays.get(day) is None:
                found |= self.of_day(hours.zone, day, hours.weekly[day.weekday()])
        return found

    def planned(self, roster: Roster, staff_id: int) -> int:
        found = 0
        for day in self.dates():
            own = [one for one in roster.exceptions if (one.staff_id, one.day) == (staff_id, day)]
            usual = [
                one.block
                for one in roster.shifts
                if one.staff_id == staff_id
                and one.weekday == day.weekday()
                and one.valid_from <= day <= (one.valid_to or date.max)
            ]
            found |= self.of_day(roster.zone, day, own[-1].blocks if own else usual)
        return found

    def absent(self, roster: Roster, staff_id: int, kinds: Iterable[AbsenceKind] = tuple(AbsenceKind)) -> int:
        found = 0
        for one in roster.absences:
            if one.staff_id == staff_id and one.kind in kinds:
                found |= self.of(one.start_at, min(one.end_at, one.ended_at or one.end_at))
        return found

    def worked(self, roster: Roster, staff_id: int) -> int:
        return self.planned(roster, staff_id) & ~self.absent(roster, staff_id)


def day_off(staff_id: int, day: str, *texts: str) -> DayException:
    return DayException(id=0, staff_id=staff_id, day=date.fromisoformat(day), blocks=blocks(*texts))
