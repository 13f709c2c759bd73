"""Where in a passage a byte is missing, weighed by three characters in a row.

The lattice knows each character by the one before it. Between the right place and one some characters
away that is often not enough: both leave common pairs. So the places around the one it found are looked
at again, each with the characters that can have stood there.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from jiaokan.repair.decode.halves import THOUGHT_OF, candidates
from jiaokan.repair.decode.reading import Reading, read_everywhere
from jiaokan.repair.decode.scoring import Bits, costs_after_two, isolation
from jiaokan.repair.decode.tables import PAIR_LEADS

MISSING = 14.0
"""Cost of a missing byte, beside what the characters that may have stood there and their neighbours cost."""
_PLACES = 24
"""Places that are looked at on the way to the byte that was found astray, and from it on."""
_BREAKS = np.full(2, 0x0A, dtype=np.uint32)


class Place(NamedTuple):
    """A byte of which the other half is missing, and what the passage costs so."""

    at: int
    cost: float


def best_place(passage: bytes, encoding: str, near: int) -> Place | None:
    """The best place for a missing byte around byte `near` of a passage that begins and ends in step."""
    if encoding not in PAIR_LEADS or not passage:
        return None
    reading = _reading(passage, encoding)
    starts, codes = _in_step(reading)
    behind = _behind(reading)
    first = int(np.searchsorted(starts, near))
    around = np.arange(max(0, first - _PLACES), min(len(starts), first + _PLACES))
    places = starts[around]
    thought = [candidates(encoding, THOUGHT_OF)[passage[at]] for at in places.tolist()]
    counts = np.array([len(fills) for fills in thought], dtype=np.intp)
    high = np.frombuffer(passage, dtype=np.uint8)[places] >= 0x80  # ASCII: see `left_over`
    able = np.flatnonzero(high & (counts > 0) & np.isfinite(behind[places + 1]))
    if not len(able):
        return None
    places, around, counts = places[able], around[able], counts[able]
    line = np.concatenate((_BREAKS, codes))
    owners = np.repeat(np.arange(len(able)), counts)
    rows = np.empty((len(owners), 5), dtype=np.uint32)
    rows[:, 0], rows[:, 1] = line[around][owners], line[around + 1][owners]
    rows[:, 2] = np.concatenate([thought[number] for number in able.tolist()])
    rows[:, 3:] = _first_two(reading, places + 1)[owners]
    costs = _alternatives(rows, owners, np.cumsum(counts) - counts)
    before = np.append(0, np.cumsum(_costs(line), dtype=np.float64))
    alone = np.append((0, 0), np.cumsum(isolation(codes), dtype=np.float64))  # all but the last one
    costs += before[around] + alone[around] + behind[places + 1] + MISSING
    best = int(costs.argmin())
    return Place(int(places[best]), float(costs[best]))


def cost_in_step(passage: bytes, encoding: str) -> float | None:
    """What the passage costs if nothing is missing; None if it cannot be read so."""
    starts, codes = _in_step(_reading(passage, encoding))
    if len(starts) > len(codes):
        return None
    return float(_costs(np.concatenate((_BREAKS, codes))).sum() + isolation(codes).sum())


def _reading(passage: bytes, encoding: str) -> Reading:
    return read_everywhere(encoding, np.frombuffer(passage, dtype=np.uint8))


def _in_step(reading: Reading) -> tuple[NDArray[np.intp], NDArray[np.uint32]]:
    """Where characters begin, and which; the first byte that begins none is the last of these places."""
    lengths = reading.lengths.tolist()
    starts: list[int] = []
    at = 0
    while at < len(lengths):
        starts.append(at)
        if not lengths[at]:
            break
        at += lengths[at]
    found = np.array(starts, dtype=np.intp)
    read = found if at >= len(lengths) else found[:-1]
    return found, reading.codes[read]


def _costs(line: NDArray[np.uint32]) -> Bits:
    """The cost of each character after the two before it, from the third on."""
    return costs_after_two(line[:-2], line[1:-1], line[2:])


def _alternatives(
    rows: NDArray[np.uint32], owners: NDArray[np.intp], firsts: NDArray[np.intp]
) -> NDArray[np.float64]:
    """What any of the characters in the middle of the rows of one owner costs between the others."""
    one, two, three = (rows[:, k : k + 3].ravel() for k in range(3))
    costs = costs_after_two(one, two, three).reshape(-1, 3).sum(axis=1, dtype=np.float64)
    costs += isolation(rows.ravel()).reshape(-1, 5)[:, 1:4].sum(axis=1)
    least = np.minimum.reduceat(costs, firsts)
    found: NDArray[np.float64] = least - np.log2(
        np.add.reduceat(np.exp2(least[owners] - costs), firsts)
    )
    return found


def _next(reading: Reading) -> tuple[NDArray[np.intp], NDArray[np.uint32]]:
    """For each byte where the character that begins there ends, and which it is; a line ends behind all."""
    size = len(reading.lengths)
    ends = np.append(np.arange(size) + reading.lengths, size)
    return np.minimum(ends, size), np.append(reading.codes, _BREAKS[:1])


def _first_two(reading: Reading, at: NDArray[np.intp]) -> NDArray[np.uint32]:
    """The first two characters from each of these bytes on."""
    ends, codes = _next(reading)
    return np.stack((codes[at], codes[ends[at]]), axis=1)


def _behind(reading: Reading) -> NDArray[np.float64]:
    """What the characters from each byte on cost but for the first two; infinite where some byte begins none."""
    ends, codes = _next(reading)
    second = ends[ends]
    rows = np.stack((codes, codes[ends], codes[second]), axis=1)
    third = costs_after_two(*rows.T).astype(np.float64)
    third[second >= len(reading.lengths)] = 0
    third += isolation(rows.ravel()).reshape(-1, 3)[:, 1]
    third[:-1][reading.lengths == 0] = np.inf
    total = third.tolist()
    total[-1] = 0.0
    for at, end in zip(range(len(total) - 2, -1, -1), ends[-2::-1].tolist(), strict=True):
        total[at] += total[end]
    return np.array(total)
