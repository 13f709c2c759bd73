"""Words for which native text has one form only: 關注 and not 關註, although it writes 註解 and 注解;
and forms that native text has in a few words only: 瞭解, but 學習了如何."""

from dataclasses import replace
from functools import cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import CODE_POINTS
from jiaokan.validators.code_sets import one_of
from jiaokan.validators.plausibility import make_words
from jiaokan.validators.script.decisions import Codes, Decisions, Positions
from jiaokan.validators.script.features import REACH
from jiaokan.validators.script.forms import forms
from jiaokan.validators.script.thresholds import in_question
from jiaokan.validators.tables import rows_of
from jiaokan.validators.view import code_points

SURE = 1.0
"""Log odds that the text around must have for the word's form, too."""

_KNOWERS: Final = "你妳我他她們家誰都也就不沒很太真全好更"
"""Before 瞭 alone, which is to understand in Taiwan's talk: 你瞭嗎."""
_FEW_WORDS: Final = {
    "瞭": ("了", "明眊瞭" + _KNOWERS, "解望然若亮焉瞭臺台高哨敵見"),
    "闆": ("板", "老", "娘"),
}
"""Forms, what is meant elsewhere, and what stands before or after them in the few words that they are in:
2,790 of 2,798 and 413 of 418 in native text."""
_AS_POINTED_AT: Final = (ord("如"), ord("指"))
"""瞭如指掌, but 學習瞭如何."""
_TWICE: Final = 2
"""Places where such a form stands elsewhere that show a converter at work: one may be a word not thought of
(哨兵在瞭臺上), if nothing else is wrong."""
_OUTSIDE: Final = 6.0
"""Log odds against such a form where it stands elsewhere."""

Keys = NDArray[np.uint64]


class _Words(NamedTuple):
    fixed: Keys
    """Sorted keys of words in which another form is meant."""
    alone: NDArray[np.bool_]
    """Of each, whether it tells in a text without other damage, too."""
    meant: Codes
    """What is meant in each of `fixed`."""
    stays: Keys
    """Sorted keys of words that keep the form."""


def written_forms() -> NDArray[np.bool_]:
    """Whether a code point is a form that stands for another in some word."""
    return _written() > 0


@cache
def signs(circumstance: int) -> NDArray[np.uint8]:
    """Of each code point, 1 where its contexts may call it wrong in a circumstance of `thresholds`, and 2
    where a word may, whatever else a text has."""
    return in_question(circumstance) | (_written() & np.uint8(2))


def meant_in_words(padded: Codes, codes: Codes, positions: Positions, *, damaged: bool) -> Codes:
    """What is meant at each position by a word of it and a neighbour; 0 where none tells, or where the
    other neighbour makes a word that keeps the form (相關註冊), or that one a word with what is beyond it.

    `padded` is `pad` of the folded text; in a text that other damage shows to be `damaged`, more words
    tell.
    """
    words = _words()
    meant = np.zeros(len(positions), dtype=np.uint32)
    for after, step in ((0, -1), (1, 1)):
        keys = _keys(codes[positions], padded[positions + (REACH + step)], after)
        row = _rows(words.fixed, keys)
        told = words.fixed[row] == keys
        if not damaged:
            told &= words.alone[row]
            at = told.nonzero()[0]
            if len(at):
                told[at] = ~_is_of_another(codes, positions[at], step)
        meant[told] = words.meant[row[told]]
    some = meant.nonzero()[0]
    for after, step in ((0, -1), (1, 1)) if len(some) else ():
        keys = _keys(codes[positions[some]], padded[positions[some] + (REACH + step)], after)
        meant[some[words.stays[_rows(words.stays, keys)] == keys]] = 0
    for form, (other, _, _) in _FEW_WORDS.items():
        outside = _outside(codes, positions, form)
        if damaged or np.count_nonzero(outside) >= _TWICE:
            meant[outside] = ord(other)
    return meant


def outside_few_words(found: Decisions, codes: Codes) -> Decisions:
    """The decisions, those of `_FEW_WORDS` that stand outside their words more than once for what is meant
    there."""
    best, margin = found.best, found.margin
    for form, (other, _, _) in _FEW_WORDS.items():
        rows = np.flatnonzero(_outside(codes, found.positions, form))
        if len(rows) >= _TWICE:
            candidates = forms().candidates[found.script, found.choice[rows]]
            best, margin = best.copy(), margin.copy()
            best[rows] = (candidates == ord(other)).argmax(axis=1)
            margin[rows] = np.maximum(margin[rows], np.float32(_OUTSIDE))
    return replace(found, best=best, margin=margin)


