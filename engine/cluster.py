"""Messages that nobody has a name for, put together by what they are about, in a process of its own.

`python -m engine.cluster < messages.jsonl`

Reads one JSON object per line, `{"text", "customer"}`, and prints one line of JSON for each cluster, those first that
many customers speak of: `{"size", "customers", "words", "members"}`. `members` are numbers of lines, counted from 0,
the most typical first and 200 at most; what belongs to no cluster is in none.

Texts become words, pairs of words and concepts as the assistant itself reads them, weighed by how rare they are. These
become a few directions (singular value decomposition), and messages that point the same way are joined from the bottom
up (average linkage). With many messages k-means makes a few hundred small heaps of them first, and the heaps are
joined. All of that is scikit-learn, and the same lines give the same clusters.
"""

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.cluster import AgglomerativeClustering, MiniBatchKMeans
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import normalize

from engine import environment
from engine.nlu.concepts import concepts
from engine.nlu.marks import strip_marks
from engine.nlu.reading import read

Vectors = npt.NDArray[np.float64]

DIRECTIONS = 100
FOR_A_DIRECTION = 4
"""Different messages for each direction: with as many directions as messages, nothing would be near anything."""
APART = 0.6
"""Cosine distance from which on two heaps are about different things."""
TYPICAL = 0.35
"""Cosine with the middle of its cluster that a message must have to belong to it."""
DIRECT = 3_000
"""Up to so many different messages are joined one by one; comparing all pairs of more would take too long."""
HEAPS = 700
FEWEST = 3
"""Messages of a cluster: two may be alike by chance."""
MOST_CLUSTERS = 60
MOST_WORDS = 6
MOST_MEMBERS = 200
_SEED = 7
_MOST_READ = 300


@dataclass(frozen=True)
class Said:
    """One message as read. `customer` is any name that is the same for the same person.

    `names` are what it is compared by, `words` what it could be called by.
    """

    customer: str
    names: tuple[str, ...]
    words: frozenset[str]


def main() -> int:
    """0 whenever the lines can be read."""
    environment.strip()
    found = [json.loads(line) for line in sys.stdin if line.strip()]
    for one in cluster([said(str(one["text"]), str(one.get("customer", ""))) for one in found]):
        sys.stdout.write(json.dumps(one, ensure_ascii=False) + "\n")
    return 0


def said(text: str, customer: str) -> Said:
    """Read a message."""
    reading = read(text)
    matter = [word for token in reading.matter for word in token.words][:_MOST_READ]
    return Said(
        customer=customer,
        names=tuple(_names(matter, accented=reading.accented)),
        words=frozenset({*matter, *map(" ".join, pairwise(matter))}),
    )


def _names(words: Sequence[str], *, accented: bool) -> Iterator[str]:
    """Yield words and pairs without diacritics, and the concepts that they speak of."""
    plain = [strip_marks(word) for word in words]
    yield from plain
    yield from map(" ".join, pairwise(plain))
    yield from (f"={concept}" for concept in concepts(words, accented=accented))


def cluster(messages: Sequence[Said]) -> list[dict[str, Any]]:
    """Return the clusters as they are printed."""
    alike: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, message in enumerate(messages):
        if message.names:
            alike[message.names].append(number)
    documents = list(alike)
    if len(documents) < 2:
        return []
    vectors = _vectors(documents)
    labels = _joined(vectors)
    members = [[number for one in own for number in alike[documents[one]]] for own in _members(vectors, labels)]
    kept = [(len({messages[number].customer for number in own}), own) for own in members if len(own) >= FEWEST]
    kept.sort(key=lambda one: (-one[0], -len(one[1])))
    kept = kept[:MOST_CLUSTERS]
    names = _titles([own for _, own in kept], messages)
    return [
        {"size": len(own), "customers": customers, "words": words, "members": own[:MOST_MEMBERS]}
        for (customers, own), words in zip(kept, names, strict=True)
    ]


def _vectors(documents: Sequence[Sequence[str]]) -> Vectors:
    """Return one direction of length 1 for each document."""
    # With few messages a word that only one has is all there is to tell; with many it costs time and tells nothing.
    fewest = 2 if len(documents) > DIRECT else 1
    weighed = TfidfVectorizer(analyzer=list, min_df=fewest, sublinear_tf=True).fit_transform(documents)
    most = min(DIRECTIONS, max(FEWEST, len(documents) // FOR_A_DIRECTION), weighed.shape[0] - 1, weighed.shape[1] - 1)
    if most < 2:
        return np.asarray(weighed.toarray(), dtype=np.float64)
    reduced = TruncatedSVD(n_components=most, random_state=_SEED).fit_transform(weighed)
    return np.asarray(normalize(reduced), dtype=np.float64)


def _joined(vectors: Vectors) -> npt.NDArray[np.int64]:
    """Return the number of its cluster for each document."""
    join = AgglomerativeClustering(
        n_clusters=None, affinity="cosine", linkage="average", distance_threshold=APART, compute_full_tree=True
    )
    # A document without a word that others share points nowhere, and has a distance to nothing.
    somewhere = np.flatnonzero(np.linalg.norm(vectors, axis=1) > 0)
    labels = np.full(len(vectors), -1)
    if len(somewhere) < 2:
        return labels
    own = vectors[somewhere]
    if len(own) <= DIRECT:
        labels[somewhere] = join.fit_predict(own)
        return labels
    heaps = MiniBatchKMeans(n_clusters=HEAPS, random_state=_SEED, n_init=1, batch_size=4_096, max_iter=30).fit(own)
    labels[somewhere] = join.fit_predict(normalize(heaps.cluster_centers_))[heaps.labels_]
    return labels


def _members(vectors: Vectors, labels: npt.NDArray[np.int64]) -> list[list[int]]:
    """Return the documents of each cluster, the most typical first, without those that are far from its middle."""
    found = []
    for label in range(int(labels.max(initial=-1)) + 1):
        own = np.flatnonzero(labels == label)
        near = vectors[own] @ _middle(vectors[own])
        order = np.argsort(-near, kind="stable")
        found.append([int(own[place]) for place in order if near[place] >= TYPICAL])
    return [members for members in found if members]


def _middle(vectors: Vectors) -> Vectors:
    middle: Vectors = vectors.mean(axis=0)
    length = float(np.linalg.norm(middle))
    return middle / length if length else middle


def _titles(clusters: Sequence[Sequence[int]], messages: Sequence[Said]) -> Iterator[list[str]]:
    """Yield the words and pairs of words that each cluster has more often than messages in general."""
    everywhere = Counter(word for message in messages for word in message.words)
    for own in clusters:
        counts = Counter(word for number in own for word in messages[number].words)
        score = {
            word: count * log(count * len(messages) / (len(own) * everywhere[word]))
            for word, count in counts.items()
            if count * 5 >= len(own)
        }
        yield _shortest(sorted(score, key=lambda word: (-score[word], word)))


def _shortest(ranked: Sequence[str]) -> list[str]:
    """Return the first few, without words that are part of a pair that stands before them, and the other way round."""
    chosen: list[str] = []
    for word in ranked:
        if not any(set(word.split()) & set(other.split()) for other in chosen):
            chosen.append(word)
        if len(chosen) == MOST_WORDS:
            break
    return chosen


if __name__ == "__main__":
    sys.exit(main())
