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
from collections.abc import Iterator, Mapping, Sequence
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
from engine.nlu.marks import strip_marks, words
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
FILLERS = frozenset(
    words(
        """dạ ạ vâng ừ ờ à ơi nhé nha nhỉ nhá hả hở hen đi với ấy này kia đó đây thì là mà và hay hoặc nhưng nếu vì nên
        cũng vẫn đã đang sẽ rồi xong thôi luôn ngay lại còn cho của ở tại từ đến tới ra vào lên về bị được không có
        chưa chẳng chả đâu gì nào sao thế vậy như rất lắm hơi em anh chị mình tôi tao tớ bạn cô chú bác ông bà con
        cháu ad admin shop người ta bên nhà muốn cần xin giúp hộ giùm làm biết hỏi nói bảo thấy cái các những mấy
        một hai bao nhiêu khi lúc nữa theo để do bởi cứ chỉ mới chứ ok oke hello alo a e"""
    )
)
"""Words that stand in any message: they call no cluster by a name."""
_PLAIN_FILLERS = frozenset(map(strip_marks, FILLERS))
"""The same in a message without diacritics, where "the" may be "thẻ" as well; whoever writes them tells which."""


@dataclass(frozen=True)
class Said:
    """One message as read. `customer` is any name that is the same for the same person.

    `names` are what it is compared by, `words` what it could be called by: without diacritics, to as it was written.
    """

    customer: str
    names: tuple[str, ...]
    words: Mapping[str, str]


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
        words={strip_marks(one): one for one in _telling(matter, FILLERS if reading.accented else _PLAIN_FILLERS)},
    )


def _telling(matter: Sequence[str], fillers: frozenset[str]) -> Iterator[str]:
    """Yield words and pairs of neighbours that are no fillers."""
    yield from (word for word in matter if word not in fillers)
    yield from (f"{one} {other}" for one, other in pairwise(matter) if one not in fillers and other not in fillers)


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
    """Yield the words and pairs of words that each cluster has more often than messages in general.

    Each is written as most customers of the cluster write it who type diacritics.
    """
    everywhere = Counter(word for message in messages for word in message.words)
    for own in clusters:
        counts = Counter(word for number in own for word in messages[number].words)
        score = {
            # A pair says what its words alone do not.
            word: count * len(word.split()) * log(count * len(messages) / (len(own) * everywhere[word]))
            for word, count in counts.items()
            if count * 5 >= len(own)
        }
        written = Counter(spelling for number in own for spelling in messages[number].words.items())
        chosen = _shortest(sorted(score, key=lambda word: (-score[word], word)))
        yield [_written(word, written) for word in chosen]


def _written(word: str, counts: Counter[tuple[str, str]]) -> str:
    """Return the commonest of the spellings of a plain word, those with diacritics first."""
    spellings = [one for one in counts if one[0] == word]
    return max(spellings, key=lambda one: (one[1] != word, counts[one], one[1]))[1]


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
