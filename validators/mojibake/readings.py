"""Bytes read as what they are: the right decoding, with what is incomplete kept in sight."""

import codecs
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.mojibake.codepages import (
    LOST,
    Encoding,
    Unread,
    page,
    pair_codecs_of,
    pairs_of,
)
from jiaokan.validators.mojibake.holes import controls_lost
from jiaokan.validators.mojibake.pairing import bits_alone, parted, stretches
from jiaokan.validators.plausibility import alone, likelihood_after
from jiaokan.validators.view import code_points

GAP = 0xFFFD
_QUESTION = 0x3F


class Reading(NamedTuple):
    """`codes` and where each begins in the bytes (one more for the end). `wrong`: the byte is not
    of the encoding. `gaps`: a character with bytes missing, of which others are there."""

    codes: NDArray[np.uint32]
    starts: NDArray[np.intp]
    wrong: NDArray[np.bool_]
    gaps: NDArray[np.bool_]


class Gone(NamedTuple):
    """How bytes can be gone. `singly`: each for itself, by a page of single bytes, so that any number of
    those behind the first one of a character may be gone, with a sign in the place of each or of none.
    `below`: of characters of two bytes, too, as a page's are that was itself misread. `by`: that page."""

    singly: bool = False
    below: bool = False
    by: str = ""


IN_PAIRS = Gone()


def read(data: NDArray[np.uint8], encoding: Encoding, gone: Gone = IN_PAIRS) -> Reading:
    """Bytes as text; `LOST` stands for a byte that is not known."""
    return read_utf8(data, gone) if encoding == "utf8" else _read_double(data, encoding, gone.by)


def read_pairs(back: Unread, encoding: Encoding) -> Reading:
    """Pairs of bytes that were read as pairs: each for itself, so that good text before them, whose
    bytes pair off differently, does not put them out of step."""
    first = back.data[back.starts[:-1]].astype(np.uint32)
    double = np.diff(back.starts) == 2
    last = back.data[back.starts[1:] - 1].astype(np.uint32)
    codes = np.where(double, characters_of(encoding)[first << 8 | last], first)
    wrong = (codes == 0) | (~double & (codes >= 0x80))
    return Reading(np.where(wrong, np.uint32(GAP), codes), back.starts, wrong, np.zeros_like(wrong))


@cache
def characters_of(encoding: Encoding) -> NDArray[np.uint32]:
    """The character of each pair of bytes; 0 where there is none."""
    table = np.zeros(0x10000, dtype=np.uint32)
    for pairs in (page(encoding).others, page(encoding).bytes_of):
        points = np.flatnonzero(pairs > 0xFF)
        table[pairs[points]] = points
    known, pairs = pairs_of(pair_codecs_of(encoding)[0])
    table[pairs] = known  # where codecs differ, what the first one reads
    return table


@cache
def _with_hong_kong(encoding: Encoding) -> NDArray[np.uint32]:
    """The same with the characters of Hong Kong where Big5 has none of its own."""
    table = characters_of(encoding).copy()
    if encoding == "big5":
        points, pairs = pairs_of("big5hkscs")
        private = (table[pairs] == 0) | ((table[pairs] >= 0xE000) & (table[pairs] < 0xF900))
        table[pairs[private]] = points[private]
    return table


