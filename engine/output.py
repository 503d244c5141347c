"""Collects what the bot says and decides during one turn."""

from typing import Any

from rasa.core.channels.channel import OutputChannel

from engine.errors import ActionServerFailure


class TurnOutput(OutputChannel):  # type: ignore[misc]
    """Texts with their buttons go to `messages`, structured JSON of actions to `outcomes`, both in order."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        self.outcomes: list[dict[str, Any]] = []

    @classmethod
    def name(cls) -> str:
        """The channel's name for channel-specific responses in domain.yml."""
        return "letan"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Take one response of Rasa's, which may hold a text, buttons and JSON at once."""
        text = message.get("text")
        buttons = [
            {"title": str(button.get("title", "")), "payload": str(button.get("payload", ""))}
            for button in [*(message.get("buttons") or []), *(message.get("quick_replies") or [])]
        ]
        if text or buttons:
            self.messages.append({"text": text or "", "buttons": buttons})
        for kind in ("image", "attachment"):
            if isinstance(message.get(kind), str):
                self.messages.append({"text": message[kind], "buttons": []})
        custom = message.get("custom")
        if custom:
            if not isinstance(custom, dict):
                raise ActionServerFailure("an outcome that is not an object")
            self.outcomes.append(custom)
