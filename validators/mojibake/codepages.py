"""What bytes each wrong decoder read a character from: the inverse of a code page, quirks included.

A table holds all that the decoders in use make of a byte or a pair: Python's, those of the WHATWG
standard and of Windows (which give the private use area for pairs without a character, and C1
controls for bytes without one).
"""

from collections.abc import Iterable
from functools import cache
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Encoding: TypeAlias = Literal["utf8", "gbk", "big5"]
"""What the text really was."""

LOST = 0xFF
"""Stands for a byte that is gone; no UTF-8, GBK or Big5 text has it."""

EAST_ASIAN = 0x2E80
"""From this code point on no page of single bytes has characters, but for a few."""
_DOUBLE = {
    "gbk": ("gb18030", "gbk", "gb2312"),
    "big5": ("cp950", "big5hkscs", "big5"),
    "shift-jis": ("cp932", "shift_jis"),
    "euc-kr": ("cp949", "euc_kr"),
}
_SINGLE = {
    "latin1": ("latin-1", "cp1252", "cp1254", "cp1258"),
    "cp437": ("cp437", "cp860", "cp865", "cp861"),
    "cp850": ("cp850", "cp858", "cp857"),
    "cp852": ("cp852",),
    "cp866": ("cp866",),
    "cp1250": ("cp1250", "iso8859-2"),
    "cp1251": ("cp1251",),
    "mac-roman": ("mac-roman", "mac-iceland", "mac-turkish"),
    "koi8r": ("koi8-r", "koi8-u"),
}
HALF_MENDED = "latin1, half mended"
"""Latin-1 that a later program took for UTF-8 where two bytes of it happen to be that, as ftfy does:
`ÖÐ»ª` (中华) became `Öлª`."""
PAGES = (*_DOUBLE, *_SINGLE)
SINGLE = frozenset((*_SINGLE, HALF_MENDED))
"""The wrong decoders. Latin-1 and windows-1252 are one table: their characters do not clash."""

_NOT_IN_1252 = "".join(
    char
    for codec in ("cp1254", "cp1258")
    for char in bytes(range(0xC0, 0x100)).decode(codec, "ignore")
    if char > "ÿ"
)
"""The letters that Turkish and Vietnamese Windows have instead of some of windows-1252's."""
_WINDOWS_SINGLES = {
    "gbk": {0x20AC: 0x80, 0x80: 0x80, 0xF8F5: 0xFF},
    "big5": {0x80: 0x80, 0xF8F8: 0xFF},
    "shift-jis": {0x80: 0x80, 0xA0: 0xA0, 0xF8F0: 0xA0, 0xF8F1: 0xFD, 0xF8F2: 0xFE, 0xF8F3: 0xFF},
    "euc-kr": {0x80: 0x80, 0xF8F7: 0xFF},
}
_PRIVATE_OF_936 = {
    0xE76C: 0xA2E3, 0xE7C8: 0xA8BF, **dict(zip(range(0xE7E7, 0xE7F4), range(0xA989, 0xA996), strict=True))
}  # fmt: skip
"""Pairs that have a character in GB 18030, € for one, and are private use in Windows' 936. A2 E3 is
what comes of every second `。` in UTF-8."""
_USER_DEFINED = {
    "big5": (
        (0xE000, range(0xFA, 0xFF)), (0xE311, range(0x8E, 0xA1)), (0xEEB8, range(0x81, 0x8E)),
    ),
    "shift-jis": ((0xE000, range(0xF0, 0xFA)),),
}  # fmt: skip
"""Lead bytes that Windows reads as private use: the first code point of each block, its leads."""


