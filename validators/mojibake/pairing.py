"""Which bytes of GBK make pairs, where a page of single bytes has lost some of them.

A pair whose first byte is lost puts all bytes that follow out of step, up to the next that is no trail byte,
and makes good characters of halves of others. So each stretch is parted anew in the most probable way, and
what could about as well be parted in another is left.
"""

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.expressions import expression
from jiaokan.validators.mojibake.codepages import LOST, page
from jiaokan.validators.plausibility import alone, likelihood_after

_QUESTION = 0x3F
_LEAST_TRAIL = 0x40
_ASCII = 0x80
_BITS_OF_SIGN = 16.0
"""For a pair of which a sign stands for one byte."""
_BITS_OF_HALF = 24.0
"""For half a pair the other half of which is not there at all, at the most."""
_BITS_OF_LOSS, _BITS_OF_KNOWN_LOSS = 8.0, 2.0
"""For that something is lost there, where nothing else in the line is, and where something is."""
BITS_OF_ASCII = 10.0


def stretches(data: bytes) -> Iterator[tuple[int, int]]:
    """Where bytes stand that can be out of step with each other."""
    return (found.span() for found in _STRETCH.finditer(data))


_STRETCH = expression(rb"[\x40-\x7e]*(?:[\x80-\xff?][\x40-\xff?]*)+")


class Part(NamedTuple):
    """Bytes of a stretch: how many; their code point, 0 where a byte of it is lost; of a pair, by how many
    bits more than are asked any way without it is worse; and whether they show that something is lost."""

    width: int
    code: int
    margin: float = 0.0
    is_broken: bool = False


def parted(
    stretches: Sequence[bytes],
    characters: NDArray[np.uint32],
    ones: Sequence[list[float]],
    lost: Sequence[bytes],
    *,
    are_lost: bool,
) -> list[list[Part]]:
    """The most probable characters of each stretch. `characters`: the code point of each pair of bytes, 0
    where there is none. `ones`: bits of each byte by itself. `lost`: the bytes that a page of single bytes
    can have lost without a sign; `are_lost`: whether something is, so that margins count."""
    costs = _costs_of(stretches, characters, ones)
    return [_parted(*each, are_lost=are_lost) for each in zip(stretches, costs, lost, strict=True)]


def _parted(data: bytes, costs: "_Costs", lost: bytes, *, are_lost: bool) -> list[Part]:
    rest = _from_each_place(costs)
    others = _through_each_place(costs, rest) if are_lost else None
    found = []
    at, behind, size = 0, False, len(data)
    while at < size:
        left = rest.behind_pair[at] if behind else rest.behind_other[at]
        step = costs.then[at - 2] if behind else costs.first[at]
        pair = costs.is_pair[at] and step + rest.behind_pair[at + 2] <= left
        if pair:
            margin = 0.0
            if others is not None:
                # Any way without the pair has a break within it.
                asked = _SURE if _is_held(costs, at, behind) else _SURE_ALONE
                margin = others[at + 1] - rest.behind_other[0] - asked
                if margin >= 0 and lost:
                    two = _bits_of_two_halves(*data[at : at + 2], lost)
                    margin = two - min(step, costs.alone[at]) - _SURE_OF_TWO
            part = Part(2, costs.points[at], margin)
        elif costs.twos[at] + rest.behind_other[at + 2] <= left:
            part = Part(2, 0, is_broken=_QUESTION in data[at : at + 2])
        else:
            byte = data[at]
            is_last = behind and costs.is_pair[at + 1] and byte in _SELDOM_ALONE
            part = Part(1, byte if byte < _ASCII else 0, is_broken=is_last or _ASCII <= byte < LOST)
        found.append(part)
        at, behind = at + part.width, pair
    return found


class _Costs(NamedTuple):
    """What begins at each place of a stretch, and its bits: one byte; two that are no pair, if there are
    such; the pair there, if it is one, behind what is none, and (two places on) behind the pair there."""

    ones: list[float]
    twos: list[float]
    points: list[int]
    is_pair: list[bool]
    first: list[float]
    then: list[float]
    alone: list[float]


def bits_alone(data: bytes, lost: bytes, *, are_lost: bool) -> list[float]:
    """Bits of each byte of a stretch by itself, where these bytes can be lost; `are_lost`: where some are."""
    halves = _halves(lost, _BITS_OF_KNOWN_LOSS if are_lost else _BITS_OF_LOSS, _BITS_OF_HALF)
    return [BITS_OF_ASCII if byte < _ASCII else halves[byte] for byte in data]


def _costs_of(
    stretches: Sequence[bytes], characters: NDArray[np.uint32], ones: Sequence[list[float]]
) -> Iterator[_Costs]:
    """The costs of each stretch; of all at once, since most are short."""
    padded = b"".join([data + _PADDING for data in stretches])
    values = np.frombuffer(padded, dtype=np.uint8).astype(np.uint32)
    codes = characters[values[:-1] << 8 | values[1:]]
    columns = (
        codes.tolist(),
        ((codes != 0) & (values[:-1] < LOST)).tolist(),
        (-likelihood_after(np.full_like(codes, _EDGE), codes)).tolist(),
        (-likelihood_after(codes[:-2], codes[2:])).tolist(),
        (-alone()[codes]).tolist(),
    )
    begin = 0
    for data, alone_ in zip(stretches, ones, strict=True):
        end = begin + len(data)
        points, is_pair, first, then, single = (
            column[begin : end + len(_PADDING) - 1] for column in columns
        )
        yield _Costs(
            alone_,
            [
                _BITS_OF_SIGN if _may_be_pair(*two) else _NEVER
                for two in pairwise(padded[begin : end + 1])
            ],
            points, is_pair, first, then, single,
        )  # fmt: skip
        begin = end + len(_PADDING)


