"""The business as `company.yml` describes it: who it is, when it is open, which department owns which need."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType
from zoneinfo import ZoneInfo

from bot.domain.hours import OpeningHours

REQUEST_MINUTES = 240
"""Open minutes that a department has for a request made to it, where the file says nothing: half a working day."""

RECEPTION = "reception"
"""The department that the routing chain ends in; every company has it."""

MANAGEMENT = "management"


class UnknownDepartment(LookupError):
    """The company has no such department: the caller must route to reception, or refuse the input."""


class Language(StrEnum):
    """The languages the product itself speaks."""

    VI = "vi"
    EN = "en"


class Side(StrEnum):
    """Whether a department meets customers or works behind those who do."""

    FRONT = "front"
    BACK = "back"


class Priority(StrEnum):
    """How soon a case must be looked at."""

    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class RoleId(StrEnum):
    """What a staff member may do."""

    AGENT = "agent"
    MANAGER = "manager"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Words:
    """One thing said in each language of the product."""

    vi: str
    en: str

    def in_language(self, language: str) -> str:
        """Return the English words for "en", the Vietnamese ones for everything else."""
        return self.en if language == Language.EN else self.vi


@dataclass(frozen=True, slots=True)
class Sla:
    """Deadlines in open minutes of the department, counted from the customer's message."""

    first_response: int
    next_response: int
    resolution: int


@dataclass(frozen=True, slots=True)
class SlaTable:
    """Deadlines for each priority."""

    normal: Sla
    high: Sla
    urgent: Sla

    def of(self, priority: Priority) -> Sla:
        """Return the deadlines of one priority."""
        match priority:
            case Priority.NORMAL:
                return self.normal
            case Priority.HIGH:
                return self.high
            case Priority.URGENT:
                return self.urgent


@dataclass(frozen=True, slots=True)
class Department:
    """A desk or a back-office unit. `cover` are the departments that take its work, in this order, when it is empty."""

    id: str
    code: str
    label_vi: str
    label_en: str
    side: Side
    intents: tuple[str, ...]
    cover: tuple[str, ...]
    hours: OpeningHours
    sla: SlaTable
    capacity: int
    """Open cases that one person carries at the same time."""
    skills: Mapping[str, str] = field(default_factory=dict)
    """Intent name to the skill that its cases want."""
    languages: tuple[Language, ...] = tuple(Language)
    request_minutes: int = REQUEST_MINUTES
    """Open minutes in which a request of another department is answered."""
    seniors_only: frozenset[Priority] = frozenset()
    """Priorities whose cases only senior people take."""

    def skill_for(self, intent: str) -> str | None:
        """Return the skill that a case of this intent wants, or None where anybody will do."""
        return self.skills.get(intent)

    def label(self, language: str = Language.VI) -> str:
        """Return the name that customers and staff read."""
        return self.label_en if language == Language.EN else self.label_vi


@dataclass(frozen=True, slots=True)
class Role:
    """A role with what it may approve alone, in VND; `None` is no limit."""

    id: RoleId
    label: Words
    approval_limit: int | None

    def may_approve(self, amount: int) -> bool:
        """Tell whether this role may decide on this amount (VND) alone."""
        return self.approval_limit is None or amount <= self.approval_limit


@dataclass(frozen=True, slots=True)
class Contact:
    """How the company is reached outside this conversation."""

    address: Words
    hotline: str
    email: str
    fanpage: str


@dataclass(frozen=True, slots=True)
class AttachmentLimits:
    """What customers may send as files: size in bytes, kinds as media types ("image/*" allows a family)."""

    max_bytes: int
    kinds: tuple[str, ...]

    def allows(self, media_type: str) -> bool:
        """Tell whether this media type is on the list; parameters such as a charset are ignored."""
        plain = media_type.split(";", 1)[0].strip().lower()
        family, slash, _ = plain.partition("/")
        return plain in self.kinds or f"{family}{slash}*" in self.kinds


