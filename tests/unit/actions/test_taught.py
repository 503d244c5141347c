"""Needs and answers that were added at the console, in the mouth of the action server."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

import pytest
from rasa_sdk.executor import ActionExecutor

from actions.reply_action import FallbackAction, ReplyAction
from actions.speech import load_texts
from actions.taught import Taught
from bot.adapters.company import load, write_additions
from bot.domain.company import Company, Priority, Words
from bot.domain.knowledge import AddedNeed, Additions, Knowledge, Wordings
from tests.unit.actions.talk import NOW, Talk

ROOT = Path(__file__).parents[3]
NIGHT = AddedNeed(name=Words("Gửi xe qua đêm", "Overnight parking"), department="facilities", priority=Priority.HIGH)
ANSWER = Wordings(vi=("Dạ {company} giữ xe tới sáng ạ.",), en=())


@pytest.fixture
def taught(knowledge: Knowledge, tmp_path: Path) -> Taught:
    # A company of its own: what it learns must not be known to other tests.
    return Taught(load(ROOT / "company.yml"), knowledge, tmp_path / "knowledge.yml")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "knowledge.yml"


@pytest.fixture
def talk(taught: Taught) -> Talk:
    executor = ActionExecutor()
    executor.register_action(ReplyAction(taught))
    executor.register_action(FallbackAction(taught))
    return Talk(executor)


def add(file: Path, need: AddedNeed = NIGHT, **answers: Wordings) -> None:
    write_additions(Additions(needs={"gui_xe_qua_dem": need}, answers=answers), file)


def test_a_need_is_unknown_until_it_is_added_and_then_goes_to_its_department(talk: Talk, file: Path) -> None:
    assert talk.say("để xe tới sáng", "gui_xe_qua_dem").handoff["department"] == "reception"
    add(file)
    handoff = talk.say("để xe tới sáng", "gui_xe_qua_dem").handoff
    assert (handoff["department"], handoff["priority"]) == ("facilities", "high")
    assert handoff["summary"].startswith("Gửi xe qua đêm. Khách viết")


def test_a_need_with_an_answer_is_answered_and_who_asks_again_gets_a_person(talk: Talk, file: Path) -> None:
    add(file, gui_xe_qua_dem=ANSWER)
    first = talk.say("để xe tới sáng", "gui_xe_qua_dem")
    assert "giữ xe tới sáng" in first.text
    assert (first.department, first.handoffs) == ("facilities", [])
    assert talk.say("để xe tới sáng được không", "gui_xe_qua_dem").handoff["department"] == "facilities"


def test_who_writes_english_gets_a_person_where_there_is_no_english_answer(talk: Talk, file: Path) -> None:
    add(file, gui_xe_qua_dem=ANSWER)
    talk.facts = {"now": NOW, "language": "en"}
    answer = talk.say("Can I leave my motorbike here overnight please?", "gui_xe_qua_dem")
    assert answer.handoff["department"] == "facilities"
    add(file, gui_xe_qua_dem=replace(ANSWER, en=("We watch it until morning.",)))
    assert "until morning" in Talk(talk.executor, facts=talk.facts).say("Can I park overnight?", "gui_xe_qua_dem").text


def test_a_retired_need_is_answered_no_more(talk: Talk, file: Path) -> None:
    add(file, replace(NIGHT, active=False), gui_xe_qua_dem=ANSWER)
    assert talk.say("để xe tới sáng", "gui_xe_qua_dem").handoff["department"] == "facilities"


def test_a_need_is_a_button_of_a_question_and_can_be_typed_back(talk: Talk, file: Path) -> None:
    add(file, gui_xe_qua_dem=ANSWER)
    ranking = [{"name": "gui_xe_qua_dem", "confidence": 0.41}, {"name": "warranty", "confidence": 0.4}]
    asked = talk.say("xe của tôi", "gui_xe_qua_dem", 0.41, decision="ask", intent_ranking=ranking)
    assert asked.buttons[0] == "Gửi xe qua đêm"
    assert "giữ xe tới sáng" in talk.say("gửi xe qua đêm", "out_of_scope").text


def test_an_edited_answer_is_said_at_once_and_the_base_again_when_it_is_gone(talk: Talk, file: Path) -> None:
    before = talk.say("có chỗ để xe không", "parking", message_id="m1").text
    add(file, parking=Wordings(vi=("Dạ {you} để xe ở hầm B2 ạ.",), en=("Basement B2.",)))
    assert talk.say("có chỗ để xe không", "parking", message_id="m1").text.startswith("Dạ anh/chị để xe ở hầm B2 ạ.")
    file.unlink()
    assert talk.say("có chỗ để xe không", "parking", message_id="m1").text == before


@pytest.mark.parametrize(
    "broken",
    ["needs: [", "answers: {parking: {vi: ['Dạ {hotlin} ạ.'], en: ['x']}}", "answers: {parking: {vi: [], en: []}}"],
)
def test_a_broken_file_is_told_and_the_base_answers(
    talk: Talk, file: Path, broken: str, caplog: pytest.LogCaptureFixture
) -> None:
    before = talk.say("có chỗ để xe không", "parking", message_id="m1").text
    file.write_text(broken, encoding="utf-8")
    with caplog.at_level(logging.ERROR):
        assert talk.say("có chỗ để xe không", "parking", message_id="m1").text == before
        talk.say("có chỗ để xe không", "parking", message_id="m2")
    assert len(caplog.records) == 1
    assert "knowledge.yml:" in caplog.text


def test_an_answer_that_the_developers_took_away_is_left_out(talk: Talk, file: Path) -> None:
    add(file, khong_con=ANSWER, parking=Wordings(vi=("Dạ hầm B2 ạ.",), en=("B2.",)))
    assert "hầm B2" in talk.say("có chỗ để xe không", "parking").text


def test_a_draft_is_tried_out_in_place_of_the_answer_and_of_none(talk: Talk, file: Path) -> None:
    add(file)
    drafts = {"parking": {"vi": ["Dạ bản nháp ạ."], "en": []}, "gui_xe_qua_dem": {"vi": ["Dạ nháp đêm ạ."], "en": []}}
    talk.facts = {"now": NOW, "language": "vi", "drafts": drafts}
    assert "bản nháp" in talk.say("có chỗ để xe không", "parking").text
    assert "nháp đêm" in talk.say("để xe tới sáng", "gui_xe_qua_dem").text
    for odd in (3, {"parking": 3}, {"parking": {}}, ["x"]):
        talk.facts = {"now": NOW, "language": "vi", "drafts": odd}
        assert talk.say("có chỗ để xe không", "parking").text


def test_a_need_of_the_developers_goes_before_an_added_one(company: Company, knowledge: Knowledge, file: Path) -> None:
    own = load(ROOT / "company.yml")
    write_additions(Additions(needs={"parking": NIGHT}), file)
    dialogue = Taught(own, knowledge, file)()
    assert own.department_for("parking").id == company.department_for("parking").id
    assert dialogue.plans.vi["parking"].priority is Priority.NORMAL


def test_the_developers_texts_are_complete_whatever_was_added(knowledge: Knowledge) -> None:
    own = load(ROOT / "company.yml")
    own.learn({"gui_xe_qua_dem": "facilities"}, {"muon_sac": "reception"})
    assert load_texts(ROOT / "knowledge.yml", own) == knowledge
