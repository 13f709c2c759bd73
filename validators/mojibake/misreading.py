"""A stretch that was misread; and which of those that overlap is believed."""

from collections.abc import Sequence
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.mojibake.gaps import OwnGaps
from jiaokan.validators.mojibake.segments import Path

_STEP = 15.0
"""Bits by which a path of one step more must be the better."""
_FEW = 3
_START = attrgetter("start")
_NEAR = 12.0
"""Bits by which the reading of so few characters must gain more than any other."""


class Misreading(NamedTuple):
    """`[start, end)` of the text was misread by `paths`, the last misreading first."""

    paths: tuple[Path, ...]
    start: int
    end: int
    codes: NDArray[np.uint32]
    gain: float
    surprise: float
    is_sure: bool
    gaps: OwnGaps | None = None
    """In the positions of the run: of what stands there, and of `codes`."""

    @property
    def count_of_gaps(self) -> int:
        return 0 if self.gaps is None else self.gaps.stop - self.gaps.first

    def moved(self, by: int) -> "Misreading":
        """The same so many code points further on. (`_replace` takes four times as long.)"""
        paths, start, end, codes, gain, surprise, is_sure, gaps = self
        return Misreading(paths, start + by, end + by, codes, gain, surprise, is_sure, gaps)


def chosen(found: Sequence[Misreading]) -> list[Misreading]:
    """Of those that overlap, the one that gains most. Sorted by place.

    Of a few characters nothing, where two paths that gain about the same read them differently.
    """
    placed = sorted(found, key=_START)
    if all(one.end <= next_.start for one, next_ in pairwise(placed)):
        return placed
    ranked = sorted(found, key=lambda item: _STEP * len(item.paths) - item.gain)
    used = bytearray(max(item.end for item in ranked))
    taken: dict[int, Misreading] = {}
    for item in ranked:
        start, end = item.start, item.end
        if used.find(1, start, end) < 0:
            used[start:end] = b"\1" * (end - start)
            taken[start] = item
        elif len(item.codes) <= _FEW and start in taken and _are_rivals(taken[start], item):
            del taken[start]
    return [taken[start] for start in sorted(taken)]


def _are_rivals(best: Misreading, other: Misreading) -> bool:
    """Whether of two readings of the same characters neither is to be believed."""
    alike = best.end == other.end and len(best.paths) == len(other.paths)
    near = best.gain - other.gain < _NEAR and len(best.codes) <= _FEW
    return alike and near and not np.array_equal(best.codes, other.codes)
