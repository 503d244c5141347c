"""The shape of every action: read the tracker into a turn, decide, write the reply back."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action, Tracker  # type: ignore[import-untyped]
from rasa_sdk.events import SlotSet  # type: ignore[import-untyped]
from rasa_sdk.executor import CollectingDispatcher  # type: ignore[import-untyped]

from actions.reply import Reply
from actions.turn import Turn


class EmptyReply(RuntimeError):
    """A decision with neither a text nor an outcome would leave the customer alone; the turn must fail instead."""


class LetanAction(Action, ABC):  # type: ignore[misc]
    """An action that decides from the turn alone. It catches no error: the server reports each as a failure."""

    @abstractmethod
    def name(self) -> str:
        """Return the name in domain.yml."""

    @abstractmethod
    def decide(self, turn: Turn) -> Reply:
        """Return what to say, do and remember."""

    def reply(self, message: Mapping[str, Any], slots: Mapping[str, Any]) -> Reply:
        """Return the reply to a tracker's latest message."""
        return self.decide(Turn.read(message, slots))

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Run one action call of the engine. Raises EmptyReply."""
        reply = self.reply(tracker.latest_message or {}, tracker.slots)
        messages = reply.messages()
        if not messages and not reply.outcomes:
            raise EmptyReply(self.name())
        for message in messages:
            dispatcher.utter_message(text=message["text"], buttons=message["buttons"])
        for outcome in reply.outcomes:
            dispatcher.utter_message(json_message=outcome)
        return [SlotSet(name, value) for name, value in reply.memory.changes(tracker.slots).items()]
