"""Words for which native text has one form only: 關注 and not 關註, although it writes 註解 and 注解."""

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import CODE_POINTS
from jiaokan.validators.plausibility import make_words
from jiaokan.validators.script.decisions import Codes, Decisions, Positions
from jiaokan.validators.script.features import REACH
from jiaokan.validators.script.forms import forms
from jiaokan.validators.script.thresholds import in_question
from jiaokan.validators.tables import rows_of

SURE = 1.0
"""Log odds that the text around must have for the word's form, too."""

Keys = NDArray[np.uint64]


class _Words(NamedTuple):
    written: NDArray[np.uint8]
    """Of a code point, 1 where it stands for another form in some word, 2 where also in a text without
    other damage."""
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
    return _words().written > 0


@cache
def signs(circumstance: int) -> NDArray[np.uint8]:
    """Of each code point, 1 where its contexts may call it wrong in a circumstance of `thresholds`, and 2
    where a word may, whatever else a text has."""
    return in_question(circumstance) | (_words().written & np.uint8(2))


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
            at = np.flatnonzero(told)
            told[at] = ~_is_of_another(padded, positions[at], step)
        meant[told] = words.meant[row[told]]
    some = meant.nonzero()[0]
    for after, step in ((0, -1), (1, 1)):
        keys = _keys(codes[positions[some]], padded[positions[some] + (REACH + step)], after)
        meant[some[words.stays[_rows(words.stays, keys)] == keys]] = 0
    return meant


def _is_of_another(padded: Codes, positions: Positions, step: int) -> NDArray[np.bool_]:
    """Whether the neighbour on one side makes a word with what stands beyond it: 會合|並寒暄."""
    near = positions + (REACH + step)
    beside, beyond = padded[near], padded[near + step]
    pairs = (beyond, beside) if step < 0 else (beside, beyond)
    found: NDArray[np.bool_] = make_words(np.stack(pairs, axis=1))[:, 0]
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
def _words() -> _Words:
    folded = forms().folded
    fixed: dict[int, tuple[int, bool]] = {}
    stays: list[int] = []
    written = np.zeros(CODE_POINTS, dtype=np.uint8)
    for kind, form, other, words, kept in rows_of("fixed-words.tsv"):
        written[ord(form)] |= 2 if kind == "alone" else 1
        for word in words.split():
            fixed[_key(form, word, word.index(other), folded)] = ord(other), kind == "alone"
        stays += [_key(form, word, word.index(form), folded) for word in kept.split()]
    keys = sorted(fixed)
    return _Words(
        written,
        np.array(keys, dtype=np.uint64),
        np.array([fixed[key][1] for key in keys], dtype=np.bool_),
        np.array([fixed[key][0] for key in keys], dtype=np.uint32),
        np.array(sorted(stays), dtype=np.uint64),
    )


def _key(form: str, word: str, place: int, folded: Codes) -> int:
    """As `_keys` has it, of one: by numbers, since arrays of one cost a tenth of a second here."""
    return ord(form) << 22 | int(folded[ord(word[1 - place])]) << 1 | 1 - place


def _keys(form: Codes, beside: Codes, after: int) -> Keys:
    """A number for each form with what stands before or `after` it."""
    keys: Keys = (form.astype(np.uint64) << np.uint64(22)) | (
        beside.astype(np.uint64) << np.uint64(1)
    )
    return keys | np.uint64(after)
