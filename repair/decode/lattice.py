"""The most probable reading of bytes in which encodings change or bytes are missing.

A walk from the first byte to the last: at each byte a character of one of the encodings begins,
or the byte is astray. Changing the encoding and being astray have their costs, as characters
have; the cheapest walk is found by dynamic programming (Viterbi).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from jiaokan.repair.decode.arrows import Arrows, Costs
from jiaokan.repair.decode.halves import Halves, half_costs
from jiaokan.repair.decode.questionable import end_to_end
from jiaokan.repair.decode.reading import follow, read_everywhere
from jiaokan.repair.decode.scoring import STRAY, STRAY_NEXT, CostOf, costs_after, isolation

CHANGE_BESIDE_ASCII = 8.0
CHANGE_INSIDE = 24.0
CHANGE_AT_LINE = 6.0
STRAY_OF_UTF8 = 6.0
"""Cost of a continuation byte after another byte astray: two thirds of a UTF-8 character are left."""
_TWO = range(0xC0, 0xE0)
_FAR = 1e30


@dataclass(frozen=True)
class Stretch:
    """Bytes `[start, end)` read by one encoding; None: astray. `text` where it is known already."""

    encoding: str | None
    start: int
    end: int
    text: str | None = None


def walk(data: bytes, encodings: Sequence[str], first: str) -> tuple[list[Stretch], float]:
    """The cheapest reading of the bytes and its cost in bits. `first` is the encoding before it."""
    return walk_all([data], encodings, first)[0]


def walk_all(
    parts: Sequence[bytes],
    encodings: Sequence[str],
    first: str,
    cost_of: CostOf = costs_after,
    halves: bool = True,
) -> list[tuple[list[Stretch], float]]:
    """The same for each of some parts of lines; `halves`: characters of `first` may lack a byte."""
    array, starts = end_to_end(parts)
    begins = starts.tolist()
    ends = [begin + len(part) for begin, part in zip(begins, parts, strict=True)]
    arrows = [Arrows(read_everywhere(name, array), array, cost_of) for name in encodings]
    for arrow in arrows:
        for end in ends:  # a part ends there, and nothing follows
            arrow.lengths[end] = 0
    home = encodings.index(first)
    spoilt = half_costs(first, array, arrows[home], cost_of) if halves else None
    return [
        _walk(part, [each.within(begin, end) for each in arrows], encodings, first,
              spoilt and spoilt.within(begin, end))
        for part, begin, end in zip(parts, begins, ends, strict=True)
    ]  # fmt: skip


def _walk(
    data: bytes,
    arrows: list[Costs],
    encodings: Sequence[str],
    first: str,
    halves: Halves | None,
) -> tuple[list[Stretch], float]:
    size = len(data)
    count = len(encodings)
    home = encodings.index(first)
    in_utf8 = first == "utf-8"
    # best[kind][e][i]: cost of the cheapest walk to byte i whose last step, by encoding e, was
    # 0: ASCII, 1: another character, 2: a byte astray; 3: half a character, before its next one.
    best = [[[_FAR] * (size + 5) for _ in range(count)] for _ in range(3)]
    back: list[list[list[tuple[int, int, int] | None]]]
    back = [[[None] * (size + 5) for _ in range(count)] for _ in range(4)]
    for e in range(count):
        best[0][e][0] = 0.0 if e == home else CHANGE_AT_LINE
    after = list(zip(range(count), *best, arrows, strict=True))
    for i in range(size):
        cheapest, origin = _FAR, (0, home)
        for e, ascii_, other_, stray, _ in after:
            cost = ascii_[i] + CHANGE_BESIDE_ASCII
            if cost < cheapest:
                cheapest, origin = cost, (0, e)
            cost = other_[i] + CHANGE_INSIDE
            if cost < cheapest:
                cheapest, origin = cost, (1, e)
            cost = stray[i] + CHANGE_INSIDE
            if cost < cheapest:
                cheapest, origin = cost, (2, e)
        if cheapest >= _FAR:  # no character ends here
            continue
        byte = data[i]
        for e, ascii_, other_, stray, arrow in after:
            after_ascii, after_other, after_stray = ascii_[i], other_[i], stray[i]
            length = arrow.lengths[i]
            if length:
                cost, source = after_ascii + arrow.after_ascii[i], (0, e)
                other = after_other + arrow.after_other[i]
                if other < cost:
                    cost, source = other, (1, e)
                if cheapest < after_stray:
                    other = cheapest + arrow.alone[i]
                    if other < cost:
                        cost, source = other, origin
                else:
                    other = after_stray + arrow.alone[i]
                    if other < cost:
                        cost, source = other, (2, e)
                kind = 0 if byte < 0x80 and length == 1 else 1
                to = ascii_ if kind == 0 else other_
                if cost < to[i + length]:
                    to[i + length] = cost
                    back[kind][e][i + length] = (i, *source)
            if e == home and halves is not None:
                cost, source = after_ascii + halves.after_ascii[i], (0, e)
                other = after_other + halves.after_other[i]
                if other < cost:
                    cost, source = other, (1, e)
                until = i + 1 + halves.lengths[i]
                kind = 0 if until == i + 2 and data[i + 1] < 0x80 else 1
                if cost < best[kind][e][until]:
                    best[kind][e][until] = cost
                    back[kind][e][until] = (i + 1, 3, e)
                    back[3][e][i + 1] = (i, *source)
            if byte >= 0x80 or not length:
                following = STRAY_NEXT
                if (
                    in_utf8
                    and i
                    and byte < 0xC0
                    and data[i - 1] >= 0x80
                    and data[i - 1] not in _TWO
                ):
                    following = STRAY_OF_UTF8
                cost, source = after_stray + following, (2, e)
                read, kind = (after_ascii, 0) if after_ascii <= after_other else (after_other, 1)
                if read + STRAY < cost:
                    cost, source = read + STRAY, (kind, e)
                if cheapest < read and cheapest < after_stray and cheapest + STRAY < cost:
                    cost, source = cheapest + STRAY, origin
                if cost < stray[i + 1]:
                    stray[i + 1] = cost
                    back[2][e][i + 1] = (i, *source)
    total, kind, e = min((best[k][e][size], k, e) for k in range(3) for e in range(count))
    steps: list[Stretch] = []
    at = size
    while at:
        found = back[kind][e][at]
        assert found is not None
        steps.append(Stretch(None if kind >= 2 else encodings[e], found[0], at))
        at, kind, e = found
    return _joined(steps[::-1]), total


def plain_cost(data: bytes, encoding: str, cost_of: CostOf) -> float | None:
    """What the bytes cost read by one encoding from the first on; None where that cannot be."""
    reading = read_everywhere(encoding, np.frombuffer(data, dtype=np.uint8))
    starts, wrong = follow(reading)
    if wrong.any():
        return None
    codes = reading.codes[starts]
    before = np.append(np.uint32(0x0A), codes[:-1])
    return float((cost_of(before, codes) + isolation(codes)).sum())


def _joined(steps: list[Stretch]) -> list[Stretch]:
    joined: list[Stretch] = []
    for step in steps:
        if joined and joined[-1].encoding == step.encoding:
            joined[-1] = Stretch(step.encoding, joined[-1].start, step.end)
        else:
            joined.append(step)
    return joined
