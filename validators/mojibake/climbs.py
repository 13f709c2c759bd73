"""Where reading a text the other way pays: runs of steps that gain on the whole.

A text and its other reading are laid side by side in cells, from one place where both begin a
character to the next. A cell gains the bits by which the other reading is the more probable.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

BARRIER = -1024.0
"""The gain of a cell that nothing passes. (A power of two: sums of gains stay exact.)"""
_HOLE = 2
_BRIDGE = 30.0
_ENOUGH = 6
"""Changed characters in a row that are well-formed UTF-8 are no chance, whatever they say."""


class Climbs(NamedTuple):
    """Cells `[first, last)`, and what they gain; a row a climb."""

    first: NDArray[np.intp]
    last: NDArray[np.intp]
    gain: NDArray[np.float64]

    def of(self, rows: NDArray[np.bool_]) -> "Climbs":
        return Climbs(self.first[rows], self.last[rows], self.gain[rows])

    def replaced(self, rows: NDArray[np.bool_], by: "Climbs") -> "Climbs":
        """Those of these rows replaced."""
        first, last, gain = self.copied()
        first[rows], last[rows], gain[rows] = by
        return Climbs(first, last, gain)

    def copied(self) -> "Climbs":
        return Climbs(self.first.copy(), self.last.copy(), self.gain.copy())


def climbs_of(gains: NDArray[np.float64], drop: float) -> Climbs:
    """Runs of cells that gain on the whole and nowhere lose more than `drop` on the way, from the
    first cell that gains to the last."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], gains > 0, [False]))))
    starts, ends = edges[::2], edges[1::2]
    if not len(starts):
        return Climbs(starts, ends, np.zeros(0))
    running = np.append(0.0, np.cumsum(gains))
    ups = running[ends] - running[starts]
    downs = running[np.append(starts[1:], len(gains))] - running[ends]
    # What loses that much at once ends whatever climb comes before it: most climbs are a run alone.
    ending = downs < -drop
    ending[-1] = True
    alone = ending & np.append(True, ending[:-1])
    firsts = np.flatnonzero(alone)
    lasts, found = firsts, ups[firsts]
    if not alone.all():
        rows = np.flatnonzero(~alone)
        more = _climbed(ups[rows].tolist(), np.where(ending, -np.inf, downs)[rows].tolist(), drop)
        order = np.argsort(np.concatenate((firsts, rows[more.first])), kind="stable")
        firsts = np.concatenate((firsts, rows[more.first]))[order]
        lasts = np.concatenate((lasts, rows[more.last]))[order]
        found = np.concatenate((found, more.gain))[order]
    return Climbs(starts[firsts], ends[lasts], found)


def _climbed(ups: list[float], downs: list[float], drop: float) -> Climbs:
    """The climbs over these runs and what is lost between them, in numbers of runs."""
    firsts: list[int] = []
    lasts: list[int] = []
    found: list[float] = []
    at, count = 0, len(ups)
    while at < count:
        last = run = at
        total = best = ups[at]
        while True:
            total += downs[run]
            run += 1
            if best - total > drop or run == count:
                break
            total += ups[run]
            if total > best:
                best, last = total, run
        firsts.append(at)
        lasts.append(last)
        found.append(best)
        at = last + 1
    return Climbs(np.array(firsts, dtype=np.intp), np.array(lasts, dtype=np.intp), np.array(found))


def bridged(climbs: Climbs, gains: NDArray[np.float64]) -> Climbs:
    """Climbs with one or two characters between them, which happen to be a good word, as one: two
    ends within a word are less likely than such a chance."""
    first, last, gain = climbs
    near = (first[1:] - last[:-1] <= _HOLE) & (gain[1:] > _BRIDGE) & (gain[:-1] > _BRIDGE)
    if not near.any():
        return climbs
    running = np.append(0.0, np.cumsum(gains))
    lost = running[first[1:]] - running[last[:-1]]
    near &= lost > -_BRIDGE
    group = np.append(0, np.cumsum(~near))
    begins = np.flatnonzero(np.append(True, ~near))
    between = np.bincount(group[1:], np.where(near, lost, 0.0), group[-1] + 1)
    sums: NDArray[np.float64] = np.bincount(group, gain).astype(np.float64) + between
    ends = np.append(begins[1:], len(first)) - 1
    return Climbs(first[begins], last[ends], sums)


def with_well_formed(
    climbs: Climbs,
    gains: NDArray[np.float64],
    fits: NDArray[np.bool_],
    changed: NDArray[np.bool_],
) -> Climbs:
    """With runs that go back to well-formed UTF-8 and yet do not gain: more than one misreading
    lies upon them."""
    running = np.append(0, np.cumsum(fits))
    edges = np.flatnonzero(np.diff(np.concatenate(([0], gains > BARRIER + 24, [0]))))
    starts, ends = edges[::2], edges[1::2]
    many = running[ends] - running[starts] >= _ENOUGH
    if not many.any():
        return climbs
    starts, ends = starts[many], ends[many]
    at = np.flatnonzero(changed)
    first = at[np.searchsorted(at, starts)]
    last = at[np.searchsorted(at, ends) - 1] + 1
    depth = np.zeros(len(gains) + 1, dtype=np.intp)
    np.add.at(depth, climbs.first, 1)
    np.add.at(depth, climbs.last, -1)
    covered = np.append(0, np.cumsum((np.cumsum(depth[:-1]) > 0) & changed))
    count = np.append(0, np.cumsum(changed))
    more = covered[last] - covered[first] < 0.9 * (count[last] - count[first])
    first, last = first[more], last[more]
    total = np.append(0.0, np.cumsum(gains))
    return Climbs(
        np.concatenate((climbs.first, first)),
        np.concatenate((climbs.last, last)),
        np.concatenate((climbs.gain, total[last] - total[first])),
    )
