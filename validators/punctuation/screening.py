"""Which documents of a batch may hold a defect of punctuation: whole-array, no document alone."""

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import Class
from jiaokan.validators.code_sets import ascii_set, one_of
from jiaokan.validators.punctuation.context import FLATTENED
from jiaokan.validators.view import View

_CANDIDATES = ascii_set(',;:?!.()"')
_FORMS = ascii_set(",;:?!.()")
_BESIDE = ascii_set(',;:?!.("')
_PAUSING = ascii_set(",;:?!.")
_SLIPS = ascii_set(",;.")
_FULL_FORMS = np.zeros(0x20, dtype=np.bool_)
_FULL_FORMS[[ord(c) - 0xFF00 for c in "！（），：；？"]] = True
DOUBLED = "，。、；："
"""Marks of which two in a row are a slip."""
IMPOSSIBLE = ("，。", "、。", "；。", "。，", "、，")
"""Pairs of those that cannot follow one another."""
BEFORE = "，。、；：？！"
"""Marks that follow a word without a space."""


def screen_marks(view: View) -> NDArray[np.bool_]:
    """Documents with an ASCII mark beside Han that is not outweighed by full-width marks."""
    codes, bits = view.codes, view.bits
    none = np.zeros(len(view.starts), dtype=np.bool_)
    marks = _marks(view)
    if not len(marks):
        return none
    pausing = _documents_of(view, marks[_PAUSING[codes[marks]]])
    last = len(codes) - 1
    after = (bits[np.maximum(marks - 1, 0)] & np.uint32(Class.HAN)) != 0
    before = (bits[np.minimum(marks + 1, last)] & np.uint32(Class.HAN)) != 0
    beside = marks[(after | before) & _BESIDE[codes[marks]]]
    flattened = _documents_of(view, beside)
    few = full_forms(view) * FLATTENED <= flattened
    ascii_forms(view)  # kept, for each document that is decided on
    # Brackets alone are no evidence: many write them so by choice.
    return ((flattened > 0) & (pausing > 0) & few) | view.documents_with(slips(view))


def slips(view: View) -> NDArray[np.intp]:
    """Positions of ASCII commas and semicolons set tight between Han, and of full stops after Han that end
    a line."""
    return view.positions("punctuation slips", _slips)


def _slips(view: View) -> NDArray[np.intp]:
    codes, bits = view.codes, view.bits
    at = _marks(view)
    at = at[_SLIPS[codes[at]] & (at > 0)]
    at = at[(bits[at - 1] & np.uint32(Class.HAN)) != 0]
    last = len(codes) - 1
    next_ = bits[np.minimum(at + 1, last)]
    ends = (at == last) | ((next_ & np.uint32(Class.BREAK)) != 0)
    between = (at < last) & ((next_ & np.uint32(Class.HAN)) != 0)
    found: NDArray[np.intp] = at[np.where(codes[at] == ord("."), ends, between)]
    return found


def full_forms(view: View) -> NDArray[np.intp]:
    """How many of the full-width forms that flattening takes away each document has."""
    return view.counts("punctuation full forms", _full_forms)


def _full_forms(view: View) -> NDArray[np.intp]:
    codes = view.codes - np.uint32(0xFF00)
    forms = (codes < 0x20).nonzero()[0]
    return _documents_of(view, forms[_FULL_FORMS[codes[forms]]])


def ascii_forms(view: View) -> NDArray[np.intp]:
    """How many ASCII marks each document has that flattening makes of others, quotes left out."""
    return view.counts("punctuation ASCII forms", _ascii_forms)


def _ascii_forms(view: View) -> NDArray[np.intp]:
    marks = _marks(view)
    return _documents_of(view, marks[_FORMS[view.codes[marks]]])


def _marks(view: View) -> NDArray[np.intp]:
    return view.positions("punctuation ASCII marks", _find_marks)


def _find_marks(view: View) -> NDArray[np.intp]:
    marks = view.where(Class.ASCII_MARK)
    return marks[_CANDIDATES[view.codes[marks]]]


def screen_sequences(view: View) -> NDArray[np.bool_]:
    """Documents with doubled marks, a space before a mark, or Han set apart by spaces."""
    codes, bits = view.codes, view.bits
    marks = view.where(Class.CJK_MARK)
    pairs = marks[:-1][marks[1:] - marks[:-1] == 1]
    pairs = pairs[one_of(codes[pairs], DOUBLED) & one_of(codes[pairs + 1], DOUBLED)]
    found = []
    if len(pairs):
        first, second = codes[pairs], codes[pairs + 1]
        slip = first == second
        for pair in IMPOSSIBLE:
            slip |= (first == ord(pair[0])) & (second == ord(pair[1]))
        found.append(pairs[slip])
    if " " in view.text:
        spaces = (codes == 0x20).nonzero()[0]
        last = len(codes) - 1
        han = (bits[np.maximum(spaces - 1, 0)] & np.uint32(Class.HAN)) != 0
        spaces = spaces[han]
        following = np.minimum(spaces + 1, last)
        found.append(spaces[one_of(codes[following], BEFORE)])
        spaces = spaces[(bits[following] & np.uint32(Class.HAN)) != 0]
        chained = spaces[1:] - spaces[:-1] == 2
        runs = chained[:-2] & chained[1:-1] & chained[2:]
        found.append(spaces[:-3][runs])
    return view.documents_with(np.concatenate(found) if found else marks[:0])


def _documents_of(view: View, positions: NDArray[np.intp]) -> NDArray[np.intp]:
    """How many of these positions, ascending, each document has."""
    counts: NDArray[np.intp] = positions.searchsorted(view.ends)
    counts -= positions.searchsorted(view.starts)
    return counts
