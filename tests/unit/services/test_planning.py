"""What the bot would say and may not: it takes the customer to a person, and leaves no words of theirs in the log."""

from __future__ import annotations

from structlog.testing import capture_logs

from bot.domain.conversations import Conversation, Floor
from bot.domain.guard import RefusalReason
from bot.domain.messages import Author, Channel, Direction, Message, MessageKind
from bot.services.planning import Context, plan
from bot.services.ports_engine import EngineAnswer, EngineRequest, Ranked, Reply
from tests.unit.services.virtual_house import NINE

REFUSAL = "Chị Mai ơi, việc này không phải việc của em."


class Refusing:
    """An engine that sends the customer away."""

    async def turn(self, request: EngineRequest) -> EngineAnswer:
        """Answer."""
        return EngineAnswer(
            message_id=request.message_id,
            model_id="m",
            intent=Ranked(name="invoice_request", confidence=0.9),
            messages=[Reply(text=REFUSAL, buttons=[])],
            outcomes=[{"department": "accounting"}],
        )


async def test_a_held_sentence_takes_the_customer_to_a_person_and_is_not_logged() -> None:
    talk = Conversation(id=1, customer_id=1, channel=Channel.WEBCHAT, chat="chat", floor=Floor(), created_at=NINE)
    said = Message(
        id=7,
        conversation_id=1,
        direction=Direction.INBOUND,
        author=Author.CUSTOMER,
        kind=MessageKind.TEXT,
        text="Xuất hoá đơn cho chị Mai",
        created_at=NINE,
    )
    with capture_logs() as logs:
        planned = await plan(
            Refusing(), talk, said, Context(facts={}, album_answered=False, waiting_case=None, rating=None)
        )
    assert [(one.department, one.reason) for one in planned.needs] == [("accounting", "held_by_guard")]
    assert planned.replies == ()
    assert [(one["event"], one["message_id"], one["reason"]) for one in logs] == [
        ("bot_sentence_held", 7, RefusalReason.NOT_MY_JOB)
    ]
    assert "Mai" not in str(logs)
