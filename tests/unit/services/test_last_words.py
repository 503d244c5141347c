"""No case ends on words that whoever ends it has not read, however much the house has said before them."""

from __future__ import annotations

import pytest

from bot.domain.errors import NotSeen
from bot.domain.messages import Author, Direction
from bot.services.ports_conversations import NewMessage
from bot.simulation.agenda import run
from tests.unit.services.virtual_house import VirtualHouse


def test_a_customer_who_writes_behind_many_words_of_the_house_is_heard() -> None:
    at = VirtualHouse()
    lan = at.staff("Lan", "sales")
    case = at.hands("sales").case
    run(at.house.desk.claim(lan, case.code))
    seen = run(at.house.desk.reply(lan, case.code, "Dạ đơn giao lúc 9 giờ rồi ạ.")).id

    async def said(direction: Direction, author: Author, text: str) -> None:
        async with at.house.store.begin() as uow:
            await uow.messages.add(
                NewMessage(
                    conversation_id=case.conversation_id,
                    direction=direction,
                    author=author,
                    text=text,
                    created_at=at.now,
                )
            )

    for number in range(25):
        run(said(Direction.OUTBOUND, Author.SYSTEM, f"Số thứ tự {number}"))
    run(said(Direction.INBOUND, Author.CUSTOMER, "nhưng chị chưa nhận được"))
    with pytest.raises(NotSeen):
        run(at.house.desk.resolve(lan, case.code, seen=seen))
    newest = max(at.memory.messages)
    run(at.house.desk.resolve(lan, case.code, seen=newest))
    assert not at.case(case.id).open