def _offer_seconds() -> Mapping[Priority, int]:
    return MappingProxyType({Priority.NORMAL: 90, Priority.HIGH: 60, Priority.URGENT: 30})


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """How cases find their person. `offers_before_manager`: unanswered or declined offers before a manager has it."""

    offer_seconds: Mapping[Priority, int] = field(default_factory=_offer_seconds)
    heartbeat_minutes: int = 5
    offers_before_manager: int = 2

    def offer_time(self, priority: Priority) -> timedelta:
        """Return how long a person may look at an offer before it moves on."""
        return timedelta(seconds=self.offer_seconds[priority])

    @property
    def heartbeat(self) -> timedelta:
        """Return how long after the last sign of life a person still counts as being there."""
        return timedelta(minutes=self.heartbeat_minutes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Breaks:
    """What a break is: anything longer than `longest_minutes` is leave."""

    longest_minutes: int = 60

    @property
    def longest(self) -> timedelta:
        """Return the longest break."""
        return timedelta(minutes=self.longest_minutes)


def _approval_kinds() -> Mapping[str, Words]:
    return MappingProxyType(
        {
            "refund": Words("Hoàn tiền", "Refund"),
            "discount": Words("Giảm giá", "Discount"),
            "exception": Words("Ngoại lệ", "Exception"),
        }
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Approvals:
    """What may be asked of those with a limit (`kinds`, id to label), and how long they may be silent."""

    minutes: int = 30
    kinds: Mapping[str, Words] = field(default_factory=_approval_kinds)

    @property
    def time(self) -> timedelta:
        """Return how long an approval may lie before it is escalated."""
        return timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """Whether customers are asked for a score of 1 to 5 after their case; `low` and below opens a follow-up case."""

    ask: bool = True
    low: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Teaching:
    """Whether an example teaches only once a second person said the same of it."""

    two_reviewers: bool = False


@dataclass(frozen=True, slots=True)
class Company:
    """The whole of `company.yml`, already checked: ids are unique, covers exist and form no circle."""

    name: Words
    short_name: str
    zone: ZoneInfo
    contact: Contact
    languages: tuple[Language, ...]
    hours: OpeningHours
    attachments: AttachmentLimits
    departments: Mapping[str, Department]
    roles: Mapping[RoleId, Role]
    assignment: Assignment = field(default_factory=Assignment)
    breaks: Breaks = field(default_factory=Breaks)
    approvals: Approvals = field(default_factory=Approvals)
    feedback: Feedback = field(default_factory=Feedback)
    teaching: Teaching = field(default_factory=Teaching)
    skills: Mapping[str, Words] = field(default_factory=dict)
    """Skill id to label; every skill that a department names is here."""
    owners: Mapping[str, str] = field(init=False)
    """Intent name to department id, of all needs that a message may be given."""
    nameable: Mapping[str, str] = field(init=False, repr=False, compare=False)
    """The same, with needs that were retired: models that were trained with one go on naming it."""

    _taught: dict[str, str] = field(init=False, repr=False, compare=False)
    _retired: dict[str, str] = field(init=False, repr=False, compare=False)

    _chains: dict[str, tuple[str, ...]] = field(init=False, repr=False, compare=False)
    """Cover chains that were asked for: every decision asks for one."""

    def __post_init__(self) -> None:
        owners = {intent: one.id for one in self.departments.values() for intent in one.intents}
        object.__setattr__(self, "_taught", {})
        object.__setattr__(self, "_retired", {})
        object.__setattr__(self, "owners", MappingProxyType(ChainMap(owners, self._taught)))
        object.__setattr__(self, "nameable", MappingProxyType(ChainMap(owners, self._taught, self._retired)))
        object.__setattr__(self, "_chains", {})

    def department(self, department_id: str) -> Department:
        """Return one department. Raises UnknownDepartment."""
        try:
            return self.departments[department_id]
        except KeyError:
            raise UnknownDepartment(department_id) from None

    def department_or_reception(self, department_id: str) -> Department:
        """Return one department; one that the file no longer has, or that an engine made up, is reception."""
        return self.departments.get(department_id, self.departments[RECEPTION])

    def label(self, department_id: str, language: str = Language.VI) -> str:
        """Return the name of a department; of one that the file no longer has, the id it is known by."""
        department = self.departments.get(department_id)
        return department.label(language) if department else department_id

    def department_for(self, intent: str) -> Department:
        """Return the owner of an intent; reception owns whatever nobody claims, so no need is homeless."""
        return self.departments[self.nameable.get(intent, RECEPTION)]

    def learn(self, taught: Mapping[str, str], retired: Mapping[str, str]) -> None:
        """Take over the needs that admins added, in place of those taken over before; intents to departments.

        The one thing of a company that changes while the house runs: whoever holds the company or its `owners` sees
        it. What the file says of an intent goes before, and a department that it no longer has becomes reception.
        """
        for known, given in ((self._taught, taught), (self._retired, retired)):
            found = {intent: self.department_or_reception(owner).id for intent, owner in given.items()}
            for intent in known.keys() - found.keys():
                del known[intent]
            known.update(found)

    def chain(self, department_id: str) -> Iterator[Department]:
        """Walk the departments that may take a case: home, its covers, nearest first; reception last in any case."""
        declared = self.cover_chain(department_id)
        yield from (self.departments[one] for one in declared if one == department_id or one != RECEPTION)
        if department_id != RECEPTION:
            yield self.departments[RECEPTION]

    def cover_chain(self, department_id: str) -> tuple[str, ...]:
        """Return home and whoever the file names to stand in for it, nearest first, covers of covers included.

        Whoever stands in for reception does so for reception's own work only. Raises UnknownDepartment.
        """
        known = self._chains.get(department_id)
        if known is None:
            known = self._chains[department_id] = self._cover_chain(department_id)
        return known

    def _cover_chain(self, department_id: str) -> tuple[str, ...]:
        waiting, found = [department_id], dict[str, None]()
        while waiting:
            current = waiting.pop(0)
            if current in found:
                continue
            found[current] = None
            if current != RECEPTION or current == department_id:
                waiting.extend(self.department(current).cover)
        return tuple(found)

    def fronts(self) -> tuple[Department, ...]:
        """Return the departments that meet customers, in the order of the file."""
        return tuple(one for one in self.departments.values() if one.side is Side.FRONT)
