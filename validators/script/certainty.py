"""When a form is sure enough to be called wrong in Traditional text: by itself, and beside others that are."""

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.languages import are_among_classical
from jiaokan.validators.script.decisions import Codes, Decisions, Positions, is_surname_form
from jiaokan.validators.script.features import REACH
from jiaokan.validators.script.forms import CANDIDATES, TRADITIONAL, forms
from jiaokan.validators.script.lattice import word_odds
from jiaokan.validators.script.model import familiarity, is_familiar
from jiaokan.validators.script.names import in_quotation
from jiaokan.validators.script.thresholds import (
    AMONG_OTHERS,
    ASKED,
    FAMILIAR,
    LONE,
    WELL_KNOWN,
    thresholds,
)
from jiaokan.validators.view import View

Kinds = NDArray[np.int64]
DAMAGED = 3
"""So many wrong forms show a badly converted document, if there is one in `DENSITY` characters."""
DENSITY = 1500
DENSE = 400
"""The same, where there are fewer than `DAMAGED` wrong forms."""
ASKED_DENSITY, OLD_DENSITY = 800, 150
"""The same, for what is less sure: forms that are called wrong only where Traditional is asked for; in
modern text, and in classical text, which has words of its own (于 for 於)."""
NEARLY, BY_WORDS = 2.0, 8.0
"""So little below their threshold odds may be, where words have so much (log odds) against what is
written: 繪制, 系數, 角斗."""
TOLD, UNDOUBTED, SURER = 5.0, 7.0, 10.0
"""Log odds that words alone must have against what is written, where fewer than `DAMAGED` are wrong; that
they must have where only the wish for Traditional text makes a form doubtful; and, in both, in old prose
and of what may be a name."""
BESIDE_MARGIN, BOTH = 0.5, 8.0
"""Where only the wish makes a form doubtful, what words count beside the odds of contexts, and what both
together must reach."""
AGAINST = -0.5
"""What words may have for it where the better form is `KNOWN` in this context, or Traditional is asked for."""
KNOWN = float(np.log(30))
OPPOSED, OUTWEIGHED = -1.5, 5.0
"""Words that have so much for what is written are believed, where contexts have less than that against it
(抑制氧化, 訪美並購買)."""
AGAIN, FREE_AGAIN = 0.5, 3.0
"""Log odds enough for a form that is surely wrong elsewhere in the document; and for one that good
writers have for the better one in other words."""
OFTEN = 8
"""One in so many of a form must be wrong where only other damage speaks against it."""
BESIDE_FEW = 2.5
"""And for any form, where fewer than `DAMAGED` are surely wrong: one slip is no converter's doing, and
what stands beside it is most often right (鍾理和, 曆書, 麵 beside a pun with 麵)."""


def without_familiar(codes: Codes, padded: Codes, positions: Positions) -> Positions:
    """Those that are not in a word in which native text writes them so: a quick way out."""
    own = forms().own[TRADITIONAL, forms().member[codes[positions]]]
    return positions[~is_familiar(padded, positions, own, TRADITIONAL)]


def wrong_alone(codes: Codes, found: Decisions, padded: Codes) -> Decisions:
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


def are_told_by_words(
    view: View, found: Decisions, padded: Codes, *, asked: bool
) -> NDArray[np.bool_]:
    """Of decisions that are sure, whether the words around tell by themselves that another form is meant:
    contexts are as sure of what training never met, of names (鄭佩筑), and of words that are cut elsewhere
    (立法聯繫主任 has no 系主任). In old prose, and of a surname's form where the document has such a name
    (余藎臣), the words of today must be the surer. Where Traditional is asked for they need only not be
    against it."""
    if asked:
        return _are_told(view, found, padded, np.array(AGAINST))
    alone = thresholds()[LONE, found.choice, found.own, found.best]
    known = familiarity(padded, found.positions, found.best, TRADITIONAL) >= KNOWN
    return _are_told(view, found, padded, np.where(known & (found.margin > alone), AGAINST, TOLD))


