"""The figures that the product shows of itself."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

from bot.services.ports import QueueName
from bot.web.house import House

ACCEPTED = Counter("letan_events_accepted_total", "Inbound events stored", ["channel"])
DUPLICATES = Counter("letan_events_duplicate_total", "Inbound events that were known already", ["channel"])
REFUSED = Counter("letan_webhooks_refused_total", "Webhook calls that were turned away", ["channel", "reason"])
TURNED_AWAY = Counter("letan_doors_refused_total", "Requests that were turned away, by what was wrong", ["kind"])
IGNORED = Counter("letan_events_ignored_total", "Inbound events that concern no customer", ["channel", "reason"])
REQUESTS = Histogram(
    "letan_request_seconds",
    "Time to answer an HTTP request",
    ["route", "status"],
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5),
)
UNRESOLVED = Gauge("letan_unresolved_turns", "Turns open beyond their limit: must be 0")
DEPTH = Gauge("letan_queue_depth", "Messages in a queue, waiting timers included", ["queue"])
CASES = Gauge("letan_cases_waiting", "Cases that nobody has taken", ["department"])


async def refresh(house: House) -> None:
    """Read the gauges from the database."""
    async with house.store.read() as uow:
        UNRESOLVED.set(await uow.turns.count_open(house.clock.now() - house.turn_limit))
        for queue in QueueName:
            DEPTH.labels(queue.value).set(await uow.queues.depth(queue))
        waiting = await uow.cases.waiting(house.clock.now())
    for department in house.company.departments:
        CASES.labels(department).set(waiting.get(department, 0))
