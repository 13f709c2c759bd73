"""Which documents of a batch may hold a defect of punctuation: whole-array, no document alone."""

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import Class
from jiaokan.validators.punctuation.context import FLATTENED, ascii_set, one_of
from jiaokan.validators.view import View

_CANDIDATES = ascii_set(',;:?!.("')
_SLIPS = ascii_set(",;")
_FULL_FORMS = np.zeros(0x20, dtype=np.bool_)
_FULL_FORMS[[ord(c) - 0xFF00 for c in "！（），：；？"]] = True
DOUBLED = "，。、；："
"""Marks of which two in a row are a slip."""
BEFORE = "，。、；：？！"
"""Marks that follow a word without a space."""


def screen_marks(view: View) -> NDArray[np.bool_]:
    """Documents with an ASCII mark beside Han that is not outweighed by full-width marks."""
    codes, bits = view.codes, view.bits
    none = np.zeros(len(view.starts), dtype=np.bool_)
    marks = np.flatnonzero((bits & np.uint32(Class.ASCII_MARK)) != 0)
    marks = marks[_CANDIDATES[codes[marks]]]
    if not len(marks):
        return none
    last = len(codes) - 1
    after = (bits[np.maximum(marks - 1, 0)] & np.uint32(Class.HAN)) != 0
    before = (bits[np.minimum(marks + 1, last)] & np.uint32(Class.HAN)) != 0
    slips = marks[after & before & _SLIPS[codes[marks]]]
    marks = marks[after | before]
    if not len(marks):
        return none
    flattened = np.bincount(_owners(view, marks), minlength=len(none))
    forms = np.flatnonzero(codes - np.uint32(0xFF00) < 0x20)
    forms = forms[_FULL_FORMS[codes[forms] - np.uint32(0xFF00)]]
    full = np.bincount(_owners(view, forms), minlength=len(none))
    return (flattened > 0) & (full * FLATTENED <= flattened) | view.documents_with(slips)


def screen_sequences(view: View) -> NDArray[np.bool_]:
    """Documents with doubled marks, a space before a mark, or Han set apart by spaces."""
    codes, bits = view.codes, view.bits
    marks = np.flatnonzero((bits & np.uint32(Class.CJK_MARK)) != 0)
    pairs = marks[:-1][np.diff(marks) == 1]
    pairs = pairs[codes[pairs] == codes[pairs + 1]]
    found = [pairs[one_of(codes[pairs], DOUBLED)]]
    spaces = np.flatnonzero(codes == 0x20)
    if len(spaces):
        last = len(codes) - 1
        han = (bits[np.maximum(spaces - 1, 0)] & np.uint32(Class.HAN)) != 0
        spaces = spaces[han]
        following = np.minimum(spaces + 1, last)
        found.append(spaces[one_of(codes[following], BEFORE)])
        spaces = spaces[(bits[following] & np.uint32(Class.HAN)) != 0]
        chained = np.diff(spaces) == 2
        runs = chained[:-2] & chained[1:-1] & chained[2:]
        found.append(spaces[:-3][runs])
    return view.documents_with(np.concatenate(found))


def _owners(view: View, positions: NDArray[np.intp]) -> NDArray[np.intp]:
    owners: NDArray[np.intp] = np.searchsorted(view.starts, positions, side="right") - 1
    return np.maximum(owners, 0)
