"""The virtual company lives by the law of the house, and the same seed gives the same days."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.cli.main import program
from bot.domain.company import Company
from bot.simulation.company import Plan, VirtualCompany
from bot.simulation.report import page, report

pytestmark = pytest.mark.integration

OF_THE_MACHINE = ("seconds", "processor_seconds", "ms_per_customer")


def told(company: Company, seed: int, days: int = 4) -> dict[str, Any]:
    """Simulate and return the report."""
    there = VirtualCompany(company, Plan(days=days, seed=seed, customers=250))
    return report(there, there.run())


def of_the_company(what: dict[str, Any]) -> dict[str, Any]:
    """Return a report without what depends on the machine."""
    return {name: value for name, value in what.items() if name not in OF_THE_MACHINE}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nobody_is_left_standing(company: Company, seed: int) -> None:
    what = told(company, seed)
    assert what["unresolved_turns"] == 0
    assert what["oldest_turn_seconds"] <= 24
    assert (what["double_owners"], what["off_duty_owners"]) == (0, 0)
    assert what["repetitions"]["sent"] > 0
    assert what["repetitions"]["taken_as_new"] == 0
    assert what["hops"]["max"] <= 2
    assert what["troubles"]["clock_jumps"] == 1
    assert set(what["turns"]) == {"answered", "owned", "promised"}
    assert sum(what["turns"].values()) > 1_000
    assert what["law_checks"] > 5_000
    # Whoever must be told a new date hears of it before the old one has passed.
    assert what["promises"]["renewed_before_passed_share"] in (None, 1.0)
    assert what["wait_ranges"]["given"] > 100
    assert what["wait_ranges"]["inside_share"] >= 0.8
    # All of the desk took part.
    assert what["breaks"]["taken"] > 0
    assert what["requests"]["answered"] > 0
    assert what["approvals"]["approved"] > 0
    assert what["moves"]["transfers"] > 0
    assert what["offers"]["missed"] > 0


def test_the_same_seed_gives_the_same_days(company: Company) -> None:
    first, again, other = (told(company, seed, days=2) for seed in (7, 7, 8))
    assert of_the_company(first) == of_the_company(again)
    assert of_the_company(first) != of_the_company(other)
    assert "2 ngày, hạt giống 7" in page(first)


def test_the_command_prints_json_and_draws(tmp_path: Path) -> None:
    run = CliRunner().invoke(
        program("simulate"),
        ["simulate", "--days", "1", "--seed", "5", "--customers", "60", "--json", "--pictures", str(tmp_path / "new")],
    )
    assert run.exit_code == 0, run.output
    what = json.loads(run.stdout)
    assert (what["days"], what["seed"], what["unresolved_turns"]) == (1, 5, 0)
    drawn = sorted(one.name for one in (tmp_path / "new").iterdir())
    assert drawn == ["coverage.svg", "load.svg", "promises.svg", "waits.svg"]


def test_the_days_do_not_depend_on_how_python_hashes() -> None:
    told_by = []
    for hashing in ("1", "2"):
        command = [sys.executable, "-m", "bot.cli.main", "simulate", "--days", "1", "--seed", "6", "--json"]
        run = subprocess.run(  # noqa: S603 - our own command
            command, capture_output=True, check=True, text=True, env={**os.environ, "PYTHONHASHSEED": hashing}
        )
        told_by.append(of_the_company(json.loads(run.stdout)))
    assert told_by[0] == told_by[1]
