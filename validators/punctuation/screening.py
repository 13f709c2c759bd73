"""Which documents of a batch may hold a defect of punctuation: whole-array, no document alone."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import Class
from jiaokan.validators.code_sets import ascii_set, one_of
from jiaokan.validators.punctuation.context import FLATTENED, FULL_FORMS
from jiaokan.validators.view import View

_CANDIDATES = ascii_set(',;:?!.()"')
_FORMS = ascii_set(",;:?!.()")
_BESIDE = ascii_set(',;:?!.("')
_PAUSING = ascii_set(",;:?!.")
_SLIPS = ascii_set(",;.")
DOUBLED = "，。、；："
"""Marks of which two in a row are a slip."""
IMPOSSIBLE = ("，。", "、。", "；。", "。，", "、，")
"""Pairs of those that cannot follow one another."""
_SLIPPED = (*(mark * 2 for mark in DOUBLED), *IMPOSSIBLE)
BEFORE = "，。、；：？！"
"""Marks that follow a word without a space."""


def screen_marks(view: View) -> NDArray[np.bool_]:
    """Documents with an ASCII mark beside Han that is not outweighed by full-width marks."""
    codes, bits = view.codes, view.bits
    marks = _marks(view)
    if not len(marks):
        return view.documents_with(slips(view))
    pausing = view.numbers_of(marks[_PAUSING[codes[marks]]])
    last = len(codes) - 1
    after = (bits[np.maximum(marks - 1, 0)] & np.uint32(Class.HAN)) != 0
    before = (bits[np.minimum(marks + 1, last)] & np.uint32(Class.HAN)) != 0
    beside = (after | before) & _BESIDE[codes[marks]]
    beside |= _ends_behind_other(view, marks)
    flattened = view.numbers_of(marks[beside])
    few = full_forms(view) * FLATTENED <= flattened
    ascii_forms(view)  # kept, for each document that is decided on
    # Brackets alone are no evidence: many write them so by choice.
    return ((flattened > 0) & (pausing > 0) & few) | view.documents_with(slips(view))


_REACH = np.arange(2, 42)
"""How far before a full stop at the end of a line Han is looked for, if none stands before it."""


def _ends_behind_other(view: View, marks: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Which of these marks are full stops that end a line with Han, whatever stands before them."""
    codes, bits = view.codes, view.bits
    flags: NDArray[np.bool_] = codes[marks] == ord(".")
    places = flags.nonzero()[0]
    if not len(places) or not view.present & int(Class.HAN):
        return np.zeros_like(flags)
    at = marks[places]
    last = len(codes) - 1
    ends = (at == last) | ((bits[np.minimum(at + 1, last)] & np.uint32(Class.BREAK)) != 0)
    flags[places[~ends]] = False
    places, at = places[ends], at[ends]
    begins = view.starts[view.starts.searchsorted(at, side="right") - 1]
    near = np.maximum(at[:, None] - _REACH, begins[:, None])  # of its own document
    flags[places] = ((bits[near] & np.uint32(Class.HAN)) != 0).any(axis=1)
    return flags


USUAL = 5
"""A document has so many of its usual quotes to one straight one that is a slip."""


def slips(view: View) -> NDArray[np.intp]:
    """Positions of ASCII commas and semicolons set tight between Han, and of full stops after Han that end
    a line; of brackets of which one is ASCII; of quotes of which two in a row face the same way; and, in
    documents that have others, of straight quotes and of three full stops beside Han."""
    return view.positions("punctuation slips", _slips)


