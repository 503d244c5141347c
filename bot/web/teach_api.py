"""The doors of teaching: what to look at first, what is decided, and what was taught. For those who lead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aiohttp import web

from bot.domain.company import Company
from bot.domain.teaching.examples import Example, ExampleState
from bot.services.reviewing import Decided, Entry
from bot.web.endpoint import Call, Door, Nothing, Who, door
from bot.web.paths import path_id
from bot.web.teach_review_shapes import MarkOut
from bot.web.teach_shapes import (
    AlsoIn,
    DecisionOut,
    DecisionsOut,
    ExampleOut,
    ExamplesIn,
    ExamplesOut,
    GuessOut,
    LabelIn,
    NeedOut,
    QueueEntryOut,
    QueueIn,
    QueueOut,
)

GUESSES = 5
_DECIDING = (401, 403, 404, 409, 422)


@door("GET", "/api/teach/queue", who=Who.STAFF, query=QueueIn, returns=QueueOut, errors=(401, 403, 422))
async def teach_queue(call: Call[Nothing, QueueIn]) -> QueueOut:
    """Return what is worth a look, in order, with personal data covered."""
    house = call.house
    found = await house.reviewing.queue(call.staff, call.query.limit)
    language = call.query_language
    return QueueOut(
        entries=[_entry(one, house.company) for one in found.entries],
        needs=_needs(house.company, language),
        entities=[],
        waiting=found.waiting,
        labelled=found.labelled,
        approved=found.approved,
        two_reviewers=house.reviewing.two_reviewers,
    )


@door("POST", "/api/teach/{id}/label", who=Who.STAFF, body=LabelIn, returns=DecisionsOut, errors=_DECIDING)
async def label_message(call: Call[LabelIn, Nothing]) -> DecisionsOut:
    """Say which need a message speaks of; where two people are wanted, the second one says the same."""
    return _decisions(await call.house.reviewing.label(call.staff, _ids(call), call.body.label))


@door("POST", "/api/teach/{id}/skip", who=Who.STAFF, body=AlsoIn, returns=DecisionsOut, errors=_DECIDING)
async def skip_message(call: Call[AlsoIn, Nothing]) -> DecisionsOut:
    """Put a message aside."""
    return _decisions(await call.house.reviewing.skip(call.staff, _ids(call)))


@door("POST", "/api/teach/{id}/undo", who=Who.STAFF, body=AlsoIn, returns=DecisionsOut, errors=_DECIDING)
async def undo_message(call: Call[AlsoIn, Nothing]) -> DecisionsOut:
    """Take back what was decided on a message; what it taught is withdrawn."""
    return _decisions(await call.house.reviewing.undo(call.staff, _ids(call)))


@door("GET", "/api/teach/examples", who=Who.STAFF, query=ExamplesIn, returns=ExamplesOut, errors=(401, 403, 422))
async def teach_examples(call: Call[Nothing, ExamplesIn]) -> ExamplesOut:
    """Return what was taught, the newest first."""
    query = call.query
    state = ExampleState(query.state) if query.state else None
    found, names = await call.house.reviewing.examples(call.staff, state=state, before=query.before, limit=query.limit)
    following = found[-1].id if len(found) == query.limit else None
    return ExamplesOut(examples=[_example(one, names) for one in found], next=following)


@door("DELETE", "/api/teach/examples/{id}", who=Who.STAFF, status=204, errors=(401, 403, 404))
async def withdraw_example(call: Call[Nothing, Nothing]) -> web.Response:
    """Have an example teach nothing any more; its words are deleted."""
    await call.house.reviewing.withdraw(call.staff, path_id(call))
    return web.Response(status=204)


def _ids(call: Call[AlsoIn, Nothing] | Call[LabelIn, Nothing]) -> list[int]:
    return [path_id(call), *call.body.also]


def _entry(entry: Entry, company: Company) -> QueueEntryOut:
    leader, group = entry.group.leader, entry.group
    return QueueEntryOut(
        message_id=leader.message_id,
        text=entry.texts[0],
        at=leader.at.astimezone(company.zone),
        channel=leader.channel,
        size=group.size,
        customers=group.customers,
        worth=round(group.worth.score, 4),
        reasons=[one.value for one in group.worth.reasons],
        intent=leader.intent,
        confidence=leader.confidence,
        decision=leader.decision,
        guesses=[GuessOut(name=name, confidence=share) for name, share in leader.ranking[:GUESSES]],
        department=leader.department_now or leader.department_first,
        members=[one.message_id for one in group.members[1:]],
        others=list(entry.texts[1:]),
        hint=leader.corrected_to,
        shadow_intent=leader.shadow_intent,
        said=[],
    )


def _needs(company: Company, language: str) -> list[NeedOut]:
    return [
        NeedOut(name=name, department=owner, department_label=company.department(owner).label(language))
        for name, owner in sorted(company.owners.items())
    ]


def _decisions(decided: Sequence[Decided]) -> DecisionsOut:
    return DecisionsOut(decisions=[_decision(one) for one in decided])


def _decision(decided: Decided) -> DecisionOut:
    example = decided.example
    return DecisionOut(
        message_id=decided.message_id,
        label=decided.label,
        example_id=example.id if example else None,
        state=example.state.value if example else None,
        undone=decided.undone,
        example_ids=[example.id] if example else [],
        disputed=False,
    )


def _example(example: Example, names: Mapping[int, str]) -> ExampleOut:
    return ExampleOut(
        id=example.id,
        text=example.text,
        label=example.label,
        state=example.state.value,
        source=example.source.value,
        message_id=example.message_id,
        made_at=example.made_at,
        labelled_by=names.get(example.labelled_by, ""),
        reviewed_by=names.get(example.reviewed_by, "") if example.reviewed_by is not None else None,
        customer_id=example.customer_id,
        entities=[MarkOut(start=one.start, end=one.end, entity=one.name) for one in example.entities],
    )


DOORS: tuple[Door, ...] = (
    teach_queue,
    label_message,
    skip_message,
    undo_message,
    teach_examples,
    withdraw_example,
)
