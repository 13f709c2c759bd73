"""The most probable character of gaps that stand alone, each between characters that are known."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import attrgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from jiaokan.repair.gaps.asked import NONE, Asked, Guess, are_certain
from jiaokan.repair.gaps.candidates import FAR, candidates
from jiaokan.repair.gaps.models import by_both
from jiaokan.validators.lines.continuation import continuation
from jiaokan.validators.mojibake.holes import Loss
from jiaokan.validators.plausibility import likelihood_after
from jiaokan.validators.view import ranges

_AT_ONCE = 1024


def most_probable(asked: Sequence[Asked]) -> list[tuple[Guess, ...]]:
    """The best candidate for the bytes between each pair of neighbours."""
    found: list[tuple[Guess, ...]] = [(NONE,)] * len(asked)
    order = sorted(range(len(asked)), key=list(map(_between, asked)).__getitem__)
    for begin in range(0, len(asked), _AT_ONCE):
        numbers = order[begin : begin + _AT_ONCE]
        for number, guess in _most_probable([asked[number] for number in numbers]):
            found[numbers[number]] = (guess,)
    return found


_Between = tuple[tuple[int, ...], int, int, int, Loss]


_between: Callable[[Asked], _Between] = attrgetter("raws", "before", "after", "behind", "loss")
"""The gap and what stands beside it, whatever stands farther away."""


_sides = attrgetter("far_before", "before", "after", "far_after")


class _Candidates(NamedTuple):
    """What may have stood in some gaps between two characters, those of one gap after those of the other;
    how many each has, and whether no other was possible; and what the plain model says of each after the character before it, and of the one
    after it."""

    points: NDArray[np.uint32]
    counts: NDArray[np.intp]
    only: NDArray[np.bool_]
    before: NDArray[np.float32]
    after: NDArray[np.float32]


def _likely(asked: Iterable[_Between]) -> _Candidates:
    """Those that are not far rarer than the best."""
    raws, before, after, behind, losses = zip(*asked, strict=True)
    choices = list(map(candidates, [raw for (raw,) in raws], losses, behind))
    counts = np.array([len(points) for points in choices])
    only = counts == 1
    points = np.concatenate(choices)
    befores, afters = (np.repeat(np.array(codes, np.uint32), counts) for codes in (before, after))
    to, on = likelihood_after(befores, points), likelihood_after(points, afters)
    filled = np.flatnonzero(counts)
    if len(filled):
        plain = to.astype(np.float64) + on
        owners = np.repeat(np.arange(len(filled)), counts[filled])
        likely = plain > _highest(plain, owners)[owners] - FAR
        counts[filled] = np.bincount(owners, likely)
        points, to, on = points[likely], to[likely], on[likely]
    return _Candidates(points, counts, only, to, on)


def _most_probable(asked: Sequence[Asked]) -> Iterator[tuple[int, Guess]]:
    """The guess for each of those that have candidates."""
    numbers_of: dict[_Between, int] = {}
    of = np.array([numbers_of.setdefault(_between(each), len(numbers_of)) for each in asked])
    likely = _likely(numbers_of)
    counts = likely.counts[of]
    numbers = np.flatnonzero(counts)  # of those with candidates, in what follows
    if not len(numbers):
        return
    begins = (np.cumsum(likely.counts) - likely.counts)[of]
    at = ranges(begins[numbers], counts[numbers])
    owners = np.repeat(np.arange(len(numbers)), counts[numbers])
    sides = np.array([_sides(each) for each in asked], dtype=np.uint32)[numbers]
    doubt = np.array([each.doubt for each in asked])[numbers[owners]] / 10
    few = np.array([each.loss.anywhere for each in asked])[numbers[owners]]
    of_pair = np.array([each.loss.true != "utf8" for each in asked])[numbers[owners]]
    points = likely.points[at]
    plain = likely.before[at], likely.after[at]
    both = _by_both_between(sides[owners].T, points, *plain) / (2 * doubt)
    shares = _shares(both, owners)
    alone = plain[0].astype(np.float64) + plain[1]
    certain = are_certain(points, shares, _shares(alone / doubt, owners), few, of_pair)
    certain |= likely.only[of[numbers[owners]]]
    best = np.flatnonzero(both == _highest(both, owners)[owners])[::-1]
    for number, point, share, is_certain in zip(
        numbers[owners[best]].tolist(), points[best].tolist(), np.round(shares[best], 4).tolist(),
        certain[best].tolist(), strict=True,
    ):  # fmt: skip
        yield number, Guess(chr(point), share, is_certain)


def _by_both_between(
    sides: NDArray[np.uint32],
    points: NDArray[np.uint32],
    to: NDArray[np.float32],
    on: NDArray[np.float32],
) -> NDArray[np.float64]:
    """The sum of what two models say of characters between two on either side. `to`, `on`: what the first
    says of each, and of the one after it."""
    before, then, after, beyond = sides
    table = continuation()
    here, next_ = table.after_two(before, then, points), table.after_two(then, points, after)
    last, chance = table.after_two(points, after, beyond), table.after(after, beyond)
    told = (here > 0) & (next_ > 0) & (table.after(before, then) > 0)
    further = np.log2(np.where(last > 0, last, 1.0)) - np.log2(np.where(last > 0, chance, 1.0))
    of_three = np.log2(np.where(told, here * next_, 1.0)) + further
    of_two = by_both(to, then, points)
    of_two += by_both(on, points, after)
    both: NDArray[np.float64] = np.where(told, to.astype(np.float64) + on + of_three, of_two)
    return both


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
