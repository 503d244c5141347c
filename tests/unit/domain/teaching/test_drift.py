from __future__ import annotations

from random import Random

from bot.domain.teaching.drift import (
    Count,
    DriftKind,
    Heard,
    Traffic,
    counted,
    covered,
    drift,
    fresh_words,
    spelled,
    tally,
    words_of,
)

USUAL = {"invoice_request": 300, "order_status": 400, "greet": 300}


def traffic(messages: int, fallbacks: int, needs: dict[str, int], **counts: dict[str, int]) -> dict[str, Traffic]:
    return {"zalo": Traffic(messages=messages, fallbacks=fallbacks, needs=needs, **counts)}


def alerts(now: dict[str, Traffic], before: dict[str, Traffic]) -> list[DriftKind]:
    return [alert.kind for one in drift(now, before) for alert in one.alerts]


def test_traffic_as_ever_alerts_nobody() -> None:
    draw = Random(1)
    names = list(USUAL)
    for _ in range(20):
        needs = dict.fromkeys(names, 0)
        for name in draw.choices(names, weights=list(USUAL.values()), k=200):
            needs[name] += 1
        assert alerts(traffic(200, 20, needs), traffic(1000, 100, USUAL)) == []


def test_more_fallbacks_alert_where_there_are_enough_messages() -> None:
    assert alerts(traffic(200, 60, USUAL), traffic(1000, 100, USUAL)) == [DriftKind.FALLBACKS]
    assert alerts(traffic(40, 30, USUAL), traffic(1000, 100, USUAL)) == []
    assert alerts(traffic(200, 60, USUAL), traffic(150, 15, USUAL)) == []
    assert alerts(traffic(50, 8, USUAL), traffic(1000, 100, USUAL)) == []
    assert alerts(traffic(200, 10, USUAL), traffic(1000, 100, USUAL)) == []


def test_another_mix_of_needs_alerts_and_names_the_needs() -> None:
    moved = {"invoice_request": 30, "order_status": 40, "loan_info": 130}
    found = drift(traffic(200, 20, moved), traffic(1000, 100, USUAL))[0]
    assert [one.kind for one in found.alerts] == [DriftKind.NEEDS]
    assert found.shifts[0].need == "loan_info"
    assert "loan_info" in found.alerts[0].text
    assert found.divergence > 0.2


def test_words_that_nobody_used_alert_when_several_customers_do() -> None:
    def heard(count: int, customers: int, text: str) -> list[Heard]:
        return [
            Heard(channel="zalo", customer_id=number % customers, text=text, intent="greet", fallback=False)
            for number in range(count)
        ]

    before = tally(heard(300, 50, "đơn tới đâu"))
    now = tally([*heard(60, 20, "đơn tới đâu"), *heard(10, 5, "hoàn thuế Tết 0912345678 ‹tên› đơn")])
    found = drift(now, before)[0]
    assert [(one.word, one.messages, one.customers) for one in found.new_words] == [
        ("hoan", 10, 3),
        ("tet", 10, 3),
        ("thue", 10, 3),
    ]
    assert [one.kind for one in found.alerts] == [DriftKind.WORDS]
    assert drift(now, before, known_words={"hoan", "thue", "tet"})[0].new_words == ()
    alone = tally([*heard(60, 20, "đơn tới đâu"), *heard(10, 2, "hoàn thuế")])
    assert drift(alone, before)[0].new_words == ()


def test_channels_are_told_apart_also_new_and_silent_ones() -> None:
    one = Heard(channel="webchat", customer_id=1, text="a", intent=None, fallback=True)
    found = drift(tally([one]), traffic(1000, 100, USUAL))
    assert [(each.channel, each.messages, each.messages_before) for each in found] == [
        ("webchat", 1, 0),
        ("zalo", 0, 1000),
    ]
    assert not any(each.enough or each.alerts for each in found)


def test_a_word_is_a_word() -> None:
    assert words_of("Đơn đơn DON 15 a ‹số điện thoại› tivi55") == {"don", "tivi"}


def said(text: str, customer: int) -> Heard:
    return Heard(channel="zalo", customer_id=customer, text=text, intent="greet", fallback=False)


def test_all_messages_count_though_only_some_were_looked_at() -> None:
    counts = [
        Count(channel="zalo", intent="greet", fallback=False, count=90),
        Count(channel="zalo", intent="greet", fallback=True, count=6),
        Count(channel="webchat", intent=None, fallback=True, count=4),
    ]
    found = counted(tally([said("hoàn thuế", 1)]), counts)
    assert (found["zalo"].messages, found["zalo"].heard, found["zalo"].fallbacks) == (96, 1, 6)
    assert (found["zalo"].needs, found["zalo"].words) == ({"greet": 96}, {"hoan": 1, "thue": 1})
    assert (found["webchat"].messages, found["webchat"].heard, found["webchat"].needs) == (4, 0, {})


def test_only_messages_with_a_word_that_is_news_are_covered() -> None:
    heard = [said("gặp Bách", number) for number in range(5)] + [said("đơn tới đâu", 9)]
    fresh = fresh_words(tally(heard), {}, frozenset({"gap"}))
    assert fresh == {"bach"}
    found = covered(heard, fresh, lambda text: text.replace("Bách", "‹tên›"))
    assert [one.text for one in found] == ["gặp ‹tên›"] * 5 + ["đơn tới đâu"]
    assert fresh_words(tally(found), {}, frozenset({"gap"})) == frozenset()


def test_new_words_are_shown_as_most_messages_write_them() -> None:
    heard = [
        said(text, number) for number, text in enumerate(["Hoàn thuế"] * 60 + ["hoan thue"] * 20 + ["‹hoạn›"] * 90)
    ]
    (found,) = spelled(drift(tally(heard), {}), heard)
    assert {one.word for one in found.new_words} == {"hoàn", "thuế"}
    assert spelled([], heard) == []
