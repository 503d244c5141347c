"""Somebody of management who does not lead: cases that come there neither go to them nor wait for them."""

from __future__ import annotations

from bot.domain.transfers import TransferKind
from bot.services.inbox import Inboxes
from bot.simulation.agenda import run
from tests.unit.services.virtual_house import VirtualHouse


def test_a_case_is_not_routed_to_management_while_nobody_who_leads_is_there() -> None:
    at = VirtualHouse()
    at.staff("Thư", "management")
    handed = at.hands("sales")
    assert handed.case.department == "sales"
    assert at.promise(handed.case.id) is not None


def test_only_those_who_lead_find_a_transfer_to_management_in_their_inbox() -> None:
    at = VirtualHouse()
    lan, secretary, head = at.staff("Lan", "sales"), at.staff("Thư", "management"), at.leads("Quang")
    code = at.hands("sales").case.code
    run(at.house.desk.claim(lan, code))
    run(at.house.transferring.give(lan, code, department="management", kind=TransferKind.ESCALATED, note="khó"))
    inboxes = Inboxes(at.house.backstage.moves)
    assert [one.to_department for one in run(inboxes.of(head)).transfers] == ["management"]
    assert run(inboxes.of(secretary)).transfers == []


def test_a_request_to_management_waits_for_anybody_of_it() -> None:
    at = VirtualHouse()
    lan, secretary, head = at.staff("Lan", "sales"), at.staff("Thư", "management"), at.leads("Quang")
    code = at.hands("sales").case.code
    run(at.house.desk.claim(lan, code))
    run(at.house.requesting.ask(lan, code, "management", "Cho em mượn con dấu"))
    inboxes = Inboxes(at.house.backstage.moves)
    for person in (secretary, head):
        assert [one.department for one in run(inboxes.of(person)).requests] == ["management"]
