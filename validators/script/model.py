"""Which form of a character the text around it means: a linear model over its contexts.

The table `tables/script-model.npy` is a direct-mapped hash of 16-bit cells: eight bits of a
fingerprint, eight of a weight. A context that training did not see is a cell with another
fingerprint (but for one in 256), so that it says nothing.
"""

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.script.features import REACH, WINDOWS, Keys, context_keys
from jiaokan.validators.script.forms import CANDIDATES, TRADITIONAL, forms
from jiaokan.validators.script.lattice import word_odds
from jiaokan.validators.tables import FOLDER

Odds = NDArray[np.float32]

SCALE: Final = 12.0
"""Steps of a stored weight to one unit of natural log odds."""
CELL_BITS: Final = 22
FAMILIAR_FORM: Final = 16
"""Cells of `familiarity` are those of candidates numbered from here on."""
FAMILIAR_WINDOWS: Final = tuple(window for window in WINDOWS if 1 <= sum(window) <= 2)
PAIR_WINDOWS: Final = ((1, 0), (0, 1))
WORD_WEIGHT: Final = 0.3
"""What the log odds of words (`lattice`) count beside those of contexts: they see the same text."""
WORDS_MOST: Final = 8.0
"""The most that words say against a form, in natural log odds, before they are weighted."""
FORBIDDEN: Final = np.float32(-1e6)
CHUNK: Final = 1 << 15
"""Positions decided at a time: what their keys take stays within the processor's cache."""

_FORM: Final = np.uint64(0xB492B66FBE98F273)
_MIX: Final = np.uint64(0x9FB21C651E98DF25)


@cache
def cells() -> NDArray[np.uint16]:
    """The table, memory-mapped: shape (2 ** CELL_BITS,)."""
    table: NDArray[np.uint16] = np.load(FOLDER / "script-model.npy", mmap_mode="r").view(np.ndarray)
    return table


def cell_of(keys: Keys, form: int | Keys) -> tuple[NDArray[np.intp], NDArray[np.uint8]]:
    """The cell of each context's weight for candidate `form`, and the fingerprint to find there."""
    forms_of = np.atleast_1d(np.asarray(form, dtype=np.uint64))
    mixed = (keys + forms_of * _FORM) * _MIX
    fingerprint = ((mixed >> np.uint64(64 - CELL_BITS - 8)) & np.uint64(0xFF)).astype(np.uint8)
    return (mixed >> np.uint64(64 - CELL_BITS)).astype(np.intp), fingerprint