def _outside(codes: Codes, positions: Positions, form: str) -> NDArray[np.bool_]:
    """Whether each position has this form after an ideograph, and in none of its words."""
    outside: NDArray[np.bool_] = codes.take(positions, mode="clip") == ord(form)
    if outside.any():
        at = positions[outside]
        before, after, beyond = (codes.take(at + step, mode="clip") for step in (-1, 1, 2))
        _, heads, tails = _FEW_WORDS[form]
        own = one_of(before, heads) | one_of(after, tails)
        own |= (after == _AS_POINTED_AT[0]) & (beyond == _AS_POINTED_AT[1])
        outside[outside] = ~own & (before >= 0x3400) & (before <= 0x9FFF) & (at > 0)
    return outside


def _is_of_another(codes: Codes, positions: Positions, step: int) -> NDArray[np.bool_]:
    """Whether the neighbour on one side makes a word with what stands beyond it, as it is written: 會合|並寒暄."""
    beside, beyond = positions + step, positions + 2 * step
    pairs = (beyond, beside) if step < 0 else (beside, beyond)
    inside = (beyond >= 0) & (beyond < len(codes))
    rows = codes.take(np.stack(pairs, axis=1), mode="clip")
    found: NDArray[np.bool_] = make_words(rows)[:, 0] & inside
    return found


def _rows(known: Keys, asked: Keys) -> NDArray[np.intp]:
    """The row of each key among sorted ones, if it is there; else any. (np.isin sorts them each time.)"""
    return np.minimum(known.searchsorted(asked), len(known) - 1)


def wrong_in_words(
    padded: Codes, codes: Codes, found: Decisions, *, damaged: bool
) -> NDArray[np.bool_]:
    """Whether a word tells, of each decision, that its best form is meant and not what is written."""
    some = (found.own >= 0) & (found.margin > SURE)
    if some.any():
        of_some = found.select(some)
        meant = meant_in_words(padded, codes, of_some.positions, damaged=damaged)
        some[some] = (meant != 0) & (meant == of_some.codes())
    return some


@cache
def _written() -> NDArray[np.uint8]:
    """Of a code point, 1 where it stands for another form in some word, 2 where also in a text without
    other damage."""
    written = np.zeros(CODE_POINTS, dtype=np.uint8)
    for kind, form, *_ in rows_of("fixed-words.tsv"):
        written[ord(form)] |= 2 if kind == "alone" else 1
    return written


@cache
def _words() -> _Words:
    rows = list(rows_of("fixed-words.tsv"))
    words, kept = ([row[column].split() for row in rows] for column in (3, 4))
    fixed = _keys_of_words([row[1] for row in rows], [row[2] for row in rows], words)
    stays = _keys_of_words([row[1] for row in rows], [row[1] for row in rows], kept)
    numbers = list(map(len, words))
    alone = np.repeat([row[0] == "alone" for row in rows], numbers)
    meant = np.repeat(code_points("".join(row[2] for row in rows)), numbers)
    order = fixed.argsort(kind="stable")
    order = order[np.append(fixed[order[:-1]] != fixed[order[1:]], True)]  # the last row counts
    return _Words(fixed[order], alone[order], meant[order], np.sort(stays))


def _keys_of_words(forms_: list[str], others: list[str], words: list[list[str]]) -> Keys:
    """The key of each word of two characters, of which one is `other`, for what stands there."""
    numbers = list(map(len, words))
    both = code_points("".join(map("".join, words))).reshape(-1, 2)
    form, other = (np.repeat(code_points("".join(each)), numbers) for each in (forms_, others))
    is_first = both[:, 0] == other
    beside = forms().folded[np.where(is_first, both[:, 1], both[:, 0])]
    return _keys(form, beside, is_first)


def _keys(form: Codes, beside: Codes, after: int | NDArray[np.bool_]) -> Keys:
    """A number for each form with what stands before or `after` it."""
    keys: Keys = (form.astype(np.uint64) << np.uint64(22)) | (
        beside.astype(np.uint64) << np.uint64(1)
    )
    return keys | np.asarray(after, dtype=np.uint64)
