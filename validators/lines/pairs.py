"""Breaks as pairs of lines, of one document or many."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.lines.layout import Flags, Layout, Positions
from jiaokan.validators.lines.words import Column


@dataclass(frozen=True)
class Pairs:
    """Breaks of one document or many: from line `left` to line `right`, furniture between them or not."""

    left: Positions
    right: Positions
    page: Flags
    document: Positions
    documents: int = 1
    """How many documents there are, those without a break counted."""

    def __len__(self) -> int:
        return len(self.left)

    def total(self, flags: NDArray[Any] | None = None) -> Column:
        """The sum of something over the breaks of each document; how many there are, for None."""
        return np.bincount(self.document, flags, self.documents).astype(np.float64)

    def part(self, first: int, end: int, lines: int) -> "Pairs":
        """The breaks from `first` to `end`, all of one document whose first line is `lines`."""
        chosen = slice(first, end)
        left, right = self.left[chosen] - lines, self.right[chosen] - lines
        return Pairs(left, right, self.page[chosen], np.zeros(end - first, dtype=np.intp))


def pairs_of(layout: Layout, furniture: Flags) -> Pairs:
    """Each line that is no furniture with the next of its document that is none."""
    own = np.flatnonzero(~furniture)
    left, right = own[:-1], own[1:]
    same = layout.document[left] == layout.document[right]
    left, right = left[same], right[same]
    page = right - left > 1
    feeds = layout.feeds
    if len(feeds):
        low = np.searchsorted(feeds, layout.last[left])
        page = page | (np.searchsorted(feeds, layout.first[right]) > low)
    return Pairs(left, right, page, layout.document[left], len(layout.view.starts))


def apart(values: NDArray[Any], reach: int, document: Positions) -> tuple[NDArray[Any], Positions]:
    """The values with so many zeros around those of each document, and the places of the values."""
    places = np.arange(len(values), dtype=np.intp) + reach * (document + 1)
    padded = np.zeros(
        len(values) + reach * (int(document[-1]) + 2 if len(values) else 1), values.dtype
    )
    padded[places] = values
    return padded, places
