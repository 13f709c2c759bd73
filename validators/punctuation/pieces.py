"""The pieces of a text between its marks, read by a small network: what it says of commas between two of them.

Of each piece the network reads the characters and common pairs of them that it begins and ends with, how long
it is and which marks it stands between. All pieces are read alike; then each is seen together with those around
it, and so again, so that the commas of a list are judged together. `recipes/pieces.py` trains it.

As in `validators.network`, what is multiplied are whole numbers whose sums 32-bit floats hold without rounding.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.lines.continuation import token_table
from jiaokan.validators.network import Floats, product
from jiaokan.validators.punctuation.common_pairs import numbers_of, pair_keys
from jiaokan.validators.punctuation.context import Positions
from jiaokan.validators.tables import FOLDER
from jiaokan.validators.view import distinct

TABLE = "pieces"
SIDE = 6
"""Characters read at either end of a piece."""
LONGEST = 40
"""From this many characters on, pieces count as equally long."""
KINDS = (",，、", ".。", ";；", ":：", "?？", "!！", "…")
"""Marks that are told apart; all others, and breaks, are alike."""
STEPS = (1, 1, 2, 1)
"""How far each layer looks for the pieces around one."""
REACH = sum(STEPS)
MOST, SEEN = 2047, 127
"""The most that a piece, and what a layer sees of it, has in one of its numbers."""
LAST = 255
"""The most of a number that the last layers see."""
UNIT = 24
"""Whole numbers to a standard deviation, in what a layer sees."""
_ROWS, _AT_ONCE = 128, 128
"""Commas at a time, and pieces, so that what is made of them stays within the processor's cache."""


@dataclass(frozen=True)
class Pieces:
    """What is read of some pieces: tokens of characters and numbers of pairs, from the ends inwards, of the first
    ones first; the last rows of the tables are for what a piece does not have."""

    tokens: NDArray[np.intp]
    pairs: NDArray[np.intp]
    lengths: NDArray[np.intp]
    before: NDArray[np.intp]
    behind: NDArray[np.intp]


def absent() -> int:
    """The token of a place beyond a piece's end."""
    return int(token_table().max()) + 1


def read(
    codes: NDArray[np.uint32], marks: Positions, which: Positions, keys: NDArray[np.uint32]
) -> Pieces:
    """The pieces that end at these of the marks. A pair that is none of the keys has the number of them all."""
    ends = marks[which]
    starts = marks[which - 1] + 1
    steps = np.arange(SIDE)
    first, last = starts[..., None] + steps, ends[..., None] - 1 - steps
    within = first < ends[..., None]  # and so many from the end, too
    first = np.minimum(first, len(codes) - 1)
    token = (
        token_table()
        .take(np.stack([codes[first], codes[last]], axis=-2), mode="clip")
        .astype(np.intp)
    )
    outer, inner = token[..., :-1], token[..., 1:]
    pairs = np.stack(
        [
            numbers_of(outer[..., 0, :], inner[..., 0, :], keys),
            numbers_of(inner[..., 1, :], outer[..., 1, :], keys),
        ],
        axis=-2,
    )
    both = within[..., None, :]
    pairs = np.where(both[..., 1:], pairs, len(keys))
    tokens = np.where(both, token, absent())
    shape = which.shape
    return Pieces(
        tokens.reshape(*shape, -1),
        pairs.reshape(*shape, -1),
        np.minimum(ends - starts, LONGEST),
        _kinds().take(codes[starts - 1], mode="clip"),
        _kinds().take(codes[ends], mode="clip"),
    )


@cache
def _kinds() -> NDArray[np.intp]:
    """By code point; every one beyond is at the last, and alike."""
    found = np.zeros(0x10000, dtype=np.intp)
    for number, alike in enumerate(KINDS, 1):
        found[[ord(mark) for mark in alike]] = number
    return found


PARTS = (
    "rows", "first", "first_scale", "of_length", "of_before", "of_behind",
    "layers", "layers_scale", "layers_base", "like_nothing", "joined", "joined_scale", "joined_base",
    "last", "last_scale",
)  # fmt: skip
"""What is kept of the network in the table."""


