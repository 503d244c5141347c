"""Processes under supervision: small real ones, killed, hanging, stubborn, orphaned."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.adapters.processes.keeper import Keeper
from bot.adapters.processes.spec import CannotStart, ChildSpec
from bot.adapters.processes.status import STATUS_FILE, read_status
from bot.adapters.processes.supervisor import Supervisor
from bot.domain.supervision import BackOff, PartState

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[2]
ENV = {"PATH": os.environ["PATH"]}
SLEEPER = "import time; time.sleep(60)"


class Room:
    """A supervisor, and what it was heard to say."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.troubles: list[str] = []
        self.states: list[tuple[str, str]] = []
        self.supervisor = Supervisor(
            data,
            now=lambda: datetime.now(UTC),
            changed=lambda keeper: self.states.append((keeper.spec.name, str(keeper.part.state))),
            trouble=lambda spec, line: self.troubles.append(f"{spec.name}: {line}"),
            back_off=BackOff(first=0.05, longest=0.2),
        )

    def start(self, name: str, program: str, **changes: object) -> Keeper:
        fields: dict[str, object] = {
            "name": name,
            "label": name,
            "command": (sys.executable, "-c", program),
            "env": ENV,
            "cwd": self.data,
            "probe": always,
            "stop_grace": 0.5,
        }
        return self.supervisor.start(ChildSpec(**{**fields, **changes}))  # type: ignore[arg-type]


async def always() -> bool:
    return True


async def never() -> bool:
    return False


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    made = Room(tmp_path)
    yield made
    await made.supervisor.stop()


async def until(condition: Callable[[], bool], seconds: float = 10) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.01)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def test_a_killed_child_is_started_again_and_the_file_says_so(room: Room) -> None:
    keeper = room.start("engine", SLEEPER)
    await room.supervisor.until_ready(keeper)
    first = keeper.status().pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    await until(lambda: keeper.part.restarts == 1 and keeper.part.state is PartState.RUNNING)
    (written,) = read_status(room.data / STATUS_FILE)
    assert (written.state, written.restarts, written.last_exit) == ("running", 1, "SIGKILL")
    assert written.pid not in {None, first}
    assert datetime.fromisoformat(written.since).tzinfo is not None


async def test_a_child_that_dies_again_and_again_is_given_longer_and_longer_pauses(room: Room) -> None:
    keeper = room.start("engine", "raise SystemExit(3)", probe=never)
    await until(lambda: keeper.part.failures >= 3)
    assert keeper.part.last_exit == "exit status 3"
    assert keeper.part.state in {PartState.BACKING_OFF, PartState.STARTING}


async def test_a_start_without_hope_ends_with_the_log(room: Room) -> None:
    keeper = room.start("engine", "print('no model'); raise SystemExit(1)", probe=never)
    with pytest.raises(CannotStart, match=r"(?s)engine.*exit status 1.*no model"):
        await room.supervisor.until_ready(keeper)


async def test_a_command_that_does_not_exist_is_a_death_and_not_a_crash(room: Room) -> None:
    keeper = room.start("engine", "", command=("/does/not/exist",))
    with pytest.raises(CannotStart, match="/does/not/exist"):
        await room.supervisor.until_ready(keeper)


async def test_a_child_that_stops_answering_is_killed(room: Room) -> None:
    answers = True

    async def probe() -> bool:
        return answers

    keeper = room.start("engine", SLEEPER, probe=probe, hang_limit=0.2)
    await room.supervisor.until_ready(keeper)
    answers = False
    await until(lambda: keeper.part.last_exit == "SIGKILL")
    assert any("no answer" in line for line in room.troubles)


async def test_a_child_that_never_becomes_ready_is_killed(room: Room) -> None:
    keeper = room.start("engine", SLEEPER, probe=never, start_limit=0.2)
    await until(lambda: keeper.part.failures >= 1)
    assert keeper.part.last_exit == "SIGKILL"


async def test_output_is_logged_and_trouble_is_announced(room: Room) -> None:
    keeper = room.start("engine", "print('fine', flush=True); print('ERROR: dữ liệu', flush=True); " + SLEEPER)
    await until(lambda: bool(room.troubles))
    assert room.troubles == ["engine: ERROR: dữ liệu"]
    assert keeper.log.tail() == ["fine", "ERROR: dữ liệu"]


