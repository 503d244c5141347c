"""Forms: filled in any order, corrected, left, resumed, and always ended by a person."""

from __future__ import annotations

import pytest

from tests.unit.actions.talk import Talk


def appointment(talk: Talk) -> None:
    assert "việc gì" in talk.say("tôi muốn đặt lịch hẹn", "appointment_book").text


def test_an_appointment_one_answer_at_a_time(talk: Talk) -> None:
    appointment(talk)
    assert "giờ" in talk.say("tư vấn trả góp", "loan_info").text
    assert "số điện thoại" in talk.say("9h sáng thứ sáu", "opening_hours").text
    handoff = talk.say("0909123456", None, 0.1).handoff
    assert (handoff["department"], handoff["reason"]) == ("reception", "appointment_book")
    assert handoff["collected"] == {"purpose": "tư vấn trả góp", "when": "9h sáng thứ sáu", "phone": "0909123456"}
    assert talk.slots["form"] is None


def test_everything_in_the_first_message(talk: Talk) -> None:
    text = "hẹn anh 15h30 ngày 28, anh ghé xem bếp từ, số anh 0912345678"
    handoff = talk.say(text, "appointment_book").handoff
    assert handoff["collected"]["when"] == "15h30 ngày 28"
    assert handoff["collected"]["phone"] == "0912345678"
    assert "xem bếp từ" in handoff["collected"]["purpose"]


def test_answers_in_another_order(talk: Talk) -> None:
    appointment(talk)
    answer = talk.say("0909123456, chiều mai", None, 0.2)
    assert "ghi lại" in answer.text
    assert "việc gì" in answer.text
    handoff = talk.say("làm thẻ thành viên", "card_service").handoff
    assert handoff["collected"] == {"when": "chiều mai", "phone": "0909123456", "purpose": "làm thẻ thành viên"}


def test_a_correction_of_the_hour_keeps_the_day(talk: Talk) -> None:
    appointment(talk)
    talk.say("tư vấn trả góp", "loan_info")
    talk.say("9h sáng thứ sáu", "opening_hours")
    answer = talk.say("à không, 4 giờ chiều", "deny")
    assert "4 giờ chiều" in answer.text
    handoff = talk.say("0909123456", None, 0.1).handoff
    assert handoff["collected"]["when"] == "4 giờ chiều thứ sáu"


@pytest.mark.parametrize("text", ["thôi khỏi", "không đặt nữa", "để sau nhé em", "thôi", "never mind"])
def test_giving_up_ends_kindly(talk: Talk, text: str) -> None:
    appointment(talk)
    talk.say("tư vấn trả góp", "loan_info")
    answer = talk.say(text, "deny", 0.6)
    assert answer.handoffs == []
    assert answer.texts
    assert "giờ" not in talk.say("cảm ơn em", "thank").text


@pytest.mark.parametrize(
    ("text", "intent"), [("làm tiếp việc lúc nãy đi", "affirm"), ("đặt lịch hẹn", "appointment_book")]
)
def test_coming_back_finds_everything_kept(talk: Talk, text: str, intent: str) -> None:
    appointment(talk)
    talk.say("tư vấn trả góp", "loan_info")
    talk.say("thôi khỏi", "deny")
    answer = talk.say(text, intent)
    assert "vẫn giữ" in answer.text
    talk.say("9h sáng mai", None, 0.2)
    assert talk.say("0909123456", None, 0.2).handoff["collected"]["purpose"] == "tư vấn trả góp"


def test_a_question_in_between_is_answered_and_the_form_goes_on(talk: Talk) -> None:
    appointment(talk)
    talk.say("tư vấn trả góp", "loan_info")
    answer = talk.say("mấy giờ mở cửa", "opening_hours")
    assert "Cả tuần" in answer.text
    assert "hẹn ngày nào" in answer.text or "ngày giờ nào" in answer.text
    assert "số điện thoại" in talk.say("9h sáng thứ sáu", "appointment_book").text


@pytest.mark.parametrize(
    ("text", "intent", "department"), [("mất thẻ rồi", "card_lost", "teller"), ("cháy", "emergency", "facilities")]
)
def test_what_cannot_wait_does_not(talk: Talk, text: str, intent: str, department: str) -> None:
    appointment(talk)
    assert talk.say(text, intent).handoff["department"] == department
    assert talk.slots["form"]["asked"] is None


def test_asking_for_a_person_ends_the_form_with_what_there_is(talk: Talk) -> None:
    appointment(talk)
    talk.say("tư vấn trả góp", "loan_info")
    handoff = talk.say("cho gặp người đi", "ask_human").handoff
    assert handoff["reason"] == "appointment_book"
    assert handoff["collected"] == {"purpose": "tư vấn trả góp"}


