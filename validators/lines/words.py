"""What the words on both sides of a break say, by the counts of `continuation` and by the document itself."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.lines.continuation import BREAK, Tokens, continuation, token_table
from jiaokan.validators.lines.layout import Positions
from jiaokan.validators.view import View

Column = NDArray[np.float64]


def neighbours(view: View, left: Positions, right: Positions) -> tuple[Tokens, ...]:
    """Tokens of the last two characters of each left side, and the first two of each right side."""
    table = continuation()
    codes, size = view.codes, len(view.text)
    last = table.tokens_of(codes[left])
    first = table.tokens_of(codes[right])
    before = left - 1
    last_but_one = np.where(
        before >= 0, table.tokens_of(codes[np.maximum(before, 0)]), np.uint64(BREAK)
    )
    after = right + 1
    second = np.where(
        after < size, table.tokens_of(codes[np.minimum(after, size - 1)]), np.uint64(BREAK)
    )
    return last_but_one, last, first, second


def in_row(view: View, left: Positions, right: Positions) -> tuple[Tokens, ...]:
    """Tokens of the last three characters of each left side, and the first three of each right side;
    beyond a line's end, of line breaks."""
    a, b, c, d = neighbours(view, left, right)
    table = continuation()
    codes, size = view.codes, len(view.text)
    farthest, third = np.maximum(left - 2, 0), np.minimum(right + 2, size - 1)
    z = np.where((a == BREAK) | (left < 2), np.uint64(BREAK), table.tokens_of(codes[farthest]))
    e = np.where(
        (d == BREAK) | (right + 2 >= size), np.uint64(BREAK), table.tokens_of(codes[third])
    )
    return z, a, b, c, d, e


def running_on(
    view: View, left: Positions, right: Positions
) -> tuple[Column, Column, Column, Column]:
    """Log odds that text runs on from `left` (last ink) to `right` (first ink), and their parts.

    `runs_on` weighs going on against an end and a new beginning. `crosses`: how much more often the
    characters meet than chance has it. `left_ends`, `right_begins`: how often lines do.
    """
    met = continuation().meet(*neighbours(view, left, right))
    return met.on - met.begins - met.ends, met.on - met.chance, met.ends, met.begins


def ends_of(view: View, last: Positions) -> Column:
    """Log probability of a line ending at each place."""
    table = continuation()
    codes = view.codes
    before = last - 1
    last_but_one = np.where(
        before >= 0, table.tokens_of(codes[np.maximum(before, 0)]), np.uint64(BREAK)
    )
    return table.ends(last_but_one, table.tokens_of(codes[last]))


def pull_of(view: View, left: Positions, right: Positions) -> Column:
    """How much more often than by chance (a logarithm) what is at `right` follows what ends at `left`."""
    if not len(left):
        return np.zeros(0)
    return continuation().meet(*neighbours(view, left, right)).pull


def of_words(
    view: View, left: Positions, right: Positions, document: Positions, weighed: Positions
) -> dict[str, Column]:
    """What the words on both sides of breaks say: from line ends `left` to line starts `right`, both ink,
    in these documents. All is 0 for breaks that are not weighed."""
    rows = in_row(view, left, right)
    columns = _by_counts([row[weighed] for row in rows])
    columns |= _own_phrases(view, document, rows, weighed)
    return {name: _spread(column, weighed, len(left)) for name, column in columns.items()}


def _spread(column: Column, weighed: Positions, size: int) -> Column:
    spread = np.zeros(size)
    spread[weighed] = column
    return spread


def _by_counts(row: Sequence[Tokens]) -> dict[str, Column]:
    weight = continuation().weigh(*row)
    met = weight.meeting
    return {
        "runs_on": met.on - met.begins - met.ends,
        "crosses": met.on - met.chance,
        "left_ends": met.ends,
        "right_begins": met.begins,
        "farther_runs_on": weight.runs_on,
        "farther_crosses": weight.crosses,
        "farther_ends": weight.ends,
        "farther_begins": weight.begins,
        "begins_by_chance": weight.begins_by_chance,
        "pulls": weight.pulls,
        "pulls_second": weight.pulls_second,
        "pulls_third": weight.pulls_third,
        "met": weight.met,
    }


