"""How sure the model must be before a form that Traditional text does write is called wrong."""

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import CODE_POINTS
from jiaokan.validators.script.forms import CANDIDATES, TRADITIONAL, forms
from jiaokan.validators.tables import rows_of

LONE: Final = 0
"""For a document that shows no other damage."""
FAMILIAR: Final = 1
"""The same, where the better form is familiar in this context, and the written one is not."""
ASKED: Final = 2
"""For a document that the user wants in Traditional."""
AMONG_OTHERS: Final = 3
"""For a document that other damage shows to be badly converted."""

WELL_KNOWN: Final = float(np.log(60))
"""The `familiarity` that counts: 數里, so many miles, is known well enough to be seen in 變數裡."""


@cache
def thresholds() -> NDArray[np.float32]:
    """Log odds by circumstance, class, form and better form: (4, classes, CANDIDATES, CANDIDATES).

    Infinite where clean text uses one form for the other, so that nothing can be told.
    """
    known = forms()
    shape = (4, known.candidates.shape[1], CANDIDATES, CANDIDATES)
    table = np.full(shape, np.inf, dtype=np.float32)
    for written, meant, *values in rows_of("script-thresholds.tsv"):
        member = known.member[ord(written)]
        row = known.choice[member]
        here = int(known.own[TRADITIONAL, member])
        there = int(known.own[TRADITIONAL, known.member[ord(meant)]])
        table[:, row, here, there] = [float(value) for value in values]
    return table


@cache
def in_question(circumstance: int) -> NDArray[np.bool_]:
    """Code point to whether there is another form that could be called better than it."""
    known = forms()
    found = np.zeros(CODE_POINTS, dtype=np.bool_)
    members = np.flatnonzero(known.member)
    rows = known.member[members]
    own = known.own[TRADITIONAL, rows]
    told = np.isfinite(thresholds()[circumstance]).any(axis=2)
    found[members] = told[known.choice[rows], own] & (own >= 0)
    return found
