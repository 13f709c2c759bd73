"""Where misread text may be: improbable pairs that some misreading would explain."""

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.mojibake.codepages import SINGLE, page
from jiaokan.validators.mojibake.inversion import PATHS
from jiaokan.validators.plausibility import alone, log_likelihood

RARE = 16.0
"""Bits of a character that misread text is full of and good text seldom has."""
SIGNS = tuple(map(ord, "锟烫屯ï\ufffd"))
"""What marks of lost content begin with."""
_IMPROBABLE = 16.5
_UNSEEN = 9.0
"""Bits that pairs never seen may add to a neighbourhood."""
_REACH = 24
_BETTER = 8.0
_COMMON = 15.0
_DEAD = 4
_CHUNK = 1 << 13
"""Positions looked at together, so that what they take stays within the processor's cache."""


class Suspects(NamedTuple):
    """Positions, ascending, and for each the set of `PATHS` (a bit each) that may have been."""

    at: NDArray[np.intp]
    paths: NDArray[np.uint32]


@cache
def _rare() -> NDArray[np.bool_]:
    table = np.zeros(0x110000, dtype=np.bool_)
    table[:0x10000] = -alone() >= RARE
    table[0xE000:0xF900] = True
    table[list(SIGNS)] = True
    table[:0x80] = False
    table.flags.writeable = False
    return table


