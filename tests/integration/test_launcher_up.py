"""`./letan up` with everything real: PostgreSQL, Rasa, the action server, the front office."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.processes.ports import free_port
from bot.adapters.processes.status import STATUS_FILE
from bot.cli import up
from bot.cli.main import main
from bot.cli.model_files import current, ensure
from bot.settings import load

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]

ROOT = Path(__file__).parents[2]
PARTS = {"database", "actions", "engine", "front"}


class House:
    """One `./letan up` and how to look at it."""

    def __init__(self, data: Path, *options: str, own_group: bool = False) -> None:
        self.data = data
        self.port = free_port()
        self.errors = data.parent / f"{data.name}.err"
        with self.errors.open("wb") as errors:
            self.process = subprocess.Popen(  # noqa: S603 - our own program
                [
                    *(sys.executable, "-m", "bot.cli.main", "up", "--json", "--port", str(self.port)),
                    *("--data", str(data), *options),
                ],
                cwd=ROOT,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                start_new_session=own_group,
            )

    def wait_until_up(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, self.errors.read_text()
        return dict(json.loads(line))

    def parts(self) -> dict[str, dict[str, Any]]:
        return {part["name"]: part for part in json.loads((self.data / STATUS_FILE).read_text())["parts"]}

    def health(self) -> tuple[int, dict[str, Any]]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as answer:
            return answer.code, json.load(answer)
        except OSError:
            return 0, {}

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=60)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the model of the training data; trained here only if the usual place has none."""
    usual = load().data.absolute()
    data = usual if current(usual) is not None else tmp_path_factory.mktemp("models")
    asyncio.run(ensure(data, lambda _: None))
    return data / "models"


@pytest.fixture
def start(tmp_path: Path, models: Path) -> Iterator[Callable[..., House]]:
    started: list[House] = []

    def begin(*options: str, name: str = "dữ liệu") -> House:
        data = tmp_path / name
        if not data.exists():
            shutil.copytree(models, data / "models")
        started.append(House(data, *options))
        return started[-1]

    yield begin
    for house in started:
        house.close()
    leftovers = [pid for house in started if (house.data / STATUS_FILE).exists() for pid in pids(house)]
    wait_for(lambda: not any(alive(pid) for pid in leftovers), "children to be gone")


