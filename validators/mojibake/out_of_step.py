"""Pairs of bytes that were read as pairs of another page, by a decoder that puts a sign for a byte of a pair it
has no character for: the byte behind it then begins a pair of its own, and all that follow are out of step."""

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.mojibake.codepages import Encoding, Unread
from jiaokan.validators.mojibake.pairing import stretches
from jiaokan.validators.mojibake.readings import GAP, Reading, decoded
from jiaokan.validators.plausibility import log_likelihood

_ANY_BYTE = 0xB0
"""Makes a pair with any byte before or behind it, in GBK and in Big5."""
_BITS_OF_WRONG = 40.0
_BITS_OF_GAP = 16.0
_CODECS = {"gbk": "gb18030", "big5": "cp950"}


def in_step(
    reading: Reading, back: Unread, codes: NDArray[np.uint32], encoding: Encoding
) -> Reading:
    """The reading of a text, whose bytes are `back`, with each stretch that holds signs paired anew from its
    beginning, where that reads better."""
    signs = back.starts[:-1][codes == GAP]
    if not len(signs):
        return reading
    raw = back.data.tobytes()
    parts: list[Reading] = []
    done = 0
    for begin, end in stretches(raw):
        low, high = signs.searchsorted((begin, end)).tolist()
        if low == high:
            continue
        first, last = reading.starts.searchsorted((begin, end)).tolist()
        again = _paired(raw[begin:end], signs[low:high] - begin, encoding)
        if _bits(again) < _bits(_part(reading, first, last)):
            parts += [_part(reading, done, first), again._replace(starts=again.starts + begin)]
            done = last
    parts.append(_part(reading, done, len(reading.codes)))
    return Reading(
        np.concatenate([part.codes for part in parts]),
        np.concatenate([*(part.starts[:-1] for part in parts), reading.starts[-1:]]),
        np.concatenate([part.wrong for part in parts]),
        np.concatenate([part.gaps for part in parts]),
    )


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