def test_two_answers_that_do_not_fit_bring_a_person(talk: Talk) -> None:
    talk.say("gọi lại cho tôi", "callback")
    again = talk.say("số của tôi á", "callback", 0.3, decision="ask")
    assert "10 chữ số" in again.text
    assert talk.say("số đó đó", "callback", 0.3, decision="ask").handoff["reason"] == "callback"


def test_a_callback(talk: Talk) -> None:
    talk.say("gọi lại cho cô nhé", "callback")
    answer = talk.say("0912345678", "callback")
    assert answer.buttons == ["Lúc nào cũng được"]
    handoff = talk.say("Lúc nào cũng được", "affirm").handoff
    assert handoff["department"] == "customer_relations"
    assert handoff["collected"] == {"phone": "0912345678", "call_time": "Lúc nào cũng được"}


def test_a_callback_in_one_message(talk: Talk) -> None:
    handoff = talk.say("gọi lại cho anh số 0912345678 sau 3h chiều nhé", "callback").handoff
    assert handoff["collected"]["call_time"] == "sau 3h chiều"


@pytest.mark.parametrize(
    "text", ["đổi lịch sang thứ 7", "hủy lịch hẹn giúp anh", "huỷ lịch hẹn chiều nay giúp chị", "doi lich hen giup anh"]
)
def test_a_changed_appointment_goes_to_a_person_with_what_is_known(talk: Talk, text: str) -> None:
    answer = talk.say(text, "appointment_change")
    assert (answer.handoff["department"], answer.handoff["reason"]) == ("reception", "appointment_change")
    assert "số" not in answer.text


@pytest.mark.parametrize("text", ["chiều mai 3h", "3h chiều mai nhé em", "chiều mai lúc 3h nhé em, dạ"])
def test_a_time_is_no_subject(talk: Talk, text: str) -> None:
    appointment(talk)
    answer = talk.say(text, "appointment_book", entities=[{"entity": "datetime", "start": 0, "end": text.index(" ")}])
    assert "việc gì" in answer.text
    assert "purpose" not in talk.slots["form"]["values"]


def test_a_time_in_the_first_message_is_no_subject(talk: Talk) -> None:
    assert "việc gì" in talk.say("cho anh hẹn gặp chiều mai 3h", "appointment_book").text


def test_a_day_without_an_hour_is_asked_about_and_all_is_read_back(talk: Talk) -> None:
    appointment(talk)
    talk.say("tư vấn trả góp", "loan_info")
    assert "mấy giờ" in talk.say("thứ bảy", None, 0.2).text
    assert "số điện thoại" in talk.say("9h sáng", None, 0.2).text
    answer = talk.say("0909123456", None, 0.1)
    assert answer.handoff["collected"]["when"] == "9h sáng thứ bảy"
    assert "tư vấn trả góp" in answer.text
    assert "9h sáng thứ bảy" in answer.text


def test_the_hour_is_asked_for_after_the_subject_and_again_in_its_own_words(talk: Talk) -> None:
    assert "việc gì" in talk.say("đặt lịch thứ 7", "appointment_book").text
    assert "mấy giờ" in talk.say("tư vấn tủ lạnh", "product_advice").text
    assert "giờ hẹn" in talk.say("ok em", "affirm").text
    assert "số điện thoại" in talk.say("9h", None, 0.1).text
    assert talk.say("không nhớ số", None, 0.1).handoff["collected"]["when"] == "9h thứ 7"


def test_an_hour_said_later_joins_the_day(talk: Talk) -> None:
    talk.say("cho hẹn gặp bên tín dụng chiều mai", "appointment_book")
    talk.say("3h", "opening_hours")
    assert talk.say("0909123456", None, 0.1).handoff["collected"]["when"] == "3h chiều mai"


@pytest.mark.parametrize("text", ["cảm ơn em", "thôi", "không cần đâu em", "thank you"])
def test_a_form_is_left_with_a_word(talk: Talk, text: str) -> None:
    talk.say("gọi lại cho tôi", "callback")
    answer = talk.say(text, "callback", 0.4, decision="ask")
    assert answer.handoffs == []
    assert talk.slots["form"]["asked"] is None


def test_thanks_with_all_that_matters_said_lose_nothing(talk: Talk) -> None:
    appointment(talk)
    talk.say("tư vấn trả góp", "loan_info")
    talk.say("9h sáng thứ sáu", "opening_hours")
    assert talk.say("cảm ơn em", "thank").handoff["reason"] == "appointment_book"


