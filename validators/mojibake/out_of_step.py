"""Pairs of bytes that were read as pairs of another page, by a decoder that puts a sign for a byte of a pair it
has no character for: the byte behind it then begins a pair of its own, and all that follow are out of step."""

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.mojibake.codepages import Encoding, Unread
from jiaokan.validators.mojibake.pairing import stretches
from jiaokan.validators.mojibake.readings import GAP, Reading, decoded
from jiaokan.validators.plausibility import log_likelihood

_QUESTION = 0x3F
_BREAK = 0x0A
_ANY_BYTE = 0xB0
"""Makes a pair with any byte before or behind it, in GBK and in Big5."""
_BITS_OF_WRONG = 40.0
_BITS_OF_GAP = 16.0
_CODECS = {"gbk": "gb18030", "big5": "cp950"}


def in_step(
    reading: Reading, back: Unread, codes: NDArray[np.uint32], encoding: Encoding
) -> Reading:
    """The reading of a text, whose bytes are `back`, with each stretch that holds signs paired anew from its
    beginning, where that reads better. Such a sign is U+FFFD, and `?` where all of a stretch are."""
    begins = back.starts[:-1]
    replaced, signs = begins[codes == GAP], begins[(codes == GAP) | (codes == _QUESTION)]
    if not len(signs):
        return reading
    spans = np.array(list(stretches(back.data.tobytes())), dtype=np.intp).reshape(-1, 2)
    low, high = signs.searchsorted(spans.T)
    spans = spans[low < high]
    best, least = reading, _bits(reading, spans)
    for some in (replaced, signs):
        if len(some):
            again = _paired(back.data, spans, some, encoding)
            bits = _bits(again, spans)
            best = _with_spans(best, again, spans[bits < least])
            least = np.minimum(bits, least)
    return best


def _paired(
    data: NDArray[np.uint8], spans: NDArray[np.intp], signs: NDArray[np.intp], encoding: Encoding
) -> Reading:
    """Stretches as their bytes pair off, each by itself; a pair with a sign is a gap."""
    filled = np.full_like(data, _BREAK)
    for begin, end in spans.tolist():
        filled[begin:end] = data[begin:end]
    signs = signs[filled[signs] != _BREAK]
    filled[signs] = _ANY_BYTE
    found = decoded(filled.tobytes(), _CODECS[encoding])
    gaps = np.zeros(len(found.codes), dtype=np.bool_)
    gaps[found.starts.searchsorted(signs, side="right") - 1] = True
    codes = np.where(gaps, np.uint32(GAP), found.codes)
    return Reading(codes, found.starts, found.wrong & ~gaps, gaps)


def _bits(reading: Reading, spans: NDArray[np.intp]) -> NDArray[np.float64]:
    """How improbable what begins in each stretch is."""
    bits = -log_likelihood(reading.codes).astype(np.float64)
    bits[reading.wrong] = _BITS_OF_WRONG
    bits[reading.gaps] = _BITS_OF_GAP
    first, last = reading.starts.searchsorted(spans.T)
    running = np.append(0, np.cumsum(bits))
    sums: NDArray[np.float64] = running[last] - running[first]
    return sums


def _with_spans(reading: Reading, other: Reading, spans: NDArray[np.intp]) -> Reading:
    """The reading with these stretches of the other."""
    if not len(spans):
        return reading
    kept, taken = (
        spans.ravel().searchsorted(each.starts[:-1], side="right") % 2 == inside
        for each, inside in ((reading, 0), (other, 1))
    )
    starts = np.concatenate((reading.starts[:-1][kept], other.starts[:-1][taken]))
    order = np.argsort(starts)
    codes, wrong, gaps = (
        np.concatenate((one[kept], two[taken]))[order]
        for one, two in (
            (reading.codes, other.codes),
            (reading.wrong, other.wrong),
            (reading.gaps, other.gaps),
        )
    )
    return Reading(codes, np.append(starts[order], reading.starts[-1]), wrong, gaps)
