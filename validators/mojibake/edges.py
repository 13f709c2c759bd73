"""Where exactly a misread passage begins and ends, which its own gain tells only roughly.

The character beside it looks worse than it is, since its neighbour is misread; and a common
character of the wrong reading looks good within the passage. Both are looked at again, each
between the neighbours that it has as it stands, and as it would have if it were read like the rest.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.mojibake.climbs import Climbs
from jiaokan.validators.mojibake.readings import Reading
from jiaokan.validators.neighbours import bits_in_rows

BREAK = ord("\n")
_EDGE = 3.0
"""Bits by which a character beside a passage must be better to be of it."""
_GOOD = 28.0


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
    """Climbs without the character at either end that is good as it stands: its bytes only seem
    to begin or end one."""
    if not right.gaps.any():
        return climbs
    first, last, gain = climbs.first.copy(), climbs.last.copy(), climbs.gain
    old, new = cells.old, cells.new
    gaps = np.append(0, np.cumsum(right.gaps))
    for step in (-1, 1):
        at = first if step < 0 else last - 1
        begins, ends = new[at], new[at + 1]
        asked = (last - first >= 3) & (gaps[ends] - gaps[begins] == ends - begins)
        asked &= (old[at + 1] - old[at] == 1) & (cells.wrong[old[at]] >= 0x80)
        rows = np.flatnonzero(asked)
        if not len(rows):
            continue
        at = at[rows]
        if step > 0:
            before, after = cells.right_at(new[at] - 1), cells.wrong_at(old[at + 1])
        else:
            before, after = cells.wrong_at(old[at] - 1), cells.right_at(new[at + 1])
        bits = bits_in_rows(np.stack((before, cells.wrong[old[at]], after), axis=1)).sum(axis=1)
        good = rows[bits < _GOOD]
        if step < 0:
            first[good] += 1
        else:
            last[good] -= 1
    return Climbs(first, last, gain)


_TURNS = ((-1, True), (1, True), (-1, False), (1, False))


def widened(climbs: Climbs, cells: Cells) -> Climbs:
    """Each climb without the one or two characters at its ends that fit the text around better as
    they stand, and with those beside it that fit better when they are read as it is: common
    characters of the wrong reading hide there."""
    if not len(climbs.first):
        return climbs
    first, last, gain = climbs.copied()
    for step, inside in (*_TURNS[:2], *_TURNS, *_TURNS[2:]):
        at = (first - 1 if step < 0 else last) + (-step if inside else 0)
        asked = (last - first >= 2 + inside) & (at >= 0) & (at < len(cells.barrier))
        rows = np.flatnonzero(asked)
        rows = rows[~cells.barrier[at[rows]]]
        at = at[rows]
        wide = cells.old[at + 1] - cells.old[at]
        narrow = (wide <= 2) & (cells.new[at + 1] - cells.new[at] <= 1)
        rows, at, wide = rows[narrow], at[narrow], wide[narrow]
        if not len(rows):
            continue
        better = _better_read(cells, at, wide == 2, step)
        if inside:
            worse = better < 0
            rows, better = rows[worse], better[worse]
            gain[rows] -= better
            if step < 0:
                first[rows] += 1
            else:
                last[rows] -= 1
        else:
            held = better > _EDGE
            rows, at, better = rows[held], at[held], better[held]
            gain[rows] += better
            first[rows] = np.minimum(first[rows], at)
            last[rows] = np.maximum(last[rows], at + 1)
    return _with_ends(Climbs(first, last, gain), cells)


def _better_read(
    cells: Cells, at: NDArray[np.intp], two: NDArray[np.bool_], step: int
) -> NDArray[np.float64]:
    """Bits by which cells at the edge of a passage, which lies to the right of them where `step`
    is -1, are the better for being read like it. `two`: the cell is of two characters."""
    old, new = cells.old[at], cells.new[at]
    then = cells.old[at + 1]
    before = cells.right_at(new - 1) if step > 0 else cells.wrong_at(old - 1)
    before = np.where(at > 0, before, np.uint32(BREAK))
    after = cells.right_at(cells.new[at + 1]) if step < 0 else cells.wrong_at(then)
    seen, meant = cells.wrong[old], cells.right[new]
    second = np.where(two, cells.wrong_at(old + 1), after)
    rows = np.stack((before, meant, after, after, before, seen, second, after), axis=1)
    bits = -bits_in_rows(rows.reshape(-1, 4)).reshape(-1, 2, 3)
    better: NDArray[np.float64] = bits[:, 0, :2].sum(axis=1) - bits[:, 1, :2].sum(axis=1)
    better -= np.where(two, bits[:, 1, 2], 0)
    better -= np.where(~two & _is_foreign(meant) & ~_is_foreign(seen), _FOREIGN, 0)
    return better


def _is_foreign(codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Whether each is a letter of another script than Chinese has."""
    found: NDArray[np.bool_] = (codes >= 0x80) & (codes < 0x530)
    return found | ((codes >= 0x3040) & (codes < 0x3130))


