"""The parts of lines that do not read well, with enough context around them to decide."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from jiaokan.repair.decode.ranking import read_lines_by
from jiaokan.repair.decode.reading import SAFE_BELOW
from jiaokan.repair.decode.suspicion import UNUSUAL, foreign_places, missing_places

_AWAY = 8
_STRETCH = 16
_WELL = 9.5
"""Bits that the characters of good text cost on average; out of step they cost 13 and more."""


class Part(NamedTuple):
    """The part `[start, end)` of a line that does not read well."""

    start: int
    end: int
    foreign: bool
    """Whether it may be in another encoding."""
    missing: bool
    """Whether a byte may be missing."""


def end_to_end(lines: Sequence[bytes]) -> tuple[NDArray[np.uint8], NDArray[np.intp]]:
    """Lines in one array, and where each begins; a line feed is put after each."""
    lengths = np.fromiter(map(len, lines), dtype=np.intp, count=len(lines)) + 1
    joined = np.frombuffer(b"\n".join([*lines, b""]), dtype=np.uint8)
    return joined, np.cumsum(lengths) - lengths


def questionable_parts(lines: Sequence[bytes], main: str) -> list[Part | None]:
    """The part of each line; None where it reads well."""
    if not lines:
        return []
    array, starts = end_to_end(lines)
    read = read_lines_by(main, array)
    foreign = foreign_places(read)
    missing = np.zeros(len(read.positions), dtype=np.bool_)
    missing[missing_places(read, array)] = True
    spoilt = read.wrong | (read.windows > UNUSUAL)
    firsts = np.searchsorted(read.positions, starts)
    doubt = np.logical_or.reduceat(read.wrong | foreign | missing, firsts)
    lasts = np.append(firsts[1:], len(read.positions))
    parts: list[Part | None] = [None] * len(lines)
    for index in np.flatnonzero(doubt).tolist():
        line, begin = lines[index], int(starts[index])
        own = slice(int(firsts[index]), int(lasts[index]))
        wrong, is_foreign = bool(read.wrong[own].any()), bool(foreign[own].any())
        is_missing = wrong or bool(missing[own].any())
        at = np.flatnonzero(spoilt[own] if wrong else missing[own] | foreign[own])
        positions, costs = read.positions[own] - begin, read.costs[own]
        start, end = _around(array[begin : begin + len(line)], positions, at, wrong)
        end = min(end, _well_read_from(positions, costs, int(at[-1]), len(line)))
        parts[index] = Part(start, end, wrong or is_foreign, is_missing)
    return parts


def _around(
    line: NDArray[np.uint8], positions: NDArray[np.intp], at: NDArray[np.intp], wrong: bool
) -> tuple[int, int]:
    """From where to where these characters of a line are looked at."""
    safe = np.flatnonzero(line < SAFE_BELOW)
    first, last = int(positions[at[0]]), int(positions[at[-1]])
    if wrong:
        before = safe[safe < first - 8]
        start = int(before[-1]) + 1 if len(before) else 0
    else:
        start = int(positions[max(0, int(at[0]) - 8)])
    after = safe[safe > last + 32]
    return start, int(after[0]) + 1 if len(after) else len(line)


def _well_read_from(
    positions: NDArray[np.intp], costs: NDArray[np.float32], last: int, size: int
) -> int:
    """The byte behind a stretch of good text that follows a character; what comes then is in step."""
    rest = costs[last + _AWAY :]
    if len(rest) <= _STRETCH:
        return size
    running = np.append(0, np.cumsum(rest, dtype=np.float64))
    good = np.flatnonzero(running[_STRETCH:] - running[:-_STRETCH] < _WELL * _STRETCH)
    if not len(good):
        return size
    behind = last + _AWAY + int(good[0]) + _STRETCH
    return min(int(positions[behind]), size) if behind < len(positions) else size
