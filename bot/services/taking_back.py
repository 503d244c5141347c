"""Taking back what a message teaches: the one way, whoever asks for it and why."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import datetime

from bot.domain.errors import Unknown
from bot.domain.teaching.examples import Example, ExampleState
from bot.services.ports import UnitOfWork
from bot.services.ports_teach import Decision


class TakingBack:
    """What one transaction takes back, see `taking_back`."""

    def __init__(self, uow: UnitOfWork, at: datetime) -> None:
        self._uow = uow
        self._at = at
        self.count = 0
        """Examples that lost their words."""

    async def decision(self, message_id: int) -> Decision | None:
        """Have a message teach nothing, and be open to a decision again; return the decision that stood.

        Locks the message before its examples, as everybody does who decides. Raises `Unknown`.
        """
        await self._uow.teaching.message(message_id, lock=True)
        objection = await self._uow.teaching.objection(message_id)
        if objection is not None:
            await self._uow.teaching.settle(objection, self._at)
        standing = await self._uow.teaching.decision(message_id)
        await self.words(await self._uow.teaching.of_message(message_id))
        if standing is not None:
            await self._uow.teaching.undo(standing, self._at)
        return standing

    async def example(self, example_id: int) -> Example:
        """Delete an example's words with all else that its message teaches: half of a split message says nothing.

        Words of our own, and those of a message that is deleted, go alone. Raises `Unknown`.
        """
        found = await self._uow.teaching.example(example_id, lock=False)
        if found.message_id is not None:
            try:
                await self._uow.teaching.message(found.message_id, lock=True)
            except Unknown:
                # The message was pruned or erased; what it taught may have stayed.
                return await self._alone(example_id)
            if any(one.id == example_id for one in await self._uow.teaching.of_message(found.message_id)):
                await self.decision(found.message_id)
        return await self._alone(example_id)

    async def words(self, examples: Iterable[Example]) -> None:
        """Delete the words of examples, and nothing else."""
        for one in examples:
            if one.state is not ExampleState.WITHDRAWN:
                await self._uow.teaching.save_example(one.withdrawn(self._at))
                self.count += 1

    async def _alone(self, example_id: int) -> Example:
        example = await self._uow.teaching.example(example_id)
        await self.words([example])
        return example.withdrawn(self._at)


@asynccontextmanager
async def taking_back(uow: UnitOfWork, at: datetime) -> AsyncIterator[TakingBack]:
    """Take back, within a transaction, whatever the block asks for; trainings quote none of it afterwards.

    They come last, once for all: whoever forgets a customer locks messages, examples and trainings in this order too.
    """
    back = TakingBack(uow, at)
    yield back
    if back.count:
        await uow.teaching.clear_faults()


async def unsay(uow: UnitOfWork, message_id: int, staff_id: int, at: datetime) -> bool:
    """Take back that somebody agreed or objected to another person's label; tell whether they had. Raises `Unknown`."""
    await uow.teaching.message(message_id, lock=True)
    objection = await uow.teaching.objection(message_id)
    if objection is not None:
        if objection.staff_id == staff_id:
            await uow.teaching.settle(objection, at)
        return objection.staff_id == staff_id
    examples = await uow.teaching.of_message(message_id)
    seconded = [one for one in examples if one.reviewed_by == staff_id != one.labelled_by]
    for one in seconded:
        await uow.teaching.save_example(one.unapproved())
    return bool(seconded)
