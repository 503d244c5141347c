"""`./letan bench turns`: sustained turns and latency of the engine, and side by side with stock Rasa."""

from bot.cli.bench_turns.running import measure, run

__all__ = ["measure", "run"]
