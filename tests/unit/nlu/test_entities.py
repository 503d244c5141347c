"""Entities: one table a kind, every line also without diacritics where its words stay what they are."""

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.nlu.entities import Found, as_dict, extract
from engine.nlu.marks import strip_marks

# A Wednesday.
NOW = datetime(2026, 11, 25, 9, 30, tzinfo=timezone(timedelta(hours=7)))


def only(text: str, entity: str) -> list[Found]:
    return [found for found in extract(text, NOW) if found.entity == entity]


def values(text: str, entity: str) -> list[Any]:
    return [found.value for found in only(text, entity)]


def typed_both_ways(text: str) -> tuple[str, str]:
    return text, strip_marks(text.lower())


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("gọi em 0912345678 nhé", ["+84912345678"]),
        ("0912.345.678 hoặc 098 765 4321", ["+84912345678", "+84987654321"]),
        ("+84 91 234 56 78", ["+84912345678"]),
        ("84912345678", ["+84912345678"]),
        ("số bàn 024 3825 1234", ["+842438251234"]),
        ("hotline 1900 1234", ["19001234"]),
        ("mst 0312345678", []),
        ("mã 12345678901234", []),
        ("091234", []),
    ],
)
def test_phones(text: str, numbers: list[str]) -> None:
    assert values(text, "phone") == numbers


def test_emails() -> None:
    assert values("gửi qua Lan.Nguyen@Gmail.com.", "email") == ["lan.nguyen@gmail.com"]
    assert values("a@b", "email") == []


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("phiếu KT-0042 tới đâu", ["KT-0042"]),
        ("kt 42 sao rồi", ["KT-0042"]),
        ("kt0042", ["KT-0042"]),
        ("phòng kt 2", []),
        ("mua ít 42 cái", []),
    ],
)
def test_case_codes(text: str, codes: list[str]) -> None:
    assert values(text, "case_code") == codes


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("đơn DH123456 của em", ["DH123456"]),
        ("đơn hàng 998877 đâu rồi", ["998877"]),
        ("mã đơn: SV-20241", ["SV20241"]),
        ("#12345", ["12345"]),
        ("đơn 0912345678", []),
    ],
)
def test_order_codes(text: str, codes: list[str]) -> None:
    assert [code for typed in typed_both_ways(text) for code in values(typed, "order_code")] == codes * 2


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("2tr5", 2_500_000),
        ("500k", 500_000),
        ("hai triệu rưỡi", 2_500_000),
        ("1,5 triệu", 1_500_000),
        ("3 củ", 3_000_000),
        ("1.250.000đ", 1_250_000),
        ("năm trăm nghìn", 500_000),
        ("1 triệu 200 nghìn", 1_200_000),
        ("1 triệu 2", 1_200_000),
        ("một triệu hai", 1_200_000),
        ("ba mươi lăm triệu", 35_000_000),
        ("một trăm hai mươi ngàn đồng", 120_000),
        ("2 tỷ", 2_000_000_000),
        ("15.000.000", 15_000_000),
        ("200000 vnd", 200_000),
    ],
)
def test_money(text: str, amount: int) -> None:
    for typed in typed_both_ways(f"giá {text} thôi"):
        assert [(found.value, found.more["currency"]) for found in only(typed, "money")] == [(amount, "VND")], typed


def test_dollars() -> None:
    assert [(f.value, f.more["currency"]) for f in only("còn 50 đô", "money")] == [(50, "USD")]


@pytest.mark.parametrize("text", ["mua 2 k được thì thôi", "bà hai bán", "sang năm", "tôi cũ rồi", "tủ năm cánh cửa"])
def test_no_money(text: str) -> None:
    assert values(text, "money") == []


