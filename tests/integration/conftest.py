"""A running front office for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from bot.domain.company import Company
from tests.doubles import engine as scripted
from tests.house import TestHouse, running_house

READ_AS = [{"name": "address", "confidence": 0.41}, {"name": "parking", "confidence": 0.4}]
"""How the scripted engine reads what it is unsure of."""


@pytest.fixture
def unsure(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the engine ask back whenever a message speaks of a car."""
    plain: Callable[[dict[str, Any], str], dict[str, Any]] = scripted.answer

    def answer(body: dict[str, Any], said: str) -> dict[str, Any]:
        given = plain(body, said)
        if "xe" not in said:
            return given
        asked = {"messages": [{"text": "Dạ anh/chị cần gì ạ?", "buttons": []}], "ranking": READ_AS}
        return given | asked | {"intent": READ_AS[0], "outcomes": [{"clarify": {"intents": ["address", "parking"]}}]}

    monkeypatch.setattr(scripted, "answer", answer)


@pytest.fixture
async def house(database: str, open_company: Company, tmp_path: Path) -> AsyncIterator[TestHouse]:
    """The front office with a scripted engine."""
    async with running_house(database, open_company, tmp_path) as running:
        yield running
