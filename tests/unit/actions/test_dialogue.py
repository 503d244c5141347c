"""The dialogue through its public door: what is said, who gets the case, what is asked."""

from __future__ import annotations

import pytest
from rasa_sdk.executor import ActionExecutor

from actions.plan import PLANS, SMALL, Way
from bot.domain.company import Company
from tests.unit.actions.talk import Talk


def test_every_need_reaches_its_owner(executor: ActionExecutor, company: Company) -> None:
    reached = {}
    for intent in PLANS:
        said = "gọi lại việc này thì sao" if intent == "callback" else "việc này thì sao"
        answer = Talk(executor).say(said, intent)
        assert answer.texts or answer.handoffs, intent
        assert [text for text in answer.texts if not text.strip() or "{" in text] == [], intent
        reached[intent] = answer.department
    assert reached == {intent: company.department_for(intent).id for intent in PLANS}


def test_a_handoff_says_what_staff_need(executor: ActionExecutor) -> None:
    for intent in (name for name, plan in PLANS.items() if plan.way is Way.HANDOFF):
        handoff = Talk(executor).say("chị cần giúp việc này, sđt 0912 345 678", intent).handoff
        assert set(handoff) == {"department", "reason", "summary", "priority", "collected", "address"}, intent
        assert handoff["reason"] == intent
        assert "chị cần giúp việc này" in handoff["summary"], intent
        assert handoff["collected"]["phone"] == "0912 345 678", intent
        assert handoff["priority"] in {"normal", "high", "urgent"}, intent


@pytest.mark.parametrize(
    ("text", "intent", "priority"),
    [
        ("mất thẻ rồi", "card_lost", "urgent"),
        ("có cháy ở tầng 3", "emergency", "urgent"),
        ("tôi sẽ kiện công ty", "legal_threat", "high"),
        ("sửa hoá đơn giúp chị", "invoice_correction", "normal"),
        ("sửa hoá đơn giúp chị, gấp lắm", "invoice_correction", "high"),
        ("chờ cả tiếng rồi không ai trả lời", "complaint_waiting", "high"),
        ("app bị lỗi, chờ hoài mà vẫn vậy", "app_error", "high"),
        ("bị trừ tiền hai lần", "payment_problem", "high"),
        ("thẻ bị nuốt ở máy rồi", "card_service", "urgent"),
    ],
)
def test_priority(talk: Talk, text: str, intent: str, priority: str) -> None:
    assert talk.say(text, intent).handoff["priority"] == priority


def test_an_emergency_is_told_what_to_do_first(talk: Talk) -> None:
    answer = talk.say("cháy rồi em ơi", "greet", 0.4, decision="ask")
    assert answer.handoff["reason"] == "emergency"
    assert "114" in answer.text


# Answers with an offer.


def test_a_general_answer_comes_with_an_offer(talk: Talk) -> None:
    answer = talk.say("giá tivi bao nhiêu", "product_price")
    assert "triệu" in answer.text
    assert answer.buttons == ["Gặp nhân viên Bán hàng", "Không cần đâu"]
    assert answer.outcomes == [{"department": "sales"}]


@pytest.mark.parametrize(
    "text",
    [
        "có",
        "ừ",
        "ok em",
        "dạ vâng ạ",
        "nối máy đi em",
        "yes please",
        "1",
        "Gặp nhân viên Bán hàng",
        "gap nhan vien ban hang",
    ],
)
def test_a_yes_after_an_offer_brings_the_person(talk: Talk, text: str) -> None:
    talk.say("giá tủ lạnh bao nhiêu", "product_price")
    handoff = talk.say(text, "out_of_scope", 0.2, decision="hand_off").handoff
    assert (handoff["department"], handoff["reason"]) == ("sales", "product_price")
    assert "giá tủ lạnh bao nhiêu" in handoff["summary"]
    assert talk.slots["offer"] is None


@pytest.mark.parametrize(
    "text", ["không", "thôi khỏi", "ko cần đâu em", "no thanks", "2", "Không cần đâu", "để sau nhé"]
)
def test_a_no_after_an_offer_ends_kindly(talk: Talk, text: str) -> None:
    talk.say("giá tủ lạnh bao nhiêu", "product_price")
    answer = talk.say(text, "out_of_scope", 0.2, decision="hand_off")
    assert answer.handoffs == []
    assert "cần" in answer.text or "need" in answer.text.lower() or "anything" in answer.text
    assert answer.department == "sales"


