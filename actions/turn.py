"""One turn as the dialogue sees it: the message, what it means, what is known, and how to speak."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from actions.details import Details, as_tax_code, details_of, is_bare_number
from actions.facts import Facts
from actions.memory import Memory
from actions.plan import PLANS, SHIPPED, Plan, Plans
from actions.understanding import Understanding
from actions.voice import DEFAULT_ADDRESS, Voice, address_of
from bot.domain.company import Language
from bot.domain.language import language_of

_INVOICES: Final = frozenset({"invoice_request", "invoice_correction"})
_READABLE: Final = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Turn:
    """Everything a decision may look at."""

    message_id: str
    text: str
    understood: Understanding
    details: Details
    facts: Facts
    memory: Memory
    voice: Voice
    plans: Mapping[str, Plan] = field(default_factory=lambda: PLANS)
    """How each need is served, those that admins added included."""

    @classmethod
    def read(cls, message: Mapping[str, Any], slots: Mapping[str, Any], plans: Plans = SHIPPED) -> Turn:
        """Read a tracker's latest message and slots."""
        text = str(message.get("text") or "")
        facts, memory = Facts.read(message.get("metadata")), Memory.read(slots)
        spoken = Language(memory.language) if memory.language in set(Language) else facts.language
        language = language_of(text, spoken)
        served = plans.of(language)
        understood = Understanding.read(message, served)
        details = details_of(text, understood.entities)
        if "phone" in details.found and is_bare_number(text) and _about_invoices(facts, memory):
            details = as_tax_code(details)
        return cls(
            message_id=str(message.get("message_id") or text),
            text=text,
            understood=understood,
            details=details,
            facts=facts,
            memory=memory,
            voice=Voice(language, address_of(text) or _own_title(understood) or memory.address or DEFAULT_ADDRESS),
            plans=facts.drafted(served),
        )

    @property
    def language(self) -> Language:
        """The language to answer in."""
        return self.voice.language

    @property
    def customer_name(self) -> str | None:
        """The name that the customer gave now or earlier in this conversation."""
        return self.details.get("customer_name") or self.memory.known.get("customer_name")

    @property
    def readable(self) -> bool:
        """Tell whether there is a letter or a digit to understand."""
        return _READABLE.search(self.text) is not None


def _own_title(understood: Understanding) -> str | None:
    """Return the title that customers give themselves with their name: "bác tên Thìn"."""
    titles = (one.get("title") for one in understood.entities if one.get("entity") == "customer_name")
    return next((title for title in titles if isinstance(title, str) and title), None)


def _about_invoices(facts: Facts, memory: Memory) -> bool:
    """Tell whether a number said now belongs to an invoice: one is being asked for, and nothing else is."""
    if memory.form is not None and memory.form.asked is not None:
        return False
    newest = next((case for case in facts.open_cases if case.state != "resolved"), None)
    return memory.topic in _INVOICES or (newest is not None and newest.department == "accounting")
