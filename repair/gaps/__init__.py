"""Which characters can have stood in gaps of misread text, and how probable each is between its neighbours.

Of a character in UTF-8 some bytes are left, and the page that it was misread by tells which others it can
have lost (`validators.mojibake.holes`). Gaps side by side are weighed together, every way through them.
"""

from collections.abc import Iterable, Sequence

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


_known: dict[Asked, tuple[Guess, ...]] = {}
"""The same few characters are lost between the same neighbours again and again."""


def guesses(
    codes: NDArray[np.uint32],
    at: NDArray[np.intp],
    raw: NDArray[np.uint32],
    behind: NDArray[np.uint32],
    doubt: NDArray[np.intp],
    losses: Sequence[Loss],
) -> tuple[NDArray[np.intp], list[Guess]]:
    """For each gap, which of the guesses is its: the most probable character with its bytes between its
    neighbours, and how probable it is among all that the bytes allow. `behind`: the byte that followed, 0
    where it is not known."""
    rows = np.flatnonzero(np.diff(at, prepend=-2) != 1)
    lengths = np.diff(rows, append=len(at))
    first, last = at[rows], at[rows + lengths - 1]
    beside = np.where(codes == _GAP, np.uint32(ord(EDGE)), codes)
    raws, starts = raw.tolist(), rows.tolist()
    asked: dict[Asked, int] = {}
    which = [
        asked.setdefault(each, len(asked))
        for each in map(
            Asked._make,
            zip(
                zip(codes[first - 2].tolist(), beside[first - 1].tolist(), strict=True),
                [
                    tuple(raws[row : row + length])
                    for row, length in zip(starts, lengths.tolist(), strict=True)
                ],
                zip(beside[last + 1].tolist(), codes[last + 2].tolist(), strict=True),
                behind[rows + lengths - 1].tolist(),
                doubt[rows].tolist(),
                map(losses.__getitem__, starts),
                strict=True,
            ),
        )
    ]
    found = _answers(asked)
    begins = np.cumsum([0, *map(len, found)])
    place = np.arange(len(at)) - np.repeat(rows, lengths)
    of_gap = begins[np.repeat(np.array(which, dtype=np.intp), lengths)] + place
    return of_gap, [each for row in found for each in row]


def _answers(asked: Iterable[Asked]) -> list[tuple[Guess, ...]]:
    answers = {each: _known.get(each) for each in asked}
    new = [each for each, answer in answers.items() if answer is None]
    if len(_known) > _REMEMBERED:
        _known.clear()
    for some, found in (
        ([each for each in new if len(each.raws) == 1], most_probable),
        ([each for each in new if len(each.raws) > 1], most_probable_rows),
    ):
        for each, guessed in zip(some, found(some), strict=True):
            _known[each] = answers[each] = guessed
    return [answer for each in asked if (answer := answers[each]) is not None]
