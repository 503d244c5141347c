"""An offer: one waiting case held out to one person for a limited time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.copies import altered
from bot.domain.errors import ForbiddenMove, NotPermitted


class OfferState(StrEnum):
    """``withdrawn``: the case went another way (claimed by hand, resolved, person off duty); nobody refused."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


REFUSALS = frozenset({OfferState.DECLINED, OfferState.EXPIRED})
"""Ends that count against the case's tries: the person had it before them and did not take it."""


@dataclass(frozen=True, kw_only=True)
class Offer:
    """An offer as stored. A case has at most one open offer; an offer ends once."""

    id: int
    case_id: int
    staff_id: int
    made_at: datetime
    expires_at: datetime
    state: OfferState = OfferState.OPEN
    settled_at: datetime | None = None
    reason: str = ""
    timer_id: int | None = None

    @property
    def open(self) -> bool:
        """Tell whether the person may still answer. A late answer counts as long as the timer has not fired."""
        return self.state is OfferState.OPEN

    @property
    def refused(self) -> bool:
        """Tell whether the person had the case before them and did not take it."""
        return self.state in REFUSALS

    def overdue(self, at: datetime) -> bool:
        """Tell whether the time to answer is over; a timer that comes early must be set again, not obeyed."""
        return self.open and at >= self.expires_at

    def answered_by(self, staff_id: int) -> Offer:
        """Return the offer, if this person may accept or decline it.

        Raises:
            NotPermitted: it was made to somebody else.
        """
        if staff_id != self.staff_id:
            raise NotPermitted(f"offer {self.id} was made to staff member {self.staff_id}")
        return self

    def settled(self, state: OfferState, at: datetime, reason: str = "") -> Offer:
        """Return the offer as it ends. A clock that was set back leaves no offer that ended before it was made.

        Raises:
            ForbiddenMove: it ended before, `state` is no end, or it would expire before its time.
        """
        if not self.open:
            raise ForbiddenMove(f"offer {self.id} is {self.state}")
        if state is OfferState.OPEN:
            raise ForbiddenMove(f"offer {self.id} is open already")
        if state is OfferState.EXPIRED and not self.overdue(at):
            raise ForbiddenMove(f"offer {self.id} has until {self.expires_at.isoformat()}")
        return altered(self, state=state, settled_at=max(at, self.made_at), reason=reason.strip())


def refusals(offers: Iterable[Offer]) -> tuple[int, frozenset[int]]:
    """Return how often the offers of one case were refused, and by whom."""
    refused = [offer.staff_id for offer in offers if offer.refused]
    return len(refused), frozenset(refused)
