"""What customers read, and that domain, rules, company and plans speak of the same needs."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa_sdk.executor import ActionExecutor

from actions.lexicon import says_no, says_yes
from actions.memory import SLOTS
from actions.plan import PLANS
from bot.domain.company import Company
from bot.domain.guard import check
from bot.domain.knowledge import Knowledge, Wordings
from tests.unit.actions.talk import Talk

ROOT = Path(__file__).parents[3]
_MARKS = re.compile("[ăâđêôơưáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ]", re.IGNORECASE)


def _yaml(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def _wordings(knowledge: Knowledge) -> list[tuple[str, Wordings]]:
    return [*knowledge.answers.items(), *knowledge.phrases.items()]


def test_domain_company_and_plans_name_the_same_needs(company: Company) -> None:
    intents = _yaml("domain.yml")["intents"]
    assert sorted(intents) == sorted(set(intents))
    assert set(intents) == set(company.owners) == set(PLANS)


def test_every_need_has_a_rule() -> None:
    ruled = [
        step["intent"]
        for rule in _yaml("stories/rules.yml")["rules"]
        for part in rule["steps"]
        for step in part.get("or", [part])
        if "intent" in step
    ]
    assert sorted(ruled) == sorted(_yaml("domain.yml")["intents"])
    actions = {
        part["action"] for rule in _yaml("stories/rules.yml")["rules"] for part in rule["steps"] if "action" in part
    }
    assert actions == {"action_reply"}


def test_domain_has_the_actions_and_the_slots_of_the_code(executor: ActionExecutor) -> None:
    domain = _yaml("domain.yml")
    assert set(domain["actions"]) == set(executor.actions)
    assert set(domain["slots"]) == set(SLOTS)
    assert not any(slot["influence_conversation"] for slot in domain["slots"].values())


def test_texts_are_composed_vietnamese_and_plain_english(knowledge: Knowledge) -> None:
    for name, wordings in _wordings(knowledge):
        for text in (*wordings.vi, *wordings.en):
            assert unicodedata.is_normalized("NFC", text), name
            assert "bạn" not in text.lower(), name
            assert "  " not in text, name
        assert all(not _MARKS.search(text) for text in wordings.en), name


def test_answers_have_several_wordings_and_an_english_one(knowledge: Knowledge) -> None:
    for name, wordings in knowledge.answers.items():
        assert len(set(wordings.vi)) >= 2, name
        assert wordings.en, name
        assert all(_MARKS.search(text) for text in wordings.vi), name


@pytest.mark.parametrize("language", ["vi", "en"])
def test_nothing_sends_the_customer_away(talk: Talk, company: Company, language: str) -> None:
    talk.facts = {**talk.facts, "language": language}
    for intent in PLANS:  # what the answer is made of; its wordings are all checked one by one below
        talk.slots = dict.fromkeys(SLOTS)
        for text in talk.say("...?a", intent, message_id=intent).texts:
            verdict = check(text)
            assert not verdict.refusal, (text, verdict)


def test_every_wording_passes_the_guard(knowledge: Knowledge) -> None:
    # Titles of buttons are words put into the customer's mouth.
    titles = {"meet_department", "no_thanks", "something_else", "any_time", "no_order_code"}
    for name, wordings in _wordings(knowledge):
        if name in titles:
            continue
        for text in (*wordings.vi, *wordings.en):
            filled = re.sub(
                r"{(\w+)}", lambda match: {"you": "anh/chị", "me": "em"}.get(match[1].lower(), "Sen Việt"), text
            )
            assert not check(filled).refusal, (name, filled)


def test_buttons_that_mean_no_are_understood_as_no(knowledge: Knowledge) -> None:
    for text in (*knowledge.phrases["no_thanks"].vi, *knowledge.phrases["no_thanks"].en):
        assert says_no(text) or text == "No, thank you", text
        assert not says_yes(text)


def test_needs_are_short_enough_for_a_button(knowledge: Knowledge) -> None:
    for words in knowledge.needs.values():
        # Telegram allows 64 bytes in a button's payload, and the payload is the title.
        assert len(words.vi.encode()) <= 64, words.vi
        assert len(words.en.encode()) <= 64, words.en