def without_doubt(view: View, found: Decisions, padded: Codes) -> Decisions:
    """The decisions of which the words around are sure, by themselves or with the contexts."""
    together = np.maximum((BOTH - found.margin) / BESIDE_MARGIN, 0.0)
    return found.select(_are_told(view, found, padded, np.minimum(UNDOUBTED, together)))


def _are_told(
    view: View, found: Decisions, padded: Codes, asked: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Whether words have so much against what is written, and more where they are not of today."""
    if not len(found.positions):
        return np.zeros(0, dtype=np.bool_)
    told = odds_of_words(found, padded)
    doubted = are_among_classical(view.codes, found.positions)
    doubted |= _may_be_surnames(view.text, view.codes, found.positions)
    result: NDArray[np.bool_] = told > np.where(doubted, SURER, asked)
    return result


def odds_of_words(found: Decisions, padded: Codes) -> NDArray[np.float64]:
    """What the words around say for each best form against the written one, in log odds."""
    candidates = forms().candidates[TRADITIONAL, found.choice]
    odds = word_odds(padded, found.positions + REACH, candidates)
    rows = np.arange(len(odds))
    against: NDArray[np.float64] = odds[rows, found.best] - odds[rows, found.own]
    return against


def _may_be_surnames(text: str, codes: Codes, positions: Positions) -> NDArray[np.bool_]:
    """Whether characters have the form of a surname, and the document has a name that begins so: the same
    two characters after it in several places."""
    found = is_surname_form().take(codes[positions], mode="clip")
    for code in np.unique(codes[positions[found]]).tolist():
        parts = [part[:2] for part in text.split(chr(code))[1:]]
        if max(Counter(part for part in parts if len(part) > 1).values(), default=0) < 2:
            found &= codes[positions] != code
    return found


def wrong_if_asked(found: Decisions, padded: Codes) -> Decisions:
    """The decisions that are sure enough where Traditional is asked for: by their odds, or, where
    these are a little below the threshold, by the words around. (Unasked, half of what words add
    would be wrong: 一口鍾, 設計係將.)"""
    asked = thresholds()[ASKED, found.choice, found.own, found.best]
    near = (found.margin > asked - NEARLY) & (found.margin <= asked) & (found.own >= 0)
    if near.any():
        near[near] = odds_of_words(found.select(near), padded) > BY_WORDS
    return found.select(((found.margin > asked) | near) & (found.own >= 0))


def is_dense(signs: int, view: View) -> bool:
    """Whether so many strays and wrong forms show that a text of this length is damaged."""
    return signs * (DENSITY if signs >= DAMAGED else DENSE) >= view.profile.han


def may_be_right(view: View, strays: Positions, wrong: Positions) -> bool:
    """Whether so little is wrong outside quotations that a text is Traditional as it stands: a corpus
    that is to be Traditional has many such."""
    signs = len(strays) + int(np.count_nonzero(~in_quotation(view.codes, wrong)))
    density = OLD_DENSITY if view.profile.language == "lzh" else ASKED_DENSITY
    return signs * density < max(view.profile.han, 1)


def wrong_again(
    codes: Codes, padded: Codes, found: Decisions, sure: Decisions, damaged: bool, few: bool
) -> Decisions:
    """What is wrong in a document in which `sure` is: these, the same forms for the same others in
    other places; in a badly converted one, any form that is wrong there as a rule, less readily where
    `few` are. Not where words are against it.
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
    wrong &= again | are_rules(codes, found, wrong)
    doubted = (wrong & (found.margin < OUTWEIGHED)).nonzero()[0]
    if len(doubted):
        wrong[doubted] = odds_of_words(found.select(doubted), padded) > OPPOSED
    return found.select(wrong)


def are_rules(codes: Codes, found: Decisions, wrong: NDArray[np.bool_]) -> NDArray[np.bool_]:
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


def _kinds(found: Decisions) -> Kinds:
    """A number for each decision's form and better form."""
    return (found.choice.astype(np.int64) * CANDIDATES + found.own) * CANDIDATES + found.best
