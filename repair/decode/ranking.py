"""Which encoding a file is in: every encoding reads a sample, line by line, and the costs decide."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from jiaokan.repair.decode.reading import Bytes, Reading, follow, read_everywhere
from jiaokan.repair.decode.scoring import STRAY, STRAY_NEXT, costs_in_sequence
from jiaokan.repair.decode.signatures import same_reading
from jiaokan.repair.decode.tables import PAIR_LEADS

PRIOR = {
    "utf-8": 0, "gb18030": 1, "cp950": 2, "cp932": 4, "euc_jp": 5, "cp949": 5, "euc-tw": 12,
    "johab": 16,
    "big5hkscs": 6, "big5-uao": 10, "cp1252": 5, "cp1251": 5, "koi8-r": 6, "cp1250": 8, "cp1253": 8, "cp1254": 9,
    "cp1255": 8, "cp1256": 8, "cp1257": 10, "cp1258": 10, "koi8-u": 9, "cp874": 9,
    "cp866": 10, "iso8859-5": 12, "iso8859-2": 10, "iso8859-7": 11, "cp437": 14, "mac-roman": 14,
}  # fmt: skip
"""How rare each is among files that Chinese users meet, in bits."""
USUAL = ("utf-8", "gb18030", "cp950")
OTHERS = tuple(name for name in PRIOR if name not in USUAL)
ISOLATED = 4.0
"""Counted against double-byte encodings for each non-ASCII byte, if nearly all stand alone."""
CHANGE = 16.0
"""At most this much worse than the best is counted against an encoding in one line: a line of
another encoding says little about the others."""
KANA_IN_CHINESE = 12.0
WITHOUT_ACCENTS = frozenset(
    ("cp1251", "koi8-r", "koi8-u", "cp866", "iso8859-5", "cp1253", "iso8859-7", "cp1255", "cp1256", "cp874")
)  # fmt: skip
"""Encodings of one byte whose other letters are not those of Latin words."""
PLAIN_TEXT = 6.0
"""Bits a non-ASCII byte up to which EUC-TW is believed: hardly any file is in it, and lists and tables
of other encodings read as rare characters of it."""
GLUED = 6.0
"""Counted against double-byte encodings for each one to three bytes within an ASCII word."""
CERTAIN = 99.0
SAMPLE = 6144
"""Bytes that are looked at to decide."""
_PLAUSIBLE = 5.0
"""A multi-byte reading that costs less than this per non-ASCII byte has no rival."""
_ENOUGH = 24


@dataclass(frozen=True)
class Ranking:
    """Encodings from the most probable on, with their costs in bits over the sample."""

    encodings: tuple[str, ...]
    costs: tuple[float, ...]
    high: int
    """Number of non-ASCII bytes in the sample."""
    wrong: int
    """How many bytes of the sample are no character in the first of them."""
    other: float
    """What the sample costs in the first of them, ASCII aside."""

    @property
    def margin(self) -> float:
        """How many bits the next encoding costs more that is not an edition of the first."""
        for name, cost in zip(self.encodings, self.costs, strict=True):
            if not same_reading(name, self.encodings[0]):
                return cost - self.costs[0]
        return CERTAIN


@dataclass(frozen=True)
class LineCosts:
    """Costs of lines as read by one encoding: arrays with one value a line."""

    bits: NDArray[np.float64]
    wrong: NDArray[np.intp]
    """How many bytes begin no character."""
    other: NDArray[np.float64]
    """Costs of what is not ASCII."""
    worst: NDArray[np.float32]
    """Highest cost of three characters in a row of which one at least is not ASCII."""


def rank(
    sample: bytes, encodings: Sequence[str] | None = None, bonus: dict[str, float] | None = None
) -> Ranking:
    """All encodings, or those given, by how well the sample reads in them."""
    array = np.frombuffer(sample, dtype=np.uint8)
    starts = line_starts(array)
    high = int((array >= 0x80).sum())
    bonus = bonus or {}
    asked = tuple(encodings or USUAL)
    costs: dict[str, LineCosts] = {}
    if encodings is None and not bonus:
        costs = {"gb18030": line_costs("gb18030", array, starts)}
        if _settled(costs, array, high):
            only = costs["gb18030"]
            return Ranking(
                ("gb18030",), (float(only.bits.sum()),), high, 0, float(only.other.sum())
            )
    costs |= {name: line_costs(name, array, starts) for name in asked if name not in costs}
    if encodings is None and not _settled(costs, array, high):
        costs |= {name: line_costs(name, array, starts) for name in OTHERS}
    table = np.stack([cost.bits for cost in costs.values()])
    capped = np.minimum(table, table.min(axis=0) + CHANGE).sum(axis=1)
    totals = {
        name: float(total) + PRIOR.get(name, 8) - bonus.get(name, 0.0)
        for name, total in zip(costs, capped, strict=True)
    }
    isolated = ISOLATED * _isolated(array, high)
    glued = GLUED * _between_letters(array) + isolated
    for name in totals:
        if name in PAIR_LEADS:
            totals[name] += glued
        elif name in WITHOUT_ACCENTS:
            totals[name] += isolated
        if name == "euc-tw" and costs[name].other.sum() > PLAIN_TEXT * high:
            totals[name] += STRAY * high
    if "gb18030" in totals and _mostly_kana(array, high):
        totals["gb18030"] += KANA_IN_CHINESE
    order = sorted(totals, key=totals.__getitem__)
    best = costs[order[0]]
    return Ranking(
        tuple(order), tuple(totals[name] for name in order), high,
        int(best.wrong.sum()), float(best.other.sum()),
    )  # fmt: skip


def _settled(costs: dict[str, LineCosts], array: Bytes, high: int) -> bool:
    """Whether one of the usual encodings reads so well that no other need be asked."""
    if high < _ENOUGH:
        return False
    best = min(costs, key=lambda name: float(costs[name].bits.sum()))
    if costs[best].wrong.any() and best != "utf-8":
        return False
    if best == "gb18030" and _mostly_kana(array, high):
        return False
    return float(costs[best].other.sum()) < _PLAUSIBLE * high


def _mostly_kana(array: Bytes, high: int) -> bool:
    """Whether kana, which GB 2312 and JIS X 0208 have in the same places, are most of the text."""
    return int(((array == 0xA4) | (array == 0xA5)).sum()) * 4 > high


def _between_letters(array: Bytes) -> int:
    """How many non-ASCII passages have an ASCII letter on either side, as accented letters have."""
    if len(array) < 3:
        return 0
    letter = ((array | 0x20) >= 0x61) & ((array | 0x20) <= 0x7A)
    word = letter[:-1] & letter[1:]  # two, since a single one may be a trail byte
    high = array >= 0x80
    begins = np.flatnonzero(word[:-1] & high[2:]) + 2
    ends = np.flatnonzero(high[:-2] & word[1:]) + 1
    after = np.searchsorted(ends, begins)
    inside = after < len(ends)
    begins, after = begins[inside], after[inside]
    return int((ends[after] - begins <= 3).sum())


def _isolated(array: Bytes, high: int) -> int:
    """How many non-ASCII bytes stand alone, where nearly all do: double-byte text is not so."""
    if not high:
        return 0
    is_high = np.zeros(len(array) + 2, dtype=np.bool_)
    is_high[1:-1] = array >= 0x80
    single = is_high[1:-1] & ~is_high[:-2] & ~is_high[2:]
    if int(single.sum()) * 5 <= high * 4:
        return 0
    lower = array | 0x20
    letter = (lower >= 0x61) & (lower <= 0x7A)
    digit = (array >= 0x30) & (array <= 0x39)
    at = np.flatnonzero(single[2:]) + 2
    # The letter that ends an escape sequence, as in ESC [ 33 m, has a digit before it.
    return int((letter[at - 1] & ~digit[at - 2]).sum())


def accented(data: bytes) -> bool:
    """Whether the non-ASCII bytes are few, nearly all of them stand alone, and most behind an ASCII
    letter, as accented letters do."""
    array = np.frombuffer(data, dtype=np.uint8)
    high = int((array >= 0x80).sum())
    return high * 8 < len(array) and _isolated(array, high) * 2 > high


def line_starts(array: Bytes) -> NDArray[np.intp]:
    """Where lines begin: the first byte, and those after a line feed."""
    breaks = np.flatnonzero(array == 0x0A) + 1
    starts = np.concatenate((np.zeros(1, dtype=np.intp), breaks))
    return starts[starts < len(array)] if len(array) else starts[:1]


def line_costs(encoding: str, array: Bytes, starts: NDArray[np.intp]) -> LineCosts:
    """What each line costs when read by one encoding."""
    read = read_lines_by(encoding, array)
    firsts = np.searchsorted(read.positions, starts)
    return LineCosts(
        np.add.reduceat(read.costs, firsts).astype(np.float64),
        np.add.reduceat(read.wrong, firsts, dtype=np.intp),
        np.add.reduceat(np.where(read.other, read.costs, 0), firsts).astype(np.float64),
        np.maximum.reduceat(read.windows, firsts),
    )


@dataclass(frozen=True)
class Read:
    """Bytes read by one encoding from the first on, a value a character."""

    reading: Reading
    positions: NDArray[np.intp]
    """The byte at which each begins."""
    wrong: NDArray[np.bool_]
    """Whether it is none, but a byte that begins none."""
    costs: NDArray[np.float32]
    other: NDArray[np.bool_]
    """Whether it is not ASCII."""
    near_other: NDArray[np.bool_]
    """Whether it is not ASCII, or beside one that is not."""

    @cached_property
    def windows(self) -> NDArray[np.float32]:
        """The cost of each with the two before it, of those near a non-ASCII one."""
        near = np.where(self.near_other, self.costs, np.float32(0))
        windows = near.copy()
        windows[1:] += near[:-1]
        windows[2:] += near[:-2]
        return windows


def read_lines_by(encoding: str, array: Bytes) -> Read:
    """Lines read by one encoding; a line feed is a character in all of them."""
    reading = read_everywhere(encoding, array)
    positions, wrong = follow(reading)
    codes = reading.codes[positions]
    costs = costs_in_sequence(codes)
    if wrong.any():
        costs[wrong] = STRAY
        costs[1:][wrong[1:] & wrong[:-1]] = STRAY_NEXT
    other = codes >= 0x80
    beside = other.copy()
    beside[1:] |= other[:-1]
    beside[:-1] |= other[1:]
    return Read(reading, positions, wrong, costs, other, beside)


def sample_of(data: bytes, size: int = SAMPLE) -> bytes:
    """A part of the data that shows what it is in: lines with non-ASCII bytes, from all over."""
    if len(data) <= size:
        return data
    pieces: list[bytes] = []
    places = 6
    each = size // places
    step = len(data) // places
    for place in range(places):
        window = np.frombuffer(data, dtype=np.uint8, offset=place * step, count=step)
        block = 1 << 16
        for begin in range(0, len(window), block):
            high = np.flatnonzero(window[begin : begin + block] >= 0x80)
            if len(high):
                at = place * step + begin + int(high[0])
                start = data.rfind(b"\n", max(0, at - 256), at) + 1 or at
                end = start + each
                cut = data.rfind(b"\n", max(start + each // 2, at), end)
                piece = data[start : cut + 1 if cut > 0 else end]
                pieces.append(piece if piece.endswith(b"\n") else piece + b"\n")
                break
    return b"".join(pieces) or data[:size]
