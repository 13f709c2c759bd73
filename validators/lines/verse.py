"""Lines that are set in clauses, as verse, slogans and lyrics are: none of them is cut at a width."""

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.expressions import expression
from jiaokan.validators.lines.layout import Flags

CUT_WORD = 3.0
"""How many times (as a logarithm) more often than by chance characters meet that make one word."""
_CUT_SHARE = 1 / 3
"""Of the breaks of prose that was cut at a width, about half cut a word or a phrase."""
_AT_MARKS = 0.8
_FEW = 6
_CLAUSE = expression(r"[^\s，、；：。！？,;:!?·《》「」“”（）()—-]+")
_LONGEST = 9
"""Characters of the longest clause of verse, but for a title or a name,"""
_LONG_SHARE = 0.05
"""of which there are few."""
_OF_PROSE = expression(r"[A-Za-z]|[。！？!?；;．｡…][^\S\n]*[^\s。！？!?；;．｡…」』”’）)》】]")


def is_in_clauses(text: str, cut: Flags) -> bool:
    """Whether lines of short clauses, without a Latin letter, hold no end of a sentence, and few likely breaks cut a word.

    Prose that is wrapped has its sentences end anywhere, clauses of all lengths, and its words cut
    as often as not.
    """
    if cut.sum() >= _CUT_SHARE * len(cut) or _OF_PROSE.search(text):
        return False
    clauses = _CLAUSE.findall(text)
    return sum(len(clause) > _LONGEST for clause in clauses) <= _LONG_SHARE * len(clauses)


def ends_at_marks(marked: NDArray[np.bool_]) -> bool:
    """Whether nearly all lines end in a mark, which no width brings about."""
    return len(marked) >= _FEW and bool(marked.mean() >= _AT_MARKS)
