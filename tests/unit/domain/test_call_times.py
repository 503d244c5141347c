"""When to call, read from what customers write; the present is Wednesday 25 November 2026, 09:30."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.call_times import Sense, asks_to_call_at, free_times, read_time
from bot.domain.hours import Block, OpeningHours
from bot.domain.spoken_times import named_day

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 11, 25, 9, 30, tzinfo=ZONE)
_DAY = (Block.parse("08:00-12:00"), Block.parse("13:00-20:00"))
HOURS = OpeningHours(ZONE, (_DAY,) * 6 + ((Block.parse("08:30-17:30"),),), {date(2026, 12, 1): "Ngày thành lập"})


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("3h chiều mai", "26/11 15:00"),
        ("3h chieu mai", "26/11 15:00"),
        ("chiu mai 3h nha e", "26/11 15:00"),
        ("sau 17h", "25/11 17:15"),
        ("em rảnh sau 3h", "25/11 15:15"),
        ("sáng thứ 6 tầm 9h", "27/11 09:00"),
        ("sang t6 tam 9h", "27/11 09:00"),
        ("ngày kia 10 rưỡi", "27/11 10:30"),
        ("mốt 9h", "27/11 09:00"),
        ("15 phút nữa", "25/11 09:45"),
        ("15p nua", "25/11 09:45"),
        ("nửa tiếng nữa", "25/11 10:00"),
        ("1 tiếng rưỡi nữa", "25/11 11:00"),
        ("2h nữa", "25/11 11:30"),
        ("khi nào rảnh gọi cũng được", "25/11 10:00"),
        ("khi nao ranh goi cung dc", "25/11 10:00"),
        ("lúc nào cũng được", "25/11 10:00"),
        ("gọi ngay giúp anh", "25/11 09:40"),
        ("bay gio", "25/11 09:40"),
        ("bảy giờ tối", "25/11 19:00"),
        ("sáu giờ chiều", "25/11 18:00"),
        ("nam gio chieu", "25/11 17:00"),
        ("5h", "25/11 17:00"),
        ("8h", "26/11 08:00"),
        ("10g30", "25/11 10:30"),
        ("9h kém 15 mai", "26/11 08:45"),
        ("9-10h sáng mai", "26/11 09:00"),
        ("từ 2h đến 4h chiều", "25/11 14:00"),
        ("trước 10h sáng mai", "26/11 09:30"),
        ("trước 10h", "25/11 09:40"),
        ("chiều nay", "25/11 14:30"),
        ("sáng nay", "25/11 10:00"),
        ("cuối giờ chiều", "25/11 16:30"),
        ("sau giờ hành chính", "25/11 17:45"),
        ("giờ hành chính", "25/11 10:00"),
        ("thứ 4 9h", "02/12 09:00"),
        ("thứ 2 tuần sau 9h", "30/11 09:00"),
        ("9h ngày 28", "28/11 09:00"),
        ("28/11 lúc 9h", "28/11 09:00"),
        ("đổi sang 4h chiều", "25/11 16:00"),
        ("doi sang 4h", "25/11 16:00"),
        ("goi cho toi 7h toi", "25/11 19:00"),
        ("0912345678 sau 3h chiều nhé", "25/11 15:15"),
        ("mai lúc nào cũng được", "26/11 08:30"),
        ("3 ngày nữa lúc 10h", "28/11 10:00"),
        ("tomorrow at 3pm", "26/11 15:00"),
        ("next monday 10am", "30/11 10:00"),
        ("in an hour", "25/11 10:30"),
        ("after 6 tomorrow", "26/11 18:15"),
        ("08:30 thứ Hai 30/11", "30/11 08:30"),
        ("9", "26/11 09:00"),
        ("đừng gọi 3h, 4h chiều mai nhé", "26/11 16:00"),
        ("gọi lúc đúng 9h sáng mai, 10h anh đi họp", "26/11 09:00"),
    ],
)
def test_a_time_is_read(text: str, at: str) -> None:
    reading = read_time(text, NOW, HOURS)
    assert (reading.sense, f"{reading.at:%d/%m %H:%M}") == (Sense.CLEAR, at)


@pytest.mark.parametrize(
    ("text", "sense"),
    [
        ("22h", Sense.CLOSED),
        ("10h đêm", Sense.CLOSED),
        ("12h trưa", Sense.CLOSED),
        ("9h ngày 1/12", Sense.CLOSED),
        ("chủ nhật 8h sáng", Sense.CLOSED),
        ("9h sáng nay", Sense.OVER),
        ("9h hôm nay", Sense.OVER),
        ("mai", Sense.HOUR),
        ("tuần sau", Sense.HOUR),
        ("cuối tuần", Sense.HOUR),
        ("25h", Sense.UNCLEAR),
        ("số của tôi á", Sense.UNCLEAR),
        ("chị Mai", Sense.UNCLEAR),
        ("đang bận lắm", Sense.UNCLEAR),
        ("", Sense.UNCLEAR),
        ("20/11 9h", Sense.UNCLEAR),
    ],
)
def test_a_time_that_will_not_do(text: str, sense: Sense) -> None:
    assert read_time(text, NOW, HOURS).sense is sense


TET = OpeningHours(ZONE, (_DAY,) * 7, {date(2027, 2, 6 + day): "Tết Nguyên Đán" for day in range(5)})


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("9h mùng 1 tết", "06/02 09:00"),
        ("10h sang mung 2 tet", "07/02 10:00"),
        ("mùng ba tết 10h nha em", "08/02 10:00"),
        ("tết gọi lúc 9h", "06/02 09:00"),
        ("9h giao thừa", "05/02 09:00"),
        ("9h tết tây", "01/01 09:00"),
    ],
)
def test_a_day_by_the_moon_is_looked_up_in_the_calendar(text: str, at: str) -> None:
    reading = read_time(text, datetime(2026, 12, 20, 9, 30, tzinfo=ZONE), TET)
    open_then = Sense.CLEAR if at.startswith(("05", "01")) else Sense.CLOSED
    assert (reading.sense, f"{reading.at:%d/%m %H:%M}") == (open_then, at)


@pytest.mark.parametrize(
    "text",
    [
        "9h mùng 1 tết",
        "10h sang mung 2 tet",
        "9h mùng 3 âm lịch",
        "sau tết 9h",
        "9h qua tết",
        "9h ngày rằm",
        "9h mùng 5 tháng giêng",
    ],
)
def test_a_day_by_the_moon_that_no_calendar_tells_is_no_day_of_next_month(text: str) -> None:
    assert read_time(text, NOW, HOURS).sense is Sense.UNCLEAR


@pytest.mark.parametrize(("text", "at"), [("9h mai tư vấn quà tết", "26/11 09:00"), ("9h mùng 1 nha", "01/12 09:00")])
def test_a_feast_that_is_no_day_hides_none(text: str, at: str) -> None:
    assert f"{read_time(text, NOW, HOURS).at:%d/%m %H:%M}" == at


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("gọi em lúc 5h nhé", True),
        ("goi lai sau 3h chieu nha", True),
        ("call me at 4pm instead", True),
        ("sao 3h chưa gọi?", False),
        ("hẹn 3h mà không ai gọi", False),
        ("mấy giờ gọi vậy", False),
        ("hồi nãy em gọi lúc 3h đó", False),
        ("gọi số 0909123456 nha", False),
        ("máy lạnh 5h chiều giao nhé", False),
        ("đừng gọi lúc 3h", False),
        ("Đừng gọi em lúc 3h chiều nha", False),
        ("đừng gọi lúc 20h nhé, em họp", False),
        ("khỏi gọi 3h nữa nhé", False),
        ("không cần gọi lúc 5h đâu em", False),
        ("ko can goi chi luc 5h nua", False),
        ("thôi khỏi gọi lúc 5h", False),
        ("thôi đừng gọi 5h nữa", False),
        ("thôi gọi lúc 5h làm gì", False),
        ("à thôi gọi lại giúp mình 9h sáng mai", True),
        ("thôi gọi cho chị lúc 5h chiều nhé", True),
        ("don't call me at 4pm", False),
        ("no need to call at 4pm", False),
        ("lát 3h mình gọi cho bên em nhé", False),
        ("3h chiều chị gọi cho shop nha", False),
        ("em sẽ gọi lại cho bên em lúc 4h", False),
        ("3h chiều mình gọi cho em nhé", False),
        ("để 3h mình gọi lại nhé", False),
        ("I'll call you at 4pm", False),
        ("shipper gọi cho chị lúc 2h rồi", False),
        ("lúc 2h em gọi rồi đó", False),
        ("tài xế gọi chị lúc 2h chiều", False),
        ("ai gọi chị lúc 2h chiều vậy", False),
        ("em hứa gọi lúc 3h chiều mà", False),
        ("hẹn gọi chị 3h mà em", False),
        ("gọi xe lúc 3h chiều giao cho chị", False),
        ("gọi thợ lúc 3h chiều", False),
        ("mình điện thoại mở được lúc 3h", False),
        ("3h chiều em bận họp, cảm ơn", False),
        ("em gọi cho chị lúc 3h chiều nhé", True),
        ("bạn gọi mình lúc 3h nhé", True),
        ("em gọi lại cho mình lúc 3h chiều nhé", True),
        ("gọi lại cho mình lúc 3h chiều mai nhé, 0912345678", True),
        ("bên em gọi cho anh lúc 3h nhé", True),
        ("nhờ tài xế gọi chị lúc 2h chiều", True),
        ("điện thoại cho chị lúc 3h nhé", True),
        ("gọi chị lúc 5h nhé, chị họp xong rồi", True),
        ("shop gọi em lúc 5h nha", True),
    ],
)
def test_a_call_at_another_time_is_asked_for(text: str, *, asks: bool) -> None:
    assert (asks_to_call_at(text, NOW, HOURS) is not None) is asks


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("đừng gọi lúc 3h, gọi lúc 5h nhé", "25/11 17:00"),
        ("đừng gọi 3h mà gọi 5h nhé em", "25/11 17:00"),
        ("gọi 5h nhé, đừng gọi lúc 3h", "25/11 17:00"),
        ("3h chị bận họp, gọi lúc 4h nhé", "25/11 16:00"),
        ("Em gọi 2h rồi. Gọi lại lúc 4h nhé", "25/11 16:00"),
    ],
)
def test_beside_an_hour_that_is_refused_the_other_one_is_read(text: str, at: str) -> None:
    reading = asks_to_call_at(text, NOW, HOURS)
    assert reading is not None
    assert f"{reading.at:%d/%m %H:%M}" == at


@pytest.mark.parametrize("text", ["đừng gọi lúc 3h", "khỏi gọi 3h nữa nhé", "3h mình gọi cho bên em nhé"])
def test_an_hour_without_a_wish_is_no_time_in_answer_to_a_question_either(text: str) -> None:
    assert read_time(text, NOW, HOURS).sense is Sense.UNCLEAR


def test_a_desk_that_never_holds_a_half_hour_has_no_times_to_offer() -> None:
    short = OpeningHours(ZONE, ((Block.parse("08:05-08:25"),),) * 7)
    assert free_times(short, NOW) == []


def test_free_times_lie_in_opening_hours_and_apart() -> None:
    found = free_times(HOURS, NOW + timedelta(minutes=20))
    assert [f"{one:%d %H:%M}" for one in found] == ["25 10:00", "25 13:00", "25 15:00"]
    over_the_holiday = free_times(HOURS, datetime(2026, 11, 30, 19, 50, tzinfo=ZONE))
    assert f"{over_the_holiday[0]:%d/%m %H:%M}" == "02/12 08:00"
    assert free_times(OpeningHours(ZONE, ((),) * 7), NOW) == []


def test_a_weekday_is_the_next_one_and_of_next_week_where_said() -> None:
    assert named_day("thứ 6", NOW.date()) == date(2026, 11, 27)
    assert named_day("thứ 6 tuần sau", NOW.date()) == date(2026, 12, 4)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("gọi lại sau 4 phút nữa", "09:35"),
        ("gọi lại sau 5 phút nữa", "09:40"),
        ("gọi lại sau 14 phút nữa", "09:45"),
        ("gọi lại sau 1 tiếng nữa", "10:35"),
    ],
)
def test_a_minute_that_has_begun_moves_a_call_no_further(text: str, at: str) -> None:
    reading = asks_to_call_at(text, NOW + timedelta(minutes=1, seconds=20), HOURS)
    assert reading is not None
    assert f"{reading.at:%H:%M}" == at
