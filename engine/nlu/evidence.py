"""What the words of a message say for each intent by mere count: the second opinion beside the separators.

A separator looks for the few features that keep its intent apart from the lines it saw; a count (naive Bayes) trusts
every feature that is more frequent under an intent than elsewhere. The first is better on what is unusual, the second
on what is typical, and both are linear in the same rows.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]
# A feature counts as if it had been met this often under every intent.
_MET_BEFORE = 0.15


@dataclass(frozen=True)
class Evidence:
    """`rows @ weights` gives what speaks for each intent, as a logarithm of how much more frequent the features are."""

    counts: csr_matrix
    weights: Floats

    def of_rows(self, rows: csr_matrix) -> Floats:
        """Evidence of many rows at once."""
        return np.asarray(rows @ self.weights, np.float32)

    def of_row(self, columns: list[int], values: Floats) -> Floats:
        """Evidence of one sparse row."""
        result: Floats = values @ self.weights[columns]
        return result


def count_evidence(rows: csr_matrix, labels: Ints, intents: int, trust: Floats) -> Evidence:
    """Count in how many rows of each intent a feature stands; `trust` says how far each feature is believed."""
    present = csr_matrix((np.ones(rows.nnz, np.float32), rows.indices, rows.indptr), shape=rows.shape)
    mine = csr_matrix((np.ones(len(labels), np.float32), (labels, np.arange(len(labels)))), (intents, len(labels)))
    return weigh((mine @ present).tocsr(), trust)


def weigh(counts: csr_matrix, trust: Floats) -> Evidence:
    """Turn counts into weights; for an intent that was never met nothing ever speaks."""
    met = np.asarray(counts.todense(), np.float32) + _MET_BEFORE
    rare = met.sum(axis=0)
    share = met / met.sum(axis=1, keepdims=True)
    weights = np.log(share / (rare / rare.sum())) * trust
    absent = met.sum(axis=1) <= met.shape[1] * _MET_BEFORE * 1.001
    weights[absent] = weights.min(axis=0)
    return Evidence(counts, np.ascontiguousarray(weights.T, np.float32))
