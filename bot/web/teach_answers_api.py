"""The doors of what the bot says: edit answers, go back to earlier texts, and try both out. For those who lead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.company import Language
from bot.domain.knowledge import Wordings
from bot.domain.teaching.answers import AnswerVersion
from bot.services.answers import Shown
from bot.services.ports_engine import EngineUnavailable
from bot.services.previewing import Draft, Preview
from bot.web.endpoint import Call, Door, Nothing, Who, door
from bot.web.errors import NotFound, Unavailable
from bot.web.teach_need_shapes import (
    AnswerIn,
    AnswerOut,
    AnswersOut,
    AnswerVersionOut,
    AnswerVersionsOut,
    PreviewIn,
    PreviewOut,
    RestoreIn,
    SeenIn,
    TextsOut,
)

KEY_MAX = 60
_EDITING = (401, 403, 404, 409)


@door("GET", "/api/teach/answers", who=Who.STAFF, returns=AnswersOut, errors=(401, 403))
async def teach_answers(call: Call[Nothing, Nothing]) -> AnswersOut:
    """Return every answer of the bot, as the developers wrote it and as it was edited."""
    shown, names = await call.house.answers.listed(call.staff)
    return AnswersOut(answers=[_answer(one, names, call) for one in shown])


@door("PUT", "/api/teach/answers/{key}", who=Who.STAFF, body=AnswerIn, returns=AnswerOut, errors=_EDITING)
async def edit_answer(call: Call[AnswerIn, Nothing]) -> AnswerOut:
    """Have other texts said from now on; 409 where somebody else was faster."""
    body = call.body
    return _answer(*await call.house.answers.edit(call.staff, _key(call), body.vi, body.en, body.version), call)


@door("DELETE", "/api/teach/answers/{key}", who=Who.STAFF, query=SeenIn, returns=AnswerOut, errors=_EDITING)
async def revert_answer(call: Call[Nothing, SeenIn]) -> AnswerOut:
    """Have the developers' texts said again."""
    return _answer(*await call.house.answers.revert(call.staff, _key(call), call.query.version), call)


@door("GET", "/api/teach/answers/{key}/versions", who=Who.STAFF, returns=AnswerVersionsOut, errors=(401, 403, 404))
async def answer_versions(call: Call[Nothing, Nothing]) -> AnswerVersionsOut:
    """Return what was made of an answer, the newest first."""
    found, names = await call.house.answers.versions(call.staff, _key(call))
    return AnswerVersionsOut(versions=[_version(one, names, call) for one in found])


@door("POST", "/api/teach/answers/{key}/restore", who=Who.STAFF, body=RestoreIn, returns=AnswerOut, errors=_EDITING)
async def restore_answer(call: Call[RestoreIn, Nothing]) -> AnswerOut:
    """Have the texts of an earlier version said again; 409 where somebody else was faster."""
    body = call.body
    return _answer(*await call.house.answers.restore(call.staff, _key(call), body.version, body.seen), call)


@door("POST", "/api/teach/preview", who=Who.STAFF, body=PreviewIn, returns=PreviewOut, errors=(401, 403, 404, 503))
async def preview(call: Call[PreviewIn, Nothing]) -> PreviewOut:
    """Return what the bot would make of a message; nothing is stored, and no case is opened."""
    body = call.body
    draft = Draft(key=body.answer.key, vi=body.answer.vi, en=body.answer.en) if body.answer is not None else None
    try:
        found = await call.house.previewing.preview(call.staff, body.text, Language(body.language), draft)
    except EngineUnavailable as failure:
        raise Unavailable("Trợ lý chưa trả lời được lúc này, anh/chị thử lại sau ít giây giúp.") from failure
    return _preview(found, call)


def _key(call: Call[Any, Any]) -> str:
    key = call.path["key"]
    if len(key) > KEY_MAX or not key.isprintable():
        raise NotFound
    return key


def _answer(shown: Shown, names: Mapping[int, str], call: Call[Any, Any]) -> AnswerOut:
    company, newest = call.house.company, shown.newest
    edited = newest.texts if newest is not None else None
    return AnswerOut(
        key=shown.key,
        need_label=shown.label.in_language(call.query_language),
        department=shown.department,
        department_label=company.department_or_reception(shown.department).label(call.query_language),
        taught=shown.taught,
        base=_texts(shown.base),
        edited=_texts(edited) if edited is not None else None,
        version=newest.version if newest is not None else 0,
        edited_by=names.get(newest.by, "") if newest is not None else None,
        edited_at=newest.at.astimezone(company.zone) if newest is not None else None,
        placeholders=sorted(call.house.answers.placeholders),
    )


def _version(version: AnswerVersion, names: Mapping[int, str], call: Call[Any, Any]) -> AnswerVersionOut:
    return AnswerVersionOut(
        version=version.version,
        texts=_texts(version.texts) if version.texts is not None else None,
        by=names.get(version.by, ""),
        at=version.at.astimezone(call.house.company.zone),
        restored=version.restored,
    )


def _texts(texts: Wordings) -> TextsOut:
    return TextsOut(vi=list(texts.vi), en=list(texts.en))


def _preview(found: Preview, call: Call[Any, Any]) -> PreviewOut:
    answer = found.answer
    return PreviewOut(
        intent=answer.intent.name,
        need_label=found.label.in_language(call.query_language),
        confidence=answer.intent.confidence,
        decision=found.decision,
        replies=[one.text for one in answer.messages],
        buttons=[button.title for one in answer.messages for button in one.buttons],
        department=found.department,
        department_label=call.house.company.department(found.department).label(call.query_language),
        handed_to=found.handed_to,
    )


DOORS: tuple[Door, ...] = (
    teach_answers,
    edit_answer,
    revert_answer,
    answer_versions,
    restore_answer,
    preview,
)
