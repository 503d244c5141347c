"""The clock of a case's deadlines: first response, next response, resolution, and a call that was promised.

Each is a `Run`, and is fired once: a clock that goes back neither gives time twice nor fires twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.company import Sla
from bot.domain.copies import altered
from bot.domain.hours import OpeningHours
from bot.domain.sla_run import Run, reached


class Deadline(StrEnum):
    """What is due: the first answer, the answer to what the customer wrote since, a promised call, the end."""

    CALL = "call"
    FIRST_RESPONSE = "first_response"
    NEXT_RESPONSE = "next_response"
    RESOLUTION = "resolution"


@dataclass(frozen=True, kw_only=True)
class Fired:
    """Something that happened to a deadline. A breach that was never warned of fires alone."""

    deadline: Deadline
    breach: bool
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class SlaClock:
    """The deadlines of one case. A response is ``None`` while none is owed; ``resolution`` outlives its pauses.

    A ``call`` is owed at its hour, in place of an answer; what its customer writes meanwhile is owed one beside it.
    ``asked_for_time``: a person has, and has not answered since; ``asked_until`` is by when, where they said so.

    Every move takes the ``hours`` of the department that has the case at that moment.
    """

    first: Run | None
    next: Run | None
    resolution: Run
    call: Run | None = None
    stopped: bool = False
    asked_for_time: bool = False
    asked_until: datetime | None = None

    @classmethod
    def started(cls, hours: OpeningHours, sla: Sla, at: datetime) -> SlaClock:
        """Return the clock of a case that opens now: the first response and the resolution run."""
        return cls(
            first=Run(allowed=sla.first_response).running(hours, at),
            next=None,
            resolution=Run(allowed=sla.resolution).running(hours, at),
        )

    @property
    def first_due_at(self) -> datetime | None:
        """When the first response is due; ``None`` once it was given."""
        return self.first.due_at if self.first else None

    @property
    def next_due_at(self) -> datetime | None:
        """When the answer to the customer's newest words is due; ``None`` while none is owed."""
        return self.next.due_at if self.next else None

    @property
    def resolution_due_at(self) -> datetime | None:
        """When the case is due to end; ``None`` while waiting for the customer, and after the end."""
        return self.resolution.due_at

    @property
    def call_at(self) -> datetime | None:
        """When the customer is called, while that is owed."""
        return self.call.due_at if self.call is not None else None

    @property
    def owes_answer(self) -> bool:
        """Tell whether a response is owed; a call at its hour is none."""
        return not self.stopped and (self.first is not None or self.next is not None)

    @property
    def owes_beside_call(self) -> bool:
        """Tell whether an answer is owed beside a call: to what was written since, or in the minutes asked for."""
        return self.call is not None and (self.owes_answer or self.asked_until is not None)

    @property
    def waiting_for_customer(self) -> bool:
        """Tell whether the resolution stands still because the customer has the next word."""
        return not self.stopped and self.resolution.since is None

    def replied(self, hours: OpeningHours, at: datetime) -> SlaClock:
        """Return the clock after a person answered: no response is owed, the resolution waits for the customer.

        It goes on where a call is owed: that is the next word.
        """
        if self.stopped:
            return self
        resolution = self.resolution if self.call is not None else self.resolution.halted(hours, at)
        return altered(self, first=None, next=None, resolution=resolution, asked_for_time=False, asked_until=None)

    def appointed(
        self, hours: OpeningHours, sla: Sla, at: datetime, call_at: datetime, *, beside: bool = False
    ) -> SlaClock:
        """Return the clock with a call owed at an hour, in place of an answer; the end is counted from the call.

        ``beside``: it moves a call beside which an answer is owed, and that stays so.
        """
        if self.stopped:
            return self
        clock = altered(self, call=Run.call(at, call_at))
        if not beside:
            clock = altered(clock, first=None, next=None, asked_until=None)
        resolution = self.resolution.halted(hours, at)
        allowed = clock._allowance(hours, resolution.allowed, sla, at)
        return altered(clock, resolution=altered(resolution, allowed=allowed).running(hours, at))

    def calling(self) -> SlaClock:
        """Return the clock once the call is being made: it is not late any more, and its hour stays known."""
        return altered(self, call=altered(self.call, since=None)) if self.call is not None else self

    def without_call(self) -> SlaClock:
        """Return the clock once the call was made, or is not wanted any more."""
        return altered(self, call=None)

    def held(
        self, hours: OpeningHours, sla: Sla, at: datetime, *, dated: bool = False, minutes: int | None = None
    ) -> SlaClock:
        """Return the clock after a person asked for time: another answer is owed from now, the resolution goes on.

        ``dated``: a date that they gave says when, and nothing is owed before. ``minutes``: how many they asked for;
        they are held to them, where the house itself gives no fewer.
        """
        if self.stopped:
            return self
        allowed = min(sla.next_response, minutes or sla.next_response)
        owed = None if self.call is not None or dated else Run(allowed=allowed).running(hours, at)
        resolution = self.resolution if self.resolution.since else self.resolution.running(hours, at)
        until = at + timedelta(minutes=minutes) if minutes else None
        return altered(self, first=None, next=owed, resolution=resolution, asked_for_time=True, asked_until=until)

    def customer_wrote(self, hours: OpeningHours, sla: Sla, at: datetime) -> SlaClock:
        """Return the clock after the customer wrote: the resolution goes on with what it had left.

        The next response is counted from the first unanswered message; more messages do not push it away.
        """
        if self.stopped:
            return self
        resolution = self.resolution if self.resolution.since else self.resolution.running(hours, at)
        if self.first or self.next:
            return altered(self, resolution=resolution)
        return altered(self, next=Run(allowed=sla.next_response).running(hours, at), resolution=resolution)

    def moved(self, before: OpeningHours, after: OpeningHours, at: datetime) -> SlaClock:
        """Return the clock in another department: what has run is kept, the rest runs by the new opening hours.

        The allowance stays as it was: passing a case on gives nobody more time at the customer's cost.
        """

        def carried(run: Run | None) -> Run | None:
            return run.again(before, after, at, run.allowed) if run and run.since else run

        return altered(
            self,
            first=carried(self.first),
            next=carried(self.next),
            resolution=carried(self.resolution) or self.resolution,
        )

    def allowed(self, hours: OpeningHours, sla: Sla, at: datetime) -> SlaClock:
        """Return the clock under other deadlines (a raised priority): what has run counts against the new ones.

        Fewer minutes that a person asked for stay as they are.
        """

        def changed(run: Run | None, minutes: float) -> Run | None:
            if run is None or run.since is None:
                return altered(run, allowed=minutes) if run else None
            return run.again(hours, hours, at, minutes)

        asked = self.next.allowed if self.next is not None and self.asked_until is not None else sla.next_response
        return altered(
            self,
            first=changed(self.first, sla.first_response),
            next=changed(self.next, min(sla.next_response, asked)),
            resolution=changed(self.resolution, self._allowance(hours, sla.resolution, sla, at)) or self.resolution,
        )

    def resolved(self, hours: OpeningHours, at: datetime) -> SlaClock:
        """Return the clock at its end; nothing fires any more."""
        resolution = self.resolution.halted(hours, at)
        return altered(
            self,
            first=None,
            next=None,
            call=None,
            resolution=resolution,
            stopped=True,
            asked_for_time=False,
            asked_until=None,
        )

    def reopened(self, hours: OpeningHours, sla: Sla, at: datetime) -> SlaClock:
        """Return the clock of a case that opens again: a response is owed anew, the resolution keeps what it spent."""
        return SlaClock(
            first=Run(allowed=sla.first_response).running(hours, at),
            next=None,
            resolution=self.resolution.halted(hours, at).running(hours, at),
        )

    def breaches(self, at: datetime) -> list[Deadline]:
        """Return the deadlines that have passed and were not fired as breached yet."""
        return [deadline for deadline, run in self._running() if not run.breached and reached(run.breached_at, at)]

    def warnings(self, at: datetime) -> list[Deadline]:
        """Return the deadlines whose warning is due and that neither were warned of nor are past."""
        return [
            deadline
            for deadline, run in self._running()
            if not (run.warned or run.breached) and reached(run.warn_at, at) and not reached(run.breached_at, at)
        ]

    def fired(self, at: datetime) -> tuple[SlaClock, list[Fired]]:
        """Return what happens by ``at``, and the clock that will not fire it again."""
        breached, warned = set(self.breaches(at)), set(self.warnings(at))
        events = [
            Fired(deadline=deadline, breach=deadline in breached, due_at=run.due_at)
            for deadline, run in self._running()
            if run.due_at and deadline in breached | warned
        ]

        def marked(deadline: Deadline, run: Run) -> Run:
            over = run.breached or deadline in breached
            return altered(run, breached=over, warned=run.warned or over or deadline in warned)

        return altered(
            self,
            call=marked(Deadline.CALL, self.call) if self.call else None,
            first=marked(Deadline.FIRST_RESPONSE, self.first) if self.first else None,
            next=marked(Deadline.NEXT_RESPONSE, self.next) if self.next else None,
            resolution=marked(Deadline.RESOLUTION, self.resolution),
        ), events

    def next_moment(self, now: datetime) -> datetime | None:
        """Return when to look at this clock again: the next warning or breach, ``now`` where one is overdue."""
        moments = [
            moment
            for _, run in self._running()
            for moment in (None if run.warned else run.warn_at, None if run.breached else run.breached_at)
            if moment is not None
        ]
        return max(min(moments), now) if moments else None

    def _allowance(self, hours: OpeningHours, minutes: float, sla: Sla, at: datetime) -> float:
        """Return how long the case may take: with a call owed, at least the usual time counted from its hour."""
        if self.call is None or self.call.due_at is None:
            return minutes
        waits = hours.open_minutes(at, self.call.due_at)
        return max(minutes, self.resolution.spent_by(hours, at) + waits + sla.resolution)

    def _running(self) -> list[tuple[Deadline, Run]]:
        runs = (
            (Deadline.CALL, self.call),
            (Deadline.FIRST_RESPONSE, self.first),
            (Deadline.NEXT_RESPONSE, self.next),
            (Deadline.RESOLUTION, self.resolution),
        )
        return [(deadline, run) for deadline, run in runs if run is not None and run.since is not None]
