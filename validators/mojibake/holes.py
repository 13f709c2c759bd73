"""What is lost of text that was read wrongly: which bytes a page can lose, and where pairs are gone.

A page has no character for some bytes, and an invisible one for others. What copies such text, a browser,
an editor, a filter for control characters, drops these, or puts `?` or U+FFFD for them. Which bytes
those are leaves only a few characters of UTF-8 that can have stood there.
"""

import unicodedata
from collections.abc import Iterable
from functools import cache
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.mojibake.codepages import (
    LOST,
    Encoding,
    Unread,
    bytes_in,
    codecs_of,
    page,
    pair_codecs_of,
    pair_codecs_with,
)
from jiaokan.validators.plausibility import alone

_INVISIBLE = frozenset(("Cc", "Cf", "Zs", "Co", "Cn"))
_CONTROL = "Cc"
_EVERY = bytes(range(0x80, 0x100))


class Loss(NamedTuple):
    """`of[n]`: the bytes that `LOST - n` in a gap may have been; those of the first may be absent, too.
    `anywhere`: whether a byte that is absent may have been any but the first one, or the last alone.
    `pairs`: the codecs of pairs one of which lost it, if it was such (see `lost_before`). `true`: what encoding the
    text has."""

    of: tuple[bytes, ...]
    anywhere: bool
    pairs: tuple[str, ...] = ()
    true: Encoding = "utf8"


ANY = Loss((_EVERY,), anywhere=False)
"""Of pages of pairs: their decoders stumble over any byte."""


def lost_by(page: str, text: Iterable[str], true: Encoding = "utf8") -> Loss:
    """What a page can have lost of text that shows these characters. Those pages that share a table are
    told apart by them, and what is seen of the invisible ones was not lost."""
    codecs = codecs_of(page)
    if not codecs:
        loss = PRIVATE_PAIRS if page == "gbk" and true == "utf8" else ANY
        return loss._replace(pairs=pair_codecs_with(page, text), true=true)
    seen = set(text) & set().union(*map(bytes_in, codecs))
    codec = next((each for each in codecs if seen <= bytes_in(each).keys()), codecs[-1])
    controls = any(unicodedata.category(character) == _CONTROL for character in seen)
    lost = [
        byte
        for character, byte in bytes_in(codec).items()
        if (kind := unicodedata.category(character)) in _INVISIBLE
        and character not in seen
        and not (controls and kind == _CONTROL)
    ]
    return Loss((bytes(sorted(lost)),), anywhere=True)


def controls_lost(page: str, seen: frozenset[int]) -> bytes:
    """The bytes that a page of single bytes shows as controls, where none of these is one: what dropped such
    left none."""
    for codec in codecs_of(page):
        controls = _controls(codec)
        if seen.isdisjoint(controls):
            return controls
    return b""


@cache
def _controls(codec: str) -> bytes:
    read = bytes_in(codec).items()
    return bytes(sorted(byte for char, byte in read if unicodedata.category(char) == _CONTROL))


@cache
def lost_before(pairs: tuple[str, ...]) -> NDArray[np.bool_]:
    """Whether one of these codecs of pairs can have put a sign for one byte (the row) before another (the column): it
    has a character neither for the pair nor for the byte alone. Shape (256, 256)."""
    found = np.zeros((256, 256), dtype=np.bool_)
    for codec in pairs:
        found |= _lost_before(codec)
    return found


@cache
def _lost_before(codec: str) -> NDArray[np.bool_]:
    found = np.ones((256, 256), dtype=np.bool_)
    for first in range(0x100):
        if bytes((first,)).decode(codec, "ignore"):
            found[first] = False
            continue
        # Each pair by itself: ASCII ends whatever cannot be read.
        rows = b"".join(bytes((first, second, 0x0A)) for second in range(0x40, 0x100))
        read = rows.decode(codec, "replace").split("\n")
        found[first, 0x40:] = [pair.startswith("\ufffd") for pair in read[:-1]]
    return found


@cache
def lost_below(raw: bytes, loss: Loss, page_below: str) -> bytes:
    """The bytes that a page had read, of which a character came that, read wrongly once more, lost some of
    its own: `raw` is left."""
    table = page(page_below).bytes_of
    points = np.flatnonzero((table >= 0x80) & (table < 0x100))
    found = {
        int(table[point]) for point in points.tolist() if _may_be(raw, chr(point).encode(), loss)
    }
    return bytes(sorted(found))


def _may_be(raw: bytes, whole: bytes, loss: Loss) -> bool:
    """Whether bytes with some lost can have been these."""
    absent = len(whole) - len(raw)
    if absent < 0 or (absent and not loss.anywhere):
        return False
    places = combinations(range(1, len(whole)), absent)
    lost = (0x3F, *range(LOST, LOST - len(loss.of), -1))
    for gone in places:
        left = iter(raw)
        if all(
            (byte in loss.of[0])
            if at in gone
            else (seen := next(left)) == byte
            or (seen in lost and byte in loss.of[0 if seen == 0x3F else LOST - seen])
            for at, byte in enumerate(whole)
        ):
            return True
    return False


