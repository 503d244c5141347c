"""The hour that the house itself names for a call: one at which its desk is there, with the tries that went before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.promises import PromiseKind
from bot.services.calling import Calling
from bot.simulation.agenda import run
from tests.unit.services.virtual_house import COMPANY, VirtualHouse


def local(hour: int, minute: int) -> datetime:
    """Return a moment of a working Wednesday."""
    return datetime(2026, 11, 25, hour, minute, tzinfo=COMPANY.zone).astimezone(UTC)


class Promised(VirtualHouse):
    """Lan of sales has a case whose customer is called a minute after ``start``."""

    def __init__(self, start: datetime) -> None:
        super().__init__(start, COMPANY)
        self.lan = self.staff("Lan", "sales")
        self.calling = Calling(self.house.backstage.moves)
        self.id = self.hands("sales").case.id
        self.code = self.case(self.id).code
        run(self.house.desk.claim(self.lan, self.code))
        self.hour = start + timedelta(minutes=1)
        run(self.calling.promise(self.lan, self.code, self.hour, confirmed=True))

    def finds_nobody(self) -> None:
        """Lan calls at the hour, in vain."""
        promise = self.promise(self.id)
        assert promise is not None
        self.passes(promise.due_at - self.now)
        run(self.calling.called(self.lan, self.code, call_at=promise.due_at, reached=False))

    def slips(self) -> None:
        """Nobody calls at the hour."""
        self.leaves(self.lan)
        self.misses(self.id)

    def is_put_back(self) -> None:
        """Lan goes a minute after the hour, without having called."""
        self.passes(self.hour + timedelta(minutes=1) - self.now)
        run(self.house.crew.shift_ends._putting_back.put_back(self.lan, self.code))


@pytest.mark.parametrize("close", [local(12, 0), local(20, 0)], ids=["lunch", "evening"])
@pytest.mark.parametrize(
    ("move", "before"), [(Promised.finds_nobody, 33), (Promised.is_put_back, 34), (Promised.slips, 70)]
)
def test_a_call_that_would_come_as_the_desk_closes_comes_when_it_opens(
    move: Callable[[Promised], None], before: int, close: datetime
) -> None:
    at = Promised(close - timedelta(minutes=before))
    move(at)
    promise = at.promise(at.id)
    assert promise is not None
    assert promise.kind is PromiseKind.CALL
    assert promise.due_at > close
    assert COMPANY.departments[at.case(at.id).department].hours.is_open(promise.due_at)
    assert at.case(at.id).call_at == promise.due_at


@pytest.mark.parametrize("missed", [Promised.is_put_back, Promised.slips])
def test_calls_in_vain_go_on_counting_where_an_hour_is_missed(missed: Callable[[Promised], None]) -> None:
    at = Promised(local(9, 0))
    at.finds_nobody()
    again = at.promise(at.id)
    assert again is not None
    assert again.tries == 1
    at.hour = again.due_at
    missed(at)
    renewed = at.promise(at.id)
    assert renewed is not None
    assert renewed != again
    assert renewed.tries == 1
