"""Where misread text may be: improbable pairs that some misreading would explain."""

from functools import cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from jiaokan.validators.mojibake.codepages import EAST_ASIAN
from jiaokan.validators.mojibake.explanation import (
    CHUNK,
    OF_TRIPLES,
    REACH,
    are_of_single_bytes,
    are_of_triples,
    explained_by_each,
    is_explained_by,
    paths_by_kind,
    with_edges,
)
from jiaokan.validators.mojibake.rare import RARE, rare_positions
from jiaokan.validators.mojibake.segments import PATHS
from jiaokan.validators.plausibility import alone, log_likelihood
from jiaokan.validators.view import View

_IMPROBABLE = 15.5
_UNSEEN = 9.0
"""Bits that pairs never seen may add to a neighbourhood."""
_SOME = 100
"""Suspects that tell which paths are to be tried first."""


def paths_of(window: NDArray[np.uint32]) -> NDArray[np.uint64]:
    """For each suspect, with two neighbours on each side, the set of `PATHS` (a bit each) that may
    have been."""
    paths = np.empty(len(window), dtype=np.uint64)
    numbers = np.arange(len(PATHS), dtype=np.uint64)[:, None]
    for start in range(0, len(paths), CHUNK):
        part = slice(start, start + CHUNK)
        explained = explained_by_each(window[part]).astype(np.uint64)
        np.bitwise_or.reduce(explained << numbers, axis=0, out=paths[part])
    return paths


def positions(view: View) -> NDArray[np.intp]:
    """The rare positions where the text is improbable and a misreading would explain it."""
    return view.positions("mojibake suspects", _suspects)


def _suspects(view: View) -> NDArray[np.intp]:
    codes, rare = view.codes, rare_positions(view)
    if not len(rare):
        return rare
    paths = _MostProbable()
    found = []
    for start in range(0, len(rare), CHUNK):
        at = rare[start : start + CHUNK]
        begin, end = max(int(at[0]) - REACH, 0), int(at[-1]) + REACH + 1
        found.append(begin + _suspects_among(codes[begin:end], at - begin, paths))
    return np.concatenate(found)


def _suspects_among(
    codes: NDArray[np.uint32], rare: NDArray[np.intp], paths: "_MostProbable"
) -> NDArray[np.intp]:
    """Which of some rare positions of a text are suspects."""
    if 2 * len(rare) > len(codes):
        at = rare[_are_improbable(codes)[rare]]
        return at[paths.explain_among(codes, at)] if len(at) else at
    window = _around(codes, rare, REACH)
    costs = _costs()[window]
    alternating = _alternating(window, costs)
    candidate = (_may_be_improbable(*costs.T[1:4]) | alternating).nonzero()[0]
    at, window, held = rare[candidate], window[candidate], alternating[candidate]
    if not len(at):
        return at
    bits = -_likelihood_around(codes, at, window)
    high = window[:, 1:4] >= 0x80
    bits *= high
    count = np.maximum(high[:, 0].view(np.uint8) + high[:, 1] + high[:, 2], 2)  # faster than sums
    held |= bits[:, 0] + bits[:, 1] + bits[:, 2] >= _IMPROBABLE * count
    at = at[held]
    if not len(at):
        return at
    suspicious: NDArray[np.intp] = at[paths.explain(np.minimum(window[held], np.uint32(0xFFFF)))]
    return suspicious


