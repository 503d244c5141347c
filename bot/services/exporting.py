"""Giving a customer a copy of whatever the house holds of them, as they have a right to ask."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from bot.services.ports import Clock, Store


class Holdings(Protocol):
    """What is held of customers."""

    async def of(self, customer_id: int) -> Mapping[str, Any]:
        """Return everything that is held of one customer, by kind, ready for JSON. Raises `Unknown`."""
        ...


class Exporting:
    """Hands out copies; each is in the audit."""

    def __init__(self, *, store: Store, clock: Clock, holdings: Holdings) -> None:
        self._store = store
        self._clock = clock
        self._holdings = holdings

    async def export(self, customer_id: int, actor: str) -> Mapping[str, Any]:
        """Return everything that is held of a customer, with the moment as ``made_at``. Raises `Unknown`."""
        now = self._clock.now()
        held = await self._holdings.of(customer_id)
        async with self._store.begin() as uow:
            await uow.audit.write(now, actor, "customer.export", f"customer {customer_id}")
        return {"made_at": now.isoformat(), **held}
