"""Every store keeps alike what people said of messages, and forgets customers alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from bot.domain.errors import Unknown
from bot.domain.messages import Message
from bot.domain.teaching.examples import Consent, Example, ExampleState, Source, labelled
from bot.domain.turns import Closing, Outcome, Reading
from bot.services.ports_models import ShadowReading
from bot.services.ports_teach import Candidate
from tests.contract.stores import NINE, Filling, at

SURE = Reading(ranking=(("parking", 0.97),), in_scope=0.99, decision="answer")
UNSURE = replace(SURE, doubtful=True)


async def read(room: Filling, text: str, case_id: int | None = None, reading: Reading | None = SURE) -> Message:
    """Let a customer say something, and the bot read it."""
    conversation = await room.conversation()
    turn = await room.uow.turns.current(conversation.id, NINE)
    said = await room.said(conversation, text, turn_id=turn.id)
    outcome = Outcome.OWNED if case_id is not None else Outcome.ANSWERED
    closing = Closing(outcome=outcome, at=at(minutes=1), case_id=case_id, intent="parking", reading=reading)
    await room.uow.turns.close(turn.id, closing)
    return said


def example(staff_id: int, text: str, customer_id: int | None, message_id: int | None = None, part: int = 0) -> Example:
    """An example about to be stored."""
    return labelled(
        id=0,
        text=text,
        label="parking",
        source=Source.REVIEW,
        staff_id=staff_id,
        at=NINE,
        consent=Consent.DEIDENTIFIED,
        two_reviewers=False,
        message_id=message_id,
        customer_id=customer_id,
        part=part,
    )


async def queue(room: Filling) -> dict[int, Candidate]:
    """The candidates by message."""
    return {one.seen.message_id: one for one in await room.uow.teaching.candidates(NINE, seed=1)}


async def test_a_message_may_have_several_examples(room: Filling) -> None:
    lan = await room.person()
    second = await room.uow.teaching.add_example(example(lan.id, "hỏi giá", 7, 1, part=1))
    first = await room.uow.teaching.add_example(example(lan.id, "gửi xe", 7, 1))
    await room.uow.teaching.add_example(example(lan.id, "gửi xe", 7, 2))
    assert await room.uow.teaching.of_message(1) == [first, second]
    await room.uow.teaching.save_example(first.withdrawn(NINE))
    assert await room.uow.teaching.of_message(1) == [second]


async def test_examples_that_say_the_same_to_a_reader_are_found(room: Filling) -> None:
    lan = await room.person()
    one, other = [await room.uow.teaching.add_example(example(lan.id, text, None)) for text in ("Gửi xe?", "gửi  xe")]
    await room.uow.teaching.add_example(example(lan.id, "gui xe", None))
    assert await room.uow.teaching.alike("gửi xe!") == [one, other]
    await room.uow.teaching.save_example(one.withdrawn(NINE))
    assert await room.uow.teaching.alike("gửi xe!") == [other]


async def test_what_two_people_disagree_on_is_a_candidate_again(room: Filling) -> None:
    lan, minh = await room.person(), await room.person("Minh")
    said = await read(room, "gửi xe ở đâu")
    decision = await room.uow.teaching.decide(said.id, "address", lan.id, at(hours=1), None)
    assert await queue(room) == {}
    objection = await room.uow.teaching.object(said.id, "parking", minh.id, at(hours=2))
    assert await room.uow.teaching.objection(said.id) == objection
    found = (await queue(room))[said.id]
    assert (found.seen.disputed, found.decision, found.objection) == (True, decision, objection)
    await room.uow.teaching.settle(objection, at(hours=3))
    assert await room.uow.teaching.objection(said.id) is None
    assert await queue(room) == {}


async def test_what_waits_for_a_second_person_is_a_candidate_for_others_only(room: Filling) -> None:
    lan, minh = await room.person(), await room.person("Minh")
    said, parted = await read(room, "gửi xe ở đâu"), await read(room, "gửi xe, với lại địa chỉ")
    kept = replace(example(lan.id, "gửi xe ở đâu", 7, said.id), state=ExampleState.PROPOSED, reviewed_by=None)
    kept = await room.uow.teaching.add_example(kept)
    await room.uow.teaching.add_example(replace(kept, text="gửi xe", message_id=parted.id))
    decision = await room.uow.teaching.decide(said.id, "parking", lan.id, at(hours=1), kept.id)
    await room.uow.teaching.decide(parted.id, "parking+address", lan.id, at(hours=1), None)
    (found,) = await room.uow.teaching.candidates(NINE, seed=1, second=minh.id)
    assert (found.seen.message_id, found.seen.proposed, found.decision, found.objection) == (
        said.id,
        True,
        decision,
        None,
    )
    assert await room.uow.teaching.candidates(NINE, seed=1, second=lan.id) == []
    assert await queue(room) == {}
    objection = await room.uow.teaching.object(said.id, "address", minh.id, at(hours=2))
    (found,) = await room.uow.teaching.candidates(NINE, seed=1, second=minh.id)
    assert (found.seen.proposed, found.seen.disputed, found.objection) == (False, True, objection)
    await room.uow.teaching.settle(objection, at(hours=3))
    await room.uow.teaching.save_example(kept.approved(minh.id, two_reviewers=True))
    assert await room.uow.teaching.candidates(NINE, seed=1, second=minh.id) == []


async def test_what_waits_for_a_person_waits_however_old_and_unread(room: Filling) -> None:
    lan, minh = await room.person(), await room.person("Minh")
    said, other, seen = [await read(room, text, reading=None) for text in ("gửi xe ở đâu", "gửi xe", "xe gửi đâu")]
    for one in (said, other):
        kept = replace(example(lan.id, one.text, 7, one.id), state=ExampleState.PROPOSED, reviewed_by=None)
        kept = await room.uow.teaching.add_example(kept)
        await room.uow.teaching.decide(one.id, "parking", lan.id, at(hours=1), kept.id)
    await room.uow.teaching.object(other.id, "address", minh.id, at(hours=2))

    async def found(since: datetime) -> dict[int, tuple[bool, bool]]:
        waiting = await room.uow.teaching.candidates(since, seed=1, second=minh.id)
        return {one.seen.message_id: (one.seen.proposed, one.seen.disputed) for one in waiting}

    assert await found(at(days=40)) == {said.id: (True, False), other.id: (False, True)}
    assert await found(NINE) == {said.id: (True, False), other.id: (False, True)}
    assert seen.id not in await found(NINE)


async def test_pieces_of_split_messages_take_no_place_of_what_waits(room: Filling) -> None:
    lan, minh = await room.person(), await room.person("Minh")
    said = await read(room, "gửi xe ở đâu")
    whole = replace(example(lan.id, "gửi xe ở đâu", 7, said.id), state=ExampleState.PROPOSED, reviewed_by=None)
    whole = await room.uow.teaching.add_example(whole)
    await room.uow.teaching.decide(said.id, "parking", lan.id, at(hours=1), whole.id)
    for number in range(120):
        await room.uow.teaching.add_example(replace(whole, text=f"gửi xe {number}", message_id=9_000 + number, part=1))
    (found,) = await room.uow.teaching.candidates(NINE, seed=1, second=minh.id)
    assert found.seen.message_id == said.id


async def test_a_correction_makes_a_candidate_of_what_opened_the_case(room: Filling) -> None:
    lan = await room.person()
    conversation = await room.conversation()
    case = await room.case(conversation)
    assert await room.uow.teaching.opening(case.id) is None
    said = await read(room, "gửi xe ở đâu", case.id, reading=None)
    await read(room, "còn gì nữa không", case.id, reading=None)
    opening = await room.uow.teaching.opening(case.id)
    assert opening is not None
    assert (opening.message_id, opening.intent) == (said.id, "parking")
    assert await queue(room) == {}
    correction = await room.uow.teaching.correct(case.id, said.id, "address", lan.id, at(hours=1))
    assert await room.uow.teaching.correction(case.id) == correction
    assert await room.uow.teaching.corrected(said.id)
    (found,) = (await queue(room)).values()
    assert (found.seen.message_id, found.seen.corrected_to, found.seen.wrong_need) == (said.id, "address", True)
    await room.uow.teaching.uncorrect(correction, at(hours=2))
    assert await room.uow.teaching.correction(case.id) is None
    assert not await room.uow.teaching.corrected(said.id)
    assert await queue(room) == {}
    assert await room.uow.teaching.opening(case.id + 9) is None


async def test_what_the_latest_candidate_reads_differently_is_told(room: Filling) -> None:
    said, other = [await read(room, text, reading=UNSURE) for text in ("gửi xe ở đâu", "gửi xe máy")]
    readings = [
        ShadowReading(model_id="m-1", message_id=other.id, serving="parking", intent="thank", confidence=0.4, at=NINE),
        ShadowReading(
            model_id="m-2", message_id=said.id, serving="parking", intent="address", confidence=0.6, at=at(hours=1)
        ),
        ShadowReading(
            model_id="m-2", message_id=other.id, serving="parking", intent="parking", confidence=0.6, at=at(hours=2)
        ),
    ]
    await room.uow.models.add_shadow_readings(readings)
    found = await queue(room)
    assert [found[one.id].seen.shadow_intent for one in (said, other)] == ["address", None]


async def test_a_customer_who_refuses_is_neither_shown_nor_learned_from(room: Filling) -> None:
    lan, minh = await room.person(), await room.person("Minh")
    said = await read(room, "gửi xe ở đâu", reading=UNSURE)
    customer = (await room.conversation()).customer_id
    await room.uow.teaching.add_example(example(lan.id, "gửi xe", customer, said.id))
    refusal = await room.uow.teaching.refuse(customer, lan.id, NINE)
    assert await room.uow.teaching.refuse(customer, minh.id, at(hours=1)) == refusal
    assert await room.uow.teaching.refusal(customer) == refusal
    assert await room.uow.teaching.refused({customer, customer + 1}) == {customer}
    assert await queue(room) == {}
    assert await room.uow.teaching.approved(9) == []
    await room.uow.teaching.allow(customer)
    assert await room.uow.teaching.refusal(customer) is None
    assert list(await queue(room)) == [said.id]
    assert len(await room.uow.teaching.approved(9)) == 1
    with pytest.raises(Unknown):
        await room.uow.teaching.refuse(customer + 99, lan.id, NINE)


async def test_a_forgotten_customer_leaves_a_case_and_a_proof(room: Filling) -> None:
    lan = await room.person()
    conversation = await room.conversation()
    case = await room.case(conversation)
    said = await read(room, "gửi xe ở đâu", case.id)
    kept = await room.uow.teaching.add_example(example(lan.id, "gửi xe", conversation.customer_id, said.id))
    stranger = await room.uow.teaching.add_example(example(lan.id, "gửi xe", None))
    open_turn = await room.uow.turns.current(conversation.id, at(hours=1))
    reading = ShadowReading(
        model_id="m-1", message_id=said.id, serving="parking", intent="thank", confidence=0.9, at=NINE
    )
    await room.uow.models.add_shadow_readings([reading])
    erasure = await room.uow.teaching.erase(conversation.customer_id, "house", at(hours=2), "đã xoá")
    assert (erasure.counts["messages"], erasure.paths) == (1, ())
    assert await room.uow.models.shadow_counts("m-1", NINE) == (0, 0)
    assert await room.uow.messages.many([said.id]) == []
    assert (await room.uow.teaching.example(kept.id)).state is ExampleState.WITHDRAWN
    assert await room.uow.teaching.example(stranger.id) == stranger
    assert (await room.uow.cases.get(case.id)).summary == "đã xoá"
    blank = await room.uow.conversations.get(conversation.id)
    assert (blank.customer_name, blank.dialogue, blank.reachable) == (None, None, False)
    assert await room.uow.conversations.at(conversation.channel, conversation.chat) is None
    assert (await room.uow.turns.get(open_turn.id)).outcome is Outcome.ANSWERED
    assert await room.uow.turns.opened(conversation.id) is None
    assert await room.uow.teaching.erasures(conversation.customer_id) == [erasure]
    again = await room.uow.teaching.erase(conversation.customer_id, "house", at(hours=3), "đã xoá")
    assert again.counts["messages"] == 0
    await room.uow.teaching.files_gone(again)
    assert await room.uow.teaching.erasures(conversation.customer_id) == [erasure, replace(again, paths=())]
    with pytest.raises(Unknown):
        await room.uow.teaching.erase(conversation.customer_id + 99, "house", NINE, "")
