from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime
from random import Random

import pytest

from bot.domain.teaching.near import near_groups, overlap, triples
from bot.domain.teaching.worth import Group, Reason, Seen, order, sampled, worth

PLAIN = Seen(
    message_id=1,
    customer_id=1,
    channel="webchat",
    text="xuất hoá đơn giúp em",
    at=datetime(2026, 11, 26, 9, tzinfo=UTC),
    intent="invoice_request",
    confidence=0.95,
    ranking=(("invoice_request", 0.95), ("invoice_correction", 0.03)),
    in_scope=0.9,
    decision="answer",
    department_first="accounting",
    department_now="accounting",
    csat=5,
    shadow_intent="invoice_request",
)


def seen(number: int, text: str, customer: int | None = None, **changes: object) -> Seen:
    return replace(PLAIN, message_id=number, text=text, customer_id=customer or number, **changes)


def words(draw: Random) -> str:
    return " ".join("".join(draw.choices("abcdeghiklmnoprstuvxy", k=4)) for _ in range(5))


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        ({}, ()),
        ({"corrected_to": "invoice_request"}, ()),
        ({"corrected_to": "refund_status"}, (Reason.CONFIDENT_MISTAKE,)),
        ({"wrong_need": True}, (Reason.CONFIDENT_MISTAKE,)),
        ({"wrong_need": True, "confidence": 0.5}, (Reason.CORRECTED,)),
        ({"department_now": "cashier"}, (Reason.REROUTED,)),
        ({"decision": "hand_off", "confidence": 0.1}, (Reason.FALLBACK,)),
        ({"decision": None, "intent": None, "confidence": None, "shadow_intent": None}, (Reason.FALLBACK,)),
        ({"decision": "ask"}, (Reason.ASKED_BACK,)),
        ({"ranking": (("a", 0.5), ("b", 0.45))}, (Reason.LOW_MARGIN,)),
        ({"in_scope": 0.1}, (Reason.STRANGE,)),
        ({"csat": 1}, (Reason.LOW_CSAT,)),
        ({"shadow_intent": "refund_status"}, (Reason.DISAGREEMENT,)),
        ({"drawn": True}, (Reason.RANDOM,)),
        ({"drawn": True, "in_scope": 0.1}, (Reason.STRANGE, Reason.RANDOM)),
        ({"disputed": True, "in_scope": 0.1}, (Reason.DISPUTED, Reason.STRANGE)),
        ({"proposed": True, "csat": 1}, (Reason.SECOND_LOOK, Reason.LOW_CSAT)),
        ({"csat": 1, "wrong_need": True}, (Reason.CONFIDENT_MISTAKE, Reason.LOW_CSAT)),
    ],
)
def test_reasons_are_named_the_weightiest_first(changes: dict[str, object], reasons: tuple[Reason, ...]) -> None:
    found = worth(replace(PLAIN, **changes))
    assert found.reasons == reasons
    assert (found.score > 0) is bool(reasons)
    assert found.score <= 1


def test_what_was_believed_wrongly_comes_before_what_was_doubted() -> None:
    mistake = worth(replace(PLAIN, corrected_to="refund_status")).score
    doubted = worth(replace(PLAIN, decision="hand_off", confidence=0.1)).score
    asked = worth(replace(PLAIN, decision="ask", confidence=0.6)).score
    assert mistake > doubted > asked > worth(replace(PLAIN, in_scope=0.1)).score
    assert worth(replace(PLAIN, wrong_need=True, csat=1)).score > mistake - 1e-9


def test_near_duplicates_are_one_entry_led_by_the_worthiest() -> None:
    queue = order(
        [
            seen(1, "xuất hoá đơn giúp em", decision="ask"),
            seen(2, "Xuat hoa don giup em voi!!!", wrong_need=True),
            seen(3, "XUẤT HÓA ĐƠN GIÚP EMMMM", decision="ask"),
            seen(4, "máy giặt không vắt", decision="ask"),
        ],
        seed=1,
        random_share=0,
    )
    assert [(one.leader.message_id, one.size, one.customers) for one in queue] == [(2, 3, 3), (4, 1, 1)]
    assert [one.message_id for one in queue[0].members] == [2, 1, 3]
    assert queue[0].worth.reasons == (Reason.CONFIDENT_MISTAKE,)


def test_five_hundred_messages_of_one_customer_fill_no_queue() -> None:
    draw = Random(3)
    alike = [seen(number, f"hàng đểu {number}", 9, decision="hand_off") for number in range(500)]
    queue = order(alike, seed=1)
    assert [(one.size, len(one.members), one.customers) for one in queue] == [(500, 20, 1)]
    different = [seen(number, words(draw), 9, decision="hand_off") for number in range(100)]
    assert len(order([*different, seen(900, "máy giặt không vắt", 2, decision="ask")], seed=1)) == 21


