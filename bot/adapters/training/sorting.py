"""Puts messages together in a process of the engine's, after everybody else has had the processor."""

from __future__ import annotations

import json
from collections.abc import Sequence

from bot.adapters.training.process import run
from bot.adapters.training.trainer import Workshop
from bot.domain.teaching.clusters import Cluster
from bot.services.clustering import Specimen


class ProcessSorter:
    """See `bot.services.clustering.Sorter`."""

    def __init__(self, workshop: Workshop) -> None:
        self._at = workshop

    async def sort(self, said: Sequence[Specimen]) -> list[Cluster]:
        """Have `engine.cluster` do it."""
        given = "".join(json.dumps({"text": one.text, "customer": one.customer}) + "\n" for one in said)
        command = ("nice", "-n", str(self._at.niceness), str(self._at.python), "-m", "engine.cluster")
        lines = await run(
            command, cwd=self._at.root, env=self._at.environment, heard=lambda _: None, given=given.encode()
        )
        return [_cluster(line) for line in lines]


def _cluster(line: str) -> Cluster:
    told = json.loads(line)
    return Cluster(
        size=int(told["size"]),
        customers=int(told["customers"]),
        words=tuple(str(one) for one in told["words"]),
        members=tuple(int(one) for one in told["members"]),
        near=int(told["near"]),
    )