def is_sign(codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Which code points are among `SIGNS`."""
    found: NDArray[np.bool_] = codes == SIGNS[0]
    for sign in SIGNS[1:]:
        found |= codes == sign
    return found


def rare_positions(codes: NDArray[np.uint32]) -> NDArray[np.intp]:
    """Positions of the characters that misread text is full of."""
    return np.flatnonzero(_rare().take(codes))


def suspects(codes: NDArray[np.uint32], rare: NDArray[np.intp]) -> Suspects:
    """The rare positions where the text is improbable and a misreading would explain it."""
    if not len(rare):
        return Suspects(rare, np.empty(0, dtype=np.uint32))
    at = rare[_may_be_improbable(codes, rare) | _alternating(codes, rare)]
    window = _around(codes, at, 2)
    bits = -log_likelihood(window[:, :4].ravel()).reshape(-1, 4)[:, 1:]
    high = window[:, 1:4] >= 0x80
    held = (bits * high).sum(axis=1) >= _IMPROBABLE * np.maximum(high.sum(axis=1), 2)
    held |= _alternating(codes, at)
    at, window = at[held], np.minimum(window[held], 0xFFFF)
    paths = np.empty(len(at), dtype=np.uint32)
    numbers = np.arange(len(PATHS), dtype=np.uint32)[:, None]
    for start in range(0, len(at), _CHUNK):
        part = slice(start, start + _CHUNK)
        explained = _explained(window[part]).astype(np.uint32)
        np.bitwise_or.reduce(explained << numbers, axis=0, out=paths[part])
    return Suspects(at[paths > 0], paths[paths > 0])


def _may_be_improbable(codes: NDArray[np.uint32], at: NDArray[np.intp]) -> NDArray[np.bool_]:
    """A bound, from each character alone, on how improbable the neighbourhood can be."""
    costs = _costs()
    last = len(codes) - 1
    here = costs[codes[at]]
    before = np.where(at > 0, costs[codes[at - 1]], 0)
    after = np.where(at < last, costs[codes[np.minimum(at + 1, last)]], 0)
    count = 1 + (before > 0) + (after > 0)
    bound: NDArray[np.bool_] = here + before + after + _UNSEEN >= _IMPROBABLE * count
    bound &= count > 1
    return bound


def _alternating(codes: NDArray[np.uint32], at: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Rare characters with an ASCII one, as may end a pair of bytes, between them and the next."""
    size = len(codes)
    found = np.zeros(len(at), dtype=np.bool_)
    for step in (-1, 1):
        beside = codes[_inside(at + step, size)]
        next_ = _inside(at + 2 * step, size)
        found |= (beside >= 0x40) & (beside < 0x7F) & (_costs()[codes[next_]] >= RARE)
    return found


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
    places = at[:, None] + np.arange(-reach, reach + 1)
    beyond = (places < 0) | (places >= len(codes))
    around: NDArray[np.uint32] = codes[_inside(places, len(codes))]
    around[beyond] = ord("\n")
    return around


def _explained(window: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Whether each path may have made the middle character of five, with others around it.

    Shape (paths, rows of the window). All paths are looked at together: of most texts a handful of
    characters is in question, and what counts is how many steps it takes.
    """
    columns = window.T
    pairs, triples = _in_a_row(columns, 2), _in_a_row(columns, 3)
    found = np.empty((len(PATHS), len(window)), dtype=np.bool_)
    known = _paths_by_kind()
    found[known.utf8_single] = _well_formed(known.steps_single, pairs[:, 1:3]).any(axis=1)
    found[known.utf8_double] = _well_formed(known.steps_double, triples).any(axis=1)
    common = _common_pairs(pairs[:, 1:])
    common[:, 2] &= columns[2] >= 0x80
    found[known.single] = common.any(axis=1)
    found[known.double] = _better(pairs[:, 1:3]).any(axis=1)
    return found


def _in_a_row(columns: NDArray[np.uint32], count: int) -> NDArray[np.uint32]:
    """All runs of so many of five neighbours: shape (count, runs, rows)."""
    return np.stack([columns[first : first + 6 - count] for first in range(count)])


class _PathsByKind(NamedTuple):
    """Rows of `PATHS` by how they are proved, and the tables to prove them by, in the same order."""

    utf8_single: list[int]
    utf8_double: list[int]
    single: list[int]
    double: list[int]
    steps_single: NDArray[np.uint8]
    steps_double: NDArray[np.uint8]


@cache
def _paths_by_kind() -> _PathsByKind:
    def rows(utf8: bool, single: bool) -> list[int]:
        return [
            row
            for row, path in enumerate(PATHS)
            if (path.true == "utf8") is utf8 and (path.wrong in SINGLE) is single
        ]

    def steps(of: list[int]) -> NDArray[np.uint8]:
        return np.stack([_utf8_steps(PATHS[row].wrong) for row in of])

    utf8_single, utf8_double = rows(True, True), rows(True, False)
    return _PathsByKind(
        utf8_single, utf8_double, rows(False, True), rows(False, False),
        steps(utf8_single), steps(utf8_double),
    )  # fmt: skip


def _well_formed(steps: NDArray[np.uint8], characters: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Whether characters in a row go back to bytes that may stand in UTF-8, for each path.

    `characters` has shape (in a row, runs, rows); the result (paths, runs, rows).
    """
    path = np.arange(len(steps))[:, None, None, None]
    state: NDArray[np.uint8] = np.arange(3, dtype=np.uint8)[None, :, None, None]
    for character in characters:
        state = steps[path, character, state]
    alive: NDArray[np.bool_] = (state != _DEAD).any(axis=1)
    alive &= (characters >= 0x80).all(axis=0)
    return alive


@cache
def _utf8_steps(wrong: str) -> NDArray[np.uint8]:
    """How many bytes a UTF-8 character still needs, after each character of a wrong reading, for
    each number needed before it."""
    byte = np.arange(256)
    step = np.full((_DEAD + 1, 256), _DEAD, dtype=np.uint8)
    step[0, byte < 0x80] = 0
    step[0, (byte >= 0xC2) & (byte < 0xE0)] = 1
    step[0, (byte >= 0xE0) & (byte < 0xF0)] = 2
    step[0, (byte >= 0xF0) & (byte < 0xF5)] = 3
    for state in (1, 2, 3):
        step[state, (byte >= 0x80) & (byte < 0xC0)] = state - 1
        step[state, byte < 0x80] = 0
    values = page(wrong).bytes_of
    steps = np.full((0x10000, _DEAD + 1), _DEAD, dtype=np.uint8)
    for state in range(_DEAD):
        first = step[state, values >> 8]
        both = step[first, values & 0xFF]
        steps[:, state] = np.where(values > 0xFF, both, step[state, values & 0xFF])
    steps[values == 0] = _DEAD
    steps[0xFFFD, :_DEAD] = 0
    return steps


@cache
def _pairs_read(true: str) -> NDArray[np.float32]:
    """Bits of the character that each pair of bytes is; many where it is none."""
    table = page(true).bytes_of
    bits = np.full(0x10000, 99, dtype=np.float32)
    points = np.flatnonzero(table > 0xFF)
    bits[table[points]] = -alone()[points]
    others = page(true).others
    points = np.flatnonzero(others)
    bits[others[points]] = -alone()[points]
    return bits


class _Pairs(NamedTuple):
    """For each path between legacy encodings: the bytes of each character that was read wrongly,
    and the bits of the character that each pair of bytes truly is. Shapes (paths, 0x10000)."""

    bytes_of: NDArray[np.uint16]
    bits: NDArray[np.float32]


@cache
def _pairs_of(kind: str) -> _Pairs:
    paths = [PATHS[row] for row in getattr(_paths_by_kind(), kind)]
    return _Pairs(
        np.stack([page(path.wrong).bytes_of for path in paths]),
        np.stack([_pairs_read(path.true) for path in paths]),
    )


def _common_pairs(characters: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Whether pairs of characters, each a byte, are bytes of a common character, for each path."""
    tables = _pairs_of("single")
    high, low = tables.bytes_of[:, characters[0]], tables.bytes_of[:, characters[1]]
    pair = high.astype(np.uint32) << 8 | low
    path = np.arange(len(pair))[:, None, None]
    common: NDArray[np.bool_] = tables.bits[path, pair & 0xFFFF] < _COMMON
    common &= high >= 0x80
    return common


def _better(characters: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Whether two characters, read again from the pairs that they are, are far more common."""
    tables = _pairs_of("double")
    path = np.arange(len(tables.bits))[:, None, None]
    shape = (len(path), *characters.shape[1:])
    gain = np.zeros(shape, dtype=np.float32)
    known = np.broadcast_to((characters >= 0x80).all(axis=0), shape).copy()
    for side in characters:
        value = tables.bytes_of[:, side]
        known &= value != 0
        gain += np.where(value > 0xFF, -alone()[side] - tables.bits[path, value], _BETTER)
    return known & (gain >= _BETTER)


def merged(one: NDArray[np.intp], other: NDArray[np.intp]) -> NDArray[np.intp]:
    """The positions of both, ascending, each once."""
    both = np.concatenate((one, other))
    both.sort()
    return both[np.diff(both, prepend=-1) > 0]


def zones(positions: NDArray[np.intp], size: int) -> list[tuple[int, int]]:
    """The stretches of a text of this size to look at for these suspects."""
    if not len(positions):
        return []
    cut = np.flatnonzero(np.diff(positions) > 2 * _REACH)
    first = positions[np.append(0, cut + 1)]
    last = positions[np.append(cut, len(positions) - 1)]
    begins = np.maximum(first - _REACH, 0).tolist()
    ends = np.minimum(last + _REACH + 1, size).tolist()
    return list(zip(begins, ends, strict=True))