@dataclass(frozen=True)
class PieceNetwork:
    """Whole numbers, as floats for the sake of speed."""

    rows: Floats
    """Of the characters, one of none, and of the pairs."""
    first: Floats
    first_scale: Floats
    of_length: Floats
    of_before: Floats
    of_behind: Floats
    layers: Floats
    layers_scale: Floats
    layers_base: Floats
    like_nothing: Floats
    """What is added to the variance of a piece's numbers before they are divided by its root."""
    joined: Floats
    joined_scale: Floats
    joined_base: Floats
    last: Floats
    last_scale: Floats
    """Of the sums of the last layer: factor and base; then factors for what the layer before it sees."""

    def log_odds(
        self, codes: NDArray[np.uint32], marks: Positions, asked: Positions
    ) -> NDArray[np.float64]:
        """Of each of these marks, ascending, that it lists."""
        odds = [
            self._log_odds(codes, marks, asked[at : at + _ROWS])
            for at in range(0, len(asked), _ROWS)
        ]
        return np.concatenate(odds) if odds else np.zeros(0)

    def _log_odds(
        self, codes: NDArray[np.uint32], marks: Positions, asked: Positions
    ) -> NDArray[np.float64]:
        around = asked[:, None] + np.arange(-REACH, REACH + 2)
        which = distinct(np.sort(around, axis=None))
        own = self._read(read(codes, marks, which, pair_keys()))
        own = own.take(which.searchsorted(around), axis=0)
        seen = own
        for step, layer, scale, base in zip(
            STEPS, self.layers, self.layers_scale, self.layers_base, strict=True
        ):
            level = self._levelled(seen)
            inner = slice(step, -step)
            beside = [level[:, : -2 * step], level[:, inner], level[:, 2 * step :]]
            rows = np.concatenate(beside, axis=2)
            sums = product(rows.reshape(-1, rows.shape[2]), layer)
            sums *= scale
            sums += base
            new = _whole(sums, MOST).reshape(rows.shape[0], rows.shape[1], -1)
            seen = np.minimum(seen[:, inner] + new, MOST)
        return self._between(own[:, REACH], own[:, REACH + 1], seen[:, 0], seen[:, 1])

    def _read(self, pieces: Pieces) -> Floats:
        at = np.concatenate([pieces.tokens, pieces.pairs + absent() + 1], axis=1)
        sums = np.empty((len(at), self.first.shape[1]), dtype=np.float32)
        for start in range(0, len(at), _AT_ONCE):
            rows = self.rows.take(at[start : start + _AT_ONCE], axis=0)
            sums[start : start + _AT_ONCE] = product(rows.reshape(len(rows), -1), self.first)
        sums *= self.first_scale
        sums += self.of_length.take(pieces.lengths, axis=0)
        sums += self.of_before.take(pieces.before, axis=0)
        sums += self.of_behind.take(pieces.behind, axis=0)
        return _whole(sums, MOST)

    def _levelled(self, seen: Floats) -> Floats:
        """The numbers of each piece, their mean taken off, in units of their deviation."""
        width = seen.shape[2]
        numbers = seen.astype(np.float64)
        mean = numbers.sum(axis=2) / width
        squares = np.einsum("ijk,ijk->ij", numbers, numbers)
        units = UNIT / np.sqrt(squares / width - mean * mean + self.like_nothing)
        level: Floats = seen - mean.astype(np.float32)[..., None]
        level *= units.astype(np.float32)[..., None]
        np.rint(level, out=level)
        np.clip(level, -SEEN, SEEN, out=level)
        return level

    def _between(
        self, own_left: Floats, own_right: Floats, left: Floats, right: Floats
    ) -> NDArray[np.float64]:
        _, _, whole, apart, alike = self.last_scale
        parts = [left * whole, right * whole, np.abs(own_left - own_right) * apart]
        parts.append(own_left * own_right * alike)
        sums = product(_whole(np.concatenate(parts, axis=1), LAST), self.joined)
        sums *= self.joined_scale
        sums += self.joined_base
        units = _whole(sums, LAST)
        odds: NDArray[np.float64] = (units @ self.last).astype(np.float64)
        return odds * float(self.last_scale[0]) + float(self.last_scale[1])


def _whole(sums: Floats, most: int) -> Floats:
    """Whole numbers of these sums, none below nought and none above `most`."""
    np.rint(sums, out=sums)
    np.maximum(sums, 0, out=sums)
    np.minimum(sums, most, out=sums)
    return sums


@cache
def piece_network() -> PieceNetwork:
    """Loaded once a process."""
    with np.load(FOLDER / f"{TABLE}.npz") as parts:
        return PieceNetwork(**{name: parts[name].astype(np.float32) for name in PARTS})