def read_utf8(data: NDArray[np.uint8], gone: Gone = IN_PAIRS) -> Reading:
    """UTF-8, where bytes of a character of three may be `LOST`, `?` or not there at all."""
    size = len(data)
    b = np.zeros(size + 3, dtype=np.uint32)
    b[:size] = data
    cont = (b & 0xC0) == 0x80
    b0, b1, b2, b3 = b[:size], b[1 : size + 1], b[2 : size + 2], b[3:]
    c1, c2, c3 = cont[1 : size + 1], cont[2 : size + 2], cont[3:]
    two = (b0 >= 0xC2) & (b0 < 0xE0) & c1
    lead3 = (b0 & 0xF0) == 0xE0
    three = lead3 & c1 & c2 & ~((b0 == 0xE0) & (b1 < 0xA0)) & ~((b0 == 0xED) & (b1 > 0x9F))
    four = (b0 >= 0xF0) & (b0 < 0xF5) & c1 & c2 & c3
    four &= ~((b0 == 0xF0) & (b1 < 0x90)) & ~((b0 == 0xF4) & (b1 > 0x8F))
    codes = np.full(size, GAP, dtype=np.uint32)
    width = np.zeros(size, dtype=np.uint8)
    ascii_ = b0 < 0x80
    codes[ascii_] = b0[ascii_]
    width[ascii_] = 1
    codes[two] = (b0[two] & 0x1F) << 6 | b1[two] & 0x3F
    width[two] = 2
    codes[three] = (b0[three] & 0x0F) << 12 | (b1[three] & 0x3F) << 6 | b2[three] & 0x3F
    width[three] = 3
    codes[four] = (
        (b0[four] & 0x07) << 18 | (b1[four] & 0x3F) << 12 | (b2[four] & 0x3F) << 6 | b3[four] & 0x3F
    )
    width[four] = 4
    gap = np.zeros(size, dtype=np.bool_)
    if not ((width > 0).sum() and int(width.sum()) == size):
        leads = lead3
        if gone.below:
            leads = lead3 | ((b0 >= 0xC2) & (b0 < 0xE0))
        gap = _gaps(b, cont, leads, width, gone)
    covered = np.zeros(size + 4, dtype=np.bool_)
    for more in (1, 2, 3):
        covered[more : size + more] |= width > more
    at = np.flatnonzero(~covered[:size])
    starts = np.append(at, size)
    codes[gap] = GAP
    return Reading(codes[at], starts, (width == 0)[at], gap[at])


def _gaps(
    b: NDArray[np.uint32],
    cont: NDArray[np.bool_],
    leads: NDArray[np.bool_],
    width: NDArray[np.uint8],
    gone: Gone,
) -> NDArray[np.bool_]:
    """Characters of which some bytes are there and others not; their widths are set."""
    size = len(width)
    gap = np.zeros(size, dtype=np.bool_)
    lost = (b == LOST) | (b == _QUESTION)
    spoilt = (leads & (width == 0)) | lost[:size]
    at = np.flatnonzero(spoilt)
    with_lead = _left_singly(b, cont, lost, at) if gone.singly else _left(b, cont, lost, at)
    # A lost lead byte, before two bytes that only a character of three can end with.
    second = cont[at + 1] | ((b[at] == LOST) & lost[at + 1])
    without_lead = 3 * (second & cont[at + 2] & ~cont[at + 3])
    taken = np.where(leads[at], with_lead, without_lead)
    begins, taken = at[taken > 0], taken[taken > 0]
    begins, taken = _one_after_another(begins, taken)
    taken = np.minimum(taken, size - begins)
    for more in (1, 2):
        within = begins[taken > more] + more
        width[within[spoilt[within]]] = 0
    gap[begins] = True
    width[begins] = taken
    return gap


def _left(
    b: NDArray[np.uint32], cont: NDArray[np.bool_], lost: NDArray[np.bool_], at: NDArray[np.intp]
) -> NDArray[np.intp]:
    """How many bytes of a character of three are there from each place on, a sign standing for one byte or
    for a pair; 0 where there is none."""
    then, third = cont[at + 1], cont[at + 2]
    signs = np.where(lost[at + 1], 2 + (b[at + 2] == b[at + 1]), 0)
    alone = (b[at + 1] == LOST) | (lost[at + 1] & ~cont[at + 3])
    signs = np.where(alone & third, 3, signs)
    widths: NDArray[np.intp] = np.where(then, 2 + lost[at + 2], signs)
    return widths


def _left_singly(
    b: NDArray[np.uint32], cont: NDArray[np.bool_], lost: NDArray[np.bool_], at: NDArray[np.intp]
) -> NDArray[np.intp]:
    """The same where each byte stands for itself: a lead byte that stands alone was one only beside others
    that are misread."""
    some = cont | lost
    then = some[at + 1]
    third = then & some[at + 2] & ((b[at] & 0xF0) == 0xE0)
    beside = (b[at - 1] >= 0x80) | (b[at + 1] >= 0x80)
    widths: NDArray[np.intp] = np.where(then, 2 + third, beside.astype(np.intp))
    return widths


