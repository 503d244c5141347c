"""Dropping whole conversations from the store in memory, so that a year of them fits. No service asks for it."""

from __future__ import annotations

from datetime import datetime

from bot.adapters.memory.data import Memory
from bot.domain.shifts import AbsenceKind


def forget_conversation(memory: Memory, conversation_id: int) -> None:
    """Drop a conversation with all that hangs on it, and its customer where this was their last one.

    For conversations without an open case, between transactions. Queue items that speak of it must be gone.
    """
    for case_id in memory.cases_in.of(conversation_id):
        _forget_case(memory, case_id)
    for message_id in memory.messages_in.of(conversation_id):
        for attachment in memory.messages.pop(message_id).attachments:
            memory.attachments.pop(attachment.id, None)
    for turn_id in memory.turns_in.of(conversation_id):
        del memory.turns[turn_id]
        memory.unhandled_in.forget(turn_id)
    for index in (memory.cases_in, memory.messages_in, memory.turns_in):
        index.forget(conversation_id)
    conversation = memory.conversations.pop(conversation_id)
    del memory.chats[conversation.channel, conversation.chat]
    memory.conversations_of.forget(conversation.customer_id)
    memory.cases_of.forget(conversation.customer_id)
    memory.customers.pop(conversation.customer_id, None)
    memory.identities.pop((conversation.channel, conversation.chat), None)


def _forget_case(memory: Memory, case_id: int) -> None:
    case = memory.cases.pop(case_id)
    del memory.case_codes[case.code]
    for promise_id in memory.promises_of.of(case_id):
        del memory.promises[promise_id]
    for offer_id in memory.offers_of.of(case_id):
        del memory.offers[offer_id]
    for transfer_id in memory.transfers_of.of(case_id):
        del memory.transfers[transfer_id]
    for request_id in memory.requests_of.of(case_id):
        del memory.requests[request_id]
    for approval_id in memory.approvals_of.of(case_id):
        del memory.approvals[approval_id]
    rating_id = memory.case_ratings.pop(case_id, None)
    if rating_id is not None:
        del memory.ratings[rating_id]
    for index in (
        memory.promises_of,
        memory.offers_of,
        memory.transfers_of,
        memory.requests_of,
        memory.approvals_of,
    ):
        index.forget(case_id)
    memory.audit.pop(case.code, None)


def forget_events(memory: Memory, kept: int) -> None:
    """Drop the oldest raw events but for so many; a repetition of a dropped one would no longer be recognised."""
    for event_id in list(memory.events)[: max(len(memory.events) - kept, 0)]:
        del memory.events[event_id]
    known = memory.events
    for key in [key for key, event_id in memory.event_keys.items() if event_id not in known]:
        del memory.event_keys[key]


def forget_breaks(memory: Memory, before: datetime) -> None:
    """Drop breaks that were over by a moment: no roster of later days has them. Leave is kept, for it ends shifts."""
    over = [one.id for one in memory.absences.values() if one.kind is AbsenceKind.BREAK and one.end_at < before]
    for absence_id in over:
        del memory.absences[absence_id]


def sweep(memory: Memory) -> None:
    """Drop index keys that hold nothing any more, and waits of cases that are not there any more."""
    for waits in memory.waits_over.values():
        for case_id in [one for one in waits if one not in memory.cases]:
            del waits[case_id]
    for index in (memory.unhandled_in, memory.cases_of, memory.cases_held, memory.cases_waiting, memory.calls_waiting):
        index.sweep()