def _slips(view: View) -> NDArray[np.intp]:
    codes, bits = view.codes, view.bits
    marks = _marks(view)
    mark_codes = codes[marks]
    at = marks[_SLIPS[mark_codes] & (marks > 0)]
    if len(at):
        at = at[(bits[at - 1] & np.uint32(Class.HAN)) != 0]
        last = len(codes) - 1
        next_ = bits[np.minimum(at + 1, last)]
        ends = (at == last) | ((next_ & np.uint32(Class.BREAK)) != 0)
        between = (at < last) & ((next_ & np.uint32(Class.HAN)) != 0)
        at = at[np.where(codes[at] == ord("."), ends, between)]
    found = [at]
    text = view.text
    if "“" in text or "”" in text:
        found += _facing_alike(view)
    if len(marks):
        brackets = marks[(mark_codes == ord("(")) | (mark_codes == ord(")"))]
        if len(brackets):
            found.append(_mixed_brackets(view, brackets))
        if '"' in text and ("“" in text or "「" in text):
            found.append(_straight(view, marks[mark_codes == ord('"')]))
        stops = marks[mark_codes == ord(".")]
        dots = stops[:-2][stops[2:] - stops[:-2] == 2]
        if len(dots):
            found.append(_dots(view, dots))
    slips: NDArray[np.intp] = (
        np.unique(np.concatenate(found)) if any(map(len, found[1:])) else found[0]
    )
    return slips


def _facing_alike(view: View) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Curly quotes that face as the one before them does, and those that close where none is open yet."""
    codes = cjk_codes(view)
    quotes = codes >> np.uint32(1) == ord("“") >> 1
    at, closes = cjk_marks(view)[quotes], codes[quotes] == ord("”")
    one = _in_one_document(view, at)
    return at[1:][(closes[1:] == closes[:-1]) & one], at[closes & np.append(True, ~one)]


def _mixed_brackets(view: View, ascii_ones: NDArray[np.intp]) -> NDArray[np.intp]:
    """Brackets next to each other that open and close, one of them ASCII and the other full-width."""
    full = cjk_marks(view)[cjk_codes(view) >> np.uint32(1) == ord("（") >> 1]
    at = np.concatenate([ascii_ones, full])
    at.sort(kind="stable")  # which merges what ascends already
    codes = view.codes[at]
    is_ascii = codes < 0x80
    opens = (codes == ord("(")) | (codes == ord("（"))
    mixed = opens[:-1] & ~opens[1:] & (is_ascii[:-1] != is_ascii[1:])
    mixed &= _in_one_document(view, at)
    found: NDArray[np.intp] = at[1:][mixed]
    return found


def _straight(view: View, at: NDArray[np.intp]) -> NDArray[np.intp]:
    """Straight quotes beside Han in documents that have many times as many others."""
    usual, codes = cjk_marks(view), cjk_codes(view)
    others = [view.numbers_of(usual[codes == ord(mark)]) for mark in "“「"]
    few = np.maximum(*others) * 2 >= USUAL * view.numbers_of(at)
    at = at[few[view.starts.searchsorted(at, side="right") - 1]]
    last = len(view.codes) - 1
    beside = view.bits[np.maximum(at - 1, 0)] | view.bits[np.minimum(at + 1, last)]
    found: NDArray[np.intp] = at[(beside & np.uint32(Class.HAN)) != 0]
    return found


def _dots(view: View, at: NDArray[np.intp]) -> NDArray[np.intp]:
    """Those of three full stops that stand after Han, in documents that have ……."""
    at = at[(view.bits[np.maximum(at - 1, 0)] & np.uint32(Class.HAN)) != 0]
    dots = cjk_marks(view)[cjk_codes(view) == ord("…")]
    usual = view.documents_with(dots[:-1][dots[1:] - dots[:-1] == 1])
    found: NDArray[np.intp] = at[usual[view.starts.searchsorted(at, side="right") - 1]]
    return found


def _in_one_document(view: View, at: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Of each of these positions but the first, whether it is in the document of the one before it."""
    document = view.starts.searchsorted(at, side="right")
    found: NDArray[np.bool_] = document[1:] == document[:-1]
    return found


def cjk_marks(view: View) -> NDArray[np.intp]:
    return view.positions("punctuation CJK marks", lambda view: view.where(Class.CJK_MARK))


def cjk_codes(view: View) -> NDArray[np.uint32]:
    """The code points of `cjk_marks`."""
    return view.once("punctuation CJK codes", lambda view: view.codes.take(cjk_marks(view)))


def full_forms(view: View) -> NDArray[np.intp]:
    """How many of the full-width forms that flattening takes away each document has."""
    return view.counts("punctuation full forms", _full_forms)


def _full_forms(view: View) -> NDArray[np.intp]:
    return view.numbers_of(cjk_marks(view)[one_of(cjk_codes(view), FULL_FORMS)])


