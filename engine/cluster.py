"""Messages that nobody has a name for, put together by what they are about, in a process of its own.

`python -m engine.cluster < messages.jsonl`

Reads one JSON object per line, `{"text", "customer"}`, and prints one line of JSON for each cluster, those first that
many customers speak of: `{"size", "customers", "words", "members", "near"}`. `members` are numbers of lines, counted
from 0, the most typical first and 200 at most; the first `near` of them are close to the middle, the others may be
about something else and count neither in `size` nor in `customers`. What belongs to no cluster is in none.

Texts become words, pairs of words and concepts as the assistant itself reads them, weighed by how rare they are among
these messages and in what the assistant was taught: a word that any customer of the house says joins nothing, however
few messages there are. Messages that point the same way are joined from the bottom up (average linkage). Many messages
become a few directions first (singular value decomposition) and a few hundred small heaps (k-means), and the heaps are
joined. All of that is scikit-learn, and the same lines give the same clusters.
"""

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from sklearn.cluster import AgglomerativeClustering, MiniBatchKMeans
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.preprocessing import normalize

from engine import environment
from engine.bench_data import read_lines
from engine.nlu.concepts import concepts
from engine.nlu.marks import strip_marks, words
from engine.nlu.reading import read

Vectors = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]

BASE = Path("nlu")
DIRECTIONS = 100
APART = 0.85
"""Mean cosine distance from which on two groups of messages are about different things."""
HEAPS_APART = 0.6
"""The same for heaps: what lies in the middle of many is nearer to anything than one message is."""
BELONGS = 0.2
"""Cosine with the middle of a cluster from which on a message may belong to it; somebody has to look."""
NEAR = 0.45
"""From which on it may be taken for one that is about the same without a look at it."""
CONCEPT, PAIR = 0.8, 0.5
"""What a concept and a pair of words weigh beside a word: a concept is wide, and a pair repeats its words."""
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
_PLAIN_FILLERS = FILLERS | frozenset(map(strip_marks, FILLERS))
"""The same in a message without diacritics, where "the" may be "thẻ" as well; whoever writes them tells which."""

MANNERS = frozenset(
    words("greeting farewell thanks yes no sorry ask want help how when where howmuch howlong who why can exist")
)
"""Concepts of how one asks, whatever one asks about."""


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
    taught = [said(line.text, "").names for line in read_lines(BASE)] if BASE.is_dir() else []
    for one in cluster([said(str(one["text"]), str(one.get("customer", ""))) for one in found], taught):
        sys.stdout.write(json.dumps(one, ensure_ascii=False) + "\n")
    return 0


def said(text: str, customer: str) -> Said:
    """Read a message."""
    reading = read(text)
    matter = [word for token in reading.matter for word in token.words][:_MOST_READ]
    fillers = FILLERS if reading.accented else _PLAIN_FILLERS
    spoken_of = (f"={one}" for one in concepts(matter, accented=reading.accented) if one not in MANNERS)
    return Said(
        customer=customer,
        names=(*_names(matter, fillers), *spoken_of),
        words={strip_marks(one): one for one in _telling(matter, fillers)},
    )


def _telling(matter: Sequence[str], fillers: frozenset[str]) -> Iterator[str]:
    """Yield words and pairs of neighbours that are no fillers."""
    yield from (word for word in matter if word not in fillers)
    yield from (f"{one} {other}" for one, other in pairwise(matter) if one not in fillers and other not in fillers)


def _names(matter: Sequence[str], fillers: frozenset[str]) -> Iterator[str]:
    """Yield, without diacritics, words that are no fillers, and pairs of neighbours that are not both."""
    yield from (strip_marks(word) for word in matter if word not in fillers)
    yield from (strip_marks(" ".join(pair)) for pair in pairwise(matter) if not fillers.issuperset(pair))


