"""Stretches of texts, as arrays of where they begin and end."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.intp]
_REACH = 24


def covered(size: int, spans: Sequence[tuple[int, int]]) -> NDArray[np.bool_]:
    """Which places of a text of this size any of these spans holds."""
    if not spans:
        return np.zeros(size, dtype=np.bool_)
    begun, ended = np.array(spans, dtype=np.intp).T
    depth = np.bincount(begun, minlength=size + 1) - np.bincount(ended, minlength=size + 1)
    held: NDArray[np.bool_] = np.cumsum(depth[:size]) > 0
    return held


def zones(
    at: NDArray[np.intp], starts: NDArray[np.intp], ends: NDArray[np.intp]
) -> NDArray[np.intp]:
    """The stretches to look at for these suspects, in texts that start and end there, whatever
    stands between them. Shape (stretches, 2)."""
    if not len(at):
        return np.empty((0, 2), dtype=np.intp)
    text = starts.searchsorted(at, side="right") - 1
    cut = ((np.diff(at) > 2 * _REACH) | (np.diff(text) > 0)).nonzero()[0]
    first, last = np.append(0, cut + 1), np.append(cut, len(at) - 1)
    begins = np.maximum(at[first] - _REACH, starts[text[first]])
    return np.stack((begins, np.minimum(at[last] + _REACH + 1, ends[text[last]])), axis=1)
