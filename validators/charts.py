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
prose, dictionary and classical text none is like that; of code charts all are."""
_AT_ONCE = 1 << 12
"""Stretches that are looked at together."""


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
    at = np.asarray(positions, dtype=np.intp)
    marks = view.where(Class.CJK_MARK)
    near = marks.searchsorted(at + _AROUND) - marks.searchsorted(at - _AROUND)
    if (near > _MARKS).all():
        return np.zeros(len(at), dtype=np.bool_)
    letters = view.positions("letters of East Asia", lambda v: v.where(_LETTERS))
    if len(letters) < _ENOUGH:
        return np.zeros(len(at), dtype=np.bool_)
    width = min(2 * _AROUND, len(letters))
    middle = letters.searchsorted(at)
    first = np.minimum(np.maximum(middle - _AROUND, 0), len(letters) - width)
    is_new = np.append(True, first[1:] != first[:-1])  # of places in order, nearly all that differ
    starts, which = first[is_new], np.cumsum(is_new) - 1
    first, last = letters[starts], letters[starts + width - 1]
    charts = marks.searchsorted(last) - marks.searchsorted(first) <= _MARKS
    unmarked = charts.nonzero()[0]
    for begin in range(0, len(unmarked), _AT_ONCE):
        some = unmarked[begin : begin + _AT_ONCE]
        codes = view.codes[letters[starts[some, None] + np.arange(width)]]
        # Of prose half a row tells: too many characters of it stand there twice.
        likely = _repeated(codes[:, : width // 2]) <= (1 - _DIFFERENT) * width
        charts[some[~likely]] = False
        charts[some[likely]] = width - _repeated(codes[likely]) >= _DIFFERENT * width
    is_chart: NDArray[np.bool_] = charts[which]
    return is_chart


def _repeated(codes: NDArray[np.uint32]) -> NDArray[np.intp]:
    """How many characters of each row stood in it before."""
    ordered = np.sort(codes, axis=1)
    repeated: NDArray[np.intp] = np.count_nonzero(ordered[:, 1:] == ordered[:, :-1], axis=1)
    return repeated
