"""Taking back what a message teaches: the one way, whoever asks for it and why."""

from __future__ import annotations

from datetime import datetime

from bot.domain.errors import Unknown
from bot.domain.teaching.examples import Example
from bot.services.ports import UnitOfWork
from bot.services.ports_teach import Decision


async def take_back(uow: UnitOfWork, message_id: int, at: datetime) -> Decision | None:
    """Have a message teach nothing, and be open to a decision again; return the decision that stood.

    Locks the message before its examples, as everybody does who decides. Raises `Unknown`.
    """
    await uow.teaching.message(message_id, lock=True)
    objection = await uow.teaching.objection(message_id)
    if objection is not None:
        await uow.teaching.settle(objection, at)
    standing = await uow.teaching.decision(message_id)
    for one in await uow.teaching.of_message(message_id):
        await uow.teaching.save_example(one.withdrawn(at))
    if standing is not None:
        await uow.teaching.undo(standing, at)
    return standing


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


async def withdraw(uow: UnitOfWork, example_id: int, at: datetime) -> Example:
    """Delete an example's words with all else that its message teaches: half of a split message says nothing.

    Words of our own, and those of a message that is deleted, go alone. Raises `Unknown`.
    """
    found = await uow.teaching.example(example_id, lock=False)
    if found.message_id is not None:
        try:
            await uow.teaching.message(found.message_id, lock=True)
        except Unknown:
            # The message was pruned or erased; what it taught may have stayed.
            return await _alone(uow, example_id, at)
        if any(one.id == example_id for one in await uow.teaching.of_message(found.message_id)):
            await take_back(uow, found.message_id, at)
    return await _alone(uow, example_id, at)


async def _alone(uow: UnitOfWork, example_id: int, at: datetime) -> Example:
    gone = (await uow.teaching.example(example_id)).withdrawn(at)
    await uow.teaching.save_example(gone)
    return gone
