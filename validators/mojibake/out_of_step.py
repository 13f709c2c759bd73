"""Pairs of bytes that were read as pairs of another page, by a decoder that puts a sign for a byte of a pair it
has no character for: the byte behind it then begins a pair of its own, and all that follow are out of step."""

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.mojibake.codepages import Encoding, Unread
from jiaokan.validators.mojibake.pairing import stretches
from jiaokan.validators.mojibake.readings import GAP, Reading, decoded
from jiaokan.validators.plausibility import log_likelihood

_QUESTION = 0x3F
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
    raw = back.data.tobytes()
    parts: list[Reading] = []
    done = 0
    for begin, end in stretches(raw):
        ways = [_within(some, begin, end) for some in (replaced, signs)]
        if not len(ways[-1]):
            continue
        first, last = reading.starts.searchsorted((begin, end)).tolist()
        before = _part(reading, first, last)
        others = [_paired(raw[begin:end], way, encoding) for way in ways if len(way)]
        best = min((before, *others), key=_bits)
        if best is not before:
            parts += [_part(reading, done, first), best._replace(starts=best.starts + begin)]
            done = last
    parts.append(_part(reading, done, len(reading.codes)))
    return Reading(
        np.concatenate([part.codes for part in parts]),
        np.concatenate([*(part.starts[:-1] for part in parts), reading.starts[-1:]]),
        np.concatenate([part.wrong for part in parts]),
        np.concatenate([part.gaps for part in parts]),
    )


def _within(places: NDArray[np.intp], begin: int, end: int) -> NDArray[np.intp]:
    low, high = places.searchsorted((begin, end)).tolist()
    return places[low:high] - begin


def _part(reading: Reading, first: int, last: int) -> Reading:
    here = slice(first, last)
    return Reading(
        reading.codes[here],
        reading.starts[first : last + 1],
        reading.wrong[here],
        reading.gaps[here],
    )


def _paired(raw: bytes, signs: NDArray[np.intp], encoding: Encoding) -> Reading:
    """A stretch as its bytes pair off; a pair with a sign is a gap."""
    filled = bytearray(raw)
    for sign in signs.tolist():
        filled[sign] = _ANY_BYTE
    found = decoded(bytes(filled), _CODECS[encoding])
    held = found.starts.searchsorted(signs, side="right") - 1
    gaps = np.zeros(len(found.codes), dtype=np.bool_)
    gaps[held] = True
    codes = np.where(gaps, np.uint32(GAP), found.codes)
    return Reading(codes, found.starts, found.wrong & ~gaps, gaps)


def _bits(reading: Reading) -> float:
    bits: NDArray[np.float32] = -log_likelihood(reading.codes)
    bits[reading.wrong] = _BITS_OF_WRONG
    bits[reading.gaps] = _BITS_OF_GAP
    return float(bits.sum())
