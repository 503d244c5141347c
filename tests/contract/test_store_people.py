"""Every store keeps staff members and their rosters alike."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.company import RoleId
from bot.domain.errors import Invalid, Unknown
from bot.domain.hours import Block
from bot.domain.shifts import HORIZON_DAYS, AbsenceKind, Shift
from tests.contract.stores import DAY, NINE, Filling, Kept, at

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
MORNING, EVENING, NIGHT = Block(480, 720), Block(1020, 1320), Block(1320, 1800)


async def test_a_person_is_kept_with_what_they_can_do(room: Filling) -> None:
    lan = await room.person("Lan", "sales", "teller")
    assert (lan.name, lan.departments, lan.active, lan.on_duty) == ("Lan", frozenset({"sales", "teller"}), True, False)
    assert (lan.skills, lan.languages, lan.senior) == (frozenset(), frozenset({"vi"}), False)
    assert (lan.switched_at, lan.seen_at, lan.created_at) == (None, None, NINE)
    changed = replace(
        lan,
        name="Lan Anh",
        role=RoleId.MANAGER,
        departments=frozenset({"sales"}),
        skills=frozenset({"gold", "loans"}),
        languages=frozenset({"vi", "en"}),
        senior=True,
    )
    await room.uow.staff.save(changed)
    assert await room.uow.staff.get(lan.id) == changed


async def test_saving_a_person_leaves_alone_what_others_change(room: Filling) -> None:
    seen_long_ago = await room.person("Lan")
    await room.uow.staff.set_duty(seen_long_ago.id, on_duty=True, at=at(hours=1))
    await room.uow.staff.save(replace(seen_long_ago, senior=True))
    lan = await room.uow.staff.get(seen_long_ago.id, lock=True)
    assert (lan.senior, lan.on_duty, lan.switched_at, lan.seen_at) == (True, True, at(hours=1), at(hours=1))


async def test_the_switch_remembers_when_it_was_turned(room: Filling) -> None:
    lan = await room.person("Lan")
    for on_duty, moment in [(True, at(hours=1)), (True, at(hours=2)), (False, at(hours=3)), (False, at(hours=4))]:
        await room.uow.staff.set_duty(lan.id, on_duty=on_duty, at=moment)
    lan = await room.uow.staff.get(lan.id)
    assert (lan.on_duty, lan.switched_at) == (False, at(hours=3))
    # Whoever comes is there; whoever goes is not seen by going.
    assert lan.seen_at == at(hours=2)


async def test_a_person_knows_the_timer_of_their_shift(room: Filling) -> None:
    lan, minh = await room.person("Lan"), await room.person("Minh")
    await room.uow.staff.save_shift_timer(lan.id, 17)
    assert await room.uow.staff.get(lan.id) == replace(lan, shift_timer_id=17)
    assert (await room.uow.staff.get(minh.id)).shift_timer_id is None


async def test_a_heartbeat_never_goes_back(room: Filling) -> None:
    lan, minh = await room.person("Lan"), await room.person("Minh")
    for moment in (at(hours=2), at(hours=1)):
        await room.uow.staff.touch(lan.id, moment)
    await room.uow.staff.set_duty(lan.id, on_duty=True, at=at(hours=1.5))
    assert (await room.uow.staff.get(lan.id)).seen_at == at(hours=2)
    assert (await room.uow.staff.get(minh.id)).seen_at is None


async def test_whoever_is_made_on_duty_is_there_from_that_moment(room: Filling) -> None:
    lan = await room.uow.staff.add("a@b.vn", "Lan", RoleId.AGENT, frozenset(), None, at(hours=1), on_duty=True)
    assert (lan.on_duty, lan.switched_at, lan.seen_at) == (True, at(hours=1), at(hours=1))


async def test_people_are_those_who_are_active(room: Filling) -> None:
    minh, lan = await room.person("Minh"), await room.person("Lan")
    gone = await room.person("An")
    await room.uow.staff.set_duty(gone.id, on_duty=True, at=NINE)
    await room.uow.staff.set_active(gone.id, active=False)
    assert [one.id for one in await room.uow.staff.people()] == [minh.id, lan.id]
    assert [one.name for one in await room.uow.staff.all()] == ["An", "Lan", "Minh"]
    assert (await room.uow.staff.get(gone.id)).on_duty is False


async def test_an_address_belongs_to_one_account(room: Filling) -> None:
    lan = await room.person("Lan")
    with pytest.raises(Invalid):
        await room.uow.staff.add(lan.email, "Minh", RoleId.AGENT, frozenset(), None, NINE)
    assert await room.uow.staff.by_email(lan.email) == (lan, "hash")
    assert await room.uow.staff.by_email("ai@do.vn") is None
    assert await room.uow.staff.names() == {lan.id: "Lan"}


async def test_logins_and_links_end(room: Filling) -> None:
    lan = await room.person("Lan")
    await room.uow.staff.add_session(b"one", lan.id, "csrf", NINE)
    await room.uow.staff.touch_session(b"one", at(hours=1))
    login = await room.uow.staff.session(b"one")
    assert login is not None
    assert (login.staff, login.csrf, login.created_at, login.seen_at) == (lan, "csrf", NINE, at(hours=1))
    await room.uow.staff.save_password(lan.id, "other")
    assert await room.uow.staff.session(b"one") is None
    await room.uow.staff.add_link(b"link", "first-admin", at(hours=1))
    assert await room.uow.staff.use_link(b"link", "first-admin", at(hours=2)) is False
    assert await room.uow.staff.use_link(b"link", "first-admin", at(minutes=30)) is True
    assert await room.uow.staff.use_link(b"link", "first-admin", at(minutes=31)) is False
    await room.uow.staff.save_attempts("lan", 3, at(hours=1))
    assert await room.uow.staff.attempts("lan") == (3, at(hours=1))
    await room.uow.staff.save_attempts("lan", 0, at(hours=1))
    assert await room.uow.staff.attempts("lan") == (0, None)


async def test_a_visitor_is_known_by_a_cookie_for_a_while(room: Filling) -> None:
    chat = await room.conversation()
    await room.uow.chat_sessions.add(b"cookie", chat.id, NINE)
    assert await room.uow.chat_sessions.conversation_of(b"cookie", at(hours=-1)) == chat.id
    assert await room.uow.chat_sessions.conversation_of(b"cookie", at(hours=1)) is None
    assert await room.uow.chat_sessions.conversation_of(b"other", at(hours=-1)) is None


async def test_shifts_are_kept_changed_and_taken_away(room: Filling) -> None:
    lan, minh = await room.person("Lan"), await room.person("Minh")
    add = room.uow.rosters.add_shift
    night = await add(lan.id, 2, NIGHT, DAY, None)
    morning = await add(lan.id, 2, MORNING, DAY, date(2026, 12, 31))
    other = await add(minh.id, 0, MORNING, DAY, None)
    assert (night.staff_id, night.weekday, night.block, night.valid_to) == (lan.id, 2, NIGHT, None)
    assert await room.uow.rosters.shifts() == [morning, night, other]
    assert await room.uow.rosters.shifts(staff_id=lan.id) == [morning, night]
    changed = replace(night, weekday=3, block=EVENING, valid_to=date(2027, 6, 30))
    await room.uow.rosters.save_shift(changed)
    assert await room.uow.rosters.shift(night.id) == changed
    await room.uow.rosters.remove_shift(other.id)
    with pytest.raises(Unknown):
        await room.uow.rosters.shift(other.id)


async def test_a_day_has_one_exception_and_the_last_word_counts(room: Filling) -> None:
    lan = await room.person("Lan")
    put = room.uow.rosters.put_exception
    off = await put(lan.id, DAY, (), "nghỉ bù")
    assert (off.staff_id, off.day, off.blocks, off.note) == (lan.id, DAY, (), "nghỉ bù")
    later = await put(lan.id, DAY + timedelta(days=1), (EVENING, MORNING), "")
    assert later.blocks == (MORNING, EVENING)
    again = await put(lan.id, DAY, (NIGHT,), "trực thay")
    assert await room.uow.rosters.exceptions(DAY, DAY) == [again]
    assert await room.uow.rosters.exceptions(DAY, DAY + timedelta(days=1), staff_id=lan.id) == [again, later]
    assert await room.uow.rosters.exceptions(DAY, DAY, staff_id=lan.id + 1) == []
    await room.uow.rosters.remove_exception(lan.id, DAY)
    await room.uow.rosters.remove_exception(lan.id, DAY)
    assert await room.uow.rosters.exceptions(DAY, DAY + timedelta(days=1)) == [later]


async def test_an_absence_is_kept_and_cut_short(room: Filling) -> None:
    lan, minh = await room.person("Lan"), await room.person("Minh")
    add = room.uow.rosters.add_absence
    made = await add(lan.id, AbsenceKind.BREAK, NINE, at(minutes=30), cover_id=minh.id, note="ăn trưa")
    assert (made.staff_id, made.kind, made.start_at, made.end_at) == (lan.id, AbsenceKind.BREAK, NINE, at(minutes=30))
    assert (made.cover_id, made.note, made.ended_at, made.timer_id) == (minh.id, "ăn trưa", None, None)
    cut = replace(made.ended(at(minutes=10)), timer_id=8, cover_id=None)
    await room.uow.rosters.save_absence(cut)
    assert await room.uow.rosters.absence(made.id) == cut
    with pytest.raises(Unknown):
        await room.uow.rosters.absence(made.id + 1)


async def test_absences_are_found_by_any_part_of_them(room: Filling) -> None:
    lan, minh = await room.person("Lan"), await room.person("Minh")
    add = room.uow.rosters.add_absence
    leave = await add(lan.id, AbsenceKind.LEAVE, at(days=-1), at(days=1))
    pause = await add(minh.id, AbsenceKind.BREAK, at(minutes=10), at(minutes=40))
    cut = (await add(minh.id, AbsenceKind.LEAVE, at(hours=2), at(hours=9))).ended(at(hours=3))
    await room.uow.rosters.save_absence(cut)
    taken_back = (await add(minh.id, AbsenceKind.LEAVE, at(hours=5), at(hours=9))).ended(at(hours=1))
    await room.uow.rosters.save_absence(taken_back)
    found = room.uow.rosters.absences
    assert await found(NINE, at(hours=9)) == [leave, pause, cut]
    assert await found(NINE, at(hours=9), staff_id=minh.id) == [pause, cut]
    # A moment, and the edges: the first minute belongs to it, the last does not.
    assert await found(at(minutes=10), at(minutes=10), staff_id=minh.id) == [pause]
    assert await found(at(minutes=40), at(minutes=40), staff_id=minh.id) == []
    assert await found(at(hours=3), at(hours=4), staff_id=minh.id) == []
    assert await found(at(hours=1), at(hours=2), staff_id=minh.id) == []


async def test_a_roster_holds_all_that_bears_on_a_stretch(room: Filling) -> None:
    lan, minh = await room.person("Lan"), await room.person("Minh")
    far = timedelta(days=HORIZON_DAYS)
    rosters = room.uow.rosters
    shift = await rosters.add_shift(lan.id, 2, MORNING, DAY - timedelta(days=30), None)
    await rosters.add_shift(lan.id, 2, EVENING, date(2025, 1, 1), date(2025, 12, 31))
    single = await rosters.put_exception(minh.id, DAY + timedelta(days=20), (NIGHT,), "")
    await rosters.put_exception(minh.id, date(2026, 1, 1), (NIGHT,), "")
    leave = await rosters.add_absence(lan.id, AbsenceKind.LEAVE, at(days=-20), at(days=-10))
    pause = await rosters.add_absence(minh.id, AbsenceKind.BREAK, at(hours=-2), at(hours=-1))
    await rosters.add_absence(minh.id, AbsenceKind.BREAK, at(days=-5), at(days=-5, hours=1))
    await rosters.add_absence(lan.id, AbsenceKind.LEAVE, at(days=-300), at(days=-290))
    await rosters.add_absence(lan.id, AbsenceKind.LEAVE, at(hours=1) + far + far, at(hours=2) + far + far)
    whole = await rosters.roster(ZONE, NINE, at(hours=8))
    assert whole.shifts == (shift,)
    assert whole.exceptions == (single,)
    assert whole.absences == (leave, pause)
    assert whole.zone is ZONE
    hers = await rosters.roster(ZONE, NINE, at(hours=8), staff_id=lan.id)
    assert (hers.shifts, hers.exceptions, hers.absences) == ((shift,), (), (leave,))


async def test_only_one_writer_at_a_time_changes_the_roster(kept: Kept) -> None:
    entered = asyncio.Event()

    async def second() -> list[Shift]:
        async with kept.store.begin() as uow:
            await uow.rosters.lock()
            entered.set()
            return list((await uow.rosters.roster(ZONE, NINE, at(hours=8))).shifts)

    async with kept.store.begin() as uow:
        lan = await Filling(uow).person("Lan")
        await uow.rosters.lock()
        await uow.rosters.lock()
        waiting = asyncio.create_task(second())
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(entered.wait(), 0.3)
        shift = await uow.rosters.add_shift(lan.id, 2, MORNING, DAY, None)
    assert await asyncio.wait_for(waiting, 10) == [shift], "whoever comes second finds what the first wrote"