def _are_improbable(codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Whether each character of a text is a suspect, if any path explains it; as it is told of some above."""
    padded = with_edges(codes)
    costs = _costs()[padded]
    before, here, after = costs[1:-3], costs[2:-2], costs[3:-1]
    candidate = _may_be_improbable(before, here, after)
    sign = (padded >= 0x40) & (padded < 0x7F)
    is_rare = costs >= RARE
    held = (sign[1:-3] & is_rare[:-4]) | (sign[3:-1] & is_rare[4:])
    candidate |= held
    high = padded[1:-1] >= 0x80
    bits = -log_likelihood(padded[1:-1]) * high
    number = high.view(np.uint8)
    count = np.maximum(number[:-2] + number[1:-1] + number[2:], 2)
    held |= bits[:-2] + bits[1:-1] + bits[2:] >= _IMPROBABLE * count
    held &= candidate
    return held


def window_of(codes: NDArray[np.uint32], at: NDArray[np.intp]) -> NDArray[np.uint32]:
    """Two neighbours on each side, as the tables have them."""
    return np.minimum(_around(codes, at, REACH), np.uint32(0xFFFF))


def _likelihood_around(
    codes: NDArray[np.uint32], at: NDArray[np.intp], window: NDArray[np.uint32]
) -> NDArray[np.float32]:
    """The likelihood of the characters before, at and after each position."""
    if 4 * len(at) < len(codes):
        return log_likelihood(window[:, :4].ravel()).reshape(-1, 4)[:, 1:]
    edge = np.full(1, ord("\n"), dtype=np.uint32)
    bits = log_likelihood(np.concatenate((edge, codes, edge)))
    around: NDArray[np.float32] = bits[at[:, None] + np.arange(3)]
    return around


class _MostProbable:
    """The paths, that which has explained the most being tried first, so that the others are only tried on
    what it does not explain."""

    def __init__(self) -> None:
        self._counts: NDArray[np.intp] = np.zeros(len(PATHS), dtype=np.intp)

    def explain(self, window: NDArray[np.uint32]) -> NDArray[np.bool_]:
        """Whether any path may have made the middle character of five, with others around it."""
        if len(window) <= CHUNK // 16:
            any_: NDArray[np.bool_] = np.logical_or.reduce(explained_by_each(window), axis=0)
            return any_
        if not self._counts.any():  # a few tell which path most probably was
            self._counts += explained_by_each(window[:: len(window) // _SOME]).sum(axis=1)
        found = np.zeros(len(window), dtype=np.bool_)
        left = np.arange(len(window))
        rows = np.argsort(-self._counts, kind="stable")
        if not (window[:, 2] < EAST_ASIAN).any():
            rows = rows[~are_of_single_bytes()[rows]]
        for row in rows.tolist():
            held = is_explained_by(row, window)
            if held.any():
                found[left[held]] = True
                left, window = left[~held], window[~held]
                self._counts[row] += np.count_nonzero(held)
        return found

    def explain_among(self, codes: NDArray[np.uint32], at: NDArray[np.intp]) -> NDArray[np.bool_]:
        """The same of these places of a text, which are most of it."""
        best = int(self._counts.argmax())
        if not self._counts[best] or best not in paths_by_kind()[OF_TRIPLES]:
            return self.explain(window_of(codes, at))
        found = are_of_triples(best, codes)[at]
        self._counts[best] += np.count_nonzero(found)
        left = (~found).nonzero()[0]
        if len(left):
            found[left] = self.explain(window_of(codes, at[left]))
        return found


def _may_be_improbable(
    before: NDArray[np.float32], here: NDArray[np.float32], after: NDArray[np.float32]
) -> NDArray[np.bool_]:
    """A bound, from what each character costs alone, on how improbable the neighbourhood can be."""
    beside = (before > 0).view(np.uint8) + (after > 0)
    bound: NDArray[np.bool_] = here + before + after + _UNSEEN >= _IMPROBABLE * (1 + beside)
    bound &= beside > 0
    return bound


def _alternating(window: NDArray[np.uint32], costs: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Rare characters with an ASCII one, as may end a pair of bytes, between them and the next."""
    beside, next_ = window[:, 1:4:2], costs[:, ::4]
    found: NDArray[np.bool_] = (beside >= 0x40) & (beside < 0x7F) & (next_ >= RARE)
    either: NDArray[np.bool_] = found[:, 0] | found[:, 1]
    return either


@cache
def _costs() -> NDArray[np.float32]:
    """Bits of each code point alone; 0 for ASCII."""
    table = np.full(0x110000, 20, dtype=np.float32)
    table[:0x10000] = -alone()
    table[:0x80] = 0
    table.flags.writeable = False
    return table


def _inside(places: NDArray[np.intp], size: int) -> NDArray[np.intp]:
    """The places, those beyond a text of this size moved to its ends."""
    inside: NDArray[np.intp] = np.minimum(np.maximum(places, 0), size - 1)
    return inside


def _around(codes: NDArray[np.uint32], at: NDArray[np.intp], reach: int) -> NDArray[np.uint32]:
    """The code points from `reach` before to `reach` after each position; line feeds beyond."""
    if 4 * len(at) < len(codes):
        places = at[:, None] + np.arange(-reach, reach + 1)
        beyond = (places < 0) | (places >= len(codes))
        around: NDArray[np.uint32] = codes[_inside(places, len(codes))]
        around[beyond] = ord("\n")
        return around
    return sliding_window_view(with_edges(codes, reach), 2 * reach + 1)[at]
