"""Reading `company.yml`: the shipped file, and every fault with the line it stands on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.adapters.company import CompanyFaults, load
from bot.domain.company import RECEPTION, Company, RoleId

SHIPPED = Path(__file__).parents[3] / "company.yml"

GOOD = """\
name: { vi: "Công ty A", en: "Company A" }
short_name: "A"
time_zone: "Asia/Ho_Chi_Minh"
languages: [vi, en]
contact:
  address: { vi: "Số 1", en: "No 1" }
  hotline: "1900 0000"
  email: "a@a.example"
  fanpage: "fb.example/a"
opening_hours:
  monday: ["08:00-12:00", "13:00-17:00"]
holidays:
  public: "VN"
  dates:
    - { date: "2026-12-12", name: "Sinh nhật" }
attachments:
  max_megabytes: 15
  kinds: ["image/*"]
sla:
  normal: { first_response: 15, next_response: 30, resolution: 480 }
  high: { first_response: 10, next_response: 20, resolution: 480 }
  urgent: { first_response: 3, next_response: 5, resolution: 120 }
departments:
  - id: reception
    code: LT
    label: { vi: "Lễ tân", en: "Reception" }
    side: front
    intents: [greet]
    capacity: 6
  - id: management
    code: QL
    label: { vi: "Ban quản lý", en: "Management" }
    side: back
    intents: [partnership]
    cover: [reception]
    capacity: 3
roles:
  agent: { label: { vi: "Nhân viên", en: "Agent" }, approval_limit: 500.000 }
  manager: { label: { vi: "Quản lý", en: "Manager" }, approval_limit: 20.000.000 }
  admin: { label: { vi: "Quản trị", en: "Admin" }, approval_limit: unlimited }
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "company.yml"
    path.write_text(text, encoding="utf-8")
    return path


def faults_of(folder: Path, text: str) -> list[tuple[int, str]]:
    with pytest.raises(CompanyFaults) as caught:
        load(written(folder, text))
    return [(fault.line, fault.message) for fault in caught.value.faults]


def test_the_shipped_company() -> None:
    company = load(SHIPPED)
    assert len(company.departments) == 15
    assert company.roles[RoleId.AGENT].approval_limit == 500_000
    assert company.roles[RoleId.ADMIN].approval_limit is None
    assert company.department("facilities").sla.urgent.first_response == 1
    assert company.attachments.max_bytes == 15 * 1024 * 1024
    assert company.department(RECEPTION).hours is company.hours


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2027-02-06", "Tết Nguyên Đán"),
        ("2041-02-01", "Tết Nguyên Đán"),
        ("2026-04-26", "Ngày Giỗ Tổ Hùng Vương"),
        ("2027-05-20", "Kỷ niệm ngày thành lập Sen Việt"),
        ("2026-11-24", None),
        ("2026-11-25", None),
    ],
)
def test_holidays(company: Company, day: str, name: str | None) -> None:
    noon = datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=company.zone)
    assert company.hours.holiday(noon) == name


def test_the_day_after_tet_is_found(company: Company) -> None:
    eve = datetime(2027, 2, 3, 21, 0, tzinfo=company.zone)
    opening = company.hours.next_opening(eve)
    assert opening - eve > timedelta(days=5)
    assert company.hours.holiday(opening) is None


