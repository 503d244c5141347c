"""What people decide on messages, over the store in memory: marks, pieces, two people, conflicts, consent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

import pytest

from bot.adapters.memory.store import MemoryStore
from bot.domain.company import Company, RoleId
from bot.domain.errors import ForbiddenMove, Invalid, NotPermitted, Unknown
from bot.domain.messages import Author, Channel, Direction
from bot.domain.staff import StaffMember
from bot.domain.teaching.dataset import Base
from bot.domain.teaching.examples import EntityMark, Example, ExampleState, Source
from bot.domain.teaching.marking import Part
from bot.domain.turns import Closing, Outcome, Reading
from bot.services.decisions import Decided, SaidOtherwise
from bot.services.lessons import LessonBook
from bot.services.ports_cases import NewCase
from bot.services.ports_conversations import NewMessage
from bot.services.ports_review import CLEARED, Project
from bot.services.ports_teach import TrainingState
from bot.services.reviewing import Reviewing

NOON = datetime(2026, 11, 26, 5, tzinfo=UTC)
ASKED = Reading(ranking=(("address", 0.41), ("parking", 0.4)), in_scope=0.9, decision="ask", doubtful=True)
CODE = "LT-0001"


class Clock:
    def now(self) -> datetime:
        return NOON


FILES = Project(
    base=lambda: Base(digests={}, lines=(("address", "Công ty ở đâu?"),), entities=frozenset({"item", "phone"})),
    emit=lambda dataset: "\n".join(f"{one.label}: {one.text}" for one in dataset.lines),
)
"""Developers' files with one sentence and two entities."""


@dataclass
class School:
    """A house in memory with people who teach."""

    store: MemoryStore
    reviewing: Reviewing
    lan: StaffMember
    minh: StaffMember
    hoa: StaffMember
    boss: StaffMember

    async def said(self, *texts: str, chat: str = "chat-1", case: bool = False) -> list[int]:
        """Let a customer say things that the bot asks back about."""
        found = []
        async with self.store.begin() as uow:
            talk = await uow.conversations.meet(Channel.WEBCHAT, chat, chat, "Mai", "vi", NOON)
            for text in texts:
                turn = await uow.turns.current(talk.id, NOON)
                message = await uow.messages.add(
                    NewMessage(
                        conversation_id=talk.id,
                        text=text,
                        direction=Direction.INBOUND,
                        author=Author.CUSTOMER,
                        created_at=NOON,
                        turn_id=turn.id,
                    )
                )
                case_id = (await uow.cases.add(a_case(talk.id, talk.customer_id))).id if case else None
                closing = Closing(
                    outcome=Outcome.OWNED if case else Outcome.ANSWERED,
                    at=NOON,
                    intent="address",
                    case_id=case_id,
                    reading=ASKED,
                )
                await uow.turns.close(turn.id, closing)
                found.append(message.id)
        return found

    async def examples(self, state: ExampleState | None = None) -> list[Example]:
        """What is taught, the oldest first."""
        found = (await self.reviewing.examples(self.lan, state=state, before=None, limit=50)).examples
        return found[::-1]

    async def queued(self) -> dict[int, tuple[str, ...]]:
        """The messages of the queue with the reasons."""
        found = await self.reviewing.queue(self.lan, 50)
        return {one.group.leader.message_id: tuple(one.group.worth.reasons) for one in found.entries}


def a_case(conversation_id: int, customer_id: int) -> NewCase:
    return NewCase(
        code=CODE,
        conversation_id=conversation_id,
        customer_id=customer_id,
        department="reception",
        wanted="reception",
        priority="normal",  # type: ignore[arg-type]
        reason="address",
        summary="Khách hỏi đường.",
        collected={},
        queue_number=1,
        queue_day=NOON.date(),
        opened_at=NOON,
    )


async def school(company: Company, *, two: bool = False) -> School:
    store = MemoryStore(Clock())
    reviewing = Reviewing(store=store, clock=Clock(), company=company, book=LessonBook(FILES))
    reviewing.two_reviewers = two
    people: list[StaffMember] = []
    async with store.begin() as uow:
        for name, role in (
            ("Lan", RoleId.MANAGER),
            ("Minh", RoleId.MANAGER),
            ("Hoa", RoleId.MANAGER),
            ("Sếp", RoleId.ADMIN),
        ):
            email = f"{len(people)}@senviet.vn"
            people.append(await uow.staff.add(email, name, role, frozenset({"reception"}), "hash", NOON))
    return School(store, reviewing, *people)


