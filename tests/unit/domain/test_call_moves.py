"""What changes a call on Sunday at nine, written on Wednesday 25 November 2026 at 09:30; the desk closes at eight."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.domain.call_moves import asks_more, calls_off, moved_to, named_for_call, wants_writing
from bot.domain.call_times import Sense
from tests.unit.domain.test_call_times import HOURS, NOW, ZONE

CALL = datetime(2026, 11, 29, 9, 0, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("thôi đổi sang 4h chiều mai nhé", "26/11 16:00"),
        ("chủ nhật anh bận, gọi thứ 7 giúp anh", "28/11 09:00"),
        ("hay là 10h đi", "29/11 10:00"),
        ("dời lại 5h chiều mai được không", "26/11 17:00"),
        ("đổi thành 2h chiều nhé", "29/11 14:00"),
        ("doi sang 3h", "29/11 15:00"),
        ("reschedule to Saturday 9am", "28/11 09:00"),
        ("9h30 sáng thứ 7 nha", "28/11 09:30"),
        ("dời qua thứ 7", "28/11 09:00"),
        ("10am instead please", "29/11 10:00"),
        ("can you call me tomorrow at 10 instead?", "26/11 10:00"),
        ("gọi em lúc 5h nhé", "29/11 17:00"),
        ("gọi em sau 60 phút nha", "25/11 10:30"),
        ("chiều mai nhé", "26/11 14:30"),
        ("Anh muốn đổi giờ từ 10h thành 16h cùng ngày", "29/11 16:00"),
        ("đừng gọi lúc 3h, gọi lúc 4h chiều mai", "26/11 16:00"),
        ("dung goi luc 3h goi luc 4h chieu mai", "26/11 16:00"),
        ("đừng gọi 3h chiều mai, 4h chiều mai nhé", "26/11 16:00"),
        ("không phải 3h, 4h chiều mai", "26/11 16:00"),
        ("3h không được, 4h chiều mai nhé", "26/11 16:00"),
        ("dung goi truoc 9h, goi sau 5h chieu mai", "26/11 17:15"),
        ("gọi lúc nào cũng được", "25/11 10:00"),
    ],
)
def test_a_call_is_moved(text: str, at: str) -> None:
    reading = moved_to(text, CALL, NOW, HOURS)
    assert reading is not None
    assert (reading.sense, f"{reading.at:%d/%m %H:%M}") == (Sense.CLEAR, at)


@pytest.mark.parametrize(
    ("text", "sense"),
    [
        ("gọi lúc 8h tối mai", Sense.CLOSED),
        ("22h mai", Sense.CLOSED),
        ("gọi lại tuần sau giúp chị", Sense.HOUR),
        ("hôm nay", Sense.HOUR),
        ("đổi giờ gọi giúp chị", Sense.UNCLEAR),
        ("làm ơn gọi sớm hơn", Sense.UNCLEAR),
        ("9h mùng 1 tết nhé", Sense.UNCLEAR),
    ],
)
def test_what_cannot_be_promised_is_still_about_the_call(text: str, sense: Sense) -> None:
    reading = moved_to(text, CALL, NOW, HOURS)
    assert reading is not None
    assert reading.sense is sense


def test_an_hour_that_is_over_on_the_day_of_the_call_is_of_the_next_day() -> None:
    reading = moved_to("hay là 9h sáng đi", NOW.replace(hour=15), NOW, HOURS)
    assert reading is not None
    assert f"{reading.at:%d/%m %H:%M}" == "26/11 09:00"


@pytest.mark.parametrize(
    "text",
    [
        "đợi 5 phút nữa nhé",
        "đổi lịch giao hàng sang 3h",
        "đổi sang size 41",
        "đổi cái 20 inch",
        "Chị muốn đổi nồi chiên sang cái to hơn",
        "lam the nao de chuyen khoan sang the khac",
        "Mức chuyển tối đa một lần là bao nhiêu em",
        "mấy giờ mở cửa em",
        "sao 3h chưa thấy gọi vậy em",
        "đừng gọi lúc 3h",
        "khỏi gọi 3h nữa nhé",
        "3h rồi",
        "anh mua máy lúc 3h hôm qua",
        "thợ tới lúc 3h nhé",
        "1 người thôi",
        f"sáng nay chị để quên cái túi {'màu đỏ ' * 15} ở quầy, gọi lại chị 9h sáng mai nhé",
        "bảo hành 12 tháng",
        "gọi cho mình số 0912345678",
        "Chúc shop buổi tối vui vẻ",
        "ủa mà mai mấy giờ gọi zậy",
        "gọi lúc mấy giờ mai vậy",
        "bao giờ em gọi lại",
        "đừng gọi nữa, 4h anh qua shop",
    ],
)
def test_other_words_move_nothing(text: str) -> None:
    assert moved_to(text, CALL, NOW, HOURS) is None


@pytest.mark.parametrize(
    "text",
    [
        "thôi khỏi gọi nhé",
        "mình không cần gọi lại nữa",
        "hủy lịch gọi giúp chị",
        "cancel the call please",
        "please cancel my callback",
        "don't call me anymore",
        "ko can goi lai dau nhe",
        "đừng gọi nữa",
        "huỷ hẹn gọi",
    ],
)
def test_a_call_is_called_off(text: str) -> None:
    assert calls_off(text)


@pytest.mark.parametrize(
    "text",
    [
        "đừng gọi lúc 3h",
        "khỏi gọi 3h nữa nhé",
        "đừng gọi số này nữa",
        "hủy đơn giúp chị",
        "cancel my order, don't call",
        "thôi gọi lại cho anh nhé",
        "sao không gọi vậy",
        "đừng huỷ hẹn gọi nhé",
        "chị không cần nữa",
        "xoa so dien thoai va dia chi cua em di",
    ],
)
def test_other_words_call_nothing_off(text: str) -> None:
    assert not calls_off(text)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("goi lai 16h thu 7", "28/11 16:00"),
        ("16h thứ 7 nha em", "28/11 16:00"),
        ("3h không được, 4h chiều mai", "26/11 16:00"),
    ],
)
def test_whoever_was_asked_when_to_be_called_names_an_hour(text: str, at: str) -> None:
    reading = named_for_call(text, NOW, HOURS)
    assert reading is not None
    assert (reading.sense, f"{reading.at:%d/%m %H:%M}") == (Sense.CLEAR, at)


@pytest.mark.parametrize("text", ["sao chưa gọi", "mai mấy giờ gọi vậy", "3h thợ tới nhé", "đừng gọi nữa", "ok em", ""])
def test_other_words_name_no_hour_for_a_call(text: str) -> None:
    assert named_for_call(text, NOW, HOURS) is None


@pytest.mark.parametrize(
    "text", ["dung goi nua, nhan tin dc r", "khỏi gọi nha shop, nt mình là đc", "don't call, text me"]
)
def test_whoever_wants_no_call_may_want_it_in_writing(text: str) -> None:
    assert calls_off(text)
    assert wants_writing(text)


@pytest.mark.parametrize(
    "text",
    [
        "thôi khỏi gọi, mà hoá đơn của em sao rồi?",
        "khỏi gọi nha, em hỏi bảo hành bao lâu vậy",
        "đừng gọi nữa em bận, cho em xin hoá đơn tháng 10",
        "khoi goi em nua, tra loi em o day",
        "không cần gọi nữa, nhưng vẫn gửi báo giá nhé",
        "khỏi gọi em bảo hành mấy tháng vậy",
        "thôi khỏi gọi mà shop có ship Đà Nẵng không",
        "don't call, when will it arrive?",
    ],
)
def test_whoever_wants_no_call_may_ask_for_something_else(text: str) -> None:
    assert calls_off(text)
    assert asks_more(text)


@pytest.mark.parametrize(
    "text",
    [
        "thôi khỏi gọi nhé em tự tìm được rồi",
        "khỏi gọi nữa, hàng tới rồi em cảm ơn",
        "khỏi gọi nha em hơi bận",
        "thôi khỏi gọi được không em?",
        "khỏi gọi khỏi nhắn luôn nha",
        "đừng gọi nữa, đừng gửi gì hết",
        "thôi khỏi gọi, không sao đâu em",
        "shop gửi rồi, khỏi gọi nữa",
        "khỏi gọi nữa, cho em xin lỗi nha",
        "don't call me anymore, thanks",
    ],
)
def test_a_reason_why_no_call_is_wanted_asks_for_nothing(text: str) -> None:
    assert calls_off(text)
    assert not asks_more(text)


@pytest.mark.parametrize("text", ["thôi khỏi gọi nhé", "hủy lịch gọi giúp chị", "cancel the call please"])
def test_and_may_want_nothing_at_all(text: str) -> None:
    assert not wants_writing(text)
