"""Who speaks after somebody lets go of a case."""

from __future__ import annotations

from bot.domain.cases import Case, CaseState
from bot.domain.conversations import Conversation, Speaker
from bot.services.ports import UnitOfWork


async def pass_on(uow: UnitOfWork, conversation: Conversation, left: Case) -> Conversation:
    """Give the floor on after ``left`` (as it was) is out of its owner's hands, and return the conversation.

    The owner keeps it while another case of theirs is open here; else a colleague with a case here gets it, else the
    bot. Nothing changes where the owner did not have the floor. The caller holds the conversation's lock and has saved
    the case.
    """
    floor = conversation.floor
    if floor.speaker is not Speaker.STAFF or floor.staff_id != left.owner_id:
        return conversation
    others = [
        one
        for one in await uow.cases.of_customer(conversation.customer_id)
        if one.conversation_id == conversation.id and one.state is CaseState.ASSIGNED and one.id != left.id
    ]
    if any(one.owner_id == floor.staff_id for one in others):
        return conversation
    following = others[-1].owner_id if others else None
    given = floor.passed_to(following) if following is not None else floor.given_back()
    await uow.conversations.save_floor(conversation.id, given)
    return conversation.with_floor(given)
