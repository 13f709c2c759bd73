"""The most probable character of gaps that stand alone, each between characters that are known."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from jiaokan.repair.gaps.asked import ALSO_CERTAIN, CERTAIN, NONE, Asked, Guess, may_be_certain
from jiaokan.repair.gaps.candidates import FAR, candidates
from jiaokan.repair.gaps.models import by_both
from jiaokan.validators.lines.continuation import continuation
from jiaokan.validators.plausibility import likelihood_after

_AT_ONCE = 1024


def most_probable(asked: Sequence[Asked]) -> list[tuple[Guess, ...]]:
    """The best candidate for the bytes between each pair of neighbours."""
    return [
        (guess,)
        for begin in range(0, len(asked), _AT_ONCE)
        for guess in _most_probable(asked[begin : begin + _AT_ONCE])
    ]


def _most_probable(asked: Sequence[Asked]) -> list[Guess]:
    choices = [candidates(each.raws[0], each.loss, each.behind) for each in asked]
    counts = np.array([len(points) for points in choices])
    found = [NONE] * len(asked)
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
    likely = plain > _highest(plain, owners)[owners] - FAR
    owners, points, plain = owners[likely], points[likely], plain[likely]
    doubt = doubt[owners]
    both = _by_both_between(sides[owners].T, points, plain) / (2 * doubt)
    shares = _shares(both, owners)
    certain = (shares >= CERTAIN) & (_shares(plain / doubt, owners) >= ALSO_CERTAIN)
    certain &= may_be_certain(points) | few[numbers][owners]
    certain |= counts[numbers][owners] == 1
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
    of_two = by_both(likelihood_after(then, points), then, points)
    of_two += by_both(likelihood_after(points, after), points, after)
    both: NDArray[np.float64] = np.where(told, plain + of_three, of_two)
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
