"""`./letan bench desk`: what one decision about all waiting cases costs, and how that grows.

The company is the one in `company.yml`; people and cases are drawn at random, the same ones for the same seed. As in
the house the people are seated once, and each decision is told what they have before them.
"""

from __future__ import annotations

import os
import platform
import random
import sys
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from statistics import median, quantiles
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from bot.adapters.company import load
from bot.adapters.processes.place import ROOT
from bot.cli.output import say_json
from bot.domain.assignment import OFFERS_AT_ONCE, assign
from bot.domain.assignment_seats import Hall
from bot.domain.assignment_terms import WaitingCase
from bot.domain.company import MANAGEMENT, Company, Priority, RoleId
from bot.domain.staff import StaffMember
from bot.services.assigning import BATCH
from bot.services.ports_desk import Load

NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)
BUDGET_MS = 5.0
ROUND = (200, 5000)
"""People and cases of the budget."""

SIZES = ((50, 1250), (100, 2500), (200, 1250), (200, 2500), (400, 5000), (200, 10000), (400, 10000))
"""Others, for how the cost grows."""


class Scene(StrEnum):
    """How busy people are. ``one``: all full but one, the event that comes all day; ``morning``: everybody is idle."""

    ONE = "one"
    BUSY = "busy"
    MORNING = "morning"


