"""Where exactly a misread passage begins and ends, which its own gain tells only roughly.

The character beside it looks worse than it is, since its neighbour is misread; and a common
character of the wrong reading looks good within the passage. Both are looked at again, each
between the neighbours that it has as it stands, and as it would have if it were read like the rest.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.mojibake.climbs import Climbs
from jiaokan.validators.mojibake.codepages import EAST_ASIAN
from jiaokan.validators.mojibake.rare import RARE
from jiaokan.validators.mojibake.readings import GAP, Reading
from jiaokan.validators.neighbours import bits_in_rows
from jiaokan.validators.plausibility import alone, likelihood_after

BREAK = ord("\n")
_EDGE = 3.0
"""Bits by which a character beside a passage must be better to be of it."""
_GOOD = 28.0


BitsOf = Callable[[NDArray[np.uint32]], NDArray[np.float64]]
"""The bits of the last one of three neighbours, which are in the second axis."""


class Cells(NamedTuple):
    """A text and its other reading, side by side: cell i is `wrong[old[i]:old[i + 1]]` and
    `right[new[i]:new[i + 1]]`. Nothing passes where `barrier` is."""

    wrong: NDArray[np.uint32]
    right: NDArray[np.uint32]
    old: NDArray[np.intp]
    new: NDArray[np.intp]
    barrier: NDArray[np.bool_]

    def wrong_at(self, at: NDArray[np.intp]) -> NDArray[np.uint32]:
        """The characters at these places of the text; line feeds beyond it."""
        return _at(self.wrong, at)

    def right_at(self, at: NDArray[np.intp]) -> NDArray[np.uint32]:
        """The same of the other reading."""
        return _at(self.right, at)


def _at(codes: NDArray[np.uint32], at: NDArray[np.intp]) -> NDArray[np.uint32]:
    inside = (at >= 0) & (at < len(codes))
    found: NDArray[np.uint32] = np.where(inside, codes[np.where(inside, at, 0)], np.uint32(BREAK))
    return found


def without_spoilt(climbs: Climbs, cells: Cells, right: Reading) -> Climbs:
    """Climbs without characters at either end that are good as they stand: the bytes of one only seem to
    begin or end another, or to be a letter of another script."""
    old, new = cells.old, cells.new
    spoilt = np.append(0, np.cumsum(right.gaps | _is_foreign(right.codes)))
    if not spoilt[-1]:
        return climbs
    first, last, gain = climbs.first.copy(), climbs.last.copy(), climbs.gain
    last -= _end_in_good_ones(first, last, cells, right)
    for step in (-1, 1, -1, 1):
        at = first if step < 0 else last - 1
        begins, ends = new[at], new[at + 1]
        asked = (last - first >= 2) & (spoilt[ends] - spoilt[begins] == ends - begins)
        asked &= (old[at + 1] - old[at] == 1) & (cells.wrong[old[at]] >= 0x80)
        rows = np.flatnonzero(asked)
        if not len(rows):
            continue
        at = at[rows]
        if step > 0:
            within, after = cells.right_at(new[at] - 1), cells.wrong_at(old[at + 1])
            before = np.where(within == GAP, cells.wrong_at(old[at] - 1), within)
        else:
            before, within = cells.wrong_at(old[at] - 1), cells.right_at(new[at + 1])
            after = np.where(within == GAP, cells.wrong_at(old[at + 1]), within)
        seen, meant = (
            bits_in_rows(np.stack((before, each, after), axis=1)).sum(axis=1)
            for each in (cells.wrong[old[at]], cells.right[new[at]])
        )
        compared = (within >= EAST_ASIAN) | (cells.right[new[at]] >= _EAST_OF_EUROPE)
        limit = np.where(right.gaps[new[at]], _GOOD, np.where(compared, meant, 0.0))
        good = rows[seen < limit]
        if step < 0:
            first[good] += 1
        else:
            last[good] -= 1
    return Climbs(first, last, gain)


def _end_in_good_ones(
    first: NDArray[np.intp], last: NDArray[np.intp], cells: Cells, right: Reading
) -> NDArray[np.bool_]:
    """Which climbs end with a cell of two gaps, the second of which is read from an ideograph behind a sign
    for lost bytes that is well followed as it stands."""
    at = last - 1
    gaps = np.append(0, np.cumsum(right.gaps))
    begins, ends = cells.new[at], cells.new[at + 1]
    asked: NDArray[np.bool_] = (last - first >= 2) & (ends - begins == 2)
    asked &= gaps[ends] - gaps[begins] == 2
    final = cells.old[at + 1] - 1
    one, sign = cells.wrong_at(final), cells.wrong_at(final - 1)
    asked &= (one >= 0x3400) & (one < 0xA000) & ((sign == ord("?")) | (sign == GAP))
    rows = np.flatnonzero(asked)
    if len(rows):
        after = cells.wrong_at(final[rows] + 1)
        asked[rows] = -likelihood_after(one[rows], after) < _WELL_FOLLOWED
    return asked


_WELL_FOLLOWED = 9.0


def with_gaps_beside(climbs: Climbs, cells: Cells, right: Reading) -> Climbs:
    """Climbs with the gaps that touch them and stand for characters that text seldom has: they gain nothing
    themselves, but are of what was misread."""
    if not len(climbs.first) or not right.gaps.any():
        return climbs
    old, new = cells.old, cells.new
    counts = np.append(0, np.cumsum(right.gaps))
    all_gaps = counts[new[1:]] - counts[new[:-1]] == np.diff(new)
    bits = -alone()[np.minimum(cells.wrong, 0xFFFF)]
    high = (cells.wrong >= 0x80) & (cells.wrong != GAP)
    rare, others = (
        np.append(0, np.cumsum(each)) for each in (high & (bits >= RARE), high & (bits < RARE))
    )
    misread = all_gaps & ~cells.barrier & (rare[old[1:]] > rare[old[:-1]])
    misread &= others[old[1:]] == others[old[:-1]]
    first, last, gain = climbs.copied()
    for _ in range(_MOST_BESIDE):
        first -= (first > 0) & misread[first - 1]
        last += (last < len(misread)) & misread[np.minimum(last, len(misread) - 1)]
    return Climbs(first, last, gain)


_MOST_BESIDE = 3
_EAST_OF_EUROPE = 0x530
"""From here to the end of what two bytes of UTF-8 are: Armenian, Hebrew, Arabic."""
_REACH = 4
"""Cells on both sides of an end among which it is looked for."""
_WINDOW = np.arange(-_REACH, _REACH + 1)


def widened(climbs: Climbs, cells: Cells, bits_of: BitsOf) -> Climbs:
    """Each climb with its ends where the text is the most probable as a whole, what is outside as it
    stands and what is inside read the other way: common characters of the wrong reading hide beside
    it, and good ones within it. `bits_of` three neighbours tells how probable the last one is."""
    if not len(climbs.first):
        return climbs
    first, last, gain = climbs.copied()
    rows = np.arange(len(first))
    for _ in range(2):
        begun, better = _best_ends(first[rows], last[rows], cells, -1, bits_of)
        ended, more = _best_ends(begun, last[rows], cells, 1, bits_of)
        moved = (begun != first[rows]) | (ended != last[rows])
        first[rows], last[rows] = begun, ended
        gain[rows] += better + more
        # Where the other end of a short one had better be may be another place now.
        rows = rows[moved & (ended - begun <= 2 * _REACH)]
        if not len(rows):
            break
    return _with_lone_cells(Climbs(first, last, gain), cells)


def _best_ends(
    first: NDArray[np.intp],
    last: NDArray[np.intp],
    cells: Cells,
    step: int,
    bits_of: BitsOf,
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Where each climb had better begin, or end where `step` is 1; and the bits by which it is better."""
    places = (first if step < 0 else last)[:, None] + _WINDOW
    inside = (places >= 0) & (places < len(cells.barrier))
    at = np.where(inside, places, 0)
    costs = _Costs(cells, at, step, bits_of)
    before, second, after = np.where(inside, (costs.before, costs.second, costs.after), 0.0)
    bits = np.cumsum(before, axis=1) - before + costs.first
    bits += after.sum(axis=1)[:, None] - np.cumsum(after, axis=1)
    bits[:, :-1] += (second - after)[:, 1:]
    at_end = _are_ends(places, cells, step)
    whole = _are_ends(last if step < 0 else first, cells, -step)[:, None]
    forgiven = np.where(whole, _FORGIVEN, _FORGIVEN_IN_PART)
    costs_more = np.where(at_end, -forgiven, np.where(_WINDOW * step > 0, _EDGE, 0.0))
    costs_more += _TIE * np.abs(_WINDOW)
    narrow = (cells.old[at + 1] - cells.old[at] <= 2) & (cells.new[at + 1] - cells.new[at] == 1)
    usable = inside & narrow & ~cells.barrier[at]
    costs_more[~_can_be_reached(usable, places, first, last, step)] = np.inf
    best = (bits + costs_more).argmin(axis=1)
    rows = np.arange(len(bits))
    better: NDArray[np.float64] = bits[:, _REACH] - bits[rows, best]
    return places[rows, best], better


