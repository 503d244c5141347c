"""What the assistant does for each need: one table, read by the dialogue and checked against domain.yml by a test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.domain.company import Language, Priority


class Way(StrEnum):
    """How a need is served."""

    ANSWER = "answer"
    """The bot's own answer settles it."""
    ANSWER_THEN_OFFER = "answer_then_offer"
    """A general answer, and an offer to meet the department."""
    OFFER_IF_ASKED = "offer_if_asked"
    """As above when the customer asks how things are; when they want something done, straight to the department."""
    HANDOFF = "handoff"
    """A person of the owning department takes it."""
    FORM = "form"
    """A few particulars first, then the department."""
    SPECIAL = "special"
    """Answered from the facts or the conversation, by code of its own."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How one need is served, how urgent it is by nature, and how a handoff of it opens."""

    way: Way
    priority: Priority = Priority.NORMAL
    opening: str = "opening_neutral"
    form: str | None = None


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_H = Plan(Way.HANDOFF)
_TROUBLE = Plan(Way.HANDOFF, opening="opening_trouble")
_SORRY = Plan(Way.FORM, Priority.HIGH, "opening_sorry", form="complaint")
_ORDER = Plan(Way.FORM, form="order")
_ORDER_TROUBLE = Plan(Way.FORM, opening="opening_trouble", form="order")

PLANS: Final[Mapping[str, Plan]] = {
    "greet": Plan(Way.SPECIAL),
    "goodbye": Plan(Way.ANSWER),
    "thank": Plan(Way.ANSWER),
    "affirm": Plan(Way.ANSWER),
    "deny": Plan(Way.ANSWER),
    "bot_challenge": Plan(Way.SPECIAL),
    "capabilities": Plan(Way.ANSWER),
    "small_talk": Plan(Way.ANSWER),
    "insult": Plan(Way.SPECIAL, Priority.HIGH, "opening_sorry"),
    "out_of_scope": Plan(Way.SPECIAL),
    "opening_hours": Plan(Way.SPECIAL),
    "address": Plan(Way.SPECIAL),
    "contact_info": Plan(Way.ANSWER),
    "parking": Plan(Way.ANSWER),
    "case_status": Plan(Way.SPECIAL),
    "ask_human": Plan(Way.SPECIAL, opening="opening_person"),
    "meet_person": Plan(Way.HANDOFF, opening="opening_person"),
    "appointment_book": Plan(Way.FORM, form="appointment"),
    "appointment_change": _H,
    "lost_property": _TROUBLE,
    "complaint_service": _SORRY,
    "complaint_product": _SORRY,
    "complaint_waiting": Plan(Way.HANDOFF, Priority.HIGH, "opening_sorry"),
    "praise": Plan(Way.HANDOFF, opening="opening_thanks"),
    "warranty": Plan(Way.OFFER_IF_ASKED, opening="opening_trouble"),
    "return_exchange": Plan(Way.OFFER_IF_ASKED),
    "loyalty": Plan(Way.OFFER_IF_ASKED),
    "callback": Plan(Way.FORM, form="callback"),
    "privacy_request": _H,
    "product_price": Plan(Way.ANSWER_THEN_OFFER),
    "product_stock": _H,
    "product_advice": _H,
    "promotion": Plan(Way.ANSWER_THEN_OFFER),
    "order_place": _H,
    "order_status": _ORDER,
    "order_change": _ORDER,
    "delivery_fee": Plan(Way.ANSWER_THEN_OFFER),
    "bulk_quote": _H,
    "discount_request": _H,
    "cash_service": Plan(Way.OFFER_IF_ASKED),
    "money_transfer": _H,
    "transfer_problem": Plan(Way.HANDOFF, Priority.HIGH, "opening_trouble"),
    "card_lost": Plan(Way.HANDOFF, Priority.URGENT, "opening_card"),
    "card_service": Plan(Way.OFFER_IF_ASKED),
    "account_balance": _H,
    "exchange_rate": Plan(Way.ANSWER_THEN_OFFER),
    "loan_info": Plan(Way.ANSWER_THEN_OFFER),
    "loan_apply": _H,
    "loan_status": _H,
    "loan_repay": Plan(Way.OFFER_IF_ASKED),
    "loan_hardship": Plan(Way.HANDOFF, opening="opening_hardship"),
    "payment_methods": Plan(Way.ANSWER_THEN_OFFER),
    "payment_problem": Plan(Way.HANDOFF, Priority.HIGH, "opening_trouble"),
    "refund_status": _ORDER_TROUBLE,
    "deposit": Plan(Way.OFFER_IF_ASKED),
    "document_request": _H,
    "courier": _H,
    "meeting_room": Plan(Way.OFFER_IF_ASKED),
    "invoice_request": _H,
    "invoice_correction": _H,
    "debt_reconciliation": _H,
    "supplier_payment": _H,
    "login_problem": _TROUBLE,
    "app_error": _TROUBLE,
    "otp_problem": _TROUBLE,
    "facility_broken": _TROUBLE,
    "cleanliness": _TROUBLE,
    "emergency": Plan(Way.HANDOFF, Priority.URGENT, "opening_emergency"),
    "warehouse_pickup": Plan(Way.OFFER_IF_ASKED),
    "delivery_missing": _ORDER_TROUBLE,
    "installation": Plan(Way.OFFER_IF_ASKED),
    "feature_request": Plan(Way.HANDOFF, opening="opening_thanks"),
    "api_integration": _H,
    "survey": _H,
    "technical_specs": _H,
    "job_apply": Plan(Way.OFFER_IF_ASKED),
    "application_status": _H,
    "employee_affairs": _H,
    "partnership": _H,
    "legal_threat": Plan(Way.HANDOFF, Priority.HIGH, "opening_sorry"),
    "media_inquiry": _H,
}


