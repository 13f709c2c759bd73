"""`validators/tables/private-use.tsv`: what legacy encodings put on private-use code points."""

import unicodedata
from collections.abc import Iterator

HEADER = """\
# Private-use code points, the encoding that put a character there, and today's code point of it
# (see jiaokan.validators.characters.ideographs). Made by recipes/private_use.py; do not edit.
# gbk: the holes of GBK as Windows and GB 18030-2000 and -2005 mapped them, to GB 18030-2022.
# hkscs: the user-defined area of Big5 as Windows maps it, to HKSCS-2004, ETEN extensions included.
# Sources: Python's codecs gb18030 and big5hkscs (PSF licence); GB 18030-2022, table of changes;
# the Encoding Standard's index gb18030.
"""

# Where GB 18030-2000 itself still had a private-use code point: to that of GB 18030-2022.
GB_2022 = {
    0xE78D: 0xFE10, 0xE78E: 0xFE12, 0xE78F: 0xFE11, 0xE790: 0xFE13, 0xE791: 0xFE14,
    0xE792: 0xFE15, 0xE793: 0xFE16, 0xE794: 0xFE17, 0xE795: 0xFE18, 0xE796: 0xFE19,
    0xE7C7: 0x1E3F, 0xE7C8: 0x01F9, 0xE816: 0x20087, 0xE817: 0x20089, 0xE818: 0x200CC,
    0xE81E: 0x9FB4, 0xE826: 0x9FB5, 0xE82B: 0x9FB6, 0xE82C: 0x9FB7, 0xE831: 0x215D7,
    0xE832: 0x9FB8, 0xE83B: 0x2298F, 0xE843: 0x9FB9, 0xE854: 0x9FBA, 0xE855: 0x241FE,
    0xE864: 0x9FBB,
}  # fmt: skip
# What GBK fonts had as a blank, and the Encoding Standard reads so: the full-width space of pages.
OF_PAGES = {0xE5E5: 0x3000}
# Rows of holes: first private-use code point, first bytes, how many.
GBK_HOLES = (
    (0xE76C, 0xA2E3, 1),
    (0xE7C8, 0xA8BF, 1),
    (0xE7E7, 0xA989, 13),
    (0xE815, 0xFE50, 47),
    (0xE844, 0xFE80, 33),
)
# Windows' user-defined areas of Big5: first private-use code point, lead bytes, trail bytes.
LOW, HIGH = range(0x40, 0x7F), range(0xA1, 0xFF)
BIG5_AREAS = (
    (0xE000, range(0xFA, 0xFF), (*LOW, *HIGH)),
    (0xE311, range(0x8E, 0xA1), (*LOW, *HIGH)),
    (0xEEB8, range(0x81, 0x8E), (*LOW, *HIGH)),
    (0xF6B1, range(0xC6, 0xC7), tuple(HIGH)),
    (0xF70F, range(0xC7, 0xC9), (*LOW, *HIGH)),
)


def build() -> dict[str, str | bytes]:
    lines = [HEADER]
    for name, rows in (("gbk", _gbk()), ("hkscs", _hkscs())):
        lines += [f"{point:04X}\t{name}\t{char}\n" for point, char in sorted(rows.items())]
    return {"validators/tables/private-use.tsv": "".join(lines)}


def _gbk() -> dict[int, str]:
    found = {}
    for first, code, number in GBK_HOLES:
        for step in range(number):
            char = (code + step).to_bytes(2, "big").decode("gb18030")
            found[first + step] = char
    found = {point: char for point, char in found.items() if not _private(char)}
    return found | {point: chr(value) for point, value in (GB_2022 | OF_PAGES).items()}


def _hkscs() -> dict[int, str]:
    found = {}
    for point, code in _big5_areas():
        try:
            char = code.decode("big5hkscs")
        except UnicodeDecodeError:
            continue
        if not any(map(_private, char)):
            found[point] = char
    return found


def _big5_areas() -> Iterator[tuple[int, bytes]]:
    for first, leads, trails in BIG5_AREAS:
        point = first
        for lead in leads:
            for trail in trails:
                yield point, bytes((lead, trail))
                point += 1


def _private(char: str) -> bool:
    return any(unicodedata.category(c) == "Co" for c in char)
