"""Counts as evidence."""

import numpy as np
from scipy.sparse import csr_matrix

from engine.nlu.evidence import count_evidence

ROWS = csr_matrix(np.array([[1, 1, 0], [1, 0, 0], [0, 1, 1], [0, 0, 1]], np.float32))
LABELS = np.array([0, 0, 1, 1], np.int32)


def test_a_feature_speaks_for_the_intent_it_stands_under() -> None:
    weights = count_evidence(ROWS, LABELS, 2, np.ones(3, np.float32)).weights
    assert weights[0, 0] > 0 > weights[0, 1]
    assert weights[2, 1] > 0 > weights[2, 0]
    assert abs(weights[1, 0] - weights[1, 1]) < 1e-6


def test_a_feature_that_is_not_trusted_says_nothing() -> None:
    weights = count_evidence(ROWS, LABELS, 2, np.array([0, 1, 1], np.float32)).weights
    assert not weights[0].any()


def test_nothing_speaks_for_an_intent_that_was_never_met() -> None:
    evidence = count_evidence(ROWS, LABELS, 3, np.ones(3, np.float32))
    assert (evidence.of_rows(ROWS)[:, 2] <= evidence.of_rows(ROWS)[:, :2].min(axis=1)).all()
    assert np.allclose(evidence.of_row([0, 1], np.ones(2, np.float32)), evidence.of_rows(ROWS)[0])
