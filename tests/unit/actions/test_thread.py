"""Messages that mean something only after what was said before."""

from __future__ import annotations

import pytest

from tests.unit.actions.talk import NOW, Answer, Talk

OPTIONS = (("warranty", 0.6), ("facility_broken", 0.2), ("promotion", 0.1))


def ask(talk: Talk, text: str, *options: tuple[str, float]) -> None:
    names = [name for name, _ in options]
    ranking = [{"name": name, "confidence": score} for name, score in options]
    answer = talk.say(text, names[0], options[0][1], decision="ask", candidates=names, intent_ranking=ranking)
    assert answer.outcomes == [{"clarify": {"intents": names}}]


def unclear(talk: Talk, text: str, *options: tuple[str, float], decision: str = "ask") -> Answer:
    ranking = [{"name": name, "confidence": score} for name, score in options]
    top = options[0] if options else ("out_of_scope", 0.1)
    return talk.say(text, *top, decision=decision, candidates=[name for name, _ in options], intent_ranking=ranking)


# Pieces of one need.


@pytest.mark.parametrize(
    "answer",
    [
        (("affirm", 0.5), ("out_of_scope", 0.1)),  # "ri thì phải mần răng"
        (("order_place", 0.3), ("warranty", 0.11)),
        (("capabilities", 0.3),),
    ],
)
def test_a_piece_after_a_question_is_read_together_with_it(talk: Talk, answer: tuple[tuple[str, float], ...]) -> None:
    ask(talk, "máy lạnh tui mua bữa tê chừ không mát", *OPTIONS)
    handoff = unclear(talk, "ri thì mần răng chừ, số 0909123456", *answer).handoff
    assert (handoff["department"], handoff["reason"]) == ("customer_relations", "warranty")
    assert "máy lạnh tui mua bữa tê" in handoff["summary"]
    assert handoff["collected"]["phone"] == "0909123456"


def test_a_yes_to_which_is_the_favourite(talk: Talk) -> None:
    ask(talk, "máy lạnh tui mua bữa tê chừ không mát", *OPTIONS)
    assert talk.say("ừ", "affirm").handoff["reason"] == "warranty"


def test_a_yes_without_a_favourite_brings_a_person(talk: Talk) -> None:
    ask(talk, "cái đó sao", ("warranty", 0.3), ("loan_info", 0.29))
    assert talk.say("ừ", "affirm").handoff["department"] == "reception"


def test_a_need_of_the_same_desk_takes_the_question_along(talk: Talk) -> None:
    ask(talk, "tv 43in bnh v ạ", ("product_price", 0.6), ("technical_specs", 0.2))
    handoff = talk.say("mắc z, giảm k ad", "discount_request").handoff
    assert handoff["reason"] == "discount_request"
    assert "tv 43in bnh v ạ" in handoff["summary"]


@pytest.mark.parametrize("text", ["the second one", "cái thứ hai", "number 2", "cái số 2"])
def test_an_option_picked_by_its_place(talk: Talk, text: str) -> None:
    talk.unsure("giá góp lắp", "product_price", "loan_info", "installation")
    assert talk.say(text, "out_of_scope", 0.2, decision="hand_off").department == "credit"


@pytest.mark.parametrize("text", ["thôi không cần đâu em", "no thanks", "thôi khỏi"])
def test_who_wants_no_more_is_not_handed_on(talk: Talk, text: str) -> None:
    ask(talk, "máy lạnh tui mua bữa tê chừ không mát", *OPTIONS)
    answer = talk.say(text, "deny")
    assert answer.handoffs == []
    assert answer.texts


def test_a_person_asked_for_instead_of_an_answer(talk: Talk) -> None:
    ask(talk, "máy lạnh tui mua bữa tê chừ không mát", *OPTIONS)
    assert "máy lạnh" in talk.say("ok nối máy đi em", "affirm").handoff["summary"]