@pytest.mark.parametrize(
    ("text", "accepts"),
    [
        ("ok cam on shop", False),
        ("ok cảm ơn em nhiều", False),
        ("cảm ơn shop nha", False),
        ("vâng cảm ơn em", True),
        ("dạ vâng ạ em cảm ơn", True),
        ("ừ nối máy giúp anh cảm ơn em", True),
        ("ok thanks", False),
    ],
)
def test_thanks_after_an_offer_accept_only_with_a_yes(talk: Talk, text: str, accepts: bool) -> None:
    talk.say("giá tủ lạnh bao nhiêu", "product_price")
    answer = talk.say(text, "thank", 0.99)
    assert bool(answer.handoffs) == accepts
    assert answer.text


def test_an_offer_that_must_wait_says_until_when(talk: Talk) -> None:
    desk = {"staffed": False, "open": False, "opens_at": "2026-11-26T08:00:00+07:00", "waiting": 0}
    talk.facts = {**talk.facts, "departments": {"sales": desk}}
    assert "có mặt lại lúc 8:00 ngày mai" in talk.say("giá tủ lạnh bao nhiêu", "product_price").text
    assert talk.say("ừ", "affirm").handoff["department"] == "sales"


def test_an_offer_is_forgotten_after_another_need(talk: Talk) -> None:
    talk.say("giá tủ lạnh bao nhiêu", "product_price")
    talk.say("mấy giờ mở cửa", "opening_hours")
    assert talk.say("ừ", "affirm").handoffs == []


@pytest.mark.parametrize(
    ("text", "intent", "hands_off"),
    [
        ("bảo hành tivi bao lâu vậy em", "warranty", False),
        ("chính sách đổi trả thế nào", "return_exchange", False),
        ("máy giặt hỏng rồi, cho thợ qua sửa giúp", "warranty", True),
        ("chị muốn đổi cái nồi", "return_exchange", True),
        ("How long is the warranty?", "warranty", False),
        ("The washing machine is broken, please fix it", "warranty", True),
    ],
)
def test_a_question_is_answered_and_a_request_is_handed_over(
    talk: Talk, text: str, intent: str, hands_off: bool
) -> None:
    assert bool(talk.say(text, intent).handoffs) is hands_off


# Asking back.


def test_asking_which_need(talk: Talk) -> None:
    answer = talk.unsure("giá góp lắp", "product_price", "loan_info", "installation")
    assert answer.buttons == ["Hỏi giá sản phẩm", "Lãi suất, điều kiện trả góp", "Lắp đặt, hẹn thợ", "Việc khác"]
    assert answer.outcomes == [{"clarify": {"intents": ["product_price", "loan_info", "installation"]}}]


@pytest.mark.parametrize("text", ["2", "số 2", "Lãi suất, điều kiện trả góp", "lai suat dieu kien tra gop"])
def test_the_choice_is_understood_however_it_is_typed(talk: Talk, text: str) -> None:
    talk.unsure("giá góp lắp", "product_price", "loan_info", "installation")
    answer = talk.say(text, "greet", 0.2, decision="hand_off")
    assert answer.department == "credit"
    assert "trả góp" in answer.text


def test_a_chosen_need_is_handed_over_with_the_first_words(talk: Talk) -> None:
    talk.unsure("cái kia sao rồi, sđt 0909123456", "invoice_correction", "app_error")
    handoff = talk.say("1", "greet", 0.2, decision="hand_off").handoff
    assert handoff["department"] == "accounting"
    assert "cái kia sao rồi" in handoff["summary"]
    assert handoff["collected"]["phone"] == "0909123456"


@pytest.mark.parametrize("text", ["hừm", "Việc khác", "4", "không phải"])
def test_never_two_questions_in_a_row(talk: Talk, text: str) -> None:
    talk.unsure("giá góp lắp", "product_price", "loan_info", "installation")
    answer = talk.unsure(text, "survey", "praise")
    assert answer.handoff["department"] == "reception"
    assert "giá góp lắp" in answer.handoff["summary"]


def test_giving_up_goes_where_all_options_lead(talk: Talk) -> None:
    talk.unsure("vay sao", "loan_info", "loan_apply")
    assert talk.unsure("hừm", "survey", "praise").handoff["department"] == "credit"


@pytest.mark.parametrize(
    ("text", "confidence", "department"),
    [
        ("giao gì mà chờ 5 ngày chưa tới, bực mình quá", 0.55, "sales"),
        ("bực mình quá rồi đó", 0.3, "customer_relations"),
    ],
)
def test_an_upset_customer_is_not_asked_to_choose(talk: Talk, text: str, confidence: float, department: str) -> None:
    candidates = ["order_status", "complaint_waiting"]
    answer = talk.say(text, "order_status", confidence, decision="ask", candidates=candidates)
    assert (answer.handoff["department"], answer.handoff["priority"]) == (department, "high")


