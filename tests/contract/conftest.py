"""The stores under contract, one after the other."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.contract.stores import OPENERS, Filling, Kept


@pytest.fixture(params=OPENERS)
def place(request: pytest.FixtureRequest) -> tuple[str, str]:
    """Which store, and the address of a fresh database where it needs one."""
    name: str = request.param
    return name, request.getfixturevalue("database") if name == "postgresql" else ""


@pytest.fixture
async def kept(place: tuple[str, str]) -> AsyncIterator[Kept]:
    """An empty store and its clock."""
    name, database = place
    async with OPENERS[name](database) as opened:
        yield opened


@pytest.fixture
async def room(kept: Kept) -> AsyncIterator[Filling]:
    """One open transaction of an empty store; it commits when the test ends."""
    async with kept.store.begin() as uow:
        yield Filling(uow)