def test_no_single_need_stands_in_front_of_all_others() -> None:
    draw = Random(5)
    many = [seen(number, words(draw), decision="ask", confidence=0.5) for number in range(60)]
    other = seen(99, "quên mật khẩu", decision="ask", confidence=0.6, intent="login_problem")
    queue = order([*many, replace(other, shadow_intent="login_problem")], seed=1, random_share=0)
    assert [one.leader.message_id for one in queue].index(99) < 10


def test_the_sample_stands_between_the_others_and_says_so() -> None:
    draw = Random(6)
    doubtful = [seen(number, words(draw), decision="ask") for number in range(40)]
    sure = [seen(number, words(draw), drawn=number % 10 == 0) for number in range(40, 200)]
    queue = order([*doubtful, *sure], seed=4)
    sampled_at = [place for place, one in enumerate(queue) if Reason.RANDOM in one.worth.reasons]
    assert sampled_at[:4] == [9, 19, 29, 39]
    assert {queue[place].leader.message_id for place in sampled_at} == set(range(40, 200, 10))
    assert queue == order([*sure, *reversed(doubtful)], seed=4)
    assert queue != order([*doubtful, *sure], seed=5)
    assert order([], seed=1) == []


def test_what_has_no_reason_is_not_in_the_queue() -> None:
    queue = order([seen(1, "alo"), seen(2, "ok cam on shop", drawn=True), seen(3, "máy giặt hư", csat=1)], seed=1)
    assert [(one.leader.message_id, one.worth.reasons) for one in queue] == [
        (3, (Reason.LOW_CSAT,)),
        (2, (Reason.RANDOM,)),
    ]


@pytest.mark.parametrize("newest", [0, 9, 10, 57, 199, 200, 215, 5_432, 99_999, 1_000_000])
def test_of_ten_turns_one_is_drawn_and_twenty_a_day(newest: int) -> None:
    for day in range(20):
        ids = sampled(newest, day, 100_000)
        assert len(ids) == min(newest // 10, 20)
        assert len({(one - 1) // 10 for one in ids}) == len(ids)
        assert all(max(0, newest - 120_000) < one <= newest for one in ids)
        assert ids == sampled(newest, day, 100_000)


@pytest.mark.parametrize("newest", [57, 190, 5_432, 1_000_000])
def test_the_sample_stays_while_turns_come_and_changes_with_the_day(newest: int) -> None:
    assert sampled(newest, 7, 100_000) <= sampled(newest + 3, 7, 100_000)
    assert sampled(newest, 7, 100_000) != sampled(newest, 8, 100_000)


def test_nearness_is_about_letters_not_case_marks_or_numbers() -> None:
    assert triples("Đơn 123 tới đâu?") == triples("don 98 toi dauuuuu")
    assert triples("😡") != triples("👍")
    assert overlap(frozenset(), frozenset()) == 0.0
    assert near_groups(["abc def", "abc deg", "xyz", "abc def"], 0.5) == [[0, 1, 3], [2]]
    assert near_groups([]) == []


def test_a_chain_of_small_changes_does_not_join_two_things() -> None:
    chain = ["aaaa bbbb cccc dddd", "aaaa bbbb cccc eeee", "aaaa bbbb ffff eeee", "aaaa gggg ffff eeee"]
    chain = [text.replace("aaaa", "alpha").replace("bbbb", "beta").replace("cccc", "gamma") for text in chain]
    groups = near_groups(chain, 0.5)
    assert len(groups) > 1
    for group in groups:
        assert all(overlap(triples(chain[group[0]]), triples(chain[one])) >= 0.5 for one in group)


def test_the_shortcut_finds_what_comparing_all_with_all_finds() -> None:
    draw = Random(7)
    base = [words(draw) for _ in range(15)]
    texts = [" ".join(draw.sample(draw.choice(base).split(), k=draw.randint(3, 5))) for _ in range(120)]
    leaders: list[int] = []
    for place, text in enumerate(texts):
        if all(overlap(triples(text), triples(texts[one])) < 0.6 for one in leaders):
            leaders.append(place)
    assert [group[0] for group in near_groups(texts)] == leaders


def test_a_week_of_traffic_is_ordered_soon() -> None:
    draw = Random(8)
    week = [seen(number, words(draw), decision="ask") for number in range(1000)]
    started = time.process_time()
    queue: list[Group] = order(week, seed=1)
    assert time.process_time() - started < 2
    assert len(queue) == 1000