TITLES = {
    Scene.ONE: "một người vừa rảnh tay",
    Scene.BUSY: "người bận người rảnh",
    Scene.MORNING: "đầu giờ, ai cũng rảnh",
}


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Milliseconds of one call over many calls."""

    scene: str
    people: int
    cases: int
    plans: int
    """Of the last call."""
    calls: int
    p50: float
    p99: float
    cpu: float
    """The median of processor time: what the call costs when other processes are busy too."""

    cpu_least: float
    """The least processor time: what the call costs by itself."""


class _World(NamedTuple):
    """The people in their seats, what each has before them, and what waits."""

    hall: Hall
    loads: dict[int, Load]
    waiting: list[WaitingCase]


def run(*, calls: int, as_json: bool) -> int:
    """Measure, print, and return 0 if the budget is kept in every scene, in processor time."""
    company = load(ROOT / "company.yml")
    found = [_measure(company, scene, *ROUND, calls) for scene in Scene]
    batches = [_measure(company, scene, *ROUND, calls, at_most=BATCH) for scene in Scene]
    growth = [_measure(company, Scene.ONE, people, cases, max(calls // 4, 10)) for people, cases in SIZES]
    machine = f"{platform.machine()}, {os.cpu_count()} lõi, Python {platform.python_version()}"
    load_now = round(os.getloadavg()[0], 2)
    if as_json:
        rows = [asdict(one) for one in found]
        others = {"batches": [asdict(one) for one in batches], "growth": [asdict(one) for one in growth]}
        say_json({"budget_ms": BUDGET_MS, "machine": machine, "load": load_now, "rounds": rows, **others})
    else:
        _show(found, f"Một lần phân công cho mọi phiếu đang chờ (ngân sách {BUDGET_MS:g} ms)")
        _show(batches, f"Như khi đang chạy: mỗi lần ghi nhiều nhất {BATCH} phiếu")
        _show(growth, "Khi đông người và nhiều phiếu hơn")
        Console().print(f"Máy: {machine}; tải lúc đo: {load_now}")
    return 0 if all(one.cpu < BUDGET_MS for one in found) else 1


def _measure(
    company: Company, scene: Scene, people: int, cases: int, calls: int, *, at_most: int = sys.maxsize
) -> Figures:
    """Time calls over five different worlds, in turn; the first call of each warms up and does not count."""
    worlds = [_world(company, scene, people, cases, seed) for seed in range(5)]
    for world in worlds:
        _decide(company, world, at_most)
    took, cpu, plans = [], [], 0
    for number in range(calls):
        world = worlds[number % len(worlds)]
        began, own = time.perf_counter(), time.thread_time()
        plans = _decide(company, world, at_most)
        cpu.append((time.thread_time() - own) * 1000)
        took.append((time.perf_counter() - began) * 1000)
    cuts = quantiles(took, n=100)
    return Figures(
        scene=scene,
        people=people,
        cases=cases,
        plans=plans,
        calls=calls,
        p50=round(cuts[49], 2),
        p99=round(cuts[98], 2),
        cpu=round(median(cpu), 2),
        cpu_least=round(min(cpu), 2),
    )


def _decide(company: Company, world: _World, at_most: int) -> int:
    world.hall.begin(world.loads, {}, NOW)
    return len(assign(world.hall, company, world.waiting, NOW, at_most=at_most))


def _world(company: Company, scene: Scene, people: int, cases: int, seed: int) -> _World:
    draw = random.Random(seed)  # noqa: S311 - the same world for the same seed is the point
    staff = [_person(company, scene, number, draw) for number in range(1, people + 1)]
    return _World(
        hall=Hall(company, [person for person, _ in staff], OFFERS_AT_ONCE),
        loads={person.id: load for person, load in staff},
        waiting=[_case(company, number, people, draw) for number in range(1, cases + 1)],
    )


def _person(company: Company, scene: Scene, number: int, draw: random.Random) -> tuple[StaffMember, Load]:
    """One in twenty leads; one in five speaks English, or is a senior; one in three has a skill."""
    desks = [one for one in company.departments if one != MANAGEMENT]
    home = desks[number % len(desks)]
    full = company.department(home).capacity
    match scene:
        case Scene.ONE:
            busy = full - 1 if number == 1 else 20
        case Scene.BUSY:
            busy = draw.randint(0, full)
        case _:
            busy = 0
    person = StaffMember(
        id=number,
        email=f"nguoi{number}@example.vn",
        name=f"Người {number}",
        role=RoleId.MANAGER if number % 20 == 0 else RoleId.AGENT,
        departments=frozenset({home}),
        skills=frozenset({"invoices"} if draw.random() < 0.33 else ()),
        languages=frozenset({"vi", "en"} if draw.random() < 0.2 else {"vi"}),
        senior=draw.random() < 0.2,
    )
    return person, Load(open_cases=busy, idle_since=NOW - timedelta(seconds=draw.randrange(3600)))


def _case(company: Company, number: int, people: int, draw: random.Random) -> WaitingCase:
    """One in ten is in English, a complaint, was refused once or has a previous person; one in fifty is urgent."""
    desk = draw.choice(list(company.departments))
    refused = frozenset({draw.randint(1, people)}) if draw.random() < 0.1 else frozenset()
    return WaitingCase(
        id=number,
        department=desk,
        wanted=desk,
        priority=draw.choices(list(Priority), [0.88, 0.1, 0.02])[0],
        waiting_since=NOW - timedelta(seconds=draw.randrange(3 * 3600)),
        language="en" if draw.random() < 0.1 else "vi",
        skill="invoices" if draw.random() < 0.1 else None,
        complaint=draw.random() < 0.1,
        tries=len(refused),
        refused_by=refused,
        previous_staff_id=draw.randint(1, people) if draw.random() < 0.1 else None,
    )


def _show(figures: list[Figures], title: str) -> None:
    table = Table(title=title)
    for column in ("cảnh", "người trực", "phiếu chờ", "phiếu được giao", "p50 ms", "p99 ms", "CPU ms", "ít nhất"):
        table.add_column(column, justify="left" if column == "cảnh" else "right")
    for one in figures:
        scene = TITLES[Scene(one.scene)]
        times = (f"{value:.2f}" for value in (one.p50, one.p99, one.cpu, one.cpu_least))
        table.add_row(scene, str(one.people), str(one.cases), str(one.plans), *times)
    Console().print(table)