@pytest.fixture
async def house(company: Company) -> School:
    return await school(company)


@pytest.fixture
async def two(company: Company) -> School:
    return await school(company, two=True)


async def refused(doing: Callable[[], Awaitable[object]]) -> SaidOtherwise:
    with pytest.raises(SaidOtherwise) as caught:
        await doing()
    return caught.value


def states(decided: Decided | Sequence[Decided]) -> list[str]:
    everything = [decided] if isinstance(decided, Decided) else decided
    return [example.state.value for one in everything for example in one.examples]


# --- marks and pieces -------------------------------------------------------------------------------------------------


async def test_a_mark_is_kept_with_the_example(house: School) -> None:
    (message,) = await house.said("gửi cái quạt này, gọi 0912345678")
    text = "gửi cái quạt này, gọi ‹số điện thoại›"
    marks = [mark(text, "cái quạt", "item"), mark(text, "‹số điện thoại›", "phone")]
    await house.reviewing.label(house.lan, [message], "parking", marks)
    (example,) = await house.examples()
    assert example.text == "gửi cái quạt này, gọi 0900 000 000"
    assert [(example.text[one.start : one.end], one.name) for one in example.entities] == [
        ("cái quạt", "item"),
        ("0900 000 000", "phone"),
    ]


def mark(text: str, words: str, name: str) -> EntityMark:
    return EntityMark(start=text.index(words), end=text.index(words) + len(words), name=name)


@pytest.mark.parametrize("marks", [[(0, 3, "money")], [(0, 99, "item")], [(0, 4, "item"), (2, 5, "item")]])
async def test_a_wrong_mark_is_refused_whole(house: School, marks: list[tuple[int, int, str]]) -> None:
    message, other = await house.said("gửi cái quạt", "gửi xe ở đâu")
    given = [EntityMark(start=start, end=end, name=name) for start, end, name in marks]
    with pytest.raises(Invalid, match="entities"):
        await house.reviewing.label(house.lan, [message, other], "parking", given)
    assert await house.examples() == []


async def test_a_message_is_split_and_undone_as_one(house: School) -> None:
    (message,) = await house.said("gửi xe ở đâu ạ, với lại mấy giờ mở cửa, cảm ơn em")
    parts = [
        Part(text="gửi xe ở đâu ạ", label="parking"),
        Part(text="mấy giờ mở cửa", label="opening_hours", marks=(EntityMark(start=0, end=7, name="item"),)),
        Part(text="cảm ơn em", label="not_a_need"),
    ]
    decided = await house.reviewing.split(house.lan, message, parts)
    assert (decided.label, states(decided)) == ("parking+opening_hours+not_a_need", ["approved", "approved"])
    first, second = await house.examples()
    assert [(one.label, one.text, one.part) for one in (first, second)] == [
        ("parking", "gửi xe ở đâu ạ", 0),
        ("opening_hours", "mấy giờ mở cửa", 1),
    ]
    assert second.text[second.entities[0].start : second.entities[0].end] == "mấy giờ"
    assert await house.queued() == {}
    assert (await house.reviewing.split(house.lan, message, parts)).examples == decided.examples
    await refused(lambda: house.reviewing.split(house.lan, message, parts[:2]))
    await refused(lambda: house.reviewing.label(house.minh, [message], "parking"))
    await house.reviewing.undo(house.lan, [message])
    assert {(one.state, one.text) for one in await house.examples()} == {(ExampleState.WITHDRAWN, "")}
    assert list(await house.queued()) == [message]
    await house.reviewing.split(house.lan, message, parts[:2])


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        ([("gửi xe", "parking"), ("mở tiệm", "opening_hours")], "parts"),
        ([("gửi xe", "not_a_need"), ("mở cửa", "not_a_need")], "parts"),
        ([("gửi xe", "parking"), ("mở cửa", "null")], "label"),
        ([("gửi xe", "parking"), ("", "opening_hours")], "parts"),
    ],
)
async def test_a_wrong_piece_is_refused_whole(house: School, parts: list[tuple[str, str]], field: str) -> None:
    (message,) = await house.said("gửi xe, mở cửa")
    with pytest.raises(Invalid) as caught:
        await house.reviewing.split(house.lan, message, [Part(text=text, label=label) for text, label in parts])
    assert caught.value.field == field
    assert await house.examples() == []


# --- conflicts --------------------------------------------------------------------------------------------------------


