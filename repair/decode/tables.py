"""What character each code of an encoding is: arrays for the table-driven encodings.

Tables come from Python's codecs, put right or extended by `validators/tables/codecs/` (made by
`recipes/codecs.py`) where Python has an older edition, or none.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.tables import FOLDER

NONE = 0xFFFFFFFF
"""Stands in a table where a code is not assigned."""

GB18030_2022 = {
    0xA6D9: 0xFE10, 0xA6DA: 0xFE12, 0xA6DB: 0xFE11, 0xA6DC: 0xFE13, 0xA6DD: 0xFE14,
    0xA6DE: 0xFE15, 0xA6DF: 0xFE16, 0xA6EC: 0xFE17, 0xA6ED: 0xFE18, 0xA6F3: 0xFE19,
    0xA8BC: 0x1E3F, 0xFE59: 0x9FB4, 0xFE61: 0x9FB5, 0xFE66: 0x9FB6, 0xFE67: 0x9FB7,
    0xFE6D: 0x9FB8, 0xFE7E: 0x9FB9, 0xFE90: 0x9FBA, 0xFEA0: 0x9FBB,
}  # fmt: skip
"""Two-byte codes that were private use before GB 18030-2005 (A8BC) and -2022 (the others); as in
the WHATWG Encoding Standard. Their former four-byte codes still decode to the same characters."""

HKSCS_PAIRS = {
    0x8862: "\u00ca\u0304", 0x8864: "\u00ca\u030c", 0x88A3: "\u00ea\u0304", 0x88A5: "\u00ea\u030c",
}  # fmt: skip
"""The Big5-HKSCS codes that stand for two code points (WHATWG Encoding Standard)."""
PAIR_SENTINEL = 0x110000
"""In a table, such a code is this plus the code: no code point, so nothing else is taken for it."""

PAIR_LEADS: dict[str, tuple[str, range]] = {
    "gb18030": ("gb18030", range(0x81, 0xFF)),
    "cp950": ("cp950", range(0xA1, 0xFF)),
    "big5": ("big5", range(0xA1, 0xFF)),
    "big5hkscs": ("cp950", range(0xA1, 0xFF)),
    "big5-uao": ("cp950", range(0xA1, 0xFF)),
    "cp932": ("cp932", range(0x81, 0xFD)),
    "euc_jp": ("euc_jp", range(0x8E, 0xFF)),
    "cp949": ("cp949", range(0x81, 0xFF)),
    "johab": ("johab", range(0x84, 0xFA)),
    "euc-tw": ("", range(0xA1, 0xFE)),
}
"""For each encoding with two-byte codes: Python's codec to begin from, and the lead bytes."""


@cache
def single_table(encoding: str) -> NDArray[np.uint32]:
    """The code point of each byte that is a character by itself: shape (256,)."""
    table = np.full(256, NONE, dtype=np.uint32)
    table[:128] = np.arange(128)
    if encoding in PAIR_LEADS:
        if encoding == "cp932":
            table[0xA1:0xE0] = np.arange(0xFF61, 0xFFA0)
        if encoding == "gb18030":
            table[0x80] = 0x20AC  # as code page 936 has it
        return table
    for byte in range(128, 256):
        try:
            table[byte] = ord(bytes((byte,)).decode(encoding))
        except UnicodeDecodeError:
            continue
    return table


@cache
def pair_table(encoding: str) -> NDArray[np.uint32]:
    """The code point of each two-byte code, by lead × 256 + trail: shape (65536,)."""
    table = np.full(65536, NONE, dtype=np.uint32)
    codec, leads = PAIR_LEADS[encoding]
    if codec:
        codes = [bytes((lead, trail)) for lead in leads for trail in range(0x31, 0xFF)]
        texts = b"\n".join(codes).decode(codec, "replace").split("\n")
        for code, text in zip(codes, texts, strict=True):
            if len(text) == 1 and text != "\ufffd":
                table[code[0] << 8 | code[1]] = ord(text)
    if encoding == "gb18030":
        for pair, code_point in GB18030_2022.items():
            table[pair] = code_point
    if encoding in ("cp950", "big5hkscs", "big5-uao"):
        table[0xC6A1:0xC900] = NONE
        _overlay(table, "big5-eten.tsv")
    if encoding == "big5hkscs":
        _overlay(table, "big5-hkscs.tsv")
        for pair in HKSCS_PAIRS:
            table[pair] = PAIR_SENTINEL + pair
    if encoding == "big5-uao":
        _overlay(table, "big5-uao.tsv")
    if encoding == "euc-tw":
        plane = cns_planes()[1].reshape(94, 94)
        for row in range(94):
            at = (0xA1 + row) << 8 | 0xA1
            table[at : at + 94] = plane[row]
    return table


@cache
def cns_planes() -> NDArray[np.uint32]:
    """CNS 11643: the code point by plane (0 to 15) and row × 94 + column."""
    planes = np.full((16, 94 * 94), NONE, dtype=np.uint32)
    for code, codes in _rows("cns11643.tsv"):
        plane, row, column = code[1] - 0xA0, code[2] - 0xA1, code[3] - 0xA1
        at = row * 94 + column
        planes[plane, at : at + len(codes)] = codes
    return planes


def _overlay(table: NDArray[np.uint32], name: str) -> None:
    for code, codes in _rows(name):
        at = code[0] << 8 | code[1]
        table[at : at + len(codes)] = codes


def _rows(name: str) -> list[tuple[bytes, NDArray[np.uint32]]]:
    text = (FOLDER / "codecs" / name).read_text("utf-8")
    rows = []
    for line in text.split("\n"):
        code, tab, characters = line.partition("\t")
        if tab and not line.startswith("#"):
            codes = np.frombuffer(characters.encode("utf-32-le"), dtype=np.uint32)
            rows.append((bytes.fromhex(code), codes))
    return rows


@cache
def gb18030_ranges() -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Four-byte codes: linear indices where a range of consecutive code points begins, and the
    code point that it begins with (`NONE` where nothing is assigned)."""
    starts: list[int] = []
    firsts: list[int] = []
    following = None
    for linear in range(39420 + 1):
        code_point = _four_bytes(linear)
        if code_point != following:
            starts.append(linear)
            firsts.append(code_point)
        following = NONE if code_point == NONE else code_point + 1
    starts += [39420 + 1, 189000, 189000 + 0x100000]
    firsts += [NONE, 0x10000, NONE]
    return np.array(starts, dtype=np.uint32), np.array(firsts, dtype=np.uint32)


def _four_bytes(linear: int) -> int:
    rest, fourth = divmod(linear, 10)
    rest, third = divmod(rest, 126)
    first, second = divmod(rest, 10)
    code = bytes((0x81 + first, 0x30 + second, 0x81 + third, 0x30 + fourth))
    try:
        return ord(code.decode("gb18030"))
    except UnicodeDecodeError:
        return NONE
