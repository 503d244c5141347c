"""How the desk works, as `company.yml` says it: every fault with its line, every value, every default."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.adapters.company import load
from bot.domain.company import Approvals, Assignment, Breaks, Feedback, Language, Priority, Teaching, Words
from tests.unit.adapters.test_company import GOOD, faults_of, written

DESK = GOOD.replace("capacity: 3", "capacity: 3\n    X").replace(
    "sla:\n", 'skills: { talks: { vi: "Đàm phán", en: "Talks" } }\nsla:\n', 1
)


@pytest.mark.parametrize(
    ("line_of_the_department", "message"),
    [
        ("skills: { greet: talks }", "bộ phận này không phụ trách ý định “greet”"),
        ("skills: { partnership: cooking }", "kỹ năng “cooking” chưa khai"),
        ("skills: [partnership]", "cần các mục con"),
        ("skills: { partnership: }", "cần một dòng chữ"),
        ("languages: [fr]", "công ty không tiếp khách bằng ngôn ngữ “fr”"),
        ("languages: [vi, vi]", "ngôn ngữ “vi” khai hai lần"),
        ("languages: []", "cần ít nhất một ngôn ngữ"),
        ("languages: vi", "cần một danh sách"),
        ("request_minutes: 0", "cần một số nguyên từ 1"),
        ("seniors_only: [gấp]", "“gấp” không phải mức ưu tiên; dùng normal, high, urgent"),
        ("seniors_only: [high, high]", "mức ưu tiên “high” khai hai lần"),
        ("cover: [reception, management]", "mục “cover” viết hai lần"),
    ],
)
def test_faults_of_a_department(tmp_path: Path, line_of_the_department: str, message: str) -> None:
    found = faults_of(tmp_path, DESK.replace("    X\n", f"    {line_of_the_department}\n"))
    assert len(found) == 1, found
    assert found[0][0] == 38
    assert message in found[0][1]


@pytest.mark.parametrize(
    ("section", "line", "message"),
    [
        ("skills: { Hay: { vi: A, en: B } }", 41, "kỹ năng “Hay” chỉ gồm chữ thường"),
        ("skills: { talks: { vi: A } }", 41, "thiếu mục “en”"),
        ("skills: []", 41, "cần các mục con"),
        ("assignment:\n  offer_seconds: { gấp: 30 }", 42, "không có mục nào tên “gấp”"),
        ("assignment:\n  offer_seconds: { high: 0 }", 42, "cần một số nguyên từ 5 đến 3600"),
        ("assignment:\n  offer_seconds: 90", 42, "cần các mục con"),
        ("assignment: { heartbeat_minutes: 0 }", 41, "cần một số nguyên từ 1 đến 120"),
        ("assignment: { offers_before_manager: 0 }", 41, "cần một số nguyên từ 1 đến 10"),
        ("assignment: { offers: 2 }", 41, "không có mục nào tên “offers”"),
        ("breaks: { longest_minutes: 1000 }", 41, "cần một số nguyên từ 5 đến 720"),
        ("breaks: { long: 10 }", 41, "không có mục nào tên “long”"),
        ("approvals: { minutes: 0 }", 41, "cần một số nguyên từ 1"),
        ("approvals:\n  kinds: {}", 42, "cần ít nhất một loại phê duyệt"),
        ("approvals:\n  kinds: { Hoàn tiền: { vi: A, en: B } }", 42, "loại phê duyệt “Hoàn tiền” chỉ gồm"),
        ("approvals:\n  kinds: { refund: { vi: A } }", 42, "thiếu mục “en”"),
        ("feedback: { ask: yes }", 41, "cần true hoặc false"),
        ("feedback: { low: 5 }", 41, "cần một số nguyên từ 1 đến 4"),
        ("feedback: { stars: 5 }", 41, "không có mục nào tên “stars”"),
        ("teaching: { two_reviewers: 2 }", 41, "cần true hoặc false"),
    ],
)
def test_faults_of_the_desk(tmp_path: Path, section: str, line: int, message: str) -> None:
    found = faults_of(tmp_path, f"{GOOD}{section}\n")
    assert len(found) == 1, found
    assert found[0][0] == line
    assert message in found[0][1]


def test_what_the_file_says_of_the_desk(tmp_path: Path) -> None:
    own = "skills: { partnership: talks }\n    languages: [en]\n    request_minutes: 30\n    seniors_only: [urgent]"
    text = DESK.replace("    X\n", f"    {own}\n") + (
        "assignment: { offer_seconds: { high: 45 }, heartbeat_minutes: 10, offers_before_manager: 3 }\n"
        "breaks: { longest_minutes: 30 }\n"
        "approvals: { minutes: 15, kinds: { gift: { vi: Quà tặng, en: Gift } } }\n"
        "feedback: { ask: false, low: 3 }\n"
        "teaching: { two_reviewers: true }\n"
    )
    company = load(written(tmp_path, text))
    desk = company.department("management")
    assert (desk.skills, desk.languages) == ({"partnership": "talks"}, (Language.EN,))
    assert (desk.request_minutes, desk.seniors_only) == (30, {Priority.URGENT})
    assert company.assignment.offer_seconds == {"normal": 90, "high": 45, "urgent": 30}
    assert (company.assignment.heartbeat_minutes, company.assignment.offers_before_manager) == (10, 3)
    assert company.breaks == Breaks(longest_minutes=30)
    assert (company.approvals.minutes, dict(company.approvals.kinds)) == (15, {"gift": Words("Quà tặng", "Gift")})
    assert company.feedback == Feedback(ask=False, low=3)
    assert company.teaching == Teaching(two_reviewers=True)


def test_a_file_that_says_nothing_of_the_desk_has_defaults(tmp_path: Path) -> None:
    company = load(written(tmp_path, GOOD))
    assert (company.assignment, company.breaks) == (Assignment(), Breaks())
    assert (company.approvals, company.feedback, company.teaching) == (Approvals(), Feedback(), Teaching())
    desk = company.department("management")
    assert (desk.skills, desk.languages, desk.request_minutes) == ({}, (Language.VI, Language.EN), 240)
    assert (company.skills, desk.seniors_only) == ({}, frozenset())