def test_after_a_clear_answer_one_may_ask_again(talk: Talk) -> None:
    talk.unsure("giá góp lắp", "product_price", "loan_info")
    talk.say("mấy giờ mở cửa", "opening_hours")
    assert talk.unsure("giá góp lắp", "product_price", "loan_info").outcomes[0].keys() == {"clarify"}


def test_small_talk_is_never_a_button(talk: Talk) -> None:
    answer = talk.say(
        "ờ thì",
        "product_price",
        0.4,
        decision="ask",
        intent_ranking=[
            {"name": name, "confidence": confidence}
            for name, confidence in (("product_price", 0.4), ("greet", 0.3), ("loan_info", 0.2), ("thank", 0.1))
        ],
    )
    assert answer.outcomes == [{"clarify": {"intents": ["product_price", "loan_info"]}}]


@pytest.mark.parametrize(
    ("confidence", "in_scope", "kind"),
    [(0.9, 0.9, "department"), (0.4, 0.9, "clarify"), (0.1, 0.9, "handoff"), (0.9, 0.1, "handoff")],
)
def test_thresholds_of_our_own_without_the_engines_advice(
    talk: Talk, confidence: float, in_scope: float, kind: str
) -> None:
    assert kind in talk.say("giá tivi", "product_price", confidence, in_scope=in_scope).outcomes[0]


@pytest.mark.parametrize("action", ["action_reply", "action_default_fallback"])
def test_no_intent_at_all_brings_a_person(talk: Talk, action: str) -> None:
    assert talk.say("xyz", None, 0.0, action=action).handoff["department"] == "reception"
    assert talk.say("xyz", "nlu_fallback", 0.9).handoff["department"] == "reception"


# No dead ends.


def test_out_of_scope_is_answered_kindly_and_then_a_person_comes(talk: Talk) -> None:
    first = talk.say("thủ đô nước Pháp là gì", "out_of_scope")
    assert first.buttons[0] == "Gặp nhân viên Lễ tân"
    assert first.outcomes == [{"department": "reception"}]
    assert talk.say("thế còn nước Ý", "out_of_scope").handoff["department"] == "reception"


def test_an_insult_is_met_calmly_and_then_by_a_person(talk: Talk) -> None:
    first = talk.say("đồ vô dụng", "insult")
    assert "xin lỗi" in first.text
    assert first.handoffs == []
    assert talk.say("ngu thế", "insult").handoff["reason"] == "insult"


@pytest.mark.parametrize("text", ["🙂🙂", "...", "?!", "？"])
def test_a_message_without_words_is_answered(talk: Talk, text: str) -> None:
    answer = talk.say(text, "affirm", 0.9)
    assert answer.texts
    assert answer.buttons
    assert talk.say(text, "affirm", 0.9).handoff["department"] == "reception"


def test_a_yes_and_a_no_out_of_the_blue(talk: Talk) -> None:
    assert talk.say("ừ", "affirm").outcomes == [{"department": "reception"}]
    assert talk.say("không", "deny").outcomes == [{"department": "reception"}]


# A person, please.


@pytest.mark.parametrize(
    ("text", "department"),
    [
        ("cho gặp người thật", "reception"),
        ("cho chị gặp kế toán", "accounting"),
        ("gặp bộ phận chăm sóc khách hàng", "customer_relations"),
        ("I want to talk to a manager", "management"),
        ("ít ra cũng cho gặp người", "reception"),
        ("khó quá, cho gặp nhân viên", "reception"),
    ],
)
def test_asking_for_a_person(talk: Talk, text: str, department: str) -> None:
    assert talk.say(text, "ask_human").handoff["department"] == department


def test_a_department_that_the_engine_found(talk: Talk) -> None:
    entities = [{"entity": "department", "value": "warehouse"}, {"entity": "department", "value": "no_such"}]
    assert talk.say("cho gặp mấy anh bốc hàng", "ask_human", entities=entities).handoff["department"] == "warehouse"


def test_the_person_is_of_the_topic(talk: Talk) -> None:
    talk.say("phí giao hàng bao nhiêu", "delivery_fee")
    talk.say("cảm ơn", "thank")
    assert talk.say("cho gặp nhân viên", "ask_human").handoff["department"] == "sales"


