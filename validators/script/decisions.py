"""Converting whole texts, and noticing forms that stand where another was meant: arrays in and out."""

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import CODE_POINTS
from jiaokan.validators.script.cantonese import cantonese_forms
from jiaokan.validators.script.forms import (
    HANT_ONLY,
    OPEN_HANS,
    OPEN_HANT,
    SIMPLIFIED,
    TRADITIONAL,
    forms,
    have_choice,
)
from jiaokan.validators.script.model import (
    FORBIDDEN,
    WORD_WEIGHT,
    WORDS_MOST,
    Odds,
    odds_of,
    pad,
)
from jiaokan.validators.script.names import SURNAME_FORMS, is_addressed, is_surname
from jiaokan.validators.view import text_of

MUCH = 1.0
"""Log odds at which a form is taken although another is good too."""

NAMED = 2.0
"""Log odds against a surname that the look of a name outweighs,"""
ADDRESSED = 8.0
"""and those that an address outweighs."""

AROUND = 12
"""How much text says whether a name begins."""

Codes = NDArray[np.uint32]
Positions = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Decisions:
    """What the model says of some characters; all arrays are parallel to `positions`."""

    positions: Positions
    choice: NDArray[np.int16]
    """Rows of `forms().candidates`."""
    own: NDArray[np.int8]
    """The candidate that is written; -1 where none is (a form of the other script)."""
    best: Positions
    """The likeliest candidate of those that may stand here."""
    margin: NDArray[np.float32]
    """Natural log odds of `best` against `own`; where that is -1, against the next likeliest."""
    odds: Odds
    """Log odds of each candidate, up to a constant; `FORBIDDEN` where it may not stand here."""
    script: int

    def codes(self) -> Codes:
        """The likeliest characters."""
        found: Codes = forms().candidates[self.script, self.choice, self.best]
        return found

    def select(self, mask: NDArray[np.bool_] | Positions | slice) -> "Decisions":
        """Those of the decisions that the mask keeps, or of these rows."""
        return Decisions(
            self.positions[mask], self.choice[mask], self.own[mask], self.best[mask],
            self.margin[mask], self.odds[mask], self.script,
        )  # fmt: skip

    def are_in(self, positions: Positions) -> NDArray[np.bool_]:
        """Which of the decisions are of one of these positions, which ascend."""
        if not len(positions):
            return np.zeros(len(self.positions), dtype=np.bool_)
        row = np.minimum(positions.searchsorted(self.positions), len(positions) - 1)
        found: NDArray[np.bool_] = positions[row] == self.positions
        return found


def decide(codes: Codes, padded: Codes, positions: Positions, script: int) -> Decisions:
    """The form of each of these characters that the context means, in `script`."""
    known = forms()
    member = known.member[codes[positions]]
    odds = odds_of(padded, positions, script)
    odds[~known.allowed[script, member]] = FORBIDDEN
    rows = np.arange(len(positions))
    best = odds.argmax(axis=1)
    if script == TRADITIONAL:  # of two good forms the usual one is taken, lest a text have both
        usual = known.usual[member]
        free = known.free[known.choice[member], best, usual] & (usual >= 0)
        free &= odds[rows, best] - odds[rows, usual] < MUCH
        best[free] = usual[free]
    own = known.own[script, member]
    against = odds[rows, own]
    missing = (own < 0).nonzero()[0]
    if len(missing):
        against[missing] = np.partition(odds[missing], -2, axis=1)[:, -2]
    return Decisions(
        positions, known.choice[member], own, best, odds[rows, best] - against, odds, script
    )


def may_be_wrong(
    codes: Codes, padded: Codes, positions: Positions, asked: NDArray[np.float32]
) -> NDArray[np.bool_]:
    """Of each character of Traditional text, whether a form may be better than it by the odds that
    `asked` has for its class, it and the other: contexts are asked, and the most that words add."""
    known = forms()
    member = known.member[codes[positions]]
    own = known.own[TRADITIONAL, member]
    odds = odds_of(padded, positions, TRADITIONAL, by_words=False)
    odds[~known.allowed[TRADITIONAL, member]] = FORBIDDEN
    most = odds - odds[np.arange(len(positions)), own][:, None] + _WORDS_ADD
    likely = (most > asked[known.choice[member], own]).any(axis=1)
    found: NDArray[np.bool_] = likely & (own >= 0)
    return found


