"""Which rule a join is of, and what it cuts."""

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.code_sets import one_of
from jiaokan.validators.lines.evidence import COLUMN, Columns
from jiaokan.validators.lines.layout import Flags
from jiaokan.validators.lines.verse import CUT_WORD
from jiaokan.validators.lines.weighing import Decided

RULES_OF_JOINS = (
    "lines/hard-wrap",
    "lines/broken-paragraph",
    "lines/page-break",
    "lines/hyphenation",
)
HARD_WRAP, BROKEN_PARAGRAPH, PAGE_BREAK, HYPHENATION = range(4)
MANY = 10
"""So many joins tell a wrapped document."""
_SHARE_AT_WIDTH = 0.6
"""Of the lines that end at the width, those that run on, where the width is why."""
NARROW = 20
"""Columns of a line that is hardly cut at a width; titles are of one width by chance."""
_AT_WIDTH = 8
"""Columns that a line may be short of the width at which lines were cut."""
_BESIDE_WORDS = (
    "left_latin", "right_lower", "right_upper", "left_terminal", "left_comma", "left_colon", "left_close",
    "left_open", "left_hyphen", "right_no_start", "right_open",
)  # fmt: skip
"""What stands at a break that cuts no word of Han."""
_AT_SIDE = [COLUMN[name] for name in _BESIDE_WORDS]


def rules_of(decided: Decided, chosen: NDArray[np.intp]) -> NDArray[np.intp]:
    """The rule that each join is of, by its number."""
    layout, pairs = decided.layout, decided.pairs
    codes = layout.view.codes
    column = Columns(decided.evidence[chosen])
    last, first = layout.last[pairs.left[chosen]], layout.first[pairs.right[chosen]]
    blank = column["blanks"] > 0
    at_width = np.minimum(column["slack"], np.abs(column["slack_document"])) <= _AT_WIDTH
    at_width &= layout.edge[pairs.left[chosen]] >= NARROW
    set_ = are_set_at_width(decided, chosen)
    joins, breaks = len(chosen), len(pairs)
    often = np.where(blank, joins >= 0.5 * breaks, joins >= 0.2 * breaks)
    found = np.full(joins, BROKEN_PARAGRAPH, dtype=np.intp)
    found[set_ | (at_width & often & (joins >= 3))] = HARD_WRAP
    # What was indented by spaces was set in lines.
    set_in = ~blank & (column["indent_right"] >= 2) & one_of(codes[first - 1], " \t\u00a0")
    found[set_in] = HARD_WRAP
    found[pairs.page[chosen]] = PAGE_BREAK
    before = codes[last - 1] | np.uint32(0x20)
    hyphen = one_of(codes[last], "-\u2010\u00ad") & (last > 0)
    hyphen &= (before - np.uint32(97) < 26) & (codes[first] - np.uint32(97) < 26)
    found[hyphen] = HYPHENATION
    return found


def are_set_at_width(decided: Decided, chosen: NDArray[np.intp]) -> Flags:
    """Which of the joins are of lines that end at the document's width, where most such lines run on."""
    column = Columns(decided.evidence)
    at_width = np.abs(column["slack_document"]) <= _AT_WIDTH
    at_width &= decided.layout.edge[decided.pairs.left] >= NARROW
    joins = at_width[chosen]
    number = np.count_nonzero(joins)
    is_set = number >= MANY and number >= _SHARE_AT_WIDTH * np.count_nonzero(at_width)
    return joins & is_set


def cut_words(decided: Decided, chosen: NDArray[np.intp]) -> Flags:
    """Breaks inside a word or a phrase of Han, or inside a number."""
    evidence = decided.evidence[chosen]
    beside_words = (evidence[:, _AT_SIDE] != 0).any(axis=1)
    cut: Flags = (evidence[:, COLUMN["number_cut"]] != 0) | (
        (decided.pull[chosen] >= CUT_WORD) & ~beside_words
    )
    return cut
