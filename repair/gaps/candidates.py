"""Which characters have the bytes that are left in a gap."""

from functools import lru_cache
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.mojibake.codepages import LOST
from jiaokan.validators.mojibake.gaps import unpacked
from jiaokan.validators.mojibake.holes import Loss, lost_before
from jiaokan.validators.mojibake.readings import characters_of
from jiaokan.validators.plausibility import alone

FAR = 12.0
"""Bits by which a character may be rarer than the commonest candidate to be one itself."""
_QUESTION = 0x3F
_SIGNS = (_QUESTION, LOST)
"""What stands for one byte."""
_FIRST_SIGN = 0xF8
"""From here on no byte is one of UTF-8."""
_LEADS = bytes(range(0xE3, 0xF0))
_CONTINUING = frozenset(range(0x80, 0xC0))


@lru_cache(1 << 14)
def candidates(packed: int, loss: Loss, behind: int = 0) -> NDArray[np.uint32]:
    """Code points whose UTF-8 of three bytes has these, and others of those that can be lost. `behind`: the
    byte that followed them, 0 where it is not known."""
    raw = unpacked(packed)
    if loss.true != "utf8":
        return _likely(_of_pair(raw, loss))
    if len(raw) > 3:
        return np.empty(0, dtype=np.uint32)
    first, *others = (_possible(byte, loss) for byte in raw)
    if raw[0] >= LOST - len(loss.of) or raw[0] == _QUESTION:
        first = bytes(sorted(set(first) & set(_LEADS))) or _LEADS
    absent = [loss.of[0]] * (2 - len(others))
    ways = {(*others, *absent)}
    if loss.anywhere:
        ways.update(permutations((*others, *absent)))
    grids = [_grid(first, *way) for way in ways]
    points = np.unique(np.concatenate(grids))
    points = points[(points >= 0x800) & ~((points >= 0xD800) & (points < 0xF900))]
    if loss.pairs and len(raw) == 3:
        points = _of_lost_bytes(points, raw, loss.pairs, behind)
    return _likely(points)


def _likely(points: NDArray[np.uint32]) -> NDArray[np.uint32]:
    bits = alone()[points]
    likely: NDArray[np.uint32] = points[bits > bits.max(initial=-99) - FAR]
    return likely


def _of_pair(raw: bytes, loss: Loss) -> NDArray[np.uint32]:
    """The characters of two bytes of which one is left."""
    none = np.empty(0, dtype=np.uint32)
    if len(raw) != 2 or sum(byte in _SIGNS for byte in raw) != 1:
        return none
    lost = lost_before(loss.pairs)
    if raw[0] in _SIGNS:
        pairs = np.flatnonzero(lost[:, raw[1]]) << 8 | raw[1]
    else:
        pairs = raw[0] << 8 | np.flatnonzero(lost.any(axis=1))
    points = characters_of(loss.true)[pairs]
    known: NDArray[np.uint32] = points[points > 0]
    return known


def _of_lost_bytes(
    points: NDArray[np.uint32], raw: bytes, pairs: tuple[str, ...], behind: int
) -> NDArray[np.uint32]:
    """Those of which the page had to lose the bytes that there are signs for, before the bytes that follow
    them; all, if there are none. A `?` of Windows stands for the ASCII behind a last byte, too (有 before
    a space), so that only U+FFFD tells that what is seen behind it did follow."""
    lost = lost_before(pairs)
    first, second, third = points >> 12 | 0xE0, points >> 6 & 63 | 0x80, points & 63 | 0x80
    last = np.full_like(points, behind if raw[2] == LOST and behind >= 0x80 else 0)
    fits = np.ones(len(points), dtype=np.bool_)
    for byte, here, following in zip(
        raw, (first, second, third), (second, third, last), strict=True
    ):
        if byte in _SIGNS:
            fits &= lost[here, following]
    return points[fits] if fits.any() else points


def first_byte(packed: int) -> int:
    """The first of the bytes that are left, 0 if it is a sign for one that is lost."""
    byte = unpacked(packed)[0]
    return byte if byte < _FIRST_SIGN and byte != _QUESTION else 0


def _possible(byte: int, loss: Loss) -> bytes:
    """What a byte of a gap may have been."""
    if byte == _QUESTION:
        return loss.of[0]
    sign = LOST - byte
    return loss.of[sign] if sign < len(loss.of) else bytes((byte,))


def _grid(leads: bytes, seconds: bytes, thirds: bytes) -> NDArray[np.uint32]:
    """The code points of all three bytes of these."""
    lead = np.frombuffer(leads, dtype=np.uint8).astype(np.uint32) & 15
    second, third = (
        np.array([byte & 63 for byte in each if byte in _CONTINUING], dtype=np.uint32)
        for each in (seconds, thirds)
    )
    points = lead[:, None, None] << 12 | second[:, None] << 6 | third
    return points.ravel().astype(np.uint32)
