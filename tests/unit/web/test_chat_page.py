"""What the customer's chat page is told when it is rendered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from string import Formatter
from zoneinfo import ZoneInfo

from bot.domain.hours import Block, OpeningHours
from bot.web.chat_page import WORDS, changes

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
DAYS = OpeningHours(ZONE, ((Block.parse("08:00-12:00"), Block.parse("13:00-20:00")),) * 7)


def test_a_page_knows_the_next_openings_and_closings() -> None:
    now = datetime(2026, 11, 26, 12, 30, tzinfo=ZONE)
    told = list(changes(DAYS, now))
    assert told[0] == (now, False)
    assert [(at.astimezone(ZONE).strftime("%d %H:%M"), is_open) for at, is_open in told[1:4]] == [
        ("26 13:00", True),
        ("26 20:00", False),
        ("27 08:00", True),
    ]
    assert all(one[0] < other[0] and one[1] != other[1] for one, other in pairwise(told))


def test_a_door_that_never_closes_or_never_opens_tells_only_that() -> None:
    now = datetime(2026, 11, 26, tzinfo=UTC)
    assert list(changes(OpeningHours.always(ZONE), now)) == [(now, True)]
    assert list(changes(OpeningHours(ZONE, ((),) * 7), now)) == [(now, False)]


def test_both_languages_say_the_same_things() -> None:
    def places(text: str) -> set[str | None]:
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    vietnamese, english = WORDS["vi"], WORDS["en"]
    assert vietnamese.keys() - english.keys() == set()
    assert [key for key, text in vietnamese.items() if places(text) != places(english[key])] == []
    assert [key for key, text in vietnamese.items() if "bạn" in text.lower()] == []


def test_the_changes_are_enough_for_a_tab_left_open_over_a_weekend() -> None:
    now = datetime(2026, 11, 26, 9, 0, tzinfo=ZONE)
    assert list(changes(DAYS, now))[-1][0] - now > timedelta(days=1)