@dataclass(frozen=True, slots=True)
class Plans:
    """The plan of every need that there is, by the language of the customer: not every answer is there in both."""

    vi: Mapping[str, Plan]
    en: Mapping[str, Plan]

    def of(self, language: Language) -> Mapping[str, Plan]:
        """Return the plans for customers of one language."""
        return self.en if language is Language.EN else self.vi


SHIPPED: Final = Plans(PLANS, PLANS)
"""Those of the developers' needs alone."""

_WITH_ANSWER: Final = {Way.ANSWER, Way.ANSWER_THEN_OFFER, Way.OFFER_IF_ASKED}
ANSWERED: Final = (
    *(name for name, plan in PLANS.items() if plan.way in _WITH_ANSWER),
    *("greet", "bot_challenge", "insult", "out_of_scope", "address", "nothing_said"),
)
"""Keys that knowledge.yml must answer."""

SMALL: Final = _names("greet goodbye thank affirm deny bot_challenge capabilities small_talk insult out_of_scope")
"""Needs that are no business: never a button in a question, never the topic of what follows."""

LABELS: Final = frozenset({"department"})
PHRASES: Final[Mapping[str, frozenset[str]]] = {
    **dict.fromkeys(
        _names(
            "clarify something_else no_thanks offer_declined again anything_else greet_with_case form_abandoned "
            "hours_closed_today "
            "case_none case_sorry_wait case_some_owner thanks_for_waiting standing_by think_it_over i_am_well "
            "i_am_here hurry_them "
            "opening_neutral opening_person opening_sorry opening_trouble opening_soon name_noted "
            "name_noted_again how_can_i_help "
            "opening_urgent opening_card "
            "opening_emergency opening_thanks opening_hardship ask_when ask_when_again ask_hour ask_hour_again "
            "ask_purpose "
            "ask_purpose_again ask_phone "
            "ask_phone_again any_time no_order_code ask_call_time ask_call_time_again ask_call_hour "
            "ask_what ask_what_again "
            "ask_order ask_order_again no_call"
        ),
        frozenset[str](),
    ),
    "meet_department": LABELS,
    "offer": LABELS,
    "offer_hurry": LABELS,
    "already_hurried": LABELS,
    "bot_with_case": frozenset({"code", "department"}),
    "opening_detail": LABELS,
    "case_withdrawn": frozenset({"code", "department"}),
    "case_changed": frozenset({"code", "department"}),
    "case_hurried": frozenset({"code", "department"}),
    "case_next": frozenset({"code", "department", "promise"}),
    "case_position": frozenset({"code", "department", "count", "promise"}),
    "case_wait": frozenset({"minutes"}),
    "offer_later": LABELS | {"when"},
    "hours_today": frozenset({"blocks"}),
    "hours_holiday": frozenset({"holiday"}),
    "hours_open_now": frozenset({"when"}),
    "hours_closed_now": frozenset({"when"}),
    "hours_week": frozenset({"week"}),
    "hours_day_open": frozenset({"day", "blocks"}),
    "hours_day_closed": frozenset({"day"}),
    "hours_day_closed_until": frozenset({"day", "when"}),
    "hours_department": frozenset({"department", "week"}),
    "case_waiting": frozenset({"code", "department", "number", "promise"}),
    "case_assigned": frozenset({"code", "department", "owner", "promise"}),
    "case_resolved": frozenset({"code", "department"}),
    "case_number": frozenset({"number"}),
    "case_promise": frozenset({"when"}),
    "case_call": frozenset({"when"}),
    "case_unknown": frozenset({"code"}),
    "back_to_form": frozenset({"question"}),
    "form_resumed": frozenset({"question"}),
    "form_trouble": frozenset({"question"}),
    "appointment_noted": frozenset({"purpose", "when"}),
    "appointment_moved": frozenset({"when"}),
    "callback_noted": frozenset({"phone", "when"}),
    "call_closed": frozenset({"asked", "free"}),
    "call_holiday": frozenset({"asked", "holiday", "free"}),
    "call_over": frozenset({"free"}),
    "call_stays": frozenset({"when", "off"}),
    "order_noted": frozenset({"order"}),
    "form_noted": frozenset({"question", "value"}),
}
"""Sentences that knowledge.yml must have, with the placeholders of their own."""

COMMON: Final = frozenset({"you", "You", "me", "Me", "company", "hotline", "email", "fanpage", "address"})
