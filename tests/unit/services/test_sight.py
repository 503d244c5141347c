"""What is noted beside a case is for those who may read that case, not for readers of another of its conversation."""

from __future__ import annotations

from bot.domain.messages import Direction
from bot.domain.staff import StaffMember
from bot.services.case_view import CaseViews
from bot.simulation.agenda import run
from tests.unit.services.virtual_house import VirtualHouse


def notes(at: VirtualHouse, reader: StaffMember, code: str) -> list[str]:
    """Return the notes on the page of a case."""
    page = run(CaseViews(at.house.backstage.moves).view(reader, code))
    return [one.text for one in page.transcript if one.direction is Direction.INTERNAL]


def test_the_notes_of_another_desk_stay_there() -> None:
    at = VirtualHouse()
    lan, tam, boss = at.staff("Lan", "sales"), at.staff("Tâm", "hr"), at.leads("Sơn")
    sold, hired = at.hands("sales").case.code, at.hands("hr").case.code
    run(at.house.desk.note(lan, sold, "Khách hỏi giá."))
    run(at.house.desk.note(tam, hired, "Hồ sơ của anh ấy có tiền án."))
    assert notes(at, lan, sold) == ["Khách hỏi giá."]
    assert notes(at, tam, hired) == ["Hồ sơ của anh ấy có tiền án."]
    assert notes(at, boss, sold) == ["Khách hỏi giá.", "Hồ sơ của anh ấy có tiền án."]


def test_whoever_is_asked_to_help_in_a_case_reads_its_notes() -> None:
    at = VirtualHouse()
    lan, tam = at.staff("Lan", "sales"), at.staff("Tâm", "warehouse")
    code = at.hands("sales").case.code
    run(at.house.desk.claim(lan, code))
    run(at.house.desk.note(lan, code, "Khách cần gấp."))
    run(at.house.requesting.ask(lan, code, department="warehouse", text="Còn hàng không?"))
    assert "Khách cần gấp." in notes(at, tam, code)
