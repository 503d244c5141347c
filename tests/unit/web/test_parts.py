"""How the parts are said to be."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.processes.status import STATUS_FILE, PartStatus, write_status
from bot.web.parts import Parts


def part(name: str, state: str) -> PartStatus:
    return PartStatus(name=name, state=state, pid=1, since="2026-11-25T09:00:00+07:00", restarts=0, last_exit=None)


@pytest.mark.parametrize(
    ("engine", "state"),
    [("running", "ok"), ("starting", "degraded"), ("backing_off", "degraded"), ("stopped", "degraded")],
)
async def test_processes_are_as_well_as_the_worst_of_them(tmp_path: Path, engine: str, state: str) -> None:
    parts = [part("front", "running"), part("engine", engine)]
    write_status(tmp_path / STATUS_FILE, parts, supervisor=os.getpid(), at="2026-11-25T09:00:00+07:00")
    found = (await Parts(tmp_path, {}).states())["processes"]
    assert (found["state"], found["engine"]["state"]) == (state, engine)


async def test_a_part_that_cannot_say_how_it_is_is_down(tmp_path: Path) -> None:
    async def lost() -> Mapping[str, Any]:
        raise ConnectionError

    assert await Parts(tmp_path, {"database": lost}).states() == {
        "database": {"state": "down", "reason": "ConnectionError"}
    }
