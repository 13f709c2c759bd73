"""Undoing a wrong reading, and where in a text it pays.

A piece of text is turned back into the bytes it was read from and these are read rightly. Both
readings are scored; a segment is where the right reading gains on the wrong one all the way.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.mojibake.codepages import Unread, page, unread
from jiaokan.validators.mojibake.edges import BREAK, Climb, bridged, widened, without_spoilt
from jiaokan.validators.mojibake.readings import Encoding, Reading, read, read_pairs
from jiaokan.validators.plausibility import log_likelihood

DROP = 14.0
"""Bits that a segment may lose on the way before it ends."""
_NEVER = -60.0
_OF_A_GAP = -10.0
_BITS_OF_HIGH_BYTE = 7.25


class Path(NamedTuple):
    """A wrong reading: what the text was, and what it was read as."""

    true: Encoding
    wrong: str


PATHS: tuple[Path, ...] = (
    *(Path("utf8", w) for w in ("gbk", "latin1", "big5", "cp437", "shift-jis", "euc-kr", "koi8r")),
    *(Path("gbk", w) for w in ("latin1", "cp437", "big5", "shift-jis", "euc-kr", "koi8r")),
    *(Path("big5", w) for w in ("gbk", "latin1")),
)


class Gap(NamedTuple):
    """A character of which bytes are lost, with the characters that it shares bytes with.

    `[start, end)` of the text stands for `codes[first:last]`; in there `place` is the gap's, and
    `raw` its bytes, those lost being `?`, `LOST`, or not there.
    """

    place: int
    first: int
    last: int
    start: int
    end: int
    raw: bytes

    def moved(self, by: int) -> "Gap":
        place, first, last, start, end, raw = self
        return Gap(place, first, last, start + by, end + by, raw)


class Segment(NamedTuple):
    """`[start, end)` of the text, read as it was meant: `codes`, a gap being U+FFFD."""

    path: Path
    start: int
    end: int
    codes: NDArray[np.uint32]
    gain: float
    """Bits by which the right reading is the more probable."""
    cost: float
    """Bits of the characters of the right reading that are not ASCII."""
    high_bytes: int
    """Bytes that stood for them."""
    gaps: tuple[Gap, ...]

    @property
    def surprise(self) -> float:
        """How far from chance it is that these bytes, were they arbitrary, read this well."""
        return _BITS_OF_HIGH_BYTE * self.high_bytes - self.cost

    def moved(self, by: int) -> "Segment":
        gaps = tuple(gap.moved(by) for gap in self.gaps)
        return self._replace(start=self.start + by, end=self.end + by, gaps=gaps)


class Least(NamedTuple):
    """What a segment must have to count: so much gain and surprise, or so many high bytes."""

    gain: float = -np.inf
    surprise: float = -np.inf
    high_bytes: float = np.inf


_WHATEVER = Least()


def segments_of(
    codes: NDArray[np.uint32], path: Path, least: Least = _WHATEVER, *, drop: float = DROP
) -> list[Segment]:
    """The segments of a text where undoing `path` gains; each within one line."""
    back = unread(codes, page(path.wrong))
    if path == _SPACED:
        _restore_spaces(back.data)
    right = _read(back, path)
    right = _with_other_pairs(codes, path, back, right)
    at_old = np.zeros(len(back.data) + 1, dtype=np.bool_)
    at_old[back.starts] = True
    joint = right.starts[at_old[right.starts]]
    old = np.searchsorted(back.starts, joint)
    new = np.searchsorted(right.starts, joint)

    old_bits = _running(log_likelihood(codes))
    likelihood = log_likelihood(right.codes)
    likelihood[right.wrong] = _NEVER
    likelihood[right.gaps] = _OF_A_GAP
    new_bits = _running(likelihood)
    gains = np.diff(new_bits[new] - old_bits[old])
    lone = (np.diff(old) == 1) & (np.diff(new) == 1)
    changed = ~lone
    firsts = codes[old[:-1]]
    changed[lone] = firsts[lone] != right.codes[new[:-1]][lone]
    barrier = np.add.reduceat((back.foreign & (codes != 0xFFFD)), old[:-1]) > 0
    barrier |= np.add.reduceat(right.wrong, new[:-1]) > 0
    barrier |= firsts == BREAK
    gains[~changed] = np.clip(gains[~changed], -4, 0)
    gains[barrier] = -1e4
    climbs = _climbs(gains.tolist(), changed.tolist(), drop)
    if path.true == "utf8":
        climbs = _with_well_formed(climbs, gains, changed & ~barrier, changed)
        climbs = [without_spoilt(climb, codes, right, (old, new)) for climb in climbs]
    else:
        climbs = bridged(climbs, gains)
        climbs = widened(climbs, (codes, right.codes), (old, new), barrier)
    high = right.codes >= 0x80
    costs = _running(np.where(high, -likelihood, 0))
    widths = _running(np.where(high, np.diff(right.starts), 0))
    ends = np.array([(first, last) for first, last, _ in climbs], dtype=np.intp).reshape(-1, 2)
    gain = np.array([gain for _, _, gain in climbs], dtype=np.float64)
    cost = np.diff(costs[new[ends]])[:, 0]
    high_bytes = np.diff(widths[new[ends]])[:, 0].astype(np.intp)
    counts = (gain >= least.gain) & (_BITS_OF_HIGH_BYTE * high_bytes - cost >= least.surprise)
    counts |= high_bytes >= least.high_bytes
    ends = ends[counts]
    values = gain[counts].tolist(), cost[counts].tolist(), high_bytes[counts].tolist()
    gap_at = np.flatnonzero(right.gaps)
    cells = np.searchsorted(new, gap_at, side="right") - 1
    gaps = list(zip(
        gap_at.tolist(), new[cells].tolist(), new[cells + 1].tolist(),
        old[cells].tolist(), old[cells + 1].tolist(),
        right.starts[gap_at].tolist(), right.starts[gap_at + 1].tolist(), strict=True,
    ))  # fmt: skip
    data = back.data.tobytes() if gaps else b""
    spans = old[ends].tolist(), new[ends].tolist(), np.searchsorted(gap_at, new[ends]).tolist()
    return [
        Segment(
            path, start, end, right.codes[begin:stop], gained, bits, bytes_,
            tuple(
                Gap(at - begin, first - begin, last - begin, here, there, data[one:other])
                for at, first, last, here, there, one, other in gaps[low:top]
            ),
        )
        for (start, end), (begin, stop), (low, top), gained, bits, bytes_ in zip(
            *spans, *values, strict=True
        )
    ]  # fmt: skip


_SPACED = Path("utf8", "latin1")


def _restore_spaces(data: NDArray[np.uint8]) -> None:
    """Spaces that must have been no-break spaces, the byte A0, before HTML or an editor made them plain:
    those that a Han character's other bytes lack (`ä½ ` is 你)."""
    at = np.flatnonzero(data == 0x20)
    at = at[(at >= 2) & (at < len(data) - 1)]
    lead, before, after = data[at - 2], data[at - 1], data[at + 1]
    third = (lead >= 0xE3) & (lead <= 0xE9) & (before >= 0x80) & (before < 0xC0)
    second = (before >= 0xE4) & (before <= 0xE9) & (after >= 0x80) & (after < 0xC0)
    data[at[third | second]] = 0xA0


