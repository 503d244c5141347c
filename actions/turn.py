"""One turn as the dialogue sees it: the message, what it means, what is known, and how to speak."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from actions.details import Details, details_of
from actions.facts import Facts
from actions.memory import Memory
from actions.understanding import Understanding
from actions.voice import DEFAULT_ADDRESS, Voice, address_of
from bot.domain.company import Language
from bot.domain.language import language_of

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

    @classmethod
    def read(cls, message: Mapping[str, Any], slots: Mapping[str, Any]) -> Turn:
        """Read a tracker's latest message and slots."""
        text = str(message.get("text") or "")
        facts, memory = Facts.read(message.get("metadata")), Memory.read(slots)
        understood = Understanding.read(message)
        spoken = Language(memory.language) if memory.language in set(Language) else facts.language
        language = language_of(text, spoken)
        return cls(
            message_id=str(message.get("message_id") or text),
            text=text,
            understood=understood,
            details=details_of(text, understood.entities),
            facts=facts,
            memory=memory,
            voice=Voice(language, address_of(text) or memory.address or DEFAULT_ADDRESS),
        )

    @property
    def language(self) -> Language:
        """The language to answer in."""
        return self.voice.language

    @property
    def readable(self) -> bool:
        """Tell whether there is a letter or a digit to understand."""
        return _READABLE.search(self.text) is not None
