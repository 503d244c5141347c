"""Offers and transfers in memory: how cases find and change hands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.adapters.memory.data import Work
from bot.domain.errors import AlreadyTaken, ForbiddenMove, Unknown
from bot.domain.offers import REFUSALS, Offer
from bot.domain.transfers import Transfer, TransferKind


class MemoryOffers:
    """See `bot.services.ports_desk.Offers`."""

    def __init__(self, work: Work) -> None:
        self._memory = work.memory
        self._journal = work.journal

    async def add(self, case_id: int, staff_id: int, made_at: datetime, expires_at: datetime) -> Offer:
        """Store an offer unless one is open."""
        held = await self.open_of(case_id)
        if held is not None:
            raise AlreadyTaken(held.staff_id)
        offer = Offer(
            id=self._memory.next_id("offers"),
            case_id=case_id,
            staff_id=staff_id,
            made_at=made_at,
            expires_at=expires_at,
        )
        self._journal.put(self._memory.open_offers, case_id, offer.id)
        self._memory.offers_of.add(self._journal, case_id, offer.id)
        await self.save(offer)
        return offer

    async def get(self, offer_id: int) -> Offer:
        """Find by id."""
        found = self._memory.offers.get(offer_id)
        if found is None:
            raise Unknown(f"offer {offer_id}")
        return found

    async def save(self, offer: Offer) -> None:
        """Store a change."""
        self._journal.put(self._memory.offers, offer.id, offer)
        if not offer.open and self._memory.open_offers.get(offer.case_id) == offer.id:
            self._journal.drop(self._memory.open_offers, offer.case_id)

    async def open_of(self, case_id: int) -> Offer | None:
        """Find the open one of a case."""
        known = self._memory.open_offers.get(case_id)
        return self._memory.offers[known] if known is not None else None

    async def open_for(self, staff_id: int) -> list[Offer]:
        """Find the open ones of a person."""
        found = [one for one in self._open() if one.staff_id == staff_id]
        return sorted(found, key=lambda one: (one.expires_at, one.id))

    async def open_counts(self) -> dict[int, int]:
        """Count the open ones of everybody."""
        found: dict[int, int] = {}
        for offer in self._open():
            found[offer.staff_id] = found.get(offer.staff_id, 0) + 1
        return found

    def _open(self) -> list[Offer]:
        return [self._memory.offers[one] for one in self._memory.open_offers.values()]

    async def of_case(self, case_id: int) -> list[Offer]:
        """Find by case."""
        return [self._memory.offers[one] for one in self._memory.offers_of.of(case_id)]

    async def refusals(self, case_ids: Sequence[int]) -> dict[int, frozenset[int]]:
        """Find who refused what."""
        found = {case_id: self._refused(case_id) for case_id in case_ids if case_id in self._memory.cases}
        return {case_id: people for case_id, people in found.items() if people}

    def _refused(self, case_id: int) -> frozenset[int]:
        if not self._memory.offers_of.count(case_id):
            return frozenset()
        since = self._memory.cases[case_id].waits_from
        offers = [self._memory.offers[one] for one in self._memory.offers_of.of(case_id)]
        return frozenset(one.staff_id for one in offers if one.state in REFUSALS and one.made_at >= since)


class MemoryTransfers:
    """See `bot.services.ports_desk.Transfers`."""

    def __init__(self, work: Work) -> None:
        self._memory = work.memory
        self._journal = work.journal

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
        """Store a transfer unless one is asked."""
        if case_id in self._memory.asked_transfers:
            raise ForbiddenMove(f"a transfer of case {case_id} waits for an answer")
        transfer = Transfer(
            id=self._memory.next_id("transfers"),
            case_id=case_id,
            from_staff_id=from_staff_id,
            to_department=to_department,
            to_staff_id=to_staff_id,
            summary=summary,
            asked_at=asked_at,
            expires_at=expires_at,
            kind=kind,
            meant=meant,
            leaving=leaving,
        )
        self._journal.put(self._memory.asked_transfers, case_id, transfer.id)
        self._memory.transfers_of.add(self._journal, case_id, transfer.id)
        await self.save(transfer)
        return transfer

    async def get(self, transfer_id: int) -> Transfer:
        """Find by id."""
        found = self._memory.transfers.get(transfer_id)
        if found is None:
            raise Unknown(f"transfer {transfer_id}")
        return found

    async def save(self, transfer: Transfer) -> None:
        """Store a change."""
        self._journal.put(self._memory.transfers, transfer.id, transfer)
        if not transfer.open and self._memory.asked_transfers.get(transfer.case_id) == transfer.id:
            self._journal.drop(self._memory.asked_transfers, transfer.case_id)

    async def asked_of(self, case_id: int) -> Transfer | None:
        """Find the unanswered one of a case."""
        known = self._memory.asked_transfers.get(case_id)
        return self._memory.transfers[known] if known is not None else None

    async def incoming(self, staff_id: int, departments: frozenset[str]) -> list[Transfer]:
        """Find what waits for a person."""
        return [
            one
            for one in self._asked()
            if one.from_staff_id != staff_id
            and (one.to_staff_id == staff_id or (one.to_staff_id is None and one.to_department in departments))
        ]

    async def outgoing(self, staff_id: int) -> list[Transfer]:
        """Find what a person waits for."""
        return [one for one in self._asked() if one.from_staff_id == staff_id]

    async def relieving(self) -> frozenset[int]:
        """Find who is being relieved."""
        asked = (self._memory.transfers[one] for one in self._memory.asked_transfers.values())
        return frozenset(one.from_staff_id for one in asked if one.leaving)

    def _asked(self) -> list[Transfer]:
        found = [self._memory.transfers[one] for one in self._memory.asked_transfers.values()]
        return sorted(found, key=lambda one: (one.expires_at, one.id))

    async def of_case(self, case_id: int) -> list[Transfer]:
        """Find by case."""
        return [self._memory.transfers[one] for one in self._memory.transfers_of.of(case_id)]
