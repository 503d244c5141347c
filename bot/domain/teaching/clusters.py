"""Messages that seem to be about one thing, and the last look for such: what is kept of it, and how it is read back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any


class ClusterState(StrEnum):
    """How a look stands."""

    NONE = "none"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """``size`` messages of ``customers`` people; ``members`` are the most typical of them, ``words`` tell it apart.

    The first ``near`` members are close to its middle; the others may be about something else and are not counted.
    """

    size: int
    customers: int
    words: tuple[str, ...]
    members: tuple[int, ...]
    near: int

    def named(self, names: Sequence[int]) -> Cluster:
        """Return it with the ids of its members, which were places in ``names``."""
        return replace(self, members=tuple(names[place] for place in self.members))

    def only(self, still: Mapping[int, int]) -> Cluster:
        """Return it without other members than those, given with their customers; it counts what is left.

        Of a cluster with more messages than members nobody knows whose the others are: as many people as before, unless
        that is more than messages.
        """
        members = tuple(one for one in self.members if one in still)
        close = [one for one in self.members[: self.near] if one in still]
        size = self.size - self.near + len(close)
        people = len({still[one] for one in close}) if self.size == self.near else min(self.customers, size)
        return replace(self, members=members, near=len(close), size=size, customers=people)


@dataclass(frozen=True, kw_only=True)
class Clusters:
    """A look. ``run`` tells it from another, ``beat_at`` is the last sign of life of whoever looks.

    ``messages`` were looked at in ``seconds``, ``fault`` says why it failed.
    """

    state: ClusterState = ClusterState.NONE
    run: str = ""
    made_at: datetime | None = None
    beat_at: datetime | None = None
    messages: int = 0
    seconds: float | None = None
    fault: str | None = None
    clusters: tuple[Cluster, ...] = ()

    @property
    def started(self) -> datetime:
        """When it began. Raises ValueError where nobody has looked."""
        if self.made_at is None:
            raise ValueError("nobody has looked yet")
        return self.made_at

    def beaten(self, at: datetime) -> Clusters:
        """Return it with a sign of life."""
        return replace(self, beat_at=at)

    def failed(self, fault: str) -> Clusters:
        """Return it as failed."""
        return replace(self, state=ClusterState.FAILED, fault=fault)

    def done(self, clusters: Sequence[Cluster], messages: int, at: datetime) -> Clusters:
        """Return it with what it found."""
        took = (at - self.started).total_seconds()
        return replace(
            self, state=ClusterState.DONE, clusters=tuple(clusters), messages=messages, seconds=round(took, 2)
        )


def kept(clusters: Clusters) -> dict[str, Any]:
    """Return what is stored: JSON."""
    return {
        "state": clusters.state.value,
        "run": clusters.run,
        "made_at": clusters.made_at.isoformat() if clusters.made_at else None,
        "beat_at": clusters.beat_at.isoformat() if clusters.beat_at else None,
        "messages": clusters.messages,
        "seconds": clusters.seconds,
        "fault": clusters.fault,
        "clusters": [
            [one.size, one.customers, list(one.words), list(one.members), one.near] for one in clusters.clusters
        ],
    }


def read_kept(stored: Mapping[str, Any] | None) -> Clusters:
    """Return the look that was stored; nothing stored is no look."""
    if stored is None:
        return Clusters()
    return Clusters(
        state=ClusterState(stored["state"]),
        run=stored["run"],
        made_at=datetime.fromisoformat(stored["made_at"]),
        beat_at=datetime.fromisoformat(stored["beat_at"]),
        messages=stored["messages"],
        seconds=stored["seconds"],
        fault=stored["fault"],
        clusters=tuple(
            # A look that was kept before closeness was told holds only what belonged together.
            Cluster(size=size, customers=people, words=tuple(words), members=tuple(ids), near=(*near, len(ids))[0])
            for size, people, words, ids, *near in stored["clusters"]
        ),
    )
