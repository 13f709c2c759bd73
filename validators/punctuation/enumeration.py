"""Whether a flattened comma was 、: only where the text has lost its own.

A linear model over hashed features of a comma and its neighbours, then a second one over the first
one's scores of the commas around. Weights: `tables/enumeration.npz`, made by recipes/enumeration.py.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import Class
from jiaokan.validators.code_sets import one_of
from jiaokan.validators.punctuation.context import Context, Flags, Positions

SLOTS = 1 << 21
_SHIFT = np.uint32(11)
SECOND_SLOTS = 1 << 14
_SECOND_SHIFT = np.uint32(7)
_TABLE = Path(__file__).parent.parent / "tables" / "enumeration.npz"
_DELIMITERS = ",.;:?!，。；：？！、…"
_COMMAS = ",，、"
_CONJUNCTIONS = "和与與及或等"
_LONGEST = 13
LIKELY, SURE = 0.0, 1.0
"""Of log odds: a list is whole or none, and a wrong 、 does more harm than a ，that might have been one."""
_SHARE = 0.29
"""Of the commas counted, those that were 、."""
_LISTED, _ALL = 1.0, 31.0
"""What is taken for seen before a document tells how much it lists: who types ASCII commas lists little."""
_ROUNDS = 10

Features = NDArray[np.uint32]


def enumerating(context: Context, commas: Positions) -> Flags:
    """For each comma, whether it lists. All False in a document that still has 、 of its own."""
    number = context.per_document(commas)
    lost = context.lost_stops & (context.count("、") * 50 <= number)
    flags: Flags = lost[context.document_of(commas)]
    if flags.any():
        flags[flags] = _enumerating(context, commas[flags])
    return flags


def _enumerating(context: Context, commas: Positions) -> Flags:
    table = weights()
    document = context.document_of(commas)
    scores = table.first[features(context, commas)].sum(axis=1, dtype=np.float32)
    near = neighbour_features(context, commas, scores)
    moved = _at_its_share(table.second[near].sum(axis=1), document)
    return _of_lists(commas, document, moved > LIKELY, moved > SURE)


def _of_lists(commas: Positions, document: Positions, likely: Flags, sure: Flags) -> Flags:
    """The likely commas of each row of them, close together, that has a sure one."""
    starts = np.diff(commas, prepend=commas[:1]) > _LONGEST
    starts |= (np.diff(document, prepend=-1) > 0) | ~likely | np.roll(~likely, 1)
    row = np.cumsum(starts)
    found: Flags = likely & (np.bincount(row, sure)[row] > 0)
    return found


def _at_its_share(scores: NDArray[np.float32], document: Positions) -> NDArray[np.float64]:
    """The log odds of the commas, moved from the share of 、 counted to that of each one's document.

    The share is found from the scores themselves by expectation and maximization (Saerens, Latinne and
    Decaestecker 2002, Adjusting the outputs of a classifier to new a priori probabilities).
    """
    usual = np.log(_SHARE / (1 - _SHARE))
    number = np.bincount(document)
    share = np.full(len(number), _SHARE)
    moved = scores.astype(np.float64)
    for _ in range(_ROUNDS):
        moved = scores + (np.log(share / (1 - share)) - usual)[document]
        listed = np.bincount(document, 1 / (1 + np.exp(-moved)))
        share = (listed + _LISTED) / (number + _ALL)
    return moved


@dataclass(frozen=True, slots=True)
class Weights:
    """What recipes/enumeration.py counted.

    `first` and `second` are the weights of the two models of commas, `titles` that of quotes against
    title marks (see quotes.py).
    """

    first: NDArray[np.float32]
    second: NDArray[np.float32]
    titles: NDArray[np.float32]


@cache
def weights() -> Weights:
    """The table, loaded once."""
    with np.load(_TABLE) as table:
        return Weights(
            table["first"].astype(np.float32) * np.float32(table["scale"]),
            table["second"].astype(np.float32),
            table["titles"].astype(np.float32),
        )


def features(context: Context, commas: Positions) -> Features:
    """Slots of the features of each comma: shape (commas, features)."""
    codes = context.codes
    marks = one_of(codes, _DELIMITERS) | ((context.bits & np.uint32(Class.BREAK)) != 0)
    delimiters: Positions = np.flatnonzero(marks)
    here = np.searchsorted(delimiters, commas)
    count = len(delimiters) - 1

    def delimiter(offset: int) -> Positions:
        found: Positions = delimiters[np.clip(here + offset, 0, count)]
        return found

    def length(offset: int) -> NDArray[np.uint32]:
        """Of the piece that ends (offset ≤ 0) or begins (≥ 1) so many marks away, capped."""
        size = delimiter(offset) - delimiter(offset - 1) - 1
        found: NDArray[np.uint32] = np.clip(size, 0, _LONGEST).astype(np.uint32)
        return found

    def kind(offset: int) -> NDArray[np.uint32]:
        mark = codes[delimiter(offset)]
        kinds = np.where(one_of(mark, _COMMAS), 1, np.where(mark == 0x0A, 2, 3))
        return kinds.astype(np.uint32)

    left, right = length(0), length(1)
    before, after = kind(-1), kind(1)
    left2 = np.where(before == 1, length(-1), _LONGEST + 1).astype(np.uint32)
    right2 = np.where(after == 1, length(2), _LONGEST + 1).astype(np.uint32)
    l1, l2, l3 = codes[commas - 1], codes[commas - 2], codes[commas - 3]
    r1, r2, r3 = codes[commas + 1], codes[commas + 2], codes[commas + 3]
    start, end = delimiter(-1), delimiter(1)
    first, last = codes[start + 1], codes[end - 1]
    last2 = codes[end - 2]
    alike = (first == r1).astype(np.uint32) + 2 * (last == l1) + 4 * (left == right)
    conjunction = _conjunctions(context, commas, end) + 2 * _conjunctions(
        context, end, np.minimum(delimiter(2), len(codes) - 1)
    )
    after_next = codes[np.minimum(end + 1, len(codes) - 1)]
    near_left, near_right = _spelled(codes, commas, left, -1), _spelled(codes, commas, right, 1)
    begins = codes[start + 1] * np.uint32(31) + codes[start + 2]
    ends = last * np.uint32(31) + last2
    marks_near = before * np.uint32(4) + after
    pairs = [
        (near_left, left), (near_right, right), (near_left, near_right), (begins, r1 * np.uint32(31) + r2),
        (l1 * np.uint32(31) + l2, ends), (l1 * np.uint32(31) + l2, r1), (l1, r1 * np.uint32(31) + r2),
        (near_left, marks_near), (near_right, marks_near * np.uint32(16) + right2),
        (l1, marks_near * np.uint32(16) + right), (r1, marks_near * np.uint32(16) + left),
        (ends, conjunction * np.uint32(16) + right), (codes[end], after_next),
        (l1, l2), (r1, r2), (l1, r1), (l1, left), (r1, right), (r1, np.zeros_like(r1)),
        (l1, np.zeros_like(l1)), (l1 * np.uint32(31) + l2, l3), (r1 * np.uint32(31) + r2, r3),
        (left * np.uint32(16) + right, before * np.uint32(4) + after), (left2 * np.uint32(16) + left, right),
        (left, right * np.uint32(16) + right2), (alike, left * np.uint32(16) + right),
        (conjunction, left * np.uint32(16) + right), (conjunction, alike), (last, last2), (first, left),
        (last, right), (after_next, after), (l1, last), (first, r1), (l1, conjunction),
        (left2 * np.uint32(16) + left, right * np.uint32(16) + right2),
        (after * np.uint32(4) + before, conjunction), (l2, right), (r2, left),
    ]  # fmt: skip
    return np.stack(
        [
            slot(number, a.astype(np.uint32), b.astype(np.uint32))
            for number, (a, b) in enumerate(pairs, 1)
        ],
        axis=1,
    )


def _spelled(
    codes: NDArray[np.uint32], commas: Positions, length: NDArray[np.uint32], step: int
) -> NDArray[np.uint32]:
    """A hash of the piece beside each comma, of its six characters nearest to it at most."""
    hashed = np.zeros(len(commas), dtype=np.uint32)
    for offset in range(1, 7):
        inside = length >= offset
        at = np.where(inside, commas + step * offset, commas)
        hashed = hashed * np.uint32(0x01000193) + np.where(inside, codes[at], np.uint32(7))
    return hashed


def neighbour_features(
    context: Context, commas: Positions, scores: NDArray[np.float32]
) -> Features:
    """Slots of the second model: scores of the comma and of those before and after it."""
    level = np.clip(np.round(scores * 2) + 16, 0, 31).astype(np.uint32)
    # One in another document is as far away as can be.
    document = context.document_of(commas)
    at = commas + 99 * document
    second = np.zeros(len(at) + 2, dtype=np.bool_)  # where there is none, itself stands for it
    second[2:-2] = document[2:] == document[:-2]
    left2 = np.where(second[:-2], np.roll(level, 2) // 4, level // 4)
    right2 = np.where(second[2:], np.roll(level, -2) // 4, level // 4)
    gap = np.diff(at, prepend=at[:1] - 99, append=at[-1:] + 99)
    near = [np.clip(gap[:-1], 0, 40).astype(np.uint32), np.clip(gap[1:], 0, 40).astype(np.uint32)]
    before = np.where(near[0] < 40, np.roll(level, 1) // 2, 31).astype(np.uint32)
    after = np.where(near[1] < 40, np.roll(level, -1) // 2, 31).astype(np.uint32)
    before2 = np.where(near[0] < 40, left2, 31).astype(np.uint32)
    after2 = np.where(near[1] < 40, right2, 31).astype(np.uint32)
    pairs = [
        (level, np.zeros_like(level)), (level, before), (level, after),
        (level, before * np.uint32(32) + after), (before2 * np.uint32(32) + before, level // 2),
        (after2 * np.uint32(32) + after, level // 2),
        (level // 2, (before // 2) * np.uint32(64) + near[0]),
        (level // 2, (after // 2) * np.uint32(64) + near[1]),
    ]  # fmt: skip
    slots = [slot(number, a, b) >> _SECOND_SHIFT for number, (a, b) in enumerate(pairs, 1)]
    return np.stack(slots, axis=1)


def _conjunctions(context: Context, start: Positions, end: Positions) -> NDArray[np.uint32]:
    """Whether 和, 与, 及, 或, 等 stands between two positions."""
    counted = np.concatenate([[0], np.cumsum(one_of(context.codes, _CONJUNCTIONS))])
    return (counted[end] > counted[start]).astype(np.uint32)


def slot(number: int, first: NDArray[np.uint32], second: NDArray[np.uint32]) -> Features:
    mixed = (first * np.uint32(0x9E3779B1) + np.uint32(number)) * np.uint32(0x85EBCA6B)
    mixed ^= second * np.uint32(0xC2B2AE35) + np.uint32(number * 7919)
    mixed ^= mixed >> np.uint32(15)
    mixed *= np.uint32(0x2C1B3C6D)
    slots: Features = mixed >> _SHIFT
    return slots
