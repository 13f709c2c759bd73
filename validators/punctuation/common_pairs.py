"""Pairs of characters that are common enough for a network to know each of them."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.tables import FOLDER

_BITS = 13
"""Of a character's token in the key of a pair."""


@cache
def pair_keys() -> NDArray[np.uint32]:
    """The tokens of two characters in one number, for each pair that is known; ascending."""
    with np.load(FOLDER / "enumeration.npz") as table:
        found: NDArray[np.uint32] = np.cumsum(table["pair_steps"], dtype=np.uint32)
    return found


def numbers_of(
    first: NDArray[np.intp], second: NDArray[np.intp], keys: NDArray[np.uint32]
) -> NDArray[np.intp]:
    """The number of each pair of tokens among the keys; how many these are, of one that is not there."""
    pair = (first << _BITS | second).astype(np.uint32)
    at = np.minimum(keys.searchsorted(pair), len(keys) - 1)
    found: NDArray[np.intp] = np.where(keys[at] == pair, at, len(keys))
    return found
