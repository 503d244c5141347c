"""The doors of teaching: what to look at first, what is decided, and what was taught. For those who lead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import web

from bot.domain.company import Company
from bot.domain.teaching.examples import EntityMark, Example, ExampleState
from bot.domain.teaching.marking import Part
from bot.services.decisions import Decided, Said, SaidOtherwise
from bot.services.reviewing import Entry
from bot.web import teach_case_api
from bot.web.endpoint import Call, Door, Nothing, Who, door, reply
from bot.web.paths import path_id
from bot.web.teach_review_shapes import ConflictOut, MarkIn, MarkOut, SaidOut, SplitIn
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
        entries=[_entry(one, house.company, found.names) for one in found.entries],
        needs=_needs(house.company, language),
        entities=list(found.entities),
        waiting=found.waiting,
        labelled=found.labelled,
        approved=found.approved,
        two_reviewers=house.reviewing.two_reviewers,
    )


@door("POST", "/api/teach/{id}/label", who=Who.STAFF, body=LabelIn, returns=DecisionsOut, errors=_DECIDING)
async def label_message(call: Call[LabelIn, Nothing]) -> DecisionsOut | web.Response:
    """Say which need a message speaks of; where two people are wanted, the second one says the same, or objects."""
    body = call.body
    try:
        decided = await call.house.reviewing.label(
            call.staff, _ids(call), body.label, _marks(body.entities), settle=body.settle
        )
    except SaidOtherwise as refusal:
        return await _conflict(call, refusal)
    return _decisions(decided)


@door("POST", "/api/teach/{id}/split", who=Who.STAFF, body=SplitIn, returns=DecisionsOut, errors=_DECIDING)
async def split_message(call: Call[SplitIn, Nothing]) -> DecisionsOut | web.Response:
    """Say that a message speaks of several needs; each piece is an example, and undoing takes back all of them."""
    parts = [Part(text=one.text, label=one.label, marks=_marks(one.entities)) for one in call.body.parts]
    try:
        return _decisions([await call.house.reviewing.split(call.staff, path_id(call), parts)])
    except SaidOtherwise as refusal:
        return await _conflict(call, refusal)


@door("POST", "/api/teach/{id}/skip", who=Who.STAFF, body=AlsoIn, returns=DecisionsOut, errors=_DECIDING)
async def skip_message(call: Call[AlsoIn, Nothing]) -> DecisionsOut | web.Response:
    """Put a message aside."""
    try:
        return _decisions(await call.house.reviewing.skip(call.staff, _ids(call)))
    except SaidOtherwise as refusal:
        return await _conflict(call, refusal)


@door("POST", "/api/teach/{id}/undo", who=Who.STAFF, body=AlsoIn, returns=DecisionsOut, errors=_DECIDING)
async def undo_message(call: Call[AlsoIn, Nothing]) -> DecisionsOut:
    """Take back what was decided on a message; what it taught is withdrawn."""
    return _decisions(await call.house.reviewing.undo(call.staff, _ids(call)))


@door("GET", "/api/teach/examples", who=Who.STAFF, query=ExamplesIn, returns=ExamplesOut, errors=(401, 403, 422))
async def teach_examples(call: Call[Nothing, ExamplesIn]) -> ExamplesOut:
    """Return what was taught, the newest first."""
    query = call.query
    state = ExampleState(query.state) if query.state else None
    page = await call.house.reviewing.examples(call.staff, state=state, before=query.before, limit=query.limit)
    found = page.examples
    following = found[-1].id if len(found) == query.limit else None
    shown = [_example(one, page.names, refused=one.customer_id in page.refused) for one in found]
    return ExamplesOut(examples=shown, next=following)


@door("DELETE", "/api/teach/examples/{id}", who=Who.STAFF, status=204, errors=(401, 403, 404))
async def withdraw_example(call: Call[Nothing, Nothing]) -> web.Response:
    """Have an example teach nothing any more; its words are deleted."""
    await call.house.reviewing.withdraw(call.staff, path_id(call))
    return web.Response(status=204)


@door(
    "POST",
    "/api/teach/examples/{id}/approve",
    who=Who.STAFF,
    returns=ExampleOut,
    errors=(401, 403, 404, 409),
)
async def approve_example(call: Call[Nothing, Nothing]) -> ExampleOut:
    """Be the second person for an example that was proposed."""
    example = await call.house.reviewing.approve(call.staff, path_id(call))
    async with call.house.store.read() as uow:
        return _example(example, await uow.staff.names())


@door("GET", "/api/teach/dataset.yml", who=Who.STAFF, errors=(401, 403, 422))
async def teach_dataset(call: Call[Nothing, Nothing]) -> web.Response:
    """Return the approved examples as a training file, for those who keep it in git beside `nlu/`."""
    return web.Response(
        text=await call.house.reviewing.written(call.staff),
        content_type="application/yaml",
        charset="utf-8",
        headers={"Content-Disposition": 'attachment; filename="taught.yml"', "Cache-Control": "no-store"},
    )


def _ids(call: Call[AlsoIn, Nothing] | Call[LabelIn, Nothing]) -> list[int]:
    return [path_id(call), *call.body.also]


def _marks(given: Sequence[MarkIn]) -> tuple[EntityMark, ...]:
    return tuple(EntityMark(start=one.start, end=one.end, name=one.entity) for one in given)


async def _conflict(call: Call[Any, Nothing], refusal: SaidOtherwise) -> web.Response:
    """Say who said otherwise, so that one can ask them."""
    async with call.house.store.read() as uow:
        names = await uow.staff.names()
    said = _said(refusal.said, names, call.house.company)
    return reply(ConflictOut(error=refusal.code, message=refusal.explanation, said=said), 409)


def _said(said: Sequence[Said], names: Mapping[int, str], company: Company) -> list[SaidOut]:
    return [
        SaidOut(
            label=one.label,
            by=names.get(one.staff_id, "") if one.staff_id is not None else "",
            by_id=one.staff_id,
            at=one.at.astimezone(company.zone) if one.at is not None else None,
            message_id=one.message_id,
            example_id=one.example_id,
        )
        for one in said
    ]


def _entry(entry: Entry, company: Company, names: Mapping[int, str]) -> QueueEntryOut:
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
        department=leader.case_department,
        members=[one.message_id for one in group.members[1:]],
        others=list(entry.texts[1:]),
        hint=leader.corrected_to,
        shadow_intent=leader.shadow_intent,
        said=_said(entry.said, names, company),
    )


def _needs(company: Company, language: str) -> list[NeedOut]:
    return [
        NeedOut(name=name, department=owner, department_label=company.department(owner).label(language))
        for name, owner in sorted(company.owners.items())
    ]


def _decisions(decided: Sequence[Decided]) -> DecisionsOut:
    return DecisionsOut(decisions=[_decision(one) for one in decided])


def _decision(decided: Decided) -> DecisionOut:
    first = decided.examples[0] if decided.examples else None
    return DecisionOut(
        message_id=decided.message_id,
        label=decided.label,
        example_id=first.id if first else None,
        state=first.state.value if first else None,
        undone=decided.undone,
        example_ids=[one.id for one in decided.examples],
        disputed=decided.disputed,
    )


def _example(example: Example, names: Mapping[int, str], *, refused: bool = False) -> ExampleOut:
    return ExampleOut(
        id=example.id,
        text=example.text,
        label=example.label,
        state=example.state.value,
        source=example.source.value,
        message_id=example.message_id,
        made_at=example.made_at,
        labelled_by=names.get(example.labelled_by, ""),
        labelled_by_id=example.labelled_by,
        reviewed_by=names.get(example.reviewed_by, "") if example.reviewed_by is not None else None,
        customer_id=example.customer_id,
        refused=refused,
        entities=[MarkOut(start=one.start, end=one.end, entity=one.name) for one in example.entities],
    )


DOORS: tuple[Door, ...] = (
    teach_queue,
    label_message,
    skip_message,
    undo_message,
    split_message,
    teach_examples,
    approve_example,
    withdraw_example,
    teach_dataset,
    *teach_case_api.DOORS,
)
