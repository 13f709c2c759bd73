"""Characters that are not of the text's script (`conversions`), forms and words not of its norm."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.format import format_of
from jiaokan.validators.programs import is_marked_up
from jiaokan.validators.protected import is_protected
from jiaokan.validators.script import conversions, numerals, regional, variants
from jiaokan.validators.script.columns import are_of_other_columns
from jiaokan.validators.script.listed import lists_both, lists_words, sets_side_by_side
from jiaokan.validators.script.mentioned import are_mentioned
from jiaokan.validators.script.on_purpose import are_chosen, are_in_names
from jiaokan.validators.script.rules import MIXED
from jiaokan.validators.values import Applicability, Finding, Rule, Settings
from jiaokan.validators.view import View

RULES: tuple[Rule, ...] = (
    *conversions.RULES,
    *numerals.RULES,
    *variants.RULES,
    *regional.RULES,
)


def screen(view: View, settings: Settings) -> NDArray[np.bool_]:
    flags = conversions.screen(view, settings) | variants.screen(view, settings)
    return flags | numerals.screen(view, settings) | regional.screen(view, settings)


def gather(views: Sequence[View], settings: Settings) -> None:
    """Do for many documents at once what `find` needs of each."""
    conversions.gather(views, settings)


def find(view: View, settings: Settings) -> list[Finding]:
    found = variants.without_own_forms(view, settings, conversions.find(view, settings))
    found += [*numerals.find(view, settings), *variants.find(view, settings)]
    found += regional.find(view, settings)
    return _unsure_among(view, settings, found) if found else found


def _unsure_among(view: View, settings: Settings, found: list[Finding]) -> list[Finding]:
    """The findings, unsafe where they would change a program, whose strings may be compared with
    others, a list of both forms, what is spoken of, or written in the other script on purpose, unless a
    script was asked for."""
    if settings.script not in ("auto", "keep"):
        return found
    kind = format_of(view, settings)
    is_code = kind == "code" and not is_marked_up(view.text)
    if (
        is_code
        or lists_words(view.text, kind == "csv")
        or lists_both(view.text, found)
        or sets_side_by_side(view.text, found)
    ):
        inside = np.ones(len(found), dtype=np.bool_)
    else:
        inside = is_protected(view, np.array([finding.start for finding in found]))
        inside |= are_mentioned(view.text, found)
        inside |= are_of_other_columns(view, found)
        inside |= are_in_names(view, settings, found)
        strays = [
            row
            for row, finding in enumerate(found)
            if finding.rule == MIXED.id and finding.applicability is Applicability.SAFE
        ]
        if strays:
            inside[strays] |= are_chosen(view, settings, [found[row] for row in strays])
    unsure = Applicability.UNSAFE
    return [
        replace(finding, applicability=unsure)
        if is_inside and finding.applicability is Applicability.SAFE
        else finding
        for finding, is_inside in zip(found, inside.tolist(), strict=True)
    ]