class Page(NamedTuple):
    """`bytes_of[c]`: the byte, or lead × 256 + trail, of code point c; 0 where there is none.
    `others[c]`: another pair that is read as the same character, or 0."""

    name: str
    bytes_of: NDArray[np.uint16]
    others: NDArray[np.uint16]

    def knows(self, codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
        """Which code points the page could have made."""
        known: NDArray[np.bool_] = self.bytes_of[np.minimum(codes, 0xFFFF)] != 0
        return known


@cache
def page(name: str) -> Page:
    """The inverse of a wrong decoder."""
    if name == HALF_MENDED:
        return _half_mended()
    table = np.zeros(0x10000, dtype=np.uint16)
    others = np.zeros(0x10000, dtype=np.uint16)
    for codec in reversed(_DOUBLE.get(name, _SINGLE.get(name, ()))):
        if name in _DOUBLE:
            _add_pairs(table, others, codec)
        for byte in range(0x80, 0x100):
            character = bytes((byte,)).decode(codec, "ignore")
            # What Windows has no character for stays the control that it is in Latin-1.
            if character or (name in _SINGLE and byte < 0xA0):
                table[ord(character or chr(byte))] = byte
    for first, leads in _USER_DEFINED.get(name, ()):
        trails = [*range(0x40, 0x7F), *range(0xA1 if name == "big5" else 0x80, 0xFF)]
        if name == "shift-jis":
            trails = trails[:-2]
        pairs = [lead << 8 | trail for lead in leads for trail in trails]
        points = np.arange(first, first + len(pairs))
        free = table[points] == 0
        table[points[free]] = np.array(pairs, dtype=np.uint16)[free]
    for point, byte in _WINDOWS_SINGLES.get(name, {}).items():
        table[point] = byte
    if name == "gbk":
        for point, pair in _PRIVATE_OF_936.items():
            table[point] = pair
    table[1:0x80] = np.arange(1, 0x80)
    table[0xFFFD] = 0
    others[(table < 0x100) | (others == table)] = 0
    others[0xFFFD] = 0
    table.flags.writeable = others.flags.writeable = False
    return Page(name, table, others)


def _half_mended() -> Page:
    plain = page("latin1")
    table = plain.bytes_of.copy()
    table[[ord(char) for char in _NOT_IN_1252]] = 0
    points = np.arange(0x100, 0x800)
    points = points[table[points] == 0]
    table[points] = (0xC0 | points >> 6) << 8 | 0x80 | points & 0x3F
    table.flags.writeable = False
    return Page(HALF_MENDED, table, plain.others)


def _add_pairs(table: NDArray[np.uint16], others: NDArray[np.uint16], codec: str) -> None:
    """What a codec makes of each pair of bytes. Of pairs that are read as the same character the
    last one counts, and the one before it is the other."""
    points, pairs = pairs_of(codec)
    order = np.argsort(points, kind="stable")
    points, pairs = points[order], pairs[order]
    last = np.append(points[1:] != points[:-1], True)
    again = last & np.append(False, points[1:] == points[:-1])
    others[points[last]] = table[points[last]]
    others[points[again]] = pairs[np.flatnonzero(again) - 1]
    table[points[last]] = pairs[last]


def pairs_of(codec: str) -> tuple[NDArray[np.uint32], NDArray[np.uint16]]:
    """The pairs of bytes that a codec reads as one character, from the last lead byte to the first,
    and these characters."""
    leads = np.arange(0xFE, 0x80, -1, dtype=np.uint8)
    trails = np.arange(0x40, 0xFF, dtype=np.uint8)
    rows = np.full((len(leads), len(trails), 3), ord("\n"), dtype=np.uint8)
    rows[:, :, 0] = leads[:, None]
    rows[:, :, 1] = trails
    read = np.frombuffer(
        rows.tobytes().decode(codec, "replace").encode("utf-32-le"), dtype=np.uint32
    )
    ends = np.flatnonzero(read == ord("\n"))
    points = read[ends - 1]
    single = (np.diff(ends, prepend=-1) == 2) & (points >= 0x80) & (points < 0x10000)
    pairs: NDArray[np.uint16] = (leads[:, None].astype(np.uint16) << 8 | trails).ravel()[single]
    return points[single], pairs


class Unread(NamedTuple):
    """Text turned back into bytes: `data`, and where each character begins in it (one more for
    the end). A character that the page does not know is the byte `LOST`, and `foreign`."""

    data: NDArray[np.uint8]
    starts: NDArray[np.intp]
    foreign: NDArray[np.bool_]


def unread(codes: NDArray[np.uint32], by: Page) -> Unread:
    """The bytes that `by` made these code points from."""
    values = by.bytes_of[np.minimum(codes, 0xFFFF)]
    foreign = (values == 0) | (codes > 0xFFFF)
    widths = 1 + (values > 0xFF)
    starts = np.zeros(len(codes) + 1, dtype=np.intp)
    np.cumsum(widths, out=starts[1:])
    data = np.empty(starts[-1], dtype=np.uint8)
    data[starts[1:] - 1] = values & 0xFF
    double = widths == 2
    data[starts[:-1][double]] = values[double] >> 8
    data[starts[:-1][foreign]] = LOST
    return Unread(data, starts, foreign)


class Sibling(NamedTuple):
    """The page of another standard that has many of a page's characters, some as other bytes."""

    codec: str
    of: str


SIBLINGS = {
    "latin1": Sibling("iso8859-15", "cp1252"), "cp1250": Sibling("iso8859-2", "cp1250"),
    "cp850": Sibling("cp857", "cp850"), "cp437": Sibling("cp861", "cp860"),
    "mac-roman": Sibling("mac-turkish", "mac-roman"),
}  # fmt: skip
_BREAK = 0x0A


class _Moved(NamedTuple):
    """For code points up to 0x2FFF: their byte in a sibling, where it is another one than in the page;
    whether only the sibling has them, C1 controls among them, or only the page."""

    bytes_of: NDArray[np.uint8]
    only: NDArray[np.bool_]
    missing: NDArray[np.bool_]


@cache
def _moved(name: str) -> _Moved:
    codec, of = SIBLINGS[name]
    own, theirs = (
        {char: byte for char, byte in bytes_in(each).items() if char < "\u3000"}
        for each in (of, codec)
    )
    bytes_of = np.zeros(0x3000, dtype=np.uint8)
    only, missing = np.zeros((2, 0x3000), dtype=np.bool_)
    for char, byte in own.items():
        if char not in theirs:
            missing[ord(char)] = True
        elif theirs[char] != byte:
            bytes_of[ord(char)] = theirs[char]
    only[[ord(char) for char in theirs.keys() - own.keys()]] = True
    return _Moved(bytes_of, only, missing)


@cache
def bytes_in(codec: str) -> dict[str, int]:
    """The byte of each character that a page has beyond ASCII, controls in the place of those it lacks."""
    read = {byte: bytes((byte,)).decode(codec, "ignore") for byte in range(0x80, 0x100)}
    lacking = {chr(byte): byte for byte, char in read.items() if not char and byte < 0xA0}
    return lacking | {char: byte for byte, char in read.items() if char}


class Others(NamedTuple):
    """Characters that are other bytes in a page's sibling: where, and these bytes; which are in stretches
    that the page itself cannot have made; and the stretch of each character of the text."""

    at: NDArray[np.intp]
    bytes_of: NDArray[np.uint8]
    certain: NDArray[np.bool_]
    stretch: NDArray[np.intp]


def of_sibling(codes: NDArray[np.uint32], name: str) -> Others | None:
    """Those in stretches that the sibling of a page can have made; None where there are none. Good
    text beside it, with its quotation marks, and line breaks end a stretch."""
    moved = _moved(name)
    low = np.minimum(codes, 0x2FFF)
    at = np.flatnonzero(moved.bytes_of[low])
    if not len(at):
        return None
    # Each ends its own stretch: half a character before a break may take it along.
    ends = (codes == _BREAK) | (codes >= EAST_ASIAN)
    stretch: NDArray[np.intp] = np.cumsum(ends) - ends
    count = int(stretch[-1]) + 1
    held, contrary = (
        np.bincount(stretch[flags[low]], minlength=count) > 0
        for flags in (moved.only, moved.missing)
    )
    at = at[~contrary[stretch[at]]]
    return Others(at, moved.bytes_of[codes[at]], held[stretch[at]], stretch) if len(at) else None


def with_sibling(name: str) -> NDArray[np.uint16]:
    """The byte of each code point in a page's sibling; in the page itself, of those that only it has."""
    table = page(name).bytes_of.copy()
    for char, byte in bytes_in(SIBLINGS[name].codec).items():
        table[ord(char)] = byte
    return table


def codecs_of(name: str) -> tuple[str, ...]:
    """The pages of single bytes that one table holds, the commonest first; none for a page of pairs."""
    return _SINGLE.get(name, ())


def pair_codecs_of(name: str) -> tuple[str, ...]:
    """The codecs of a page of pairs; none for one of single bytes."""
    return _DOUBLE.get(name, ())


def pair_codecs_with(name: str, seen: Iterable[str]) -> tuple[str, ...]:
    """Those of a page's codecs that can have made these characters, as far as they are of pairs."""
    of_pairs = set(seen) & _of_pairs_in(pair_codecs_of(name)[0])
    return tuple(each for each in pair_codecs_of(name) if of_pairs <= _of_pairs_in(each))


@cache
def _of_pairs_in(codec: str) -> frozenset[str]:
    points, _ = pairs_of(codec)
    return frozenset(map(chr, points.tolist()))


_CODECS = {"utf8": "utf-8", "gbk": "gb18030", "big5": "cp950"}


def page_of(name: str, seen: str, meant: str, true: str) -> str:
    """Which of the pages that a table holds made this of what was meant, as far as the characters tell."""
    sibling = SIBLINGS.get(name)
    if sibling is None or max(seen, default="") <= "ÿ":
        return name
    beyond = {char for char in seen if char > "ÿ"}
    if beyond <= bytes_in(sibling.codec).keys():
        data = meant.encode(_CODECS[true], "replace")
        if (
            data.decode(sibling.codec, "replace") == seen
            and data.decode(sibling.of, "replace") != seen
        ):
            return _NAMES.get(sibling.codec, sibling.codec)
    pages = (each for each in _SINGLE[name] if beyond <= bytes_in(each).keys())
    codec = next(pages, sibling.of)
    return _NAMES.get(codec, codec)


_NAMES = {
    "iso8859-15": "latin9", "iso8859-2": "latin2", "cp858": "cp850", "mac-iceland": "mac-roman",
    "mac-turkish": "mac-roman", **dict.fromkeys(("cp860", "cp861", "cp865"), "cp437"),
}  # fmt: skip
