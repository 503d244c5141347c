"""What the measurement found, for machines and for people."""

from __future__ import annotations

import os
import platform
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from bot.cli.bench_turns.load import CONCURRENCY, TURNS_A_SECOND, TURNS_PER_CONVERSATION, Sample
from bot.cli.output import say_json

if TYPE_CHECKING:
    from bot.cli.bench_turns.running import System


def figures(systems: list[System], seconds: int, model_id: str) -> dict[str, Any]:
    """The JSON of the command: times in milliseconds, memory in MiB."""
    told: dict[str, Any] = dict.fromkeys(("ours", "stock")) | {
        name: {
            "saturated": _sample(system.saturated),
            "paced": _sample(system.paced),
            "memory_mib": round(system.memory_mib, 1),
        }
        for name, system in zip(("ours", "stock"), systems, strict=False)
    }
    ratio = None
    if told["ours"] and told["stock"] and told["stock"]["saturated"]["turns_per_second"]:
        ratio = told["ours"]["saturated"]["turns_per_second"] / told["stock"]["saturated"]["turns_per_second"]
    return {
        **told,
        "ratio": round(ratio, 1) if ratio is not None else None,
        "model_id": model_id,
        "round_seconds": seconds,
        "concurrency": CONCURRENCY,
        "paced_per_second": TURNS_A_SECOND,
        "turns_per_conversation": TURNS_PER_CONVERSATION,
        "machine": _machine(),
    }


def _sample(sample: Sample) -> dict[str, Any]:
    return {
        "turns": len(sample.latencies),
        "failed": sample.failed,
        "turns_per_second": round(sample.turns_a_second, 1),
        **{f"p{percent}_ms": _rounded(sample.percentile(percent)) for percent in (50, 95, 99)},
    }


def _rounded(value: float | None) -> float | None:
    return round(value, 1) if value is not None else None


def _machine() -> dict[str, Any]:
    processor = platform.processor() or platform.machine()
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            processor = line.split(":", 1)[1].strip()
            break
    return {"processor": processor, "cores": os.cpu_count(), "load": [round(one, 2) for one in os.getloadavg()]}


def show(result: dict[str, Any], *, as_json: bool) -> None:
    """Print the figures to standard output."""
    if as_json:
        say_json(result)
        return
    table = Table(title="Lượt hội thoại, mỗi lượt một lần gọi máy chủ hành động (mili giây)")
    table.add_column("")
    for column in ("lượt/giây", "p50", "p95", "p99", "hỏng", "bộ nhớ"):
        table.add_column(column, justify="right")
    for name, label in (("ours", "Lễ Tân"), ("stock", "Rasa nguyên bản")):
        if result[name] is not None:
            table.add_row(f"{label}, hết công suất", *_cells(result[name], "saturated"))
            table.add_row(f"{label}, {TURNS_A_SECOND} lượt/giây", *_cells(result[name], "paced"))
    console = Console()
    console.print(table)
    machine = result["machine"]
    console.print(
        f"{CONCURRENCY} hội thoại cùng lúc; {machine['cores']} nhân, {machine['processor']}, tải {machine['load']}"
    )
    if result["ratio"] is not None:
        console.print(f"Lễ Tân nhanh gấp [bold]{result['ratio']}[/bold] lần Rasa nguyên bản.")


def _cells(system: dict[str, Any], mode: str) -> list[str]:
    sample = system[mode]
    names = ("turns_per_second", "p50_ms", "p95_ms", "p99_ms", "failed")
    return [*(str(sample[name]) for name in names), f"{system['memory_mib']:.0f} MiB"]
