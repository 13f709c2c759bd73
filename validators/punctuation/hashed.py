"""What stands around a comma, as slots of a table of weights: whole words and endings, met again and again.

Weights are counted by `recipes/enumeration.py`.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import Class
from jiaokan.validators.code_sets import one_of
from jiaokan.validators.punctuation.context import Context, Positions
from jiaokan.validators.tables import FOLDER

SLOTS = 1 << 20
DELIMITERS = ",.;:?!，。；：？！、…"
CONJUNCTIONS = "和与與及或等"
_COMMAS = ",，、"
_LONGEST = 13
_TABLE = FOLDER / "enumeration.npz"

Features = NDArray[np.uint32]


@cache
def weights() -> NDArray[np.float32]:
    """Of each slot; loaded once."""
    with np.load(_TABLE) as table:
        found: NDArray[np.float32] = table["words"].astype(np.float32) * np.float32(table["scale"])
    return found


def slot(
    number: int, first: NDArray[np.uint32], second: NDArray[np.uint32], slots: int
) -> Features:
    """The slots of a feature of this number that has these two values, in a table of so many, a power
    of two."""
    mixed = (first * np.uint32(0x9E3779B1) + np.uint32(number)) * np.uint32(0x85EBCA6B)
    mixed ^= second * np.uint32(0xC2B2AE35) + np.uint32(number * 7919)
    mixed ^= mixed >> np.uint32(15)
    mixed *= np.uint32(0x2C1B3C6D)
    found: Features = mixed >> np.uint32(33 - slots.bit_length())
    return found


def delimiters(context: Context) -> Positions:
    """Marks and breaks that part a text into pieces."""
    marks = one_of(context.codes, DELIMITERS) | ((context.bits & np.uint32(Class.BREAK)) != 0)
    found: Positions = marks.nonzero()[0]
    return found


def features(context: Context, commas: Positions, marks: Positions) -> Features:
    """Slots of the features of each comma, which is one of the delimiters: shape (commas, features)."""
    codes = context.codes
    here = np.searchsorted(marks, commas)
    count = len(marks) - 1

    def delimiter(offset: int) -> Positions:
        found: Positions = marks[np.clip(here + offset, 0, count)]
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
    joins = np.cumsum(one_of(codes, CONJUNCTIONS), dtype=np.int32)  # none of them is a mark
    own, next_ = joins[end] > joins[commas], joins[delimiter(2)] > joins[end]
    conjunction = own.astype(np.uint32) + 2 * next_.astype(np.uint32)
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
            slot(number, a.astype(np.uint32), b.astype(np.uint32), SLOTS)
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
