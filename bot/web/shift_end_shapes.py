"""The JSON shapes of the end of a shift: what is still held, and what becomes of it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from bot.web.endpoint import Body, Given, Moment
from bot.web.roster_shapes import Id, Note

Move = Literal["staff", "department", "promise", "keep"]


class PlanLine(Body):
    """What becomes of one case.

    ``staff``: `staff_id`, which nothing else takes, is asked to take it. ``department``: anybody of `department` is
    (its own where left out).
    ``promise``: back into its queue, the customer is told `due_at` (the roster's first date where left out). In closed
    hours it is refused (``closed_then``) until it is `confirmed`.
    ``keep``: stays, and so does its owner.
    """

    code: Annotated[str, StringConstraints(max_length=20)]
    to: Move
    staff_id: Id | None = None
    department: Annotated[str, StringConstraints(max_length=64)] | None = None
    due_at: Moment | None = None
    note: Note = ""
    confirmed: bool = False


class ColleagueOut(Given):
    """Somebody who may take a case now. ``free`` is how many more cases they can carry."""

    id: int
    name: str
    department: str
    presence: str
    free: int


class HeldOut(Given):
    """A case that is still held, with what may become of it.

    ``asked`` names who has been asked to take it already. ``suggested`` is a ready line of a plan. ``promise_at`` is
    the first date that the roster allows, for putting the case back.
    """

    code: str
    summary: str
    priority: str
    department: str
    department_label: str
    customer_name: str | None
    due_at: datetime | None
    asked: str | None
    colleagues: list[ColleagueOut]
    department_staffed: bool
    promise_at: datetime
    suggested: PlanLine


class ShiftEndOut(Given):
    """What one still holds; nothing: one may go off."""

    holds: list[HeldOut]
    shift_ends_at: datetime | None


class ShiftEndIn(Body):
    """What becomes of the cases that one holds; each line is a move of its own.

    A plan that cannot be meant is refused whole: a code twice or of no case of one's own, nobody to give it to.
    """

    plan: list[PlanLine] = Field(max_length=200)


class PlanResult(Given):
    """What happened to one line.

    ``outcome``: ``asked`` (held until accepted), ``put_back``, ``kept``, or ``refused`` with ``message`` saying why;
    ``error`` is ``already_taken`` where one does not hold it any more, ``closed_then`` where `confirmed` is wanted.
    """

    code: str
    outcome: Literal["asked", "put_back", "kept", "refused"]
    message: str
    due_at: datetime | None = None
    error: str | None = None


class ShiftEndDone(Given):
    """How the plan went. ``off``: the person is off duty. ``waiting``: goes off once what was asked is accepted."""

    results: list[PlanResult]
    holds: list[str]
    off: bool
    waiting: bool
