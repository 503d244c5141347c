"""One linear separator per intent against the rest, as one weight matrix."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.svm import LinearSVC

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]
# The margin that an intent gets which the training rows did not contain.
_ABSENT = -1.0
_SEED = 20


@dataclass(frozen=True, slots=True)
class Separators:
    """`rows @ weights + bias` gives one margin per intent; about +1 and above speaks for it, -1 and below against."""

    weights: Floats
    bias: Floats

    def margins(self, rows: csr_matrix) -> Floats:
        """Margins of many rows at once."""
        return np.asarray(rows @ self.weights + self.bias, np.float32)

    def margin(self, columns: list[int], values: Floats) -> Floats:
        """Margins of one sparse row."""
        result: Floats = values @ self.weights[columns] + self.bias
        return result


def separate(rows: csr_matrix, labels: Ints, intents: int, softness: float) -> Separators:
    """Fit the separators, `softness` being the C of the machine; an intent without rows gets a constant margin."""
    weights = np.zeros((rows.shape[1], intents), np.float32)
    bias = np.full(intents, _ABSENT, np.float32)
    present = np.unique(labels)
    if len(present) == 1:
        bias[present] = 1.0
        return Separators(weights, bias)
    machine = LinearSVC(C=softness, random_state=_SEED, tol=0.05, max_iter=200)
    machine.fit(rows, labels)
    if len(present) == 2:
        weights[:, present[1]] = machine.coef_[0]
        weights[:, present[0]] = -machine.coef_[0]
        bias[present] = (-machine.intercept_[0], machine.intercept_[0])
    else:
        weights[:, present] = machine.coef_.T
        bias[present] = machine.intercept_
    return Separators(weights, bias)
