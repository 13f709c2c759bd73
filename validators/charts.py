"""Tables of characters: code charts, character sets, samples of fonts. Nothing there is text, so that
nothing tells what is damaged."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import Class
from jiaokan.validators.values import Finding
from jiaokan.validators.view import View

_LETTERS = int(Class.HAN | Class.HANGUL | Class.KANA)
_AROUND = 50
_ENOUGH = 90
"""Letters of East Asia that are looked at on each side of a place, and in all at the least."""
_DIFFERENT = 0.95
_MARKS = 2
"""A chart has nearly every letter once, and no marks of sentences. Of 60,000 such stretches of clean
prose, classical text and word lists none is like that; of code charts all are."""


def outside_charts(view: View, findings: list[Finding]) -> list[Finding]:
    """The findings that are not in a table of characters."""
    if not findings or len(view.text) < _ENOUGH:
        return findings
    inside = in_charts(view, [finding.start for finding in findings]).tolist()
    if not any(inside):
        return findings
    return [finding for finding, is_inside in zip(findings, inside, strict=True) if not is_inside]


def in_charts(view: View, positions: Sequence[int]) -> NDArray[np.bool_]:
    """Which of these positions, in code points of a document, are in a table of characters."""
    letters = view.positions("letters of East Asia", lambda v: v.where(_LETTERS))
    if len(letters) < _ENOUGH:
        return np.zeros(len(positions), dtype=np.bool_)
    middle = np.searchsorted(letters, np.asarray(positions, dtype=np.intp))
    first = np.minimum(np.maximum(middle - _AROUND, 0), max(len(letters) - 2 * _AROUND, 0))
    codes = view.codes[letters]
    marks = view.where(Class.CJK_MARK)
    before = _before(codes)
    starts, which = np.unique(first, return_inverse=True)
    charts = np.zeros(len(starts), dtype=np.bool_)
    for at in range(0, len(starts), _AT_ONCE):
        begins = starts[at : at + _AT_ONCE]
        ends = np.minimum(begins + 2 * _AROUND, len(letters)) - 1
        places = begins[:, None] + np.arange(2 * _AROUND)
        inside = places <= ends[:, None]
        new = inside & (before[np.minimum(places, len(letters) - 1)] < begins[:, None])
        different = np.count_nonzero(new, axis=1) >= _DIFFERENT * (ends - begins + 1)
        between = np.searchsorted(marks, letters[ends]) - np.searchsorted(marks, letters[begins])
        charts[at : at + _AT_ONCE] = different & (between <= _MARKS)
    is_chart: NDArray[np.bool_] = charts[which]
    return is_chart


_AT_ONCE = 1 << 12


def _before(codes: NDArray[np.uint32]) -> NDArray[np.intp]:
    """For each place the last one before it with the same letter; -1 where there is none."""
    order = np.argsort(codes, kind="stable")
    before = np.full(len(codes), -1, dtype=np.intp)
    same = codes[order[1:]] == codes[order[:-1]]
    before[order[1:][same]] = order[:-1][same]
    return before
