"""The shipped company and its texts behind the action executor."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa_sdk.executor import ActionExecutor

from actions.dialogue import Dialogue
from actions.reply_action import FallbackAction, ReplyAction
from actions.speech import load_texts
from bot.adapters.company import load
from bot.domain.company import Company
from bot.domain.knowledge import Knowledge
from tests.unit.actions.talk import Talk

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="session")
def company() -> Company:
    return load(ROOT / "company.yml")


@pytest.fixture(scope="session")
def knowledge(company: Company) -> Knowledge:
    return load_texts(ROOT / "knowledge.yml", company)


@pytest.fixture(scope="session")
def executor(company: Company, knowledge: Knowledge) -> ActionExecutor:
    executor = ActionExecutor()
    dialogue = Dialogue(company, knowledge)
    executor.register_action(ReplyAction(lambda: dialogue))
    executor.register_action(FallbackAction(lambda: dialogue))
    return executor


@pytest.fixture
def talk(executor: ActionExecutor) -> Talk:
    return Talk(executor)
