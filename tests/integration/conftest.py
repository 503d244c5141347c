"""A running front office for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.company import Company
from tests.house import TestHouse, running_house


@pytest.fixture
async def house(database: str, open_company: Company, tmp_path: Path) -> AsyncIterator[TestHouse]:
    """The front office with a scripted engine."""
    async with running_house(database, open_company, tmp_path) as running:
        yield running
