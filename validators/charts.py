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
    found = np.zeros(len(positions), dtype=np.bool_)
    if len(letters) < _ENOUGH:
        return found
    middle = np.searchsorted(letters, np.asarray(positions, dtype=np.intp))
    first = np.minimum(np.maximum(middle - _AROUND, 0), max(len(letters) - 2 * _AROUND, 0))
    last = np.minimum(first + 2 * _AROUND, len(letters)) - 1
    for start in np.unique(first).tolist():
        here = first == start
        end = int(last[here][0])
        codes = view.codes[letters[start : end + 1]]
        if len(np.unique(codes)) >= _DIFFERENT * len(codes):
            marks = view.where(Class.CJK_MARK)
            between = np.searchsorted(marks, letters[[start, end]])
            found[here] = between[1] - between[0] <= _MARKS
    return found
