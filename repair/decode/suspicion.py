"""Which lines, although they decode, may be read wrongly: whole arrays at once, before the lattice.

Two things leave no decoding error. A passage in another encoding reads as a row of rare
characters. A missing byte shifts what follows until a byte that cannot be shifted, often by a few
characters only: there the shifted reading is compared with the one a byte later.
"""

import numpy as np
from numpy.typing import NDArray

from jiaokan.repair.decode.halves import HALF
from jiaokan.repair.decode.ranking import Read
from jiaokan.repair.decode.reading import Bytes
from jiaokan.repair.decode.scoring import costs_after, isolation

UNUSUAL = 36.0
"""Bits that three characters in a row cost where a byte may be missing."""
FOREIGN = 66.0
"""Bits that four characters in a row cost where they may be of another encoding."""
_BEFORE = 6
"""How many characters before an unusual place a byte may be missing."""
_STEPS = 24
_BEHIND = 40.0
"""Bits by which a reading one byte later may be the worse on its way."""
_FILLED = 6.0
"""What a character with a missing byte and the next one cost at the very least."""


def foreign_places(read: Read) -> NDArray[np.bool_]:
    """For each character whether it ends a row of four that may be of another encoding."""
    fours = np.where(read.near_other, read.costs, np.float32(0))
    costs = fours.copy()
    for back in (1, 2, 3):
        fours[back:] += costs[:-back]
    return fours > FOREIGN


def missing_places(read: Read, array: Bytes) -> NDArray[np.intp]:
    """Indices of characters where the reading one byte later is better than the plain one."""
    lengths = read.reading.lengths
    codes = read.reading.codes
    size = len(array)
    apart = isolation(codes[read.positions])
    unusual = np.flatnonzero((read.windows > UNUSUAL) | (apart > 0))
    places = np.unique(unusual[:, None] - np.arange(_BEFORE)[None, :])
    places = places[places >= 0]
    places = places[(lengths[read.positions[places]] >= 2)]
    if not len(places):
        return places
    total = np.concatenate((np.zeros(1), np.cumsum(read.costs + apart, dtype=np.float64)))
    index_of = np.full(size + 8, -1, dtype=np.intp)
    index_of[read.positions] = np.arange(len(read.positions))
    at = read.positions[places] + 1
    cost = np.full(len(places), _FILLED + HALF)
    alive = np.arange(len(places))
    found: list[NDArray[np.intp]] = []
    left = np.zeros(0, dtype=np.uint32)
    until = np.maximum.accumulate(index_of[:size])  # what the plain reading has read by each byte
    for step in range(_STEPS):
        at = at[alive]
        cost = cost[alive]
        places = places[alive]
        left = left[alive] if step else left
        if not len(at):
            break
        here = codes[at]
        if step:
            cost = cost + costs_after(left, here)
        merged = index_of[at] >= 0
        if merged.any():
            ends = index_of[at[merged]]
            gain = total[ends + 1] - total[places[merged]] - cost[merged]
            found.append(places[merged][gain > 0])
        left = here
        behind = cost - (total[until[at] + 1] - total[places])
        forward = lengths[at]
        at = at + forward
        alive = np.flatnonzero(~merged & (forward > 0) & (at < size) & (behind < _BEHIND))
    return np.concatenate(found) if found else places[:0]
