"""What the use cases need from the store about the desk: how cases find and change hands, and what hangs on them.

Every ``add`` stores the first state of its thing; where a timer watches it, the timer is set next and ``save`` notes
its id. ``save`` expects the caller to hold the lock of the case.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from bot.domain.approvals import Approval
from bot.domain.cases import Case
from bot.domain.feedback import Rating
from bot.domain.offers import Offer
from bot.domain.requests import Request
from bot.domain.transfers import Transfer, TransferKind
from bot.domain.waits import Past


class Load(NamedTuple):
    """How busy a person is. ``idle_since`` is when they last took or finished a case, or got their account."""

    open_cases: int
    idle_since: datetime


class CaseQueries(Protocol):
    """What the assigner asks about cases; part of `bot.services.ports_cases.Cases`."""

    async def waiting_in(self, departments: frozenset[str] | None) -> list[Case]:
        """Return every waiting case of departments (``None``: of any), the one that waits longest first.

        Left out are those that somebody is being asked about already: an open offer, or an asked transfer.
        """
        ...

    async def loads(self) -> dict[int, Load]:
        """Return the load of every active staff member."""
        ...

    async def past_waits(self, department: str, limit: int) -> list[Past]:
        """Return how long the latest cases of a department waited, against what was known when they came; newest last.

        Only cases for which that was known (``ahead``, ``serving``) and which somebody has taken since.
        """
        ...

    async def with_customers(self, case_ids: Sequence[int]) -> dict[int, tuple[Case, str | None]]:
        """Return cases by id, each with the name of its customer; none of them may be unknown."""
        ...

    async def previous_staff_of(self, case_ids: Sequence[int]) -> dict[int, int]:
        """Return who last had a case of the same customer that was meant for the same department, by case.

        A case never counts as its own past; one without any is left out.
        """
        ...


class Offers(Protocol):
    """Offers of waiting cases to staff members; a case has at most one open offer."""

    async def add(self, case_id: int, staff_id: int, made_at: datetime, expires_at: datetime) -> Offer:
        """Store an open offer. Raises `AlreadyTaken` (of whoever has it) when the case is on offer already."""
        ...

    async def get(self, offer_id: int) -> Offer:
        """Return one offer. Raises `Unknown`."""
        ...

    async def save(self, offer: Offer) -> None:
        """Store a changed offer."""
        ...

    async def open_of(self, case_id: int) -> Offer | None:
        """Return the open offer of a case."""
        ...

    async def open_for(self, staff_id: int) -> list[Offer]:
        """Return what is on offer to a person, the one that expires first at the head."""
        ...

    async def open_counts(self) -> dict[int, int]:
        """Count open offers by person; people without one are missing."""
        ...

    async def of_case(self, case_id: int) -> list[Offer]:
        """Return every offer of a case, oldest first."""
        ...

    async def refusals(self, case_ids: Sequence[int]) -> dict[int, frozenset[int]]:
        """Return who declined, or let pass, each case in its present wait (offers made since ``waiting_since``).

        Cases that nobody refused are missing.
        """
        ...


class Transfers(Protocol):
    """Warm transfers; a case has at most one that is asked and unanswered."""

    async def add(
        self,
        case_id: int,
        from_staff_id: int,
        to_department: str,
        to_staff_id: int | None,
        summary: str,
        asked_at: datetime,
        expires_at: datetime,
        *,
        kind: TransferKind = TransferKind.PASSED_ON,
        meant: str | None = None,
        leaving: bool = False,
    ) -> Transfer:
        """Store an asked transfer. Raises `ForbiddenMove` when another one of the case waits for an answer."""
        ...

    async def get(self, transfer_id: int) -> Transfer:
        """Return one transfer. Raises `Unknown`."""
        ...

    async def save(self, transfer: Transfer) -> None:
        """Store a changed transfer."""
        ...

    async def asked_of(self, case_id: int) -> Transfer | None:
        """Return the transfer of a case that waits for an answer."""
        ...

    async def incoming(self, staff_id: int, departments: frozenset[str]) -> list[Transfer]:
        """Return what waits for a person's answer: asked of them by name, or of one of the departments as a whole.

        What they asked of others is never among it. The one that expires first comes first.
        """
        ...

    async def outgoing(self, staff_id: int) -> list[Transfer]:
        """Return the unanswered transfers that a person asked for."""
        ...

    async def relieving(self) -> frozenset[int]:
        """Return who waits for somebody to take a case over because their shift ends."""
        ...

    async def of_case(self, case_id: int) -> list[Transfer]:
        """Return every transfer of a case, oldest first."""
        ...


class Requests(Protocol):
    """What cases ask of back-office departments."""

    async def add(
        self, case_id: int, department: str, asked_by: int, text: str, asked_at: datetime, due_at: datetime
    ) -> Request:
        """Store an open request."""
        ...

    async def get(self, request_id: int, *, lock: bool = False) -> Request:
        """Return one request, locked where asked: two people of a department may take it at once. Raises `Unknown`."""
        ...

    async def save(self, request: Request) -> None:
        """Store a changed request."""
        ...

    async def unsettled_in(self, departments: frozenset[str] | None) -> list[Request]:
        """Return open and taken requests made to departments (``None``: to any), the one due first at the head."""
        ...

    async def unsettled_by(self, staff_id: int) -> list[Request]:
        """Return the requests that a person has taken and not settled, the one due first at the head."""
        ...

    async def of_case(self, case_id: int) -> list[Request]:
        """Return every request of a case, oldest first."""
        ...


class Approvals(Protocol):
    """Decisions that cases ask of those whose role allows them; each is read as `beside` the others of its case."""

    async def add(
        self,
        case_id: int,
        kind: str,
        amount: int | None,
        reason: str,
        asked_by: int,
        asked_at: datetime,
        due_at: datetime,
    ) -> Approval:
        """Store a pending approval; ``amount`` is in VND, ``None`` where the kind has none."""
        ...

    async def get(self, approval_id: int, *, lock: bool = False) -> Approval:
        """Return one approval, locked where asked: two managers may decide at once. Raises `Unknown`."""
        ...

    async def save(self, approval: Approval) -> None:
        """Store a changed approval."""
        ...

    async def pending(self) -> list[Approval]:
        """Return what waits for a decision, the one due first at the head."""
        ...

    async def of_case(self, case_id: int) -> list[Approval]:
        """Return every approval of a case, oldest first."""
        ...


class Ratings(Protocol):
    """What customers thought of how a case was handled; asked once a case."""

    async def add(self, case_id: int, asked_at: datetime) -> Rating | None:
        """Store that the customer is being asked; ``None`` when they were asked about this case before."""
        ...

    async def get(self, rating_id: int) -> Rating:
        """Return one rating. Raises `Unknown`."""
        ...

    async def of_case(self, case_id: int) -> Rating | None:
        """Return the rating of a case."""
        ...

    async def asked_in(self, conversation_id: int, since: datetime) -> Rating | None:
        """Return the newest rating of a conversation that was asked for since a moment, given already or not."""
        ...

    async def save(self, rating: Rating) -> None:
        """Store a changed rating."""
        ...
