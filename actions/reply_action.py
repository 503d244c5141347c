"""The actions of domain.yml: one that every rule calls, so a turn costs one call, and the same as Rasa's fallback."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from rasa_sdk import Tracker  # type: ignore[import-untyped]
from rasa_sdk.events import FollowupAction  # type: ignore[import-untyped]
from rasa_sdk.executor import CollectingDispatcher  # type: ignore[import-untyped]

from actions.base import LetanAction
from actions.dialogue import Dialogue
from actions.reply import Reply
from actions.turn import Turn


class ReplyAction(LetanAction):
    """Answers, asks back, or hands off."""

    def __init__(self, dialogue: Callable[[], Dialogue]) -> None:
        """``dialogue`` returns the one of the moment, with what admins added."""
        self._dialogue = dialogue

    def name(self) -> str:
        """Return the name in domain.yml."""
        return "action_reply"

    def reply(self, message: Mapping[str, Any], slots: Mapping[str, Any]) -> Reply:
        """Read and decide with the same dialogue."""
        dialogue = self._dialogue()
        return dialogue.decide(Turn.read(message, slots, dialogue.plans))

    def decide(self, turn: Turn) -> Reply:
        """Let the dialogue decide."""
        return self._dialogue().decide(turn)


class FallbackAction(ReplyAction):
    """Takes the place of Rasa's own fallback, which says nothing: a message without any intent gets an answer too.

    No rule speaks of what follows it, so it says itself that the bot listens again; else it would be called for ever.
    """

    def name(self) -> str:
        """Return the name that Rasa calls when no rule applies."""
        return "action_default_fallback"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Run the action, then listen."""
        return [*await super().run(dispatcher, tracker, domain), FollowupAction("action_listen")]