def test_a_small_company(tmp_path: Path) -> None:
    company = load(written(tmp_path, GOOD))
    assert list(company.departments) == ["reception", "management"]
    assert company.owners == {"greet": "reception", "partnership": "management"}


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("Asia/Ho_Chi_Minh", "Asia/Hanoi", 3, "không có múi giờ “Asia/Hanoi”"),
        ("languages: [vi, en]", "languages: [en, fr]", 4, "chưa hỗ trợ ngôn ngữ “fr”"),
        ("languages: [vi, en]", "languages: [en]", 4, "phải có tiếng Việt"),
        ("languages: [vi, en]", "languages: [vi, vi]", 4, "khai hai lần"),
        ("a@a.example", "a.example", 8, "không phải địa chỉ email"),
        ("13:00-17:00", "17:00-13:00", 11, "giờ kết thúc không sau giờ bắt đầu"),
        ("13:00-17:00", "11:30-17:00", 11, "chồng lên khung giờ khác"),
        ("13:00-17:00", "1pm-5pm", 11, "phải có dạng 08:00-12:00"),
        ('monday: ["08:00-12:00", "13:00-17:00"]', "monday: []", 11, "không có giờ mở cửa nào"),
        (
            'monday: ["08:00-12:00", "13:00-17:00"]',
            'monday: ["22:00-09:00+1"]\n  tuesday: ["08:00-12:00"]',
            11,
            "lấn sang khung",
        ),
        ('monday: ["08', 'funday: []\n  monday: ["08', 11, "không có mục nào tên “funday”"),
        ('public: "VN"', 'public: "XX"', 13, "không có lịch nghỉ lễ"),
        (
            '"Sinh nhật" }',
            '"Sinh nhật" }\n    - { date: "2026-12-12", name: "Nữa" }',
            16,
            "ngày nghỉ 12/12/2026 khai hai lần",
        ),
        ("2026-12-12", "20261212", 15, "phải có dạng 2026-04-30"),
        ("2026-12-12", "2026-09-02", 15, "ngày 02/09/2026 đã là ngày nghỉ lễ (Quốc khánh)"),
        ('"Sinh nhật" }', '"Sinh nhật" }\n  working: ["2026-09-03"]', 16, "03/09/2026 vốn không phải ngày nghỉ lễ"),
        ('public: "VN"', 'working: ["2026-09-02"]', 13, "02/09/2026 vốn không phải ngày nghỉ lễ"),
        ('"Sinh nhật" }', '"Sinh nhật" }\n  working: ["2026-12-12"]', 16, "vừa khai nghỉ vừa khai làm việc"),
        ("2026-12-12", "12/12/2026", 15, "phải có dạng 2026-04-30"),
        ("max_megabytes: 15", "max_megabytes: nhiều", 17, "số nguyên từ 1 đến 100"),
        ('["image/*"]', '["ảnh"]', 18, "không phải loại tệp"),
        ("normal: { first_response: 15,", "normal: { first_response: 999,", 20, "dài hơn hạn giải quyết"),
        ("next_response: 30", "next_response: 999", 20, "hạn trả lời tiếp theo dài hơn hạn giải quyết"),
        ("high: { first_response: 10", "high: { first_response: 20", 21, "mức “high” chậm hơn mức “normal”"),
        (
            "capacity: 3",
            "capacity: 3\n    sla:\n      high: { first_response: 2 }",
            38,
            "mức “urgent” chậm hơn mức “high”: first_response",
        ),
        ('vi: "Ban quản lý"', 'vi: "lễ tân"', 32, "tên bộ phận “lễ tân (vi)” đã khai ở dòng 26"),
        ("  - id: management", "  - id: reception", 30, "bộ phận “reception” đã khai ở dòng 24"),
        ("  - id: reception", "  - id: management", 30, "bộ phận “management” đã khai ở dòng 24"),
        (
            "roles:",
            "assignment:\n  offer_seconds: { normal: 20, high: 60, urgent: 30 }\nroles:",
            38,
            "lời mời mức “high” chờ lâu hơn mức “normal”",
        ),
        ("roles:", "assignment:\n  offer_seconds: { urgent: 61 }\nroles:", 38, "mức “urgent” chờ lâu hơn mức “high”"),
        ("  - id: management", "  - id: Quản lý", 30, "chỉ gồm chữ thường không dấu"),
        ("code: QL", "code: LT", 31, "tiền tố phiếu “LT” đã khai ở dòng 25"),
        ("code: QL", "code: quản", 31, "phải gồm 2 đến 4 chữ in hoa"),
        ("side: back", "side: trên", 33, "không phải front"),
        ("intents: [partnership]", "intents: [partnership, greet]", 34, "ý định “greet” đã khai ở dòng 28"),
        ("intents: [partnership]", "intents: [Hợp tác]", 34, "ý định “Hợp tác” chỉ gồm"),
        ("cover: [reception]", "cover: [management]", 35, "không thể tự thay cho mình"),
        ("cover: [reception]", "cover: [bảo vệ]", 35, "không có bộ phận “bảo vệ” để thay"),
        ("cover: [reception]", "cover: [reception, reception]", 35, "bộ phận thay “reception” đã khai ở dòng 35"),
        ("capacity: 3", "capacity: 0", 36, "số nguyên từ 1 đến 100"),
        ("capacity: 3", "capacty: 3", 36, "không có mục nào tên “capacty”"),
        ("capacity: 3", "capacity: 3\n    capacity: 4", 37, "mục “capacity” viết hai lần"),
        ("20.000.000", "400.000", 39, "thấp hơn của “agent”"),
        ("approval_limit: unlimited", "approval_limit: nhiều lắm", 40, "cần một số nguyên"),
    ],
)
def test_each_fault_on_its_line(tmp_path: Path, old: str, new: str, line: int, message: str) -> None:
    assert old in GOOD
    found = faults_of(tmp_path, GOOD.replace(old, new, 1))
    assert any(at == line and message in text for at, text in found), found


