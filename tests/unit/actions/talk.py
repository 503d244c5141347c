"""A conversation through the public door of the action server: tracker JSON in, texts and outcomes out."""

from __future__ import annotations

from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from rasa_sdk.executor import ActionExecutor

from actions.memory import SLOTS

NOW = "2026-11-25T09:30:00+07:00"  # a Wednesday


@dataclass
class Answer:
    """What came back from one action call."""

    responses: list[dict[str, Any]]
    slots: dict[str, Any]

    @property
    def texts(self) -> list[str]:
        return [one["text"] for one in self.responses if one.get("text")]

    @property
    def text(self) -> str:
        return "\n".join(self.texts)

    @property
    def buttons(self) -> list[str]:
        return [button["title"] for one in self.responses for button in one.get("buttons") or []]

    @property
    def outcomes(self) -> list[dict[str, Any]]:
        return [one["custom"] for one in self.responses if one.get("custom")]

    @property
    def handoffs(self) -> list[dict[str, Any]]:
        return [one["handoff"] for one in self.outcomes if "handoff" in one]

    @property
    def handoff(self) -> dict[str, Any]:
        assert len(self.handoffs) == 1, self.outcomes
        return self.handoffs[0]

    @property
    def department(self) -> str:
        """Where the turn went, or who owns the answer."""
        first = self.outcomes[0]
        return first["handoff"]["department"] if "handoff" in first else first["department"]


@dataclass
class Talk:
    """One conversation; the slots are kept between turns as the engine would."""

    executor: ActionExecutor
    slots: dict[str, Any] = field(default_factory=lambda: dict.fromkeys(SLOTS))
    facts: dict[str, Any] = field(default_factory=lambda: {"now": NOW, "language": "vi"})
    said: int = 0

    def say(
        self,
        text: str,
        intent: str | None = "out_of_scope",
        confidence: float = 0.95,
        *,
        action: str = "action_reply",
        message_id: str | None = None,
        **parse: Any,
    ) -> Answer:
        self.said += 1
        # What is left of the confidence goes to talk that is neither a need nor a courtesy.
        rest = [name for name in ("deny", "capabilities", "insult") if name != intent][:2]
        ranking = [{"name": intent, "confidence": confidence}]
        ranking += [{"name": name, "confidence": (1 - confidence) / 2} for name in rest]
        message = {
            "text": text,
            "message_id": message_id or f"m-{self.said}",
            "intent": {"name": intent, "confidence": confidence},
            "intent_ranking": ranking,
            "entities": [],
            "metadata": self.facts,
            **parse,
        }
        call = {
            "next_action": action,
            "sender_id": "c-1",
            "version": "3.6.21",
            "domain": {},
            "tracker": {
                "sender_id": "c-1",
                "slots": dict(self.slots),
                "latest_message": message,
                "events": [],
                "paused": False,
                "followup_action": None,
                "active_loop": {},
                "latest_action_name": "action_listen",
            },
        }
        result = _finished(self.executor.run(call))
        for event in result.events:
            if event == {"event": "followup", "timestamp": None, "name": "action_listen"}:
                assert action == "action_default_fallback"
                continue
            assert event["event"] == "slot"
            self.slots[event["name"]] = event["value"]
        return Answer(result.responses, dict(self.slots))

    def unsure(self, text: str, *candidates: str, decision: str = "ask") -> Answer:
        """Say something that the engine is not sure about."""
        return self.say(text, candidates[0], 0.4, decision=decision, candidates=list(candidates))


def _finished(run: Coroutine[Any, Any, Any]) -> Any:
    """Run an action to its end without an event loop, which would take longer than the action: it waits for nothing."""
    try:
        run.send(None)
    except StopIteration as end:
        return end.value
    raise AssertionError("the action waited for something")
