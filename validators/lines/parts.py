"""Rows that an extractor read in parts: where the characters of two fonts meet, at a space that it set as a line."""

import numpy as np

from jiaokan.validators.classes import Class
from jiaokan.validators.code_sets import one_of
from jiaokan.validators.lines.evidence import are_terminal
from jiaokan.validators.lines.layout import Flags, Layout
from jiaokan.validators.lines.pairs import Pairs

_LEAST = 10
"""Breaks at such spaces, of which it takes so many to tell."""
_NO_START = "，。、；：？！）」』”》"
_SHARE = 0.9
"""Of a document's breaks with spaces like these, those where the fonts change; in a text whose paragraphs
and blank lines end with a space, few do."""

_MIXED = 0.4
"""Of these, those whose left line has Han, too; a list of words in two languages has none."""


def are_at_spaces(layout: Layout, pairs: Pairs) -> Flags:
    """Where the left line ends with a space, a line of spaces alone follows, and Latin letters stand before the
    break, Han behind it:
    PyMuPDF and mutool read a row of a word processor's PDF so, in which the space between Latin letters and Han is
    of both fonts. In such a document also where a line of spaces stands before a mark that begins no line."""
    left, right, codes = pairs.left, pairs.right, layout.view.codes
    last, first = layout.last[left], layout.first[right]
    start = layout.start[right]
    apart: Flags = (layout.number[right] == layout.number[left] + 2) & (start == first)
    if not apart.any():
        return apart
    before = np.maximum(start - 2, 0)
    before = np.maximum(before - (codes[before] == 13), 0)
    apart &= codes[before] == 32
    spaces: Flags = apart & (codes[last + 1] == 32)
    parts: Flags = spaces & (codes[last] < 128) & (codes[first] >= 128)
    parts &= ~are_terminal(layout, pairs)
    han = layout.view.where(Class.HAN)
    has_han = han.searchsorted(last) > han.searchsorted(layout.first[left])
    number, of = pairs.total(parts), pairs.total(spaces)
    enough: Flags = (number >= _LEAST) & (number >= _SHARE * of)
    enough &= pairs.total(parts & has_han) >= _MIXED * number
    parts |= apart & one_of(codes[first], _NO_START)
    return parts & enough[pairs.document]
