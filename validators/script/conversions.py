"""Characters that are not of the text's script, and forms that bad conversion put into it."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import Class
from jiaokan.validators.script.decisions import (
    Codes,
    Decisions,
    Positions,
    decide,
    is_surname_form,
    may_be_wrong,
    open_positions,
    surnames,
)
from jiaokan.validators.script.features import REACH
from jiaokan.validators.script.findings import (
    DISTINCT,
    converted_lines,
    reported,
    stray_forms,
    undecided,
    wrong_forms,
)
from jiaokan.validators.script.fixed_words import (
    meant_in_words,
    outside_few_words,
    signs,
    written_forms,
    wrong_in_words,
)
from jiaokan.validators.script.forms import (
    CANDIDATES,
    HANS_ONLY,
    HANT_ONLY,
    OPEN_HANS,
    SIMPLIFIED,
    TRADITIONAL,
    forms,
    have_choice,
)
from jiaokan.validators.script.kanji import may_be_japanese
from jiaokan.validators.script.lattice import word_odds
from jiaokan.validators.script.model import familiarity, is_familiar, pad
from jiaokan.validators.script.names import (
    are_cited,
    in_name,
    in_quotation,
    is_authors,
    is_contrasted,
)
from jiaokan.validators.script.places import (
    in_place_names,
    is_old,
    without_either,
    without_special,
    without_spoken_of,
)
from jiaokan.validators.script.quotations import HEAVY, is_heavy, without_quotations
from jiaokan.validators.script.rules import CONVERTED, MIXED, OVER, UNDER
from jiaokan.validators.script.thresholds import (
    AMONG_OTHERS,
    ASKED,
    FAMILIAR,
    LONE,
    WELL_KNOWN,
    in_question,
    thresholds,
)
from jiaokan.validators.script.variants import own_forms
from jiaokan.validators.values import Finding, Rule, Settings
from jiaokan.validators.view import View

Kinds = NDArray[np.int64]

RULES: tuple[Rule, ...] = (MIXED, UNDER, OVER, CONVERTED)

RULING = 2.5
"""A script rules a document whose characters of it are this many times those of the other."""
LEAST_OF_SCRIPT, LEAST_BY_ITSELF = 4, 2
"""So many characters of it show a script, and so many where the other has none."""
DAMAGED = 3
"""So many wrong forms show a badly converted document, if there is one in `DENSITY` characters."""
DENSITY = 1500
ASKED_DENSITY, OLD_DENSITY = 800, 150
"""The same, for what is less sure: forms that are called wrong only where Traditional is asked for; in
modern text, and in classical text, which has words of its own (于 for 於)."""
NEARLY, BY_WORDS = 2.0, 8.0
"""So little below their threshold odds may be, where words have so much (log odds) against what is
written: 繪制, 系數, 角斗."""
AGAIN, FREE_AGAIN = 0.5, 3.0
"""Log odds enough for a form that is surely wrong elsewhere in the document; and for one that good
writers have for the better one in other words."""
OFTEN = 8
"""One in so many of a form must be wrong where only other damage speaks against it."""
BESIDE_FEW = 2.5
"""And for any form, where fewer than `DAMAGED` are surely wrong: one slip is no converter's doing, and
what stands beside it is most often right (鍾理和, 曆書, 麵 beside a pun with 麵)."""
NAME = 6.0
"""Log odds that a form must reach to be wrong in what looks like a personal name."""
DENSE = 400
"""The same, where there are fewer than `DAMAGED` wrong forms."""
SURE_OF_HANS, SURE_IF_ASKED = 3.0, 0.5
"""Log odds at which a character that Simplified keeps in some words (乾, 著) is not of it here."""


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
        others = _hans_forms().take(view.codes, mode="clip").nonzero()[0]
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
        positions = _doubtful(view.codes, padded, positions[(signs_at & 1) != 0])
        if len(positions):
            odds = thresholds()[circumstance]
            odds = odds - NEARLY if asked else odds
            positions = positions[may_be_wrong(view.codes, padded, positions, odds)]
        if len(positions):
            found = decide(view.codes, padded, positions, TRADITIONAL)
            wrong = _surely(found, padded) if asked else _wrong(view.codes, found, padded)
            flags |= view.documents_with(wrong.positions)
    return flags


def _of_kind(view: View, kind: int, circumstance: int = FAMILIAR) -> Positions:
    """Positions of the characters of one of the kinds of `forms`."""
    return view.positions(_OF_KIND[kind], lambda view: _find_kind(view, kind, circumstance))


_OF_KIND = {HANS_ONLY: "script Hans", HANT_ONLY: "script Hant", OPEN_HANS: "script open Hans"}


def _find_kind(view: View, kind: int, circumstance: int) -> Positions:
    found: Positions = ((_kinds_in(view, circumstance) & np.uint8(kind)) != 0).nonzero()[0]
    return found


_SIGN = 16


def _kinds_in(view: View, circumstance: int) -> NDArray[np.uint8]:
    """Of each character its kind, and `_SIGN` times what `signs` has for it; kept in the view."""
    return view.once(
        f"script kinds {circumstance}",
        lambda view: _kinds_and_signs(circumstance).take(view.codes, mode="clip"),
    )


@cache
def _kinds_and_signs(circumstance: int) -> NDArray[np.uint8]:
    table: NDArray[np.uint8] = forms().kind | (signs(circumstance) * np.uint8(_SIGN))
    return table


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
    if not some:
        return
    known = forms()
    codes = np.concatenate([pad(view.codes) for view in some])
    ends = np.cumsum([len(view.codes) + 2 * REACH for view in some])
    open_ = open_positions(codes)
    open_ = open_[_may_change()[codes[open_]]]
    kinds = known.kind[codes] & np.uint8(HANS_ONLY)
    strays = ((kinds != 0) & have_choice(TRADITIONAL)[known.member[codes]]).nonzero()[0]
    positions = np.union1d(open_, strays)
    found = decide(codes, pad(known.folded[codes]), positions, TRADITIONAL)
    last = positions.searchsorted(ends).tolist()
    start = first = 0
    for view, end, beyond in zip(some, ends.tolist(), last, strict=True):
        here = found.select(slice(first, beyond))
        view.notes[_DECIDED] = replace(here, positions=here.positions - (start + REACH))
        start, first = end, beyond


_DECIDED = "script decided"


def _decided(view: View, padded: Codes, positions: Positions) -> Decisions:
    """What `decide` says of characters of Traditional text, if need be."""
    known: Decisions | None = view.notes.pop(_DECIDED, None)
    if known is not None and len(known.positions):
        rows = np.minimum(known.positions.searchsorted(positions), len(known.positions) - 1)
        if (known.positions[rows] == positions).all():
            return known.select(rows)
    return decide(view.codes, padded, positions, TRADITIONAL)


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
        found = _in_traditional(view, hans, hant, settings, asked)
    else:
        found = _in_simplified(view, hans, hant, settings, asked)
    if settings.script == "keep":
        return [reported(finding) for finding in found]
    return found


def _rules(mine: NDArray[np.intp] | int, other: NDArray[np.intp] | int) -> NDArray[np.bool_]:
    """Whether characters of one script are many enough, and the other's few."""
    mine, other = np.asarray(mine), np.asarray(other)
    enough = mine >= np.where(other > 0, LEAST_OF_SCRIPT, LEAST_BY_ITSELF)
    ruling: NDArray[np.bool_] = enough & (mine >= RULING * other)
    return ruling