@pytest.mark.parametrize(
    ("old", "new", "faults"),
    [
        ("", "", []),
        ("[partnership]", "[partnership, sponsoring]", [(34, "trợ lý không biết ý định “sponsoring”")]),
        ("[greet]", "[greet, partnership]", [(34, "ý định “partnership” đã khai ở dòng 28")]),
        ("[partnership]", "[]", [(24, "chưa bộ phận nào phụ trách ý định “partnership”")]),
        ("[greet]", "[hello]", [(24, "phụ trách ý định “greet”"), (28, "trợ lý không biết ý định “hello”")]),
    ],
)
def test_the_assistants_intents_and_their_owners_are_held_together(
    tmp_path: Path, old: str, new: str, faults: list[tuple[int, str]]
) -> None:
    domain = "intents:\n  - greet\n  - partnership:\n      use_entities: []\n"
    (tmp_path / "domain.yml").write_text(domain, encoding="utf-8")
    text = GOOD.replace(old, new, 1)
    if not faults:
        load(written(tmp_path, text))
        return
    found = faults_of(tmp_path, text)
    assert [line for line, _ in found] == [line for line, _ in faults]
    assert all(said in message for (_, said), (_, message) in zip(faults, found, strict=True))


def test_a_domain_that_cannot_be_read_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "domain.yml").write_text("intents:\n  - {", encoding="utf-8")
    ((line, message),) = faults_of(tmp_path, GOOD)
    assert line == 1
    assert message.startswith("domain.yml, dòng 2: sai cú pháp YAML")


def test_round_the_clock(tmp_path: Path) -> None:
    def hours(text: str) -> str:
        return GOOD.replace("capacity: 3", f"capacity: 3\n    opening_hours: {text}")

    always = load(written(tmp_path, hours("{ round_the_clock: true }"))).department("management")
    assert always.hours.next_closing(datetime(2026, 8, 24, tzinfo=UTC)) is None
    shop = load(written(tmp_path, hours('{ round_the_clock: false, monday: ["09:00-10:00"] }'))).department(
        "management"
    )
    assert shop.hours.next_closing(datetime(2026, 8, 24, tzinfo=UTC)) is not None
    both = faults_of(tmp_path, hours('{ round_the_clock: true, monday: ["09:00-10:00"] }'))
    assert [(line, "suốt ngày đêm" in text) for line, text in both] == [(37, True)]
    assert faults_of(tmp_path, hours("{ round_the_clock: maybe }")) == [(37, "cần true hoặc false")]
    assert faults_of(tmp_path, hours("{ round_the_clock: false }")) == [(37, "không có giờ mở cửa nào trong cả tuần")]


def test_a_working_day_twice(tmp_path: Path) -> None:
    found = faults_of(tmp_path, GOOD.replace('public: "VN"', 'public: "VN"\n  working: ["2026-09-02", "2026-09-02"]'))
    assert found == [(14, "ngày làm việc 02/09/2026 khai hai lần")]


def test_a_circle_of_covers_is_reported_once(tmp_path: Path) -> None:
    text = GOOD.replace("intents: [greet]\n", "intents: [greet]\n    cover: [management]\n")
    found = faults_of(tmp_path, text)
    assert found == [(29, "vòng thay lẫn nhau: reception → management → reception")]


@pytest.mark.parametrize("missing", ["reception", "management"])
def test_departments_that_must_exist(tmp_path: Path, missing: str) -> None:
    found = faults_of(tmp_path, GOOD.replace(f"id: {missing}", "id: desk", 1))
    assert any(f"thiếu bộ phận “{missing}”" in text for _, text in found)


def test_every_fault_at_once(tmp_path: Path) -> None:
    text = (
        GOOD.replace("Asia/Ho_Chi_Minh", "nowhere").replace("code: QL", "code: q").replace("capacity: 3", "capacity: x")
    )
    assert [line for line, _ in faults_of(tmp_path, text)] == [3, 31, 36]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", 1, "tệp phải gồm các mục"),
        ("- a\n- b\n", 1, "tệp phải gồm các mục"),
        ("name: [\n", 2, "sai cú pháp YAML"),
        ("a: b\n c: d\n", 2, "sai cú pháp YAML"),
        ("name: !!python/object:os.system x\n", 1, "cần các mục con"),
    ],
)
def test_files_that_are_no_company(tmp_path: Path, text: str, line: int, message: str) -> None:
    found = faults_of(tmp_path, text)
    assert any(at == line and message in said for at, said in found), found


def test_a_file_that_is_not_there_or_not_utf8(tmp_path: Path) -> None:
    with pytest.raises(CompanyFaults, match="không đọc được tệp"):
        load(tmp_path / "company.yml")
    (tmp_path / "company.yml").write_bytes("name: Sen Việt".encode("utf-16"))
    with pytest.raises(CompanyFaults, match="UTF-8"):
        load(tmp_path / "company.yml")


def test_the_message_names_file_and_line(tmp_path: Path) -> None:
    with pytest.raises(CompanyFaults, match=r"company\.yml:31: tiền tố phiếu"):
        load(written(tmp_path, GOOD.replace("code: QL", "code: q")))