def pad(folded: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """The folded text with breaks around it, as `odds_of` wants it."""
    edge = np.zeros(REACH, dtype=np.uint32)
    return np.concatenate([edge, folded, edge])


def odds_of(
    padded: NDArray[np.uint32], positions: NDArray[np.intp], script: int, *, by_words: bool = True
) -> Odds:
    """Natural log odds of each candidate of `script` against the class's first.

    `positions` are those of characters with `forms().member`, in the text without padding.
    Shape (len(positions), CANDIDATES); `FORBIDDEN` where a class has fewer candidates. What words
    say, which takes longer, moves none of them by more than `WORD_WEIGHT * WORDS_MOST`.
    """
    odds = np.empty((len(positions), CANDIDATES), dtype=np.float32)
    for start in range(0, len(positions), CHUNK):
        part = positions[start : start + CHUNK]
        odds[start : start + CHUNK] = _odds_of_chunk(padded, part + REACH, script, by_words)
    return odds


def _odds_of_chunk(
    padded: NDArray[np.uint32], at: NDArray[np.intp], script: int, by_words: bool
) -> Odds:
    known = forms()
    # All members of a class fold to its representative, which is a member itself.
    choice = known.choice[known.member[padded[at]]]
    candidates = known.candidates[script, choice]
    odds = np.where(candidates != 0, np.float32(0), FORBIDDEN)
    keys, whole = context_keys(padded, at, script)
    counts = (candidates != 0).sum(axis=1)
    for form in range(1, int(counts.max(initial=1))):
        rows = (counts > form).nonzero()[0]
        if len(rows) < len(at):
            keys_here, whole_here = keys[:, rows], whole[:, rows]
        else:
            keys_here, whole_here = keys, whole
        odds[rows, form] = _sum_of_weights(keys_here, whole_here, form)
    if script == TRADITIONAL and by_words:
        _weigh_words(odds, padded, at, candidates)
    return odds


def _weigh_words(
    odds: Odds, padded: NDArray[np.uint32], at: NDArray[np.intp], candidates: NDArray[np.uint32]
) -> None:
    """Add what the words around say, where contexts leave a doubt that words can settle."""
    best = np.partition(odds, -2, axis=1)[:, -2:]
    rows = (best[:, 1] - best[:, 0] < WORD_WEIGHT * WORDS_MOST).nonzero()[0]
    if len(rows):
        words = word_odds(padded, at[rows], candidates[rows])
        words -= words.max(axis=1, keepdims=True)
        odds[rows] += (WORD_WEIGHT * np.maximum(words, -WORDS_MOST)).astype(np.float32)


def _sum_of_weights(keys: Keys, whole: NDArray[np.bool_], form: int) -> Odds:
    total: Odds = _weights(keys, whole, form).sum(axis=0, dtype=np.float32) / np.float32(SCALE)
    return total


def _weights(keys: Keys, whole: NDArray[np.bool_], form: int | Keys) -> Odds:
    """The weight of each context, in steps; 0 where training did not see it."""
    at, fingerprint = cell_of(keys, form)
    found = cells()[at]
    weight = (found & np.uint16(0xFF)).astype(np.uint8).view(np.int8).astype(np.float32)
    weight *= ((found >> np.uint16(8)).astype(np.uint8) == fingerprint) & whole
    return weight


def familiarity(
    padded: NDArray[np.uint32], positions: NDArray[np.intp], form: NDArray[np.intp], script: int
) -> Odds:
    """How well training knew this form in these words: the natural log of how often it was there.

    0 where no context of one or two neighbours had this form, at least eight times, and hardly
    ever another of the class.
    """
    if not len(positions):
        return np.zeros(0, dtype=np.float32)
    keys, whole = context_keys(padded, positions + REACH, script, FAMILIAR_WINDOWS)
    weights = _weights(keys, whole, FAMILIAR_FORM + form.astype(np.uint64))
    best: Odds = np.maximum(weights.max(axis=0) / np.float32(SCALE), np.float32(0))
    return best


def is_familiar(
    padded: NDArray[np.uint32], positions: NDArray[np.intp], form: NDArray[np.int8], script: int
) -> NDArray[np.bool_]:
    """Whether training knew this form well beside the character before, or the one after."""
    found = np.zeros(len(positions), dtype=np.bool_)
    for start in range(0, len(positions), CHUNK):
        part = slice(start, start + CHUNK)
        keys, whole = context_keys(padded, positions[part] + REACH, script, PAIR_WINDOWS)
        at, fingerprint = cell_of(keys, FAMILIAR_FORM + form[part].astype(np.uint64))
        known = (cells()[at] >> np.uint16(8)).astype(np.uint8) == fingerprint
        found[part] = (known & whole).any(axis=0)
    return found


Context = tuple[int, int, tuple[float, ...]]
"""Characters before, characters after, and the weight of each candidate."""


def contexts_of(
    padded: NDArray[np.uint32], positions: NDArray[np.intp], script: int
) -> list[list[Context]]:
    """The contexts of each position that training saw."""
    at = positions + REACH
    keys, whole = context_keys(padded, at, script)
    known = forms()
    candidates = known.candidates[script, known.choice[known.member[padded[at]]]]
    counts = (candidates != 0).sum(axis=1)
    weights = np.zeros((len(at), len(WINDOWS), CANDIDATES), dtype=np.float32)
    forms_of = np.arange(1, CANDIDATES, dtype=np.uint64)
    found = _weights(keys[:, :, None], whole[:, :, None], forms_of) / np.float32(SCALE)
    weights[:, :, 1:] = found.transpose(1, 0, 2)
    weights *= np.arange(CANDIDATES) < counts[:, None, None]
    seen: NDArray[np.bool_] = np.logical_or.reduce(weights != 0, axis=2)
    return [
        [
            (*WINDOWS[row], tuple(weights[number, row, :count].tolist()))
            for row in seen[number].nonzero()[0].tolist()
        ]
        for number, count in enumerate(counts.tolist())
    ]
