"""Tables of characters: code charts, character sets, font samples. They are not text, so nothing in
them can be called damaged."""

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import CODE_POINTS, Class
from jiaokan.validators.plausibility import likelihood_after
from jiaokan.validators.view import View, ranges

_LETTERS = int(Class.HAN | Class.HANGUL | Class.KANA)
_AROUND = 50
_ENOUGH = 90
"""Letters of East Asia that are looked at on each side of a place, and in all at the least."""
_DIFFERENT = 0.95
_MARKS = 2
"""A chart has nearly every letter once, and no marks of sentences. Of 60,000 such stretches of clean
prose, dictionary and classical text none is like that; of code charts all are."""
_MOSTLY_DIFFERENT = 0.8
_IMPROBABLE = 14.0
"""Bits of a letter. Where it stands in no words it may stand twice: in rows of kanji by their parts, each headed
by the part, every stretch has 16 bits or more and up to 18% of its letters twice; of clean text of 26 kinds (9
million code points, tuning halves) none that has so few twice and no marks reaches 10."""
_BREAK = ord("\n")
_AT_ONCE = 1 << 12
"""Stretches that are looked at together."""


def in_charts(
    view: View, document: NDArray[np.intp], at: NDArray[np.intp], *, may_repeat: bool = False
) -> NDArray[np.bool_]:
    """Which of these positions, in these documents of a batch, are in a table of characters.

    `may_repeat`: also in one that has some characters twice, which misread text may look like.
    """
    begin, end = view.starts[document], view.ends[document]
    marks = view.where(Class.CJK_MARK)
    near = marks.searchsorted(np.minimum(at + _AROUND, end))
    near -= marks.searchsorted(np.maximum(at - _AROUND, begin))
    inside = np.zeros(len(at), dtype=np.bool_)
    asked = np.zeros(len(view.starts), dtype=np.bool_)
    asked[document[near <= _MARKS]] = True
    if asked.any():
        letters = view.positions("letters of East Asia", lambda v: v.where(_LETTERS))
        low, high = letters.searchsorted(view.starts), letters.searchsorted(view.ends)
        rows = (asked & (high - low >= _ENOUGH))[document].nonzero()[0]
        low, high = low[document[rows]], high[document[rows]]
        width = np.minimum(2 * _AROUND, high - low)
        first = letters.searchsorted(at[rows]) - _AROUND
        first = np.minimum(np.maximum(first, low), high - width)
        least = _MOSTLY_DIFFERENT if may_repeat else _DIFFERENT
        inside[rows] = _are_charts(view, letters, marks, first, width, least)
    return inside


def _are_charts(
    view: View,
    letters: NDArray[np.intp],
    marks: NDArray[np.intp],
    first: NDArray[np.intp],
    width: NDArray[np.intp],
    least: float,
) -> NDArray[np.bool_]:
    """Which stretches of so many letters, each from the first on, are of a table of characters, of which so
    many at the least are different."""
    is_new = np.append(True, first[1:] != first[:-1])[: len(first)]
    which = np.cumsum(is_new) - 1
    first, width = first[is_new], width[is_new]
    charts = (
        marks.searchsorted(letters[first + width - 1]) - marks.searchsorted(letters[first])
    ) <= _MARKS
    # Every hundred letters hold one of the blocks of fifty: of prose, that alone repeats too much.
    wide = (charts & (width == 2 * _AROUND)).nonzero()[0]
    blocks, block = np.unique(-(-first[wide] // _AROUND), return_inverse=True)
    half = np.full(len(blocks), _AROUND)
    most = (1 - least) * 2 * _AROUND
    prose = _repeated_in(view, letters, blocks * _AROUND, half) > most
    charts[wide[prose[block]]] = False
    likely = charts.nonzero()[0]
    repeated = _repeated_in(view, letters, first[likely], width[likely])
    charts[likely] = repeated <= (1 - _DIFFERENT) * width[likely]
    if least < _DIFFERENT:
        twice = likely[~charts[likely] & (repeated <= (1 - least) * width[likely])]
        charts[twice] = _bits(view, letters, first[twice], width[twice]) >= _IMPROBABLE
    are_charts: NDArray[np.bool_] = charts[which]
    return are_charts


def _bits(
    view: View, letters: NDArray[np.intp], first: NDArray[np.intp], width: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Bits of a letter of each stretch on the average."""
    found = np.empty(len(first))
    for begin in range(0, len(first), _AT_ONCE):
        some = slice(begin, begin + _AT_ONCE)
        ends = np.cumsum(width[some])
        starts = ends - width[some]
        at = letters[ranges(first[some], width[some])]
        left = view.codes[np.maximum(at - 1, 0)]
        left[starts] = _BREAK
        sums = np.add.reduceat(likelihood_after(left, view.codes[at]), starts, dtype=np.float64)
        found[some] = -sums / width[some]
    return found


def _repeated_in(
    view: View, letters: NDArray[np.intp], first: NDArray[np.intp], width: NDArray[np.intp]
) -> NDArray[np.intp]:
    """How many letters of each stretch stood in it before."""
    repeated = np.zeros(len(first), dtype=np.intp)
    column = np.arange(width.max(initial=0))
    # Beyond a narrower stretch stands what stands nowhere else.
    nowhere = (CODE_POINTS + column).astype(np.uint32)
    for begin in range(0, len(first), _AT_ONCE):
        some = slice(begin, begin + _AT_ONCE)
        at = np.minimum(first[some, None] + column, len(letters) - 1)
        codes = np.where(column < width[some, None], view.codes[letters[at]], nowhere)
        codes.sort(axis=1)
        repeated[some] = np.count_nonzero(codes[:, 1:] == codes[:, :-1], axis=1)
    return repeated