def _doubtful(codes: Codes, padded: Codes, positions: Positions) -> Positions:
    """Those that are not in a word in which native text writes them so: a quick way out."""
    own = forms().own[TRADITIONAL, forms().member[codes[positions]]]
    return positions[~is_familiar(padded, positions, own, TRADITIONAL)]


def _wrong(codes: Codes, found: Decisions, padded: Codes) -> Decisions:
    """The decisions that are sure enough to call what is written wrong, without other damage."""
    asked = thresholds()[:, found.choice, found.own, found.best]
    found, asked = found.select(some := found.margin > asked[FAMILIAR]), asked[:, some]
    if not len(found.positions):
        return found
    own = found.own.astype(np.intp)
    told = familiarity(padded, found.positions, found.best, TRADITIONAL) >= WELL_KNOWN
    some = told.nonzero()[0]
    at = found.positions[some]
    # Quotations may be of any age, and in an old text words are not what they are in a new one.
    told[some] = (familiarity(padded, at, own[some], TRADITIONAL) == 0) & ~in_quotation(codes, at)
    return found.select(((found.margin > asked[LONE]) | told) & (own >= 0))


def _is_dense(signs: int, view: View) -> bool:
    """Whether so many strays and wrong forms show that a text of this length is damaged."""
    return signs * (DENSITY if signs >= DAMAGED else DENSE) >= view.profile.han


def _may_be_right(view: View, strays: Positions, wrong: Positions) -> bool:
    """Whether so little is wrong outside quotations that a text is Traditional as it stands: a corpus
    that is to be Traditional has many such."""
    signs = len(strays) + int(np.count_nonzero(~in_quotation(view.codes, wrong)))
    density = OLD_DENSITY if view.profile.language == "lzh" else ASKED_DENSITY
    return signs * density < max(view.profile.han, 1)


def _kinds(found: Decisions) -> Kinds:
    """A number for each decision's form and better form."""
    return (found.choice.astype(np.int64) * CANDIDATES + found.own) * CANDIDATES + found.best


