"""Call-backs at the time the customer chose: what the action asks, offers and hands over."""

from __future__ import annotations

import pytest

from tests.unit.actions.talk import Answer, Talk


def callback(talk: Talk, when: str) -> Answer:
    talk.say("gọi lại cho chị nhé", "callback")
    talk.say("0909111222", "callback")
    return talk.say(when, None, 0.2, decision="ask")


@pytest.mark.parametrize(
    ("when", "at"),
    [
        ("3h chiều mai", "2026-11-26T15:00:00+07:00"),
        ("sang thu 6 tam 9h", "2026-11-27T09:00:00+07:00"),
        ("15 phút nữa", "2026-11-25T09:45:00+07:00"),
        ("Lúc nào cũng được", "2026-11-25T10:00:00+07:00"),
    ],
)
def test_a_time_becomes_a_moment_of_the_handoff(talk: Talk, when: str, at: str) -> None:
    answer = callback(talk, when)
    assert (answer.handoff["call_at"], answer.handoff["collected"]["phone"]) == (at, "0909111222")
    assert answer.text == ""


def test_one_message_is_enough(talk: Talk) -> None:
    handoff = talk.say("gọi lại cho anh số 0912345678 ngày kia 10 rưỡi nhé", "callback").handoff
    assert handoff["call_at"] == "2026-11-27T10:30:00+07:00"


def test_a_time_after_closing_is_answered_with_the_next_open_one(talk: Talk) -> None:
    answer = callback(talk, "22h đêm nay")
    assert answer.handoffs == []
    assert "22:00 hôm nay là ngoài giờ" in answer.text
    assert answer.buttons[0] == "8:00 ngày mai"
    handoff = talk.say("ok em", "affirm").handoff
    assert handoff["call_at"] == "2026-11-26T08:00:00+07:00"
    assert handoff["collected"]["call_time"] == "8:00 ngày mai"


def test_a_holiday_is_named(talk: Talk) -> None:
    talk.facts = {**talk.facts, "now": "2026-12-31T15:00:00+07:00"}
    answer = callback(talk, "9h sáng mai")
    assert "nghỉ Tết Dương lịch" in answer.text


def test_a_button_is_read_like_any_time(talk: Talk) -> None:
    button = callback(talk, "9h sáng nay").buttons[1]
    assert talk.say(button, None, 0.2, decision="ask").handoff["call_at"] == "2026-11-25T13:00:00+07:00"


def test_a_day_without_an_hour_is_asked_about_and_joined(talk: Talk) -> None:
    answer = callback(talk, "mai nhé")
    assert "mấy giờ" in answer.text
    assert answer.buttons == ["8:00 ngày mai", "10:00 ngày mai", "13:00 ngày mai"]
    assert talk.say("4h", None, 0.2, decision="ask").handoff["call_at"] == "2026-11-26T16:00:00+07:00"


def test_what_stays_unclear_is_asked_about_once_and_goes_on_as_words(talk: Talk) -> None:
    answer = callback(talk, "lúc con bé ngủ á em")
    assert len(answer.buttons) == 3
    handoff = talk.say("nó ngủ là gọi được đó em", None, 0.2, decision="ask").handoff
    assert "call_at" not in handoff
    assert handoff["collected"]["call_time"] == "nó ngủ là gọi được đó em"


def test_a_time_that_will_not_do_is_asked_about_before_the_phone(talk: Talk) -> None:
    assert "ngoài giờ" in talk.say("22h gọi lại cho anh nhé", "callback").text
    assert "số điện thoại" in talk.say("9h sáng mai", None, 0.2, decision="ask").text.lower()
    assert talk.say("0912345678", "callback").handoff["call_at"] == "2026-11-26T09:00:00+07:00"


def with_call(talk: Talk, department: str = "customer_relations") -> None:
    case = {"code": "KH-0042", "department": department, "state": "waiting", "call_at": "2026-11-25T15:00:00+07:00"}
    talk.facts = {**talk.facts, "open_cases": [case]}


@pytest.mark.parametrize("text", ["gọi em lúc 5h nhé", "5h chiều nhé em", "goi lai 5h nha"])
def test_a_call_that_was_promised_is_moved(talk: Talk, text: str) -> None:
    with_call(talk, "sales")
    handoff = talk.say(text, "callback", 0.4, decision="ask").handoff
    assert (handoff["department"], handoff["call_at"]) == ("sales", "2026-11-25T17:00:00+07:00")


def test_a_call_moved_to_a_closed_hour_is_offered_another(talk: Talk) -> None:
    with_call(talk)
    answer = talk.say("gọi chị lúc 22h nhé", "callback")
    assert "ngoài giờ" in answer.text
    handoff = talk.say("ok em", "affirm").handoff
    assert (handoff["call_at"], "phone" in handoff["collected"]) == ("2026-11-26T08:00:00+07:00", False)


def test_how_a_call_stands_is_its_hour_and_no_place_in_the_queue(talk: Talk) -> None:
    with_call(talk)
    desk = {"staffed": True, "open": True, "waiting": 3, "wait_minutes": [5, 10]}
    talk.facts = {**talk.facts, "departments": {"customer_relations": desk}}
    for text in ("phiếu của tôi tới đâu rồi", "còn mấy người trước tôi"):
        answer = talk.say(text, "case_status")
        assert "hẹn gọi anh/chị lúc 15:00 hôm nay" in answer.text
        assert "phút" not in answer.text


