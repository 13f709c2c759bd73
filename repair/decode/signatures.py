"""What a file says of its own encoding: byte order marks, declarations, escape sequences."""

import re

from jiaokan.validators.expressions import expression

BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_DECLARATION = expression(
    rb"""(?:<meta[^>]{0,200}?charset|<\?xml[^>]{0,100}?encoding|@charset|^\s*\#[^\n]{0,60}?coding"""
    rb"""|content-type:[^\n]{0,100}?charset)\s*[=:\s]\s*["']?\s*([A-Za-z0-9][A-Za-z0-9_.:-]{1,30})""",
    re.IGNORECASE | re.MULTILINE,
)
HEAD = 2048
"""Bytes at the beginning of a file in which a declaration counts."""

_LABELS = {
    "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "cp936": "gb18030",
    "ms936": "gb18030", "x-gbk": "gb18030", "windows-936": "gb18030", "euc-cn": "gb18030",
    "gb_2312-80": "gb18030", "big5": "cp950", "big5-hkscs": "big5hkscs", "cn-big5": "cp950",
    "x-x-big5": "cp950", "cp950": "cp950", "big5-uao": "big5-uao", "euc-tw": "euc-tw",
    "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932",
    "windows-31j": "cp932", "cp932": "cp932", "euc-jp": "euc_jp", "x-euc-jp": "euc_jp",
    "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "cp949": "cp949", "korean": "cp949",
    "utf-8": "utf-8", "utf8": "utf-8", "koi8-r": "koi8-r", "koi8-u": "koi8-u",
    "iso-8859-1": "cp1252", "latin1": "cp1252", "us-ascii": "utf-8", "ascii": "utf-8",
    "iso-8859-2": "iso8859-2", "iso-8859-5": "iso8859-5", "iso-8859-7": "iso8859-7",
    "hz-gb-2312": "hz", "iso-2022-cn": "iso2022_cn", "iso-2022-jp": "iso2022_jp",
    "iso-2022-kr": "iso2022_kr", "utf-16": "utf-16", "utf-16le": "utf-16-le", "utf-16be": "utf-16-be",
} | {f"windows-125{k}": f"cp125{k}" for k in range(9)}  # fmt: skip
"""Labels as files write them, to the reading that is meant (WHATWG: gb2312 means gbk, and so on)."""


def byte_order_mark(data: bytes) -> tuple[bytes, str] | None:
    """The mark that the data begins with, and the encoding that it stands for."""
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return mark, encoding
    return None


Declared = tuple[str, str, int]
"""A label as it is written, the encoding that it means, and its byte offset."""


def declared_encoding(data: bytes) -> Declared | None:
    """The declaration of HTML, XML, CSS, a mail header or a source file. None where there is none
    we know."""
    head = data[:HEAD]
    lowered = head.lower()
    if b"charset" not in lowered and b"coding" not in lowered:
        return None
    found = _DECLARATION.search(head)
    if not found:
        return None
    label = found[1].decode("ascii")
    meant = _LABELS.get(label.lower())
    return (label, meant, found.start(1)) if meant else None


def same_reading(one: str, other: str) -> bool:
    """Whether a declaration of one is borne out by text read as the other."""
    family = {"gbk": "gb18030", "big5": "cp950", "big5hkscs": "cp950", "big5-uao": "cp950",
              "koi8-u": "koi8-r", "shift_jis": "cp932", "euc_kr": "cp949"}  # fmt: skip
    one, other = family.get(one, one), family.get(other, other)
    return one == other or (one == "utf-16" and other.startswith("utf-16"))
