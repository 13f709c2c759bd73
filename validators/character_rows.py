"""Rows of characters: the rhymes of a rhyme book, homophones under their reading, characters by their radical.
They stand together and say nothing, so that nothing in them can be called damaged. Shorter than a chart is."""

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import Class
from jiaokan.validators.mojibake.garbled import are_of_utf8
from jiaokan.validators.plausibility import likelihood_after
from jiaokan.validators.view import View

_AROUND = 12
"""Ideographs of the same run that are looked at on each side of a place."""
_LEAST = 10
_IMPROBABLE = 15.0
"""How many there are, and the bits of one of them on the average, at the least. Of 1,500 rows of two packages
those of ten and more have 16 to 26 bits; of 27,000 runs of clean text of 26 kinds as long none has 15."""
_NEAR = 2
_MAY_BE = 11.0
"""The same of the next ones alone, which is asked first."""
_OF_UTF8 = 0.7
"""Of text that was read as pairs of bytes so many ideographs are of bytes of UTF-8: there nobody listed any."""
_AT_ONCE = 1 << 12
_HAN = np.uint32(Class.HAN)


def in_rows(
    view: View, start: NDArray[np.intp], end: NDArray[np.intp], found: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Which of these spans of a document, or of a batch, stand in rows of characters; `found` has the
    positions of what they would mend, which tell nothing."""
    inside = np.zeros(len(start), dtype=np.bool_)
    first_bits = view.bits[np.minimum(start, len(view.codes) - 1)]
    for first in range(0, len(start), _AT_ONCE):
        rows = np.arange(first, min(first + _AT_ONCE, len(start)))
        # A mark between two terms of chemistry is in no row.
        rows = rows[(first_bits[rows] & _HAN) != 0]
        rows = rows[_are_improbable(view, start[rows], end[rows], found, _NEAR, 1, _MAY_BE)]
        if len(rows):
            sure = _are_improbable(
                view, start[rows], end[rows], found, _AROUND, _LEAST, _IMPROBABLE
            )
            inside[rows] = sure
    return inside


def _are_improbable(
    view: View,
    start: NDArray[np.intp],
    end: NDArray[np.intp],
    found: NDArray[np.bool_],
    around: int,
    least: int,
    bits: float,
) -> NDArray[np.bool_]:
    """Beside which spans stand at least so many ideographs of so many bits, and no others."""
    codes, last = view.codes, len(view.codes) - 1
    steps = np.arange(around)
    at = np.concatenate((start[:, None] - 1 - steps, end[:, None] + steps), axis=1)
    within = (at >= 0) & (at <= last)
    at = np.clip(at, 0, last)
    within &= (view.bits[at] & _HAN) != 0
    for side in (slice(0, around), slice(around, None)):
        within[:, side] = np.logical_and.accumulate(within[:, side], axis=1)
    within &= ~found[at]
    count = within.sum(axis=1)
    chosen = at[within]
    left = codes[np.maximum(chosen - 1, 0)]
    cost = np.zeros(at.shape)
    cost[within] = -likelihood_after(left, codes[chosen])
    improbable = (count >= least) & (cost.sum(axis=1) >= bits * count)
    if least > 1:
        of_utf8 = np.zeros(at.shape, dtype=np.bool_)
        of_utf8[within] = are_of_utf8(codes[chosen])
        improbable &= of_utf8.sum(axis=1) < _OF_UTF8 * count
    flags: NDArray[np.bool_] = improbable
    return flags
