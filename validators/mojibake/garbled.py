"""Text that is none: UTF-8 that was read as pairs of bytes, of which too much is lost for it to be read back.

Its marks stand for lost bytes and its characters for parts of others, so that nothing there tells what should
stand there. A page of pairs makes it out of bytes that are all of UTF-8, as few bytes of rare characters are.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.mojibake.codepages import page
from jiaokan.validators.mojibake.rare import rare_positions
from jiaokan.validators.plausibility import likelihood_after
from jiaokan.validators.view import View

AROUND = 12
"""Code points on each side of a place that are looked at, in its line."""
_RARE = 3
_HAN = 4
"""Rare characters, and ideographs, that are there at the least."""
_IMPROBABLE = 17.0
"""Bits of an ideograph there on the average. Of three million places of clean text of 26 kinds, classical
and vernacular ones among them, 50 have more; of misread text 99.9%, where nothing is lost, and 99.0%
where much is."""
_OF_UTF8 = 0.7
"""Ideographs there whose two bytes may both be of UTF-8: of the rare ones of clean text 33% at most."""
_PAGES = ("gbk", "big5")
_IN_A_ROW = 2
_CHUNK = 1 << 13
"""Places looked at together, so that what they take stays within the processor's cache."""


def is_no_text(view: View, at: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Whether each of these places of a document, or of a batch, is in text that is none."""
    if len(rare_positions(view)) < _IN_A_ROW:
        return np.zeros(len(at), dtype=np.bool_)
    return are_garbled(view, at) | _are_of_parts(view, at)


def are_garbled(view: View, at: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Whether what stands around each of these places of a document, or of a batch, is no text."""
    parts = [at[start : start + _CHUNK] for start in range(0, len(at), _CHUNK)] or [at]
    return np.concatenate([_are_garbled(view, part) for part in parts])


def _are_garbled(view: View, at: NDArray[np.intp]) -> NDArray[np.bool_]:
    rare = rare_positions(view)
    document = view.starts.searchsorted(at, side="right") - 1
    first = np.maximum(at - AROUND, view.starts[document])
    last = np.minimum(at + (AROUND + 1), view.ends[document])
    garbled: NDArray[np.bool_] = rare.searchsorted(last) - rare.searchsorted(first) >= _RARE
    some = garbled.nonzero()[0]
    if not len(some):
        return garbled
    at, first, last = at[some], first[some], last[some]
    codes = view.codes
    edges = np.concatenate(([-1], view.breaks, [len(codes)]))
    line = edges.searchsorted(at, side="right")
    first = np.maximum(first, edges[line - 1] + 1)
    last = np.minimum(last, edges[np.minimum(line, len(edges) - 1)])
    covered = _union(first, last)
    first, last = covered.searchsorted((first, np.maximum(first, last)))
    before = np.where(covered > 0, codes[np.maximum(covered - 1, 0)], np.uint32(0x0A))
    codes = codes[covered]
    han = (codes >= 0x3400) & (codes < 0xA000)
    number = _count(han, first, last)
    bits = np.append(0.0, np.cumsum(-likelihood_after(before, codes) * han, dtype=np.float64))
    known = [_count(made.take(codes, mode="clip"), first, last) for made in _of_utf8()]
    garbled[some] = (
        (number >= _HAN)
        & (bits[last] - bits[first] >= _IMPROBABLE * number)
        & (np.maximum(*known) >= _OF_UTF8 * number)
    )
    return garbled


def _union(first: NDArray[np.intp], last: NDArray[np.intp]) -> NDArray[np.intp]:
    """All positions that are in some of these spans, ascending."""
    order = first.argsort()
    first, reach = first[order], np.maximum.accumulate(last[order])
    begins = np.append(True, first[1:] > reach[:-1])
    starts = first[begins]
    lengths = np.maximum(reach[np.append(begins[1:], True)] - starts, 0)
    shifts = (starts - lengths.cumsum() + lengths).repeat(lengths)
    found: NDArray[np.intp] = np.arange(len(shifts)) + shifts
    return found


def _are_of_parts(view: View, at: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Whether each of these places is one of several rare characters in a row that are all of such bytes: what
    stays between passages that were read back."""
    rare = rare_positions(view)
    index = np.minimum(rare.searchsorted(at), len(rare) - 1)
    are_rare: NDArray[np.bool_] = rare[index] == at
    if not are_rare.any():
        return are_rare
    firsts = np.flatnonzero(np.diff(rare, prepend=-2) != 1)
    codes = view.codes[rare]
    of_utf8 = [
        np.logical_and.reduceat(made.take(codes, mode="clip"), firsts) for made in _of_utf8()
    ]
    in_a_row = np.diff(firsts, append=len(rare)) >= _IN_A_ROW
    of_parts = (of_utf8[0] | of_utf8[1]) & in_a_row
    found: NDArray[np.bool_] = are_rare & of_parts[firsts.searchsorted(index, side="right") - 1]
    return found


def _count(
    flags: NDArray[np.bool_], first: NDArray[np.intp], last: NDArray[np.intp]
) -> NDArray[np.intp]:
    sums = np.append(0, np.cumsum(flags))
    counts: NDArray[np.intp] = sums[last] - sums[first]
    return counts


def are_of_utf8(codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Which code points are ideographs that a page of pairs makes of bytes of UTF-8."""
    found: NDArray[np.bool_] = np.logical_or.reduce(
        [made.take(codes, mode="clip") for made in _of_utf8()]
    )
    return found


@cache
def _of_utf8() -> tuple[NDArray[np.bool_], ...]:
    """For each of `_PAGES`, by code point, whether it is an ideograph that the page makes of two bytes
    which East Asian text has in UTF-8."""
    return tuple(map(_made_of_utf8, _PAGES))


def _made_of_utf8(name: str) -> NDArray[np.bool_]:
    first, second = np.divmod(page(name).bytes_of, np.uint16(0x100))
    made: NDArray[np.bool_] = _is_byte_of_utf8(first) & _is_byte_of_utf8(second)
    made[:0x3400] = made[0xA000:] = False
    return made


def _is_byte_of_utf8(byte: NDArray[np.uint16]) -> NDArray[np.bool_]:
    return ((byte >= 0x80) & (byte < 0xC0)) | ((byte >= 0xE2) & (byte < 0xF0))
