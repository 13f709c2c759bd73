"""What character of an encoding would begin at each byte: the same bytes, read everywhere at once."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jiaokan.repair.decode.tables import (
    NONE,
    PAIR_LEADS,
    cns_planes,
    gb18030_ranges,
    pair_table,
    single_table,
)

Bytes = NDArray[np.uint8]
SAFE_BELOW = 0x30
"""No byte below this is part of a longer character in any of the encodings."""
_MANY = 4096
_ROUNDS = 600


@dataclass(frozen=True)
class Reading:
    """For each byte the length of the character that would begin there (0: none), and its code.

    A code of two code points is `PAIR_SENTINEL` plus the code, see `tables`.
    """

    lengths: NDArray[np.uint8]
    codes: NDArray[np.uint32]


def read_everywhere(encoding: str, data: Bytes) -> Reading:
    """The reading of the bytes by a table-driven encoding, or UTF-8."""
    if encoding == "utf-8":
        return _read_utf8(data)
    single = single_table(encoding)
    codes = single[data]
    lengths = (codes != NONE).astype(np.uint8)
    if encoding in PAIR_LEADS and len(data) > 1:
        leads = data[:-1].astype(np.uint32)
        found = pair_table(encoding)[leads << np.uint32(8) | data[1:]]
        known = found != NONE
        codes[:-1][known] = found[known]
        lengths[:-1][known] = 2
        if encoding == "gb18030":
            _read_gb18030(data, lengths, codes)
        elif encoding == "euc-tw":
            _read_euc_tw(data, lengths, codes)
        elif encoding == "euc_jp":
            _read_euc_jp(data, lengths, codes)
    return Reading(lengths, codes)


def follow(reading: Reading) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Where characters begin when read from the first byte on, and which of these are no
    character: a byte that begins none is passed over alone."""
    lengths = reading.lengths
    size = len(lengths)
    if size < _MANY:
        positions = np.array(_walk(lengths.tobytes(), 0, size), dtype=np.intp)
    else:
        positions = _follow_many(np.maximum(lengths, 1), size, reading)
    return positions, lengths[positions] == 0


def _walk(lengths: bytes, at: int, end: int) -> list[int]:
    starts: list[int] = []
    add = starts.append
    while at < end:
        add(at)
        at += lengths[at] or 1
    return starts


def _follow_many(steps: NDArray[np.uint8], size: int, reading: Reading) -> NDArray[np.intp]:
    """All segments between bytes that cannot be part of a longer character at the same time."""
    synchronous = np.flatnonzero((reading.codes < SAFE_BELOW) & (reading.lengths == 1))
    at = np.concatenate((np.zeros(1, dtype=np.intp), synchronous + 1))
    ends = np.append(synchronous + 1, size)
    is_start = np.zeros(size + 8, dtype=np.bool_)
    for _ in range(_ROUNDS):
        inside = at < ends
        at, ends = at[inside], ends[inside]
        if not len(at):
            break
        is_start[at] = True
        at = at + steps[at]
    else:
        lengths = reading.lengths.tobytes()
        for first, end in zip(at.tolist(), ends.tolist(), strict=True):
            is_start[_walk(lengths, first, end)] = True
    return np.flatnonzero(is_start[:size])


def _read_utf8(data: Bytes) -> Reading:
    size = len(data)
    padded = np.zeros(size + 3, dtype=np.uint8)
    padded[:size] = data
    first, second, third, fourth = (padded[k : k + size].astype(np.uint32) for k in range(4))
    follows = (padded & 0xC0) == 0x80
    one, two, three = (follows[k : k + size] for k in (1, 2, 3))
    lengths = (first < 0x80).astype(np.uint8)
    codes = np.where(lengths == 1, first, NONE)
    mask = np.uint32(0x3F)
    is_two = (first >= 0xC2) & (first < 0xE0) & one
    codes = np.where(is_two, (first & np.uint32(0x1F)) << 6 | second & mask, codes)
    three_codes = (first & np.uint32(0x0F)) << 12 | (second & mask) << 6 | third & mask
    is_three = (first >> 4 == 0xE) & one & two & (three_codes >= 0x800)
    is_three &= (three_codes < 0xD800) | (three_codes >= 0xE000)
    codes = np.where(is_three, three_codes, codes)
    four_codes = (first & np.uint32(0x07)) << 18 | (second & mask) << 12 | (third & mask) << 6
    four_codes |= fourth & mask
    is_four = (first >> 3 == 0x1E) & one & two & three
    is_four &= (four_codes >= 0x10000) & (four_codes < 0x110000)
    codes = np.where(is_four, four_codes, codes).astype(np.uint32)
    lengths[is_two] = 2
    lengths[is_three] = 3
    lengths[is_four] = 4
    return Reading(lengths, codes)


def _read_gb18030(data: Bytes, lengths: NDArray[np.uint8], codes: NDArray[np.uint32]) -> None:
    digit = (data >= 0x30) & (data <= 0x39)
    lead = (data >= 0x81) & (data <= 0xFE)
    if len(data) < 4:
        return
    at = np.flatnonzero(lead[:-3] & digit[1:-2] & lead[2:-1] & digit[3:])
    if not len(at):
        return
    b0, b1, b2, b3 = (data[at + k].astype(np.uint32) for k in range(4))
    linear = (b0 - 0x81) * 10 + b1 - 0x30
    linear = ((linear * 126 + b2 - 0x81) * 10 + b3 - 0x30).astype(np.uint32)
    starts, firsts = gb18030_ranges()
    which = np.searchsorted(starts, linear, side="right") - 1
    known = firsts[which] != NONE
    at, which, linear = at[known], which[known], linear[known]
    codes[at] = firsts[which] + linear - starts[which]
    lengths[at] = 4


def _read_euc_tw(data: Bytes, lengths: NDArray[np.uint8], codes: NDArray[np.uint32]) -> None:
    if len(data) < 4:
        return
    high = data >= 0xA1
    plane = (data[1:-2] >= 0xA1) & (data[1:-2] <= 0xAF)
    at = np.flatnonzero((data[:-3] == 0x8E) & plane & high[2:-1] & high[3:] & (data[2:-1] < 0xFF))
    at = at[data[at + 3] < 0xFF]
    column = data[at + 3].astype(np.intp) - 0xA1
    row = data[at + 2].astype(np.intp) - 0xA1
    found = cns_planes()[data[at + 1].astype(np.intp) - 0xA0, row * 94 + column]
    known = found != NONE
    codes[at[known]] = found[known]
    lengths[at[known]] = 4


def _read_euc_jp(data: Bytes, lengths: NDArray[np.uint8], codes: NDArray[np.uint32]) -> None:
    if len(data) < 3:
        return
    for at in np.flatnonzero((data[:-2] == 0x8F) & (data[1:-1] >= 0xA1) & (data[2:] >= 0xA1)):
        try:
            codes[at] = ord(data[at : at + 3].tobytes().decode("euc_jp"))
        except UnicodeDecodeError:
            continue
        lengths[at] = 3
