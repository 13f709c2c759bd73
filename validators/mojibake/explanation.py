"""Which misreadings would explain a character and its neighbours: the bytes that each path had of them are
then UTF-8, or common characters of the true page."""

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.mojibake.codepages import (
    EAST_ASIAN,
    HALF_MENDED,
    SIBLINGS,
    SINGLE,
    Page,
    page,
    with_sibling,
)
from jiaokan.validators.mojibake.half_mended import bits_of_pairs, values_of
from jiaokan.validators.mojibake.segments import PATHS
from jiaokan.validators.plausibility import alone

REACH = 2
"""Neighbours on each side that tell."""
CHUNK = 1 << 13
"""Positions looked at together, so that what they take stays within the processor's cache."""
_BETTER = 8.0
_COMMON = 15.0
_DEAD = 4


def with_edges(codes: NDArray[np.uint32], reach: int = REACH) -> NDArray[np.uint32]:
    """A text with line feeds around it."""
    edge = np.full(reach, ord("\n"), dtype=np.uint32)
    return np.concatenate((edge, codes, edge))


def explained_by_each(window: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Whether each path may have made the middle character of five, with others around it.

    Shape (paths, rows of the window). All paths are looked at together: of most texts a handful of
    characters is in question, and what counts is how many steps it takes.
    """
    columns = window.T
    found = np.zeros((len(PATHS), len(window)), dtype=np.bool_)
    # No page of single bytes has an ideograph, which most suspects of Chinese text are.
    at = (columns[2] < EAST_ASIAN).nonzero()[0]
    for kind, rows in paths_by_kind().items():
        if not kind[1]:
            found[rows] = _PROOFS[kind](columns, slice(None))
        elif len(at):
            found[np.array(rows)[:, None], at] = _PROOFS[kind](columns[:, at], slice(None))
    return found


def is_explained_by(row: int, window: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Whether one of the paths may have made the middle character of five, with others around it."""
    kind, rows = next(each for each in paths_by_kind().items() if row in each[1])
    at = rows.index(row)
    asked = (window[:, 2] < EAST_ASIAN).nonzero()[0] if kind[1] else slice(None)
    columns = window[asked].T
    held = np.empty(columns.shape[1], dtype=np.bool_)
    for start in range(0, len(held), CHUNK):
        part = slice(start, start + CHUNK)
        held[part] = _PROOFS[kind](columns[:, part], slice(at, at + 1))[0]
    if not kind[1]:
        return held
    found = np.zeros(len(window), dtype=np.bool_)
    found[asked] = held
    return found


_Kind = tuple[bool, bool, bool]
"""Whether the text was UTF-8, whether it was read byte by byte, and whether that was half mended."""
_BYTE_BY_BYTE: _Kind = (False, True, False)
_HALF_MENDED: _Kind = (False, True, True)
OF_TRIPLES: _Kind = (True, False, False)


@cache
def paths_by_kind() -> dict[_Kind, list[int]]:
    kinds: dict[_Kind, list[int]] = {}
    for row, path in enumerate(PATHS):
        half = path.wrong == HALF_MENDED
        kinds.setdefault((path.true == "utf8", path.wrong in SINGLE, half), []).append(row)
    return kinds


@cache
def are_of_single_bytes() -> NDArray[np.bool_]:
    """Which paths are of a page of single bytes, which has no ideograph."""
    found = np.zeros(len(PATHS), dtype=np.bool_)
    for kind, rows in paths_by_kind().items():
        found[rows] = kind[1]
    return found


def _wrong_pages(kind: _Kind) -> list[Page]:
    return [page(PATHS[row].wrong) for row in paths_by_kind()[kind]]


def _well_formed_pairs(columns: NDArray[np.uint32], paths: slice) -> NDArray[np.bool_]:
    classes = _classes((True, True, False))[paths].take(columns[1:4], axis=1).astype(np.intp)
    pairs = classes[:, :-1] * _CLASSES + classes[:, 1:]
    found: NDArray[np.bool_] = np.logical_or.reduce(_alive_pairs().take(pairs), axis=1)
    return found


def _well_formed_triples(columns: NDArray[np.uint32], paths: slice) -> NDArray[np.bool_]:
    classes = _classes(OF_TRIPLES)[paths].take(columns, axis=1).astype(np.intp)
    pairs = classes[:, :-1] * _CLASSES + classes[:, 1:]
    triples = pairs[:, :-1] * _CLASSES + classes[:, 2:]
    found: NDArray[np.bool_] = np.logical_or.reduce(_alive_triples().take(triples), axis=1)
    # By itself among ASCII: a character of three bytes with the letter after it, as in don’t.
    found |= np.logical_or.reduce(pairs[:, 1:3] == _BEFORE_ASCII, axis=1)
    return found


def are_of_triples(row: int, codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """What `_well_formed_triples` tells of each character of a text for one path: each row of three is looked
    at once, not for each of the three."""
    at = paths_by_kind()[OF_TRIPLES].index(row)
    table = _classes(OF_TRIPLES)[at]
    classes = table.take(np.minimum(with_edges(codes), np.uint32(0xFFFF))).astype(np.intp)
    pairs = classes[:-1] * _CLASSES + classes[1:]
    alive = _alive_triples().take(pairs[:-1] * _CLASSES + classes[2:])
    before_ascii = pairs == _BEFORE_ASCII
    found: NDArray[np.bool_] = alive[:-2] | alive[1:-1] | alive[2:]
    found |= before_ascii[1:-2] | before_ascii[2:-1]
    return found


_BYTES = 6
"""Kinds of bytes that UTF-8 tells apart: ASCII, leads of two, three and four, those that continue,
and those that it has not."""
_CLASSES = _BYTES + _BYTES * _BYTES + 2
"""Kinds of characters of a wrong reading: of one byte, of two, those that it cannot have made
(and ASCII), and U+FFFD."""
_UNKNOWN, _REPLACED = _CLASSES - 2, _CLASSES - 1
_BEFORE_ASCII = (_BYTES + _BYTES * 2 + 4) * _CLASSES + _BYTES + _BYTES * 4
"""A lead of three and one that continues, then one that continues and ASCII."""


@cache
def _classes(kind: _Kind) -> NDArray[np.uint8]:
    """The kind of each character, for each path. Shape (paths, 0x10000)."""
    of_byte = np.full(256, 5, dtype=np.uint8)
    for number, (first, last) in enumerate(
        ((0, 0x80), (0xC2, 0xE0), (0xE0, 0xF0), (0xF0, 0xF5), (0x80, 0xC0))
    ):
        of_byte[first:last] = number
    values = np.stack([each.bytes_of for each in _wrong_pages(kind)])
    high, low = of_byte[values >> 8], of_byte[values & 0xFF]
    classes: NDArray[np.uint8] = np.where(values > 0xFF, _BYTES + _BYTES * high + low, low)
    classes[values == 0] = _UNKNOWN
    classes[:, :0x80] = _UNKNOWN
    classes[:, 0xFFFD] = _REPLACED
    return classes


@cache
def _steps() -> NDArray[np.uint8]:
    """How many bytes a UTF-8 character still needs, after a character of each kind, for each number
    needed before it. Shape (kinds, needed)."""
    of_byte = np.full((_BYTES, _DEAD + 1), _DEAD, dtype=np.uint8)
    of_byte[0, :_DEAD] = 0
    of_byte[1:4, 0] = (1, 2, 3)
    of_byte[4, 1:_DEAD] = range(_DEAD - 1)
    steps = np.full((_CLASSES, _DEAD + 1), _DEAD, dtype=np.uint8)
    steps[:_BYTES] = of_byte
    for high in range(_BYTES):
        for low in range(_BYTES):
            steps[_BYTES + _BYTES * high + low] = of_byte[low, of_byte[high]]
    steps[_REPLACED, :_DEAD] = 0
    return steps


@cache
def _alive_pairs() -> NDArray[np.bool_]:
    """Whether characters of two kinds in a row go back to bytes that may stand in UTF-8."""
    steps = _steps()
    alive: NDArray[np.bool_] = (steps[:, steps[:, :3]] != _DEAD).any(axis=2)
    return alive.T.ravel()


@cache
def _alive_triples() -> NDArray[np.bool_]:
    """The same of three in a row."""
    steps = _steps()
    alive: NDArray[np.bool_] = (steps[:, steps[:, steps[:, :3]]] != _DEAD).any(axis=3)
    return alive.transpose(2, 1, 0).ravel()


class _Pairs(NamedTuple):
    """For each path between legacy encodings: the bytes of each character that was read wrongly,
    and the bits of the character that each pair of bytes truly is. Shapes (paths, 0x10000)."""

    bytes_of: NDArray[np.uint16]
    bits: NDArray[np.float32]

    def within(self, paths: slice) -> "_Pairs":
        return _Pairs(self.bytes_of[paths], self.bits[paths])

    def bits_of(self, pairs: NDArray[np.intp]) -> NDArray[np.float32]:
        """The bits of some pairs for each path: shape (paths, …), as the result's."""
        row = np.arange(len(self.bits)).reshape(-1, *[1] * (pairs.ndim - 1))
        found: NDArray[np.float32] = self.bits.take(row * self.bits.shape[1] + pairs)
        return found


@cache
def _pairs_of(kind: _Kind) -> _Pairs:
    return _Pairs(
        np.stack([each.bytes_of for each in _wrong_pages(kind)]),
        np.stack([bits_of_pairs(PATHS[row].true) for row in paths_by_kind()[kind]]),
    )


@cache
def _pairs_of_siblings() -> dict[int, _Pairs]:
    """The same of the siblings of pages, by the row of the path."""
    pairs = _pairs_of(_BYTE_BY_BYTE)
    return {
        at: _Pairs(with_sibling(PATHS[row].wrong)[None], pairs.bits[at : at + 1])
        for at, row in enumerate(paths_by_kind()[_BYTE_BY_BYTE])
        if PATHS[row].wrong in SIBLINGS
    }


def _common_pairs(columns: NDArray[np.uint32], paths: slice) -> NDArray[np.bool_]:
    """Whether pairs of characters, each a byte, are bytes of a common character, for each path."""
    found = _are_common(columns, _pairs_of(_BYTE_BY_BYTE).within(paths))
    first = paths.start or 0
    for row, pairs in _pairs_of_siblings().items():
        if first <= row < first + len(found):
            found[row - first] |= _are_common(columns, pairs)[0]
    return found


def _are_common(columns: NDArray[np.uint32], tables: _Pairs) -> NDArray[np.bool_]:
    values = tables.bytes_of.take(columns[1:], axis=1)
    high, low = values[:, :-1], values[:, 1:]
    pair = (high & 0xFF).astype(np.intp) << 8 | low
    common: NDArray[np.bool_] = tables.bits_of(pair) < _COMMON
    common &= high >= 0x80
    common[:, 2] &= columns[2] >= 0x80
    found: NDArray[np.bool_] = np.logical_or.reduce(common, axis=1)
    return found


def _better(columns: NDArray[np.uint32], paths: slice) -> NDArray[np.bool_]:
    """Whether two characters, read again from the pairs that they are, are far more common."""
    tables = _pairs_of((False, False, False)).within(paths)
    of_three = columns[1:4]
    values = tables.bytes_of.take(of_three, axis=1)
    gain = np.where(
        values > 0xFF, -alone().take(of_three) - tables.bits_of(values.astype(np.intp)), _BETTER
    )
    known = (values != 0) & (of_three >= 0x80)
    better = known[:, :-1] & known[:, 1:] & (gain[:, :-1] + gain[:, 1:] >= _BETTER)
    found: NDArray[np.bool_] = np.logical_or.reduce(better, axis=1)
    return found


def _half_mended(columns: NDArray[np.uint32], paths: slice) -> NDArray[np.bool_]:
    """Whether a character of two or three bytes of UTF-8 stands beside those of other bytes."""
    values = values_of(columns)
    of_more = (values > 0xFF)[1:4].any(axis=0)
    of_one = (values < 0x100) & (values >= 0x80)
    found = of_more & of_one.any(axis=0) & (columns[2] >= 0x80)
    return np.broadcast_to(found, (len(paths_by_kind()[_HALF_MENDED][paths]), len(found)))


_PROOFS = {
    (True, True, False): _well_formed_pairs,
    OF_TRIPLES: _well_formed_triples,
    _BYTE_BY_BYTE: _common_pairs,
    (False, False, False): _better,
    _HALF_MENDED: _half_mended,
}
