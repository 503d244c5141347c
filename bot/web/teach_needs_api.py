"""The doors of needs that the house had no name for: make one, change it, retire it. For those who lead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.domain.teaching.clusters import Clusters
from bot.services.answers import NOTHING
from bot.services.clustering import Found
from bot.services.needs import NeedChange, NeedView, NewNeed, waiting
from bot.web.endpoint import Call, Door, Nothing, Who, door
from bot.web.paths import path_id
from bot.web.teach_need_shapes import (
    ClusterOut,
    ClustersOut,
    LeftOutOut,
    NeedChangeIn,
    NeedDetailOut,
    NeedIn,
    NeedsOut,
    ReplacedOut,
    SampleOut,
    TextsOut,
)


@door("GET", "/api/teach/needs", who=Who.STAFF, returns=NeedsOut, errors=(401, 403))
async def taught_needs(call: Call[Nothing, Nothing]) -> NeedsOut:
    """Return the needs that were added, the newest first."""
    found = await call.house.needs.listed(call.staff)
    return NeedsOut(needs=[_need(one, call) for one in found], waiting=waiting(found))


@door("POST", "/api/teach/needs", who=Who.STAFF, body=NeedIn, returns=NeedDetailOut, status=201, errors=(401, 403, 409))
async def add_need(call: Call[NeedIn, Nothing]) -> NeedDetailOut:
    """Add a need; it takes part once a model was trained with it, and its answer can be edited at once."""
    return _need(await call.house.needs.add(call.staff, NewNeed(**dict(call.body))), call)


@door("GET", "/api/teach/needs/{id}", who=Who.STAFF, returns=NeedDetailOut, errors=(401, 403, 404))
async def taught_need(call: Call[Nothing, Nothing]) -> NeedDetailOut:
    """Return one need that was added."""
    return _need(await call.house.needs.one(call.staff, path_id(call)), call)


@door(
    "PATCH",
    "/api/teach/needs/{id}",
    who=Who.STAFF,
    body=NeedChangeIn,
    returns=NeedDetailOut,
    errors=(401, 403, 404, 409),
)
async def change_need(call: Call[NeedChangeIn, Nothing]) -> NeedDetailOut:
    """Change what a need is called, who owns it or what is answered, and add examples."""
    return _need(await call.house.needs.change(call.staff, path_id(call), NeedChange(**dict(call.body))), call)


@door("DELETE", "/api/teach/needs/{id}", who=Who.STAFF, returns=NeedDetailOut, errors=(401, 403, 404))
async def retire_need(call: Call[Nothing, Nothing]) -> NeedDetailOut:
    """Retire a need: its examples are withdrawn, and it is answered no more."""
    return _need(await call.house.needs.retire(call.staff, path_id(call)), call)


def _need(view: NeedView, call: Call[Any, Nothing]) -> NeedDetailOut:
    need, company = view.need, call.house.company
    texts = view.answer.texts if view.answer is not None else None
    said = texts or NOTHING
    return NeedDetailOut(
        id=need.id,
        intent=need.intent,
        name_vi=need.name.vi,
        name_en=need.name.en,
        department=need.department,
        department_label=company.department_or_reception(need.department).label(call.query_language),
        priority=need.priority.value,
        state=need.state.value,
        answer=TextsOut(vi=list(said.vi), en=list(said.en)) if texts is not None else None,
        answer_version=view.answer.version if view.answer is not None else 0,
        examples=view.counts.approved,
        proposed=view.counts.proposed,
        in_use=view.in_use,
        missing=view.missing,
        made_by=view.made_by,
        made_at=need.made_at.astimezone(company.zone),
        retired_at=need.retired_at.astimezone(company.zone) if need.retired_at is not None else None,
        left_out=[
            LeftOutOut(message_id=one.message_id, text=one.text, reason=one.reason) for one in view.told.left_out
        ],
        replaced=[ReplacedOut(text=one.text, learned=one.learned) for one in view.told.replaced],
    )


@door("POST", "/api/teach/clusters", who=Who.STAFF, returns=ClustersOut, status=202, errors=(401, 403, 409))
async def look_for_needs(call: Call[Nothing, Nothing]) -> ClustersOut:
    """Look for needs that have no name among the messages of the last 30 days; 409 while somebody looks."""
    return _clusters(await call.house.clustering.start(call.staff), (), call)


@door("GET", "/api/teach/clusters", who=Who.STAFF, returns=ClustersOut, errors=(401, 403))
async def found_needs(call: Call[Nothing, Nothing]) -> ClustersOut:
    """Return what the last look found, without the messages that somebody has decided on since."""
    return _clusters(*await call.house.clustering.found(call.staff), call)


def _clusters(said: Clusters, found: Sequence[Found], call: Call[Any, Nothing]) -> ClustersOut:
    return ClustersOut(
        state=said.state.value,
        made_at=said.made_at.astimezone(call.house.company.zone) if said.made_at is not None else None,
        messages=said.messages,
        seconds=said.seconds,
        fault=said.fault,
        clusters=[
            ClusterOut(
                id=number,
                size=one.cluster.size,
                customers=one.cluster.customers,
                words=list(one.cluster.words),
                samples=_samples(one.samples),
                doubtful=_samples(one.doubtful),
                members=list(one.cluster.members),
                near=one.cluster.near,
            )
            for number, one in enumerate(found, 1)
        ],
    )


def _samples(told: Sequence[tuple[int, str]]) -> list[SampleOut]:
    return [SampleOut(message_id=message_id, text=text) for message_id, text in told]


DOORS: tuple[Door, ...] = (
    taught_needs,
    add_need,
    taught_need,
    change_need,
    retire_need,
    look_for_needs,
    found_needs,
)
