"""What a customer says while a case is open is about that case, unless it says otherwise."""

from __future__ import annotations

from typing import Any

import pytest

from actions.case_words import asks_how_far, asks_number, names_nothing, waits_patiently, withdraws
from tests.unit.actions.talk import NOW, Talk

WAITING = {
    "code": "KT-0042",
    "department": "accounting",
    "state": "waiting",
    "queue_number": 3,
    "promise_at": "2026-11-25T15:30:00+07:00",
}
ASSIGNED = {**WAITING, "state": "assigned", "queue_number": None, "owner_name": "Lan"}


def with_case(talk: Talk, *cases: dict[str, Any], **desk: Any) -> Talk:
    talk.facts = {"now": NOW, "language": "vi", "open_cases": list(cases), "departments": {"accounting": desk}}
    return talk


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("thôi không cần nữa em", "deny"),
        ("thoi khong can nua", "deny"),
        ("thôi khỏi làm hoá đơn nữa em", "invoice_request"),
        ("huỷ phiếu giúp chị", "case_status"),
        ("chị tìm thấy rồi", "lost_property"),
        ("cancel my request please", "order_change"),
        ("I don't need it anymore", "lost_property"),
    ],
)
def test_a_case_taken_back_is_confirmed_and_its_people_are_told(talk: Talk, text: str, intent: str) -> None:
    answer = with_case(talk, WAITING).say(text, intent, 0.6)
    assert answer.handoff["department"] == "accounting"
    assert answer.handoff["reason"] == "case_withdrawn"
    assert answer.handoff["summary"].startswith("Khách xin thôi phiếu KT-0042. Khách viết: “")
    assert "KT-0042" in answer.text
    assert "xử lý" not in answer.text


@pytest.mark.parametrize(
    ("text", "intent", "reason"),
    [("huỷ đơn DH12345 giúp em", "order_change", "order_change"), ("huỷ đơn hàng nha", "order_change", "order_change")],
)
def test_another_thing_called_off_is_not_the_case(talk: Talk, text: str, intent: str, reason: str) -> None:
    with_case(talk, WAITING)
    talk.say("đơn DH12345", "order_status")
    assert talk.say(text, intent).handoff["reason"] == reason


def test_the_case_that_is_named_is_taken_back(talk: Talk) -> None:
    with_case(talk, {**WAITING, "code": "BH-0007", "department": "sales"}, WAITING)
    assert talk.say("thôi khỏi xuất hoá đơn nữa em", "invoice_request").handoff["department"] == "accounting"


def test_a_no_to_an_offer_takes_nothing_back(talk: Talk) -> None:
    with_case(talk, WAITING).say("giá tivi bao nhiêu", "product_price")
    assert talk.say("thôi không cần nữa em", "deny").handoffs == []


def test_a_mere_no_takes_nothing_back(talk: Talk) -> None:
    assert with_case(talk, WAITING).say("không", "deny").handoffs == []


def test_a_changed_mind_is_told_to_the_person(talk: Talk) -> None:
    answer = with_case(talk, ASSIGNED).unsure(
        "à đổi ý rồi, vẫn làm giúp chị nhé", "appointment_change", "exchange_rate"
    )
    assert (answer.handoff["department"], answer.handoff["reason"]) == ("accounting", "case_changed")
    assert "đổi ý" in answer.text


@pytest.mark.parametrize(
    ("text", "intent", "confidence"),
    [
        ("sao chưa trả lời chị", "complaint_waiting", 0.9),
        ("đã khoá chưa em", "deny", 0.85),
        ("khi nào thì giải quyết?", "case_status", 0.3),
        ("khoảng bao lâu nữa vậy", "loan_status", 0.25),
        ("bao giờ có vậy em", "product_stock", 0.84),
        ("bao giờ hoàn lại", "refund_status", 0.98),
        ("chị Lan đâu rồi em", "meet_person", 0.3),
        ("is it blocked?", "login_problem", 0.38),
        ("how long does it take", "delivery_fee", 0.7),
        ("what happens now?", "ask_human", 0.13),
    ],
)
def test_who_asks_how_far_it_is_hears_it_and_may_hurry_it(
    talk: Talk, text: str, intent: str, confidence: float
) -> None:
    answer = with_case(talk, ASSIGNED).say(text, intent, confidence, decision="answer" if confidence > 0.8 else "ask")
    assert answer.handoffs == []
    assert "KT-0042" in answer.text
    assert len(answer.buttons) == 2
    handoff = talk.say(answer.buttons[0], "out_of_scope", 0.2, decision="hand_off").handoff
    assert (handoff["department"], handoff["reason"], handoff["priority"]) == (
        "accounting",
        "complaint_waiting",
        "high",
    )


