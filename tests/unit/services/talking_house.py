"""The virtual house with the assistant's own dialogue behind its inbox; what the model makes of a text is scripted."""

from __future__ import annotations

from typing import Any

from rasa_sdk.executor import ActionExecutor

from actions.dialogue import Dialogue
from actions.reply_action import ReplyAction
from actions.speech import load_texts
from bot.domain.arrivals import Arrival, CustomerMessage
from bot.domain.messages import Button, Channel, MessageKind
from bot.services.ports import QueueName
from bot.services.ports_engine import EngineAnswer, EngineRequest, Ranked, Reply
from bot.simulation.agenda import run
from tests.conftest import ROOT
from tests.unit.actions.talk import Talk
from tests.unit.services.virtual_house import COMPANY, VirtualHouse

TEXTS = load_texts(ROOT / "knowledge.yml", COMPANY)


class ScriptedModel:
    """Answers a turn with the dialogue, as if the model had understood what it was told to."""

    def __init__(self) -> None:
        executor, dialogue = ActionExecutor(), Dialogue(COMPANY, TEXTS)
        executor.register_action(ReplyAction(lambda: dialogue))
        self._talk = Talk(executor)
        self.intent, self.sure = "out_of_scope", True

    async def turn(self, request: EngineRequest) -> EngineAnswer:
        """Answer one turn; the one customer's dialogue lies here."""
        self._talk.facts = dict(request.facts)
        understood: dict[str, Any] = {} if self.sure else {"decision": "ask", "candidates": [self.intent, "warranty"]}
        answer = self._talk.say(request.text, self.intent, 0.95 if self.sure else 0.4, **understood)
        texts = [one for one in answer.responses if one.get("text")]
        return EngineAnswer(
            message_id=request.message_id,
            model_id="scripted",
            intent=Ranked(name=self.intent, confidence=0.95 if self.sure else 0.4),
            messages=[
                Reply(
                    text=one["text"],
                    buttons=[Button(title=each["title"], payload=each["payload"]) for each in one.get("buttons") or []],
                )
                for one in texts
            ],
            outcomes=answer.outcomes,
        )


class TalkingHouse(VirtualHouse):
    """A house whose customers write in words."""

    def __init__(self) -> None:
        self.model = ScriptedModel()
        super().__init__(engine=self.model)

    def says(self, text: str, intent: str, *, sure: bool = True, chat: str = "chat") -> None:
        """A customer writes, which the model takes for an intent, and everything that comes of it at once happens."""
        self.model.intent, self.model.sure = intent, sure
        key = f"in-{len(self.memory.messages)}"
        said = CustomerMessage(
            provider_id=key, kind=MessageKind.TEXT, text=text, sender_id=chat, sender_name="Mai", client_id=key
        )
        arrival = Arrival(dedupe_key=key, chat=chat, payload={}, happening=said)

        async def arrives() -> None:
            await self.house.intake.accept(Channel.WEBCHAT, arrival)
            async with self.house.store.read() as uow:
                items = await uow.queues.read(QueueName.INBOX, seconds=30, limit=5)
            for item in items:
                await self.house.inbound.handle(item)

        run(arrives())
        self.settles()
