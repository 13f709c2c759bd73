"""Whether the weak evidence of a path in a document is enough, told for thousands of segments at once.

The same words misread the same way count once, and so do the same characters: a line that stands in a text a
thousand times is no more evidence than one.
"""

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.mojibake.codepages import SINGLE
from jiaokan.validators.mojibake.readings import GAP
from jiaokan.validators.mojibake.segments import Path, Segments
from jiaokan.validators.view import ranges

SUPPORT = 24.0
"""Bits beyond chance that a path must have in a document for its weak segments to count."""
_BASE = 0x9E3779B97F4A7C15
_INVERSE = pow(_BASE, -1, 1 << 64)


def is_of_pairs(path: Path) -> bool:
    """Whether a page of pairs showed a character for each that was meant."""
    return path.true != "utf8" and path.wrong not in SINGLE


def have_support(segments: Segments, document: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Which of these segments are in documents that have enough of them. `document` of each."""
    same = _hashes(segments) ^ document.astype(np.uint64) * np.uint64(0xD6E8FEB86659FD93)
    _, rows = np.unique(same, return_index=True)
    bits = np.maximum(segments.surprise[rows], 0)
    if is_of_pairs(segments.path):
        bits *= _shares_of_new(segments, rows, document)
    support = np.bincount(document[rows], bits, int(document.max(initial=0)) + 1)
    found: NDArray[np.bool_] = support[document] >= SUPPORT
    return found


def _shares_of_new(
    segments: Segments, rows: NDArray[np.intp], document: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Which part of the characters of each of these is in none before it in its document: a series behind one
    word (產ㄅ、產ㄆ、產ㄇ) is no more evidence than one of them. Gaps are no characters."""
    begin, lengths = segments.begin[rows], segments.stop[rows] - segments.begin[rows]
    codes = segments.codes[ranges(begin, lengths)].astype(np.int64)
    of_row = np.repeat(np.arange(len(rows)), lengths)
    of_row, codes = of_row[codes != GAP], codes[codes != GAP]
    _, first = np.unique(document[rows][of_row] << 32 | codes, return_index=True)
    new, size = (np.bincount(row, minlength=len(rows)) for row in (of_row[first], of_row))
    shares: NDArray[np.float64] = new / np.maximum(size, 1)
    return shares


def _hashes(segments: Segments) -> NDArray[np.uint64]:
    """A number for what each segment was meant to be."""
    codes = segments.codes.astype(np.uint64)
    codes ^= codes << np.uint64(29)
    powers = _powers(_BASE, len(codes))
    running = np.zeros(len(codes) + 1, dtype=np.uint64)
    np.cumsum(codes * powers, out=running[1:])
    back = _powers(_INVERSE, len(codes) + 1)[segments.begin]
    hashes: NDArray[np.uint64] = (running[segments.stop] - running[segments.begin]) * back
    return hashes


def _powers(base: int, count: int) -> NDArray[np.uint64]:
    """1, base, base² and so on, modulo 2 to the 64th."""
    powers = np.full(count, base, dtype=np.uint64)
    powers[:1] = 1
    return np.multiply.accumulate(powers)
