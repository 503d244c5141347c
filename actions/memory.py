"""What the dialogue remembers between turns: Rasa slots, read into types and written back where they changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

SLOTS: Final = ("address", "language", "topic", "offer", "question", "form", "strikes", "known")
MAX_QUOTE = 300
"""Characters of an earlier message that are kept for the summary of a case; the whole state must stay small."""


@dataclass(frozen=True, slots=True)
class Offer:
    """The customer was asked whether they want to meet this department, after writing `text`."""

    department: str
    intent: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """The customer was asked which of these needs is theirs, after writing `text`; `scores` are their chances then."""

    intents: tuple[str, ...]
    text: str = ""
    scores: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class FormState:
    """A form being filled.

    `asked` is the field of the last question, None while the form rests; `misses` counts answers that did not fit it;
    `reminded` is set once the customer was led back to the question from something else. `notes` are what the form
    keeps for itself; nobody collects them.
    """

    name: str
    intent: str
    values: Mapping[str, str] = field(default_factory=dict)
    asked: str | None = None
    misses: int = 0
    text: str = ""
    reminded: bool = False
    notes: Mapping[str, str] = field(default_factory=dict)

    def noted(self, **notes: str) -> FormState:
        """Return the form with these notes beside the others."""
        return replace(self, notes={**self.notes, **notes})

    def with_values(self, found: Mapping[str, str]) -> FormState:
        """Return the form with these values; a later one replaces an earlier one, as people correct themselves."""
        return replace(self, values={**self.values, **found})


@dataclass(frozen=True, slots=True)
class Memory:
    """The state of the dialogue.

    `topic` is the last need, `strikes` counts turns in a row that did not help, `known` are particulars that outlive
    the need for which they were given.
    """

    address: str | None = None
    language: str | None = None
    topic: str | None = None
    offer: Offer | None = None
    question: Question | None = None
    form: FormState | None = None
    strikes: int = 0
    known: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, slots: Mapping[str, Any]) -> Memory:
        """Read the slots of a tracker; what does not fit is forgotten rather than raised."""
        strikes = slots.get("strikes")
        return cls(
            address=_text(slots.get("address")),
            language=_text(slots.get("language")),
            topic=_text(slots.get("topic")),
            offer=_offer(slots.get("offer")),
            question=_question(slots.get("question")),
            form=_form(slots.get("form")),
            strikes=int(strikes) if isinstance(strikes, (int, float)) else 0,
            known=_texts(slots.get("known")),
        )

    def changes(self, slots: Mapping[str, Any]) -> dict[str, Any]:
        """Return the slots of a tracker that must change to come to this state, with their new values."""
        wanted: dict[str, Any] = {
            "address": self.address,
            "language": self.language,
            "topic": self.topic,
            "offer": asdict(self.offer) if self.offer else None,
            "question": _written(self.question) if self.question else None,
            "form": asdict(self.form) if self.form else None,
            "strikes": self.strikes or None,
            "known": dict(self.known) or None,
        }
        return {name: wanted[name] for name in SLOTS if slots.get(name) != wanted[name]}


def quote(text: str) -> str:
    """Return as much of a message as is worth keeping."""
    flat = " ".join(text.split())
    return flat if len(flat) <= MAX_QUOTE else f"{flat[: MAX_QUOTE - 1]}…"


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _texts(value: object) -> dict[str, str]:
    return {str(key): str(one) for key, one in value.items()} if isinstance(value, dict) else {}


def _written(question: Question) -> dict[str, Any]:
    return {"intents": list(question.intents), "text": question.text, "scores": list(question.scores)}


def _offer(value: object) -> Offer | None:
    if not isinstance(value, dict):
        return None
    department, intent = _text(value.get("department")), _text(value.get("intent"))
    return Offer(department, intent, _text(value.get("text")) or "") if department and intent else None


def _question(value: object) -> Question | None:
    intents = value.get("intents") if isinstance(value, dict) else None
    if not isinstance(value, dict) or not isinstance(intents, list) or not all(isinstance(one, str) for one in intents):
        return None
    scores = value.get("scores")
    numbers = scores if isinstance(scores, list) and all(isinstance(one, (int, float)) for one in scores) else []
    return Question(tuple(intents), _text(value.get("text")) or "", tuple(map(float, numbers)))


def _form(value: object) -> FormState | None:
    if not isinstance(value, dict):
        return None
    name, intent, values, misses = (value.get(key) for key in ("name", "intent", "values", "misses"))
    if not isinstance(name, str) or not isinstance(intent, str) or not isinstance(values, dict):
        return None
    return FormState(
        name=name,
        intent=intent,
        values=_texts(values),
        asked=_text(value.get("asked")),
        misses=misses if isinstance(misses, int) else 0,
        text=_text(value.get("text")) or "",
        reminded=value.get("reminded") is True,
        notes=_texts(value.get("notes")),
    )