async def test_groups_are_stopped_in_order(room: Room) -> None:
    for name in ("database", "engine", "front"):
        await room.supervisor.until_ready(room.start(name, SLEEPER))
    await room.supervisor.stop(["front"], ["engine"], ["database"])
    assert [name for name, state in room.states if state == "stopped"] == ["front", "engine", "database"]
    assert {part.state for part in read_status(room.data / STATUS_FILE)} == {"stopped"}


async def test_a_child_that_ignores_the_signal_is_killed_after_its_grace(room: Room) -> None:
    program = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ERROR up', flush=True); {SLEEPER}"
    keeper = room.start("engine", program)
    await until(lambda: bool(room.troubles))
    begun = time.monotonic()
    await room.supervisor.stop()
    assert 0.4 < time.monotonic() - begun < 60
    assert keeper.part.last_exit == "SIGKILL"


async def test_what_a_child_started_itself_does_not_linger(room: Room) -> None:
    program = (
        "import subprocess, sys; child = subprocess.Popen(['sleep', '60']);"
        f"print('ERROR', child.pid, flush=True); {SLEEPER}"
    )
    keeper = room.start("engine", program)
    await until(lambda: bool(room.troubles))
    grandchild = int(room.troubles[0].split()[-1])
    pid = keeper.status().pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    await until(lambda: not alive(grandchild))


async def test_stopping_during_the_pause_before_a_restart_is_at_once(tmp_path: Path) -> None:
    room = Room(tmp_path)
    room.supervisor._back_off = BackOff(first=60)
    keeper = room.start("engine", "raise SystemExit(1)", probe=never)
    await until(lambda: keeper.part.state is PartState.BACKING_OFF)
    begun = time.monotonic()
    await room.supervisor.stop()
    assert time.monotonic() - begun < 45  # the pause would take sixty
    assert keeper.part.state is PartState.STOPPED


async def test_a_child_gets_no_environment_but_its_own(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LETAN_ZALO_APP_SECRET", "secret")
    room.start("engine", f"import os; print('ERROR', sorted(os.environ), flush=True); {SLEEPER}", env={"ONLY": "this"})
    await until(lambda: bool(room.troubles))
    assert "secret" not in room.troubles[0]
    assert "ZALO" not in room.troubles[0]


async def test_children_die_with_a_killed_supervisor(tmp_path: Path) -> None:
    program = """
import asyncio, sys
from datetime import UTC, datetime
from pathlib import Path
from bot.adapters.processes.spec import ChildSpec
from bot.adapters.processes.supervisor import Supervisor

async def ready():
    return True

async def main():
    supervisor = Supervisor(Path(sys.argv[1]), now=lambda: datetime.now(UTC), changed=lambda k: None,
                            trouble=lambda s, l: None)
    keeper = supervisor.start(ChildSpec(name="engine", label="engine", cwd=Path("/"), env={}, probe=ready,
        command=(sys.executable, "-c", "import time; time.sleep(60)")))
    await supervisor.until_ready(keeper)
    print(keeper.status().pid, flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, str(tmp_path), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert parent.stdout is not None
    child = int(await parent.stdout.readline())
    assert alive(child)
    assert [part.pid for part in read_status(tmp_path / STATUS_FILE)] == [child]
    parent.kill()
    await parent.wait()
    await until(lambda: not alive(child), 5)
    assert read_status(tmp_path / STATUS_FILE) == []


@pytest.mark.parametrize("content", ["", "{", "[]", '{"supervisor": 1}', '{"supervisor": 1, "parts": [{"name": 1}]}'])
def test_a_status_file_that_is_not_ours_says_nothing(tmp_path: Path, content: str) -> None:
    (tmp_path / "status.json").write_text(content)
    assert read_status(tmp_path / "status.json") == []
    assert read_status(tmp_path / "none.json") == []


async def test_the_status_file_is_whole_json(room: Room) -> None:
    keeper = room.start("engine", SLEEPER)
    await room.supervisor.until_ready(keeper)
    content = json.loads((room.data / STATUS_FILE).read_text())
    assert content["supervisor"] == os.getpid()
