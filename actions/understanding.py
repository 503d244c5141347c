"""What the engine understood of a message, and whether that is sure enough to act on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from actions.plan import PLANS, SMALL, Plan

# Used only where the engine's own calibrated decision did not come along.
_SURE: Final = 0.55
_WORTH_ASKING: Final = 0.3
_IN_SCOPE: Final = 0.25
_MOST_OPTIONS: Final = 3
_FEWEST_SHARE: Final = 0.25
_NOISE: Final = 0.02
_NEAR: Final = 0.12
"""Share of the likeliest need's chance from which another is worth a button beside it."""
_GRAVE: Final = frozenset({"emergency", "legal_threat", "card_lost", "privacy_request", "media_inquiry"})
_GRAVELY: Final = 0.1


class Decision(StrEnum):
    """What the engine advises; the values are its own words."""

    ANSWER = "answer"
    ASK = "ask"
    HAND_OFF = "hand_off"


@dataclass(frozen=True, slots=True)
class Understanding:
    """The engine's result for one message."""

    intent: str
    confidence: float
    ranking: tuple[tuple[str, float], ...]
    decision: Decision
    candidates: tuple[str, ...] = ()
    """The needs that the engine would ask about, likeliest first."""
    entities: tuple[Mapping[str, Any], ...] = field(default_factory=tuple)

    @classmethod
    def read(cls, message: Mapping[str, Any], plans: Mapping[str, Plan] = PLANS) -> Understanding:
        """Read a tracker's latest message; a missing confidence counts as none, and a need without a plan as none."""
        intent, confidence = _scored(message.get("intent"))
        ranking = tuple(
            one for one in (_scored(entry) for entry in _list(message.get("intent_ranking"))) if one[0] in plans
        )
        return cls(
            intent=intent,
            confidence=confidence,
            ranking=ranking or (((intent, confidence),) if intent in plans else ()),
            decision=_decision(message, intent, confidence) if intent in plans else Decision.HAND_OFF,
            candidates=tuple(name for name in _list(message.get("candidates")) if name in plans),
            entities=tuple(entry for entry in _list(message.get("entities")) if isinstance(entry, Mapping)),
        )

    @property
    def sure(self) -> bool:
        """Tell whether to act on the intent as it is."""
        return self.decision is Decision.ANSWER

    def options(self) -> tuple[str, ...]:
        """Return the two or three likeliest needs to ask about; needs that are no business are not worth a button."""
        scores = dict(self.ranking)
        advised = tuple(name for name in self.candidates if _worth_a_button(name, scores.get(name, 1.0), _NOISE))
        top = scores.get(advised[0], 1.0) if advised else 0.0
        near = tuple(name for name in advised if scores.get(name, 1.0) >= _NEAR * top)[:_MOST_OPTIONS]
        if len(near) > 1:
            return near
        likely = [one for one in self.ranking if _worth_a_button(*one, least=0.0)][:_MOST_OPTIONS]
        if len(likely) == _MOST_OPTIONS and likely[2][1] < _FEWEST_SHARE * likely[1][1]:
            likely.pop()
        return tuple(name for name, _ in likely)


def _worth_a_button(name: str, score: float, least: float) -> bool:
    """Tell whether a need may stand on a button; nobody wants to be asked for nothing whether it burns."""
    return name not in SMALL and score >= (_GRAVELY if name in _GRAVE else least)


def _decision(message: Mapping[str, Any], intent: str, confidence: float) -> Decision:
    advised = message.get("decision")
    if isinstance(advised, str) and advised in set(Decision):
        return Decision(advised)
    in_scope = message.get("in_scope")
    outside = isinstance(in_scope, (int, float)) and in_scope < _IN_SCOPE
    if confidence >= _SURE and not outside:
        return Decision.ANSWER
    return Decision.ASK if confidence >= _WORTH_ASKING and not outside else Decision.HAND_OFF


def _scored(entry: object) -> tuple[str, float]:
    if not isinstance(entry, Mapping):
        return "", 0.0
    name, confidence = entry.get("name"), entry.get("confidence")
    return str(name or ""), float(confidence) if isinstance(confidence, (int, float)) else 0.0


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