async def test_the_same_text_is_not_taught_twice_with_two_labels(house: School) -> None:
    first, second = await house.said("Gửi xe ở đâu?", "gửi xe  ở đâu")
    await house.reviewing.label(house.lan, [first], "parking")
    refusal = await refused(lambda: house.reviewing.label(house.minh, [second], "address"))
    (said,) = refusal.said
    assert (said.label, said.staff_id, said.message_id) == ("parking", house.lan.id, first)
    assert "Lan đã gắn “parking”" in refusal.explanation
    assert list(await house.queued()) == [second]
    await house.reviewing.withdraw(house.minh, said.example_id or 0)
    assert states(await house.reviewing.label(house.minh, [second], "address")) == ["approved"]


async def test_what_the_developers_files_say_otherwise_is_told(house: School) -> None:
    (message,) = await house.said("công ty ở đâu")
    refusal = await refused(lambda: house.reviewing.label(house.lan, [message], "parking"))
    assert [(one.label, one.staff_id) for one in refusal.said] == [("address", None)]
    await house.reviewing.label(house.lan, [message], "address")


async def test_a_second_label_is_refused_with_who_said_what(house: School) -> None:
    (message,) = await house.said("gửi xe ở đâu")
    await house.reviewing.label(house.lan, [message], "parking")
    for label in ("address", "not_a_need"):
        refusal = await refused(partial(house.reviewing.label, house.minh, [message], label))
        assert [(one.label, one.staff_id) for one in refusal.said] == [("parking", house.lan.id)]
    await refused(lambda: house.reviewing.skip(house.minh, [message]))


# --- what trainings quoted --------------------------------------------------------------------------------------------


async def quoted(house: School, text: str) -> None:
    """Have a training say what was wrong with a sentence."""
    async with house.store.begin() as uow:
        training = await uow.teaching.start_training(house.lan.id, 1, NOON)
        assert training is not None
        failed = replace(training, state=TrainingState.FAILED, faults=(f"“{text}” hỏng",))
        await uow.teaching.save_training(failed)


async def quotes(house: School) -> tuple[str, ...]:
    async with house.store.read() as uow:
        return (await uow.teaching.trainings(1))[0].faults


async def test_what_is_undone_is_quoted_no_more(house: School) -> None:
    (message,) = await house.said("gửi xe cho chị Hồng")
    await house.reviewing.label(house.lan, [message], "parking")
    await quoted(house, "gửi xe cho chị Hồng")
    await house.reviewing.label(house.lan, [message], "parking")
    assert await quotes(house) == ("“gửi xe cho chị Hồng” hỏng",)
    await house.reviewing.undo(house.lan, [message])
    assert await quotes(house) == (CLEARED,)


async def test_what_is_withdrawn_is_quoted_no_more(house: School) -> None:
    (message,) = await house.said("gửi xe cho chị Hồng")
    ((decided,),) = [one.examples for one in await house.reviewing.label(house.lan, [message], "parking")]
    await quoted(house, "gửi xe cho chị Hồng")
    await house.reviewing.withdraw(house.lan, decided.id)
    assert await quotes(house) == (CLEARED,)


async def test_what_a_third_person_settles_otherwise_is_quoted_no_more(two: School) -> None:
    (message,) = await two.said("gửi xe cho chị Hồng")
    await two.reviewing.label(two.lan, [message], "parking")
    await two.reviewing.label(two.minh, [message], "address")
    await quoted(two, "gửi xe cho chị Hồng")
    await two.reviewing.label(two.hoa, [message], "address")
    assert await quotes(two) == (CLEARED,)


# --- two people -------------------------------------------------------------------------------------------------------


async def test_a_second_person_approves_by_example_or_by_label(two: School) -> None:
    first, second = await two.said("gửi xe ở đâu", "chỗ để xe máy")
    assert states(await two.reviewing.label(two.lan, [first, second], "parking")) == ["proposed", "proposed"]
    one, other = await two.examples(ExampleState.PROPOSED)
    with pytest.raises(NotPermitted):
        await two.reviewing.approve(two.lan, one.id)
    assert (await two.reviewing.approve(two.minh, one.id)).reviewed_by == two.minh.id
    assert states(await two.reviewing.label(two.minh, [second], "parking")) == ["approved"]
    assert await two.examples(ExampleState.PROPOSED) == []
    assert (await two.reviewing.approve(two.hoa, other.id)).reviewed_by == two.minh.id
    with pytest.raises(Unknown):
        await two.reviewing.approve(two.hoa, 99)