def pids(house: House) -> list[int]:
    return [part["pid"] for part in house.parts().values() if part["pid"]]


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_for(condition: Callable[[], bool], what: str, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"waited in vain for {what}"
        time.sleep(0.1)


def test_one_command_runs_everything_and_stops_everything(start: Callable[..., House]) -> None:
    house = start()
    addresses = house.wait_until_up()
    assert addresses["chat"] == f"http://127.0.0.1:{house.port}/"
    assert addresses["desk"].endswith("/desk")
    assert addresses["first_admin"].startswith(f"http://127.0.0.1:{house.port}/desk/first-admin#token=")
    status, health = house.health()
    assert status == 200
    assert {name for name in PARTS if health["parts"]["processes"][name]["state"] == "running"} == PARTS
    children = pids(house)
    assert len(children) == 4
    house.stop()
    assert house.process.returncode == 0
    assert not any(alive(pid) for pid in children)
    assert {part["state"] for part in house.parts().values()} == {"stopped"}


def test_every_child_that_is_killed_comes_back(start: Callable[..., House]) -> None:
    house = start()
    house.wait_until_up()
    for name in ("actions", "engine", "database", "front"):
        os.kill(house.parts()[name]["pid"], signal.SIGKILL)
        wait_for(
            lambda name=name: house.parts()[name]["restarts"] == 1 and house.parts()[name]["state"] == "running",
            f"{name} to come back",
        )
    wait_for(lambda: house.health()[0] == 200, "a healthy front office")
    assert house.health()[1]["parts"]["processes"]["engine"]["restarts"] == 1


def test_a_killed_supervisor_leaves_nothing_running_and_the_next_start_recovers(start: Callable[..., House]) -> None:
    first = start("--demo")
    assert first.wait_until_up()["first_admin"] is None
    staff = (first.data / "demo-staff.json").read_text()
    children = pids(first)
    first.process.kill()
    first.process.wait()
    wait_for(lambda: not any(alive(pid) for pid in children), "children to be gone", 10)
    second = start()
    assert second.wait_until_up()["first_admin"] is None
    assert (second.data / "demo-staff.json").read_text() == staff


def test_demo_staff_can_log_in(start: Callable[..., House]) -> None:
    house = start("--demo")
    house.wait_until_up()
    file = house.data / "demo-staff.json"
    assert file.stat().st_mode & 0o077 == 0
    people = json.loads(file.read_text())
    assert {"admin", "manager", "agent"} == {person["role"] for person in people}
    body = json.dumps({"email": people[0]["email"], "password": people[0]["password"]}).encode()
    address = f"http://127.0.0.1:{house.port}"
    request = urllib.request.Request(  # noqa: S310 - our own address
        f"{address}/api/session", data=body, headers={"Content-Type": "application/json", "Origin": address}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - as above
        assert json.load(answer)["staff"]["role"] == "admin"


def test_a_second_one_on_the_same_data_is_told_where_the_first_runs(start: Callable[..., House]) -> None:
    house = start()
    house.wait_until_up()
    second = start()
    assert second.process.wait(timeout=30) == 1
    said = second.errors.read_text()
    assert said.startswith("letan: ")
    assert f":{house.port}/" in said
    assert house.health()[0] == 200


def test_a_taken_port_ends_it_before_anything_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LETAN_DATA", str(tmp_path / "data"))
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        assert ends(["up", "--port", str(port)]) == 1
    said = capsys.readouterr().err
    assert f"Cổng {port}" in said
    assert f"pid {os.getpid()}" in said
    assert not (tmp_path / "data" / "postgres").exists()


def test_every_fault_of_the_company_is_listed_and_nothing_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    company = (ROOT / "company.yml").read_text(encoding="utf-8")
    assert "time_zone:" in company
    broken = company.replace("time_zone:", "time_zone: Sao Hỏa #", 1) + "\nunknown_key: 1\n"
    (tmp_path / "company.yml").write_text(broken, encoding="utf-8")
    monkeypatch.setattr(up, "ROOT", tmp_path)
    monkeypatch.setenv("LETAN_DATA", str(tmp_path / "data"))
    assert ends(["up"]) == 1
    said = capsys.readouterr().err
    assert "company.yml:" in said
    assert "Sao Hỏa" in said
    assert "unknown_key" in said
    assert not (tmp_path / "data").exists()


def test_a_full_disk_is_noticed_before_anything_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("bot.cli.space.NEEDED", 10**18)
    monkeypatch.setenv("LETAN_DATA", str(tmp_path / "data"))
    assert ends(["up", "--port", str(free_port())]) == 1
    assert "MB" in capsys.readouterr().err
    assert not (tmp_path / "data" / "postgres").exists()


@pytest.mark.parametrize("address", ["postgresql://nobody@127.0.0.1:1/none", "postgresql://a:geheim@db:x/none"])
def test_a_database_that_does_not_answer_is_named_before_training(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], address: str
) -> None:
    async def trained(*_: object, **__: object) -> None:
        raise AssertionError("trained for a database that is not there")

    monkeypatch.setattr("bot.cli.house.ensure", trained)
    monkeypatch.setenv("LETAN_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("LETAN_DATABASE_URL", address)
    assert ends(["up", "--port", str(free_port())]) == 1
    said = capsys.readouterr().err
    assert said.count("letan: ") == 1
    assert "Cơ sở dữ liệu không dùng được" in said or "letan: LETAN_DATABASE_URL" in said
    assert "geheim" not in said
    assert not (tmp_path / "data" / "postgres").exists()


@pytest.mark.parametrize("whole_group", [False, True])
def test_stopped_while_training_it_ends_without_a_word_of_faults(tmp_path: Path, whole_group: bool) -> None:
    house = House(tmp_path / "data", own_group=True)
    try:
        wait_for(lambda: training_under(house), "training")
        if whole_group:
            os.killpg(house.process.pid, signal.SIGTERM)
            house.process.wait(timeout=30)
        else:
            house.stop()
    finally:
        house.close()
    said = house.errors.read_text()
    assert house.process.returncode == 0, said
    assert "Traceback" not in said
    assert said.endswith("Đã dừng.\n")
    assert not list((house.data / "models").glob("*.json"))


def training_under(house: House) -> bool:
    children = Path(f"/proc/{house.process.pid}/task/{house.process.pid}/children").read_text().split()
    return any(b"engine.train" in Path(f"/proc/{pid}/cmdline").read_bytes() for pid in children)


def ends(arguments: list[str]) -> int:
    with pytest.raises(SystemExit) as end:
        main(arguments)
    return int(end.value.code or 0)
