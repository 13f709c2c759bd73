"""Characters that are not of the text's script, and forms that bad conversion put into it."""

from collections.abc import Sequence
from functools import cache, partial

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.arrays import KeptArray
from jiaokan.validators.script.certainty import (
    NEARLY,
    without_familiar,
    wrong_alone,
    wrong_if_asked,
)
from jiaokan.validators.script.decisions import Positions, decide, may_be_wrong
from jiaokan.validators.script.findings import reported, undecided
from jiaokan.validators.script.fixed_words import meant_in_words, signs
from jiaokan.validators.script.forms import (
    HANS_ONLY,
    HANT_ONLY,
    OPEN_HANS,
    SIMPLIFIED,
    TRADITIONAL,
    forms,
)
from jiaokan.validators.script.in_simplified import find_in_simplified
from jiaokan.validators.script.in_traditional import (
    decide_together,
    find_in_traditional,
    hans_forms,
)
from jiaokan.validators.script.kanji import may_be_japanese
from jiaokan.validators.script.model import pad
from jiaokan.validators.script.rules import CONVERTED, MIXED, OVER, UNDER
from jiaokan.validators.script.thresholds import ASKED, FAMILIAR, thresholds
from jiaokan.validators.script.variants import own_forms
from jiaokan.validators.values import Finding, Rule, Settings
from jiaokan.validators.view import View

RULES: tuple[Rule, ...] = (MIXED, UNDER, OVER, CONVERTED)
RULING = 2.5
"""A script rules a document whose characters of it are this many times those of the other."""
LEAST_OF_SCRIPT, LEAST_BY_ITSELF = 4, 2
"""So many characters of it show a script, and so many where the other has none."""
_OF_KIND = {HANS_ONLY: "script Hans", HANT_ONLY: "script Hant", OPEN_HANS: "script open Hans"}
_SIGN = 16


def screen(view: View, settings: Settings) -> NDArray[np.bool_]:
    asked = settings.script.startswith("zh-Hant")
    circumstance = ASKED if asked else FAMILIAR
    hans, hant = (
        view.numbers_of(_of_kind(view, kind, circumstance)) for kind in (HANS_ONLY, HANT_ONLY)
    )
    flags = (hans > 0) & (hant > 0)
    if settings.script == "zh-Hans":
        return flags | (hant > 0) | view.documents_with(_of_kind(view, OPEN_HANS, circumstance))
    if asked:
        others = hans_forms().take(view.codes, mode="clip").nonzero()[0]
        flags |= (hans > 0) | ((hant == 0) & view.documents_with(others))
    checked = ((hant > 0) | (hans == 0) if asked else _rules(hant, hans)) & ~flags
    if checked.any():
        kinds = _kinds_in(view, circumstance)
        positions = (kinds >= _SIGN).nonzero()[0]
        ends, starts = (positions.searchsorted(at) for at in (view.ends, view.starts))
        positions = positions[np.repeat(checked, ends - starts)]
        if not len(positions):
            return flags
        padded = pad(forms().folded.take(view.codes, mode="clip"))
        signs_at = kinds[positions] // _SIGN
        in_words = positions[signs_at > 1]
        if len(in_words):
            meant = meant_in_words(padded, view.codes, in_words, damaged=False)
            flags |= view.documents_with(in_words[meant != 0])
        positions = without_familiar(view.codes, padded, positions[(signs_at & 1) != 0])
        if len(positions):
            odds = thresholds()[circumstance]
            odds = odds - NEARLY if asked else odds
            positions = positions[may_be_wrong(view.codes, padded, positions, odds)]
        if len(positions):
            found = decide(view.codes, padded, positions, TRADITIONAL)
            wrong = (
                wrong_if_asked(found, padded) if asked else wrong_alone(view.codes, found, padded)
            )
            flags |= view.documents_with(wrong.positions)
    return flags


def _of_kind(view: View, kind: int, circumstance: int = FAMILIAR) -> Positions:
    """Positions of the characters of one of the kinds of `forms`."""
    return view.positions(_OF_KIND[kind], lambda view: _find_kind(view, kind, circumstance))


def _find_kind(view: View, kind: int, circumstance: int) -> Positions:
    found: Positions = ((_kinds_in(view, circumstance) & np.uint8(kind)) != 0).nonzero()[0]
    return found


def _kinds_in(view: View, circumstance: int) -> NDArray[np.uint8]:
    """Of each character its kind, and `_SIGN` times what `signs` has for it; kept in the view."""
    return view.once(
        f"script kinds {circumstance}",
        lambda view: _kinds_and_signs(circumstance).take(view.codes, mode="clip"),
    )


@cache
def _kinds_and_signs(circumstance: int) -> NDArray[np.uint8]:
    """By code point."""
    return KINDS[circumstance].load()


def _make_kinds_and_signs(circumstance: int) -> NDArray[np.uint8]:
    table: NDArray[np.uint8] = forms().kind | (signs(circumstance) * np.uint8(_SIGN))
    return table


_TABLES = ("classes.tsv", "script-forms.tsv", "script-thresholds.tsv", "fixed-words.tsv")
KINDS = {
    circumstance: KeptArray(
        f"script-kinds-{circumstance}", _TABLES, partial(_make_kinds_and_signs, circumstance)
    )
    for circumstance in (FAMILIAR, ASKED)
}


def gather(views: Sequence[View], settings: Settings) -> None:
    """Decide the forms of many documents at once, as far as each may be asked for them."""
    View.know_languages(views)
    if settings.script == "zh-Hans":
        return
    asked = settings.script not in ("auto", "keep")
    some = [
        view
        for view in views
        if asked or _rules(len(_of_kind(view, HANT_ONLY)), len(_of_kind(view, HANS_ONLY)))
    ]
    if some:
        decide_together(some)


def find(view: View, settings: Settings) -> list[Finding]:
    hans, hant = _of_kind(view, HANS_ONLY), _of_kind(view, HANT_ONLY)
    language = view.profile.language
    if language in ("ja", "ko") or (settings.script in ("auto", "keep") and language != "zh"):
        return []
    if len(hans) and (len(hant) or settings.script in ("zh-Hant-HK", "zh-Hant-CN")):
        hans = hans[~own_forms(view, settings)[view.codes[hans]]]
    if settings.script in ("auto", "keep"):
        if may_be_japanese(view.text):
            return []
        if _rules(len(hant), len(hans)):
            target = TRADITIONAL
        elif _rules(len(hans), len(hant)):
            target = SIMPLIFIED
        else:
            return undecided(view, hans, hant)
    else:
        target = SIMPLIFIED if settings.script == "zh-Hans" else TRADITIONAL
    asked = settings.script not in ("auto", "keep")
    if target == TRADITIONAL:
        found = find_in_traditional(view, hans, hant, settings, asked)
    else:
        found = find_in_simplified(view, hans, hant, settings, asked)
    if settings.script == "keep":
        return [reported(finding) for finding in found]
    return found


def _rules(mine: NDArray[np.intp] | int, other: NDArray[np.intp] | int) -> NDArray[np.bool_]:
    """Whether characters of one script are many enough, and the other's few."""
    mine, other = np.asarray(mine), np.asarray(other)
    enough = mine >= np.where(other > 0, LEAST_OF_SCRIPT, LEAST_BY_ITSELF)
    ruling: NDArray[np.bool_] = enough & (mine >= RULING * other)
    return ruling