def test_the_same_is_not_offered_again_and_again(talk: Talk) -> None:
    with_case(talk, WAITING).say("sao lâu thế", "complaint_waiting")
    assert talk.say("lâu quá trời luôn", "complaint_waiting").handoff["priority"] == "high"
    third = talk.say("còn lâu không em", "complaint_waiting")
    assert third.handoffs == []
    assert third.buttons == []
    assert "đã nhắc" in third.text


@pytest.mark.parametrize("text", ["nhanh giúp anh với", "gấp nha em", "lẹ giùm cái", "please hurry", "hurry up"])
def test_haste_raises_the_case(talk: Talk, text: str) -> None:
    answer = with_case(talk, WAITING).unsure(text, "ask_human", "warranty", decision="hand_off")
    assert (answer.handoff["department"], answer.handoff["priority"]) == ("accounting", "high")


def test_the_place_in_the_queue_is_what_can_be_known(talk: Talk) -> None:
    assert "2 phiếu chờ" in with_case(talk, WAITING, waiting=2).say("còn mấy người nữa", "case_status").text
    assert "kế tiếp" in with_case(talk, WAITING, waiting=1).say("còn mấy người trước chị", "case_status").text
    assert "số thứ tự 3" in with_case(talk, WAITING).say("còn mấy người nữa", "case_status").text


@pytest.mark.parametrize("text", ["so thu tu cua toi la may", "stt của em bao nhiêu", "cho hỏi số thứ tự của mình"])
def test_the_number_is_told_also_in_the_middle_of_a_form(talk: Talk, text: str) -> None:
    with_case(talk, WAITING, waiting=5)
    talk.say("gọi lại cho anh nhé, số 0912345678", "callback")
    told = talk.unsure(text, "callback", "case_status")
    assert "số thứ tự 3" in told.text
    assert not told.handoffs
    assert talk.say("9h sáng mai", None, 0.2, decision="ask").handoff["call_at"] == "2026-11-26T09:00:00+07:00"


@pytest.mark.parametrize("text", ["lấy số thứ tự ở quầy nào em", "bốc số thứ tự mấy giờ vậy em"])
def test_a_number_that_is_drawn_at_a_counter_is_another(text: str) -> None:
    assert not asks_number(text)


def test_the_likely_wait_is_told(talk: Talk) -> None:
    with_case(talk, WAITING, wait_minutes=[5, 10])
    assert "khoảng 5–10 phút" in talk.say("bao giờ xong", "case_status").text


@pytest.mark.parametrize(("text", "said"), [("alo có ai không", "nghe đây"), ("chào em", "chào")])
def test_a_call_is_answered_and_a_greeting_returned(talk: Talk, text: str, said: str) -> None:
    assert said in with_case(talk, WAITING).say(text, "greet").text.split(".")[0]


