"""Undoing a wrong reading, and where in a text it pays.

A piece of text is turned back into the bytes it was read from and these are read rightly. Both
readings are scored; a segment is where the right reading gains on the wrong one all the way.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.mojibake.climbs import BARRIER, Climbs, bridged, climbs_of, with_well_formed
from jiaokan.validators.mojibake.codepages import (
    EAST_ASIAN,
    HALF_MENDED,
    SIBLINGS,
    SINGLE,
    Unread,
    of_sibling,
    page,
    unread,
)
from jiaokan.validators.mojibake.edges import (
    BREAK,
    Cells,
    widened,
    with_gaps_beside,
    without_spoilt,
)
from jiaokan.validators.mojibake.gaps import Gaps, packed
from jiaokan.validators.mojibake.half_mended import uneven, unread_half_mended
from jiaokan.validators.mojibake.holes import with_private_pairs
from jiaokan.validators.mojibake.out_of_step import in_step, with_dropped
from jiaokan.validators.mojibake.readings import GAP, IN_PAIRS, Gone, Reading, read, read_pairs
from jiaokan.validators.mojibake.segments import BITS_OF_HIGH_BYTE, Least, Path, Segments
from jiaokan.validators.neighbours import bits_after_one, bits_of_third
from jiaokan.validators.plausibility import alone, log_likelihood

DROP = 14.0
"""Bits that a segment may lose on the way before it ends."""
_NEVER = -60.0
OF_A_GAP = -10.0
OF_A_PAIR = -2 * BITS_OF_HIGH_BYTE
"""Of a gap in pairs of bytes, where any byte can be left: it tells nothing."""
_BY_EDGES = 8.0
"""Bits that a segment may gain when its edges are looked at again."""


_WHATEVER = Least()


def segments_of(
    codes: NDArray[np.uint32],
    path: Path,
    least: Least = _WHATEVER,
    *,
    likelihood: NDArray[np.float32] | None = None,
    drop: float = DROP,
    below: bool = False,
) -> Segments:
    """The segments of a text where undoing `path` gains; each within one line.

    `likelihood` of the text, where it is known. `below`: what comes out may be misread itself.
    """
    half = path.wrong == HALF_MENDED
    back = unread_half_mended(codes, path.true) if half else unread(codes, page(path.wrong))
    marks: NDArray[np.uint8] | None = None
    if path == _SPACED:
        _restore_spaces(back.data, below)
    elif path == _QUOTED:
        back, marks = with_private_pairs(back)
    gone = Gone(path.wrong in SINGLE, below, path.wrong)
    right = _read(codes, back, path, gone)
    right = _with_other_pairs(codes, path, back, right)
    if path.wrong in SIBLINGS:
        right = _with_sibling(codes, path, back, right, gone)
    if path.true != "utf8" and path.wrong not in SINGLE:
        right = with_dropped(right, back, codes, path.true, path.wrong)
    signs = back.data if marks is None else np.where(marks > 0, marks, back.data)
    at_old = np.zeros(len(back.data) + 1, dtype=np.bool_)
    at_old[back.starts] = True
    is_joint = at_old[right.starts]
    joint = right.starts[is_joint]
    new = np.flatnonzero(is_joint)
    ordinal = np.zeros(len(back.data) + 1, dtype=np.bool_)
    ordinal[joint] = True
    old = np.flatnonzero(ordinal[back.starts])

    lone = (old[1:] - old[:-1] == 1) & (new[1:] - new[:-1] == 1)
    firsts = codes[old[:-1]]
    changed = ~lone | (firsts != right.codes[new[:-1]])
    barrier = _any_within(back.foreign & (codes != 0xFFFD), old)
    barrier |= _any_within(right.wrong, new)
    barrier |= firsts == BREAK
    if not (changed & ~barrier).any():
        return _none_of(path)
    old_bits = _running(log_likelihood(codes) if likelihood is None else likelihood)
    meant = log_likelihood(right.codes)
    meant[right.wrong] = _NEVER
    meant[right.gaps] = OF_A_GAP if path.true == "utf8" else OF_A_PAIR
    new_bits = _running(meant)
    gains = np.diff(new_bits[new] - old_bits[old])
    if half:
        barrier |= _any_within(uneven(right.codes, meant), new)
    same = ~changed
    gains[same] = np.clip(gains[same], -4, 0)
    gains[barrier] = BARRIER
    climbs = climbs_of(gains, drop)
    if path.true == "utf8":
        climbs = with_well_formed(climbs, gains, changed & ~barrier, changed)
        widths = joint[climbs.last] - joint[climbs.first]
        climbs = climbs.of((climbs.gain >= least.gain) | (widths >= least.high_bytes))
    else:
        climbs = bridged(climbs, gains)
        climbs = climbs.of(climbs.gain >= least.gain - _BY_EDGES)
    if not len(climbs.first):
        return _none_of(path)
    cells = Cells(codes, right.codes, old, new, barrier)
    measures = _Measures(right, meant, new)
    if path.true == "utf8":
        climbs = without_spoilt(climbs, cells, right)
        if path.wrong not in SINGLE:
            climbs = with_gaps_beside(climbs, cells, right)
    else:
        climbs = climbs.of(measures.surprise(climbs) >= least.surprise - _BY_EDGES)
        climbs = widened(climbs, cells, bits_after_one)
        likely = measures.surprise(climbs) >= least.surprise + _BY_EDGES
        if likely.any():
            climbs = climbs.replaced(likely, widened(climbs.of(likely), cells, bits_of_third))
    if not len(climbs.first):
        return _none_of(path)
    found = _measured(path, climbs, cells, right, measures, signs)
    counts = (found.gain >= least.gain) & (found.surprise >= least.surprise)
    return found.of(counts | (found.high_bytes >= least.high_bytes))


@cache
def _none_of(path: Path) -> Segments:
    places, bits = np.empty(0, dtype=np.intp), np.empty(0, dtype=np.float64)
    codes = np.empty(0, dtype=np.uint32)
    gaps = Gaps(places, places, places, places, places, codes)
    return Segments(path, *(places,) * 4, bits, bits, places, codes, gaps)


class _Measures:
    """What tells how good climbs are: the bits of the characters of the right reading that are not ASCII,
    and the bytes that stood for them."""

    def __init__(
        self, right: Reading, likelihood: NDArray[np.float32], new: NDArray[np.intp]
    ) -> None:
        high = right.codes >= 0x80
        self._costs = _running(np.where(high, -likelihood, 0))[new]
        self._widths = _running(np.where(high, np.diff(right.starts), 0))[new]

    def costs(self, climbs: Climbs) -> NDArray[np.float64]:
        costs: NDArray[np.float64] = self._costs[climbs.last] - self._costs[climbs.first]
        return costs

    def widths(self, climbs: Climbs) -> NDArray[np.intp]:
        return (self._widths[climbs.last] - self._widths[climbs.first]).astype(np.intp)

    def surprise(self, climbs: Climbs) -> NDArray[np.float64]:
        """See `Segments.surprise`."""
        return BITS_OF_HIGH_BYTE * self.widths(climbs) - self.costs(climbs)


def _measured(
    path: Path,
    climbs: Climbs,
    cells: Cells,
    right: Reading,
    measures: _Measures,
    data: NDArray[np.uint8],
) -> Segments:
    """Climbs as segments, with what tells how good they are."""
    old, new = cells.old, cells.new
    at = np.flatnonzero(right.gaps)
    cell = np.searchsorted(new, at, side="right") - 1
    gaps = Gaps(
        at, new[cell], new[cell + 1], old[cell], old[cell + 1],
        packed(data, right.starts[at], right.starts[at + 1]),
    )  # fmt: skip
    return Segments(
        path, old[climbs.first], old[climbs.last], new[climbs.first], new[climbs.last], climbs.gain,
        measures.costs(climbs), measures.widths(climbs), right.codes, gaps, cells,
    )  # fmt: skip


def _any_within(flags: NDArray[np.bool_], bounds: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Whether any is set from each bound to the next."""
    found = np.zeros(len(bounds) - 1, dtype=np.bool_)
    at = np.flatnonzero(flags)
    found[np.searchsorted(bounds, at, side="right") - 1] = True
    return found