_WORDS_ADD = np.float32(WORD_WEIGHT * WORDS_MOST + 0.01)
"""What words may add to the odds of one form against another, and what rounding may."""


def convert(codes: Codes, script: int) -> Codes:
    """The text in the other script: every character that has several forms by its context.

    Traditional text comes in Taiwan's forms. What the script writes already stays as it is, but
    for Traditional characters whose Simplified form depends on the word.
    """
    known = forms()
    converted: Codes = known.direct[script][codes]
    if script == TRADITIONAL:
        # Simplified characters are those that conversion knows; 后 is one, 後 is not.
        open_ = known.simplified[codes]
    else:
        open_ = (known.kind[codes] & (OPEN_HANS | HANT_ONLY)) != 0
    positions = (open_ & have_choice(script)[known.member[codes]]).nonzero()[0]
    if len(positions):
        found = decide(codes, pad(known.folded[codes]), positions, script)
        converted[positions] = found.codes()
        if script == TRADITIONAL:
            at, meant = cantonese_forms(codes, positions, found.choice, found.odds)
            converted[at] = meant
            named = surnames(codes, converted, found)
            if len(named.positions):
                converted[named.positions] = named.codes()
    return converted


def surnames(codes: Codes, written: Codes, found: Decisions) -> Decisions:
    """Those of the decisions that the look of a name outweighs, with the surname as the best form.

    `codes` is the text that the decisions are of, `written` what names are looked for in.
    """
    meant = _surnames().take(codes[found.positions], mode="clip")
    rows = meant.nonzero()[0]
    meant = meant[rows]
    candidates = forms().candidates[TRADITIONAL, found.choice[rows]]
    best = (candidates == meant[:, None]).argmax(axis=1)
    odds = found.odds[rows]
    against = odds.max(axis=1) - odds[np.arange(len(rows)), best]
    kept = (against < ADDRESSED) & ((best != found.best[rows]) | (best != found.own[rows]))
    kept &= candidates[np.arange(len(rows)), best] == meant
    kept &= (against < NAMED) | _opens_clause(written, found.positions[rows])
    if kept.any():
        places = found.positions[rows][kept].tolist()
        doubts = against[kept].tolist()
        kept[kept] = [
            _begins_name(written, place, is_doubted=doubt >= NAMED)
            for place, doubt in zip(places, doubts, strict=True)
        ]
    rows, best, against = rows[kept], best[kept], against[kept]
    chosen = np.zeros(len(found.positions), dtype=np.bool_)
    chosen[rows] = True
    return replace(found.select(chosen), best=best, margin=np.maximum(NAMED - against, MUCH))


def _opens_clause(written: Codes, places: Positions) -> NDArray[np.bool_]:
    """Whether characters have no ideograph before them."""
    before = written[np.maximum(places - 1, 0)]
    opens: NDArray[np.bool_] = (places == 0) | (before < 0x3400) | (before > 0x9FFF)
    return opens


def _begins_name(written: Codes, place: int, *, is_doubted: bool) -> bool:
    start = max(0, place - AROUND)
    text = text_of(written[start : place + AROUND])
    at = place - start
    return is_addressed(text, at) or (not is_doubted and is_surname(text, at))


@cache
def _surnames() -> Codes:
    """The surname of each code point of `SURNAME_FORMS`; 0 for others."""
    table = np.zeros(0x10000, dtype=np.uint32)
    for character, form in SURNAME_FORMS.items():
        table[ord(character)] = ord(form)
    return table


@cache
def is_surname_form() -> NDArray[np.bool_]:
    """Whether a code point is one of `SURNAME_FORMS`."""
    found = np.zeros(CODE_POINTS, dtype=np.bool_)
    found[list(map(ord, SURNAME_FORMS))] = True
    return found


def open_positions(codes: Codes) -> Positions:
    """Characters of Traditional text that may stand for another Traditional character."""
    return np.flatnonzero((forms().kind[codes] & np.uint8(OPEN_HANT)) != 0)


__all__ = [
    "SIMPLIFIED", "TRADITIONAL", "Decisions", "convert", "decide", "is_surname_form",
    "may_be_wrong", "open_positions", "surnames",
]  # fmt: skip
