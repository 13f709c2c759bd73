"""Half a double-byte character, whose other byte is missing: what it may have been.

Its one byte is known to be a lead or a trail byte, its neighbours are known, and the model says
which of the characters left is likely between them. That tells where a byte is missing much better
than the characters before and after alone do.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from jiaokan.repair.decode.arrows import Arrows
from jiaokan.repair.decode.reading import Bytes
from jiaokan.repair.decode.scoring import Bits, CostOf, costs_after, costs_after_two, isolation
from jiaokan.repair.decode.tables import NONE, PAIR_LEADS, pair_table

HALF = 16.0
"""Cost of a missing byte, beside what the character and its neighbours cost."""
BEFORE_A_WORD = 8.0
"""Counted less where an ASCII word follows: otherwise its first letter would be the second byte of
a rare character that stands right before the rest of the word, as in 蝑ata for 为data."""
COMMON = 15.0
"""Only characters that cost no more by themselves are thought of as left over."""
THOUGHT_OF = 20.0
"""The same of halves where two models look at them."""
_FAR = 1e30
AT_LINE_START = 4.0
"""Bits by which a letter is more likely to be meant where a line begins with it: A股, T恤, x軸."""


@dataclass(frozen=True)
class Halves:
    """For each byte, if it is half a character: what it costs together with the next character,
    after an ASCII or another character, and how many bytes that next one has."""

    after_ascii: list[float]
    after_other: list[float]
    lengths: list[int]

    def within(self, start: int, end: int) -> "Halves":
        """Those of some bytes."""
        own = slice(start, end)
        return Halves(self.after_ascii[own], self.after_other[own], self.lengths[own])


def half_costs(encoding: str, array: Bytes, arrows: Arrows, cost_of: CostOf) -> Halves | None:
    """None for encodings without double-byte characters."""
    if encoding not in PAIR_LEADS or len(array) < 2:
        return None
    size = len(array)
    lengths = [*arrows.lengths[1:], 0]
    most = COMMON if cost_of is costs_after else THOUGHT_OF
    counts = _counts(encoding, most)[array]
    # An ASCII byte may be just that (a backslash put after a trail byte is): see `left_over`.
    places = np.flatnonzero((array >= 0x80) & (np.array(lengths) > 0) & (counts > 0))
    counts = counts[places]
    firsts = np.cumsum(counts) - counts
    owners = np.repeat(np.arange(len(places)), counts)
    thought = np.concatenate(
        [candidates(encoding, most)[byte] for byte in array[places].tolist()] or [_NO]
    )
    following = arrows.codes[places[owners] + 1]
    rest = cost_of(thought, following)
    word = np.append(_is_letter(array), (False, False))
    bonus = np.where(word[1:-1] & word[2:], BEFORE_A_WORD, 0)[places[owners]]
    best: list[list[float]] = []
    for before in (arrows.before_ascii, arrows.before_other):
        costs = cost_of(before[places[owners]], thought) + rest + HALF - bonus
        least = np.full(size, _FAR)
        if len(places):
            least[places] = np.minimum.reduceat(costs, firsts)
        best.append(least.tolist())
    return Halves(best[0], best[1], lengths)


_NO = np.zeros(0, dtype=np.uint32)


@cache
def candidates(encoding: str, most: float) -> list[NDArray[np.uint32]]:
    """For each byte the common characters that have it as one of their two."""
    table = pair_table(encoding)
    pairs = np.flatnonzero((table != NONE) & (table < 0x10000))
    codes = table[pairs]
    common = costs_after(None, codes) <= most
    pairs, codes = pairs[common], codes[common]
    either = [(pairs >> 8 == byte) | (pairs & 0xFF == byte) for byte in range(256)]
    return [np.unique(codes[mask]) for mask in either]


@cache
def _counts(encoding: str, most: float) -> NDArray[np.intp]:
    return np.array([len(found) for found in candidates(encoding, most)], dtype=np.intp)


def left_over(
    encoding: str, codes: NDArray[np.uint32]
) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """Positions of ASCII characters that may be the trail byte of a character whose lead byte is
    missing, and how many bits more likely such a character is there."""
    trail = (codes >= 0x40) & (codes < 0x7F)
    line = np.concatenate((_BREAKS, codes, _BREAKS))
    before, left, right, behind = line[:-4], line[1:-3], line[3:-1], line[4:]
    beside = (left >= 0x80) | (right >= 0x80)
    at = np.flatnonzero(trail & beside & ~_letters(left) & ~_letters(right))
    thought = [trailing(encoding)[code] for code in codes[at].tolist()]
    counts = np.array([len(found) for found in thought], dtype=np.intp)
    at, counts = at[counts > 0], counts[counts > 0]
    if not len(at):
        return at, np.zeros(0, dtype=np.float32)

    def costs(here: NDArray[np.intp], codes: NDArray[np.uint32]) -> Bits:
        return (
            costs_after_two(before[here], left[here], codes)
            + costs_after_two(left[here], codes, right[here])
            + costs_after_two(codes, right[here], behind[here])
        )

    owners = np.repeat(np.arange(len(at)), counts)
    firsts = np.cumsum(counts) - counts
    of_fills = costs(at[owners], np.concatenate(thought))
    least = np.minimum.reduceat(of_fills, firsts)
    filled = least - np.log2(np.add.reduceat(np.exp2(least[owners] - of_fills), firsts))
    plain = costs(at, codes[at]) + isolation(codes)[at]
    plain -= np.where(left[at] == _BREAKS[0], AT_LINE_START, 0)
    return at, (plain - filled).astype(np.float32)


_BREAKS = np.full(2, 0x0A, dtype=np.uint32)


def _is_letter(codes: NDArray[np.uint8]) -> NDArray[np.bool_]:
    lower = codes | np.uint8(0x20)
    return (lower >= 0x61) & (lower <= 0x7A)


def _letters(codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
    lower = codes | np.uint32(0x20)
    return (lower >= 0x61) & (lower <= 0x7A)


@cache
def trailing(encoding: str) -> list[NDArray[np.uint32]]:
    """For each byte the common characters that have it as their second."""
    table = pair_table(encoding)
    pairs = np.flatnonzero((table != NONE) & (table < 0x10000))
    codes = table[pairs]
    common = costs_after(None, codes) <= COMMON
    pairs, codes = pairs[common], codes[common]
    return [np.unique(codes[pairs & 0xFF == byte]) for byte in range(256)]