def cluster(messages: Sequence[Said], taught: Sequence[Sequence[str]] = ()) -> list[dict[str, Any]]:
    """Return the clusters as they are printed; `taught` are the names of what the assistant was taught."""
    alike: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, message in enumerate(messages):
        if message.names:
            alike[message.names].append(number)
    documents = list(alike)
    if len(documents) < 2:
        return []
    vectors = _vectors(documents, taught)
    said_by = [len(alike[one]) for one in documents]
    groups = [own for own in _near(vectors, _joined(vectors)) if sum(said_by[one] for one in own) >= FEWEST]
    found = []
    for near, far in zip(groups, _far(vectors, groups), strict=True):
        close, others = ([number for one in part for number in alike[documents[one]]] for part in (near, far))
        found.append((len({messages[number].customer for number in close}), close, close + others))
    found.sort(key=lambda one: (-one[0], -len(one[1])))
    found = found[:MOST_CLUSTERS]
    names = _titles([close for _, close, _ in found], messages)
    return [
        {
            "size": len(close),
            "customers": customers,
            "words": words,
            "members": own[:MOST_MEMBERS],
            "near": min(len(close), MOST_MEMBERS),
        }
        for (customers, close, own), words in zip(found, names, strict=True)
    ]


def _vectors(documents: Sequence[Sequence[str]], taught: Sequence[Sequence[str]]) -> csr_matrix:
    """Return one sparse row of length 1 for each document."""
    # With few messages a word that only one has is all there is to tell; with many it costs time and tells nothing.
    counter = CountVectorizer(analyzer=list, min_df=2 if len(documents) > DIRECT else 1)
    counts = counter.fit_transform(documents).astype(np.float64)
    names = counter.get_feature_names_out()
    known = Counter(name for one in taught for name in set(one))
    holding = counts.getnnz(axis=0) + np.array([known[name] for name in names])
    counts.data = 1 + np.log(counts.data)
    kind = np.array([CONCEPT if name.startswith("=") else PAIR if " " in name else 1.0 for name in names])
    return normalize(counts.multiply(kind * (1 + np.log((1 + len(documents) + len(taught)) / (1 + holding)))).tocsr())


def _joined(vectors: csr_matrix) -> Numbers:
    """Return the number of its cluster for each document."""
    # A document of fillers alone points nowhere, and has a distance to nothing.
    somewhere = np.flatnonzero(vectors.getnnz(axis=1))
    labels = np.full(vectors.shape[0], -1)
    own = vectors[somewhere]
    if 2 <= len(somewhere) <= DIRECT:
        labels[somewhere] = _grouped((own @ own.T).toarray(), APART)
    elif len(somewhere) > DIRECT:
        reduced = normalize(TruncatedSVD(n_components=DIRECTIONS, random_state=_SEED).fit_transform(own))
        heaps = MiniBatchKMeans(n_clusters=HEAPS, random_state=_SEED, n_init=1, batch_size=4_096, max_iter=30)
        middles = normalize(heaps.fit(reduced).cluster_centers_)
        labels[somewhere] = _grouped(middles @ middles.T, HEAPS_APART)[heaps.labels_]
    return labels


def _grouped(cosines: Vectors, apart: float) -> Numbers:
    join = AgglomerativeClustering(
        n_clusters=None, affinity="precomputed", linkage="average", distance_threshold=apart, compute_full_tree=True
    )
    return np.asarray(join.fit_predict(np.clip(1 - cosines, 0, None)))


def _near(vectors: csr_matrix, labels: Numbers) -> Iterator[Numbers]:
    """Yield the documents of each cluster that are near its middle, the most typical first."""
    for label in range(int(labels.max(initial=-1)) + 1):
        own = np.flatnonzero(labels == label)
        cosines = vectors[own] @ _middle(vectors[own])
        order = np.argsort(-cosines, kind="stable")
        yield own[order[cosines[order] >= NEAR]]


def _far(vectors: csr_matrix, groups: Sequence[Numbers]) -> Iterator[Numbers]:
    """Yield for each group what is in none and nearer to this one than to others, unless it is far from all."""
    if not groups:
        return
    cosines = vectors @ np.column_stack([_middle(vectors[own]) for own in groups])
    cosines[np.concatenate(groups)] = 0
    nearest = cosines.argmax(axis=1)
    for number in range(len(groups)):
        own = np.flatnonzero((nearest == number) & (cosines[:, number] >= BELONGS))
        yield own[np.argsort(-cosines[own, number], kind="stable")]


def _middle(vectors: csr_matrix) -> Vectors:
    middle: Vectors = normalize(np.asarray(vectors.mean(axis=0)))[0]
    return middle


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
            if count >= max(FEWEST - 1, len(own) / 5)
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
