"""The arithmetic of the side-by-side measurement, with systems that answer as told."""

import asyncio
import json
from itertools import count

import pytest
import yaml

from bot.cli.bench_turns import load, report, stock
from bot.cli.bench_turns.load import Sample
from bot.cli.bench_turns.running import System


class Told:
    """Answers after a fixed time; every ``failing``-th turn not at all."""

    made = count(1)

    def __init__(self, seconds: float = 0.0, failing: int = 0) -> None:
        self._seconds = seconds
        self._failing = failing
        self._said = 0

    async def say(self, text: str) -> bool:
        assert text in load.TEXTS
        self._said += 1
        await asyncio.sleep(self._seconds)
        return not self._failing or self._said % self._failing != 0


async def test_saturation_counts_what_came_back_in_the_time() -> None:
    sample = await load.saturated(lambda: Told(0.02), 0.2)
    assert sample.failed == 0
    assert 20 <= len(sample.latencies) <= 20 * 12
    assert sample.turns_a_second == pytest.approx(len(sample.latencies) / sample.seconds)
    assert (sample.percentile(50) or 0) > 15


async def test_failed_turns_are_no_turns() -> None:
    sample = await load.saturated(lambda: Told(0.01, failing=2), 0.1)
    assert sample.failed > 0
    assert abs(sample.failed - len(sample.latencies)) <= load.CONCURRENCY


async def test_a_paced_system_that_cannot_keep_up_shows_it_as_latency(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "CONCURRENCY", 1)
    monkeypatch.setattr(load, "TURNS_A_SECOND", 100)
    sample = await load.paced(lambda: Told(0.05), 0.1)
    assert len(sample.latencies) == 10
    assert max(sample.latencies) > 0.35


def test_percentiles_of_known_samples() -> None:
    sample = Sample(latencies=[number / 1000 for number in range(1, 101)], seconds=2.0)
    assert (sample.percentile(50), sample.percentile(95), sample.percentile(99)) == pytest.approx((51, 96, 100))
    assert sample.turns_a_second == 50
    assert Sample().percentile(50) is None
    assert Sample().turns_a_second == 0


def test_rounds_add_up_and_the_ratio_is_of_answered_turns(capsys: pytest.CaptureFixture[str]) -> None:
    ours = System("Lễ Tân", 1, Told, Sample([0.01] * 100, 0, 1.0), Sample([0.01], 0, 1.0), 236.0)
    ours.saturated.add(Sample([0.01] * 100, 1, 1.0))
    theirs = System("Rasa", 2, Told, Sample([0.5] * 10, 0, 1.0), Sample([0.5], 2, 1.0), 1232.4)
    result = report.figures([ours, theirs], 8, "m-1")
    assert result["ours"]["saturated"]["turns_per_second"] == 100
    assert result["ours"]["saturated"]["failed"] == 1
    assert result["ratio"] == 10.0
    report.show(result, as_json=True)
    assert json.loads(capsys.readouterr().out) == json.loads(json.dumps(result))
    report.show(result, as_json=False)
    shown = capsys.readouterr().out
    assert "10.0" in shown
    assert "1232 MiB" in shown


def test_ours_alone_has_no_ratio() -> None:
    result = report.figures([System("Lễ Tân", 1, Told)], 8, "m-1")
    assert (result["stock"], result["ratio"]) == (None, None)


def test_stock_learns_a_few_examples_of_every_intent_of_the_domain() -> None:
    examples = yaml.safe_load(stock._examples())["nlu"]
    domain = yaml.safe_load((stock.ROOT / "domain.yml").read_text(encoding="utf-8"))
    assert {entry["intent"] for entry in examples} == set(domain["intents"])
    assert all(1 < len(entry["examples"].splitlines()) <= stock.EXAMPLES_PER_INTENT for entry in examples)