@pytest.mark.parametrize("text", ["ok chị đợi nhé", "anh chờ được", "I'll wait"])
def test_patience_is_thanked_for(talk: Talk, text: str) -> None:
    answer = with_case(talk, WAITING).unsure(text, "complaint_waiting", "return_exchange")
    assert answer.handoffs == []
    assert "cảm ơn" in answer.text or "Thank you" in answer.text


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("à email của chị là lan@abc.vn", "contact_info"),
        ("công ty TNHH Hoa Mai", "courier"),
        ("anh tên Tuấn bên công ty Minh Phát", "courier"),
        ("cô ở Củ Chi, số 0903222111", "address"),
        ("0909111333 mới đúng", "deny"),
        ("đơn DH88888", "order_status"),
        ("my number is 0909123456", "case_status"),
    ],
)
def test_particulars_go_to_the_case(talk: Talk, text: str, intent: str) -> None:
    answer = with_case(talk, WAITING).say(text, intent, 0.9, decision="ask" if intent == "courier" else "answer")
    assert answer.handoff["department"] == "accounting"
    # The front office says that it was added; nothing else needs saying.
    assert answer.texts == []


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("tầng 3", ("facility_broken", "emergency")),
        ("cái màu đỏ", ("product_stock", "order_place")),
        ("chị cần trước 5h chiều", ("appointment_book", "meet_person")),
        ("em cần kế toán xác nhận trong hôm nay", ("document_request", "otp_problem")),
        ("sửa giùm chị trong hôm nay được không", ("warranty", "exchange_rate")),
    ],
)
def test_words_too_vague_for_a_need_go_to_the_case(talk: Talk, text: str, candidates: tuple[str, ...]) -> None:
    assert with_case(talk, WAITING).unsure(text, *candidates).handoff["department"] == "accounting"


def test_a_need_of_its_own_stays_one(talk: Talk) -> None:
    with_case(talk, WAITING)
    assert talk.say("tủ lạnh 300 lít giá bao nhiêu", "product_price").department == "sales"
    assert talk.say("máy giặt kêu to quá", "warranty").handoff["department"] == "customer_relations"
    asked = talk.unsure("máy lọc nước nhà mình chảy nước hoài", "warranty", "installation")
    assert asked.outcomes[0].keys() == {"clarify"}


def test_no_person_is_offered_who_has_the_case_already(talk: Talk) -> None:
    with_case(talk, {**WAITING, "department": "sales", "code": "BH-0007"})
    answer = talk.say("phí giao hàng bao nhiêu", "delivery_fee")
    assert answer.buttons == []
    assert "nhân viên" not in answer.text


def test_asking_for_a_person_means_the_one_who_has_the_case(talk: Talk) -> None:
    answer = with_case(talk, WAITING).say("cho gặp người đi", "ask_human")
    assert answer.handoff["department"] == "accounting"
    assert "mời" in answer.text
    assert with_case(talk, WAITING).say("ừ nối máy đi con", "affirm").handoff["department"] == "accounting"


def test_an_upset_addition_is_met_with_an_apology(talk: Talk) -> None:
    answer = with_case(talk, WAITING).unsure("bực ghê", "complaint_product", decision="hand_off")
    assert "xin lỗi" in answer.text
    assert answer.handoff["priority"] == "high"


def test_a_robot_says_who_is_going_to_answer(talk: Talk) -> None:
    text = with_case(talk, WAITING).say("mày là robot à", "bot_challenge").text
    assert "trợ lý tự động" in text
    assert "KT-0042" in text


def test_one_of_several_cases_is_told_by_its_department(talk: Talk) -> None:
    with_case(talk, {**WAITING, "code": "BH-0007", "department": "sales"}, WAITING)
    text = talk.say("còn phiếu bán hàng thì sao", "case_status").text
    assert "BH-0007" in text
    assert "KT-0042" not in text


@pytest.mark.parametrize("text", ["thôi", "không", "cảm ơn em", "cần gấp", "không cần giao sớm đâu", "huỷ đơn giúp em"])
def test_what_withdraws_nothing(text: str) -> None:
    assert not withdraws(text)


@pytest.mark.parametrize("text", ["em chưa thấy tiền về tài khoản", "cho chị đổi cái áo", "tủ lạnh giá bao nhiêu"])
def test_what_names_something_or_asks_something_else(text: str) -> None:
    assert not names_nothing(text)
    assert not asks_how_far(text)
    assert not waits_patiently(text)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("bà già rồi đi không nổi", "deny"),
        ("tôi không cần xin lỗi suông", "deny"),
        ("it was due on 1 November", "thank"),
        ("lý do là mua nhầm", "return_exchange"),
        ("about a broken TV I bought last week", "complaint_product"),
        ("cô ở nhà buổi chiều thôi nha cháu", "appointment_book"),
    ],
)
def test_more_of_the_story_goes_to_the_case(talk: Talk, text: str, intent: str) -> None:
    answer = with_case(talk, WAITING).say(text, intent, 0.5, decision="ask", candidates=[intent, "warranty"])
    assert answer.handoff["department"] == "accounting"


