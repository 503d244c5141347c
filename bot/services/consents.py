"""Whether a customer's words may teach: they may take that back at any time, and what was learned from goes at once."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.staff import StaffMember, require_lead
from bot.services.decisions import TEACHING
from bot.services.ports import Clock, Store, UnitOfWork
from bot.services.ports_review import Refusal
from bot.services.taking_back import taking_back


@dataclass(frozen=True, kw_only=True)
class CustomerConsent:
    """What holds for a customer; ``examples`` is how many were withdrawn just now."""

    customer_id: int
    refusal: Refusal | None
    examples: int = 0


class Consents:
    """Moves of those who lead, on a customer's word."""

    def __init__(self, *, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def withdraw(self, staff: StaffMember, customer_id: int) -> CustomerConsent:
        """Have a customer's words teach nothing from now on; their examples lose their words, and the next model them.

        Doing it again changes nothing.

        Raises:
            NotPermitted: the person does not lead.
            Unknown: there is no such customer.
        """
        require_lead(staff)
        now = self._clock.now()
        async with self._store.begin() as uow:
            known = await uow.teaching.refusal(customer_id)
            refusal = await uow.teaching.refuse(customer_id, staff.id, now)
            async with taking_back(uow, now) as back:
                await back.words(await uow.teaching.of_customer(customer_id))
            if known is None or back.count:
                await self._tell(uow, staff, "consent.withdraw", customer_id, examples=back.count)
            return CustomerConsent(customer_id=customer_id, refusal=refusal, examples=back.count)

    async def give(self, staff: StaffMember, customer_id: int) -> CustomerConsent:
        """Have a customer's words teach again; what was withdrawn stays so. Raises `NotPermitted`."""
        require_lead(staff)
        async with self._store.begin() as uow:
            if await uow.teaching.refusal(customer_id) is not None:
                await uow.teaching.allow(customer_id)
                await self._tell(uow, staff, "consent.give", customer_id)
            return CustomerConsent(customer_id=customer_id, refusal=None)

    async def _tell(self, uow: UnitOfWork, staff: StaffMember, action: str, customer_id: int, **detail: object) -> None:
        await uow.audit.write(self._clock.now(), f"staff:{staff.id}", action, f"customer {customer_id}", **detail)
        await uow.feed.publish(TEACHING, None, {"by": staff.id})
