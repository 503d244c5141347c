"""Cases whose owner is gone: whoever is owed something gets a date, whoever has the next word is left in peace."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.domain.cases import Case, CaseState
from bot.domain.shift_ends import Line, To
from bot.services.absences import Wish
from bot.services.calling import Calling
from bot.simulation.agenda import run
from tests.unit.services.talking_house import TalkingHouse

DESK = "accounting"
HOUR = timedelta(hours=1)


class Held(TalkingHouse):
    """Lan of accounting has Mai's case; Sơn leads."""

    def __init__(self) -> None:
        super().__init__()
        self.son, self.lan = self.leads("Sơn"), self.staff("Lan", DESK)
        self.id = self.hands(DESK).case.id
        run(self.house.desk.claim(self.lan, self.its.code))

    @property
    def its(self) -> Case:
        """The case as it is stored."""
        return self.case(self.id)

    def answers(self, text: str = "Dạ hoá đơn em gửi anh rồi ạ") -> None:
        """Lan answers, and has answered with that."""
        run(self.house.desk.reply(self.lan, self.its.code, text))

    def falls_ill(self) -> list[str]:
        """Lan goes without handing over; returns what Mai hears of it."""
        before = len(self.said())
        wish = Wish(start_at=self.now, end_at=self.now + 8 * HOUR, accept_gaps=True)
        run(self.house.crew.absences.take_leave(self.son, wish, staff_id=self.lan.id))
        self.passes(timedelta(seconds=1))
        return self.said()[before:]


def holds(at: Held) -> None:
    at.answers("Dạ anh chờ em kiểm tra một lát ạ")


def dates(at: Held) -> None:
    at.answers()
    run(at.house.promising.promise(at.lan, at.its.code, at.now + 5 * HOUR))


def calls(at: Held) -> None:
    at.answers()
    run(Calling(at.house.backstage.moves).promise(at.lan, at.its.code, at.now + 5 * HOUR))


def hears_again(at: Held) -> None:
    at.answers()
    at.says("mà em còn thiếu một hoá đơn", "invoice_request")


def asks(at: Held) -> None:
    at.answers()
    run(at.house.requesting.ask(at.lan, at.its.code, "warehouse", "kiểm tra giúp"))


def asks_for_money(at: Held) -> None:
    at.answers()
    run(at.house.approving.ask(at.lan, at.its.code, kind="refund", amount=5_000_000, reason="Thu hai lần."))


def test_whoever_has_the_next_word_is_told_nothing_and_promised_nothing() -> None:
    at = Held()
    at.answers()
    assert at.falls_ill() == []
    assert (at.its.state, at.its.owner_id, at.promise(at.id)) == (CaseState.WAITING, None, None)
    assert at.its.waits_for_customer
    said = at.said()
    at.passes(timedelta(days=2))
    assert at.said() == said


@pytest.mark.parametrize("how", [lambda _at: None, holds, dates, calls, hears_again, asks, asks_for_money])
def test_whoever_is_owed_something_hears_of_a_date(how: Callable[[Held], None]) -> None:
    at = Held()
    how(at)
    (told,) = at.falls_ill()
    assert f"phiếu {at.its.code} được giao lại" in told
    assert at.promise(at.id) is not None


def test_a_colleague_takes_it_without_a_word_and_ends_it_without_a_question() -> None:
    at = Held()
    at.answers()
    tam, said = at.staff("Tâm", DESK), at.said()
    at.falls_ill()
    assert at.offered_to(at.id) == [tam.id]
    run(at.house.answering.accept(tam, at.its.code))
    assert (at.its.owner_id, at.said()) == (tam.id, said)
    run(at.house.desk.resolve(tam, at.its.code))
    assert not at.its.open


def test_whoever_writes_then_is_owed_an_answer_by_a_date_and_is_introduced() -> None:
    at = Held()
    at.answers()
    at.falls_ill()
    at.says("mà em còn thiếu một hoá đơn", "invoice_request")
    promise, heard = at.promise(at.id), at.said()[-1]
    assert promise is not None
    assert at.its.code in heard
    assert not at.its.waits_for_customer
    tam = at.staff("Tâm", DESK)
    run(at.house.desk.claim(tam, at.its.code))
    assert "Tâm" in at.said()[-1]


def test_a_colleague_who_is_asked_and_has_not_answered_owes_the_customer_nothing() -> None:
    at = Held()
    at.answers()
    at.staff("Nga", "sales")
    run(at.house.transferring.give(at.lan, at.its.code, note="Bán hàng xem giúp ạ", department="sales"))
    assert at.falls_ill() == []
    assert (at.its.department, at.promise(at.id)) == (DESK, None)


def test_whoever_goes_home_from_a_desk_that_is_empty_then_reads_that_nobody_was_troubled() -> None:
    at = Held()
    at.answers()
    said = at.said()
    ((held,), _) = run(at.house.crew.shift_end_ways.held(at.lan))
    assert held.suggested == Line(code=at.its.code, to=To.DEPARTMENT)
    done = run(at.house.crew.shift_ends.apply(at.lan, [held.suggested]))
    assert "không bị nhắn thêm" in done.results[0].told
    assert (done.results[0].due_at, done.off) == (None, True)
    assert (at.said(), at.promise(at.id)) == (said, None)