@pytest.mark.parametrize(
    "text", ["sao 3h chưa thấy gọi vậy em", "mấy giờ mở cửa em", "cảm ơn em", "đừng gọi lúc 3h", "khỏi gọi 3h nữa nhé"]
)
def test_other_words_move_no_call(talk: Talk, text: str) -> None:
    with_call(talk)
    answer = talk.say(text, "thank", 0.4, decision="ask")
    assert all("call_at" not in one for one in answer.handoffs)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("thôi đổi sang 4h chiều mai nhé", "2026-11-26T16:00:00+07:00"),
        ("reschedule to Saturday 9am", "2026-11-28T09:00:00+07:00"),
        ("dời qua thứ 7", "2026-11-28T15:00:00+07:00"),
        ("chủ nhật anh bận, gọi thứ 7 giúp anh", "2026-11-28T15:00:00+07:00"),
        ("hay là 4h đi", "2026-11-25T16:00:00+07:00"),
    ],
)
def test_a_change_of_time_means_the_call(talk: Talk, text: str, at: str) -> None:
    with_call(talk)
    handoff = talk.say(text, "appointment_change").handoff
    assert (handoff["department"], handoff["call_at"]) == ("customer_relations", at)


def test_a_change_of_time_after_words_about_a_visit_means_the_visit(talk: Talk) -> None:
    with_call(talk)
    talk.slots["topic"] = "appointment_book"
    assert all(
        "call_at" not in one for one in talk.say("thôi đổi sang 4h chiều mai nhé", "appointment_change").handoffs
    )


@pytest.mark.parametrize("text", ["thôi khỏi gọi nhé", "hủy lịch gọi giúp chị", "cancel the call please"])
def test_a_call_is_called_off_with_its_own_case(talk: Talk, text: str) -> None:
    with_call(talk, "sales")
    answer = talk.say(text, "appointment_change")
    assert (answer.handoff["department"], answer.handoff["reason"]) == ("sales", "call_off")
    assert answer.text == ""


def test_a_number_given_after_a_closed_hour_is_noted(talk: Talk) -> None:
    talk.say("gọi lại cho chị nhé", "callback")
    talk.say("21h tối nay", None, 0.2, decision="ask")
    answer = talk.say("0912345678", "callback")
    assert "ghi lại “0912345678”" in answer.text
    assert answer.buttons


def test_an_hour_of_yesterday_is_answered_with_times_to_choose(talk: Talk) -> None:
    answer = callback(talk, "hôm qua 5h")
    assert answer.handoffs == []
    assert "qua mất rồi" in answer.text
    assert len(answer.buttons) == 3


@pytest.mark.parametrize("text", ["ủa mà mai mấy giờ gọi zậy", "15h hôm nay gọi phải không em"])
def test_whoever_asks_when_the_call_comes_is_told_and_it_stays(talk: Talk, text: str) -> None:
    with_call(talk)
    answer = talk.say(text, "callback")
    assert answer.handoffs == []
    assert "hẹn gọi anh/chị lúc 15:00 hôm nay" in answer.text


@pytest.mark.parametrize(
    "text",
    ["đừng gọi lúc 3h, gọi lúc 4h chiều mai", "dung goi 3h chieu mai, 4h chieu mai nhe", "3h ko dc, 4h chieu mai"],
)
@pytest.mark.parametrize("entities", [(), ("3h", "4h chiều mai")])
def test_the_hour_that_is_ruled_out_is_not_promised(talk: Talk, text: str, entities: tuple[str, ...]) -> None:
    found = [
        {"entity": "datetime", "start": text.index(one), "end": text.index(one) + len(one)}
        for one in entities
        if one in text
    ]
    talk.say("gọi lại cho chị nhé", "callback")
    talk.say("0909111222", "callback")
    handoff = talk.say(text, "callback", 0.4, decision="ask", entities=found).handoff
    assert handoff["call_at"] == "2026-11-26T16:00:00+07:00"


def test_a_day_of_tet_is_asked_about(talk: Talk) -> None:
    answer = callback(talk, "9h mùng 1 tết")
    assert answer.handoffs == []
    assert answer.buttons


@pytest.mark.parametrize(
    "text",
    ["gọi lại lúc 10h hôm qua", "goi lai luc 10h hom qua", "goi lai luc 10h hom qua nhe, sdt 0987654321"],
)
def test_an_hour_of_yesterday_is_named_as_over_in_the_first_message_too(talk: Talk, text: str) -> None:
    answer = talk.say(text, "callback")
    assert "qua mất rồi" in answer.text
    assert len(answer.buttons) == 3


def test_a_piece_of_a_phone_number_is_no_code_of_a_case(talk: Talk) -> None:
    talk.say("gọi lại cho chị nhé", "callback")
    answer = talk.say("so e la 09123", "case_status")
    assert "10 chữ số" in answer.text
    talk.say("0909111222", "callback")
    assert talk.say("9h sáng mai", None, 0.2, decision="ask").handoff["collected"]["phone"] == "0909111222"


def test_a_code_beside_the_question_after_the_phone_is_still_one(talk: Talk) -> None:
    talk.say("gọi lại cho chị nhé", "callback")
    assert "KT-0042" in talk.say("phiếu KT-0042 tới đâu rồi", "case_status").text


@pytest.mark.parametrize("text", ["thôi khỏi", "thôi bỏ qua đi em"])
def test_whoever_needs_nothing_hears_that_a_call_stands_and_how_to_take_it_off(talk: Talk, text: str) -> None:
    with_call(talk)
    answer = talk.say(text, "deny")
    assert "vẫn giữ hẹn gọi anh/chị lúc 15:00 hôm nay" in answer.text
    assert answer.buttons == ["Khỏi gọi nữa"]
    assert talk.say("Khỏi gọi nữa", "deny").handoff["reason"] == "call_off"
