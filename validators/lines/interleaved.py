"""Whether an extractor set the lines of two columns in turns: then the next line but one goes on with a sentence."""

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import Class
from jiaokan.validators.lines.evidence import FEATURES
from jiaokan.validators.lines.network import reads_on
from jiaokan.validators.lines.weighing import Decided

_LEAST = 50
"""Joins, and ends of lines at the width, of which it takes so many to tell."""
_MOST = 300
"""Ends of lines that are read."""
_SHARE = 0.45
"""Of them, those that are read on below; a third are by chance."""
_AT_WIDTH = 8
_SLACK = FEATURES.index("slack_document")


def are_in_turns(decided: Decided, joins: NDArray[np.intp]) -> bool:
    """Whether lines that end at the width amid Han are read on two lines below, rather than in the next."""
    if len(joins) < _LEAST:
        return False
    layout, pairs, bits = decided.layout, decided.pairs, decided.layout.view.bits
    at = np.flatnonzero(np.abs(decided.evidence[:, _SLACK]) <= _AT_WIDTH)
    at = at[pairs.right[at] + 1 < len(layout)]
    left, right = pairs.left[at], pairs.right[at]
    han = bits[layout.last[left]] & bits[layout.first[right]] & bits[layout.first[right + 1]]
    amid = ((han & np.uint32(Class.HAN)) != 0).nonzero()[0]
    if len(amid) < _LEAST:
        return False
    amid = amid[:: -(-len(amid) // _MOST)]
    left, right = left[amid], right[amid]
    first, last = layout.first, layout.last
    next_, below = (
        reads_on("read", layout.view, last[left], first[line], first[left], last[line])
        for line in (right, right + 1)
    )
    better = np.count_nonzero(below > next_)
    return bool(better >= _SHARE * len(amid) and below.sum() > next_.sum())
