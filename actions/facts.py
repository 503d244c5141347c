"""What the front office knows at the moment of a turn, read once into types.

Facts travel as message metadata. Whatever is missing or misshapen gets a harmless value: a turn must be answered even
when an older front office sends less.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.domain.company import Language

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A case of this customer, as much of it as the customer may hear."""

    code: str
    department: str
    state: str
    queue_number: int | None = None
    promise_at: datetime | None = None
    owner_name: str | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """A department at this moment: whether somebody is there, and when it opens if not."""

    staffed: bool = True
    opens_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of one turn; `now` is None when the front office did not say, and then nothing is said about time."""

    now: datetime | None = None
    language: Language = Language.VI
    open_cases: tuple[OpenCase, ...] = field(default_factory=tuple)
    desks: Mapping[str, Desk] = field(default_factory=dict)

    @classmethod
    def read(cls, metadata: object) -> Facts:
        """Read the metadata of a message; never raises."""
        facts = metadata if isinstance(metadata, Mapping) else {}
        cases, desks = facts.get("open_cases"), facts.get("departments")
        return cls(
            now=_moment(facts.get("now")),
            language=Language.EN if facts.get("language") == Language.EN else Language.VI,
            open_cases=tuple(
                _case(entry)
                for entry in (cases if isinstance(cases, list) else ())
                if isinstance(entry, Mapping) and isinstance(entry.get("code"), str)
            ),
            desks={
                str(name): Desk(entry.get("staffed") is not False, _moment(entry.get("opens_at")))
                for name, entry in (desks.items() if isinstance(desks, Mapping) else ())
                if isinstance(entry, Mapping)
            },
        )


def _case(entry: Json) -> OpenCase:
    number = entry.get("queue_number")
    return OpenCase(
        code=entry["code"].upper(),
        department=str(entry.get("department") or ""),
        state=str(entry.get("state") or ""),
        queue_number=number if isinstance(number, int) and not isinstance(number, bool) else None,
        promise_at=_moment(entry.get("promise_at")),
        owner_name=entry["owner_name"] if isinstance(entry.get("owner_name"), str) else None,
    )


def _moment(value: object) -> datetime | None:
    """Return an aware moment, or None; a naive one is not trusted, as nobody can say in which zone it was meant."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None