class _Costs:
    """Bits of each of some cells: before an end, as the first and the second cell after it, and further on."""

    def __init__(self, cells: Cells, at: NDArray[np.intp], step: int, bits_of: BitsOf) -> None:
        old, new = cells.old[at], cells.new[at]
        two = cells.old[at + 1] - old == 2
        one, other, read = cells.wrong[old], cells.wrong_at(old + 1), cells.right[new]
        seen1, seen2 = cells.wrong_at(old - 1), cells.wrong_at(old - 2)
        read1, read2 = cells.right_at(new - 1), cells.right_at(new - 2)
        asked = [(seen2, seen1, one), (seen1, one, other), (read2, read1, read)]
        if step < 0:
            asked += [(seen2, seen1, read), (_of_cell_before(seen1), read1, read)]
        else:
            last_but_one = np.where(_of_cell_before(two), seen2, _of_cell_before(read1))
            asked += [(read2, read1, one), (last_but_one, seen1, one), (read1, one, other)]
        bits = bits_of(np.array([_within_line(*row) for row in asked]))
        then = np.where(two, bits[1], 0.0)
        foreign = np.where(~two & _is_foreign(read) & ~_is_foreign(one), _FOREIGN, 0.0)
        seen, meant = bits[0] + then, bits[2] + foreign
        if step < 0:
            self.before, self.after = seen, meant
            self.first, self.second = bits[3] + foreign, bits[4] + foreign
        else:
            self.before, self.after = meant, seen
            self.first, self.second = bits[3] + np.where(two, bits[5], 0.0), bits[4] + then


