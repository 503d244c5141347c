"""Every store keeps alike what admins added beside the developers' files."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.company import Priority, Words
from bot.domain.errors import Unknown
from bot.domain.knowledge import Wordings
from bot.domain.messages import Message
from bot.domain.teaching.answers import AnswerVersion
from bot.domain.teaching.examples import Consent, Source, labelled
from bot.domain.teaching.needs import TaughtNeed
from bot.domain.turns import Closing, Outcome, Reading
from bot.services.ports_needs import ExampleCounts
from tests.contract.stores import NINE, Filling, at


def need(staff_id: int, intent: str = "gui_xe_dem") -> TaughtNeed:
    return TaughtNeed(
        id=0,
        intent=intent,
        department="facilities",
        name=Words("Gửi xe qua đêm", "Overnight parking"),
        priority=Priority.HIGH,
        made_by=staff_id,
        made_at=NINE,
    )


async def read(room: Filling, text: str, decision: str, in_scope: float = 0.9) -> Message:
    """Let a customer say something that the bot was in doubt about."""
    conversation = await room.conversation("chat-1")
    turn = await room.uow.turns.current(conversation.id, NINE)
    said = await room.said(conversation, text, turn_id=turn.id)
    reading = Reading(ranking=(("parking", 0.4),), in_scope=in_scope, decision=decision, doubtful=True)
    closing = Closing(outcome=Outcome.ANSWERED, at=at(minutes=1), intent="parking", confidence=0.4, reading=reading)
    await room.uow.turns.close(turn.id, closing)
    return said


async def test_a_need_is_kept_and_its_intent_is_given_once(room: Filling) -> None:
    lan = await room.person()
    added = await room.uow.needs.add(need(lan.id))
    assert added is not None
    assert added == replace(need(lan.id), id=added.id)
    assert await room.uow.needs.add(need(lan.id)) is None
    await room.uow.needs.save(added.retired(at(hours=1)))
    assert await room.uow.needs.get(added.id) == added.retired(at(hours=1))
    assert await room.uow.needs.add(need(lan.id)) is None
    second = await room.uow.needs.add(need(lan.id, "muon_sac"))
    assert [one.intent for one in await room.uow.needs.listed()] == ["gui_xe_dem", "muon_sac"]
    with pytest.raises(Unknown):
        await room.uow.needs.get((second.id if second else 0) + 1)


async def test_examples_of_a_need_are_counted_until_they_are_withdrawn(room: Filling) -> None:
    lan = await room.person()
    await room.uow.needs.add(need(lan.id))
    ids = []
    for label, two in (("gui_xe_dem", False), ("gui_xe_dem", True), ("parking", False)):
        example = labelled(
            id=0,
            text="gửi xe qua đêm được không",
            label=label,
            source=Source.WRITTEN,
            staff_id=lan.id,
            at=NINE,
            consent=Consent.OWN,
            two_reviewers=two,
        )
        ids.append((await room.uow.teaching.add_example(example)).id)
    assert await room.uow.needs.counts() == {"gui_xe_dem": ExampleCounts(approved=1, proposed=1)}
    assert await room.uow.needs.example_ids("gui_xe_dem") == ids[:2]
    gone = (await room.uow.teaching.example(ids[0])).withdrawn(at(hours=1))
    await room.uow.teaching.save_example(gone)
    assert await room.uow.needs.example_ids("gui_xe_dem") == ids[1:2]
    assert await room.uow.needs.counts() == {"gui_xe_dem": ExampleCounts(proposed=1)}


async def test_unknown_messages_are_those_that_no_need_was_seen_in(room: Filling) -> None:
    lan = await room.person()
    asked = await read(room, "gửi xe qua đêm", "ask")
    strange = await read(room, "cho mượn sạc", "answer", in_scope=0.1)
    await read(room, "chỗ để xe", "answer")
    found = await room.uow.needs.unknown(NINE, 10)
    assert {(one.message_id, one.text, one.name) for one in found} == {
        (asked.id, "gửi xe qua đêm", "Mai"),
        (strange.id, "cho mượn sạc", "Mai"),
    }
    assert len(await room.uow.needs.unknown(NINE, 1)) == 1
    assert await room.uow.needs.unknown(at(days=1), 10) == []
    await room.uow.teaching.decide(asked.id, None, lan.id, at(hours=1), None)
    assert [one.message_id for one in await room.uow.needs.unknown(NINE, 10)] == [strange.id]
    both = await room.uow.needs.undecided([asked.id, strange.id, strange.id + 1_000])
    assert [one.message_id for one in both] == [strange.id]


async def test_an_answer_keeps_every_version_and_a_number_is_given_once(room: Filling) -> None:
    lan = await room.person()
    first = AnswerVersion(key="parking", version=1, texts=Wordings(("Dạ có ạ.",), ("Yes.",)), by=lan.id, at=NINE)
    back = AnswerVersion(key="parking", version=2, texts=None, by=lan.id, at=at(hours=1))
    other = AnswerVersion(key="greet", version=1, texts=Wordings(("Chào.",), ("Hi.",)), by=lan.id, at=NINE, restored=3)
    assert await room.uow.answers.latest("parking") is None
    assert [await room.uow.answers.add(one) for one in (first, back, other, first)] == [True, True, True, False]
    assert await room.uow.answers.latest("parking") == back
    assert await room.uow.answers.versions("parking", 5) == [back, first]
    assert await room.uow.answers.version("parking", 1) == first
    assert await room.uow.answers.newest() == [other, back]
    with pytest.raises(Unknown):
        await room.uow.answers.version("parking", 3)


async def test_the_stamp_changes_with_whatever_was_added_and_with_nothing_else(room: Filling) -> None:
    lan = await room.person()
    stamps = [await room.uow.needs.stamp()]
    added = await room.uow.needs.add(need(lan.id))
    assert added is not None
    stamps.append(await room.uow.needs.stamp())
    await room.uow.needs.save(replace(added, name=Words("Gửi xe đêm", "Night parking")))
    stamps.append(await room.uow.needs.stamp())
    for version in (1, 2):
        said = AnswerVersion(key="parking", version=version, texts=None, by=lan.id, at=NINE)
        assert await room.uow.answers.add(said)
        stamps.append(await room.uow.needs.stamp())
    assert len(set(stamps)) == 5
    assert not await room.uow.answers.add(AnswerVersion(key="parking", version=2, texts=None, by=lan.id, at=NINE))
    assert await room.uow.needs.stamp() == stamps[-1]
