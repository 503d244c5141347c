"""One person at work, as they are in themselves; what the house knows of them is in the store."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from bot.domain.staff import StaffMember
from bot.simulation.people import Person


@dataclass(slots=True)
class Clerk:
    """A member of staff. ``held`` are the codes of cases they believe are theirs, with the answers given so far.

    ``todo`` are those that want something now, ``asked`` those whose customer was asked something, ``seen`` the newest
    message that they had before their eyes when they answered last.
    """

    person: Person
    member: StaffMember
    present: bool = False
    leaving: bool = False
    busy: bool = False
    resting: bool = False
    ill_on: date | None = None
    held: dict[str, int] = field(default_factory=dict)
    todo: dict[str, None] = field(default_factory=dict)
    asked: dict[str, int] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)
    taken: int = 0
    worked: float = 0.0
    """Seconds spent on cases."""

    there: float = 0.0
    """Seconds at work so far, without the present stretch, which began at ``since``."""

    since: float = 0.0

    @property
    def team(self) -> str:
        """The department that the person belongs to."""
        return next(iter(self.person.departments))

    @property
    def here(self) -> bool:
        """Tell whether the person is at the desk: at work, and not on a break."""
        return self.present and not self.resting

    @property
    def free(self) -> bool:
        """Tell whether the person could begin something now."""
        return self.here and not self.busy and not self.leaving

    def let_go(self, code: str) -> None:
        """Forget a case that is no longer theirs."""
        for known in (self.held, self.todo, self.asked, self.seen):
            known.pop(code, None)

    def let_go_of_all(self) -> None:
        """Forget every case."""
        for code in list(self.held):
            self.let_go(code)
