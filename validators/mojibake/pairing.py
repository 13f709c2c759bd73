"""Which bytes of GBK make pairs, where a page of single bytes has lost some of them.

A pair whose first byte is lost puts all bytes that follow out of step, up to the next that is no trail byte,
and makes good characters of halves of others. So each stretch is parted anew in the most probable way.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.expressions import expression
from jiaokan.validators.mojibake.codepages import LOST
from jiaokan.validators.plausibility import likelihood_after

_QUESTION = 0x3F
_LEAST_TRAIL = 0x40
_ASCII = 0x80
_BITS_OF_SIGN = 16.0
"""For a pair of which a sign stands for one byte."""
_BITS_OF_HALF = 24.0
"""For half a pair the other half of which is not there at all."""
_BITS_OF_ASCII = 10.0


def stretches(data: bytes) -> Iterator[tuple[int, int]]:
    """Where bytes stand that can be out of step with each other."""
    return (found.span() for found in _STRETCH.finditer(data))


_STRETCH = expression(rb"[\x40-\x7e]*(?:[\x80-\xff?][\x40-\xff?]*)+")


def parted(data: bytes, characters: NDArray[np.uint32]) -> list[tuple[int, int]]:
    """The most probable characters of a stretch: how many bytes each has, and its code point, 0 where a
    byte of it is lost. `characters`: the code point of each pair of bytes, 0 where there is none."""
    values = np.frombuffer(data + b"\0\0\0", dtype=np.uint8).astype(np.uint32)
    codes = characters[values[:-1] << 8 | values[1:]]
    first = (-likelihood_after(np.full_like(codes, _EDGE), codes)).tolist()
    then = (-likelihood_after(codes[:-2], codes[2:])).tolist()
    size, points = len(data), codes.tolist()
    # The cost from each place on, behind what is no pair, and behind a pair that ends there.
    after_other, after_pair = [0.0] * (size + 3), [0.0] * (size + 3)
    taken: list[tuple[tuple[int, int], tuple[int, int]]] = [((1, 0), (1, 0))] * (size + 3)
    for at in range(size - 1, -1, -1):
        byte, following = data[at], data[at + 1] if at + 1 < size else 0
        plain = byte < _ASCII
        one = after_other[at + 1] + (_BITS_OF_ASCII if plain else _BITS_OF_HALF)
        step = 1, byte if plain else 0
        if points[at] and byte < LOST:
            cost, two = after_pair[at + 2], (2, points[at])
            behind_pair = cost + then[at - 2] if at >= 2 else cost + first[at]
            behind_other = cost + first[at]
        elif (byte in _SIGNS and following >= _LEAST_TRAIL) or (
            following in _SIGNS and byte >= _ASCII
        ):
            behind_pair = behind_other = after_other[at + 2] + _BITS_OF_SIGN
            two = 2, 0
        else:
            after_other[at] = after_pair[at] = one
            taken[at] = step, step
            continue
        after_other[at], after_pair[at] = min(one, behind_other), min(one, behind_pair)
        taken[at] = two if behind_other < one else step, two if behind_pair < one else step
    found = []
    at = behind = 0
    while at < size:
        width, code = taken[at][behind]
        found.append((width, code))
        at += width
        behind = int(width == 2 and code > 0)
    return found


_EDGE = 0x0A
_SIGNS = (_QUESTION, LOST)
