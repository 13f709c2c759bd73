"""Joins that are not sure, whatever speaks for each: of verse, of lines set in clauses or in one pattern."""

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.lines.evidence import COLUMN
from jiaokan.validators.lines.layout import Flags, Layout, Positions
from jiaokan.validators.lines.prose import hold_sentences
from jiaokan.validators.lines.verse import CUT_WORD, ends_at_marks, is_in_clauses
from jiaokan.validators.lines.weighing import Decided

_ALIKE = 1 / 3
"""Of the joins of a list, those between lines that begin alike."""
_VERSE_ENDS = 0.5
"""Share of a classical text's lines that end at marks, where they are verses: of those that a width cut, a fifth do."""
_OF_MARK = ("left_terminal", "left_comma", "left_colon")
_AT_MARK = [COLUMN[name] for name in _OF_MARK]


def held_back(decided: Decided, chosen: NDArray[np.intp], wraps: Flags) -> Flags:
    """Which of the joins are not sure, whatever speaks for each: those of lines set in clauses or of one pattern."""
    layout, pairs, language = decided.layout, decided.pairs, decided.window.whole.profile.language
    held = np.zeros(len(chosen), dtype=np.bool_)
    marked: Flags = np.any(decided.evidence[:, _AT_MARK] > 0, axis=1)
    in_verse = ~hold_sentences(decided.evidence[chosen])
    if ends_at_marks(marked):
        held |= wraps & marked[chosen] & (decided.evidence[chosen, COLUMN["indent_right"]] < 2)
        if language == "lzh":  # titles stand between the verses
            held |= in_verse & (decided.pull[chosen] < CUT_WORD)
    elif language == "lzh" and marked.mean() >= _VERSE_ENDS:
        held |= in_verse
    alike = _begin_alike(layout, pairs.left[chosen], pairs.right[chosen])
    if np.count_nonzero(alike) > 1 and np.count_nonzero(alike) / len(alike) >= _ALIKE:
        held |= alike
    han = decided.evidence[chosen, COLUMN["left_latin"]] == 0
    if han.any() and is_in_clauses(layout.view.text, decided.pull[chosen[han]] >= CUT_WORD):
        held |= han & (decided.evidence[chosen, COLUMN["number_cut"]] == 0)
    return held


def _begin_alike(layout: Layout, left: Positions, right: Positions) -> Flags:
    """`begin_alike`, for many pairs of lines."""
    codes, first, next_ = layout.view.codes, layout.first[left], layout.first[right]
    longer, next_longer = layout.last[left] > first, layout.last[right] > next_
    second = np.where(longer, codes[np.minimum(first + 1, layout.last[left])], 0)
    next_second = np.where(next_longer, codes[np.minimum(next_ + 1, layout.last[right])], 0)
    alike: Flags = codes[first] == codes[next_]
    alike &= (second == next_second) & (longer == next_longer)
    return alike
