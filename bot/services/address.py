"""How a customer likes to be called, as far as the assistant has heard it."""

from __future__ import annotations

import re

from bot.domain.conversations import Conversation

UNKNOWN = "anh/chị"
FORMS = frozenset({"anh", "chị", "bác", "cô", "chú", "dì", "cậu", "mợ", "thím", "dượng", "ông", "bà"})
"""What may be said to a customer; "em" is not among it: who calls themselves so is being polite."""

ELDERS = FORMS - {"anh", "chị"}
"""Before them the house calls itself "cháu"."""

_SLOT = "address"
_YOU = re.compile(r"anh/chị", re.IGNORECASE)
_ME = re.compile(r"\bem\b", re.IGNORECASE)


def address_of(conversation: Conversation) -> str:
    """Return the form of address, `UNKNOWN` where none was heard.

    The state that the engine hands us is a list of what happened in the dialogue, among it what the assistant noted:
    the last note counts. It is the only thing that is read of it here, and whatever else it holds is as good as none.
    """
    events = (conversation.dialogue or {}).get("events")
    if not isinstance(events, list):
        return UNKNOWN
    noted = [one.get("value") for one in events if isinstance(one, dict) and one.get("slot") == _SLOT]
    known = noted[-1] if noted else None
    return known if isinstance(known, str) and known in FORMS else UNKNOWN


def addressed(text: str, conversation: Conversation) -> str:
    """Return a sentence of the house, written for nobody in particular, as it is said to this customer."""
    you = address_of(conversation)
    if you == UNKNOWN or conversation.language != "vi":
        return text
    said = _YOU.sub(lambda found: _as(found[0], you), text)
    return _ME.sub(lambda found: _as(found[0], "cháu"), said) if you in ELDERS else said


def _as(written: str, word: str) -> str:
    return word[0].upper() + word[1:] if written[0].isupper() else word
