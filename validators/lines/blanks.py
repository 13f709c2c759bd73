"""Where blanks stand between Han, or beside a mark: what is left of line breaks where a wrapped text was joined with one."""

from dataclasses import dataclass

import numpy as np

from jiaokan.validators.classes import Class
from jiaokan.validators.code_sets import one_of
from jiaokan.validators.lines.layout import Flags, Positions
from jiaokan.validators.lines.network import reads_on
from jiaokan.validators.lines.words import pull_of
from jiaokan.validators.view import View, distinct, ranges

CLOSING = "，、；：。！？」』”’）》〉】"
OPENING = "「『“‘（《〈【"
_PARTS_CLAUSES = "，；：。！？,;:!?"
_LONGEST = 2
"""Spaces of a blank: more are a gap between columns."""
_LEAST_BEFORE = 8
"""Characters from the line's beginning, or from the blank before, as the shortest lines have."""
_LEAST_READ, _LEAST_PULL = 1.0, 2.0
"""Log odds that the network must give, and how far what stands behind is pulled by what stands before."""
_LINE, _ALIKE = 14, 2
"""Characters of lines that were joined, and by how many two of a width differ."""


@dataclass(frozen=True)
class Blanks:
    """Blanks by the ink beside them, and the ink that begins and ends what stands between one and the next."""

    left: Positions
    right: Positions
    first: Positions
    last: Positions

    def __len__(self) -> int:
        return len(self.left)


def blanks_of(view: View) -> Blanks:
    """All blanks of a text, or of a batch."""
    left = view.positions("ink before blanks", lambda v: v.once("blanks", _blanks)[0])
    right = view.positions("ink behind blanks", lambda v: v.once("blanks", _blanks)[1])
    return bounded(view, left, right)


def bounded(view: View, left: Positions, right: Positions) -> Blanks:
    """Blanks, with where what stands before and behind each begins and ends: at another, or at a line's edge."""
    if not len(left):
        return Blanks(left, right, left, right)
    starts, ends = edges_of(view)
    first = starts[starts.searchsorted(left, side="right") - 1]
    first[1:] = np.maximum(first[1:], right[:-1])
    last = ends[ends.searchsorted(right)]
    last[:-1] = np.minimum(last[:-1], left[1:])
    return Blanks(left, right, first, last)


def edges_of(view: View) -> tuple[Positions, Positions]:
    """The first and the last place of each line, blank ones too."""
    breaks = view.breaks
    return np.append(0, breaks + 1), np.append(breaks - 1, len(view.text) - 1)


def _blanks(view: View) -> tuple[Positions, Positions]:
    spaces = view.where(Class.SPACE)
    if not len(spaces):
        return spaces, spaces
    apart = spaces[1:] != spaces[:-1] + 1
    left = spaces[np.append(True, apart)] - 1
    right = spaces[np.append(apart, True)] + 1
    short = (left >= 0) & (right < len(view.text)) & (right - left <= _LONGEST + 1)
    left, right = left[short], right[short]
    han = np.uint32(Class.HAN)
    beside = ((view.bits[left] & han) != 0) | one_of(view.codes[left], CLOSING)
    left, right = left[beside], right[beside]
    follows = one_of(view.codes[right], CLOSING) & ((view.bits[left] & han) != 0)
    beside = follows | ((view.bits[right] & han) != 0) | one_of(view.codes[right], OPENING)
    return left[beside], right[beside]


def suspect_blanks(view: View) -> Positions:
    """The last ink before some of the blanks of each document that may have ends of lines among them: between Han, in
    a line with the marks of a sentence, far enough from the blank before, read over by the network; and such as
    cut a word, or stand as far behind another as one beside them does."""
    return view.positions("suspect blanks", _suspect_blanks)


def _suspect_blanks(view: View) -> Positions:
    blanks = blanks_of(view)
    bits, left = view.bits, blanks.left
    between: Flags = (bits[left] & bits[blanks.right] & np.uint32(Class.HAN)) != 0
    at = np.flatnonzero(between & (left - blanks.first + 1 >= _LEAST_BEFORE))
    at = at[are_in_sentences(view, left[at])]
    if not len(at):
        return at
    left, right, first, last = (each[at] for each in vars(blanks).values())
    read = np.flatnonzero(reads_on("read", view, left, right, first, last) >= _LEAST_READ)
    at, left, right = at[read], left[read], right[read]
    suspect: Flags = pull_of(view, left, right) >= _LEAST_PULL
    found: Positions = left[suspect | _are_as_far(view, blanks)[at]]
    return found


def _are_as_far(view: View, blanks: Blanks) -> Flags:
    """Blanks as far behind another, or behind the line's beginning, as the next or the last of their document is."""
    far, document = blanks.left - blanks.first, view.starts.searchsorted(blanks.left, side="right")
    alike: Flags = (np.abs(np.diff(far)) <= _ALIKE) & (document[1:] == document[:-1])
    alike &= np.minimum(far[1:], far[:-1]) >= _LINE
    found: Flags = np.append(alike, False) | np.append(False, alike)
    return found


def are_in_sentences(view: View, places: Positions) -> Flags:
    """Places, ascending, in lines that have a mark such as parts clauses."""
    starts, ends = edges_of(view)
    line = starts.searchsorted(places, side="right") - 1
    lines = distinct(line)
    marks = view.where(Class.CJK_MARK | Class.ASCII_MARK)
    first, end = marks.searchsorted(starts[lines]), marks.searchsorted(ends[lines] + 1)
    parts = one_of(view.codes[marks[ranges(first, end - first)]], _PARTS_CLAUSES)
    number = np.append(0, np.cumsum(parts))
    before = np.cumsum(end - first)
    have: Flags = number[before] > number[before - (end - first)]
    return have[lines.searchsorted(line)]
