"""Every store keeps all of a transaction or nothing of it, and tells the world only of what it kept."""

from __future__ import annotations

from bot.domain.arrivals import Arrival, Ignored
from bot.domain.conversations import Floor, Speaker
from bot.domain.hours import Block
from bot.domain.messages import Channel
from bot.domain.shifts import AbsenceKind
from bot.domain.turns import Closing, Outcome
from bot.services.ports import UnitOfWork
from tests.contract.stores import NINE, Filling, Kept, at, taken_back

ARRIVAL = Arrival(dedupe_key="k", chat="chat-1", payload={"text": "Xin chào"}, happening=Ignored(reason="test"))


async def test_live_events_are_told_after_the_commit_and_in_order(kept: Kept) -> None:
    async with kept.store.begin() as uow:
        await uow.feed.publish("message", None, {"id": 1})
        await uow.feed.publish("case", None, {"code": "BH-0001"})
        await uow.audit.write(NINE, "staff:1", "claim", "case:1", was="waiting")
        assert await kept.told() == []
    assert await kept.told() == [("message", None, {"id": 1}), ("case", None, {"code": "BH-0001"})]


async def test_who_did_something_since_is_known(kept: Kept) -> None:
    async with kept.store.begin() as uow:
        await uow.audit.write(at(minutes=1), "staff:1", "case.assign", "KT-0001")
    async with kept.store.read() as uow:
        assert not await uow.audit.acted("staff:1", "KT-0001", "case.assign"), "later than that"
    async with kept.store.begin() as uow:
        await uow.audit.write(NINE, "staff:1", "case.look", "KT-0001")
    async with kept.store.read() as uow:
        assert await uow.audit.acted("staff:1", "KT-0001", "case.assign"), "later, whatever the clock said"
        assert not await uow.audit.acted("staff:2", "KT-0001", "case.assign")
        assert not await uow.audit.acted("staff:1", "KT-0002", "case.assign")
        assert not await uow.audit.acted("staff:1", "KT-0001", "case.look")
    async with kept.store.begin() as uow:
        await uow.audit.write(at(minutes=2), "staff:2", "case.assign", "KT-0001")
    async with kept.store.read() as uow:
        assert not await uow.audit.acted("staff:1", "KT-0001", "case.assign"), "that was the time before"


async def test_a_transaction_is_kept_whole_or_not_at_all(kept: Kept) -> None:
    async with kept.store.begin() as uow:
        room = Filling(uow)
        chat, lan = await room.conversation(), await room.person("Lan", "sales")
        case = await room.held(chat, lan)
        turn = await room.uow.turns.current(chat.id, NINE)
        said = await room.said(chat, "1", turn_id=turn.id, handled=False)

    async def change(uow: UnitOfWork) -> None:
        await _change_everything(Filling(uow), chat.id, case.id, lan.id, turn.id, said.id)

    await taken_back(kept, change)
    async with kept.store.begin() as uow:
        assert await uow.conversations.get(chat.id) == chat
        assert await uow.cases.get(case.id) == case
        assert await uow.staff.people() == [lan]
        assert await uow.messages.history(chat.id) == [said]
        assert await uow.messages.unhandled(turn.id) == [said]
        assert await uow.turns.opened(chat.id) == turn
        assert await uow.cases.held_by(lan.id) == [case]
        assert await uow.cases.waiting_in(None) == []
        assert await uow.cases.of_customer(chat.customer_id) == [case]
        assert await uow.promises.open_of(case.id) is None
        assert await uow.offers.open_of(case.id) is None
        assert await uow.transfers.asked_of(case.id) is None
        assert await uow.requests.of_case(case.id) == []
        assert await uow.approvals.pending() == []
        assert await uow.ratings.of_case(case.id) is None
        assert await uow.rosters.shifts() == []
        assert await uow.rosters.absences(NINE, at(hours=1)) == []
        assert await uow.channel_states.get("k") is None
        assert await uow.gates.closed_until(["k"], NINE) is None
        assert await uow.events.add(Channel.WEBCHAT, ARRIVAL, NINE) is not None
    assert await kept.told() == []


async def _change_everything(room: Filling, chat: int, case_id: int, staff_id: int, turn: int, message: int) -> None:
    uow = room.uow
    await uow.events.add(Channel.WEBCHAT, ARRIVAL, NINE)
    await uow.conversations.save_floor(chat, Floor(speaker=Speaker.OUTSIDE, version=1))
    await uow.messages.take(message)
    await uow.messages.edit(message, "2", NINE)
    await room.said(await uow.conversations.get(chat), "3")
    await uow.turns.close(turn, Closing(outcome=Outcome.ANSWERED, at=NINE))
    case = await uow.cases.get(case_id)
    await uow.offers.add(case_id, staff_id, NINE, NINE)
    await uow.transfers.add(case_id, staff_id, "it", None, "", NINE, NINE)
    await uow.requests.add(case_id, "it", staff_id, "?", NINE, NINE)
    await uow.approvals.add(case_id, "refund", 1, "?", staff_id, NINE, NINE)
    await uow.ratings.add(case_id, NINE)
    await uow.promises.add(case_id, at(hours=1), NINE, 1)
    await uow.cases.save(case.released(9, case.opened_at.date()))
    await room.case(await uow.conversations.get(chat), code="BH-9999")
    await uow.staff.set_duty(staff_id, on_duty=True, at=NINE)
    await uow.rosters.add_shift(staff_id, 0, Block(480, 720), case.opened_at.date(), None)
    await uow.rosters.add_absence(staff_id, AbsenceKind.LEAVE, NINE, at(hours=1))
    await uow.channel_states.put("k", {"n": 1})
    await uow.gates.close("k", at(hours=1))
    await uow.feed.publish("case", chat, {})
