"""Which characters can have stood in gaps of misread text, and how probable each is between its neighbours.

Of a character in UTF-8 some bytes are left, and the page that it was misread by tells which others it can
have lost (`validators.mojibake.holes`). Gaps side by side are weighed together, every way through them.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise, permutations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.lines.continuation import continuation
from jiaokan.validators.mojibake.codepages import LOST
from jiaokan.validators.mojibake.gaps import unpacked
from jiaokan.validators.mojibake.holes import Loss
from jiaokan.validators.plausibility import alone, likelihood_after, log_likelihood

OFFERED = 0.85
"""Below this probability a guess is not offered."""
CERTAIN = 0.99
_ALSO_CERTAIN = 0.98
"""From these probabilities on, by both models together and by the plain one alone, the bytes and the
neighbours leave no second character. Of 25,741 such gaps of windows-1252 and 5,483 of GBK in 8,000 sentences
(tuning halves) seven were filled wrongly: 卷 by 号, 受 by 南 and the like."""
EDGE = "\n"
_GAP = 0xFFFD
_QUESTION = 0x3F
_FAR = 12.0
"""Bits by which a character may be rarer than the commonest candidate to be one itself."""
_AT_ONCE = 1024
_REMEMBERED = 1 << 15
_WELL_KNOWN = 8.0
"""Bits of a Han character in text like that which the models are counted from."""


class Guess(NamedTuple):
    """The most probable character, how probable it is, and whether it is certain."""

    character: str
    probability: float
    is_certain: bool


_NONE = Guess(chr(_GAP), 0.0, False)


class Asked(NamedTuple):
    """The two characters before a row of gaps, the bytes known of each, the two after them, the doubt of
    the run in tenths, and what bytes it can have lost."""

    before: tuple[int, int]
    raws: tuple[int, ...]
    after: tuple[int, int]
    doubt: int
    loss: Loss


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
    doubt: NDArray[np.intp],
    losses: Sequence[Loss],
) -> tuple[NDArray[np.intp], list[Guess]]:
    """For each gap, which of the guesses is its: the most probable character with its bytes between its
    neighbours, and how probable it is among all that the bytes allow."""
    rows = np.flatnonzero(np.diff(at, prepend=-2) != 1)
    lengths = np.diff(rows, append=len(at))
    first, last = at[rows], at[rows + lengths - 1]
    beside = np.where(codes == _GAP, np.uint32(ord(EDGE)), codes)
    befores = zip(codes[first - 2].tolist(), beside[first - 1].tolist(), strict=True)
    afters = zip(beside[last + 1].tolist(), codes[last + 2].tolist(), strict=True)
    raws, of_doubt = raw.tolist(), doubt.tolist()
    asked: dict[Asked, int] = {}
    which = [
        asked.setdefault(
            Asked(before, tuple(raws[row : row + length]), after, of_doubt[row], losses[row]),
            len(asked),
        )
        for row, length, before, after in zip(
            rows.tolist(), lengths.tolist(), befores, afters, strict=True
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
    ones = [each for each in new if len(each.raws) == 1]
    for begin in range(0, len(ones), _AT_ONCE):
        some = ones[begin : begin + _AT_ONCE]
        for each, guess in zip(some, _most_probable(some), strict=True):
            _known[each] = answers[each] = (guess,)
    for each in new:
        if len(each.raws) > 1:
            _known[each] = answers[each] = _most_probable_row(each)
    return [answer for each in asked if (answer := answers[each]) is not None]


def _most_probable(asked: list[Asked]) -> list[Guess]:
    """The best candidate for the bytes between each pair of neighbours."""
    choices = [_candidates(unpacked(each.raws[0]), each.loss) for each in asked]
    counts = np.array([len(points) for points in choices])
    found = [_NONE] * len(asked)
    points = np.concatenate(choices)
    if not len(points):
        return found
    numbers = np.flatnonzero(counts)  # of those with candidates, in what follows
    owners = np.repeat(np.arange(len(numbers)), counts[numbers])
    sides = np.array([(*each.before, *each.after) for each in asked], dtype=np.uint32)[numbers]
    doubt = np.array([each.doubt for each in asked])[numbers] / 10
    few = np.array([each.loss.anywhere for each in asked])
    _, before, after, _ = sides[owners].T
    plain = likelihood_after(before, points).astype(np.float64) + likelihood_after(points, after)
    likely = plain > _highest(plain, owners)[owners] - _FAR
    owners, points, plain = owners[likely], points[likely], plain[likely]
    doubt = doubt[owners]
    both = _by_both_between(sides[owners].T, points, plain) / (2 * doubt)
    shares = _shares(both, owners)
    certain = (shares >= CERTAIN) & (_shares(plain / doubt, owners) >= _ALSO_CERTAIN)
    certain &= _may_be_certain(points) | few[numbers][owners]
    best = np.flatnonzero(both == _highest(both, owners)[owners])[::-1]
    for number, point, share, is_certain in zip(
        numbers[owners[best]].tolist(), points[best].tolist(), np.round(shares[best], 4).tolist(),
        certain[best].tolist(), strict=True,
    ):  # fmt: skip
        found[number] = Guess(chr(point), share, is_certain)
    return found


def _by_both_between(
    sides: NDArray[np.uint32], points: NDArray[np.uint32], plain: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The sum of what two models say of characters between two on either side. `plain`: what the first says."""
    before, then, after, beyond = sides
    table = continuation()
    here, next_ = table.after_two(before, then, points), table.after_two(then, points, after)
    last, chance = table.after_two(points, after, beyond), table.after(after, beyond)
    told = (here > 0) & (next_ > 0) & (table.after(before, then) > 0)
    further = np.log2(np.where(last > 0, last, 1.0)) - np.log2(np.where(last > 0, chance, 1.0))
    of_three = np.log2(np.where(told, here * next_, 1.0)) + further
    of_two = _by_both(likelihood_after(then, points), then, points)
    of_two += _by_both(likelihood_after(points, after), points, after)
    both: NDArray[np.float64] = np.where(told, plain + of_three, of_two)
    return both