def _read(back: Unread, path: Path) -> Reading:
    if path.true != "utf8" and path.wrong in ("gbk", "big5", "euc-kr"):
        return read_pairs(back, path.true)
    return read(back.data, path.true)


def _with_other_pairs(
    codes: NDArray[np.uint32], path: Path, back: Unread, right: Reading
) -> Reading:
    """The reading where a character that two pairs of bytes stand for is read from the other
    pair, if that is the one that fits. The bytes of `back` are changed."""
    others = page(path.wrong).others[np.minimum(codes, 0xFFFF)]
    at = np.flatnonzero(others)
    if not len(at):
        return right
    # Two in a row may need different pairs: every other one at a time.
    for turn in (at[::2], at[1::2]):
        bad = _badness(right)
        begins = back.starts[turn]
        low, high = np.maximum(begins - 4, 0), np.minimum(begins + 6, len(back.data))
        first = back.data[begins], back.data[begins + 1]
        back.data[begins], back.data[begins + 1] = others[turn] >> 8, others[turn] & 0xFF
        other = _read(back, path)
        again = _badness(other)
        worse = again[high] - again[low] >= bad[high] - bad[low]
        back.data[begins[worse]], back.data[begins[worse] + 1] = first[0][worse], first[1][worse]
        if not worse.all():
            right = _read(back, path) if worse.any() else other
    return right


def _badness(reading: Reading) -> NDArray[np.float64]:
    """Running sum, byte by byte, of the bits of the characters that begin there."""
    bits = -log_likelihood(reading.codes)
    bits[reading.wrong] = 40
    sums = np.zeros(reading.starts[-1] + 1)
    sums[reading.starts[:-1] + 1] = bits
    return np.cumsum(sums)


def _running(likelihood: NDArray[np.float32 | np.intp]) -> NDArray[np.float64]:
    sums = np.zeros(len(likelihood) + 1)
    np.cumsum(likelihood, out=sums[1:])
    return sums


def _climbs(gains: list[float], changed: list[bool], drop: float) -> list[Climb]:
    """Runs of steps that gain on the whole and nowhere lose more than `drop`, from the first
    changed step that gains to the last."""
    found = []
    at, count = 0, len(gains)
    while at < count:
        if gains[at] <= 0 or not changed[at]:
            at += 1
            continue
        start, total, best, best_end = at, 0.0, 0.0, at
        while at < count:
            gain = gains[at]
            total += gain
            if total > best and changed[at]:
                best, best_end = total, at + 1
            elif best - total > drop:
                break
            at += 1
        found.append((start, best_end, best))
        at = best_end
    return found


_ENOUGH = 6
"""Changed characters in a row that are well-formed UTF-8 are no chance, whatever they say."""


def _with_well_formed(
    climbs: list[Climb],
    gains: NDArray[np.float64],
    fits: NDArray[np.bool_],
    changed: NDArray[np.bool_],
) -> list[Climb]:
    """With runs that go back to well-formed UTF-8 and yet do not gain: more than one misreading
    lies upon them."""
    running = np.append(0, np.cumsum(fits))
    edges = np.flatnonzero(np.diff(np.concatenate(([0], gains > -1e3, [0]))))
    starts, ends = edges[::2], edges[1::2]
    many = running[ends] - running[starts] >= _ENOUGH
    if not many.any():
        return climbs
    covered = np.zeros(len(gains), dtype=np.bool_)
    for first, last, _ in climbs:
        covered[first:last] = True
    more = []
    for start, end in zip(starts[many].tolist(), ends[many].tolist(), strict=True):
        inside = np.flatnonzero(changed[start:end])
        first, last = start + int(inside[0]), start + int(inside[-1]) + 1
        if covered[first:last][changed[first:last]].mean() < 0.9:
            more.append((first, last, float(gains[first:last].sum())))
    return climbs + more