@pytest.mark.parametrize("text", ["không có gì đâu em", "không sao em", "no problem"])
def test_a_courtesy_is_no_addition(talk: Talk, text: str) -> None:
    assert with_case(talk, WAITING).say(text, "deny").handoffs == []


def test_a_question_about_what_was_just_offered_is_not_the_old_case(talk: Talk) -> None:
    with_case(talk, WAITING).say("lãi suất trả góp sao", "loan_info")
    answer = talk.unsure("em sinh viên chưa đi làm được không", "deny")
    assert answer.handoff["department"] == "credit"


@pytest.mark.parametrize(
    ("text", "intent", "reason"),
    [
        ("đổi ý rồi", "order_change", "case_changed"),
        ("em đổi ý không mua nữa", "return_exchange", "case_changed"),
        ("cô ở Củ Chi", "meet_person", "case_status"),
        ("quận Bình Thạnh", "address", "case_status"),
        ("sáng nay 10h", "opening_hours", "case_status"),
    ],
)
def test_even_an_engine_that_is_sure_does_not_hide_the_case(talk: Talk, text: str, intent: str, reason: str) -> None:
    handoff = with_case(talk, WAITING).say(text, intent, 0.95).handoff
    assert (handoff["department"], handoff["reason"]) == ("accounting", reason)


@pytest.mark.parametrize(
    ("text", "intent"), [("em ở đâu vậy", "address"), ("đổi ý rồi, huỷ đơn DH12345 đi", "order_change")]
)
def test_what_asks_or_names_something_else_is_served(talk: Talk, text: str, intent: str) -> None:
    assert with_case(talk, WAITING).say(text, intent).department != "accounting"


@pytest.mark.parametrize(
    "text",
    [
        "em tên Hùng, mã đơn DH12345",
        "em ten hung, ma don DH12345",
        "mã đơn DH12345",
        "tên Hùng sđt 0909123456 nhé",
        "DH12345 ạ",
    ],
)
@pytest.mark.parametrize("intent", ["order_status", "callback", "out_of_scope"])
def test_name_and_number_join_the_case_that_is_open(talk: Talk, text: str, intent: str) -> None:
    name = next((one for one in ("Hùng", "hung") if one in text and "em t" in text), None)
    found = [{"entity": "customer_name", "value": name.title(), "start": 7, "end": 11}] if name else []
    answer = with_case(talk, WAITING).say(text, intent, entities=found)
    assert answer.handoff["department"] == "accounting"
    assert answer.texts == []


@pytest.mark.parametrize("text", ["đơn DH12345 tới đâu rồi", "huỷ đơn DH12345", "mã đơn DH12345 bao giờ giao?"])
def test_a_number_with_a_need_beside_it_is_that_need(talk: Talk, text: str) -> None:
    answer = with_case(talk, WAITING).say(text, "order_status")
    assert answer.department == "sales"


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("khi nào giao hàng, gặp nhân viên giùm", "ask_human"),
        ("khi nào xong, cho gặp nhân viên đi", "ask_human"),
        ("bao giờ có, nối máy cho anh", "complaint_waiting"),
        ("phiếu của tôi tới đâu rồi, cho gặp nhân viên", "case_status"),
        ("when will it be done, let me talk to a person", "ask_human"),
    ],
)
@pytest.mark.parametrize("case", [WAITING, ASSIGNED])
def test_whoever_asks_when_and_for_a_person_gets_the_person_and_no_menu(
    talk: Talk, text: str, intent: str, case: dict[str, Any]
) -> None:
    answer = with_case(talk, case).say(text, intent)
    assert answer.buttons == []
    assert (answer.handoff["department"], answer.handoff["reason"]) == ("accounting", "ask_human")
    again = talk.say("khi nào xong, cho gặp nhân viên đi", "ask_human")
    assert (again.buttons, again.handoff["department"]) == ([], "accounting")
