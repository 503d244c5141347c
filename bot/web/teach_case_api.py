"""The doors by which a case and a customer speak to those who teach: a misread need, and consent."""

from __future__ import annotations

from datetime import tzinfo

from bot.services.consents import CustomerConsent
from bot.services.wrong_needs import WrongNeed
from bot.web.endpoint import Call, Door, Nothing, Who, door
from bot.web.paths import path_id
from bot.web.teach_review_shapes import ConsentOut, WrongNeedIn, WrongNeedOut


@door("GET", "/api/cases/{code}/wrong-need", who=Who.STAFF, returns=WrongNeedOut, errors=(401, 404))
async def wrong_need(call: Call[Nothing, Nothing]) -> WrongNeedOut:
    """Tell whether somebody said that the bot misread what opened the case."""
    return _wrong_need(await call.house.reviewing.wrong_needs.state(call.staff, call.code), call.house.company.zone)


@door(
    "POST",
    "/api/cases/{code}/wrong-need",
    who=Who.STAFF,
    body=WrongNeedIn,
    returns=WrongNeedOut,
    errors=(401, 403, 404, 409, 422),
)
async def mark_wrong_need(call: Call[WrongNeedIn, Nothing]) -> WrongNeedOut:
    """Say that the bot misread what opened the case; those who teach see it, with the need where one is named."""
    said = await call.house.reviewing.wrong_needs.mark(call.staff, call.code, call.body.intent)
    return _wrong_need(said, call.house.company.zone)


@door("DELETE", "/api/cases/{code}/wrong-need", who=Who.STAFF, returns=WrongNeedOut, errors=(401, 403, 404))
async def unmark_wrong_need(call: Call[Nothing, Nothing]) -> WrongNeedOut:
    """Take back that the bot misread what opened the case."""
    said = await call.house.reviewing.wrong_needs.unmark(call.staff, call.code)
    return _wrong_need(said, call.house.company.zone)


@door("POST", "/api/teach/customers/{id}/withdraw", who=Who.STAFF, returns=ConsentOut, errors=(401, 403, 404))
async def withdraw_consent(call: Call[Nothing, Nothing]) -> ConsentOut:
    """Have a customer's words teach nothing any more; their examples are withdrawn at once."""
    found = await call.house.reviewing.consents.withdraw(call.staff, path_id(call))
    return _consent(found, call.house.company.zone)


@door("DELETE", "/api/teach/customers/{id}/withdraw", who=Who.STAFF, returns=ConsentOut, errors=(401, 403, 404))
async def give_consent(call: Call[Nothing, Nothing]) -> ConsentOut:
    """Have a customer's words teach again; what was withdrawn stays so."""
    found = await call.house.reviewing.consents.give(call.staff, path_id(call))
    return _consent(found, call.house.company.zone)


def _wrong_need(said: WrongNeed, zone: tzinfo) -> WrongNeedOut:
    correction = said.correction
    return WrongNeedOut(
        code=said.code,
        wrong_need=correction is not None,
        intent=correction.intent if correction else None,
        by=said.by,
        at=correction.at.astimezone(zone) if correction else None,
    )


def _consent(found: CustomerConsent, zone: tzinfo) -> ConsentOut:
    return ConsentOut(
        customer_id=found.customer_id,
        withdrawn=found.refusal is not None,
        at=found.refusal.at.astimezone(zone) if found.refusal else None,
        examples=found.examples,
    )


DOORS: tuple[Door, ...] = (wrong_need, mark_wrong_need, unmark_wrong_need, withdraw_consent, give_consent)
