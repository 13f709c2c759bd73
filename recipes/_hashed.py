"""Logistic regression over hashed features."""

import numpy as np
from numpy.typing import NDArray

STEP, BATCH = 0.25, 4096


def regression(
    slots: NDArray[np.uint32],
    labels: NDArray[np.bool_],
    size: int,
    epochs: int,
    kept: float,
    chances: NDArray[np.float64] | None = None,
) -> NDArray[np.float32]:
    """The weight of each of `size` slots. AdaGrad, each feature of an example kept with probability `kept`.

    Each example is met once an epoch, or as often as its chance has it.
    """
    weights = np.zeros(size, dtype=np.float32)
    squares = np.full(size, 1e-3, dtype=np.float32)
    random = np.random.default_rng(0)
    for _ in range(epochs):
        if chances is None:
            order = random.permutation(len(labels))
        else:
            order = random.choice(len(labels), len(labels), p=chances)
        for at in range(0, len(labels), BATCH):
            batch = order[at : at + BATCH]
            chosen = slots[batch]
            mask = (random.random(chosen.shape) < kept).astype(np.float32)
            score = (weights[chosen] * mask).sum(axis=1) / kept
            error = (1 / (1 + np.exp(-score)) - labels[batch]).astype(np.float32)[:, None] * mask
            touched, inverse = np.unique(chosen.ravel(), return_inverse=True)
            slope = np.bincount(inverse, weights=error.ravel()).astype(np.float32)
            squares[touched] += slope * slope / len(batch)
            weights[touched] -= STEP * slope / np.sqrt(squares[touched] * len(batch) + 1e-6)
    return weights
