"""What the front office knows at the moment of a turn, read once into types.

Facts travel as message metadata. Whatever is missing or misshapen gets a harmless value: a turn must be answered even
when an older front office sends less.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from actions.plan import Plan, Way
from bot.domain.company import Language
from bot.domain.knowledge import Wordings

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
    owner_department: str | None = None
    """Where the owner belongs, as customers hear it: who leads belongs to the management, whosever the case is."""
    call_at: datetime | None = None
    """When the customer is called about it, where that was promised and is still to come."""

    @property
    def with_department(self) -> str:
        """Return whose people have it now, as the customer hears it."""
        return self.owner_department or self.department


@dataclass(frozen=True, slots=True)
class Desk:
    """A department at this moment: whether somebody is there, when it opens if not, and how long its queue is."""

    staffed: bool = True
    opens_at: datetime | None = None
    waiting: int | None = None
    """Cases that wait there, this customer's own among them."""
    wait_minutes: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of one turn; `now` is None when the front office did not say, and then nothing is said about time."""

    now: datetime | None = None
    language: Language = Language.VI
    open_cases: tuple[OpenCase, ...] = field(default_factory=tuple)
    desks: Mapping[str, Desk] = field(default_factory=dict)
    just_told: OpenCase | None = None
    """The case that the last words to the customer were about: that it is done, or follows up a low score."""
    drafts: Mapping[str, Wordings] = field(default_factory=dict)
    """Texts of answers that somebody tries out, in place of those that are said; only a preview has any."""

    @property
    def waiting_cases(self) -> tuple[OpenCase, ...]:
        """Return the cases that are not done, newest first."""
        return tuple(case for case in self.open_cases if case.state != "resolved")

    @classmethod
    def read(cls, metadata: object) -> Facts:
        """Read the metadata of a message; never raises."""
        facts = metadata if isinstance(metadata, Mapping) else {}
        cases, desks = facts.get("open_cases"), facts.get("departments")
        known = tuple(
            _case(entry)
            for entry in (cases if isinstance(cases, list) else ())
            if isinstance(entry, Mapping) and isinstance(entry.get("code"), str)
        )
        return cls(
            now=_moment(facts.get("now")),
            language=Language.EN if facts.get("language") == Language.EN else Language.VI,
            open_cases=known,
            just_told=next((case for case in known if case.code == facts.get("just_told")), None),
            desks={
                str(name): _desk(entry)
                for name, entry in (desks.items() if isinstance(desks, Mapping) else ())
                if isinstance(entry, Mapping)
            },
            drafts=_drafts(facts.get("drafts")),
        )

    def drafted(self, plans: Mapping[str, Plan]) -> Mapping[str, Plan]:
        """Return the plans, with an answer for each need that has none yet and is given one to try out."""
        new = [name for name in self.drafts if name in plans and plans[name].way is Way.HANDOFF]
        return {**plans, **{name: replace(plans[name], way=Way.ANSWER_THEN_OFFER) for name in new}} if new else plans


def _drafts(given: object) -> dict[str, Wordings]:
    """Read drafts. The front office has checked their placeholders, as it does before it stores any."""
    found = {
        str(key): Wordings(*(tuple(map(str, texts.get(language) or ())) for language in ("vi", "en")))
        for key, texts in (given.items() if isinstance(given, Mapping) else ())
        if isinstance(texts, Mapping)
    }
    return {key: texts for key, texts in found.items() if texts.vi}


def _desk(entry: Json) -> Desk:
    wait = entry.get("wait_minutes")
    known = isinstance(wait, list) and len(wait) == 2 and all(_number(one) is not None for one in wait)
    return Desk(
        staffed=entry.get("staffed") is not False,
        opens_at=_moment(entry.get("opens_at")),
        waiting=_number(entry.get("waiting")),
        wait_minutes=(wait[0], wait[1]) if known and isinstance(wait, list) else None,
    )


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _case(entry: Json) -> OpenCase:
    return OpenCase(
        code=entry["code"].upper(),
        department=str(entry.get("department") or ""),
        state=str(entry.get("state") or ""),
        queue_number=_number(entry.get("queue_number")),
        promise_at=_moment(entry.get("promise_at")),
        owner_name=_text(entry.get("owner_name")),
        owner_department=_text(entry.get("owner_department")),
        call_at=_moment(entry.get("call_at")),
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
