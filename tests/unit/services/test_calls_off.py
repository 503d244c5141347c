"""A call that its customer takes off: where nothing else is owed, nothing is left to do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.domain.cases import Case, CaseState
from bot.domain.promises import PromiseKind, PromiseState
from bot.services.refusals import Unanswered
from bot.simulation.agenda import run
from tests.unit.services.talking_house import TalkingHouse

DESK = "customer_relations"


class Wanted(TalkingHouse):
    """Mai is called in three hours; Lan is at the desk, Sơn leads."""

    def __init__(self, reason: str = "callback") -> None:
        super().__init__()
        self.lan, self.son = self.staff("Lan", DESK), self.leads("Sơn")
        self.hour = self.now + timedelta(hours=3)
        self.id = self.hands(DESK, reason, call_at=self.hour).case.id

        self.putting_back = self.house.crew.shift_ends._putting_back

    @property
    def its(self) -> Case:
        """The case as it is stored."""
        return self.case(self.id)

    def off(self, text: str = "thôi khỏi gọi nhé") -> str:
        """Mai wants no call; returns all that she hears."""
        before = len(self.said())
        self.says(text, "deny")
        return "\n".join(self.said()[before:])


def test_a_case_that_waits_ends_with_its_call() -> None:
    at = Wanted()
    promise = at.promise(at.id)
    assert promise is not None
    heard = at.off()
    assert "đã huỷ giờ gọi" in heard
    assert "1 đến 5" not in heard
    assert at.its.state is CaseState.RESOLVED
    assert (at.its.resolved_at is not None, at.its.owner_id, at.its.timer_id) == (True, None, None)
    assert at.memory.promises[promise.id].state is PromiseState.CANCELLED
    said = at.said()
    at.passes(timedelta(days=2))
    assert at.said() == said
    assert at.its.owner_id is None
    actions = [one.action for one in at.memory.audit[at.its.code]]
    assert actions[-2:] == ["case.call_off", "case.resolve"]


def test_what_is_on_offer_then_is_taken_back() -> None:
    at = Wanted()
    at.passes(timedelta(hours=2, minutes=46))
    assert at.offered_to(at.id) == [at.lan.id]
    at.off()
    assert not at.its.open
    assert at.offered_to(at.id) == []
    at.passes(timedelta(hours=1))
    assert at.its.tries == 0


def test_whoever_has_the_case_ends_it_without_a_question() -> None:
    at = Wanted()
    run(at.house.desk.claim(at.lan, at.its.code))
    with pytest.raises(Unanswered):
        run(at.house.desk.resolve(at.lan, at.its.code))
    at.off()
    assert (at.its.state, at.its.owner_id) == (CaseState.ASSIGNED, at.lan.id)
    run(at.house.desk.resolve(at.lan, at.its.code))
    assert not at.its.open


def test_what_else_they_write_is_owed_a_word_again() -> None:
    at = Wanted()
    run(at.house.desk.claim(at.lan, at.its.code))
    at.off()
    at.says("mà giá cái tủ lạnh sao rồi em", "product_price")
    with pytest.raises(Unanswered):
        run(at.house.desk.resolve(at.lan, at.its.code))


@pytest.mark.parametrize(
    ("reason", "text"), [("warranty", "thôi khỏi gọi nhé"), ("callback", "đừng gọi, nhắn tin được rồi")]
)
def test_what_else_is_owed_stays(reason: str, text: str) -> None:
    at = Wanted(reason)
    at.off(text)
    assert at.its.state is CaseState.WAITING
    assert at.promise(at.id) is not None


def adds(at: Wanted) -> None:
    at.hands(DESK, "invoice_request")


def adds_and_moves(at: Wanted) -> None:
    adds(at)
    at.says("gọi lúc 4h chiều nhé", "callback")
    assert at.its.call_at == at.hour + timedelta(hours=4)


def adds_and_is_missed(at: Wanted) -> None:
    adds(at)
    at.leaves(at.lan)
    at.leaves(at.son)
    at.misses(at.id)
    assert at.its.call_at != at.hour


def is_to_wait(at: Wanted) -> None:
    run(at.house.desk.claim(at.lan, at.its.code))
    run(at.house.desk.reply(at.lan, at.its.code, "Dạ anh chờ em 5 phút em xem ạ"))
    run(at.putting_back.put_back(at.lan, at.its.code))


def is_asked_about(at: Wanted) -> None:
    run(at.house.desk.claim(at.lan, at.its.code))
    run(at.house.requesting.ask(at.lan, at.its.code, "warehouse", "kiểm tra giúp"))
    run(at.putting_back.put_back(at.lan, at.its.code))


@pytest.mark.parametrize("before", [adds, adds_and_moves, adds_and_is_missed, is_to_wait, is_asked_about])
def test_what_is_owed_beside_the_call_is_owed_without_it(before: Callable[[Wanted], None]) -> None:
    at = Wanted()
    before(at)
    heard = at.off()
    assert "Việc còn lại" in heard
    promise = at.promise(at.id)
    assert promise is not None
    assert (promise.kind, at.its.call_at, at.its.open) == (PromiseKind.ANSWER, None, True)
    assert at.its.sla is not None
    assert at.its.sla.owes_answer


def moves(at: Wanted) -> None:
    at.says("gọi lúc 4h chiều nhé", "callback")


def is_missed(at: Wanted) -> None:
    at.leaves(at.lan)
    at.leaves(at.son)
    at.misses(at.id)


@pytest.mark.parametrize("before", [moves, is_missed])
def test_a_call_that_has_moved_ends_its_case_all_the_same(before: Callable[[Wanted], None]) -> None:
    at = Wanted()
    before(at)
    at.off()
    assert (at.its.open, at.promise(at.id)) == (False, None)


@pytest.mark.parametrize("held", [True, False])
def test_a_question_beside_it_is_owed_an_answer(held: bool) -> None:
    at = Wanted()
    if held:
        run(at.house.desk.claim(at.lan, at.its.code))
    assert "Việc còn lại" in at.off("thôi khỏi gọi, mà hoá đơn của em sao rồi?")
    assert at.promise(at.id) is not None
    assert at.its.open


def test_whoever_wants_a_call_after_all_gets_one() -> None:
    at = Wanted()
    at.off()
    at.says("à thôi gọi lại giúp mình 9h sáng mai", "callback")
    at.says("0912345678", "callback")
    (wanted,) = [one for one in at.memory.cases.values() if one.open]
    assert wanted.call_at is not None
    assert f"{wanted.call_at.astimezone(at.company.zone):%d %H:%M}" == "05 09:00"
    assert "9:00 ngày mai" in at.said()[-1]