def _one_after_another(
    begins: NDArray[np.intp], widths: NDArray[np.intp]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Those that are left when each takes its bytes, from the first one on."""
    while True:
        over = np.zeros(len(begins), dtype=np.bool_)
        over[1:] = begins[1:] < (begins + widths)[:-1]
        over[1:] &= ~over[:-1]  # only what begins within one that stays
        if not over.any():
            return begins, widths
        begins, widths = begins[~over], widths[~over]


def _read_double(data: NDArray[np.uint8], encoding: Encoding, by: str) -> Reading:
    """GBK or Big5. A byte that is none of either is kept as a `wrong` one."""
    raw = data.tobytes()
    if encoding == "gbk":
        return _in_step(decoded(raw, "gb18030"), raw, encoding, by)
    reading = decoded(raw, "cp950")
    if reading.wrong.any():
        reading = _better_by_line(reading, decoded(raw, "big5hkscs"))
    return _in_step(reading, raw, encoding, by)


_MOST_LOST = 0.4
"""Of the characters: what has more bytes that are wrong is no GBK."""
_RARE_BITS = 15.0
_MOST_OF_BIG5 = 17.0
"""Of a character of Big5 some of whose bytes are out of step: 16.6 in 99 stretches of 100 of Cantonese whose
lead bytes windows-1252 dropped, while GBK read as Big5 has 19 to 23."""
_MOST_BITS = 13.0
"""Of the middle one of the characters, when each is looked at alone: of text it is about 10."""


def _in_step(reading: Reading, raw: bytes, encoding: Encoding, by: str) -> Reading:
    """The reading with bytes that may be out of step paired in the most probable way: in stretches with wrong
    bytes or rare characters, which are text for the most part and have no characters of four bytes. `by`: the
    page of single bytes that they were read by."""
    bits = -alone()[np.minimum(reading.codes, 0xFFFF)]
    told = bits > _RARE_BITS
    rare = told.nonzero()[0]
    if len(rare):  # what the one before makes probable is no chance
        left = np.where(rare > 0, reading.codes[rare - 1], np.uint32(_BREAK))
        told[rare] = -likelihood_after(left, reading.codes[rare]) > _RARE_BITS
    told |= reading.wrong
    if not told.any():
        return reading
    starts = reading.starts[:-1]
    of_four = np.diff(reading.starts) == 4
    spans = np.array(list(stretches(raw)), dtype=np.intp).reshape(-1, 2)
    first, last = starts.searchsorted(spans.T)
    counts = np.append(0, np.cumsum(of_four))
    usable = counts[last] == counts[np.maximum(first - 1, 0)]
    counts = np.append(0, np.cumsum(told))
    asked = usable & (counts[last] > counts[first])
    if encoding == "big5":  # another encoding read as Big5 is mostly rare characters
        before = np.append(0, np.cumsum(bits, dtype=np.float64))
        asked &= before[last] - before[first] < _MOST_OF_BIG5 * (last - first)
    line = np.searchsorted(np.flatnonzero(np.frombuffer(raw, np.uint8) == _BREAK), spans[:, 0])
    rows = np.flatnonzero(asked)
    made = dict(zip(rows.tolist(), _parted(raw, spans[rows], encoding, by), strict=True))
    lossy = {int(line[row]) for row, parts in made.items() if parts.are_broken.any()}
    if lossy:
        rows = np.flatnonzero(usable & np.isin(line, list(lossy)))
        made |= zip(
            rows.tolist(), _parted(raw, spans[rows], encoding, by, are_lost=True), strict=True
        )
    codes, begins, wrong = [], [], []
    done = 0
    for row in sorted(made):
        parts, is_lossy = made[row], line[row] in lossy
        lost = (parts.points == 0) | ((parts.margins < 0) & is_lossy)
        if not _is_text(parts.points[parts.are_known], lost[parts.are_known]):
            if not is_lossy:
                continue
            lost[:] = True
        kept = slice(done, first[row])
        codes += [reading.codes[kept], np.where(lost, np.uint32(GAP), parts.points)]
        begins += [starts[kept], parts.begins]
        wrong += [reading.wrong[kept], lost]
        done = last[row]
    kept = slice(done, None)
    all_wrong = np.concatenate((*wrong, reading.wrong[kept]))
    return Reading(
        np.concatenate((*codes, reading.codes[kept])),
        np.concatenate((*begins, reading.starts[kept])).astype(np.intp),
        all_wrong,
        np.zeros_like(all_wrong),
    )


class _Parts(NamedTuple):
    """The parts of a stretch: see `Part`. `begins`: where in the bytes; `are_known`: no character that the
    page has not."""

    begins: NDArray[np.intp]
    points: NDArray[np.uint32]
    margins: NDArray[np.float64]
    are_broken: NDArray[np.bool_]
    are_known: NDArray[np.bool_]


def _parted(
    raw: bytes,
    spans: NDArray[np.intp],
    encoding: Encoding,
    by: str,
    *,
    are_lost: bool = False,
) -> Iterator[_Parts]:
    """`by`: the page that may have lost some of the bytes; `are_lost`: whether it is known to have."""
    pieces = [raw[begin:end] for begin, end in spans.tolist()]
    lost = [controls_lost(by, frozenset(data)) for data in pieces]
    ones = [bits_alone(*each, are_lost=are_lost) for each in zip(pieces, lost, strict=True)]
    each = parted(pieces, _with_hong_kong(encoding), ones, lost, are_lost=are_lost)
    for begin, made in zip(spans[:, 0].tolist(), each, strict=True):
        widths, points, margins, broken = zip(*made, strict=True)
        sizes = np.array(widths, dtype=np.intp)
        begins = begin + np.cumsum(sizes) - sizes
        known = (sizes == 2) | (np.frombuffer(raw, dtype=np.uint8)[begins] != LOST)
        yield _Parts(
            begins, np.array(points, dtype=np.uint32), np.array(margins), np.array(broken), known
        )


def _is_text(codes: NDArray[np.uint32], wrong: NDArray[np.bool_]) -> bool:
    """Whether some bytes of a stretch may be wrong, but the rest is no chance."""
    if wrong.all() or np.count_nonzero(wrong) > _MOST_LOST * len(wrong):
        return False
    return float(np.median(-alone()[codes[~wrong]])) < _MOST_BITS


def _better_by_line(one: Reading, other: Reading) -> Reading:
    """Of two readings of the same bytes, for each line that which has fewer wrong bytes; else the
    first one."""
    lines = [np.append(0, np.cumsum(each.codes == _BREAK)[:-1]) for each in (one, other)]
    wrong = [
        np.bincount(line, each.wrong, lines[0][-1] + 1)
        for line, each in zip(lines, (one, other), strict=True)
    ]
    is_other = wrong[1] < wrong[0]
    if not is_other.any():
        return one
    kept, taken = ~is_other[lines[0]], is_other[lines[1]]
    starts = np.concatenate((one.starts[:-1][kept], other.starts[:-1][taken]))
    codes = np.concatenate((one.codes[kept], other.codes[taken]))
    is_wrong = np.concatenate((one.wrong[kept], other.wrong[taken]))
    order = np.argsort(starts)
    ends = np.append(starts[order], one.starts[-1])
    return Reading(codes[order], ends, is_wrong[order], np.zeros_like(is_wrong))


_BREAK = 0x0A


def decoded(raw: bytes, codec: str) -> Reading:
    """Bytes as a codec of pairs reads them; a byte that it cannot read is kept as a `wrong` one."""
    codes = code_points(raw.decode(codec, _KEEP))
    if codec == "big5hkscs":  # four codes of it are two code points
        codes = codes[(codes != 0x304) & (codes != 0x30C)]
    wrong = (codes >= 0xDC00) & (codes <= 0xDCFF)
    widths = np.where((codes < 0x80) | wrong, 1, 2)
    if codec == "gb18030":
        low = np.minimum(codes, 0xFFFF)
        widths[(widths == 2) & ~(_of_two_bytes()[low] & (codes < 0x10000))] = 4
    starts = np.zeros(len(codes) + 1, dtype=np.intp)
    np.cumsum(widths, out=starts[1:])
    assert starts[-1] == len(raw)
    return Reading(np.where(wrong, np.uint32(GAP), codes), starts, wrong, np.zeros_like(wrong))


@cache
def _of_two_bytes() -> NDArray[np.bool_]:
    """The code points that two bytes of GB 18030 stand for; all others of it have four."""
    table = np.zeros(0x10000, dtype=np.bool_)
    points, _ = pairs_of("gb18030")
    table[points] = True
    return table


_KEEP = "jiaokan-keep-byte"


def _keep_byte(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return chr(0xDC00 + error.object[error.start]), error.start + 1


codecs.register_error(_KEEP, _keep_byte)
