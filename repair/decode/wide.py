"""UTF-16 and UTF-32: found without a mark, and read although bytes are missing."""

import numpy as np
from numpy.typing import NDArray

from jiaokan.repair.decode.lattice import Stretch
from jiaokan.repair.decode.scoring import STRAY
from jiaokan.validators.plausibility import log_likelihood

WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
_PRIOR = {"utf-16-le": 5.0, "utf-16-be": 8.0, "utf-32-le": 9.0, "utf-32-be": 10.0}
MAX_ASTRAY = 200
_ENOUGH, _ASCII_SHARE = 16, 0.75
"""So many units, of which so many are two characters of ASCII, are ASCII: of Chinese a fifth are."""
_FEW = 8
"""So many units, of which all but one are two characters of ASCII, are ASCII."""
_OF_ASCII = 10.0
"""Bits more where all bytes are ASCII, as UTF-16 without a mark hardly ever is; a third of one character's."""
_NUL_COST = 24.0
"""U+0000 stands in no text: where bytes are NULs two and two, they are as strange in any encoding."""
_IS_ASCII = np.zeros(256, dtype=np.bool_)
_IS_ASCII[[*b"\t\n\r", *range(0x20, 0x7F)]] = True


def code_units(data: bytes, encoding: str) -> NDArray[np.uint32]:
    """The units of UTF-16 or UTF-32; bytes that do not fill one at the end are left out."""
    width = 2 if "16" in encoding else 4
    order = "<" if encoding.endswith("le") else ">"
    return np.frombuffer(data, dtype=f"{order}u{width}", count=len(data) // width).astype(np.uint32)


def wide_costs(data: bytes) -> dict[str, float]:
    """What the bytes, some thousands at most, cost in bits, read by each wide encoding; only those
    that are possible."""
    costs = {}
    ascii_too = data.isascii()
    for encoding in WIDE:
        width = 2 if "16" in encoding else 4
        units = code_units(data, encoding)
        if not len(units) or (width == 4 and len(data) % 4):
            continue
        if width == 4:
            if (units > 0x10FFFF).any():
                continue
            cost = _cost(units)
        elif (ascii_too and len(data) % 2) or _is_ascii(data):
            continue
        else:
            cost = _cost_of_utf16(units)
            if len(data) % 2:
                cost = min(cost, _totals(data, encoding).min() + STRAY)
        cost += STRAY * (len(data) % width) + _PRIOR[encoding]
        costs[encoding] = cost + _OF_ASCII * ascii_too
    return costs


def _is_ascii(data: bytes) -> bool:
    """Whether nearly all of it, two bytes at a time, would be printable ASCII: strange enough ASCII is
    dearer than the rare characters that it is in UTF-16."""
    printable = _IS_ASCII[np.frombuffer(data[: len(data) // 2 * 2], dtype=np.uint8)]
    pairs = printable[::2] & printable[1::2]
    count = np.count_nonzero(pairs)
    if len(pairs) < _ENOUGH:
        return len(pairs) >= _FEW and bool(count >= len(pairs) - 1)
    return bool(count >= _ASCII_SHARE * len(pairs))


def _cost(codes: NDArray[np.uint32]) -> float:
    """Without the bounds that `scoring` has: half of all pairs of bytes are a rare character."""
    return float(-log_likelihood(codes).sum()) + _NUL_COST * int(np.count_nonzero(codes == 0))


def _cost_of_utf16(units: NDArray[np.uint32]) -> float:
    high = (units >= 0xD800) & (units < 0xDC00)
    low = (units >= 0xDC00) & (units < 0xE000)
    paired = np.zeros(len(units), dtype=np.bool_)
    paired[:-1] = high[:-1] & low[1:]
    second = np.zeros(len(units), dtype=np.bool_)
    second[1:] = paired[:-1]
    codes = units.copy()
    at = np.flatnonzero(paired)
    codes[at] = 0x10000 + ((units[at] - 0xD800) << np.uint32(10)) + (units[at + 1] - 0xDC00)
    lone = int(((high & ~paired) | (low & ~second)).sum())
    kept = codes[~second]
    return _cost(kept) + lone * 12.0


def read_wide(data: bytes, encoding: str) -> list[Stretch]:
    """Stretches of UTF-16 or UTF-32; what fills no character, or half a pair, is astray."""
    if "16" in encoding and len(data) % 2:
        at = _missing_byte(data, encoding)
        if at is not None:
            before = _strict(data[:at], encoding, 0)
            rest = _strict(data, encoding, at + 1)
            return [*before, Stretch(None, at, at + 1), *rest]
    return _strict(data, encoding, 0)


def _missing_byte(data: bytes, encoding: str) -> int | None:
    """Where one byte of UTF-16 is all that is left of a character; None: not inside the data."""
    total = _totals(data, encoding)
    best = int(np.argmin(total))
    return 2 * best if total[best] + STRAY < total[-1] else None


def _totals(data: bytes, encoding: str) -> NDArray[np.float64]:
    """What all costs if one byte is missing from unit k, so that the rest is a byte off; the last
    is the cost of all as it stands."""
    plain = _costs_of_units(data, encoding)
    later = _costs_of_units(data[1:], encoding)
    count = min(len(plain), len(later))
    rest = np.cumsum(later[:count][::-1])[::-1]
    total = np.concatenate((np.zeros(1), np.cumsum(plain[:count])))
    total[:-1] += rest
    return total


def _costs_of_units(data: bytes, encoding: str) -> NDArray[np.float64]:
    units = code_units(data, encoding)
    costs = np.minimum(-log_likelihood(units), 24.0).astype(np.float64)
    costs[(units >= 0xD800) & (units < 0xE000)] = 16.0
    return costs


def _strict(data: bytes, encoding: str, at: int) -> list[Stretch]:
    width = 2 if "16" in encoding else 4
    stretches: list[Stretch] = []
    errors = 0
    while at < len(data):
        try:
            data[at:].decode(encoding)
        except UnicodeDecodeError as error:
            good, bad = at + error.start, min(at + error.start + width, len(data))
            if good > at:
                stretches.append(Stretch(encoding, at, good))
            if stretches and stretches[-1].encoding is None and stretches[-1].end == good:
                good = stretches.pop().start
            stretches.append(Stretch(None, good, bad))
            at = bad
            errors += 1
            if errors > MAX_ASTRAY:
                return [*stretches, Stretch(None, at, len(data))] if at < len(data) else stretches
        else:
            stretches.append(Stretch(encoding, at, len(data)))
            at = len(data)
    return stretches
