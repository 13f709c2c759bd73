"""What is not Traditional in text that is, or that is to be: strays, and forms that bad conversion put into it."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.script.certainty import (
    DAMAGED,
    are_rules,
    are_told_by_words,
    is_dense,
    may_be_right,
    odds_of_words,
    without_doubt,
    without_familiar,
    wrong_again,
    wrong_alone,
    wrong_if_asked,
)
from jiaokan.validators.script.decisions import (
    Codes,
    Decisions,
    Positions,
    decide,
    is_surname_form,
    open_positions,
    surnames,
)
from jiaokan.validators.script.features import REACH
from jiaokan.validators.script.findings import DISTINCT, converted_lines, stray_forms, wrong_forms
from jiaokan.validators.script.fixed_words import outside_few_words, written_forms, wrong_in_words
from jiaokan.validators.script.forms import HANS_ONLY, TRADITIONAL, forms, have_choice
from jiaokan.validators.script.model import is_familiar, pad
from jiaokan.validators.script.names import are_cited, in_name, is_contrasted
from jiaokan.validators.script.places import (
    is_old,
    without_either,
    without_special,
    without_spoken_of,
)
from jiaokan.validators.script.quotations import HEAVY, is_heavy, without_quotations
from jiaokan.validators.script.rules import OVER, UNDER
from jiaokan.validators.script.thresholds import (
    AMONG_OTHERS,
    ASKED,
    FAMILIAR,
    in_question,
    thresholds,
)
from jiaokan.validators.values import Finding, Settings
from jiaokan.validators.view import View

NAME, NO_NAME = 6.0, 6.0
"""Log odds that a form must reach to be wrong in what looks like a personal name; and that words must have."""
_DECIDED = "script decided"


def decide_together(views: Sequence[View]) -> None:
    """Decide the forms of many Traditional documents at once; `find_in_traditional` takes its own from there."""
    known = forms()
    codes = np.concatenate([pad(view.codes) for view in views])
    ends = np.cumsum([len(view.codes) + 2 * REACH for view in views])
    open_ = open_positions(codes)
    open_ = open_[_may_change()[codes[open_]]]
    kinds = known.kind[codes] & np.uint8(HANS_ONLY)
    strays = ((kinds != 0) & have_choice(TRADITIONAL)[known.member[codes]]).nonzero()[0]
    positions = np.union1d(open_, strays)
    found = decide(codes, pad(known.folded[codes]), positions, TRADITIONAL)
    last = positions.searchsorted(ends).tolist()
    start = first = 0
    for view, end, beyond in zip(views, ends.tolist(), last, strict=True):
        here = found.select(slice(first, beyond))
        view.notes[_DECIDED] = replace(here, positions=here.positions - (start + REACH))
        start, first = end, beyond


def _decided(view: View, padded: Codes, positions: Positions) -> Decisions:
    """What `decide` says of characters of Traditional text, if need be."""
    known: Decisions | None = view.notes.pop(_DECIDED, None)
    if known is not None and len(known.positions):
        rows = np.minimum(known.positions.searchsorted(positions), len(known.positions) - 1)
        if (known.positions[rows] == positions).all():
            return known.select(rows)
    return decide(view.codes, padded, positions, TRADITIONAL)


def find_in_traditional(
    view: View, hans: Positions, hant: Positions, settings: Settings, asked: bool
) -> list[Finding]:
    codes = view.codes
    known = forms()
    if asked and len(hans) > len(hant):
        return list(converted_lines(view, TRADITIONAL))
    padded = pad(known.folded[codes])
    open_ = open_positions(codes)
    written = hans
    if not asked:
        hans, open_ = without_quotations(view, hans, hant, open_, settings)
    unquoted = hans
    if not asked or view.profile.language == "lzh" or known.old[codes[hans]].all():
        hans = _without_old_forms(codes, padded, hans)
    share = len(hans) / max(1, len(hans) + len(hant))
    heavy = is_heavy(len(hans), len(hant))
    if heavy or (asked and (share >= HEAVY / 2 or not len(hant))):
        # What Taiwan writes too (庄, 群) is as likely to be of the other script.
        quoted = np.setdiff1d(written, unquoted, assume_unique=True)
        hans = np.setdiff1d(hans_forms()[codes].nonzero()[0], quoted, assume_unique=True)
    open_ = open_[_may_change()[codes[open_]]]
    if not asked:
        open_ = without_either(view, without_spoken_of(view, open_))
    open_ = without_special(view, open_, asked=asked)
    kept = without_special(view, hans, asked=asked)
    several = have_choice(TRADITIONAL)[known.member[codes[kept]]]
    both = _decided(view, padded, np.concatenate([open_, kept[several]]))
    is_stray = np.arange(len(both.positions)) >= len(open_)
    found, open_strays = both.select(~is_stray), both.select(is_stray)
    found = outside_few_words(found, codes)
    doubtful = open_[in_question(ASKED if asked else FAMILIAR)[codes[open_]]]
    doubtful = without_familiar(codes, padded, doubtful)
    in_doubt = found.select(found.are_in(doubtful))
    may_stand = not asked or (len(hant) > 0 and not heavy)
    wrong, in_words = _wrong_by_themselves(
        view, padded, found, in_doubt, kept, asked=asked, may_stand=may_stand
    )
    number = len(kept) + len(wrong.positions)
    strays = set(codes[kept].tolist())
    distinct = len(strays) + len(set(zip(wrong.choice.tolist(), wrong.best.tolist(), strict=True)))
    dense = is_dense(number, view)
    if len(wrong.positions):
        few = not asked and number < DAMAGED
        wrong = wrong_again(codes, padded, found, wrong, dense, few)
    if dense and view.profile.language == "zh":
        in_words |= wrong_in_words(padded, codes, found, damaged=True)
        are_wrong = found.are_in(wrong.positions)
        in_words &= ~are_wrong
        wrong = found.select(are_wrong | in_words)
    if heavy:
        looks_simplified = known.simplified[codes[found.positions]]
        sure = found.margin > -np.log(share)
        sure &= ~known.free[found.choice, found.own, found.best]
        asked_of = thresholds()[AMONG_OTHERS, found.choice, found.own, found.best]
        above = found.margin > asked_of
        above &= found.are_in(wrong.positions) | are_rules(codes, found, above)
        wrong = found.select((looks_simplified & sure) | above | in_words)
    sure_of = asked or distinct >= DISTINCT
    findings = list(stray_forms(view, kept[~several], open_strays, TRADITIONAL, sure_of, asked))
    rows = _without_names(view, padded, wrong, set(found.positions[in_words].tolist()), dense)
    simplified = known.simplified[codes[wrong.positions[rows]]].tolist() if rows else []
    rules = [UNDER if is_simplified else OVER for is_simplified in simplified]
    findings += wrong_forms(view, wrong, rows, padded, rules)
    if dense and number:
        right = found.select(~found.are_in(wrong.positions))
        named = surnames(codes, codes, right)
        named = named.select(named.best != named.own)
        every = list(range(len(named.positions)))
        findings += wrong_forms(view, named, every, padded, [OVER] * len(every))
    return findings


def _without_names(
    view: View, padded: Codes, wrong: Decisions, told_by_words: set[int], dense: bool
) -> list[int]:
    """The rows of what is wrong, but for what is contrasted, and for what looks like a personal name,
    unless in a `dense`ly damaged document the words around are sure that it is none (牛肉干, 包谷粉)."""
    positions = wrong.positions.tolist()
    doubted = [
        (margin < NAME or position in told_by_words) and in_name(view.text, position)
        for position, margin in zip(positions, wrong.margin.tolist(), strict=True)
    ]
    if dense and any(doubted):
        named = np.flatnonzero(doubted)
        for row, odds in zip(
            named.tolist(), odds_of_words(wrong.select(named), padded).tolist(), strict=True
        ):
            doubted[row] = odds < NO_NAME
    return [
        row
        for row, position in enumerate(positions)
        if not doubted[row] and not is_contrasted(view, position)
    ]


def _wrong_by_themselves(
    view: View,
    padded: Codes,
    found: Decisions,
    in_doubt: Decisions,
    strays: Positions,
    *,
    asked: bool,
    may_stand: bool,
) -> tuple[Decisions, NDArray[np.bool_]]:
    """What is wrong whatever else is, and which of `found` a word tells: less readily in a text that
    `may_stand` as it is, and least of all where it shows little other damage."""
    codes = view.codes
    wrong = wrong_if_asked(in_doubt, padded) if asked else in_doubt.select(slice(0))
    as_it_stands = may_stand and (not asked or may_be_right(view, strays, wrong.positions))
    if as_it_stands:
        alone = found.are_in(wrong_alone(codes, in_doubt, padded).positions)
        wrong = found.select(alone | found.are_in(without_doubt(view, wrong, padded).positions))
    in_words = wrong_in_words(padded, codes, found, damaged=False)
    wrong = found.select(found.are_in(wrong.positions) | in_words)
    if as_it_stands and len(wrong.positions):
        cited = np.array(are_cited(view.text, wrong.positions.tolist()))
        wrong = wrong.select(~cited & (not is_old(view.text)))
        number = len(strays) + len(wrong.positions)
        if not (number >= DAMAGED and is_dense(number, view)):
            told = are_told_by_words(view, wrong, padded, asked=asked)
            in_words &= ~found.are_in(wrong.positions[~told])
            wrong = wrong.select(told)
    return wrong, in_words


def _without_old_forms(codes: Codes, padded: Codes, strays: Positions) -> Positions:
    """The strays but for those that old text writes (并), where no word says what they are here."""
    known = forms()
    old = known.old[codes[strays]]
    if not old.any():
        return strays
    in_question = strays[old & (known.member[codes[strays]] > 0)]
    found = decide(codes, padded, in_question, TRADITIONAL)
    told = is_familiar(padded, in_question, found.best.astype(np.int8), TRADITIONAL)
    return np.sort(np.concatenate([strays[~old], in_question[told]]))


@cache
def _may_change() -> NDArray[np.bool_]:
    """Characters of Traditional text that may be called wrong, or that have the look of Simplified."""
    return in_question(AMONG_OTHERS) | forms().simplified | is_surname_form() | written_forms()


@cache
def hans_forms() -> NDArray[np.bool_]:
    """Characters that Traditional text has another form for."""
    known = forms()
    differs: NDArray[np.bool_] = known.direct[TRADITIONAL] != np.arange(len(known.kind))
    differs[known.own[TRADITIONAL, known.member] >= 0] = False
    return differs
