"""Written Cantonese: which lines are, and which forms its words have in Traditional."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.code_sets import one_of
from jiaokan.validators.script.forms import TRADITIONAL, forms
from jiaokan.validators.script.model import Odds

CANTONESE: Final = "佢哋喺唔咗嘅嚟㗎啲嗰冇嘢咩嘞瞓"
"""Characters of written Cantonese: a line that has one may write 着 and 吓 in its own right."""
_FORMS: Final = {"晒": "晒", "吓": "吓", "系": "係"}
"""What particles and the verb 係 are in Traditional: 食晒, 講吓, 就係."""
_SURE: Final = 3.0
"""Natural log odds of another form against which they do not stand: 曬太陽, 中文系."""


def cantonese_forms(
    codes: NDArray[np.uint32],
    positions: NDArray[np.intp],
    choice: NDArray[np.int16],
    odds: Odds,
) -> tuple[NDArray[np.intp], NDArray[np.uint32]]:
    """Positions in lines of Cantonese where its words have a form of their own, and that form."""
    written = codes[positions]
    rows = np.flatnonzero(one_of(written, "".join(_FORMS)))
    if not len(rows):
        return positions[:0], codes[:0]
    breaks = np.flatnonzero(codes == ord("\n"))
    lines = np.searchsorted(breaks, np.flatnonzero(one_of(codes, CANTONESE)))
    rows = rows[np.isin(np.searchsorted(breaks, positions[rows]), lines)]
    meant = np.array([ord(_FORMS[chr(code)]) for code in written[rows].tolist()], dtype=np.uint32)
    candidates = forms().candidates[TRADITIONAL, choice[rows]]
    at = (candidates == meant[:, None]).argmax(axis=1)
    unsure = odds[rows].max(axis=1) - odds[rows, at] < _SURE
    return positions[rows[unsure]], meant[unsure]
