"""Small sets of code points as look-up tables: membership of many code points at once."""

from functools import cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Flags: TypeAlias = NDArray[np.bool_]


@cache
def ascii_set(characters: str) -> Flags:
    """A look-up of ASCII characters, by code point; every other code point is at 127 and False."""
    return _table(characters, 128)


@cache
def members(characters: str) -> Flags:
    """A look-up of characters of the Basic Multilingual Plane, by code point; all beyond are at the
    last one, and False."""
    return _table(characters, 0x10000)


def _table(characters: str, size: int) -> Flags:
    table = np.zeros(size, dtype=np.bool_)
    table[[ord(c) for c in characters]] = True
    table.flags.writeable = False
    return table


def one_of(codes: NDArray[np.uint32], characters: str) -> Flags:
    """Which of these code points are one of a few characters, all of the Basic Multilingual Plane."""
    return members(characters).take(codes, mode="clip")
