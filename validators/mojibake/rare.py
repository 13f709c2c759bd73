"""Characters that misread text is full of, and that good text seldom has."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.code_sets import one_of
from jiaokan.validators.plausibility import alone
from jiaokan.validators.view import View

RARE = 16.0
"""Bits of a character that misread text is full of and good text seldom has."""
SIGNS = "锟嚙鐃쏙烫屯ïЅ╜╫\ufffd"
"""What marks of lost content have, each sign one of them."""


@cache
def _rare() -> NDArray[np.bool_]:
    table = np.zeros(0x110000, dtype=np.bool_)
    table[:0x10000] = -alone() >= RARE
    table[0xE000:0xF900] = True
    table[list(map(ord, SIGNS))] = True
    table[:0x80] = False
    table.flags.writeable = False
    return table


def sign_positions(view: View) -> NDArray[np.intp]:
    """Positions of `SIGNS`."""
    return view.positions("mojibake signs", _sign_positions)


def _sign_positions(view: View) -> NDArray[np.intp]:
    rare = rare_positions(view)
    if not len(rare):
        return rare
    found: NDArray[np.intp] = rare[one_of(view.codes[rare], SIGNS)]
    return found


def rare_positions(view: View) -> NDArray[np.intp]:
    """Positions of the characters that misread text is full of."""
    return view.positions("mojibake rare", _rare_positions)


def _rare_positions(view: View) -> NDArray[np.intp]:
    return _rare().take(view.codes).nonzero()[0]
