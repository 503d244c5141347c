"""Every store keeps alike what was read by which model."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.messages import Message
from bot.domain.teaching.drift import Heard
from bot.domain.teaching.examples import Consent, Source, labelled
from bot.domain.turns import Closing, Outcome, Reading
from bot.services.ports_models import Counted, ShadowReading
from tests.contract.stores import NINE, Filling, at

SURE = Reading(ranking=(("parking", 0.97),), in_scope=0.99, decision="answer")
ASKED = Reading(ranking=(("parking", 0.41),), in_scope=0.9, decision="ask", doubtful=True)
TEN = at(hours=1)


async def read(
    room: Filling, *texts: str, chat: str = "chat-1", minutes: float = 0, reading: Reading = SURE
) -> Message:
    """Let a customer say something in one turn, and the bot read it."""
    conversation = await room.conversation(chat)
    turn = await room.uow.turns.current(conversation.id, NINE)
    said = [await room.said(conversation, one, turn_id=turn.id) for one in texts]
    closing = Closing(
        outcome=Outcome.ANSWERED, at=at(minutes=minutes), intent="parking", confidence=0.9, reading=reading
    )
    await room.uow.turns.close(turn.id, closing)
    return said[-1]


def shadow(message: Message, intent: str = "address", minutes: float = 1) -> ShadowReading:
    """What a candidate made of a message."""
    return ShadowReading(
        model_id="m-2",
        message_id=message.id,
        serving="parking",
        intent=intent,
        confidence=0.7,
        at=at(minutes=minutes),
    )


async def test_a_candidate_reads_what_was_answered_once_and_in_order(room: Filling) -> None:
    late, early = await read(room, "gửi xe ở đâu", minutes=5), await read(room, "chào em", "bãi xe?", chat="chat-2")
    await room.said(await room.conversation("chat-3"), "chưa ai trả lời")
    found = await room.uow.models.unshadowed("m-2", NINE, 9)
    assert [(one.message_id, one.text) for one in found] == [
        (early.id, "chào em\nbãi xe?"),
        (late.id, "gửi xe ở đâu"),
    ]
    assert (found[0].intent, found[0].at, found[0].name) == ("parking", NINE, "Mai")
    assert len(await room.uow.models.unshadowed("m-2", NINE, 1)) == 1
    await room.uow.models.add_shadow_readings([shadow(early)])
    assert [one.message_id for one in await room.uow.models.unshadowed("m-2", NINE, 9)] == [late.id]
    assert len(await room.uow.models.unshadowed("m-3", NINE, 9)) == 2
    assert len(await room.uow.models.unshadowed("m-3", at(minutes=1), 9)) == 1


async def test_what_a_candidate_read_is_counted_and_what_differs_is_listed(room: Filling) -> None:
    first, second = await read(room, "gửi xe ở đâu"), await read(room, "bãi xe", chat="chat-2")
    await room.uow.models.add_shadow_readings([shadow(first), shadow(second, "parking", minutes=2)])
    await room.uow.models.add_shadow_readings([shadow(first, "parking"), shadow(second, "address")])
    assert await room.uow.models.shadow_counts("m-2", NINE) == (2, 1)
    assert await room.uow.models.shadow_counts("m-2", at(minutes=2)) == (1, 1)
    assert await room.uow.models.shadow_counts("m-3", NINE) == (0, 0)
    (found,) = await room.uow.models.differing("m-2", NINE, 9)
    assert (found.reading, found.text, found.name) == (shadow(first), "gửi xe ở đâu", "Mai")
    assert await room.uow.models.differing("m-2", at(minutes=2), 9) == []


async def test_traffic_is_counted_and_sampled(room: Filling) -> None:
    said = await read(room, "gửi xe ở đâu")
    await read(room, "xe xe", chat="chat-2", minutes=1, reading=ASKED)
    await read(room, "sau mười giờ", chat="chat-3", minutes=60)
    assert await room.uow.models.counted(NINE, TEN) == [
        Counted(channel="webchat", intent="parking", decision="answer", count=1),
        Counted(channel="webchat", intent="parking", decision="ask", count=1),
    ]
    heard = await room.uow.models.heard(NINE, TEN, 9)
    assert [(one.text, one.fallback) for one in heard] == [("gửi xe ở đâu", False), ("xe xe", True)]
    customer = (await room.conversation()).customer_id
    assert heard[0] == Heard(
        channel="webchat", customer_id=customer, text="gửi xe ở đâu", intent="parking", fallback=False
    )
    between = await room.uow.models.read_between(NINE, TEN, 9)
    assert (len(between), between[0].message_id) == (2, said.id)
    assert await room.uow.models.read_between(NINE - timedelta(days=7), NINE, 9) == []


async def test_an_even_sample_of_much_is_about_as_large_as_was_asked_for(room: Filling) -> None:
    for number in range(20):
        await read(room, f"câu {number}", chat=f"chat-{number}")
    assert 3 <= len(await room.uow.models.read_between(NINE, TEN, 5)) <= 5


async def test_what_was_read_before_anybody_looked_is_kept_for_each_example(room: Filling) -> None:
    lan, said = await room.person(), await read(room, "gửi xe ở đâu")

    async def taught(message_id: int | None, *, two_reviewers: bool = False) -> int:
        example = labelled(
            id=0,
            text="gửi xe ở đâu",
            label="address",
            source=Source.REVIEW,
            staff_id=lan.id,
            at=NINE,
            consent=Consent.DEIDENTIFIED,
            two_reviewers=two_reviewers,
            message_id=message_id,
        )
        return (await room.uow.teaching.add_example(example)).id

    first = await taught(said.id)
    await taught(None)
    await taught((await read(room, "ở đâu", chat="chat-2")).id, two_reviewers=True)
    assert await room.uow.models.read_then() == {first: "parking"}


async def test_a_training_may_be_the_shells_and_may_repeat_another(room: Filling) -> None:
    training = await room.uow.teaching.start_training(None, 3, NINE, resumes=7)
    assert training is not None
    assert (training.started_by, training.resumes) == (None, 7)
    assert await room.uow.teaching.training(training.id) == training