_PADDING = bytes(3)
"""Stands behind each stretch: a pair, and one more to follow it, may begin with its last byte."""


class _Rest(NamedTuple):
    """The bits of all from each place on, on the best way, behind a pair that ends there and behind what is
    none."""

    behind_other: list[float]
    behind_pair: list[float]


def _from_each_place(costs: _Costs) -> _Rest:
    ones, twos, _, is_pair, first, then, _ = costs
    size = len(ones)
    other, pair = [0.0] * (size + 3), [0.0] * (size + 3)
    for at in range(size - 1, -1, -1):
        least = min(ones[at] + other[at + 1], twos[at] + other[at + 2])
        other[at] = pair[at] = least
        if is_pair[at]:
            other[at] = min(least, first[at] + pair[at + 2])
            if at >= 2:
                pair[at] = min(least, then[at - 2] + pair[at + 2])
    return _Rest(other, pair)


def _through_each_place(costs: _Costs, rest: _Rest) -> list[float]:
    """The bits of the best way that has a break at each place."""
    ones, twos, _, is_pair, first, then, _ = costs
    size = len(ones)
    other, pair = [0.0] + [_NEVER] * (size + 2), [_NEVER] * (size + 3)
    for at in range(size):
        here = min(other[at], pair[at])
        other[at + 1] = min(other[at + 1], here + ones[at])
        other[at + 2] = min(other[at + 2], here + twos[at])
        if is_pair[at]:
            behind = pair[at] + then[at - 2] if at >= 2 else _NEVER
            pair[at + 2] = min(other[at] + first[at], behind)
    return [
        min(up + left, up_pair + left_pair)
        for up, left, up_pair, left_pair in zip(
            other, rest.behind_other, pair, rest.behind_pair, strict=True
        )
    ]


def _is_held(costs: _Costs, at: int, behind: bool) -> bool:
    """Whether the pair before one, or the one after it, makes it more probable."""
    before = behind and costs.alone[at] - costs.then[at - 2] > _HELD
    return before or (costs.is_pair[at + 2] and costs.alone[at + 2] - costs.then[at] > _HELD)


@cache
def _halves(lost: bytes, bits_of_loss: float, most: float) -> list[float]:
    """Bits of each byte as half of a pair the other half of which is one of these."""
    pairs = np.flatnonzero(page("gbk").bytes_of > 0xFF)
    first, second = np.divmod(page("gbk").bytes_of[pairs], np.uint16(0x100))
    weights = np.exp2(alone()[pairs].astype(np.float64))
    among = np.isin(np.arange(0x100), np.frombuffer(lost, dtype=np.uint8))
    total = sum(
        np.bincount(half[among[other]], weights[among[other]], 0x100)
        for half, other in ((first, second), (second, first))
    )
    bits = np.minimum(-np.log2(np.maximum(total, 2.0**-99)) + bits_of_loss, most)
    found: list[float] = bits.tolist()
    return found


@lru_cache(1 << 14)
def _bits_of_two_halves(one: int, other: int, lost: bytes) -> float:
    """Bits of two bytes as halves of two characters side by side."""
    before, after = _with_half(one, lost), _with_half(other, lost)
    if not len(before) or not len(after):
        return _NEVER
    left, right = np.repeat(before, len(after)), np.tile(after, len(before))
    bits = likelihood_after(left, right) + alone()[left]
    return 2 * _BITS_OF_KNOWN_LOSS - float(bits.max())


@lru_cache(1 << 10)
def _with_half(half: int, lost: bytes) -> NDArray[np.uint32]:
    """The characters one half of which is this byte and the other one of these."""
    points = np.flatnonzero(page("gbk").bytes_of > 0xFF)
    first, second = np.divmod(page("gbk").bytes_of[points], np.uint16(0x100))
    others = np.frombuffer(lost, dtype=np.uint8)
    found = ((first == half) & np.isin(second, others)) | (
        (second == half) & np.isin(first, others)
    )
    characters: NDArray[np.uint32] = points[found & (alone()[points] > -_RARE)].astype(np.uint32)
    return characters


def _may_be_pair(byte: int, following: int) -> bool:
    """Whether one of two bytes is a sign that stands for a byte of a pair."""
    return (byte in _SIGNS and following >= _LEAST_TRAIL) or (
        following in _SIGNS and byte >= _ASCII
    )


_EDGE = 0x0A
_NEVER = 1e9
_SIGNS = (_QUESTION, LOST)
_SELDOM_ALONE = b"^_`{|}~abcdefghijklmnopqrstuvwxyz"
"""Between two characters these are more often the last byte of one."""
_SURE, _SURE_ALONE = 6.0, 10.0
"""Bits by which any other way must be the worse for a pair to be believed that its neighbours make more
probable, and for one that they do not."""
_HELD = 2.0
_SURE_OF_TWO = 9.0
"""The same for two characters of which one byte each is left, by all that is known of them."""
_RARE = 20.0
