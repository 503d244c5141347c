"""What hangs on a case besides its owner: an asked transfer, requests, approvals. None of it outlives the case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.approvals import Approval
from bot.domain.copies import altered
from bot.domain.requests import Request
from bot.domain.transfers import Transfer


@dataclass(frozen=True, kw_only=True)
class LinkedWork:
    """The unsettled work of one case, settled work may be among it and is left alone."""

    transfer: Transfer | None = None
    requests: tuple[Request, ...] = ()
    approvals: tuple[Approval, ...] = ()

    @property
    def open(self) -> bool:
        """Tell whether anything is still awaited."""
        return self.awaited or (self.transfer is not None and self.transfer.open)

    @property
    def awaited(self) -> bool:
        """Tell whether somebody was asked for something that the customer waits for; a transfer is none of theirs."""
        return any(one.open for one in self.requests) or any(one.open for one in self.approvals)

    def case_ended(self, at: datetime) -> LinkedWork:
        """Return everything settled, because the case is resolved: what was open is cancelled."""
        return LinkedWork(
            transfer=self.owner_changed(at).transfer,
            requests=tuple(one.cancelled(None, at) if one.open else one for one in self.requests),
            approvals=tuple(one.cancelled(at) if one.open else one for one in self.approvals),
        )

    def owner_changed(self, at: datetime) -> LinkedWork:
        """Return the work after the case left its owner some other way: an asked transfer has no giver any more.

        Requests and approvals go with the case to whoever has it next.
        """
        if self.transfer is None or not self.transfer.open:
            return self
        return altered(self, transfer=self.transfer.cancelled(None, at))
