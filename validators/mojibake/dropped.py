"""Bytes of pairs that a decoder of other pairs dropped, as `iconv -c` and `errors="ignore"` do.

Such a decoder drops a byte where it has no character for it and the byte behind it. So halves of pairs stay
only where one of its characters ends and the next one begins, and which bytes can be gone there is known. In a
line that halves explain better than pairs alone, what they explain about as well is not to be believed.
"""

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.mojibake.codepages import Encoding, Unread, pair_codecs_of, pairs_of
from jiaokan.validators.mojibake.holes import lost_before
from jiaokan.validators.mojibake.pairing import BITS_OF_ASCII, Part, parted
from jiaokan.validators.mojibake.readings import GAP, Reading, characters_of
from jiaokan.validators.plausibility import alone, likelihood_after

_ASCII = 0x80
_BREAK = 0x0A
_PROOF = 4.0
"""Bits by which halves must explain a line better for bytes to be missing. Of 22,000 lines of which none are
(tuning halves, GBK as Big5 and as Korean) one has so many; of Big5 as GBK none of modern text in a thousand, of
old novels one in a hundred."""
_BITS_OF_LOSS = 1.0
"""For that a byte is gone, in a line that lacks some."""
_FURTHER = 5.0
"""For that the byte behind it is gone as well."""
_MOST = 24.0
_BITS_OF_WRONG = 40.0
_BITS_OF_GOOD, _BITS_OF_RARE = 11.0, 15.0
_LEAST_GOOD = 0.04
"""Of a stretch, characters that its neighbours make probable: where every other byte is dropped, some are left."""
_FEW = 2
"""Characters that tell where good text begins: one may be so by chance."""


def parted_anew(
    reading: Reading,
    back: Unread,
    codes: NDArray[np.uint32],
    spans: NDArray[np.intp],
    beside: NDArray[np.bool_],
    encoding: Encoding,
    page: str,
) -> tuple[Reading, NDArray[np.intp]]:
    """How stretches of lines that lack bytes are read, and which these are. Halves of pairs are gaps, and so are
    pairs that may as well be halves of two. `beside`: on which sides of each is text that was not misread, so
    that the bytes there prove nothing; `page`: what misread the others."""
    bits = _bits_of(reading)
    first, last = reading.starts.searchsorted(spans.T)
    are_good = (bits < _BITS_OF_GOOD) & (reading.codes >= _ASCII)
    rare, good = (np.append(0, np.cumsum(each)) for each in (bits > _BITS_OF_RARE, are_good))
    asked = rare[last] > rare[first]
    asked &= good[last] - good[first] >= _LEAST_GOOD * (last - first)
    none = np.empty(0, dtype=np.intp)
    if not asked.any():
        return reading, none
    running = np.append(0.0, np.cumsum(bits))
    line = np.searchsorted(np.flatnonzero(back.data == _BREAK), spans[:, 0])
    codec_of = _codecs_of_lines(codes, page)
    at_bound = np.zeros(len(back.data) + 1, dtype=np.bool_)
    at_bound[back.starts] = True

    def parts_of(rows: NDArray[np.intp], are_lost: bool) -> list[_Parts]:
        ones = [
            _bits_alone(back.data, at_bound, begin, end, encoding, codec_of[line[row]])
            for row, (begin, end) in zip(rows.tolist(), spans[rows].tolist(), strict=True)
        ]
        data = [back.data[begin:end].tobytes() for begin, end in spans[rows].tolist()]
        lost = [b""] * len(rows)
        made = parted(
            data, characters_of(encoding), [o.tolist() for o in ones], lost, are_lost=are_lost
        )
        return list(map(_as_parts, made, ones))

    lacking = np.zeros(len(codec_of), dtype=np.bool_)
    rows = np.flatnonzero(asked)
    for row, parts in zip(rows.tolist(), parts_of(rows, False), strict=True):
        told = np.flatnonzero((parts.bits < _BITS_OF_GOOD) & (np.diff(parts.starts) == 2))
        if len(told) >= _FEW:
            inner = parts.starts[told[1] - 1], parts.starts[told[-2] + 2]
            low, high = np.where(beside[row], inner, (0, parts.starts[-1]))
            one, other = reading.starts.searchsorted(spans[row, 0] + (low, high))
            begun, ended = parts.starts.searchsorted((low, high))
            gain = running[other] - running[one] - parts.bits[begun:ended].sum()
            lacking[line[row]] |= gain >= _PROOF
    rows = np.flatnonzero(lacking[line] & (np.diff(spans, axis=1)[:, 0] > 2))
    if not len(rows):
        return reading, none
    made = parts_of(rows, True)
    found = np.concatenate([each.codes for each in made])
    starts = [begin + each.starts[:-1] for begin, each in zip(spans[rows, 0], made, strict=True)]
    gaps = found == GAP
    ends = np.concatenate((*starts, [len(back.data)]))
    return Reading(found, ends, np.zeros_like(gaps), gaps), spans[rows]