def _own_phrases(
    view: View, documents: Positions, rows: Sequence[Tokens], weighed: Positions
) -> dict[str, Column]:
    """How often the document itself has what stands on both sides of a weighed break in a row elsewhere,
    and how many of its other lines end or begin alike."""
    _, a, b, c, d, _ = rows
    line = np.full_like(b, BREAK)
    alike = [_times(_key(documents, *three))[weighed] for three in ((a, b, line), (line, c, d))]
    a, b, c, d = (each[weighed] for each in (a, b, c, d))
    known = ((b > _APART) & (c > _APART)).nonzero()[0]
    breaks = documents[weighed[known]]
    a, b, c, d = (each[known] for each in (a, b, c, d))
    asked = np.concatenate([_key(breaks, *three) for three in ((a, b, c), (b, c, d))])
    found = np.zeros((2, len(weighed)))
    found[:, known] = np.minimum(_times_in(view, asked).reshape(2, -1), 4)
    return {
        "own_left": found[0],
        "own_right": found[1],
        "own_ends": np.minimum(alike[0] - 1, 6),
        "own_begins": np.minimum(alike[1] - 1, 6),
    }


def _times_in(view: View, asked: Tokens) -> NDArray[np.intp]:
    """How often a text has each of these rows of three."""
    if not len(asked):
        return np.zeros(0, dtype=np.intp)
    wanted = np.sort(asked)
    wanted = wanted[np.append(True, wanted[1:] != wanted[:-1])]
    text = _among(wanted, view)
    at = np.minimum(wanted.searchsorted(text), len(wanted) - 1)
    times = np.bincount(at[wanted[at] == text], minlength=len(wanted))
    found: NDArray[np.intp] = times[wanted.searchsorted(asked)]
    return found


def _among(wanted: Tokens, view: View) -> Tokens:
    """The rows of three of a text, with the number of their document, that may be among these keys."""
    codes, tokens = view.codes, token_table()
    bits = len(wanted).bit_length() + _ROOM
    sieve = np.zeros(1 << bits, dtype=np.bool_)
    pairs, thirds = (wanted >> np.uint64(13)).astype(np.uint32) & _PAIR, wanted & np.uint64(0x1FFF)
    sieve[_hashed(pairs, thirds.astype(np.uint32), bits)] = True
    found = []
    for start in range(0, len(codes) - 2, _BLOCK):
        row = tokens.take(codes[start : start + _BLOCK + 2], mode="clip").astype(np.uint32)
        hashed = _hashed(row[:-2] << np.uint32(13) | row[1:-1], row[2:], bits)
        found.append(sieve.take(hashed, mode="clip").nonzero()[0] + start)
    at = np.concatenate(found) if found else np.zeros(0, dtype=np.intp)
    document = np.searchsorted(view.starts, at + 2, side="right") - 1
    return _key(document, *(tokens.take(codes[at + by], mode="clip") for by in range(3)))


_ROOM = 6
"""The sieve has so many bits more than it takes to number the keys: one row in a hundred gets through by chance."""
_BLOCK = 1 << 14
"""Characters at a time, so that what is made of them stays within the processor's cache."""
_MIX, _OTHER_MIX = np.uint32(0x9E3779B1), np.uint32(0x85EBCA6B)
_PAIR = np.uint32((1 << 26) - 1)


def _hashed(pairs: NDArray[np.uint32], thirds: NDArray[np.uint32], bits: int) -> NDArray[np.uint32]:
    hashed: NDArray[np.uint32] = pairs * _MIX
    hashed += thirds * _OTHER_MIX
    hashed >>= np.uint32(32 - bits)
    return hashed


_APART = 4
"""Up to this token stand classes, such as digits."""


def _key(document: NDArray[Any], *row: NDArray[Any]) -> Tokens:
    key = document.astype(np.uint64)
    for token in row:
        key = key << np.uint64(13) | token
    return key


def _times(keys: Tokens) -> Column:
    """How often each key is among them."""
    _, where, counts = np.unique(keys, return_inverse=True, return_counts=True)
    return counts[where].astype(np.float64)
