"""Every store keeps what the assistant is taught alike."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.errors import ForbiddenMove, Unknown
from bot.domain.messages import Message
from bot.domain.teaching.dataset import Unlearned
from bot.domain.teaching.examples import Consent, EntityMark, Example, ExampleState, Source, labelled
from bot.domain.turns import Closing, Outcome, Reading
from bot.services.ports_review import CLEARED
from bot.services.ports_teach import TrainingState
from tests.contract.stores import NINE, Filling, at

ASKED = Reading(ranking=(("parking", 0.41), ("address", 0.4)), in_scope=0.9, decision="ask", doubtful=True)
SURE = Reading(ranking=(("parking", 0.97),), in_scope=0.99, decision="answer")


async def read(room: Filling, text: str, reading: Reading | None, chat: str = "chat-1") -> Message:
    """Let a customer say something, and the bot read it."""
    conversation = await room.conversation(chat)
    turn = await room.uow.turns.current(conversation.id, NINE)
    said = await room.said(conversation, text, turn_id=turn.id)
    closing = Closing(outcome=Outcome.ANSWERED, at=at(minutes=1), intent="parking", confidence=0.41, reading=reading)
    await room.uow.turns.close(turn.id, closing)
    return said


async def test_a_turn_keeps_how_it_was_read(room: Filling) -> None:
    asked, sure, unread = [await read(room, "gửi xe ở đâu", one) for one in (ASKED, SURE, None)]
    turns = [await room.uow.turns.get(one.turn_id or 0) for one in (asked, sure, unread)]
    assert [one.reading for one in turns] == [ASKED, SURE, None]


async def test_candidates_say_how_they_were_read_and_go_once_somebody_has_decided(room: Filling) -> None:
    lan = await room.person()
    said = await read(room, "gửi xe ở đâu", ASKED)
    await read(room, "một tin cũ", None)
    await read(room, "một tin mà bot chắc chắn", SURE)
    (found,) = await room.uow.teaching.candidates(NINE, seed=1)
    assert (found.seen.message_id, found.seen.text, found.name) == (said.id, "gửi xe ở đâu", "Mai")
    assert (found.seen.ranking, found.seen.in_scope, found.seen.decision) == (ASKED.ranking, 0.9, "ask")
    assert (found.seen.intent, found.seen.channel, found.seen.outcome) == ("parking", "webchat", Outcome.ANSWERED)
    assert await room.uow.teaching.candidates(at(days=1), seed=1) == []
    decision = await room.uow.teaching.decide(said.id, None, lan.id, at(hours=1), None)
    assert await room.uow.teaching.candidates(NINE, seed=1) == []
    assert await room.uow.teaching.decision(said.id) == decision
    assert await room.uow.teaching.counts() == (1, 0)
    await room.uow.teaching.undo(decision, at(hours=2))
    assert await room.uow.teaching.decision(said.id) is None
    assert [one.seen.message_id for one in await room.uow.teaching.candidates(NINE, seed=1)] == [said.id]


async def test_the_message_to_decide_on_is_the_customers(room: Filling) -> None:
    conversation = await room.conversation()
    said = await room.said(conversation, "gửi xe ở đâu")
    found = await room.uow.teaching.message(said.id, lock=True)
    assert (found.text, found.customer_id, found.name) == ("gửi xe ở đâu", conversation.customer_id, "Mai")
    with pytest.raises(Unknown):
        await room.uow.teaching.message(said.id + 1)


def example(staff_id: int, message_id: int | None = None, text: str = "gửi xe ở đâu") -> Example:
    """An example about to be stored."""
    return labelled(
        id=0,
        text=text,
        label="parking",
        source=Source.REVIEW,
        staff_id=staff_id,
        at=NINE,
        consent=Consent.DEIDENTIFIED,
        two_reviewers=True,
        message_id=message_id,
        customer_id=7,
        entities=(EntityMark(start=0, end=3, name="item"),),
    )


async def test_an_example_is_kept_through_its_states(room: Filling) -> None:
    lan, minh = await room.person(), await room.person("Minh")
    first = await room.uow.teaching.add_example(example(lan.id, 1))
    second = await room.uow.teaching.add_example(example(lan.id, 2, "chỗ gửi xe"))
    assert first == replace(example(lan.id, 1), id=first.id)
    assert await room.uow.teaching.example(first.id) == first
    approved = first.approved(minh.id, two_reviewers=True)
    await room.uow.teaching.save_example(approved)
    assert await room.uow.teaching.approved(9) == [approved]
    assert await room.uow.teaching.counts() == (0, 1)
    assert await room.uow.teaching.examples(before=None, limit=9) == [second, approved]
    assert await room.uow.teaching.examples(before=second.id, limit=9) == [approved]
    assert await room.uow.teaching.examples(state=ExampleState.PROPOSED, before=None, limit=9) == [second]
    withdrawn = approved.withdrawn(at(hours=1))
    await room.uow.teaching.save_example(withdrawn)
    assert await room.uow.teaching.of_customer(7) == [withdrawn, second]
    await room.uow.teaching.save_example(withdrawn)
    with pytest.raises(ForbiddenMove):
        await room.uow.teaching.save_example(approved)
    assert await room.uow.teaching.approved(9) == []
    with pytest.raises(Unknown):
        await room.uow.teaching.example(second.id + 9)


async def test_what_trainings_quoted_can_be_cleared(room: Filling) -> None:
    lan = await room.person()
    left = [
        Unlearned(intent="gui_xe_dem", name="Gửi xe đêm", missing=1),
        Unlearned(intent="parking", name="parking", missing=0, text="gọi chị Hồng"),
    ]
    training = await room.uow.teaching.start_training(lan.id, 3, NINE, unlearned=left)
    assert training is not None
    await room.uow.teaching.clear_faults()
    kept = await room.uow.teaching.training(training.id)
    assert (kept.faults, kept.unlearned) == ((), (left[0], replace(left[1], text=CLEARED)))
    await room.uow.teaching.save_training(replace(kept, state=TrainingState.FAILED, faults=("“gọi chị Hồng” hỏng",)))
    await room.uow.teaching.clear_faults()
    assert (await room.uow.teaching.training(training.id)).faults == (CLEARED,)


async def test_one_training_runs_at_a_time(room: Filling) -> None:
    lan = await room.person()
    few = Unlearned(intent="gui_xe_dem", name="Gửi xe đêm", missing=1)
    first = await room.uow.teaching.start_training(lan.id, 3, NINE, needs=["sac_xe"], unlearned=[few])
    assert first is not None
    assert (first.needs, first.unlearned) == (("sac_xe",), (few,))
    assert await room.uow.teaching.start_training(lan.id, 3, NINE) is None
    assert await room.uow.teaching.running() == first
    ended = replace(
        first,
        state=TrainingState.DONE,
        progress="write model",
        share=1.0,
        ended_at=at(minutes=1),
        beat_at=at(minutes=1),
        faults=("hỏng",),
        model_id="m-1",
        gate={"allowed": False},
    )
    await room.uow.teaching.save_training(ended)
    assert await room.uow.teaching.running() is None
    assert await room.uow.teaching.training(first.id) == ended
    second = await room.uow.teaching.start_training(lan.id, 4, at(hours=1))
    assert second is not None
    assert await room.uow.teaching.trainings(9) == [second, ended]
    assert await room.uow.teaching.judged(["m-1", "m-2"]) == [ended]
    with pytest.raises(Unknown):
        await room.uow.teaching.training(second.id + 9)
