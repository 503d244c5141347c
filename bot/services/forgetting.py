"""Forgetting a customer: what they said, sent and are called goes, the fact that the house did its work stays.

The rows go in one transaction, which also notes the files; those are deleted afterwards. If that is cut off, the next
call for the same customer goes on with them, so calling it again is always right.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from bot.domain.errors import Unknown
from bot.domain.messages import Channel
from bot.services.decisions import TEACHING
from bot.services.ports import Clock, Store, UnitOfWork
from bot.services.ports_review import Erasure

NOTE: Final = "Dữ liệu của khách đã được xoá theo yêu cầu."
"""The summary of a case whose customer was forgotten."""


class Files(Protocol):
    """Where the files of conversations lie."""

    async def forget(self, path: str) -> None:
        """Delete one; one that is gone already is fine. Raises `OSError`."""
        ...


@dataclass(frozen=True, kw_only=True)
class Forgotten:
    """What went. ``open_cases`` are codes of cases that still wait for somebody, without a word of what was wanted."""

    customer_id: int
    counts: Mapping[str, int]
    files: int
    examples: int
    open_cases: tuple[str, ...]


async def find(store: Store, named: str) -> int:
    """Return the customer of an id, of the code of a case, or of a channel and a chat in it (``telegram:123``).

    Whether there is a customer of the id is not looked up. Raises `Unknown`.
    """
    name = named.strip()
    if name.isascii() and name.isdigit() and len(name) < 19:
        return int(name)
    channel, colon, chat = name.partition(":")
    async with store.read() as uow:
        if not colon:
            return (await uow.cases.by_code(name.upper())).customer_id
        known = await uow.conversations.at(Channel(channel), chat) if channel in set(Channel) else None
    if known is None:
        raise Unknown(f"customer {named}")
    return known.customer_id


class Forgetting:
    """Deletes customers."""

    def __init__(self, *, store: Store, clock: Clock, files: Files) -> None:
        self._store = store
        self._clock = clock
        self._files = files

    async def forget(self, customer_id: int, actor: str) -> Forgotten:
        """Delete a customer's words, files and names; again is harmless, and finishes what was cut off.

        Raises:
            Unknown: there is no such customer.
            OSError: a file could not be deleted; call it again.
        """
        now = self._clock.now()
        async with self._store.begin() as uow:
            erasure = await uow.teaching.erase(customer_id, actor, now, NOTE)
            if await uow.teaching.of_customer(customer_id):
                await uow.teaching.clear_faults()
            await uow.audit.write(now, actor, "customer.forget", f"customer {customer_id}", **erasure.counts)
            await uow.feed.publish(TEACHING, None, {"forgotten": customer_id})
            open_cases = await self._open_cases(uow, customer_id)
            left = await uow.teaching.erasures(customer_id)
        return Forgotten(
            customer_id=customer_id,
            counts=erasure.counts,
            files=await self._delete(left),
            examples=erasure.counts.get("examples", 0),
            open_cases=open_cases,
        )

    async def _open_cases(self, uow: UnitOfWork, customer_id: int) -> tuple[str, ...]:
        return tuple(one.code for one in await uow.cases.of_customer(customer_id))

    async def _delete(self, erasures: Sequence[Erasure]) -> int:
        """Delete the files that erasures name, those of earlier ones that were cut off too, and count them."""
        count = 0
        for erasure in erasures:
            if not erasure.paths:
                continue
            for path in erasure.paths:
                await self._files.forget(path)
            count += len(erasure.paths)
            async with self._store.begin() as uow:
                await uow.teaching.files_gone(erasure)
        return count