def _most_probable_row(asked: Asked) -> tuple[Guess, ...]:
    """The same of gaps side by side: how probable each candidate is over all ways through the row."""
    before, after = (
        np.array([code], dtype=np.uint32) for code in (asked.before[-1], asked.after[0])
    )
    choices = [_candidates(unpacked(raw), asked.loss) for raw in asked.raws]
    known = [points if len(points) else np.array([ord(EDGE)], np.uint32) for points in choices]
    plain, both = zip(*(_steps(*pair) for pair in pairwise((before, *known, after))), strict=True)
    doubt = asked.doubt / 10
    by_both, by_plain = _marginals(both, 2 * doubt), _marginals(plain, doubt)
    found = []
    for points, own, one, other in zip(choices, known, by_both, by_plain, strict=True):
        best = int(one.argmax())
        certain = one[best] >= CERTAIN and other[best] >= _ALSO_CERTAIN
        certain = certain and (
            asked.loss.anywhere or bool(_may_be_certain(own[best : best + 1])[0])
        )
        share = round(float(one[best]), 4)
        found.append(Guess(chr(own[best]), share, certain) if len(points) else _NONE)
    return tuple(found)


def _steps(
    left: NDArray[np.uint32], right: NDArray[np.uint32]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What the plain model and both say of each step from one candidate to the next."""
    one, two = np.repeat(left, len(right)), np.tile(right, len(left))
    plain = likelihood_after(one, two)
    shape = len(left), len(right)
    return plain.astype(np.float64).reshape(shape), _by_both(plain, one, two).reshape(shape)


def _marginals(steps: Sequence[NDArray[np.float64]], scale: float) -> list[NDArray[np.float64]]:
    """The probability of each candidate of a row, bits being divided by `scale`."""
    weights = [np.exp2((step - step.max()) / scale) for step in steps]
    there = [weights[0][0]]
    for weight in weights[1:-1]:
        there.append(_normal(there[-1] @ weight))
    back = [weights[-1][:, 0]]
    for weight in weights[-2:0:-1]:
        back.append(_normal(weight @ back[-1]))
    return [_normal(one * two) for one, two in zip(there, back[::-1], strict=True)]


def _normal(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    normal: NDArray[np.float64] = weights / weights.sum()
    return normal


def _may_be_certain(points: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Han characters: among the many marks that share two bytes the models choose too often wrongly."""
    han: NDArray[np.bool_] = (points >= 0x3400) & (points < 0xA000)
    return han


def _by_both(
    plain: NDArray[np.float32], left: NDArray[np.uint32], right: NDArray[np.uint32]
) -> NDArray[np.float64]:
    """The sum of what two models say of a character after another."""
    chinese = continuation().after(left, right)
    known = chinese > 0
    second = plain.astype(np.float64)
    second[known] = np.log2(chinese[known])
    return plain + second


def _starts(owners: NDArray[np.intp]) -> NDArray[np.intp]:
    """Where the candidates of each gap begin; those of one stand together, and each has some."""
    return np.searchsorted(owners, np.arange(owners[-1] + 1))


def _highest(score: NDArray[np.float64], owners: NDArray[np.intp]) -> NDArray[np.float64]:
    highest: NDArray[np.float64] = np.maximum.reduceat(score, _starts(owners))
    return highest


def _shares(score: NDArray[np.float64], owners: NDArray[np.intp]) -> NDArray[np.float64]:
    """The probability of each candidate among those of its gap."""
    weights = np.exp2(score - _highest(score, owners)[owners])
    shares: NDArray[np.float64] = weights / np.bincount(owners, weights)[owners]
    return shares


_LEADS = bytes(range(0xE3, 0xF0))
_CONTINUING = frozenset(range(0x80, 0xC0))


@lru_cache(1 << 14)
def _candidates(raw: bytes, loss: Loss) -> NDArray[np.uint32]:
    """Code points whose UTF-8 of three bytes has these, and others of those that can be lost."""
    if len(raw) > 3:
        return np.empty(0, dtype=np.uint32)
    first, *others = (_possible(byte, loss) for byte in raw)
    if raw[0] >= LOST - len(loss.of) or raw[0] == _QUESTION:
        first = bytes(sorted(set(first) & set(_LEADS))) or _LEADS
    absent = [loss.of[0]] * (2 - len(others))
    ways = {(*others, *absent)}
    if loss.anywhere:
        ways.update(permutations((*others, *absent)))
    grids = [_grid(first, *way) for way in ways]
    points = np.unique(np.concatenate(grids))
    points = points[(points >= 0x800) & ~((points >= 0xD800) & (points < 0xF900))]
    bits = alone()[points]
    likely: NDArray[np.uint32] = points[bits > bits.max(initial=-99) - _FAR]
    return likely


def _possible(byte: int, loss: Loss) -> bytes:
    """What a byte of a gap may have been."""
    if byte == _QUESTION:
        return loss.of[0]
    sign = LOST - byte
    return loss.of[sign] if sign < len(loss.of) else bytes((byte,))


def _grid(leads: bytes, seconds: bytes, thirds: bytes) -> NDArray[np.uint32]:
    """The code points of all three bytes of these."""
    lead = np.frombuffer(leads, dtype=np.uint8).astype(np.uint32) & 15
    second, third = (
        np.array([byte & 63 for byte in each if byte in _CONTINUING], dtype=np.uint32)
        for each in (seconds, thirds)
    )
    points = lead[:, None, None] << 12 | second[:, None] << 6 | third
    return points.ravel().astype(np.uint32)
