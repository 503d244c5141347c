"""Customers who say who they are: greeted by their name, and remembered by it, also in the summary for staff."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Final

from actions.form_flow import FormFlow
from actions.lexicon import line
from actions.memory import Memory
from actions.reply import Reply, answered_by
from actions.speech import Speech
from actions.turn import Turn
from bot.domain.company import RECEPTION

_AROUND: Final = re.compile(
    r"\b(?:toi|tui|minh|em|anh|chi|co|chu|bac|chau|con|di|cau|ong|ba|to|tau|e|a|c|o|ten|la|day|ne|nha|nhe|nghe|ak|da|vang|"
    r"chao|xin|hello|hi|hey|alo|shop|ad|oi|cho|hoi|chut|ti|xiu|voi|nho|ghi|giup|gium|dum|goi|dc|duoc|cua|roi|do|"
    r"my|full|name|is|s|i|m|am|this|call|me|here|please|there)\b"
)

_NAMED: Final = re.compile(r"\bten (?:la )?\w+")
_NUMBERED: Final = re.compile(r"\S*[\d@]\S*")
_OF_A_NUMBER: Final = re.compile(
    r"\b(?:ma so thue|ma|so|don|hang|mua|dien thoai|dt|sdt|phone|email|mail|mst|hoa don|order|number|no|va|and|con)\b"
)


def name_said(turn: Turn) -> dict[str, Any] | None:
    """Return the outcome that tells the front office the customer's own name, on the turn that says it."""
    name = turn.details.get("customer_name")
    return {"customer": {"name": name}} if name is not None else None


def only_introduces(turn: Turn) -> bool:
    """Tell whether a message says who the customer is, and nothing else."""
    name = turn.details.get("customer_name")
    if name is None or turn.details.get("phone", "email", "order", "tax_code", "when", "money") is not None:
        return False
    return not _AROUND.sub(" ", _without(turn.text, name)).split()


def only_particulars(turn: Turn) -> bool:
    """Tell whether a message is particulars and nothing else: "em tên Hùng, mã đơn DH12345"."""
    name = turn.details.get("customer_name")
    known = turn.details.get("customer_name", "phone", "email", "order", "tax_code") is not None
    if not known or "?" in turn.text:
        return False
    rest = _without(_NUMBERED.sub(" ", turn.text), name)
    return not _AROUND.sub(" ", _OF_A_NUMBER.sub(" ", rest)).split()


def _without(text: str, name: str | None) -> str:
    """Return a folded line without the name, however that was typed."""
    flat = line(text)
    return f" {flat} ".replace(f" {line(name)} ", " ") if name is not None else _NAMED.sub(" ", flat)


class Introductions:
    """Answers a mere introduction; a question or a form that was open stays open."""

    def __init__(self, speech: Speech, forms: FormFlow) -> None:
        self._speech = speech
        self._forms = forms

    def take(self, turn: Turn, memory: Memory) -> Reply | None:
        """Greet by name; None when more was said, or a person waits for the name already."""
        if not only_introduces(turn) or turn.facts.waiting_cases:
            return None
        form, kept = memory.form, replace(turn.memory, address=memory.address, known=memory.known)
        greeting = self._speech.phrase("name_noted", turn)
        if form is not None and form.asked is not None:
            question = self._speech.inner(self._forms.question(turn, form))
            return Reply(
                kept, [f"{greeting} {question}"], self._forms.buttons(turn, form), outcomes=[answered_by(RECEPTION)]
            )
        asks = "name_noted_again" if turn.memory.topic is not None else "how_can_i_help"
        text = f"{greeting} {self._speech.phrase(asks, turn)}"
        return Reply(kept, [text], outcomes=[answered_by(RECEPTION)])
