"""Where misread text may be: dense in characters that good text seldom has, and improbable."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.plausibility import alone, log_likelihood

RARE = 16.0
"""Bits of a character that misread text is full of and good text seldom has."""
SIGNS = tuple(map(ord, "锟烫屯ï\ufffd"))
"""What marks of lost content begin with."""
_NEAR = 3
_IMPROBABLE = 18.0
_REACH = 24


@cache
def _rare() -> NDArray[np.bool_]:
    table = np.zeros(0x110000, dtype=np.bool_)
    table[:0x10000] = -alone() >= RARE
    table[0xE000:0xF900] = True
    table[list(SIGNS)] = True
    table[:0x80] = False
    table.flags.writeable = False
    return table


def rare_positions(codes: NDArray[np.uint32]) -> NDArray[np.intp]:
    """Positions of the characters that misread text is full of."""
    return np.flatnonzero(_rare()[codes])


def suspects(codes: NDArray[np.uint32], rare: NDArray[np.intp]) -> NDArray[np.intp]:
    """Of the rare positions, those next to, or next but one to, another, where the text from the
    one to the other is improbable. Ascending; empty in most good text."""
    pair = np.flatnonzero(np.diff(rare) < _NEAR)
    if not len(pair):
        return rare[:0]
    first, last = rare[pair], rare[pair + 1]
    before = np.where(first > 0, codes[first - 1], ord("\n")).astype(np.uint32)
    middle = np.minimum(first + 1, last)
    window = np.stack((before, codes[first], codes[middle], codes[last]), axis=1)
    bits = -log_likelihood(window.ravel()).reshape(window.shape)
    wide = last - first == 2
    mean = np.where(wide, bits[:, 1:].mean(axis=1), bits[:, 1:3].mean(axis=1))
    held = mean >= _IMPROBABLE
    return np.union1d(first[held], last[held])


def zones(positions: NDArray[np.intp], size: int) -> list[tuple[int, int]]:
    """The stretches of a text of this size to look at for these suspects."""
    if not len(positions):
        return []
    cut = np.flatnonzero(np.diff(positions) > 2 * _REACH)
    first = positions[np.append(0, cut + 1)]
    last = positions[np.append(cut, len(positions) - 1)]
    begins = np.maximum(first - _REACH, 0).tolist()
    ends = np.minimum(last + _REACH + 1, size).tolist()
    return list(zip(begins, ends, strict=True))