_THIRD, _LEAD, _SECOND, _LAST = LOST - 1, LOST - 2, LOST - 3, LOST - 4
PRIVATE_PAIRS = Loss(
    (
        _EVERY,
        bytes(range(0xAA, 0xB0)),
        bytes((*range(0xE2, 0xEA), 0xEF)),
        bytes((*range(0xA1, 0xA8), *range(0xAA, 0xB0))),
        bytes(range(0x80, 0xC0)),
    ),
    anywhere=False,
    pairs=pair_codecs_of("gbk"),
)
"""The same of GBK, which has private use for the pairs that begin with AA to AF, and for those from A1 40
to A7 A0: filters drop these characters whole, the end of one character and the start of the next, or the
last two bytes of one. (F8 to FE are no bytes of UTF-8.)"""


def with_private_pairs(back: Unread) -> tuple[Unread, NDArray[np.uint8]]:
    """The bytes of text that was read as GBK, with `LOST` where UTF-8 goes on only if a pair is gone
    between two characters of the text; and there, 0 elsewhere, what may be lost as `PRIVATE_PAIRS` has it."""
    data, starts = back.data, back.starts
    padded = np.concatenate((data, np.zeros(6, dtype=np.uint8)))
    lead = (data & 0xF0) == 0xE0
    cont = (padded & 0xC0) == 0x80
    begins = np.zeros(len(padded) + 1, dtype=np.bool_)
    begins[starts] = True
    size = len(data)
    one, two, three = (cont[more : size + more] for more in (1, 2, 3))
    is_sign = (padded == LOST) | (padded == 0x3F)
    # L c, c' c'': a character of three and one byte too many.
    across = np.flatnonzero(lead & one & two & three & begins[2 : size + 2]) + 2
    # L, L': a lead byte with nothing after it.
    within = lead & ~one & begins[1 : size + 1] & ~is_sign[1 : size + 1]
    behind = np.flatnonzero(within) + 1
    # L c ? c' c'': a sign that stands for a pair, and is one byte.
    four, five = (cont[more : size + more] for more in (4, 5))
    third = lead & one & is_sign[2 : size + 2]
    paired = np.flatnonzero(third & three & four & ~five) + 3
    if len(paired):
        across = across[~np.isin(across + 1, paired)]
    # L c ? ? c' L': the same before a character of which a sign stands for the second byte.
    leads = (padded & 0xF0) == 0xE0
    with_second = third & is_sign[3 : size + 3] & four & leads[5 : size + 5]
    paired = np.append(paired, np.flatnonzero(with_second) + 3)
    # L c ? c' L': the pair is gone without a sign.
    before_second = third & (padded[2 : size + 2] == 0x3F) & three & leads[4 : size + 4]
    across = np.append(across, np.flatnonzero(before_second & begins[2 : size + 2]) + 2)
    euros = _euros_of_pairs(padded, lead & one & begins[2 : size + 2] & is_sign[3 : size + 3])
    if not len(across) + len(behind) + len(paired) + len(euros):
        return back, np.zeros_like(data)
    places = np.concatenate((np.repeat(np.concatenate((across, behind)), 2), paired, euros + 1))
    kinds = np.concatenate((
        _in_turns(_THIRD, _LEAD, number=len(across)), _in_turns(_SECOND, _LAST, number=len(behind)),
        _in_turns(_LEAD, number=len(paired)), _in_turns(0, number=len(euros)),
    ))  # fmt: skip
    order = places.argsort(kind="stable")
    new = places[order] + np.arange(len(places))
    is_new = np.zeros(size + len(places), dtype=np.bool_)
    is_new[new] = True
    marks, filled = np.zeros((2, len(is_new)), dtype=np.uint8)
    marks[new] = kinds[order]
    filled[new] = np.where(kinds > 0, np.uint8(LOST), np.uint8(_EURO & 0xFF))[order]
    data = data.copy()
    data[euros] = _EURO >> 8
    filled[~is_new] = data
    moved = np.cumsum(np.bincount(places, minlength=size + 1))[starts]
    return Unread(filled, starts + moved, back.foreign), marks


def _in_turns(*values: int, number: int) -> NDArray[np.uint8]:
    """These values, one after the other, so many times."""
    return np.tile(np.array(values, dtype=np.uint8), number)


_EURO = 0xA2E3
"""What GB 18030 has `€` for, and Windows private use; there it is the byte 80."""
_RARER = 6.0


def _euros_of_pairs(data: NDArray[np.uint8], before_sign: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Where `€` stands for the end of a character and the start of the next, of which nothing else is left, as
    it does before each `。` with A2 before it: where the byte 80 would end a far rarer character.
    `before_sign`: where a character begins of which the third byte is one of the text's, a sign behind it."""
    at = np.flatnonzero(before_sign)
    at = at[data[at + 2] == 0x80]
    first = (data[at].astype(np.uint32) & 15) << 12 | (data[at + 1].astype(np.uint32) & 63) << 6
    bits = alone()
    rarer = bits[first] < bits[first | (_EURO >> 8 & 63)] - _RARER
    found: NDArray[np.intp] = at[rarer] + 2
    return found
