"""Names and intents of needs that people make up, and what training is given of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import yaml

from bot.domain.company import Priority, Words
from bot.domain.errors import ForbiddenMove, HeldByGuard, Invalid
from bot.domain.teaching import dataset
from bot.domain.teaching.answers import checked_texts
from bot.domain.teaching.clusters import Cluster, Clusters, ClusterState, kept, read_kept
from bot.domain.teaching.needs import (
    NeedState,
    TaughtNeed,
    checked_name,
    checked_priority,
    for_training,
    intent_for,
)
from bot.domain.teaching.overlay import DOMAIN_FILE, RULES_FILE, overlay

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
NEED = TaughtNeed(
    id=1,
    intent="gui_xe_qua_dem",
    department="facilities",
    name=Words("Gửi xe qua đêm", "Overnight parking"),
    priority=Priority.NORMAL,
    made_by=7,
    made_at=NOW,
)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("  Gửi   xe\nqua đêm ", "Gửi xe qua đêm"),
        ("Thuê phòng họp, 20 chỗ", "Thuê phòng họp, 20 chỗ"),
        ("Wi-Fi", "Wi-Fi"),
    ],
)
def test_a_name_is_what_fits_on_a_button(given: str, name: str) -> None:
    assert checked_name("name_vi", given, ()) == name


HOSTILE = ["", " \u200b ", "0123", "!!!", "null", "TRUE", "NaN", "a: b", "- x", "]", "{you}", "${HOME}", "/greet"]
HOSTILE += ["x" * 41, "Hỏi bạn", "GỬI XE", "gui xe", "a\u2028b: c", "\ud83d"]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_that_would_be_misread_or_is_taken_is_refused_with_what_to_do(name: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked_name("name_vi", name, ["Gửi xe"])
    assert refused.value.field == "name_vi"
    assert len(refused.value.reason) > 10


def test_an_intent_is_made_from_the_name_and_is_never_a_second_time_the_same() -> None:
    assert intent_for("Gửi xe qua đêm", None, ()) == "gui_xe_qua_dem"
    assert intent_for("Gửi xe qua đêm", None, {"gui_xe_qua_dem", "gui_xe_qua_dem_2"}) == "gui_xe_qua_dem_3"
    assert intent_for("Gửi xe", "night_parking", ()) == "night_parking"
    for name, wanted, taken in (
        ("Gửi xe", "greet", {"greet"}),
        ("Gửi xe", "null", ()),
        ("Gửi xe", "0123", ()),
        ("Gửi xe", "a: b", ()),
        ("24 giờ", None, ()),
        ("Gửi xe", None, {"gui_xe", *(f"gui_xe_{number}" for number in range(2, 100))}),
    ):
        with pytest.raises(Invalid):
            intent_for(name, wanted, taken)


def test_a_long_name_makes_an_intent_that_is_short_enough_numbered_too() -> None:
    long = "Hỏi mua hàng trả góp không cần trả trước"
    made = intent_for(long, None, ())
    assert len(intent_for(long, None, {made})) <= 41


def test_a_retired_need_stays_retired_and_as_it_was() -> None:
    gone = NEED.retired(NOW)
    assert (gone.state, gone.retired_at) == (NeedState.RETIRED, NOW)
    assert gone.retired(NOW + timedelta(days=1)) == gone
    with pytest.raises(ForbiddenMove):
        gone.changed(department="sales")
    assert NEED.changed(department="sales", priority=Priority.HIGH).name == NEED.name


def test_a_priority_is_one_of_three() -> None:
    assert checked_priority("urgent") is Priority.URGENT
    with pytest.raises(Invalid):
        checked_priority("soon")


# --- training ---------------------------------------------------------------------------------------------------------


def test_training_gets_active_needs_without_what_is_answered() -> None:
    found = for_training([NEED, replace(NEED, id=2, intent="muon_sac").retired(NOW)])
    assert found == [dataset.Need(intent="gui_xe_qua_dem", department="facilities", label_vi="Gửi xe qua đêm")]


def test_the_overlay_declares_each_intent_and_gives_it_to_the_one_action() -> None:
    files = overlay(for_training([NEED, replace(NEED, id=2, intent="muon_sac")]))
    assert yaml.safe_load(files[DOMAIN_FILE]) == {"version": "3.1", "intents": ["gui_xe_qua_dem", "muon_sac"]}
    rules = yaml.safe_load(files[RULES_FILE])["rules"]
    assert [one["steps"] for one in rules] == [
        [{"intent": intent}, {"action": "action_reply"}] for intent in ("gui_xe_qua_dem", "muon_sac")
    ]
    assert overlay([]) == {}


@pytest.mark.parametrize("intent", ["null", "0123", "a: b", "- x", "]", "x\ny", "yes"])
def test_the_overlay_writes_no_intent_that_yaml_would_misread(intent: str) -> None:
    with pytest.raises(Invalid):
        overlay([dataset.Need(intent=intent, department="sales", label_vi="x")])


# --- answers ----------------------------------------------------------------------------------------------------------


def test_texts_are_cleaned_and_said_once() -> None:
    texts = checked_texts([" Dạ {you} ơi ạ. ", "Dạ {you} ơi ạ.", ""], ["Yes.\u2028Sure."], {"you"})
    assert (texts.vi, texts.en) == (("Dạ {you} ơi ạ.",), ("Yes.\nSure.",))
    assert checked_texts(["Dạ vâng ạ."], [], (), english=False).en == ()


def test_all_faults_of_a_language_are_told_at_once_and_brush_offs_are_held() -> None:
    with pytest.raises(Invalid) as refused:
        checked_texts(["Dạ {a}", "Chào bạn", "Dạ {you!r}"], ["x"], {"you"})
    assert [part in refused.value.reason for part in ("Câu 1", "Câu 2", "Câu 3")] == [True] * 3
    with pytest.raises(HeldByGuard):
        checked_texts(["Việc này không phải việc của em."], ["x"], ())
    with pytest.raises(Invalid):
        checked_texts([f"câu {number}" for number in range(13)], ["x"], ())


# --- clusters ---------------------------------------------------------------------------------------------------------


def test_a_look_is_kept_whole_and_what_was_decided_is_missing_from_its_size() -> None:
    cluster = Cluster(size=150, customers=40, words=("qua đêm",), members=tuple(range(200)), near=150)
    begun = Clusters(state=ClusterState.RUNNING, run="r1", made_at=NOW, beat_at=NOW)
    done = begun.beaten(NOW + timedelta(seconds=5)).done([cluster], 900, NOW + timedelta(seconds=7.5))
    assert read_kept(kept(done)) == done
    assert (done.seconds, done.messages) == (7.5, 900)
    assert read_kept(kept(begun.failed("hỏng"))).fault == "hỏng"
    assert read_kept(None).state is ClusterState.NONE
    left = cluster.only({1: 7, 2: 7, 199: 8})
    assert (left.size, left.members, left.near, left.customers) == (2, (1, 2, 199), 2, 1)
    assert cluster.named(range(1000, 1200)).members[199] == 1199
