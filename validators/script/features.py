"""The contexts of a character, as numbers: what the model of `validators.script.model` looks up.

A context is the run of characters from `before` places left of the character to `after` places
right of it, each folded to the representative of its class, so that it is the same whichever
script the neighbours are in, and whether they are damaged or not. No context crosses a line break.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.uint64]

REACH: Final = 3
"""How many characters on either side are looked at; fewer than `len(validators.view.GAP)`."""
WINDOWS: Final = (
    (0, 0), (1, 0), (0, 1), (1, 1), (2, 0), (0, 2), (2, 1), (1, 2), (3, 0), (0, 3), (2, 2),
    (3, 1), (1, 3),
)  # fmt: skip
"""Contexts, as (before, after). The first, the character alone, is how often each form is meant."""

_LEFT: Final = tuple(
    np.uint64(n) for n in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)
)
_RIGHT: Final = tuple(
    np.uint64(n) for n in (0xD6E8FEB86659FD93, 0xA0761D6478BD642F, 0xE7037ED1A0B428DB)
)
_HERE: Final = np.uint64(0x8EBC6AF09C88C6E3)
_MIX: Final = np.uint64(0xFF51AFD7ED558CCD)
_SHIFT: Final = np.uint64(32)


def context_keys(
    folded: NDArray[np.uint32],
    positions: NDArray[np.intp],
    task: int,
    windows: Sequence[tuple[int, int]] = WINDOWS,
) -> tuple[Keys, NDArray[np.bool_]]:
    """A 64-bit key of each context of each position, and whether the context is whole.

    `folded` has `REACH` zeros before its first and after its last character; `positions` count
    from its first element. Both results have shape (len(windows), len(positions)).
    """
    here = (folded[positions].astype(np.uint64) + np.uint64(task << 21)) * _HERE
    reach = max(max(window) for window in windows)
    left, left_whole = _side(folded, positions, -1, _LEFT[:reach])
    right, right_whole = _side(folded, positions, 1, _RIGHT[:reach])
    keys = np.empty((len(windows), len(positions)), dtype=np.uint64)
    whole = np.empty(keys.shape, dtype=np.bool_)
    for row, (before, after) in enumerate(windows):
        key = keys[row]
        np.add(here, left[before], out=key)
        key += right[after]
        np.logical_and(left_whole[before], right_whole[after], out=whole[row])
    keys ^= keys >> _SHIFT
    keys *= _MIX
    return keys, whole


def _side(
    folded: NDArray[np.uint32],
    positions: NDArray[np.intp],
    step: int,
    factors: tuple[np.uint64, ...],
) -> tuple[list[Keys], list[NDArray[np.bool_]]]:
    """Sums over the 0, 1 … `REACH` next characters on one side, and whether no break is among them."""
    sums = [np.zeros(len(positions), dtype=np.uint64)]
    whole = [np.ones(len(positions), dtype=np.bool_)]
    for distance, factor in enumerate(factors, 1):
        neighbour = folded[positions + step * distance]
        sums.append(sums[-1] + neighbour.astype(np.uint64) * factor)
        whole.append(whole[-1] & (neighbour != 0))
    return sums, whole
