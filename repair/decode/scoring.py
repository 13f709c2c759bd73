"""What a reading of bytes costs, in bits: the fewer, the more it is like text.

The costs are negative base-2 logarithms of probabilities, so those of different readings of the
same bytes can be compared, whatever number of characters each makes of them.
"""

from collections.abc import Callable
from functools import cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.lines.continuation import continuation
from jiaokan.validators.plausibility import log_likelihood

STRAY = 26.0
"""Cost of a byte that begins no character: more than a rare character's, less than two."""
STRAY_NEXT = 16.0
"""The same right after another such byte."""
RARE = 21.0
"""No character costs more: how rare the rarest are says little about the encoding, and a row of
them must not look worse than the common characters that another reading finds by chance."""
_CAPS = (
    (0xD7, 0xD8, 13.0),
    (0xF7, 0xF8, 13.0),
    (0x2010, 0x2800, 13.0),  # marks, arrows, boxes, blocks: pictures are drawn with them
    (0x3000, 0x3040, 13.0),
    (0xAC00, 0xD7A4, 17.0),  # Korean and kana of chat, of which the model has seen little
    (0x3105, 0x3130, 14.0),
    (0x3130, 0x3190, 14.0),
    (0x3200, 0x3400, 13.0),
    (0xFE30, 0xFE70, 13.0),
    (0xFF01, 0xFF5F, 13.0),  # full-width words
    (0xFF61, 0xFFA0, 14.0),
)
REPEATED = 5.0
"""The most that a character costs after itself: rows of one character are drawn or shouted."""
PRIVATE = 32.0
"""The cost of a private-use character, of which no text has many."""
_EMPTY = 0x40000
"""From here on planes are empty, or for private use."""
_NO_CONTEXT = 0xE000
_CAPITALS = 0x0600

Bits = NDArray[np.float32]


@cache
def _lower() -> NDArray[np.uint32]:
    """The small letter of each capital below U+0600, itself for all else."""
    small = [chr(c).lower() for c in range(_CAPITALS)]
    return np.array([ord(s) if len(s) == 1 else c for c, s in enumerate(small)], dtype=np.uint32)


def costs_in_sequence(codes: NDArray[np.uint32]) -> Bits:
    """The cost of each character after the one before it."""
    plain = _plain(codes)
    costs = _capped(-log_likelihood(plain), plain)
    repeated = np.flatnonzero((plain[1:] == plain[:-1]) & (plain[1:] >= 0x80)) + 1
    costs[repeated] = np.minimum(costs[repeated], np.float32(REPEATED))
    return costs


def costs_after(left: NDArray[np.uint32] | None, codes: NDArray[np.uint32]) -> Bits:
    """The cost of each code after the code at the same place in `left`; None: after nothing."""
    pairs = np.full(2 * len(codes), _NO_CONTEXT, dtype=np.uint32)
    pairs[1::2] = codes
    if left is not None:
        pairs[::2] = left
    np.minimum(pairs, 0x10FFFF, out=pairs)
    costs = _capped(-log_likelihood(pairs)[1::2], pairs[1::2])
    if left is not None:
        repeated = np.flatnonzero((left == codes) & (codes >= 0x80))
        costs[repeated] = np.minimum(costs[repeated], np.float32(REPEATED))
    return costs


def costs_between(left: NDArray[np.uint32] | None, codes: NDArray[np.uint32]) -> Bits:
    """As `costs_after`, by two models: slower, for text that is known to be damaged."""
    costs = costs_after(left, codes)
    if left is None:
        return costs
    low = np.minimum(left, 0x10FFFF), np.minimum(codes, 0x10FFFF)
    chinese = continuation().after(*low)
    mixed: Bits = -np.log2((np.exp2(-costs) + chinese) / 2).astype(np.float32)
    return np.where(chinese > 0, mixed, costs)


def costs_after_two(
    first: NDArray[np.uint32], second: NDArray[np.uint32], codes: NDArray[np.uint32]
) -> Bits:
    """The cost of each code after those at the same place in `first` and `second`, by both models."""
    costs = costs_after(second, codes)
    low = (np.minimum(each, 0x10FFFF) for each in (first, second, codes))
    chinese = continuation().after_two(*low)
    mixed: Bits = -np.log2((np.exp2(-costs) + chinese) / 2).astype(np.float32)
    return np.where(chinese > 0, mixed, costs)


CostOf: TypeAlias = Callable[[NDArray[np.uint32] | None, NDArray[np.uint32]], Bits]
"""`costs_after` or `costs_between`."""
_ISOLATED = np.zeros(0x80, dtype=np.float32)
_ISOLATED[[c for c in range(0x40, 0x7E) if chr(c) not in "[]"]] = 5.0
_ISOLATED[[ord(c) for c in "ABCDEKNTX"]] = 2.5
"""What is to be added for an ASCII letter or mark by itself between two characters that are not ASCII,
in bits. Counted in four million Han characters of Traditional text: A, B and C stand so once in
80,000, most small letters and marks never or once; the model of pairs thinks it less rare."""


_AFTER_A_MARK = 4.0
"""The same again after a mark, of which drawings may have many, so that none costs much."""


def isolation(codes: NDArray[np.uint32]) -> Bits:
    """The bits to be added to each code for its standing alone."""
    added = np.zeros(len(codes), dtype=np.float32)
    if len(codes) > 2:
        alone = (codes[1:-1] < 0x80) & (codes[:-2] >= 0x80) & (codes[2:] >= 0x80)
        left = codes[:-2]
        mark = (left >= 0x2010) & (left < 0x2800) | (left >= 0xFE30) & (left < 0xFE70)
        bits = _ISOLATED[codes[1:-1] & np.uint32(0x7F)]
        added[1:-1] = np.where(alone & (bits > 0), bits + _AFTER_A_MARK * mark, 0)
    return added


def costs_alone(codes: NDArray[np.uint32]) -> Bits:
    """The cost of each code after nothing that is known, however high."""
    pairs = np.full(2 * len(codes), _NO_CONTEXT, dtype=np.uint32)
    pairs[1::2] = codes
    return -log_likelihood(pairs)[1::2]


def _capped(costs: Bits, codes: NDArray[np.uint32]) -> Bits:
    capped: Bits = np.minimum(costs, _caps()[np.minimum(codes, 0xFFFF)])
    if codes.max(initial=0) >= _EMPTY:
        capped[codes >= _EMPTY] = PRIVATE  # but a reading by chance has them
    return capped


@cache
def _caps() -> Bits:
    """The most that each code point costs."""
    caps = np.full(0x10000, RARE, dtype=np.float32)
    caps[0xE000:0xF900] = PRIVATE
    for first, end, most in _CAPS:
        caps[first:end] = most
    return caps


def _plain(codes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Codes as the model knows them: a code of two code points by one of them, and words in
    capitals, of which the model has few, by their small letters."""
    plain = np.minimum(codes, 0x10FFFF)
    if plain.min(initial=_CAPITALS) < _CAPITALS:
        at = np.minimum(plain, _CAPITALS - 1)
        small = _lower()[at]
        capital = (small != at) & (at > 0x7F)
        if capital.any():
            beside = np.zeros_like(capital)
            beside[1:] = capital[:-1]
            beside[:-1] |= capital[1:]
            within = capital & beside
            plain = np.where(within, small, plain)
    return plain