@pytest.mark.parametrize(
    ("text", "value", "unit"), [("mua 2 cái tủ", 2, "cái"), ("ba chiếc quạt", 3, "chiếc"), ("10 kg gạo", 10, "kg")]
)
def test_quantities(text: str, value: int, unit: str) -> None:
    for typed in typed_both_ways(text):
        assert [(found.value, found.more["unit"]) for found in only(typed, "quantity")] == [(value, unit)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("thứ 6 tuần sau", {"date": "2026-12-04"}),
        ("thứ sáu", {"date": "2026-11-27"}),
        ("thứ tư", {"date": "2026-11-25"}),
        ("thứ hai tuần này", {"date": "2026-11-23"}),
        ("t2", {"date": "2026-11-30"}),
        ("chủ nhật", {"date": "2026-11-29"}),
        ("15h30 chiều mai", {"date": "2026-11-26", "time": "15:30", "part": "afternoon"}),
        ("3 giờ chiều nay", {"date": "2026-11-25", "time": "15:00", "part": "afternoon"}),
        ("8 giờ rưỡi sáng thứ hai", {"date": "2026-11-30", "time": "08:30", "part": "morning"}),
        ("9 giờ kém 15 tối mai", {"date": "2026-11-26", "time": "20:45", "part": "evening"}),
        ("sáng mai lúc 9h", {"date": "2026-11-26", "time": "09:00", "part": "morning"}),
        ("mùng 2 tết", {"date": "2027-02-07"}),
        ("30 tết", {"date": "2027-02-05"}),
        ("cuối tuần", {"date": "2026-11-28", "until": "2026-11-29"}),
        ("tuần sau", {"date": "2026-11-30", "until": "2026-12-06"}),
        ("cuối tháng", {"date": "2026-11-26", "until": "2026-11-30"}),
        ("ngày 20/12", {"date": "2026-12-20"}),
        ("20/11", {"date": "2027-11-20"}),
        ("2/9/2027", {"date": "2027-09-02"}),
        ("20 tháng 12 lúc 9h", {"date": "2026-12-20", "time": "09:00"}),
        ("ngày 30", {"date": "2026-11-30"}),
        ("3 ngày nữa", {"date": "2026-11-28"}),
        ("hai tuần nữa", {"date": "2026-12-09"}),
        ("hôm qua", {"date": "2026-11-24"}),
        ("10:30", {"time": "10:30"}),
        ("12 giờ đêm", {"time": "00:00", "part": "night"}),
        ("1 giờ trưa", {"time": "13:00", "part": "noon"}),
        ("next friday 3pm", {"date": "2026-12-04", "time": "15:00"}),
        ("tomorrow", {"date": "2026-11-26"}),
    ],
)
def test_moments(text: str, expected: dict[str, str]) -> None:
    for typed in typed_both_ways(f"hẹn {text} nhé"):
        found = only(typed, "datetime")
        assert [{key: value for key, value in one.value.items() if key != "day"} for one in found] == [expected], typed
        assert typed[found[0].start : found[0].end] == strip_marks(text) or typed[found[0].start : found[0].end] in text


def test_without_a_present_the_rule_is_left() -> None:
    (found,) = extract("thứ 6 tuần sau")
    assert found.value == {"day": {"rule": "weekday", "number": 4, "ahead": 1}}


@pytest.mark.parametrize(
    "text",
    ["31/2", "45/13", "25:99", "tôi sang nhà", "mùa mưa", "sau này", "chị Mai ơi", "99h", "thái độ phục vụ", "tha cho"],
)
def test_no_moments(text: str) -> None:
    dates = [found.value.get("date") or found.value.get("time") for found in only(text, "datetime")]
    assert [date for date in dates if date] == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("cho gặp chị Lan Anh phòng kế toán", [("chị", "Lan Anh")]),
        ("gặp giám đốc Trần Văn Hùng", [("giám đốc", "Trần Văn Hùng")]),
        ("tôi muốn gặp anh tuấn", [("anh", "Tuấn")]),
        ("chị mai có đó không", [("chị", "Mai")]),
        ("TÔI MUỐN GẶP ANH NAM", [("anh", "Nam")]),
        ("em hỏi anh chị", []),
        ("bán cho anh một cái", []),
    ],
)
def test_people(text: str, names: list[tuple[str, str]]) -> None:
    assert [(found.more["title"], found.value) for found in only(text, "person")] == names


def test_people_without_diacritics() -> None:
    assert values("gap anh tuan ben nhan su", "person") == ["Tuan"]


@pytest.mark.parametrize(
    ("text", "departments"),
    [
        ("phòng kế toán", ["accounting"]),
        ("bên nhân sự ấy", ["hr"]),
        ("anh Nam phòng IT", ["it"]),
        ("quầy thu ngân", ["cashier"]),
        ("chăm sóc khách hàng", ["customer_relations"]),
        ("hr", ["hr"]),
    ],
)
def test_departments(text: str, departments: list[str]) -> None:
    for typed in typed_both_ways(text):
        assert values(typed, "department") == departments


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (
            "giao tới số 12 ngõ 34 đường Láng, quận Đống Đa, Hà Nội nhé",
            "số 12 ngõ 34 đường Láng, quận Đống Đa, Hà Nội",
        ),
        ("45/2 Lê Lợi, phường Bến Nghé, quận 1", "45/2 Lê Lợi, phường Bến Nghé, quận 1"),
    ],
)
def test_addresses(text: str, address: str) -> None:
    assert values(text, "address") == [address]
    assert values(strip_marks(text.lower()), "address") == [strip_marks(address.lower())]


@given(st.text(max_size=200))
def test_any_text_gives_ordered_entities_within_it(text: str) -> None:
    last = 0
    for found in extract(text, NOW):
        assert last <= found.start < found.end <= len(text)
        last = found.end


PIECES = [
    "0912345678",
    "thứ",
    "6",
    "hai",
    "triệu",
    "rưỡi",
    "số 1",
    "đường",
    "anh Nam",
    "15h",
    "mai",
    "/",
    "k",
    "tết",
    "đồng",
]


@given(st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join))
def test_any_pile_of_pieces_is_survived(text: str) -> None:
    for found in extract(text, NOW):
        assert as_dict(found)["end"] > found.start
