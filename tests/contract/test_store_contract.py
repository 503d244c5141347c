"""Every store keeps what is said alike: conversations, messages, turns."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.domain.conversations import Floor, Speaker
from bot.domain.errors import Unknown
from bot.domain.messages import (
    AttachmentState,
    Author,
    Button,
    Channel,
    Delivery,
    Direction,
    Media,
    MessageKind,
    states_before,
)
from bot.domain.turns import Closing, Outcome
from bot.services.ports_conversations import NewMessage
from tests.contract.stores import NINE, Filling, Kept, at

WEB = Channel.WEBCHAT


async def test_a_chat_is_one_conversation_of_one_customer(room: Filling) -> None:
    meet = room.uow.conversations.meet
    first = await meet(WEB, "c", "s", "Mai", "en", NINE)
    assert (first.channel, first.chat, first.customer_name, first.language) == (WEB, "c", "Mai", "en")
    assert (first.floor, first.dialogue, first.reachable) == (Floor(), None, True)
    assert (first.created_at, first.last_inbound_at) == (NINE, NINE)
    again = await meet(WEB, "c", "s", "Mai", "vi", at(hours=1))
    assert (again.id, again.customer_id) == (first.id, first.customer_id)
    assert (again.language, again.created_at, again.last_inbound_at) == ("en", NINE, at(hours=1))
    elsewhere = await meet(Channel.ZALO, "c", "s", None, "vi", NINE)
    assert elsewhere.customer_id != first.customer_id
    same_person = await meet(WEB, "c2", "s", "Mai", "vi", NINE)
    assert (same_person.id != first.id, same_person.customer_id) == (True, first.customer_id)
    assert await room.uow.conversations.at(WEB, "c") == again
    assert await room.uow.conversations.at(WEB, "c3") is None


async def test_what_is_known_of_a_conversation_is_saved(room: Filling) -> None:
    chat, conversations = await room.conversation(), room.uow.conversations
    floor = Floor(speaker=Speaker.STAFF, staff_id=(await room.person()).id, version=3)
    await conversations.save_floor(chat.id, floor)
    await conversations.save_dialogue(chat.id, {"slots": {"invoice": "12"}}, "en")
    await conversations.save_reachable(chat.id, reachable=False)
    await conversations.save_name(chat.customer_id, "Chị Mai")
    await conversations.save_name(chat.customer_id, "mai_1990", first=True)
    saved = await conversations.get(chat.id, lock=True)
    assert (saved.floor, saved.dialogue, saved.language) == (floor, {"slots": {"invoice": "12"}}, "en")
    assert (saved.reachable, saved.customer_name) == (False, "Chị Mai")
    await conversations.save_dialogue(chat.id, None, "vi")
    assert (await conversations.get(chat.id)).dialogue is None
    # Whoever writes can be reached again.
    assert (await room.conversation()).reachable is True
    with pytest.raises(Unknown):
        await conversations.get(chat.id + 1)


async def test_writers_of_one_conversation_take_turns(kept: Kept) -> None:
    order: list[str] = []
    met = asyncio.Event()

    async def write(name: str) -> None:
        async with kept.store.begin() as uow:
            await uow.conversations.meet(WEB, "c", "s", None, "vi", NINE)
            order.append(f"{name} in")
            met.set()
            await asyncio.sleep(0.05)
            order.append(f"{name} out")

    first = asyncio.create_task(write("first"))
    await met.wait()
    await asyncio.gather(first, write("second"))
    assert order == ["first in", "first out", "second in", "second out"]


async def test_a_message_is_kept_with_all_that_belongs_to_it(room: Filling) -> None:
    chat, lan = await room.conversation(), await room.person()
    case = await room.case(chat)
    turn = await room.uow.turns.current(chat.id, NINE)
    new = NewMessage(
        conversation_id=chat.id,
        direction=Direction.OUTBOUND,
        author=Author.STAFF,
        kind=MessageKind.IMAGE,
        text="Ảnh máy giặt đây ạ.",
        staff_id=lan.id,
        turn_id=turn.id,
        case_id=case.id,
        client_id="c-1",
        provider_id="p-1",
        delivery=Delivery.QUEUED,
        buttons=(Button(title="Mua", payload="/mua"),),
        media=(Media(kind=MessageKind.IMAGE, ref="https://zalo/1.jpg", name="1.jpg", mime="image/jpeg", size=9),),
        meta={"album": "a"},
        created_at=NINE,
    )
    made = await room.uow.messages.add(new)
    for name in ("conversation_id", "direction", "author", "kind", "text", "staff_id", "turn_id", "case_id"):
        assert getattr(made, name) == getattr(new, name), name
    assert (made.client_id, made.provider_id, made.delivery, made.handled) == ("c-1", "p-1", Delivery.QUEUED, True)
    assert (made.buttons, made.meta, made.created_at) == (tuple(new.buttons), {"album": "a"}, NINE)
    (file,) = made.attachments
    assert (file.message_id, file.ref, file.name, file.mime, file.size) == (
        made.id,
        "https://zalo/1.jpg",
        "1.jpg",
        "image/jpeg",
        9,
    )
    assert (file.state, file.path) == (AttachmentState.PENDING, None)
    assert await room.uow.messages.get(made.id) == made
    assert await room.uow.messages.with_conversation(made.id) == (made, await room.uow.conversations.get(chat.id))
    with pytest.raises(Unknown):
        await room.uow.messages.get(made.id + 1)


async def test_a_file_is_noted_when_it_is_fetched(room: Filling) -> None:
    chat = await room.conversation()
    here = Media(kind=MessageKind.FILE, ref="media:ab/cd", name="hd.pdf")
    there = Media(kind=MessageKind.FILE, ref="file-id")
    message = await room.said(chat, "", kind=MessageKind.FILE, media=(here, there))
    first, second = message.attachments
    assert (first.state, first.path) == (AttachmentState.STORED, "ab/cd")
    await room.uow.messages.save_attachment(second.id, AttachmentState.STORED, path="x/y", mime="text/plain", size=3)
    stored = await room.uow.messages.attachment(second.id)
    assert (stored.state, stored.path, stored.mime, stored.size) == (AttachmentState.STORED, "x/y", "text/plain", 3)
    assert (await room.uow.messages.get(message.id)).attachments == (first, stored)
    with pytest.raises(Unknown):
        await room.uow.messages.attachment(second.id + 1)


async def test_a_transcript_is_read_by_pages(room: Filling) -> None:
    chat, other = await room.conversation("a"), await room.conversation("b")
    one, two, three = [await room.said(chat, text) for text in ("1", "2", "3")]
    case, beside = await room.case(chat), await room.case(chat, "accounting")
    internal: dict[str, Any] = {"direction": Direction.INTERNAL, "author": Author.STAFF}
    note = await room.said(chat, "ghi chú", case_id=case.id, **internal)
    await room.said(chat, "ghi chú bên cạnh", case_id=beside.id, **internal)
    four = await room.said(chat, "4")
    await room.said(other, "khác")

    async def page(**wanted: Any) -> list[str]:
        return [message.text for message in await room.uow.messages.history(chat.id, **wanted)]

    assert await page() == ["1", "2", "3", "4"]
    assert await page(notes_of={case.id}) == ["1", "2", "3", "ghi chú", "4"]
    assert await page(notes_of={case.id, beside.id}) == ["1", "2", "3", "ghi chú", "ghi chú bên cạnh", "4"]
    assert await page(notes_of={case.id}, newest=True, limit=2) == ["ghi chú", "4"]
    assert await page(limit=2) == ["1", "2"]
    assert await page(after=two.id, limit=1) == ["3"]
    assert await page(newest=True, limit=2) == ["3", "4"]
    assert await page(newest=True, limit=2, before=three.id) == ["1", "2"]
    assert await page(after=one.id, before=four.id) == ["2", "3"]
    assert await room.uow.messages.many([four.id, note.id, one.id, 9_999]) == [one, note, four]


async def test_what_a_customer_wrote_since_is_found_behind_whatever_the_house_said(room: Filling) -> None:
    chat, other = await room.conversation("a"), await room.conversation("b")
    seen = await room.said(chat)
    await room.said(other)
    for number in range(25):
        await room.said(chat, str(number), direction=Direction.OUTBOUND, author=Author.SYSTEM)
    assert not await room.uow.messages.wrote_since(chat.id, seen.id)
    last = await room.said(chat)
    assert await room.uow.messages.wrote_since(chat.id, seen.id)
    assert not await room.uow.messages.wrote_since(chat.id, last.id)


async def test_the_first_to_take_a_message_has_it(room: Filling) -> None:
    chat = await room.conversation()
    turn = await room.uow.turns.current(chat.id, NINE)
    first, second = [await room.said(chat, text, turn_id=turn.id, handled=False) for text in ("1", "2")]
    await room.said(chat, "3", turn_id=turn.id)
    assert await room.uow.messages.unhandled(turn.id) == [first, second]
    assert await room.uow.messages.take(first.id) == turn.id
    assert await room.uow.messages.take(first.id) is None
    assert await room.uow.messages.take(9_999) is None
    assert await room.uow.messages.unhandled(turn.id) == [second]


async def test_what_is_still_unhandled_moves_to_another_turn(room: Filling) -> None:
    chat = await room.conversation()
    turn = await room.uow.turns.current(chat.id, NINE)
    handled = await room.said(chat, "1", turn_id=turn.id)
    waiting = await room.said(chat, "2", turn_id=turn.id, handled=False)
    assert await room.uow.turns.close(turn.id, Closing(outcome=Outcome.ANSWERED, at=NINE), after=handled.id) == 1
    later = await room.uow.turns.current(chat.id, at(hours=1))
    await room.uow.messages.move_unhandled(turn.id, later.id)
    assert (await room.uow.messages.get(handled.id)).turn_id == turn.id
    assert [one.id for one in await room.uow.messages.unhandled(later.id)] == [waiting.id]
    assert await room.uow.messages.unhandled(turn.id) == []


async def test_messages_are_found_by_the_names_others_gave_them(room: Filling) -> None:
    chat, other = await room.conversation("a"), await room.conversation("b")
    mine = await room.said(chat, "1", client_id="c", provider_id="p")
    sent = await room.said(chat, "2", provider_id="p", direction=Direction.OUTBOUND, author=Author.BOT)
    newer = await room.said(chat, "3", provider_id="p", direction=Direction.OUTBOUND, author=Author.BOT)
    messages = room.uow.messages
    assert await messages.by_client_id(chat.id, "c") == mine
    assert await messages.by_client_id(other.id, "c") is None
    assert await messages.by_provider_id(chat.id, "p", Direction.INBOUND) == mine
    assert await messages.by_provider_id(chat.id, "p", Direction.OUTBOUND) == newer
    assert await messages.by_provider_id(other.id, "p", Direction.OUTBOUND) is None
    assert await messages.last_outbound(chat.id) == newer
    assert await messages.last_outbound(other.id) is None
    assert await messages.last_at(chat.id, Author.BOT) == sent.created_at
    assert await messages.last_at(chat.id, Author.STAFF) is None


async def test_a_message_changes_only_as_it_may(room: Filling) -> None:
    chat = await room.conversation()
    sent = await room.said(chat, "1", direction=Direction.OUTBOUND, author=Author.BOT, delivery=Delivery.QUEUED)
    case = await room.case(chat)
    messages = room.uow.messages
    move = messages.set_delivery
    assert await move(sent.id, Delivery.SENDING, before=states_before(Delivery.SENDING)) is True
    assert await move(sent.id, Delivery.SENT, before=states_before(Delivery.SENT), provider_id="p") is True
    assert await move(sent.id, Delivery.FAILED, before=states_before(Delivery.FAILED), error="x") is False
    await messages.set_case(sent.id, case.id)
    now = await messages.get(sent.id)
    assert (now.delivery, now.delivery_error, now.provider_id, now.case_id) == (Delivery.SENT, None, "p", case.id)
    for text in ("1 sửa", "1 sửa nữa"):
        await messages.edit(sent.id, text, at(hours=1))
    now = await messages.get(sent.id)
    assert (now.text, now.edited_at, now.meta["versions"]) == ("1 sửa nữa", at(hours=1), ["1", "1 sửa"])


async def test_an_album_is_answered_once(room: Filling) -> None:
    chat = await room.conversation()
    turn = await room.uow.turns.current(chat.id, NINE)
    first, second = [await room.said(chat, meta={"album": "a"}, turn_id=turn.id, handled=False) for _ in range(2)]
    assert await room.uow.messages.album_answered(chat.id, "a", second.id) is False
    await room.uow.messages.take(first.id)
    assert await room.uow.messages.album_answered(chat.id, "a", second.id) is True
    assert await room.uow.messages.album_answered(chat.id, "a", first.id) is False
    assert await room.uow.messages.album_answered(chat.id, "b", second.id) is False


async def test_a_conversation_has_one_open_turn_that_closes_once(room: Filling) -> None:
    chat = await room.conversation()
    assert await room.uow.turns.opened(chat.id) is None
    turn = await room.uow.turns.current(chat.id, NINE)
    assert await room.uow.turns.current(chat.id, at(hours=1)) == turn
    assert await room.uow.turns.opened(chat.id) == turn
    case = await room.case(chat)
    closing = Closing(
        outcome=Outcome.OWNED, at=at(minutes=1), case_id=case.id, intent="order_place", confidence=0.5, model_id="m"
    )
    assert await room.uow.turns.close(turn.id, closing) == 0
    closed = await room.uow.turns.get(turn.id)
    assert (closed.outcome, closed.closed_at, closed.case_id) == (Outcome.OWNED, at(minutes=1), case.id)
    assert (closed.intent, closed.confidence, closed.model_id) == ("order_place", 0.5, "m")
    assert await room.uow.turns.close(turn.id, Closing(outcome=Outcome.ANSWERED, at=at(hours=2))) is None
    assert await room.uow.turns.get(turn.id) == closed
    assert await room.uow.turns.opened(chat.id) is None
    assert (await room.uow.turns.current(chat.id, at(hours=1))).id != turn.id
    with pytest.raises(Unknown):
        await room.uow.turns.get(9_999)


async def test_a_customer_s_message_opens_a_turn_or_joins_it(room: Filling) -> None:
    chat = await room.conversation()
    new = NewMessage(
        conversation_id=chat.id, direction=Direction.INBOUND, author=Author.CUSTOMER, handled=False, created_at=NINE
    )
    first, second = await room.uow.messages.add_to_turn(new), await room.uow.messages.add_to_turn(new)
    turn = await room.uow.turns.opened(chat.id)
    assert turn is not None
    assert (turn.opened_at, first.turn_id, second.turn_id) == (NINE, turn.id, turn.id)
    assert await room.uow.messages.unhandled(turn.id) == [first, second]


async def test_turns_that_stay_open_are_found_oldest_first(room: Filling) -> None:
    opened = []
    for number in range(3):
        chat = await room.conversation(f"chat-{number}")
        opened.append(await room.uow.turns.current(chat.id, at(minutes=-number)))
    assert await room.uow.turns.overdue(NINE, 10) == [opened[2], opened[1]]
    assert await room.uow.turns.overdue(NINE, 1) == [opened[2]]
    assert await room.uow.turns.count_open(at(hours=1)) == 3
    await room.uow.turns.close(opened[2].id, Closing(outcome=Outcome.ANSWERED, at=NINE))
    assert await room.uow.turns.count_open(NINE) == 1