async def test_a_second_person_splits_alike(two: School) -> None:
    (message,) = await two.said("gửi xe, mở cửa")
    parts = [Part(text="gửi xe", label="parking"), Part(text="mở cửa", label="opening_hours")]
    assert states(await two.reviewing.split(two.lan, message, parts)) == ["proposed", "proposed"]
    await refused(lambda: two.reviewing.label(two.minh, [message], "parking"))
    assert states(await two.reviewing.split(two.minh, message, parts)) == ["approved", "approved"]


async def disputed(two: School) -> int:
    """Let Lan and Minh see one message differently."""
    (message,) = await two.said("gửi xe ở đâu")
    await two.reviewing.label(two.lan, [message], "address")
    assert await two.queued() == {}
    (decided,) = await two.reviewing.label(two.minh, [message], "parking")
    assert (decided.label, decided.disputed, states(decided)) == ("address", True, ["proposed"])
    return message


async def test_what_two_people_see_differently_comes_back_with_who_said_what(two: School) -> None:
    message = await disputed(two)
    (entry,) = (await two.reviewing.queue(two.hoa, 9)).entries
    assert (entry.group.leader.message_id, entry.group.worth.reasons[0]) == (message, "disputed")
    assert [(one.label, one.staff_id) for one in entry.said] == [("address", two.lan.id), ("parking", two.minh.id)]
    for person, own in ((two.lan, "address"), (two.minh, "parking")):
        assert (await two.reviewing.label(person, [message], own))[0].disputed
        await refused(partial(two.reviewing.label, person, [message], "greet"))
    with pytest.raises(ForbiddenMove):
        await two.reviewing.approve(two.hoa, (await two.examples())[0].id)


@pytest.mark.parametrize(
    ("who", "label", "labelled_by", "reviewed_by"),
    [
        ("hoa", "address", "lan", "hoa"),
        ("hoa", "parking", "minh", "hoa"),
        ("lan", "parking", "minh", "lan"),
        ("minh", "address", "lan", "minh"),
        ("boss", "address", "lan", "boss"),
    ],
)
async def test_a_third_voice_or_giving_in_settles_it(
    two: School, who: str, label: str, labelled_by: str, reviewed_by: str
) -> None:
    message = await disputed(two)
    (decided,) = await two.reviewing.label(getattr(two, who), [message], label)
    assert (decided.label, decided.disputed) == (label, False)
    (example,) = [one for one in await two.examples() if one.state is not ExampleState.WITHDRAWN]
    assert (example.label, example.state) == (label, ExampleState.APPROVED)
    assert (example.labelled_by, example.reviewed_by) == (getattr(two, labelled_by).id, getattr(two, reviewed_by).id)
    assert await two.queued() == {}


async def test_a_third_label_waits_for_somebody_again(two: School) -> None:
    message = await disputed(two)
    assert states(await two.reviewing.label(two.hoa, [message], "greet")) == ["proposed"]
    assert states(await two.reviewing.label(two.lan, [message], "greet")) == ["approved"]


async def test_an_admin_settles_even_their_own(two: School) -> None:
    (message,) = await two.said("gửi xe ở đâu")
    await two.reviewing.label(two.lan, [message], "address")
    assert (await two.reviewing.label(two.boss, [message], "parking"))[0].disputed
    assert (await two.reviewing.label(two.boss, [message], "parking"))[0].disputed, "a second click is no decision"
    (decided,) = await two.reviewing.label(two.boss, [message], "parking", settle=True)
    assert (decided.label, decided.disputed, states(decided)) == ("parking", False, ["approved"])
    (other,) = await two.said("để ô tô chỗ nào")
    await two.reviewing.label(two.lan, [other], "address")
    await two.reviewing.label(two.minh, [other], "parking")
    assert (await two.reviewing.label(two.minh, [other], "parking", settle=True))[0].disputed, "Minh is no admin"


async def test_no_need_can_be_objected_to_and_undoing_ends_a_dispute(two: School) -> None:
    (message,) = await two.said("gửi xe ở đâu")
    await two.reviewing.label(two.lan, [message], "not_a_need")
    assert (await two.reviewing.label(two.minh, [message], "parking"))[0].disputed
    await two.reviewing.undo(two.hoa, [message])
    assert (await two.queued())[message][0] == "asked_back"
    assert states(await two.reviewing.label(two.minh, [message], "parking")) == ["proposed"]