@pytest.mark.parametrize("text", ["mà", "voi lai", "thì", "but"])
def test_a_joining_word_alone_is_no_need(talk: Talk, text: str) -> None:
    answer = talk.say(text, "otp_problem", 0.9)
    assert answer.handoffs == []
    assert answer.texts


# One more question about the same thing.


def test_the_same_answer_is_not_given_twice(talk: Talk) -> None:
    talk.say("trả góp lãi suất sao", "loan_info")
    answer = talk.say("ông 70 tuổi có được không", "loan_info")
    assert answer.handoff["department"] == "credit"
    assert "trả góp lãi suất sao" in answer.handoff["summary"]
    assert "Tín dụng" in answer.text


def test_an_unclear_question_after_an_answer_is_one_more_about_it(talk: Talk) -> None:
    talk.say("bên mình còn tuyển không", "job_apply")
    answer = unclear(talk, "em 19 tuổi chưa có kinh nghiệm được không", ("small_talk", 0.38), ("loan_info", 0.31))
    assert (answer.handoff["department"], answer.handoff["reason"]) == ("hr", "job_apply")


def test_a_short_question_that_names_nothing_follows(talk: Talk) -> None:
    talk.say("lấy hàng ở kho được không", "warehouse_pickup")
    assert talk.say("cần mang gì", "out_of_scope").handoff["department"] == "warehouse"
    assert talk.say("thủ đô nước Pháp tên là gì vậy em", "out_of_scope").handoffs == []


def test_another_need_does_not_follow(talk: Talk) -> None:
    talk.say("bên mình còn tuyển không", "job_apply")
    answer = unclear(talk, "tủ lạnh nhà mình kêu to quá làm sao", ("warranty", 0.6), ("complaint_product", 0.2))
    assert answer.outcomes[0].keys() == {"clarify"}


def test_what_was_just_talked_about_needs_no_question(talk: Talk) -> None:
    talk.say("mấy giờ mở cửa", "opening_hours")
    answer = unclear(talk, "còn chủ nhật thì sao", ("opening_hours", 0.7), ("technical_specs", 0.2))
    assert "Chủ nhật 29/11" in answer.text
    where = unclear(talk, "the con o dau vay", ("address", 0.66), ("card_service", 0.1))
    assert "68 đường Hoa Sen" in where.text


def test_all_questions_of_one_message_are_answered(talk: Talk) -> None:
    options = (("product_price", 0.45), ("loan_info", 0.4), ("delivery_fee", 0.1))
    answer = unclear(talk, "tủ lạnh giá bao nhiêu, có trả góp không, giao quận 9 phí sao em", *options)
    for said in ("tủ lạnh từ 5,2 triệu", "0%", "15 km"):
        assert said in answer.text
    assert answer.outcomes[0] == {"department": "sales"}


# Second thoughts.


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("để anh suy nghĩ thêm", "feature_request"),
        ("để chị bàn với chồng chị đã", "out_of_scope"),
        ("thôi để cô hỏi lại con gái cô đã", "application_status"),
        ("thôi anh ghé cửa hàng xem", "goodbye"),
        ("let me think about it", "out_of_scope"),
    ],
)
def test_who_thinks_it_over_is_not_pressed(talk: Talk, text: str, intent: str) -> None:
    talk.say("máy giặt có khuyến mãi gì không", "promotion")
    talk_again = Talk(talk.executor, dict(talk.slots), talk.facts)
    assert talk_again.say(text, intent, 0.9).handoffs == []
    answer = talk.say(text, intent, 0.4, decision="ask")
    assert answer.handoffs == []
    assert answer.buttons == []
    assert answer.outcomes == [{"department": "sales"}]


def test_thinking_it_over_in_a_form_is_no_answer(talk: Talk) -> None:
    talk.say("đặt lịch hẹn", "appointment_book")
    talk.say("để chị hỏi chồng chị đã", "out_of_scope", 0.4, decision="ask")
    assert talk.slots["form"]["values"] == {}
    assert talk.slots["form"]["asked"] is None