def _of_cell_before(values: NDArray[Any]) -> NDArray[Any]:
    return np.concatenate((values[:, :1], values[:, :-1]), axis=1)


def _within_line(
    first: NDArray[np.uint32], second: NDArray[np.uint32], third: NDArray[np.uint32]
) -> tuple[NDArray[np.uint32], ...]:
    """Neighbours of which the first is of the line of the others, or a break."""
    return np.where(second == BREAK, np.uint32(BREAK), first), second, third


def _can_be_reached(
    usable: NDArray[np.bool_],
    places: NDArray[np.intp],
    first: NDArray[np.intp],
    last: NDArray[np.intp],
    step: int,
) -> NDArray[np.bool_]:
    """Which places a climb's end can be moved to, over cells of a character each."""
    middle = _REACH if step < 0 else _REACH - 1  # of what is inside the outermost cell
    reached = np.ones_like(usable)
    inner, outer = usable[:, middle::-step], usable[:, middle + step :: step]
    moved = _REACH + np.arange(1, _REACH + 1) * step
    reached[:, moved] = np.logical_and.accumulate(outer[:, :_REACH], axis=1)
    moved = _REACH - np.arange(1, _REACH + 1) * step
    reached[:, moved] = np.logical_and.accumulate(inner[:, :_REACH], axis=1)
    reached &= (last[:, None] - places >= 2) if step < 0 else (places - first[:, None] >= 2)
    reached[:, _REACH] = True
    return reached


def _are_ends(at: NDArray[np.intp], cells: Cells, step: int) -> NDArray[np.bool_]:
    """Whether ASCII, or nothing, stands before a climb that begins at each cell, or, where `step` is 1,
    after one that ends before it."""
    at = at - 1 if step < 0 else at
    inside = (at >= 0) & (at < len(cells.barrier))
    ends: NDArray[np.bool_] = ~inside | (cells.wrong[cells.old[np.where(inside, at, 0)]] < 0x80)
    return ends


def _is_foreign(codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Whether each is a letter of another script than Chinese has."""
    found: NDArray[np.bool_] = (codes >= 0x80) & (codes < 0x800)
    return found | ((codes >= 0x3040) & (codes < 0x3130))


_FOREIGN = 8.0
_TIE = 1e-3
_FORGIVEN = 10.0
"""Bits that characters may be worse by where all of a run is misread with them: more is misread whole
than in part."""
_FORGIVEN_IN_PART = 4.0
_Climb = tuple[int, int, float]


def _with_lone_cells(climbs: Climbs, cells: Cells) -> Climbs:
    """Those of which something else in their lines may be, looked at one by one."""
    first, last, gain = climbs.copied()
    for row in np.flatnonzero(gain >= _WHOLE).tolist():
        climb = _with_lone((int(first[row]), int(last[row]), float(gain[row])), cells)
        first[row], last[row], gain[row] = climb
    return Climbs(first, last, gain)


_LONE = 2
_WHOLE = 60.0


def _with_lone(climb: _Climb, cells: Cells) -> _Climb:
    """A climb that is most of its line with the one or two other characters of the line, if they
    read about as well that way: marks and numbers that stand by themselves."""
    wrong, right, old, new, barrier = cells
    first, last, gain = climb
    for step in (-1, 1):
        at = first - 1 if step < 0 else last
        lone: list[int] = []
        while 0 <= at < len(barrier) and wrong[old[at]] != BREAK and len(lone) <= _LONE:
            if wrong[old[at]] >= 0x80 or old[at + 1] - old[at] > 1:
                lone.append(at)
            at += step
        if not lone or len(lone) > _LONE or barrier[lone].any():
            continue
        if lone[0] in (first - 1, last):  # beside it, where it has been decided
            continue
        better = 0.0
        for cell in lone:
            seen, meant = wrong[old[cell] : old[cell + 1]], right[new[cell] : new[cell + 1]]
            if len(seen) > 1 or len(meant) > 1:
                break
            before = wrong[old[cell] - 1] if old[cell] else BREAK
            after = wrong[old[cell + 1]] if old[cell + 1] < len(wrong) else BREAK
            rows = [[before, seen[0], after], [before, meant[0], after]]
            bits = bits_in_rows(np.array(rows, dtype=np.uint32)).sum(axis=1)
            better += float(bits[0] - bits[1])
        else:
            if better > -_FORGIVEN:
                first, last = min(first, lone[-1]), max(last, lone[-1] + 1)
                gain += better
    return first, last, gain
