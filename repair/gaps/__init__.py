"""Which characters can have stood in gaps of misread text, and how probable each is between its neighbours.

Of a character in UTF-8 some bytes are left, and the page that it was misread by tells which others it can
have lost (`validators.mojibake.holes`). Gaps side by side are weighed together, every way through them.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from jiaokan.repair.gaps.asked import EDGE, OFFERED, Asked, Guess
from jiaokan.repair.gaps.rows import most_probable_rows
from jiaokan.repair.gaps.single import most_probable
from jiaokan.validators.mojibake.holes import Loss
from jiaokan.validators.plausibility import log_likelihood

__all__ = ["EDGE", "OFFERED", "Guess", "doubts", "guesses"]
_GAP = 0xFFFD
_REMEMBERED = 1 << 15
_WELL_KNOWN = 8.0
"""Bits of a Han character in text like that which the models are counted from."""


def doubts(
    codes: NDArray[np.uint32], begins: NDArray[np.intp], sizes: NDArray[np.intp]
) -> NDArray[np.intp]:
    """By how much, in tenths, the models know each run less well than the text which they are
    counted from: what they say of poems and chronicles is worth less."""
    inside = np.ones(len(codes), dtype=np.bool_)
    for beside in (begins - 2, begins - 1, begins + sizes, begins + sizes + 1):
        inside[beside] = False
    texts = np.where(inside, codes, np.uint32(ord(EDGE)))
    bits = -log_likelihood(texts).astype(np.float64)
    han = (texts >= 0x3400) & (texts < 0xA000)
    count = np.add.reduceat(han, begins, dtype=np.intp)
    mean = np.add.reduceat(bits * han, begins) / np.maximum(count, 1)
    found: NDArray[np.intp] = np.round(10 * np.maximum(mean / _WELL_KNOWN, 1.0)).astype(np.intp)
    return found


_Key = tuple[int, int, int | tuple[int, ...], int, int, int, int, int]
"""As `Asked`; what is left of a single gap is no tuple, and what can be lost is a number."""
_known: dict[_Key, tuple[Guess, ...]] = {}
"""The same few characters are lost between the same neighbours again and again."""
_numbers: dict[Loss, int] = {}
"""A number for what can be lost."""


def guesses(
    codes: NDArray[np.uint32],
    at: NDArray[np.intp],
    raw: NDArray[np.uint32],
    behind: NDArray[np.uint32],
    runs: NDArray[np.intp],
    doubt: NDArray[np.intp],
    losses: Sequence[Loss],
) -> tuple[NDArray[np.intp], list[Guess]]:
    """For each gap, which of the guesses is its: the most probable character with its bytes between its
    neighbours, and how probable it is among all that the bytes allow. `behind`: the byte that followed, 0
    where it is not known; `runs`: the run of each gap; `doubt`, `losses` of each run."""
    rows = np.flatnonzero(np.diff(at, prepend=-2) != 1)
    lengths = np.diff(rows, append=len(at))
    first, last = at[rows], at[rows + lengths - 1]
    beside = np.where(codes == _GAP, np.uint32(ord(EDGE)), codes)
    left: list[int | tuple[int, ...]] = raw[rows].tolist()
    many = np.flatnonzero(lengths > 1)
    for row, start, length in zip(
        many.tolist(), rows[many].tolist(), lengths[many].tolist(), strict=True
    ):
        left[row] = tuple(raw[start : start + length].tolist())
    if len(_known) > _REMEMBERED:
        _known.clear()
        _numbers.clear()
    of_runs = [_numbers.setdefault(loss, len(_numbers)) for loss in losses]
    keys = list(
        zip(
            codes[first - 2].tolist(), beside[first - 1].tolist(), left,
            beside[last + 1].tolist(), codes[last + 2].tolist(),
            behind[rows + lengths - 1].tolist(), doubt[runs[rows]].tolist(),
            np.array(of_runs, dtype=np.intp)[runs[rows]].tolist(),
            strict=True,
        )
    )  # fmt: skip
    asked = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    found = _answers(list(asked))
    begins = np.cumsum([0, *map(len, found)])
    place = np.arange(len(at)) - np.repeat(rows, lengths)
    which = np.fromiter(map(asked.__getitem__, keys), dtype=np.intp, count=len(keys))
    return begins[np.repeat(which, lengths)] + place, [each for row in found for each in row]


def _answers(asked: Sequence[_Key]) -> list[tuple[Guess, ...]]:
    """The guesses for each row of gaps."""
    losses = list(_numbers)
    single: list[tuple[_Key, Asked]] = []
    rows: list[tuple[_Key, Asked]] = []
    for key in asked:
        if key not in _known:
            far, before, left, after, far_after, byte, doubt, number = key
            raws = left if isinstance(left, tuple) else (left,)
            new = Asked(far, before, raws, after, far_after, byte, doubt, losses[number])
            (single if len(raws) == 1 else rows).append((key, new))
    for some, answer in ((single, most_probable), (rows, most_probable_rows)):
        for (key, _), guessed in zip(some, answer([new for _, new in some]), strict=True):
            _known[key] = guessed
    return [_known[key] for key in asked]
