"""GBK or Big5 read as Latin-1 of which a later program read pairs of bytes as UTF-8: what bytes there were.

A letter beyond windows-1252 was two bytes, or three; a character of private use, or one that is not
assigned, four. A character of Latin-1 may have been one byte or two (C2 or C3 before another), which decides
how all that follows pairs off: the way through is taken on which the pairs are the most common characters.
"""

from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.mojibake.codepages import HALF_MENDED, LOST, Encoding, Unread, page
from jiaokan.validators.plausibility import alone

_ASTRAY = 30.0
"""Bits of a byte that begins no pair."""
_BREAK = 0x0A
_FAR = 1e6
_RARE = 14.0
"""Bits from which a character may have been three bytes that happened to be UTF-8."""
_UNASSIGNED, _LAST = 0x40000, 0x10FFFF
"""Planes of which nothing is assigned but tags, selectors and private use."""
_MARKS = 0xA1, 0xA3
"""First bytes of GBK's marks of sentences."""
_TWO = 3.0
"""Bits for a character of Latin-1 having been two bytes, which is the rarer."""


def values_of(codes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """The byte of each character of Latin-1 and windows-1252, and the two to four that are UTF-8 of
    others; 0 for those that can have been none."""
    low = np.minimum(codes, 0xFFFF)
    values = page(HALF_MENDED).bytes_of[low].astype(np.uint32)
    of_three = (values == 0) & (codes >= 0x800)
    # Of 骤 and 。 the last three bytes are 衣.
    second = 0x80 | low >> 6 & 0x3F
    ends = (second == _MARKS[0]) | (second == _MARKS[1])
    ends[1:] &= (values[:-1] >= 0x80) & (values[:-1] < 0x100)
    of_three &= (alone()[low] <= -_RARE) | ends
    point = low[of_three]
    values[of_three] = (
        (0xE0 | point >> 12) << 16 | (0x80 | point >> 6 & 0x3F) << 8 | 0x80 | point & 0x3F
    )
    values[codes > 0xFFFF] = 0
    of_four = (codes >= _UNASSIGNED) & (codes <= _LAST)
    if of_four.any():
        point = codes[of_four]
        values[of_four] = (
            (0xF0 | point >> 18) << 24
            | (0x80 | point >> 12 & 0x3F) << 16
            | (0x80 | point >> 6 & 0x3F) << 8
            | (0x80 | point & 0x3F)
        )
    return values


def unread_half_mended(codes: NDArray[np.uint32], true: Encoding) -> Unread:
    """The bytes of `true` that these code points were read from."""
    values = values_of(codes)
    foreign = values == 0
    values[foreign] = LOST
    known = np.concatenate(([False], ~foreign & (codes != _BREAK), [False]))
    edges = np.flatnonzero(np.diff(known))
    for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        part = values[start:end]
        if (part > 0xFF).any() and ((part >= 0x80) & (part < 0x100)).any():
            values[start:end] = _best_way(part.tolist(), true)
    widths = 1 + (values > 0xFF).astype(np.intp) + (values > 0xFFFF) + (values > 0xFFFFFF)
    starts = np.zeros(len(codes) + 1, dtype=np.intp)
    np.cumsum(widths, out=starts[1:])
    data = np.empty(starts[-1], dtype=np.uint8)
    for back in range(4):
        rows = widths > back
        data[starts[1:][rows] - 1 - back] = values[rows] >> np.uint32(8 * back) & np.uint32(0xFF)
    return Unread(data, starts, foreign)


def uneven(codes: NDArray[np.uint32], likelihood: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Which characters are of three in a row that are improbable, as they are where bytes were paired
    off wrongly or are gone."""
    # A break outweighs the rest: no row goes over it.
    bits = np.where(codes >= 0x80, -likelihood, np.where(codes == _BREAK, -_FAR, 0))
    windows = np.convolve(bits, np.ones(_ROW), "valid") > _UNEVEN
    found: NDArray[np.bool_] = np.convolve(windows, np.ones(_ROW)) > 0
    return found if len(codes) >= _ROW else np.zeros(len(codes), dtype=np.bool_)


_ROW = 3
_UNEVEN = 38.0
"""Of 500 passages read rightly one in twenty has more somewhere, of 66 read wrongly two in three
(tuning halves)."""


def _best_way(values: list[int], true: Encoding) -> list[int]:
    """Of each character the byte, or the bytes, on the way that costs least."""
    # The cheapest way to each byte that waits for its second one; 0: none waits.
    ways: dict[int, float] = {0: 0.0}
    trail: list[dict[int, tuple[int, int]]] = []
    for value in values:
        after: dict[int, float] = {}
        origins: dict[int, tuple[int, int]] = {}
        for waiting, cost in ways.items():
            for left, more, read in _steps(waiting, value, true):
                total = cost + more
                if total < after.get(left, _FAR):
                    after[left] = total
                    origins[left] = waiting, read
        ways = after
        trail.append(origins)
    end = min(ways, key=lambda left: ways[left] + (_ASTRAY if left else 0.0))
    found: list[int] = []
    for origins in reversed(trail):
        end, read = origins[end]
        found.append(read)
    return found[::-1]


@lru_cache(1 << 17)
def _steps(waiting: int, value: int, true: Encoding) -> tuple[tuple[int, float, int], ...]:
    """For each way to read a character after such a byte: the byte that waits then, the cost, and the
    bytes."""
    steps = []
    for read, extra in _readings(value):
        left, cost = _take(waiting, read, _bits(true))
        steps.append((left, cost + extra, read))
    return tuple(steps)


@cache
def _readings(value: int) -> tuple[tuple[int, float], ...]:
    """What bytes a character may have been, and what that costs. Of `Ð`, `Â`, `½` the last two became
    `½`, then the first with that `н`."""
    if value < 0x80:
        return ((value, 0.0),)
    if value > 0xFFFF:
        return ((value, 0.0),)
    if value > 0xFF:
        return ((value, 0.0), (value >> 8 << 16 | 0xC200 | value & 0xFF, _TWO))
    if value < 0xC0:
        return ((value, 0.0), (0xC200 | value, _TWO))
    last = value - 0x40
    return ((value, 0.0), (0xC300 | last, _TWO), (0xC3C200 | last, 2 * _TWO))


def _take(waiting: int, read: int, bits: list[float]) -> tuple[int, float]:
    """The byte that waits after these bytes, and what the pairs that they end cost."""
    cost = 0.0
    for byte in read.to_bytes((read.bit_length() + 7) // 8, "big"):
        if waiting:
            pair = bits[waiting << 8 | byte]
            if pair < _NONE:
                cost += pair
                waiting = 0
                continue
            cost += _ASTRAY
            waiting = 0
        if byte >= 0x80:
            waiting = byte
        elif byte >= _FIRST_TRAIL:
            cost += bits[byte]
    return waiting, cost


_NONE = 99.0
_FIRST_TRAIL = 0x40


@cache
def bits_of_pairs(true: Encoding) -> NDArray[np.float32]:
    """Bits of the character that each pair of bytes is; many where it is none."""
    bits = np.full(0x10000, _NONE, dtype=np.float32)
    for table in (page(true).bytes_of, page(true).others):
        points = (table > 0xFF).nonzero()[0]
        bits[table[points]] = -alone()[points]
    return bits


@cache
def _bits(true: Encoding) -> list[float]:
    """The same, with the bits of ASCII, which costs too where it is no second byte."""
    bits: list[float] = bits_of_pairs(true).tolist()
    bits[:0x80] = (-alone()[:0x80]).tolist()
    return bits