_SPACED = Path("utf8", "latin1")
_QUOTED = Path("utf8", "gbk")


def _restore_spaces(data: NDArray[np.uint8], below: bool) -> None:
    """Spaces that must have been no-break spaces, the byte A0, before HTML or an editor made them plain:
    those that a Han character's other bytes lack (`ä½ ` is 你), and is none that is far rarer than what a
    byte that is gone before a space leaves (`ä¸ ` is 不). `below`: of what is misread twice, too."""
    at = np.flatnonzero(data == 0x20)
    at = at[(at >= 2) & (at < len(data) - 1)]
    lead, before, after = data[at - 2], data[at - 1], data[at + 1]
    third = (lead >= 0xE3) & (lead <= 0xE9) & (before >= 0x80) & (before < 0xC0)
    if third.any():
        third[third] = _is_likely_third(lead[third], before[third])
    second = (before >= 0xE4) & (before <= 0xE9) & (after >= 0x80) & (after < 0xC0)
    restored = third | second
    if below:  # C2 A0, and Š (C5 A0) and the dagger (E2 80 A0), which the bytes 8A and 86 are
        short = (before == 0xC2) | (before == 0xC5) | ((lead == 0xE2) & (before == 0x80))
        restored |= short & (after >= 0x80)
    data[at[restored]] = 0xA0


_UNSEEN = np.array((0x81, 0x8D, 0x8F, 0x90, 0x9D), dtype=np.uint32)
_RARER_THAN_GONE = 4.0


