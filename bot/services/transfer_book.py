"""What is written down of a transfer, and who hears of it, whoever makes the move."""

from __future__ import annotations

from bot.domain.staff import StaffMember
from bot.domain.transfers import Transfer
from bot.services.duty import leaving_mark
from bot.services.moves import Moves, Opened
from bot.services.ports import QueueName

KIND = "transfer"
"""The kind of its timers and of its live events."""


class TransferBook:
    """Writes transfers down."""

    def __init__(self, moves: Moves) -> None:
        self._moves = moves

    async def settle(
        self, at: Opened, transfer: Transfer, staff: StaffMember | None, action: str, **detail: object
    ) -> None:
        """Store how a transfer ended, and end its timer with it. ``staff`` is ``None`` where the clock did it."""
        await at.uow.transfers.save(transfer)
        if transfer.timer_id is not None:
            await at.uow.queues.finish(QueueName.TIMERS, transfer.timer_id)
        await self._moves.audit(at, staff, f"case.{action}", transfer_id=transfer.id, **detail)
        await self.heard(at, transfer)
        if transfer.leaving:
            # Whoever wants to go home goes with the last answer.
            giver = await at.uow.staff.get(transfer.from_staff_id)
            await at.uow.queues.post(QueueName.TIMERS, leaving_mark(giver))

    async def left_to_others(self, at: Opened, transfer: Transfer, staff: StaffMember, reason: str) -> None:
        """Store that one of a department cannot take a case, which its others still may."""
        await at.uow.transfers.save(transfer)
        await self._moves.audit(at, staff, "case.transfer_left", transfer_id=transfer.id, reason=reason)
        await self.heard(at, transfer, by=staff.id, reason=reason)

    async def heard(self, at: Opened, transfer: Transfer, *, by: int | None = None, reason: str = "") -> None:
        """Tell the giver and those who are asked. ``by`` left it to the others, for a ``reason``."""
        await self._moves.notify(
            at,
            KIND,
            people=(transfer.from_staff_id, transfer.to_staff_id),
            departments=(transfer.to_department,) if transfer.to_staff_id is None else (),
            transfer_id=transfer.id,
            state=transfer.state.value,
            by=transfer.settled_by or by,
            reason=transfer.reason or reason,
        )

    async def named(self, at: Opened, transfer: Transfer) -> str:
        """Say to the staff who was asked: "Kho vận", "Tú (Kho vận)"."""
        label = self._moves.label(transfer.to_department)
        if transfer.to_staff_id is None:
            return label
        return f"{(await at.uow.staff.names()).get(transfer.to_staff_id, label)} ({label})"
