"""Characters of misread text of which bytes are lost."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.mojibake.holes import ANY, Loss


class Gaps(NamedTuple):
    """Characters of which bytes are lost, with those that they share bytes with; a row a gap.

    `[start, end)` of the text stands for `codes[first:last]` of what is meant; in there `place` is
    the gap's. `raw`: its bytes, see `packed`.
    """

    place: NDArray[np.intp]
    first: NDArray[np.intp]
    last: NDArray[np.intp]
    start: NDArray[np.intp]
    end: NDArray[np.intp]
    raw: NDArray[np.uint32]


class OwnGaps(NamedTuple):
    """Some rows of `gaps`: those of one run; and what bytes can be lost of it."""

    gaps: Gaps
    first: int
    stop: int
    loss: Loss = ANY


def packed(
    data: NDArray[np.uint8], begins: NDArray[np.intp], ends: NDArray[np.intp]
) -> NDArray[np.uint32]:
    """The bytes of each gap as a number: how many are there, and up to three of them, those lost
    being `?` or `LOST`."""
    count = ends - begins
    raw = count.astype(np.uint32)
    last = max(len(data) - 1, 0)
    for at in range(_MOST_BYTES):
        byte = data[np.minimum(begins + at, last)].astype(np.uint32)
        raw = raw << np.uint32(8) | np.where(at < count, byte, np.uint32(0))
    return raw


def unpacked(raw: int) -> bytes:
    """The bytes that `packed` packed."""
    return raw.to_bytes(4, "big")[1 : 1 + (raw >> 24)]


_MOST_BYTES = 3
"""Bytes of a gap: none of more is taken for one."""
