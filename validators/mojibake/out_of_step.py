"""Pairs of bytes that were read as pairs of another page, by a decoder that puts a sign for a byte of a pair it
has no character for, or drops it: the byte behind it then begins a pair of its own, and all that follow are out
of step."""

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.mojibake.codepages import EAST_ASIAN, Encoding, Unread
from jiaokan.validators.mojibake.pairing import BITS_OF_ANY_HALF, parted, stretches
from jiaokan.validators.mojibake.readings import GAP, Reading, characters_of, decoded
from jiaokan.validators.plausibility import log_likelihood

_QUESTION = 0x3F
_HANGUL = 0xAC00
_BREAK = 0x0A
_ANY_BYTE = 0xB0
"""Makes a pair with any byte before or behind it, in GBK and in Big5."""
_BITS_OF_WRONG = 40.0
_BITS_OF_GAP = 16.0
_BITS_OF_GOOD, _BITS_OF_RARE = 11.0, 15.0
_LEAST_GOOD = 0.15
"""Of a stretch, characters that its neighbours make probable: where every other byte is dropped, some are left."""
_MOST_GOOD = 0.1
"""The same of what was misread, by chance."""
_FEW = 6
_CODECS = {"gbk": "gb18030", "big5": "cp950"}


def in_step(
    reading: Reading, back: Unread, codes: NDArray[np.uint32], encoding: Encoding
) -> Reading:
    """The reading of a text, whose bytes are `back`, with each stretch that holds signs paired anew from its
    beginning, where that reads better; and those from which bytes were dropped, in the most probable way. Such
    a sign is U+FFFD, and `?` where all of a stretch are."""
    spans = np.array(list(stretches(back.data.tobytes())), dtype=np.intp).reshape(-1, 2)
    begins = back.starts[:-1]
    replaced, signs = begins[codes == GAP], begins[(codes == GAP) | (codes == _QUESTION)]
    left = ~_hold(spans, begins[back.foreign])
    best, least = reading, np.full(len(spans), np.inf)
    for some in (replaced, signs):
        held = np.flatnonzero(_hold(spans, some))
        if len(held):
            again = _paired(back.data, spans[held], some, encoding)
            bits = _bits(again, spans[held])
            better = bits < np.minimum(least[held], _bits(reading, spans[held]))
            best = _with_spans(best, again, spans[held[better]])
            least[held[better]] = bits[better]
            left[held[better]] = False
    left[left] = _may_lack_bytes(best, spans[left])
    if left.any():
        left[left] = ~_hold_text(codes, back.starts.searchsorted(spans[left]))
    return _with_dropped(best, back.data, spans[left], encoding)


def _hold(spans: NDArray[np.intp], places: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Which stretches hold any of these places."""
    low, high = places.searchsorted(spans.T)
    held: NDArray[np.bool_] = low < high
    return held


def _hold_text(codes: NDArray[np.uint32], bounds: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Which stretches hold good Chinese text, whose bytes are none of another encoding."""
    chinese = (codes >= EAST_ASIAN) & (codes < _HANGUL)
    good = np.append(0, np.cumsum((log_likelihood(codes) > -_BITS_OF_GOOD) & chinese))
    first, last = bounds.T
    held: NDArray[np.bool_] = good[last] - good[first] > _MOST_GOOD * (last - first)
    return held


def _with_dropped(
    reading: Reading, data: NDArray[np.uint8], spans: NDArray[np.intp], encoding: Encoding
) -> Reading:
    """The reading with stretches that read better where bytes were dropped. Halves of pairs are gaps, and so
    are pairs that may as well be halves of two."""
    codes, starts, taken = [], [], []
    raw = [data[begin:end].tobytes() for begin, end in spans.tolist()]
    made = parted(
        raw, characters_of(encoding), [b""] * len(raw), are_lost=True, of_half=BITS_OF_ANY_HALF
    )
    for (begin, end), parts in zip(spans.tolist(), made, strict=True):
        if all(part.code for part in parts):
            continue
        widths, points, margins, _ = zip(*parts, strict=True)
        sizes = np.array(widths, dtype=np.intp)
        known = (np.array(margins) >= 0) | (sizes == 1)
        codes.append(np.where(known, np.array(points, dtype=np.uint32), 0))
        starts.append(begin + np.cumsum(sizes) - sizes)
        taken.append((begin, end))
    if not taken:
        return reading
    all_codes = np.concatenate(codes)
    gaps = all_codes == 0
    all_codes[gaps] = GAP
    ends = np.concatenate((*starts, [len(data)]))
    other = Reading(all_codes, ends, np.zeros_like(gaps), gaps)
    read = np.array(taken)
    return _with_spans(reading, other, read[_bits(other, read) < _bits(reading, read)])


def _may_lack_bytes(reading: Reading, spans: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Which stretches are in part, but not all, what text is."""
    bits = -log_likelihood(reading.codes)
    good = (bits < _BITS_OF_GOOD) & ~reading.wrong & (reading.codes >= 0x80)
    bad = (bits > _BITS_OF_RARE) | reading.wrong
    bad[1:] &= bad[:-1].copy()  # two in a row: a rare character stands alone
    first, last = reading.starts.searchsorted(spans.T)
    counted = (np.append(0, np.cumsum(each)) for each in (good, bad))
    many, some = (each[last] - each[first] for each in counted)
    lack: NDArray[np.bool_] = (last - first >= _FEW) & (some > 0)
    lack &= many >= _LEAST_GOOD * (last - first)
    return lack


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
