"""What customers come with: which needs, how often, when, and how long a person works on one."""

from __future__ import annotations

from bisect import bisect
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from bot.domain.company import Company, Priority

_SHARES = {
    "reception": 25.0,
    "sales": 26.0,
    "customer_relations": 14.0,
    "teller": 7.0,
    "cashier": 7.0,
    "credit": 6.0,
    "accounting": 4.0,
    "it": 4.0,
    "warehouse": 4.0,
    "facilities": 0.8,
    "office_services": 0.8,
    "hr": 0.8,
    "development": 0.2,
    "research": 0.2,
    "management": 0.2,
}
_NOT_A_NEED = frozenset({"goodbye", "affirm", "deny"})
_PERSONAL = frozenset({"meet_person", "appointment_book", "appointment_change", "lost_property", "ask_human"})
"""Needs of reception that the assistant does not answer itself."""

_ANSWERED = {"reception": 1.0, "sales": 0.72, "teller": 0.45, "credit": 0.5, "cashier": 0.5, "warehouse": 0.4}
"""Share of a department's needs that the assistant answers itself."""

_URGENT, _HIGH = frozenset({"card_lost", "emergency"}), frozenset({"legal_threat", "transfer_problem"})
COMPLAINTS = frozenset({"complaint_service", "complaint_product", "complaint_waiting", "legal_threat"})

HANDLING = {
    "sales": 200.0,
    "reception": 150.0,
    "cashier": 200.0,
    "teller": 260.0,
    "customer_relations": 300.0,
    "credit": 360.0,
    "it": 300.0,
    "warehouse": 240.0,
    "accounting": 420.0,
    "office_services": 300.0,
    "facilities": 300.0,
    "hr": 400.0,
    "development": 900.0,
    "research": 700.0,
    "management": 360.0,
}
"""Median seconds that a person works on one answer, by department."""

_BY_HOUR = (2, 1, 1, 1, 1, 2, 5, 12, 34, 44, 46, 38, 24, 30, 38, 42, 40, 34, 26, 26, 22, 16, 10, 5)
BY_WEEKDAY = (1.12, 1.06, 1.04, 1.04, 1.1, 0.98, 0.66)


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """One kind of need. ``answered`` is the share that the assistant answers itself."""

    intent: str
    department: str
    answered: float
    priority: Priority


class Needs:
    """Draws needs and moments."""

    def __init__(self, company: Company) -> None:
        weights: list[float] = []
        self._kinds: list[Kind] = []
        for department in company.departments.values():
            intents = [one for one in department.intents if one not in _NOT_A_NEED]
            for intent in intents:
                self._kinds.append(_kind(intent, department.id))
                weights.append(_SHARES.get(department.id, 0.5) / len(intents))
        self._sums = list(accumulate(weights))
        self.by_intent = {one.intent: one for one in self._kinds}
        self._hours = list(accumulate(_BY_HOUR))

    def draw(self, dice: Random) -> Kind:
        """Return a need, by how common it is."""
        return self._kinds[bisect(self._sums, dice.random() * self._sums[-1])]

    def second(self, dice: Random) -> float:
        """Return a second of the day, by how busy its hour is."""
        hour = bisect(self._hours, dice.random() * self._hours[-1])
        return (hour + dice.random()) * 3600.0


def _kind(intent: str, department: str) -> Kind:
    answered = 0.0 if intent in _PERSONAL | COMPLAINTS | _URGENT | _HIGH else _ANSWERED.get(department, 0.3)
    priority = Priority.URGENT if intent in _URGENT else Priority.HIGH if intent in _HIGH else Priority.NORMAL
    return Kind(intent=intent, department=department, answered=answered, priority=priority)
