"""What the assistant's actions may know about a turn: dynamic facts, sent along as message metadata.

No name and no phone number of a customer is among them: the engine needs neither to route (data minimisation).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.domain.cases import REOPEN_WINDOW, Case
from bot.domain.company import Company
from bot.domain.conversations import Conversation
from bot.domain.hours import NeverOpen, OpeningHours
from bot.domain.messages import Channel
from bot.domain.promises import Promise
from bot.services.ports import UnitOfWork


async def gather(uow: UnitOfWork, company: Company, conversation: Conversation, now: datetime) -> dict[str, Any]:
    """Return the facts of one turn (the shape is in docs/how-a-message-travels.md)."""
    names = await uow.staff.names()
    cases = await uow.cases.of_customer(conversation.customer_id, resolved_since=now - REOPEN_WINDOW)
    return {
        "now": now.astimezone(company.zone).isoformat(),
        "language": conversation.language,
        "channel": conversation.channel.value,
        "open_cases": [_case(case, names, await uow.promises.open_of(case.id)) for case in cases],
        "departments": _departments(company, await uow.staff.on_duty(), await uow.cases.waiting(), now),
    }


def of_stranger(company: Company, now: datetime) -> dict[str, Any]:
    """Return the facts of somebody's very first message in the web chat, with every open department staffed."""
    everybody = dict.fromkeys(company.departments, 1)
    return {
        "now": now.astimezone(company.zone).isoformat(),
        "language": "vi",
        "channel": Channel.WEBCHAT.value,
        "open_cases": [],
        "departments": _departments(company, everybody, {}, now),
    }


def _case(case: Case, names: dict[int, str], promise: Promise | None) -> dict[str, Any]:
    return {
        "code": case.code,
        "department": case.department,
        "state": case.state.value,
        "queue_number": case.queue_number,
        "opened_at": case.opened_at.isoformat(),
        "promise_at": promise.due_at.isoformat() if promise else None,
        "owner_name": names.get(case.owner_id) if case.owner_id is not None else None,
        "summary": case.summary,
    }


def _departments(
    company: Company, on_duty: dict[str, int], waiting: dict[str, int], now: datetime
) -> dict[str, dict[str, Any]]:
    facts = {}
    for department in company.departments.values():
        is_open = department.hours.is_open(now)
        facts[department.id] = {
            "staffed": is_open and on_duty.get(department.id, 0) > 0,
            "open": is_open,
            "opens_at": None if is_open else _opening(department.hours, now),
            "waiting": waiting.get(department.id, 0),
            "wait_minutes": None,
        }
    return facts


def _opening(hours: OpeningHours, now: datetime) -> str | None:
    try:
        return hours.next_opening(now).isoformat()
    except NeverOpen:
        return None
