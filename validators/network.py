"""A small neural network in whole numbers, evaluated at many places of a text at once.

Weights and what goes through are whole numbers of at most 24 bits, which 32-bit floats add up without
rounding, in whatever order: the same text is judged alike on every machine, and a place alike alone and
among others. `recipes/_network.py` trains them.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.tables import FOLDER

PARTS = (
    "tokens", "first", "first_scale", "first_base", "second", "second_scale", "second_base", "last", "last_scale",
)  # fmt: skip
"""What is kept of each network in a table."""
MOST = 255
"""The most that a unit of a hidden layer says."""
_PRODUCTS = 800_000
"""Products of numbers that are summed at a time. Above a million the libraries of linear algebra share
them among threads, which then wait, busily, for more: it takes twice the time of all that follows."""

_ROWS, _COLUMNS, _FEW = 128, 48, 64
"""Rows at a time, so that what is made of them stays within the processor's cache, columns of a piece, and how
many are not cut into pieces."""

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Network:
    """A row for each token, and two hidden layers; whole numbers, as floats for the sake of speed."""

    tokens: Floats
    first: Floats
    first_scale: Floats
    first_base: Floats
    second: Floats
    second_scale: Floats
    second_base: Floats
    last: Floats
    last_scale: Floats

    @property
    def slots(self) -> int:
        """Tokens read of each place."""
        return len(self.first) // int(self.tokens.shape[1])

    def log_odds(self, windows: NDArray[np.intp]) -> NDArray[np.float64]:
        """Of each row of tokens."""
        odds = np.zeros(len(windows))
        for start in range(0, len(windows), _ROWS):
            part = windows[start : start + _ROWS]
            seen = self.tokens.take(part, axis=0, mode="clip").reshape(len(part), -1)
            first = _units(product(seen, self.first), self.first_scale, self.first_base)
            second = _units(product(first, self.second), self.second_scale, self.second_base)
            odds[start : start + _ROWS] = (second @ self.last) * self.last_scale[0]
        return odds + float(self.last_scale[1]) if len(windows) else odds


def product(rows: Floats, weights: Floats) -> Floats:
    """The product of two matrices, in pieces of at most `_PRODUCTS`."""
    if len(rows) * weights.size <= _PRODUCTS:
        return rows @ weights
    columns = weights.shape[1]
    if columns > _FEW:
        columns = _COLUMNS
    most = max(_PRODUCTS // (len(weights) * columns), 1)
    found = np.empty((len(rows), weights.shape[1]), dtype=np.float32)
    for first in range(0, len(rows), most):
        for column in range(0, weights.shape[1], columns):
            own = slice(first, first + most), slice(column, column + columns)
            found[own] = rows[own[0]] @ weights[:, own[1]]
    return found


def _units(sums: Floats, scale: Floats, base: Floats) -> Floats:
    sums *= scale
    sums += base
    np.rint(sums, out=sums)
    np.maximum(sums, 0, out=sums)
    np.minimum(sums, MOST, out=sums)
    return sums


@cache
def network(table: str, kind: str) -> Network:
    """The one whose parts a table has under the name of this kind; loaded once a process."""
    with np.load(FOLDER / f"{table}.npz") as parts:
        return Network(**{name: parts[f"{kind}_{name}"].astype(np.float32) for name in PARTS})
