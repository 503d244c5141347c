"""The JSON shapes of duty, breaks, leave, rosters and coverage.

Every moment that goes out is in the company's time zone; blocks are wall time: "08:00-12:00", or "22:00-06:00+1"
for one that ends on the next day.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from bot.web.endpoint import ID_MAX, Body, Day, Given, Moment
from bot.web.gap_shapes import GapOut
from bot.web.staff_shapes import StaffOut

BlockText = Annotated[str, StringConstraints(max_length=20)]
Note = Annotated[str, StringConstraints(max_length=300)]
Id = Annotated[int, Field(ge=1, le=ID_MAX)]


class AbsenceOut(Given):
    """A break (``kind`` ``break``) or leave (``leave``). ``ended_at`` is set once the person is back early."""

    id: int
    staff_id: int
    staff_name: str
    kind: str
    start_at: datetime
    end_at: datetime
    ended_at: datetime | None
    cover_id: int | None
    cover_name: str | None
    note: str


class DutyOut(StaffOut):
    """One's own duty. ``holds`` are the codes of the open cases that keep one from going off.

    ``shift_ends_at`` is set within a shift, ``next_shift_at`` where one is planned; ``absence`` is the break or leave
    of this moment; ``overtime``: at work outside of planned hours; ``leaving``: goes off as soon as colleagues have
    accepted the cases that they were asked to take.
    """

    shift_ends_at: datetime | None
    next_shift_at: datetime | None
    overtime: bool
    absence: AbsenceOut | None
    holds: list[str]
    leaving: bool


class DutyIn(Body):
    """Coming on duty or going off."""

    on_duty: bool


class BreakIn(Body):
    """A break from now on. ``cover_id`` is the colleague who agreed to stand in, where the desk would be empty."""

    minutes: int = Field(ge=1, le=24 * 60)
    cover_id: Id | None = None
    note: Note = ""


class LeaveIn(Body):
    """Leave, one's own unless ``staff_id`` says whose (managers).

    ``accept_gaps`` enters it although a desk stays empty, as when somebody is ill; only those who lead may.
    """

    staff_id: Id | None = None
    start_at: Moment
    end_at: Moment
    cover_id: Id | None = None
    note: Note = ""
    accept_gaps: bool = False


class ShiftIn(Body):
    """A recurring shift; ``weekday`` 0 is Monday; ``valid_from`` is today where it is left out."""

    staff_id: Id
    weekday: int = Field(ge=0, le=6)
    block: BlockText
    valid_from: Day | None = None
    valid_to: Day | None = None


class ShiftPatch(Body):
    """What changes of a shift, from ``from_day`` (today where left out) on; what was worked before stays as it was."""

    weekday: int | None = Field(default=None, ge=0, le=6)
    block: BlockText | None = None
    valid_to: Day | None = None
    open_ended: bool = False
    from_day: Day | None = None


class ShiftOut(Given):
    """A recurring shift."""

    id: int
    staff_id: int
    weekday: int
    block: str
    valid_from: date
    valid_to: date | None


class DayIn(Body):
    """What a person works on one day in place of the shifts; no block at all is a day off."""

    blocks: list[BlockText] = Field(max_length=8)
    note: Note = ""


class DayOut(Given):
    """A day that differs from the shifts."""

    staff_id: int
    day: date
    blocks: list[str]
    note: str


class WorkOut(Given):
    """A stretch of planned work, breaks and leave cut out."""

    start_at: datetime
    end_at: datetime


class RosterPerson(StaffOut):
    """A person with what is planned for them in the stretch that was asked for."""

    shifts: list[ShiftOut]
    days: list[DayOut]
    absences: list[AbsenceOut]
    work: list[WorkOut]


class RosterOut(Given):
    """Who works when, from ``start`` to ``end``, both days included."""

    start: date
    end: date
    people: list[RosterPerson]


class RosterIn(BaseModel):
    """Days, both included; this week where nothing is said, 62 at most. Those who lead see every department."""

    start: Day | None = Field(default=None, alias="from")
    end: Day | None = Field(default=None, alias="to")
    department: str | None = None


class CoverageIn(BaseModel):
    """Days, both included; from now on for 14 days where nothing is said, 62 at most."""

    start: Day | None = Field(default=None, alias="from")
    end: Day | None = Field(default=None, alias="to")
    department: str | None = None


class DepartmentCoverage(Given):
    """The gaps of one department; none is what everybody wants."""

    department: str
    label: str
    gaps: list[GapOut]
    minutes: int


class CoverageOut(Given):
    """Every open hour that nobody staffs, ahead of time. ``minutes`` is the sum of all gaps."""

    start_at: datetime
    end_at: datetime
    departments: list[DepartmentCoverage]
    minutes: int