def test_an_aside_leads_back_to_a_form_only_once(talk: Talk) -> None:
    appointment(talk)
    asked = talk.say("mấy giờ mở cửa", "opening_hours").texts
    assert "việc gì" in asked[-1]
    assert len(talk.say("gửi xe ở đâu", "parking").texts) == 1
    assert "việc gì" not in talk.say("địa chỉ ở đâu", "address").text
    assert "vẫn giữ" in talk.say("làm tiếp việc lúc nãy đi", "affirm").text


def test_a_tax_code_after_an_invoice_is_no_phone(talk: Talk) -> None:
    talk.say("xuất hoá đơn giúp chị", "invoice_request")
    answer = talk.say("0312345678", "callback")
    assert answer.handoff["department"] == "accounting"
    assert answer.handoff["collected"] == {"tax_code": "0312345678"}
    assert talk.slots["form"] is None


@pytest.mark.parametrize("state", ["waiting", "assigned"])
def test_a_number_belongs_to_the_open_case(talk: Talk, state: str) -> None:
    talk.facts = {**talk.facts, "open_cases": [{"code": "KT-0042", "department": "accounting", "state": state}]}
    handoff = talk.say("dạ 0312345678 nhé em", "callback").handoff
    assert (handoff["department"], handoff["collected"]) == ("accounting", {"tax_code": "0312345678"})


@pytest.mark.parametrize("text", ["0912345678", "mã số thuế 0312345678"])
def test_a_number_alone_is_no_wish_to_be_called(talk: Talk, text: str) -> None:
    answer = talk.say(text, "callback")
    assert len(answer.handoffs) == 1
    assert talk.slots["form"] is None


def test_a_supposed_wish_to_be_called_is_asked_about(talk: Talk) -> None:
    answer = talk.say("khi nào được thì báo chị", "callback")
    assert answer.outcomes[0].keys() == {"clarify"}
    assert talk.slots["form"] is None


def test_a_complaint_that_says_what_happened_goes_straight_through(talk: Talk) -> None:
    handoff = talk.say("nhân viên quầy 3 quát mẹ tôi trước mặt mọi người", "complaint_service").handoff
    assert (handoff["department"], handoff["priority"]) == ("customer_relations", "high")


def test_a_bare_complaint_is_asked_about_once(talk: Talk) -> None:
    answer = talk.say("tôi muốn khiếu nại", "complaint_service")
    assert answer.handoffs == []
    assert "?" in answer.text
    handoff = talk.say("bên em bán hàng kém quá", "complaint_product").handoff
    assert handoff["collected"]["what"] == "bên em bán hàng kém quá"
    assert handoff["priority"] == "high"


def test_an_order_is_asked_for_and_may_be_unknown(talk: Talk) -> None:
    assert talk.say("đơn của tôi tới đâu rồi", "order_status").buttons == ["Tôi không nhớ mã đơn"]
    handoff = talk.say("Tôi không nhớ mã đơn", "deny").handoff
    assert handoff["department"] == "sales"
    assert handoff["collected"]["order"] == "khách không nhớ"


def test_an_order_number_is_enough(talk: Talk) -> None:
    assert talk.say("đơn DH12345 tới đâu rồi", "order_status").handoff["collected"]["order"] == "DH12345"


def test_an_upset_customer_is_not_questioned(talk: Talk) -> None:
    handoff = talk.say("hàng giao thiếu, chờ 5 ngày rồi, bực mình quá", "delivery_missing").handoff
    assert (handoff["department"], handoff["priority"]) == ("warehouse", "high")


def test_a_second_need_waits_in_the_form(talk: Talk) -> None:
    talk.say("đặt lịch hẹn giúp chị rồi xuất hoá đơn luôn", "appointment_book")
    talk.say("xem tủ lạnh", "product_advice")
    talk.say("9h sáng mai", None, 0.1)
    assert talk.say("0912345678", None, 0.1).handoff["collected"]["also"] == "Xuất hoá đơn"


def test_a_form_of_another_version_is_forgotten(talk: Talk) -> None:
    talk.slots["form"] = {"name": "gone", "intent": "gone", "values": {}, "asked": "x"}
    assert talk.say("chào em", "greet").texts
    talk.slots["form"] = ["nonsense"]
    assert talk.say("chào em", "greet").texts


def test_english_forms(talk: Talk) -> None:
    assert "about" in talk.say("I would like to make an appointment please", "appointment_book").text
    assert "?" in talk.say("instalment advice for a fridge", "loan_info").text
    assert "phone" in talk.say("Friday 9 am", None, 0.2).text.lower()


def test_a_number_given_once_is_not_asked_for_again(talk: Talk) -> None:
    talk.say("đơn DH12345 của chị tới đâu rồi", "order_status")
    answer = talk.say("chị đổi địa chỉ giao được không", "order_change")
    assert answer.handoff["collected"]["order"] == "DH12345"
    assert "DH12345" in answer.text