def ascii_forms(view: View) -> NDArray[np.intp]:
    """How many ASCII marks each document has that flattening makes of others, quotes left out."""
    return view.counts("punctuation ASCII forms", _ascii_forms)


def _ascii_forms(view: View) -> NDArray[np.intp]:
    marks = _marks(view)
    return view.numbers_of(marks[_FORMS[view.codes[marks]]])


def _marks(view: View) -> NDArray[np.intp]:
    return view.positions("punctuation ASCII marks", _find_marks)


def _find_marks(view: View) -> NDArray[np.intp]:
    marks = view.where(Class.ASCII_MARK)
    return marks[_CANDIDATES[view.codes[marks]]]


def screen_sequences(view: View) -> NDArray[np.bool_]:
    """Documents with doubled marks, a space before a mark, Han set apart by spaces, or a mark in a number or an address."""
    codes, bits = view.codes, view.bits
    found = [pairs_of_marks(view, _SLIPPED), inside_words(view)]
    spaces = plain_spaces(view)
    if len(spaces):
        last = len(codes) - 1
        han = (bits[np.maximum(spaces - 1, 0)] & np.uint32(Class.HAN)) != 0
        spaces = spaces[han]
        if len(spaces):
            following = np.minimum(spaces + 1, last)
            found.append(spaces[one_of(codes[following], BEFORE)])
            spaces = spaces[(bits[following] & np.uint32(Class.HAN)) != 0]
        if len(spaces) > 3:
            chained = spaces[1:] - spaces[:-1] == 2
            runs = chained[:-2] & chained[1:-1] & chained[2:]
            found.append(spaces[:-3][runs])
    return view.documents_with(np.concatenate(found))


WIDENED = "：／，。．"
"""Marks that addresses and numbers have as ASCII."""
_LETTER = np.uint32(Class.LATIN | Class.DIGIT)


def inside_words(view: View) -> NDArray[np.intp]:
    """Full-width marks that may belong to an address or to a number, of each at least the first."""
    return view.positions("punctuation inside words", _inside_words)


def _inside_words(view: View) -> NDArray[np.intp]:
    at = cjk_marks(view)
    at = at[(view.bits[np.maximum(at - 1, 0)] & _LETTER) != 0]
    places = np.clip(at + np.arange(-1, 4)[:, None], 0, len(view.codes) - 1)
    before, mark, after = view.codes[places[:3]]
    digit = (view.bits[places] & np.uint32(Class.DIGIT)) != 0
    within = (mark == ord("：")) & one_of(before, "pPsS") & one_of(after, "/／")
    within |= (mark == ord("，")) & digit[0] & digit[2:].all(axis=0)
    stop = (mark == ord("．")) | ((mark == ord("。")) & (digit[0] | one_of(before, "wW")))
    within |= stop & ((view.bits[places[2]] & _LETTER) != 0)
    found: NDArray[np.intp] = at[within]
    return found


def plain_spaces(view: View) -> NDArray[np.intp]:
    """Positions of U+0020."""
    return view.positions("plain spaces", _plain_spaces)


def _plain_spaces(view: View) -> NDArray[np.intp]:
    at = view.where(Class.SPACE)
    spaces: NDArray[np.intp] = at[view.codes[at] == 0x20]
    return spaces


def pairs_of_marks(view: View, pairs: Iterable[str]) -> NDArray[np.intp]:
    """Where these pairs of `DOUBLED` marks stand, ascending."""
    marks = view.positions("punctuation pairs", _pairs)
    if not len(marks):
        return marks
    first, second = view.codes[marks], view.codes[marks + 1]
    flags = np.zeros(len(marks), dtype=np.bool_)
    for pair in pairs:
        flags |= (first == ord(pair[0])) & (second == ord(pair[1]))
    return marks[flags]


def _pairs(view: View) -> NDArray[np.intp]:
    marks, codes = cjk_marks(view), cjk_codes(view)
    first = (marks[1:] - marks[:-1] == 1).nonzero()[0]
    if len(first):
        first = first[one_of(codes[first], DOUBLED) & one_of(codes[first + 1], DOUBLED)]
    pairs: NDArray[np.intp] = marks[first]
    return pairs
