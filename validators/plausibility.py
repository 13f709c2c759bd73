"""How plausible a text is: the probability of each character after the one before it.

The model is counted from modern Chinese of both scripts (law, news, encyclopaedia, technical,
fiction), classical Chinese, Cantonese, Japanese, Korean and word lists of some forty other
languages. Good text of any of them costs 4 to 10 bits a character, misread text 15 and more.

The table, `tables/plausibility.bin`, is built by `recipes/plausibility.py`: for each index (code
points up to U+FFFF each, the others by 256) the cost of the character alone and the further cost
of a pair that was not kept; then slots of kept pairs, ten bits of the hash to know the pair by and
six for what the pair saves. A pair stands in one of two slots. One pair in some 600 that was not
kept is taken for another that was.
"""

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.grids import Grids
from jiaokan.validators.tables import FOLDER
from jiaokan.validators.view import code_points

BYTES_OF_HEADER = 2048
INDICES = 0x11000
SLOTS = 1_250_000
STEPS = 8
"""Costs are kept in eighths of a bit."""
GAIN_STEPS = 3
"""What a pair saves is kept in thirds of a bit."""
_START = ord("\n")


class _Model(NamedTuple):
    alone: NDArray[np.float32]
    unseen: NDArray[np.float32]
    slots: NDArray[np.uint16]


@cache
def _model() -> _Model:
    data = np.memmap(FOLDER / "plausibility.bin", dtype=np.uint8, mode="r").view(np.ndarray)
    body = data[BYTES_OF_HEADER:]
    alone = body[:INDICES].astype(np.float32) / np.float32(-STEPS)
    unseen = body[INDICES : 2 * INDICES].astype(np.float32) / np.float32(-STEPS)
    return _Model(alone, unseen, body[2 * INDICES :].view("<u2"))


def index_of(codes: NDArray[np.uint32]) -> NDArray[np.uint64]:
    """The model's index of each code point."""
    if int(codes.max(initial=0)) < 0x10000:
        return codes.astype(np.uint64)
    high = np.uint32(0xFF00) + (codes >> np.uint32(8))
    return np.where(codes < 0x10000, codes, high).astype(np.uint64)


def places_of(
    pairs: NDArray[np.uint64],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.uint16]]:
    """The two slots where each pair (first index × INDICES + second) may stand, and its mark."""
    return _places_of(pairs * np.uint64(_MIX))


_MIX = 0x9E3779B97F4A7C15


def _places_of(
    mixed: NDArray[np.uint64],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.uint16]]:
    """The same of pairs × `_MIX`, which are changed."""
    mixed ^= mixed >> np.uint64(32)
    mixed *= np.uint64(0xD6E8FEB86659FD93)
    one = _slot_of(mixed)
    mark = (mixed >> np.uint64(30)).astype(np.uint16) & np.uint16(0x3FF)
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    return one, _slot_of(mixed), mark


def _slot_of(mixed: NDArray[np.uint64]) -> NDArray[np.int64]:
    slot = mixed >> np.uint64(40)
    slot *= np.uint64(SLOTS)
    slot >>= np.uint64(24)
    return slot.view(np.int64)


def log_likelihood(codes: NDArray[np.uint32], before: int = _START) -> NDArray[np.float32]:
    """For each code point log2 of its probability after the one to its left.

    `before` is what stands to the left of the first one; by default a line begins there.
    """
    found = np.empty(len(codes), dtype=np.float32)
    last = np.uint64(before if before < 0x10000 else 0xFF00 + (before >> 8))
    for start in range(0, len(codes), _AT_ONCE):
        indices = index_of(codes[start : start + _AT_ONCE])
        left = np.empty_like(indices)
        left[0], left[1:] = last, indices[:-1]
        found[start : start + _AT_ONCE] = _likelihood(left, indices)
        last = indices[-1]
    return found


def likelihood_after(left: NDArray[np.uint32], codes: NDArray[np.uint32]) -> NDArray[np.float32]:
    """For each code point log2 of its probability after the one of `left`."""
    found = np.empty(len(codes), dtype=np.float32)
    for start in range(0, len(codes), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        found[part] = _likelihood(index_of(left[part]), index_of(codes[part]))
    return found


_AT_ONCE = 1 << 13
"""Code points looked up together, so that what they take stays within the processor's cache."""


def _likelihood(left: NDArray[np.uint64], indices: NDArray[np.uint64]) -> NDArray[np.float32]:
    model = _model()
    steps = _steps(model, (left * np.uint64(INDICES) + indices) * np.uint64(_MIX))
    gain = np.where(steps > 0, _GAINS.take(steps), model.unseen.take(left.view(np.int64)))
    gain += model.alone.take(indices.view(np.int64))
    return gain


def likelihood_in_grids(grids: Grids) -> NDArray[np.float32]:
    """For each pair log2 of the probability of the right one after the left one."""
    model = _model()
    left, right = index_of(grids.left), index_of(grids.right)
    factor = np.uint64(INDICES * _MIX & 0xFFFFFFFFFFFFFFFF)
    mixed = grids.outer(np.add, left * factor, right * np.uint64(_MIX))
    alone = model.alone[right.view(np.int64)]
    found = grids.outer(np.add, model.unseen[left.view(np.int64)], alone)
    for start in range(0, len(found), _AT_ONCE):
        steps = _steps(model, mixed[start : start + _AT_ONCE])
        saved = steps.nonzero()[0]
        _, at = grids.sides(saved + start)
        found[saved + start] = _GAINS[steps[saved]] + alone[at]
    return found


def _steps(model: _Model, mixed: NDArray[np.uint64]) -> NDArray[np.uint16]:
    """How many steps pairs save, which are mixed as in `places_of`; 0 for those that are not kept."""
    one, two, mark = _places_of(mixed)
    mark <<= np.uint16(6)
    steps = _saved(model.slots.take(one), mark)
    np.maximum(steps, _saved(model.slots.take(two), mark), out=steps)
    return steps


def _saved(entry: NDArray[np.uint16], mark: NDArray[np.uint16]) -> NDArray[np.uint16]:
    """The steps that pairs save by what stands in a slot of theirs; 0 where another pair stands there."""
    entry ^= mark  # leaves the steps alone, where the marks are the same
    entry *= entry < 64
    return entry


_GAINS: NDArray[np.float32] = np.arange(64, dtype=np.float32) / np.float32(GAIN_STEPS)


def alone() -> NDArray[np.float32]:
    """log2 of the probability of each code point up to U+FFFF, whatever stands before it."""
    return _model().alone[:0x10000]


_WORD_BITS = 3.0
"""What a pair of characters that is part of a word gains over chance, in bits."""


def make_words(rows: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """For rows of neighbours, whether each but the first makes a word with the one before it: shape
    (rows, width - 1)."""
    codes = rows.ravel()
    gains = (log_likelihood(codes) - alone()[np.minimum(codes, 0xFFFF)]).reshape(rows.shape)
    words: NDArray[np.bool_] = gains[:, 1:] >= _WORD_BITS
    return words


def mean_bits(text: str) -> float:
    """The bits that a character of this text costs on average; 0 for an empty text."""
    return float(-log_likelihood(code_points(text)).mean()) if text else 0.0