def test_a_new_greeting_is_a_new_topic(talk: Talk) -> None:
    talk.say("phí giao hàng bao nhiêu", "delivery_fee")
    talk.say("chào em", "greet")
    assert talk.say("cho gặp nhân viên", "ask_human").handoff["department"] == "reception"


# Case status.


@pytest.mark.parametrize("text", ["cn 29 tới được không", "ko 2", "khoảng 5 cái"])
def test_ordinary_words_are_no_code(talk: Talk, text: str) -> None:
    assert "phiếu" not in talk.say(text, "product_price").text


def test_impatience_without_a_case_is_a_complaint(talk: Talk) -> None:
    assert talk.say("lâu quá", "complaint_waiting").handoff["department"] == "customer_relations"


# Hours and address.


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-25T09:30:00+07:00", "đang mở cửa, đến 12:00 hôm nay"),
        ("2026-11-25T12:30:00+07:00", "đang đóng cửa, mở lại lúc 13:00 hôm nay"),
        ("2026-11-25T21:00:00+07:00", "đang đóng cửa, mở lại lúc 8:00 ngày mai"),
        ("2026-11-25T14:30:00+00:00", "đang đóng cửa, mở lại lúc 8:00 ngày mai"),
        ("2027-02-06T10:00:00+07:00", "nghỉ Tết Nguyên Đán"),
        ("2027-02-06T10:00:00+07:00", "mở lại lúc 8:00 thứ Năm 11/02"),
    ],
)
def test_opening_hours_know_what_time_it_is(talk: Talk, now: str, expected: str) -> None:
    talk.facts = {"now": now}
    assert expected in talk.say("mấy giờ mở cửa", "opening_hours").text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("chủ nhật có mở cửa không em", "Dạ Chủ nhật 29/11 Sen Việt mở cửa 08:30–17:30"),
        ("cn co mo cua k", "Dạ Chủ nhật 29/11 Sen Việt mở cửa 08:30–17:30"),
        ("thứ 7 mấy giờ đóng cửa", "Dạ thứ Bảy 28/11 Sen Việt mở cửa 08:00–20:00"),
        (
            "Tết này nghỉ tới bao giờ",
            "Dạ thứ Năm 04/02 đến thứ Tư 10/02 Sen Việt nghỉ, mở lại lúc 8:00 thứ Năm 11/02",
        ),
        ("tết dương lịch có làm không", "Dạ thứ Sáu 01/01 (Tết Dương lịch) Sen Việt nghỉ"),
        ("30/4 có mở không", "Dạ thứ Sáu 30/04 (Ngày Chiến thắng) Sen Việt nghỉ"),
        ("2/9 shop làm việc không", "Dạ thứ Năm 02/09 (Quốc khánh) Sen Việt nghỉ"),
        ("ngày lễ có mở cửa không", "Dạ thứ Sáu 01/01"),
        ("sáng mai mấy giờ mở cửa", "Dạ thứ Năm 26/11 Sen Việt mở cửa 08:00–12:00"),
        ("Are you open on Sunday?", "On Sunday 29/11 we are open 08:30–17:30"),
    ],
)
def test_opening_hours_of_the_day_that_is_asked_about(talk: Talk, text: str, expected: str) -> None:
    answer = talk.say(text, "opening_hours").text
    assert answer.startswith(expected)
    assert "hôm nay" not in answer


def test_opening_hours_without_a_time(talk: Talk) -> None:
    talk.facts = {}
    text = talk.say("mấy giờ mở cửa", "opening_hours").text
    assert "thứ Hai đến thứ Sáu 08:00–12:00 và 13:00–20:00; thứ Bảy 08:00–20:00" in text
    assert "hôm nay" not in text


def test_a_department_has_hours_of_its_own(talk: Talk) -> None:
    text = talk.say("phòng kế toán mấy giờ làm việc", "opening_hours").text
    assert "Kế toán: thứ Hai đến thứ Sáu 08:00–12:00 và 13:00–17:00" in text


def test_the_address_says_whether_to_set_out(talk: Talk) -> None:
    text = talk.say("shop ở đâu", "address").text
    assert "68 đường Hoa Sen" in text
    assert "đang mở cửa" in text


# How customers are addressed.


