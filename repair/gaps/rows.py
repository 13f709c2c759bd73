"""The most probable characters of gaps side by side, which are weighed together, every way through them."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from jiaokan.repair.gaps.asked import EDGE, NONE, Asked, Guess, are_certain
from jiaokan.repair.gaps.candidates import candidates, first_byte
from jiaokan.repair.gaps.models import steps_in_grids
from jiaokan.validators.mojibake.holes import Loss
from jiaokan.validators.plausibility import alone

_Codes = NDArray[np.uint32]
_Bits = NDArray[np.float64]
_AT_ONCE = 1 << 17
"""Steps from a candidate to the next that are looked up together."""

_MOST = 128
"""Candidates of a gap in a row: a step from one to the next takes as many look-ups as there are pairs of them."""


class _Kind(NamedTuple):
    """Rows of gaps between which all steps are the same: what is left of each gap, the byte behind them,
    what bytes can be lost, and the doubt."""

    raws: tuple[int, ...]
    behind: int
    loss: Loss
    doubt: int


class _Alike:
    """Rows of one kind: the numbers of those who ask, and the characters on either side of each."""

    def __init__(self, kind: _Kind, numbers: Sequence[int], asked: Sequence[Asked]) -> None:
        self.kind, self.numbers = kind, numbers
        behind = (*map(first_byte, kind.raws[1:]), kind.behind)
        self._gaps = tuple(zip(kind.raws, behind, strict=True))
        self.choices = [_commonest(candidates(raw, kind.loss, byte)) for raw, byte in self._gaps]
        self.known = [
            points if len(points) else np.array([ord(EDGE)], np.uint32) for points in self.choices
        ]
        self.before, self.after = (
            np.array(codes, dtype=np.uint32)
            for codes in zip(*((asked[n].before, asked[n].after) for n in numbers), strict=True)
        )

    @property
    def size(self) -> int:
        """How many steps there are."""
        counts = list(map(len, self.known))
        inside = sum(one * two for one, two in pairwise(counts))
        return inside + len(self.numbers) * (counts[0] + counts[-1])

    def inside(self) -> Iterator[tuple[tuple[int, int], tuple[int, int], Loss]]:
        """What tells each step from gap to gap."""
        return ((*pair, self.kind.loss) for pair in pairwise(self._gaps))


def _commonest(points: _Codes) -> _Codes:
    """The candidates of a gap, or the commonest of them, if they are many."""
    if len(points) <= _MOST:
        return points
    some: _Codes = np.sort(points[np.argsort(-alone()[points], kind="stable")[:_MOST]])
    return some


def most_probable_rows(asked: Sequence[Asked]) -> list[tuple[Guess, ...]]:
    """How probable the best candidate of each gap is over all ways through its row."""
    of_kind: dict[_Kind, list[int]] = {}
    for number, each in enumerate(asked):
        of_kind.setdefault(_Kind(each.raws, each.behind, each.loss, each.doubt), []).append(number)
    found: list[tuple[Guess, ...]] = [()] * len(asked)
    some: list[_Alike] = []
    size = 0
    for kind in sorted(of_kind):  # what shares steps stands together
        some.append(_Alike(kind, of_kind[kind], asked))
        size += some[-1].size
        if size >= _AT_ONCE:
            _answer(some, found)
            some, size = [], 0
    _answer(some, found)
    return found


def _answer(rows: Sequence[_Alike], found: list[tuple[Guess, ...]]) -> None:
    """Find the guesses of some rows."""
    inside = {
        step: pair
        for alike in rows
        for step, pair in zip(alike.inside(), pairwise(alike.known), strict=True)
    }
    ends = [
        pair
        for alike in rows
        for pair in ((alike.before, alike.known[0]), (alike.known[-1], alike.after))
    ]
    steps = steps_in_grids([*inside.values(), *ends])
    of_inside = dict(zip(inside, steps, strict=False))
    of_ends = iter(steps[len(inside) :])
    for alike in rows:
        first, last = next(of_ends), next(of_ends)
        ways = [first, *(of_inside[step] for step in alike.inside()), last]
        plain, both = zip(*ways, strict=True)
        doubt = alike.kind.doubt / 10
        by_both, by_plain = _marginals(both, 2 * doubt), _marginals(plain, doubt)
        columns = list(
            map(
                _guesses,
                alike.choices,
                alike.known,
                by_both,
                by_plain,
                [alike.kind.loss] * len(by_both),
            )
        )
        for number, row in zip(alike.numbers, zip(*columns, strict=True), strict=True):
            found[number] = row


def _guesses(choices: _Codes, known: _Codes, one: _Bits, other: _Bits, loss: Loss) -> list[Guess]:
    """The guess for one gap of each row. `one`, `other`: how probable each candidate is by both models and
    by the plain one."""
    if not len(choices):
        return [NONE] * len(one)
    best = one.argmax(axis=1)
    rows = np.arange(len(best))
    shares, points = one[rows, best], known[best]
    few = loss.anywhere or len(choices) == 1
    certain = are_certain(points, shares, other[rows, best], few, loss.true != "utf8")
    return [
        Guess(chr(point), round(share, 4), is_certain)
        for point, share, is_certain in zip(
            points.tolist(), shares.tolist(), certain.tolist(), strict=True
        )
    ]


def _marginals(steps: Sequence[_Bits], scale: float) -> list[_Bits]:
    """The probability of each candidate of each row, bits being divided by `scale`. Shape (rows, candidates)."""
    first, *inside, last = steps
    weights = [np.exp2((step - step.max()) / scale) for step in inside]
    there = [np.exp2((first - first.max(axis=1, keepdims=True)) / scale)]
    for weight in weights:
        there.append(_normal(there[-1] @ weight))
    back = [np.exp2((last - last.max(axis=0)) / scale).T]
    for weight in reversed(weights):
        back.append(_normal(back[-1] @ weight.T))
    return [_normal(one * two) for one, two in zip(there, reversed(back), strict=True)]


def _normal(weights: _Bits) -> _Bits:
    normal: _Bits = weights / weights.sum(axis=1, keepdims=True)
    return normal