def test_thanks_do_not_lose_what_an_order_form_was_about(talk: Talk) -> None:
    talk.say("đổi địa chỉ giao giúp chị", "order_change")
    assert talk.say("cảm ơn em nhé", "thank").handoff["reason"] == "order_change"


def test_a_call_is_read_back_where_its_time_stays_words(talk: Talk) -> None:
    talk.facts = {"language": "vi"}
    talk.say("gọi lại cho chị nhé", "callback")
    talk.say("0909111222", "callback")
    entity = {"entity": "datetime", "start": 4, "end": 12, "value": {}}
    answer = talk.say("sau 5h chiều", None, 0.3, entities=[entity])
    assert "call_at" not in answer.handoff
    assert "0909111222" in answer.text
    assert "sau 5h chiều" in answer.text


def test_being_busy_now_is_no_time_to_call(talk: Talk) -> None:
    talk.say("gọi lại cho cô nha", "callback")
    answer = talk.say("bây giờ cô đang bận", "opening_hours", 0.3, decision="ask")
    assert "bây giờ" not in answer.text
    assert talk.slots["form"]["values"] == {}


def test_a_long_story_is_no_giving_up(talk: Talk) -> None:
    talk.say("chị muốn khiếu nại nhân viên giao hàng", "complaint_service")
    handoff = talk.say("nó ném cái thùng xuống đất rồi bỏ đi", "complaint_service").handoff
    assert handoff["collected"]["what"] == "nó ném cái thùng xuống đất rồi bỏ đi"


@pytest.mark.parametrize(
    ("first", "correction", "when"),
    [
        ("đặt hẹn sáng mai 9h xem tủ lạnh", "à nhầm, 10h", "sáng mai 10h"),
        ("đặt hẹn 9h sáng thứ sáu xem tủ lạnh", "à nhầm, 10h", "10h sáng thứ sáu"),
        ("đặt hẹn 9h sáng thứ sáu xem tủ lạnh", "à nhầm, thứ bảy", "9h sáng thứ bảy"),
        ("đặt hẹn 9h sáng thứ sáu xem tủ lạnh", "à nhầm, 2h chiều thứ bảy", "2h chiều thứ bảy"),
    ],
)
def test_a_corrected_time(talk: Talk, first: str, correction: str, when: str) -> None:
    talk.say(first, "appointment_book")
    talk.say(correction, "transfer_problem", 0.7, decision="ask")
    handoff = talk.say("số anh 0909555666", "contact_info", 0.5, decision="ask").handoff
    assert handoff["collected"]["when"] == when
    assert handoff["collected"]["purpose"] == "xem tủ lạnh"


def test_more_about_the_subject_of_an_appointment_is_kept(talk: Talk) -> None:
    talk.unsure("tôi muốn hẹn gặp anh Nam trưởng phòng kinh doanh lúc 10h thứ hai", "appointment_book", "meet_person")
    talk.unsure("về hợp đồng mua máy lạnh", "document_request", "bulk_quote")
    handoff = talk.say("0987654321", "callback").handoff
    assert handoff["reason"] == "appointment_book"
    assert handoff["collected"]["purpose"] == "gặp anh Nam trưởng phòng kinh doanh, về hợp đồng mua máy lạnh"


def test_a_question_behind_a_sentence_has_no_second_courtesy(talk: Talk) -> None:
    appointment(talk)
    for text, intent in (("mấy giờ mở cửa", "opening_hours"), ("0909123456", "callback")):
        last = talk.say(text, intent).texts[-1]
        assert last.count("Dạ") == 1, last


def test_more_of_the_same_story_does_not_leave_an_order_form(talk: Talk) -> None:
    talk.say("giao hàng sai màu", "delivery_missing")
    again = talk.say("em đặt màu đen mà giao màu trắng", "order_place")
    assert again.handoffs == []
    handoff = talk.say("ko nhớ mã", "deny").handoff
    assert handoff["reason"] == "delivery_missing"
    assert "em đặt màu đen mà giao màu trắng" in handoff["summary"]


def test_an_invoice_to_correct_is_no_second_invoice(talk: Talk) -> None:
    handoff = talk.say("cty mình xuất hđ sai mst rồi, mst đúng là 0301234567", "invoice_correction").handoff
    assert handoff["collected"] == {"tax_code": "0301234567"}


def test_an_hour_that_is_refused_is_no_time_to_call(talk: Talk) -> None:
    asked = talk.say("đừng gọi lúc 3h nhé, 0909111222", "callback")
    assert asked.handoffs == []
    assert talk.say("4h chiều mai", None, 0.2, decision="ask").handoff["call_at"] == "2026-11-26T16:00:00+07:00"