async def test_what_two_people_agreed_on_is_objected_to_no_more(two: School) -> None:
    (message,) = await two.said("gửi xe ở đâu")
    await two.reviewing.label(two.lan, [message], "parking")
    await two.reviewing.label(two.minh, [message], "parking")
    await refused(lambda: two.reviewing.label(two.hoa, [message], "address"))


# --- wrong need, consent, export --------------------------------------------------------------------------------------


async def test_a_wrong_need_brings_the_message_to_those_who_teach(house: School) -> None:
    (message,) = await house.said("gửi xe ở đâu", case=True)
    wrong = house.reviewing.wrong_needs
    agent = replace(house.minh, role=RoleId.AGENT)
    assert (await wrong.state(agent, CODE)).correction is None
    await wrong.mark(agent, CODE, None)
    found = await wrong.mark(agent, CODE, None)
    assert found.correction is not None
    assert (found.by, found.correction.message_id, found.correction.intent) == ("Minh", message, None)
    assert (await house.queued())[message][0] == "corrected"
    named = (await wrong.mark(house.lan, CODE, "parking")).correction
    assert named is not None
    assert (await wrong.mark(agent, CODE, None)).correction == named
    (entry,) = (await house.reviewing.queue(house.lan, 9)).entries
    assert entry.group.leader.corrected_to == "parking"
    await house.reviewing.label(house.lan, [message], "parking")
    assert (await house.examples())[0].source is Source.CORRECTION
    for _ in range(2):
        assert (await wrong.unmark(agent, CODE)).correction is None
    assert [line.action for line in house.store.memory.audit[CODE]] == [
        "case.wrong_need",
        "case.wrong_need",
        "case.right_need",
    ]


async def test_a_wrong_need_is_said_by_whoever_may_see_the_case_and_names_another(house: School) -> None:
    await house.said("gửi xe ở đâu", case=True)
    wrong = house.reviewing.wrong_needs
    stranger = replace(house.minh, role=RoleId.AGENT, departments=frozenset({"it"}))
    with pytest.raises(Unknown):
        await wrong.mark(stranger, CODE, None)
    with pytest.raises(Unknown):
        await wrong.unmark(stranger, CODE)
    for intent in ("address", "null", "khong_co"):
        with pytest.raises(Invalid, match="intent"):
            await wrong.mark(house.lan, CODE, intent)


async def test_a_case_without_a_message_teaches_nothing(house: School) -> None:
    async with house.store.begin() as uow:
        talk = await uow.conversations.meet(Channel.WEBCHAT, "chat-1", "chat-1", "Mai", "vi", NOON)
        await uow.cases.add(a_case(talk.id, talk.customer_id))
    with pytest.raises(ForbiddenMove):
        await house.reviewing.wrong_needs.mark(house.lan, CODE, None)


async def test_a_customer_who_takes_consent_back_teaches_nothing(house: School) -> None:
    first, second = await house.said("gửi xe ở đâu", "xin chào")
    (other,) = await house.said("chỗ để ô tô ở đâu vậy", chat="chat-2")
    await house.reviewing.label(house.lan, [first, other], "parking")
    customer = (await house.examples())[0].customer_id or 0
    consents = house.reviewing.consents
    assert (await consents.withdraw(house.lan, customer)).examples == 1
    again = await consents.withdraw(house.minh, customer)
    assert (again.examples, again.refusal and again.refusal.staff_id) == (0, house.lan.id)
    assert await house.queued() == {}
    with pytest.raises(ForbiddenMove):
        await house.reviewing.label(house.lan, [second], "greet")
    assert await house.reviewing.written(house.lan) == "parking: chỗ để ô tô ở đâu vậy"
    assert (await consents.give(house.lan, customer)).refusal is None
    assert list(await house.queued()) == [second]
    assert len(await house.examples(ExampleState.WITHDRAWN)) == 1
    with pytest.raises(Unknown):
        await consents.withdraw(house.lan, 99)
    with pytest.raises(NotPermitted):
        await consents.withdraw(replace(house.lan, role=RoleId.AGENT), customer)


async def test_without_files_nothing_is_marked_or_written(company: Company) -> None:
    house = await school(company)
    house.reviewing = Reviewing(store=house.store, clock=Clock(), company=company)
    (message,) = await house.said("gửi xe ở đâu")
    with pytest.raises(Invalid):
        await house.reviewing.label(house.lan, [message], "parking", [EntityMark(start=0, end=3, name="item")])
    with pytest.raises(Invalid):
        await house.reviewing.written(house.lan)
