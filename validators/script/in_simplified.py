"""What is not Simplified in text that is, or that is to be."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import Class
from jiaokan.validators.script.certainty import DENSITY
from jiaokan.validators.script.decisions import Positions, decide
from jiaokan.validators.script.findings import DISTINCT, converted_lines, stray_forms, wrong_forms
from jiaokan.validators.script.forms import (
    HANS_ONLY,
    HANT_ONLY,
    OPEN_HANS,
    SIMPLIFIED,
    forms,
    have_choice,
)
from jiaokan.validators.script.model import pad
from jiaokan.validators.script.names import is_authors
from jiaokan.validators.script.places import in_place_names, without_special
from jiaokan.validators.script.quotations import without_quotations
from jiaokan.validators.script.rules import MIXED
from jiaokan.validators.values import Finding, Settings
from jiaokan.validators.view import View

SURE_OF_HANS, SURE_IF_ASKED = 3.0, 0.5
"""Log odds at which a character that Simplified keeps in some words (乾, 著) is not of it here."""


def find_in_simplified(
    view: View, hans: Positions, hant: Positions, settings: Settings, asked: bool
) -> list[Finding]:
    codes = view.codes
    known = forms()
    if asked and len(hant) > len(hans):
        return list(converted_lines(view, SIMPLIFIED))
    open_ = (known.kind[codes] & np.uint8(OPEN_HANS)).nonzero()[0]
    if asked:
        hant = hant[codes[hant] != ord("幺")]  # standard in Simplified
    else:
        hant = hant[(view.bits[hant] & np.uint32(Class.HANT)) != 0]  # so are 拚, 摺
        hant, open_ = without_quotations(view, hant, hans, open_, settings)
    padded = pad(known.folded[codes])
    kept = without_special(view, hant, asked=asked)
    sure = asked or len(set(codes[kept].tolist())) >= DISTINCT
    merged = np.zeros(len(kept), dtype=np.bool_)
    if not asked:
        dense = len(kept) * DENSITY >= view.profile.han
        merged = _merged()[codes[kept]] & (in_place_names(view, kept) | (not dense))
    several = have_choice(SIMPLIFIED)[known.member[codes[kept]]]
    findings: list[Finding] = []
    for some, is_sure in ((~merged, sure), (merged, False)):
        found = decide(codes, padded, kept[several & some], SIMPLIFIED)
        findings += stray_forms(view, kept[~several & some], found, SIMPLIFIED, is_sure, asked)
    if sure:
        open_ = without_special(view, open_, asked=asked)
        if not asked:
            open_ = open_[~in_place_names(view, open_)] if dense else open_[:0]
        found = decide(codes, padded, open_, SIMPLIFIED)
        least = SURE_IF_ASKED if asked else SURE_OF_HANS
        found = found.select((found.best != found.own) & (found.margin > least))
        places = found.positions.tolist()
        found = found.select(np.array([not is_authors(view.text, at) for at in places], np.bool_))
        every = list(range(len(found.positions)))
        findings += wrong_forms(view, found, every, padded, [MIXED] * len(every))
    return findings


@cache
def _merged() -> NDArray[np.bool_]:
    """Traditional characters and variants whose Simplified form Traditional text has, too: names keep them."""
    known = forms()
    merged: NDArray[np.bool_] = (known.kind & np.uint8(HANT_ONLY)) != 0
    merged &= (known.kind[known.direct[SIMPLIFIED]] & np.uint8(HANS_ONLY)) == 0
    return merged
