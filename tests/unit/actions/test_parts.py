"""The small readers behind the dialogue, each by table."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions import times
from actions.details import details_of
from actions.facts import Facts
from actions.handoffs import other_needs
from actions.lexicon import asks, is_danger, priority_of, says_no, says_stop, says_unknown, says_yes
from actions.memory import MAX_QUOTE, SLOTS, FormState, Memory, Offer, Question, quote
from actions.understanding import Decision, Understanding
from actions.voice import address_of
from bot.domain.company import Company, Language, Priority
from bot.domain.language import language_of

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("sdt 0909 123 456 nhé", {"phone": "0909 123 456"}),
        ("+84 909 123 456", {"phone": "+84 909 123 456"}),
        ("đơn hàng DH12345 tới đâu", {"order": "DH12345"}),
        ("mã đơn: 889123", {"order": "889123"}),
        ("đơn 0909123456", {"phone": "0909123456"}),
        ("mst 0312345678", {"tax_code": "0312345678"}),
        ("gửi về abc.x@gmail.com nha", {"email": "abc.x@gmail.com"}),
        ("gọi lại 0987654321 sau 3h chiều mai", {"phone": "0987654321", "when": "sau 3h chiều mai"}),
        ("thứ 6 tuần sau 9 giờ sáng", {"when": "thứ 6 tuần sau 9 giờ sáng"}),
        ("15h30 chiều mai", {"when": "15h30 chiều mai"}),
        ("5h chiều mốt nha", {"when": "5h chiều mốt"}),
        ("mùng 2 Tết", {"when": "mùng 2 Tết"}),
        ("Friday 9 am", {"when": "Friday 9 am"}),
        ("lúc nào cũng được", {"when": "lúc nào cũng được"}),
        ("chuyển nhầm 2tr5", {"money": "2tr5"}),
        ("cho gặp chị Mai", {}),
        ("tôi ở tầng 3", {}),
        ("", {}),
    ],
)
def test_details(text: str, found: dict[str, str]) -> None:
    assert dict(details_of(text, []).found) == found


def test_entities_of_the_engine_come_first_and_in_the_customers_words() -> None:
    text = "gọi tôi chiều mốt số 0909 123 456"
    entities = [
        {"entity": "datetime", "value": {"date": "2026-11-27", "part": "afternoon"}, "start": 8, "end": 17},
        {"entity": "phone", "value": "+84909123456"},
        {"entity": "phone", "value": "+84911111111"},
        {"entity": "unheard_of", "value": "x"},
        {"value": "nameless"},
        "nonsense",
        {"entity": "money", "value": {"amount": 5}},
    ]
    found = details_of(text, entities).found
    assert found == {"when": "chiều mốt (27/11)", "phone": "+84909123456"}


def test_a_tax_code_taken_for_a_phone_is_none() -> None:
    entities = [{"entity": "phone", "value": "+84312345678", "start": 4, "end": 14}]
    assert details_of("MST 0312345678", entities).found == {"tax_code": "0312345678"}


@given(st.text(max_size=300))
def test_any_text_is_read_without_an_error(text: str) -> None:
    details_of(text, [])
    address_of(text)
    assert language_of(text, Language.VI) in set(Language)
    priority_of(text)
    for question in (says_yes, says_no, says_stop, says_unknown, asks, is_danger):
        assert question(text) in {True, False}
    other_needs(text, "greet")


@pytest.mark.parametrize(
    "text", ["da vang " * 100, "cam on em " * 100, "0" * 1000, "chờ " * 250, "a@" * 500, "co " * 300]
)
def test_hostile_texts_are_read_in_bounded_time(text: str) -> None:
    # Time of this process: how busy the machine is says nothing of the patterns.
    started = time.process_time()
    details_of(text, [])
    says_yes(text)
    says_no(text)
    asks(text)
    priority_of(text)
    address_of(text)
    assert time.process_time() - started < 0.2


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("cho bác hỏi cửa hàng mở cửa mấy giờ", "bác"),
        ("cô muốn đổi cái máy giặt", "cô"),
        ("CHÚ MUỐN GẶP QUẢN LÝ", "chú"),
        ("máy lạnh của cô hư rồi con", "cô"),
        ("cháu ơi bác để quên cái dù", "bác"),
        ("ông mới nhận hàng mà thiếu", "ông"),
        ("gọi lại cho anh lúc 5h", "anh"),
        ("sửa giúp chị hoá đơn", "chị"),
        ("hàng của anh đâu", "anh"),
        ("em bị trừ tiền hai lần", None),
        ("cho em hỏi lãi suất", None),
        ("anh can gap ke toan", "anh"),
        ("bac muon doi hang", "bác"),
        ("chị Hạnh kế toán có ở đó không", None),
        ("gọi cho anh Tuấn giúp tôi", None),
        ("gửi cho chị Đào", None),
        ("em ơi cho hỏi", None),
        ("nói chuyện với chị ơi", None),
        ("em có bán tủ lạnh không", None),
        ("anh ấy nói sẽ gọi", None),
        ("co muon mua cung khong duoc", None),
        ("bạn ơi shop còn hàng không", None),
        ("I want a fridge", None),
    ],
)
def test_what_customers_call_themselves(text: str, address: str | None) -> None:
    assert address_of(text) == address


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("where is my order", Language.EN),
        ("Could you call me back?", Language.EN),
        ("hello, how are you", Language.EN),
        ("toi muon mua tivi", Language.VI),
        ("giá bao nhiêu", Language.VI),
        ("check order giup minh", Language.VI),
        ("hello shop", Language.VI),
        ("ok", Language.VI),
        ("123", Language.VI),
    ],
)
def test_language(text: str, language: Language) -> None:
    assert language_of(text, Language.VI) is language


def test_a_text_too_short_to_tell_keeps_the_language() -> None:
    assert language_of("ok", Language.EN) is Language.EN
    assert language_of("0909123456", Language.EN) is Language.EN


@pytest.mark.parametrize(
    "text",
    ["có", "ừ", "Ok em!", "dạ vâng ạ", "được ạ", "đồng ý", "yes", "nối máy đi em", "uk", "dạ", "ờ có", "sure"][:10],
)
def test_yes(text: str) -> None:
    assert says_yes(text)
    assert not says_no(text)


@pytest.mark.parametrize(
    "text", ["không", "thôi khỏi", "Không cần đâu em", "dạ thôi ạ", "no", "ko", "để sau nhé", "khỏi"]
)
def test_no(text: str) -> None:
    assert says_no(text)
    assert not says_yes(text)


@pytest.mark.parametrize("text", ["có tivi không", "không thấy đơn", "được mấy ngày", "giá", "ok nhưng mà giá sao", ""])
def test_neither(text: str) -> None:
    assert not says_yes(text)
    assert not says_no(text)


@pytest.mark.parametrize(
    ("text", "priority"),
    [
        ("giao cho cả nhà 2 cái", Priority.NORMAL),
        ("cho 2 ngày nữa lấy", Priority.NORMAL),
        ("điều kiện vay thế nào", Priority.NORMAL),
        ("linh kiện máy lạnh", Priority.NORMAL),
        ("bảo chị Lan gọi", Priority.NORMAL),
        ("cần gặp anh Tuấn", Priority.NORMAL),
        ("máy giặt đang chạy thì kêu", Priority.NORMAL),
        ("may giat dang chay thi keu", Priority.NORMAL),
        ("xong rồi thế à", Priority.NORMAL),
        ("TIVI 55 INCH BAO NHIÊU", Priority.NORMAL),
        ("chờ cả tiếng rồi", Priority.HIGH),
        ("doi 3 tieng roi chua ai goi", Priority.HIGH),
        ("gấp lắm em ơi", Priority.HIGH),
        ("tôi sẽ kiện", Priority.HIGH),
        ("this is unacceptable", Priority.HIGH),
        ("làm ăn kiểu gì vậy!!!", Priority.HIGH),
        ("kẹt thang máy", Priority.URGENT),
        ("ket trong thang may", Priority.URGENT),
        ("rơi thẻ ở chợ", Priority.URGENT),
        ("my card was stolen", Priority.URGENT),
    ],
)
def test_urgency_of_words(text: str, priority: Priority) -> None:
    assert priority_of(text) is priority


@pytest.mark.parametrize(
    ("text", "first", "others"),
    [
        ("đổi hàng rồi xuất hoá đơn luôn", "return_exchange", ("invoice_request",)),
        ("cho anh đổi cái máy xay rồi xuất hoá đơn luôn", "invoice_request", ("return_exchange",)),
        ("giá bao nhiêu, với lại mấy giờ mở cửa", "product_price", ("opening_hours",)),
        (
            "tủ lạnh giá bao nhiêu, có trả góp không, giao quận 9 phí sao em",
            "product_price",
            ("loan_info", "delivery_fee"),
        ),
        ("xuất hoá đơn giúp chị", "return_exchange", ()),
        ("đổi hàng rồi", "return_exchange", ()),
        ("đổi cái hẹn rồi báo em nhé", "appointment_change", ()),
        ("giao hàng và lắp đặt", "order_place", ("installation",)),
    ],
)
def test_other_needs(text: str, first: str, others: tuple[str, ...]) -> None:
    assert other_needs(text, first) == others


def test_memory_survives_its_slots() -> None:
    memory = Memory(
        address="bác",
        language="en",
        topic="promotion",
        offer=Offer("sales", "promotion", "khuyến mãi?"),
        question=Question(("a", "b"), "x", (0.5, 0.25)),
        form=FormState("callback", "callback", {"phone": "09"}, "call_time", 1, "gọi"),
        strikes=1,
        known={"order": "DH12345"},
    )
    slots = memory.changes(dict.fromkeys(SLOTS))
    assert set(slots) == set(SLOTS)
    assert Memory.read(slots) == memory
    assert memory.changes(slots) == {}
    assert Memory().changes(slots) == dict.fromkeys(SLOTS)


@pytest.mark.parametrize("rubbish", [1, "x", [], {}, {"department": 1}, {"intents": [1]}, {"name": "a"}, True])
def test_rubbish_in_slots_is_forgotten(rubbish: Any) -> None:
    memory = Memory.read(
        {"offer": rubbish, "question": rubbish, "form": rubbish, "address": [], "strikes": "many", "known": [rubbish]}
    )
    assert memory == Memory()


def test_quotes_are_short() -> None:
    assert quote("a\n b") == "a b"
    assert len(quote("dài " * 500)) <= MAX_QUOTE


@pytest.mark.parametrize(
    "metadata",
    [
        None,
        [],
        "x",
        {},
        {"now": "yesterday", "open_cases": {}},
        {"now": "2026-11-25T09:30:00", "open_cases": [1, {}], "departments": {"a": 1}},
    ],
)
def test_facts_are_read_from_anything(metadata: object) -> None:
    assert Facts.read(metadata) == Facts()


def test_facts_of_a_case() -> None:
    facts = Facts.read(
        {
            "now": "2026-11-25T09:30:00+07:00",
            "language": "en",
            "open_cases": [{"code": "kt-0001", "queue_number": True}],
        }
    )
    assert facts.language is Language.EN
    assert facts.open_cases[0].code == "KT-0001"
    assert facts.open_cases[0].queue_number is None


@pytest.mark.parametrize(
    ("message", "decision"),
    [
        ({"intent": {"name": "greet", "confidence": 0.9}}, Decision.ANSWER),
        ({"intent": {"name": "greet", "confidence": 0.9}, "decision": "ask"}, Decision.ASK),
        ({"intent": {"name": "greet", "confidence": 0.9}, "decision": "dance"}, Decision.ANSWER),
        ({"intent": {"name": "no_such_need", "confidence": 0.9}, "decision": "answer"}, Decision.HAND_OFF),
        ({"intent": None}, Decision.HAND_OFF),
        ({}, Decision.HAND_OFF),
    ],
)
def test_the_engines_advice(message: dict[str, Any], decision: Decision) -> None:
    assert Understanding.read(message).decision is decision


@pytest.mark.parametrize(
    ("at", "language", "said"),
    [
        ("2026-11-25T15:30:00+07:00", Language.VI, "15:30 hôm nay"),
        ("2026-11-26T01:00:00+00:00", Language.VI, "8:00 ngày mai"),
        ("2026-11-30T08:00:00+07:00", Language.VI, "8:00 thứ Hai 30/11"),
        ("2026-11-30T08:00:00+07:00", Language.EN, "8:00 Monday 30/11"),
    ],
)
def test_moments(at: str, language: Language, said: str) -> None:
    now = datetime.fromisoformat("2026-11-25T09:30:00+07:00")
    assert times.moment(datetime.fromisoformat(at), now, HANOI, language) == said
    assert times.moment(datetime.fromisoformat(at), None, HANOI, language)[:5] == said[:5]


def test_weeks(company: Company) -> None:
    assert times.week(company.department("accounting").hours, Language.VI) == (
        "thứ Hai đến thứ Sáu 08:00–12:00 và 13:00–17:00; thứ Bảy 08:00–12:00; Chủ nhật nghỉ"
    )
    assert times.week(company.department("facilities").hours, Language.EN) == "Monday to Sunday 00:00–24:00"