def test_a_moved_appointment_is_no_exchange_of_goods(talk: Talk) -> None:
    talk.say("đặt hẹn sáng mai 9h xem tủ lạnh, số 0909123456", "appointment_book")
    answer = talk.say("à cho chị đổi sang 4h nha", "return_exchange")
    assert (answer.handoff["department"], answer.handoff["reason"]) == ("reception", "appointment_change")
    assert "4h" in answer.text


# Moods.


@pytest.mark.parametrize(
    ("text", "intent"),
    [("nhân viên bên mấy người mất dạy quá", "ask_human"), ("your staff was so rude", "meet_person")],
)
def test_abuse_of_staff_is_no_wish_to_meet_them(talk: Talk, text: str, intent: str) -> None:
    assert talk.say(text, intent).handoff["reason"] == "complaint_service"


def test_the_press_is_a_threat_of_a_customer_and_an_inquiry_of_a_stranger(talk: Talk) -> None:
    assert talk.say("tôi gọi báo chí đấy", "media_inquiry").handoff["reason"] == "media_inquiry"
    talk.facts = {"now": NOW, "open_cases": [{"code": "KO-0001", "department": "warehouse", "state": "waiting"}]}
    assert talk.say("tôi gọi báo chí đấy", "media_inquiry").handoff["reason"] == "legal_threat"
    assert talk.say("tôi đăng Facebook cho mọi người biết", "media_inquiry").handoff["reason"] == "legal_threat"


def test_an_insult_is_answered_with_an_apology_both_times(talk: Talk) -> None:
    talk.say("đồ ngu", "insult")
    assert "xin lỗi" in talk.say("ngu thế", "insult").text


def test_a_robot_offered_a_person_once_brings_one(talk: Talk) -> None:
    talk.say("là người hay máy vậy", "bot_challenge")
    assert talk.say("trả lời như máy", "bot_challenge").handoff["department"] == "reception"


@pytest.mark.parametrize(("text", "said"), [("em khoẻ không", "vẫn khoẻ"), ("hôm nay mưa to quá", "")])
@pytest.mark.parametrize("message_id", ["m-1", "m-2", "m-3"])
def test_small_talk_is_answered_for_what_it_is(talk: Talk, text: str, said: str, message_id: str) -> None:
    answer = talk.say(text, "small_talk", message_id=message_id).text
    assert said in answer
    assert said or "khoẻ" not in answer


@pytest.mark.parametrize(
    ("text", "intent", "reason"),
    [
        ("bảo vệ chỗ gửi xe quát tôi", "parking", "complaint_service"),
        ("shipper chửi mẹ tôi", "delivery_fee", "complaint_service"),
        ("the guard shouted at my mother", "parking", "complaint_service"),
        ("bị cướp giật, bảo vệ đuổi theo mà không kịp", "emergency", "emergency"),
    ],
)
def test_abuse_is_a_complaint_wherever_it_happened(talk: Talk, text: str, intent: str, reason: str) -> None:
    assert talk.say(text, intent).handoff["reason"] == reason


def test_who_leaves_a_number_after_a_question_gets_a_person(talk: Talk) -> None:
    ask(talk, "em giữ cho anh cái tủ 300 lít nhé", ("product_price", 0.6), ("order_place", 0.15))
    handoff = unclear(talk, "Anh tên Dũng, 0912000111", ("meet_person", 0.3), ("callback", 0.3)).handoff
    assert (handoff["department"], handoff["collected"]["phone"]) == ("sales", "0912000111")


def test_the_same_answer_is_not_given_again_behind_a_question(talk: Talk) -> None:
    talk.say("vay 50 triệu cần gì", "loan_info")
    unclear(talk, "trả 24 tháng", ("loan_info", 0.4), ("account_balance", 0.3))
    assert talk.say("mỗi tháng bao nhiêu", "loan_info").handoff["department"] == "credit"