def _bits_of(reading: Reading) -> NDArray[np.float64]:
    """Bits of each character as `parted` counts them."""
    before = np.append(np.uint32(_BREAK), reading.codes[:-1])
    before[before < _ASCII] = _BREAK
    bits = -likelihood_after(before, reading.codes).astype(np.float64)
    bits[reading.codes < _ASCII] = BITS_OF_ASCII
    bits[reading.wrong] = _BITS_OF_WRONG
    return bits


class _Parts(NamedTuple):
    """The parts of a stretch, gaps among them; where each begins, one more for the end; and their bits."""

    codes: NDArray[np.uint32]
    starts: NDArray[np.intp]
    bits: NDArray[np.float64]


def _as_parts(made: list[Part], ones: NDArray[np.float64]) -> _Parts:
    widths, points, margins, _ = zip(*made, strict=True)
    sizes = np.array(widths, dtype=np.intp)
    starts = np.append(0, np.cumsum(sizes))
    codes = np.array(points, dtype=np.uint32)
    codes[(codes == 0) | ((np.array(margins) < 0) & (sizes == 2))] = GAP
    wrong = np.zeros(len(codes), dtype=np.bool_)
    bits = _bits_of(Reading(codes, starts, wrong, wrong))
    lone = sizes == 1
    bits[lone] = ones[starts[:-1][lone]]
    return _Parts(codes, starts, bits)


def _bits_alone(
    data: NDArray[np.uint8],
    at_bound: NDArray[np.bool_],
    begin: int,
    end: int,
    encoding: Encoding,
    codec: str,
) -> NDArray[np.float64]:
    """Bits of each byte of a stretch by itself; ASCII stays what it is, half of a pair or not. `at_bound`: where
    characters of the wrong reading begin and end."""
    halves = _halves(encoding, codec)
    one, following = data[begin:end], np.append(data[begin + 1 : end], np.uint8(_BREAK))
    last = np.where(at_bound[begin:end], halves.last[one], _MOST)
    first = np.where(at_bound[begin + 1 : end + 1], halves.first[one, following], _MOST)
    bits: NDArray[np.float64] = np.minimum(last, first)
    bits[one < _ASCII] = BITS_OF_ASCII
    return bits


class _Halves(NamedTuple):
    """Bits of a byte as the last half of a pair, the first one being gone; and of a byte (the row) as the first
    half, before the next byte that stayed."""

    last: NDArray[np.float64]
    first: NDArray[np.float64]


@cache
def _halves(encoding: Encoding, codec: str) -> _Halves:
    characters = characters_of(encoding)
    pairs = np.flatnonzero(characters)
    weights = np.zeros(0x10000)
    weights[pairs] = np.exp2(alone()[np.minimum(characters[pairs], 0xFFFF)].astype(np.float64))
    by_half = weights.reshape(0x100, 0x100)
    lost = lost_before((codec,))
    first = by_half @ lost
    further = by_half @ lost.any(axis=1) * 2**-_FURTHER
    return _Halves(_bits((by_half * lost).sum(axis=0)), _bits(np.maximum(first, further[:, None])))


def _bits(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    bits: NDArray[np.float64] = _BITS_OF_LOSS - np.log2(np.maximum(weights, 2.0**-99))
    return np.minimum(bits, _MOST)


def _codecs_of_lines(codes: NDArray[np.uint32], page: str) -> list[str]:
    """The narrowest codec of a page that has all that each line shows of the page."""
    codecs = sorted(pair_codecs_of(page), key=lambda codec: np.count_nonzero(_shown_by(codec)))
    shown = [_shown_by(codec)[np.minimum(codes, 0xFFFF)] for codec in codecs]
    of_page = np.logical_or.reduce(shown)
    line = np.cumsum(codes == _BREAK)
    lacks = [np.bincount(line[of_page & ~each], minlength=line[-1] + 1) for each in shown]
    return [codecs[number] for number in np.stack(lacks).argmin(axis=0).tolist()]


@cache
def _shown_by(codec: str) -> NDArray[np.bool_]:
    table = np.zeros(0x10000, dtype=np.bool_)
    points, _ = pairs_of(codec)
    table[points] = True
    return table