def _surely(found: Decisions, padded: Codes) -> Decisions:
    """The decisions that are sure enough where Traditional is asked for: by their odds, or, where
    these are a little below the threshold, by the words around. (Unasked, half of what words add
    would be wrong: 一口鍾, 設計係將.)"""
    asked = thresholds()[ASKED, found.choice, found.own, found.best]
    near = (found.margin > asked - NEARLY) & (found.margin <= asked) & (found.own >= 0)
    if near.any():
        some = found.select(near)
        candidates = forms().candidates[TRADITIONAL, some.choice]
        odds = word_odds(padded, some.positions + REACH, candidates)
        rows = np.arange(len(odds))
        near[near] = odds[rows, some.best] - odds[rows, some.own] > BY_WORDS
    return found.select(((found.margin > asked) | near) & (found.own >= 0))


def _wrong_again(
    codes: Codes, found: Decisions, sure: Decisions, damaged: bool, few: bool
) -> Decisions:
    """What else is wrong in a document in which `sure` is: the same forms for the same others in
    other places; in a badly converted one, any form that is wrong there as a rule, less readily where
    `few` are.
    """
    asked = thresholds()[AMONG_OTHERS, found.choice, found.own, found.best]
    again = np.isin(_kinds(found), _kinds(sure))
    if damaged:
        asked = np.where(
            again, np.minimum(asked, np.where(asked < np.inf, AGAIN, FREE_AGAIN)), asked
        )
    else:
        asked = np.where(again, asked, np.inf)
    if few:
        asked = np.maximum(asked, BESIDE_FEW)
    asked[found.are_in(sure.positions)] = 0
    wrong = (found.margin > asked) & (found.own >= 0)
    wrong &= again | _are_rules(codes, found, wrong)
    return found.select(wrong)


def _are_rules(codes: Codes, found: Decisions, wrong: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Whether the form that each of these decisions is about is wrong often enough: what converts
    without words writes one form for all, so that one which is hardly ever wrong, or which the
    better one outnumbers, was chosen. (Those that look Simplified are left over, not put in.)"""
    rules = forms().simplified[codes[found.positions]]
    _, first, index, times = np.unique(
        _kinds(found)[wrong], return_index=True, return_inverse=True, return_counts=True
    )
    rows = np.flatnonzero(wrong)
    written, better = codes[found.positions[rows[first]]], found.codes()[rows[first]]
    here = np.array([np.count_nonzero(codes == code) for code in written.tolist()])
    there = np.array([np.count_nonzero(codes == code) for code in better.tolist()])
    rules[rows] |= ((there <= here) & (times * OFTEN >= here))[index]
    return rules


def _in_traditional(
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
        hans = np.setdiff1d(_hans_forms()[codes].nonzero()[0], quoted, assume_unique=True)
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
    doubtful = _doubtful(codes, padded, doubtful)
    in_doubt = found.select(found.are_in(doubtful))
    as_it_stands = not asked
    if asked:
        wrong = _surely(in_doubt, padded)
        if len(hant) and not heavy:
            as_it_stands = _may_be_right(view, kept, wrong.positions)
    if as_it_stands:
        wrong = _wrong(codes, in_doubt, padded)
    in_words = wrong_in_words(padded, codes, found, damaged=False)
    wrong = found.select(found.are_in(wrong.positions) | in_words)
    if as_it_stands and len(wrong.positions):
        cited = np.array(are_cited(view.text, wrong.positions.tolist()))
        wrong = wrong.select(~cited & (not is_old(view.text)))
    strays = set(codes[kept].tolist())
    distinct = len(strays) + len(set(zip(wrong.choice.tolist(), wrong.best.tolist(), strict=True)))
    number = len(kept) + len(wrong.positions)
    dense = _is_dense(number, view)
    if len(wrong.positions):
        few = not asked and number < DAMAGED
        wrong = _wrong_again(codes, found, wrong, dense, few)
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
        above &= found.are_in(wrong.positions) | _are_rules(codes, found, above)
        wrong = found.select((looks_simplified & sure) | above | in_words)
    sure_of = asked or distinct >= DISTINCT
    findings = list(stray_forms(view, kept[~several], open_strays, TRADITIONAL, sure_of, asked))
    told_by_words = set(found.positions[in_words].tolist())
    rows: list[int] = []
    for row, position in enumerate(wrong.positions.tolist()):
        doubted = wrong.margin[row] < NAME or position in told_by_words
        is_named = doubted and in_name(view.text, position)
        if not is_named and not is_contrasted(view, position):
            rows.append(row)
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


def _in_simplified(
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
def _hans_forms() -> NDArray[np.bool_]:
    """Characters that Traditional text has another form for."""
    known = forms()
    differs: NDArray[np.bool_] = known.direct[TRADITIONAL] != np.arange(len(known.kind))
    differs[known.own[TRADITIONAL, known.member] >= 0] = False
    return differs