@pytest.mark.parametrize(
    ("text", "you", "me"),
    [
        ("cho bác hỏi giá tivi bao nhiêu", "bác", "cháu"),
        ("cô muốn hỏi giá tivi bao nhiêu", "cô", "cháu"),
        ("cho anh hỏi giá tivi bao nhiêu", "anh", "em"),
        ("giá tivi bao nhiêu bạn ơi", "anh/chị", "em"),
        ("cho em hỏi giá tivi bao nhiêu", "anh/chị", "em"),
        ("dạ cho em hỏi, em muốn xem giá tivi", "anh/chị", "em"),
    ],
)
def test_address_goes_with_the_case(talk: Talk, text: str, you: str, me: str) -> None:
    assert talk.say(text, "order_place").handoff["address"] == {"you": you, "me": me}


@pytest.mark.parametrize(
    ("text", "you", "me"),
    [
        ("thôi anh ghé lấy cái tivi nhé", "anh", "em"),
        ("dạ cháu ơi ông bận, ông hỏi giá tivi thôi", "ông", "cháu"),
        ("hôm qua dì tìm tivi mà không có", "dì", "cháu"),
    ],
)
def test_address_in_the_middle(talk: Talk, text: str, you: str, me: str) -> None:
    assert talk.say(text, "order_place").handoff["address"] == {"you": you, "me": me}


@pytest.mark.parametrize(
    ("text", "you", "me"),
    [
        ("cho bác hỏi giá tivi bao nhiêu", "bác", "cháu"),
        ("cho em hỏi giá tivi bao nhiêu", "anh/chị", "em"),
    ],
)
def test_address(talk: Talk, text: str, you: str, me: str) -> None:
    said = talk.say(text, "product_price").text.lower()
    assert f" {you} " in said
    assert f"{me} " in said
    assert "bạn" not in said


def test_the_address_is_remembered_and_corrected(talk: Talk) -> None:
    talk.say("cho bác hỏi giá tivi", "product_price")
    assert "bác" in talk.say("cảm ơn", "thank").text
    talk.say("à chị muốn hỏi khuyến mãi", "promotion")
    assert "chị" in talk.say("thôi khỏi", "deny").text


def test_english_is_answered_in_english(talk: Talk) -> None:
    answer = talk.say("How much is this TV?", "product_price")
    assert "million" in answer.text
    assert answer.buttons == ["Talk to Sales", "No, thank you"]
    assert talk.say("ok", "affirm").text.isascii()
    assert "ạ" in talk.say("cho tôi hỏi địa chỉ", "address").text


def test_staff_read_vietnamese_whatever_the_customer_writes(talk: Talk) -> None:
    assert talk.say("I lost my card", "card_lost").handoff["summary"].startswith("Mất thẻ, khoá thẻ gấp. Khách viết:")


# Two needs in one message.


def test_two_needs_of_two_departments_are_two_cases(talk: Talk) -> None:
    answer = talk.say("chị muốn đổi hàng rồi xuất hoá đơn luôn", "return_exchange")
    assert [one["department"] for one in answer.handoffs] == ["customer_relations", "accounting"]
    assert answer.handoffs[0]["collected"]["also"] == "Xuất hoá đơn"
    assert "việc khác: Xuất hoá đơn" in answer.handoffs[0]["summary"]


def test_a_second_question_is_answered_beside(talk: Talk) -> None:
    answer = talk.say("tivi giá bao nhiêu, với lại mấy giờ mở cửa vậy em", "product_price")
    assert "mở cửa" in answer.text
    assert "triệu" in answer.text
    assert {"department": "reception"} in answer.outcomes


def test_a_second_need_beside_an_answer_becomes_a_case(talk: Talk) -> None:
    answer = talk.say("phí ship bao nhiêu, sẵn tiện xuất hoá đơn đỏ cho công ty anh", "delivery_fee")
    assert answer.handoff["department"] == "accounting"
    assert answer.buttons == []
    assert talk.slots["offer"] is None


def test_one_need_stays_one(talk: Talk) -> None:
    answer = talk.say("xuất hoá đơn giúp chị, tên công ty Hoa Mai, mã số thuế 0312345678", "invoice_request")
    assert answer.handoff["collected"]["tax_code"] == "0312345678"
    assert "phone" not in answer.handoff["collected"]


# The same message, the same answer.


def test_wordings_depend_on_the_message_alone(talk: Talk) -> None:
    first = talk.say("chào em", "greet", message_id="m-77").text
    assert talk.say("chào em", "greet", message_id="m-77").text == first
    others = {talk.say("chào em", "greet", message_id=f"m-{number}").text for number in range(30)}
    assert len(others) == 3


def test_small_needs_are_the_receptions(company: Company) -> None:
    assert {company.department_for(name).id for name in SMALL} == {"reception"}
