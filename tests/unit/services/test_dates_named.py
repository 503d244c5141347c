"""A date that takes the place of one that the customer has heard of names it; a silent one is nobody's to take back."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.promises import PromiseKind
from bot.services.requesting import Requesting
from bot.simulation.agenda import run
from tests.unit.services.virtual_house import VirtualHouse


def test_each_date_names_the_one_before() -> None:
    at = VirtualHouse()
    lan, _ = at.staff("Lan", "sales"), at.staff("Kho", "warehouse")
    case = at.hands("sales").case
    run(at.house.desk.claim(lan, case.code))
    requesting: Requesting = at.house.requesting
    run(requesting.ask(lan, case.code, "warehouse", "Kho còn hàng không ạ?"))
    by_request = at.said()[-1]
    assert ", thay cho giờ đã hẹn " in by_request
    run(at.house.promising.promise(lan, case.code, at.now + timedelta(minutes=20)))
    by_hand = at.said()[-1]
    assert by_request.split(" trước ")[1].split(",")[0] in by_hand.split(", thay cho giờ đã hẹn ")[1]
    first = at.promise(case.id)
    at.misses(case.id)
    [renewed] = [one for one in at.said() if "xin lỗi đã để anh/chị phải chờ" in one]
    assert first is not None
    assert f", thay cho giờ đã hẹn {by_hand.split(' trước ')[1].split(',')[0]} ạ." in renewed


def test_a_date_that_nobody_was_told_is_not_named() -> None:
    at = VirtualHouse()
    lan = at.staff("Lan", "sales")
    case = at.hands("sales").case
    run(at.house.desk.claim(lan, case.code))
    run(at.house.desk.reply(lan, case.code, "Dạ còn hàng ạ."))
    run(at.house.desk.reply(lan, case.code, "Dạ để em hỏi thêm kho rồi báo anh."))
    silent = at.promise(case.id)
    assert silent is not None
    assert (silent.kind, silent.silent) == (PromiseKind.ANSWER, True)
    run(at.house.promising.promise(lan, case.code, at.now + timedelta(hours=3)))
    assert "thay cho" not in at.said()[-1]


def test_the_same_moment_is_not_named_twice() -> None:
    at = VirtualHouse()
    lan = at.staff("Lan", "sales")
    case = at.hands("sales").case
    run(at.house.desk.claim(lan, case.code))
    promise = at.promise(case.id)
    assert promise is not None
    run(at.house.promising.promise(lan, case.code, promise.due_at))
    assert "thay cho" not in at.said()[-1]