_FOREIGN = 8.0
_SHORT = 3
_FORGIVEN = 10.0
"""Bits that characters may be worse by where all of a run is misread with them."""
_FORGIVEN_IN_PART = 4.0
_CLEAR = 12.0


def _with_ends(climbs: Climbs, cells: Cells) -> Climbs:
    """Those with characters beside them that may be of them, looked at one by one."""
    first, last, gain = climbs.copied()
    size = len(cells.barrier)
    left = (first > 0) & ~cells.barrier[np.maximum(first - 1, 0)]
    left &= cells.wrong[cells.old[np.maximum(first - 1, 0)]] >= 0x80
    inside = np.minimum(last, size - 1)
    right = (last < size) & ~cells.barrier[inside] & (cells.wrong[cells.old[inside]] >= 0x80)
    for row in np.flatnonzero((gain >= _CLEAR) & (left | right)).tolist():
        climb = _to_the_end((int(first[row]), int(last[row]), float(gain[row])), cells)
        first[row], last[row], gain[row] = climb
    for row in np.flatnonzero(gain >= _WHOLE).tolist():
        climb = _with_lone((int(first[row]), int(last[row]), float(gain[row])), cells)
        first[row], last[row], gain[row] = climb
    return Climbs(first, last, gain)


_Climb = tuple[int, int, float]


def _to_the_end(climb: _Climb, cells: Cells) -> _Climb:
    """A climb with the few characters that are left to the end of the line, or to ASCII, if
    they read nearly as well that way: more is misread whole than in part."""
    wrong, right, old, new, barrier = cells
    first, last, gain = climb
    for step in (-1, 1):
        at = first if step < 0 else last
        inner = at
        while abs(at - inner) <= _SHORT:
            beside = at - 1 if step < 0 else at
            if not 0 <= beside < len(barrier) or wrong[old[beside]] < 0x80:
                break
            if barrier[beside]:
                at = inner
                break
            at += step
        if at == inner or abs(at - inner) > _SHORT:
            continue
        low, high = min(at, inner), max(at, inner)
        before = wrong[old[low] - 1] if old[low] else BREAK
        after = (
            right[new[high]] if step < 0 else (wrong[old[high]] if high < len(barrier) else BREAK)
        )
        if step > 0:
            before = right[new[low] - 1]
        ends = np.array([after], dtype=np.uint32)
        start = np.array([before], dtype=np.uint32)
        meant = np.concatenate((start, right[new[low] : new[high]], ends))
        seen = np.concatenate((start, wrong[old[low] : old[high]], ends))
        better = float(bits_in_rows(seen[None]).sum() - bits_in_rows(meant[None]).sum())
        far = last if step < 0 else first - 1
        whole = not 0 <= far < len(barrier) or wrong[old[far]] < 0x80
        if better > (-_FORGIVEN if whole else -_FORGIVEN_IN_PART):
            first, last, gain = min(first, low), max(last, high), gain + better
    return first, last, gain


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
