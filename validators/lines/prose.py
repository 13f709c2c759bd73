"""What tells prose among broken lines: sentences that end in the lines, and where they do."""

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import Class
from jiaokan.validators.lines.evidence import COLUMN, Columns
from jiaokan.validators.lines.layout import Flags
from jiaokan.validators.lines.weighing import LIKELY, Decided

MOSTLY = 0.5
"""Of a line's characters, Han: what ends it is no command, behind which something was lost."""
_LEAST_EXPLAINED = 2 / 3
"""Of the lines that hold the end of a sentence and end in the middle of one, those that likely run on, in a
text that ends its sentences."""
_LEAST_ENDED = 1 / 2
"""Of its other lines, but for short ones, those that end with a stop, a colon or a semicolon."""
_SEMICOLON = 2
"""What the evidence has for one, where it has 1 for a comma."""
_PHRASE, CLAUSE, _LONG = 5, 20, 40
"""Characters of a line that is no word by itself; of a line, and columns of the next, that are hardly a title."""
_WELL_SHORT = 12
"""Columns that a line is short of the width, more than any word of Han or Latin letters would need."""
_MOSTLY_PARTED = 0.8
_OF_WORDS = np.uint32(Class.HAN | Class.DIGIT)
_OF_SENTENCES = ("sentences_left", "sentences_right", "marks_left")
_AT_SENTENCES = [COLUMN[name] for name in _OF_SENTENCES]


def hold_sentences(evidence: NDArray[np.float64]) -> Flags:
    """Lines that hold the end of a sentence, or a mark where the next holds such an end: no title of a verse."""
    ends_left, ends_right, marks = evidence[:, _AT_SENTENCES].T
    hold: Flags = (ends_left > 0) | ((marks > 0) & (ends_right > 0))
    return hold


def ends_its_sentences(decided: Decided) -> bool:
    """Whether the lines of a text end where its sentences do, but for those after which it likely runs on: such a
    text is damaged there. In one whose writers leave the last stop out, as in talk and reviews, few do."""
    column = Columns(decided.evidence)
    likely = decided.probability >= LIKELY
    han = column["han_left"] >= MOSTLY
    ended = (column["left_terminal"] != 0) | (column["left_colon"] != 0)
    holds_end = han & ~ended & (column["sentences_left"] != 0)
    holds_end &= (column["left_hyphen"] == 0) & (column["right_no_start"] == 0)
    if likely[holds_end].sum() < _LEAST_EXPLAINED * holds_end.sum():
        return False
    long = han & ~likely & (column["left_chars"] >= CLAUSE)
    ended |= column["left_comma"] == _SEMICOLON
    of_last = bool(column["closed_right"][-1])
    return bool((ended & long).sum() + of_last >= _LEAST_ENDED * (long.sum() + 1))


def are_between_words(decided: Decided, chosen: NDArray[np.intp], column: Columns) -> Flags:
    """Between Han or figures, in lines of Han that are no word by themselves, before what is no item."""
    layout, pairs = decided.layout, decided.pairs
    bits = layout.view.bits
    left, right = layout.last[pairs.left[chosen]], layout.first[pairs.right[chosen]]
    prose: Flags = ((bits[left] & _OF_WORDS) != 0) & ((bits[right] & _OF_WORDS) != 0)
    prose &= (column["left_chars"] >= _PHRASE) & (column["right_item"] == 0)
    prose &= (column["han_left"] >= MOSTLY) & (column["han_right"] >= MOSTLY)
    return prose


def are_in_prose(decided: Decided, chosen: NDArray[np.intp], column: Columns) -> Flags:
    """The same in lines that are hardly a title, a name or an item."""
    prose = are_between_words(decided, chosen, column)
    long: Flags = (column["left_chars"] >= CLAUSE) | (column["right_width"] >= _LONG)
    prose &= long | (column["sentences_left"] != 0)
    return prose


def runs_paragraphs_together(decided: Decided) -> bool:
    """Whether lines that end both a sentence and a paragraph, well short of the width, are followed by neither a
    blank line nor an indent: where a sentence ends at the width, nothing tells if its paragraph does."""
    column = Columns(decided.evidence)
    ends = (column["left_terminal"] != 0) & (column["slack_document"] > _WELL_SHORT)
    parted = (column["blanks"] != 0) | (column["indent_first"] >= 2)
    return bool(ends.any()) and bool(parted[ends].mean() < _MOSTLY_PARTED)
