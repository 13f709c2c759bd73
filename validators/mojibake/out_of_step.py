"""Pairs of bytes that were read as pairs of another page, by a decoder that puts a sign for a byte of a pair it
has no character for, or drops it: the byte behind it then begins a pair of its own, and all that follow are out
of step."""

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.mojibake.codepages import EAST_ASIAN, Encoding, Unread
from jiaokan.validators.mojibake.dropped import parted_anew
from jiaokan.validators.mojibake.pairing import stretches
from jiaokan.validators.mojibake.readings import GAP, Reading, decoded
from jiaokan.validators.plausibility import alone, log_likelihood
from jiaokan.validators.view import ranges

_QUESTION = 0x3F
_ASCII = 0x80
_HANGUL, _AFTER_HANGUL = 0xAC00, 0xD7A4
_BREAK = 0x0A
_ANY_BYTE = 0xB0
"""Makes a pair with any byte before or behind it, in GBK and in Big5."""
_BITS_OF_WRONG = 40.0
_BITS_OF_GAP = 16.0
_BITS_OF_GOOD, _BITS_OF_COMMON = 11.0, 13.0
_IN_A_ROW = 3
"""Good characters side by side are no chance from so many on."""
_CODECS = {"gbk": "gb18030", "big5": "cp950"}


def in_step(
    reading: Reading, back: Unread, codes: NDArray[np.uint32], encoding: Encoding
) -> Reading:
    """The reading of a text, whose bytes are `back`, with each stretch that holds signs paired anew from its
    beginning, where that reads better. Such a sign is U+FFFD, and `?` where all of a stretch are."""
    spans = np.array(list(stretches(back.data.tobytes())), dtype=np.intp).reshape(-1, 2)
    begins = back.starts[:-1]
    replaced, signs = begins[codes == GAP], begins[(codes == GAP) | (codes == _QUESTION)]
    best, least = reading, np.full(len(spans), np.inf)
    for some in (replaced, signs):
        held = np.flatnonzero(_hold(spans, some))
        if len(held):
            again = _paired(back.data, spans[held], some, encoding)
            bits = _bits(again, spans[held])
            better = bits < np.minimum(least[held], _bits(reading, spans[held]))
            best = _with_spans(best, again, spans[held[better]])
            least[held[better]] = bits[better]
    return best


def with_dropped(
    reading: Reading, back: Unread, codes: NDArray[np.uint32], encoding: Encoding, page: str
) -> Reading:
    """The reading with stretches of lines from which bytes were dropped, without a sign, parted in the most
    probable way. `page`: what misread them."""
    spans = np.array(list(stretches(back.data.tobytes())), dtype=np.intp).reshape(-1, 2)
    spans = spans[~_hold(spans, reading.starts[:-1][reading.gaps])]
    spans, beside = _without_good(codes, back, spans)
    return _with_spans(reading, *parted_anew(reading, back, codes, spans, beside, encoding, page))


def _hold(spans: NDArray[np.intp], places: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Which stretches hold any of these places."""
    low, high = places.searchsorted(spans.T)
    held: NDArray[np.bool_] = low < high
    return held


def _without_good(
    codes: NDArray[np.uint32], back: Unread, spans: NDArray[np.intp]
) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """The parts of stretches that are neither good Chinese text as it stands nor characters that the page has
    not."""
    told = np.flatnonzero((codes >= _ASCII) | (codes == _BREAK))
    of = codes[told]
    good = (of >= EAST_ASIAN) & ((of < _HANGUL) | (of >= _AFTER_HANGUL)) & (of != GAP)
    good &= log_likelihood(codes)[told] > -_BITS_OF_GOOD
    edges = np.flatnonzero(np.diff(good, prepend=False, append=False))
    runs = edges.reshape(-1, 2)
    runs = runs[runs[:, 1] - runs[:, 0] >= _IN_A_ROW]
    out = back.foreign.copy()
    out[told[ranges(runs[:, 0], runs[:, 1] - runs[:, 0])]] = True
    widths = np.diff(back.starts)
    data = np.full_like(back.data, 0)
    for begin, end in spans.tolist():
        data[begin:end] = back.data[begin:end]
    out_bytes = np.concatenate(([False], np.repeat(out, widths), [False]))
    data[out_bytes[1:-1]] = 0
    found = np.array(list(stretches(data.tobytes())), dtype=np.intp).reshape(-1, 2)
    high = np.flatnonzero(codes >= _ASCII)
    first, last = high.searchsorted(back.starts.searchsorted(found.T))
    some = first < last  # others are `?` alone
    found, ends = found[some], np.stack((first, last - 1), axis=1)[some]
    are_common = alone()[np.minimum(codes[high[ends]], 0xFFFF)] > -_BITS_OF_COMMON
    return found, out_bytes[found + np.array((0, 1))] | are_common


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
