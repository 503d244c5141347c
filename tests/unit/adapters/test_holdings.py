"""Whatever is erased of a customer is in the copy that they may ask for."""

from __future__ import annotations

import re

from bot.adapters.db.forgetting import _STEPS
from bot.adapters.db.holdings import _HELD

SHARED = {"channel_state"}
"""What many customers wrote in common: it goes when one of them does, and is in nobody's copy."""


def test_the_copy_reads_every_table_that_forgetting_changes() -> None:
    erased = {name for _, step in _STEPS for name in re.findall(r"(?:DELETE FROM|UPDATE) ([a-z_.]+)", step)}
    read = set(re.findall(r"(?:FROM|JOIN) ([a-z_.]+)", str(_HELD)))
    assert len(erased) > 20
    assert erased - SHARED <= read, erased - SHARED - read
