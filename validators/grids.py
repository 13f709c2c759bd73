"""Each of some characters beside each of some others, for many such sets at once.

What is looked up for one side is looked up once for each character, and only joined for each pair.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.uint32]


class Grids:
    """Pairs of sets: `left`, `right` have those of all end to end. A grid has a row for each on the left."""

    def __init__(self, sets: Sequence[tuple[Codes, Codes]]) -> None:
        self.left = np.concatenate([left for left, _ in sets])
        self.right = np.concatenate([right for _, right in sets])
        self.shapes = [(len(left), len(right)) for left, right in sets]
        heights, self._widths = np.array(self.shapes, dtype=np.intp).T
        sizes = heights * self._widths
        self._starts, self._rows, self._columns = (
            np.cumsum(counts) - counts for counts in (sizes, heights, self._widths)
        )
        self.size = int(sizes.sum())

    def outer(self, operation: np.ufunc, left: NDArray[Any], right: NDArray[Any]) -> NDArray[Any]:
        """What an operation makes of each pair of values, those of one grid after those of the other."""
        found = np.empty(self.size, dtype=left.dtype)
        starts, rows, columns = (
            each.tolist() for each in (self._starts, self._rows, self._columns)
        )
        for (height, width), start, row, column in zip(
            self.shapes, starts, rows, columns, strict=True
        ):
            operation.outer(
                left[row : row + height],
                right[column : column + width],
                out=found[start : start + height * width].reshape(height, width),
            )
        return found

    def sides(self, at: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Where in `left` and `right` the characters of these pairs are."""
        grid = self._starts.searchsorted(at, side="right") - 1
        row, column = np.divmod(at - self._starts[grid], self._widths[grid])
        return self._rows[grid] + row, self._columns[grid] + column

    def parted(self, found: NDArray[Any]) -> list[NDArray[Any]]:
        """What there is of each pair, grid by grid."""
        return [
            found[start : start + height * width].reshape(height, width)
            for (height, width), start in zip(self.shapes, self._starts.tolist(), strict=True)
        ]