def _is_likely_third(lead: NDArray[np.uint8], second: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Whether A0 as third byte makes a character about as common as those bytes that are easily lost."""
    first = (lead.astype(np.uint32) & 15) << 12 | (second.astype(np.uint32) & 63) << 6
    gone = alone()[first[:, None] | (_UNSEEN & 63)].max(axis=1)
    likely: NDArray[np.bool_] = alone()[first | 0x20] > gone - _RARER_THAN_GONE
    return likely


def _read(codes: NDArray[np.uint32], back: Unread, path: Path, gone: Gone = IN_PAIRS) -> Reading:
    if path.true == "utf8":
        return read(back.data, path.true, gone)
    if path.wrong in ("gbk", "big5", "euc-kr"):
        return in_step(read_pairs(back, path.true), back, codes, path.true)
    # Nothing pairs off with what the page has not.
    back.data[back.starts[:-1][back.foreign & (codes != GAP)]] = 0
    found = read(back.data, path.true, gone)
    return in_step(found, back, codes, path.true) if path.wrong == "shift-jis" else found


def _with_other_pairs(
    codes: NDArray[np.uint32], path: Path, back: Unread, right: Reading
) -> Reading:
    """The reading where a character that two pairs of bytes stand for is read from the other
    pair, if that is the one that fits. The bytes of `back` are changed."""
    others = page(path.wrong).others[np.minimum(codes, 0xFFFF)]
    at = np.flatnonzero(others)
    if not len(at):
        return right
    breaks = np.flatnonzero(codes == BREAK)
    line = np.searchsorted(breaks, at)
    bounds = back.starts[np.concatenate(([0], breaks + 1, [len(codes)]))]
    # Two in a row may need different pairs: every other one of a line at a time, and the first of
    # two, whose reading the second may have spoilt, once more.
    is_odd = (np.arange(len(at)) - np.searchsorted(line, line)) % 2 == 1
    for chosen in (~is_odd, is_odd, ~is_odd) if is_odd.any() else (~is_odd,):
        turn, of = at[chosen], line[chosen]
        bad = _badness(right)
        begins = back.starts[turn]
        low, high = np.maximum(begins - 4, bounds[of]), np.minimum(begins + 6, bounds[of + 1])
        first = back.data[begins], back.data[begins + 1]
        back.data[begins], back.data[begins + 1] = others[turn] >> 8, others[turn] & 0xFF
        other = _read(codes, back, path)
        again = _badness(other)
        worse = again[high] - again[low] >= bad[high] - bad[low]
        back.data[begins[worse]], back.data[begins[worse] + 1] = first[0][worse], first[1][worse]
        if not worse.all():
            right = _read(codes, back, path) if worse.any() else other
    return right


_RARER = 6.0
"""Bits by which a stretch must read better by a page's sibling, which is far rarer than the page."""
_DOUBTFUL = 1.0
"""Bits by which it must read better by the page for the sibling to be out of the question."""
_BAD = 40.0
"""Bits of what is no character."""
_ROUNDED = 1e-3
"""Less than this is what running sums over other stretches leave of nothing."""


def _with_sibling(
    codes: NDArray[np.uint32], path: Path, back: Unread, right: Reading, gone: Gone
) -> Reading:
    """The reading where `€`, `š` and the like were other bytes, those of ISO 8859-15 or -2. The bytes of
    `back` are changed.

    Each stretch is read both ways. Where it cannot be told which it was, all of it counts as wrong.
    """
    other = of_sibling(codes, path.wrong)
    if other is None:
        return right
    places = back.starts[other.at]
    before = back.data[places]
    bounds = back.starts[np.append(np.flatnonzero(np.diff(other.stretch, prepend=-1)), len(codes))]
    bad = _badness(right, path)
    back.data[places] = other.bytes_of
    again = _read(codes, back, path, gone)
    gains = np.diff(bad[bounds]) - np.diff(_badness(again, path)[bounds])
    of_stretch = other.stretch[other.at]
    certain = np.zeros(len(gains), dtype=np.bool_)
    certain[of_stretch[other.certain]] = True
    taken = gains > np.where(certain, -_RARER, _RARER)
    kept = taken[of_stretch]
    if not kept.all():
        back.data[places[~kept]] = before[~kept]
        again = _read(codes, back, path, gone) if kept.any() else right
    doubtful = ~taken & (gains > -_DOUBTFUL) & (np.abs(gains) > _ROUNDED)
    if doubtful.any():
        again.wrong[doubtful[np.searchsorted(bounds, again.starts[:-1], side="right") - 1]] = True
    return again


def _badness(reading: Reading, path: Path | None = None) -> NDArray[np.float64]:
    """Running sum, byte by byte, of the bits of the characters that begin there; for UTF-8, where a
    path is given, without Europe's letters, of which the model knows too little."""
    bits = -log_likelihood(reading.codes)
    if path is not None:
        if path.true == "utf8":
            bits[reading.codes < EAST_ASIAN] = 0
        bits[reading.gaps] = _BAD  # which may take in good text that follows
    bits[reading.wrong] = _BAD
    sums = np.zeros(reading.starts[-1] + 1)
    sums[reading.starts[:-1] + 1] = bits
    return np.cumsum(sums)


def _running(likelihood: NDArray[np.float32 | np.intp]) -> NDArray[np.float64]:
    sums = np.zeros(len(likelihood) + 1)
    np.cumsum(likelihood, out=sums[1:])
    return sums
