"""What kind of thing a file is, by its content."""

import codecs
import re

_MAGIC = (
    b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"BZh",
    b"\xfd7zXZ", b"\x28\xb5\x2f\xfd", b"%PDF-", b"\x7fELF", b"MZ\x90", b"\xca\xfe\xba\xbe",
    b"SQLite format 3", b"PAR1", b"ARROW1", b"7z\xbc\xaf", b"Rar!", b"wOFF", b"wOF2", b"OTTO",
    b"\x00\x01\x00\x00", b"ttcf", b"\xd0\xcf\x11\xe0", b"OggS", b"fLaC", b"ID3",
)  # fmt: skip
"""First bytes of formats that are not text, from their own specifications."""
_PIXELS = re.compile(rb"P[4-6]\s+(?:#[^\n]*\n\s*)*\d{1,6}\s+\d{1,6}\s")
"""The head of a picture in Netpbm's formats, whose dark pixels are its only controls."""
_BOMS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff", b"\xef\xbb\xbf")
_LOOK = 1 << 16
_PARTS = 15
_PART = 1 << 12
"""Bytes of each part that is looked at of what comes after."""
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x0e\x0f\x1b"))
"""Not those that lines, ISO 2022 (shifts, escapes) and terminals use."""
_WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
_USUAL = (
    (0x20, 0x7E), (0x2010, 0x2027), (0x3000, 0x30FF), (0x3400, 0x9FFF), (0xAC00, 0xD7A3),
    (0xFF00, 0xFF5E),
)  # fmt: skip
"""Code points of most text that is in UTF-16: ASCII, general marks, kana, Han, hangul, full width."""
_NO_TEXT = frozenset("\0\uffff")
_CONTINUING = bytes(range(0x80, 0xC0))
"""Bytes within a character of UTF-8."""
MOST_NULS = 0.01
MOST_CONTROLS = 0.05
"""Shares of bytes; in compressed data they are 0.004 and 0.09."""
_MANY_KINDS = 10
"""Kinds of controls that no text has, unless it is damaged UTF-8: stray ones are one or two."""
_SIGNATURE = 16
"""Bytes in which two NULs are of a format's head, where the rest is no UTF-8."""
_NULS_OF_FEW = 1 / 8
"""Share of NULs from which a few bytes are no text."""


def is_binary(data: bytes) -> bool:
    """Whether a file is no text in any encoding: by its first bytes, and of more than those by most
    of some parts of it (a heading in text may stand before a table of numbers).

    Text with some stray NULs or controls, or a part that is binary, still is text.
    """
    head = data[:_LOOK]
    if head.startswith(_BOMS):
        return False
    if head.startswith(_MAGIC) or _PIXELS.match(head) or _has_controls(head):
        return True
    if len(data) < 2 * _LOOK:
        return False
    step = (len(data) - _LOOK) // _PARTS & ~3
    parts = (data[at : at + _PART] for at in range(_LOOK, _LOOK + _PARTS * step, step))
    return 2 * sum(map(_has_controls, parts)) > _PARTS


def reason_of_binary(head: bytes) -> str:
    """Why a file with these first bytes, which is no text, is skipped; and what makes text of it."""
    reason = "skipped: binary, not text"
    mend = {
        b"%PDF-": "skipped: a PDF; extract its text first, as pdftotext does",
        b"PK\x03\x04": "skipped: an archive or an Office file; unpack it, or save it as plain text",
        b"\xd0\xcf\x11\xe0": "skipped: an Office file; save it as plain text",
        b"7z\xbc\xaf": "skipped: an archive; unpack it",
        b"Rar!": "skipped: an archive; unpack it",
        b"SQLite format 3": "skipped: a database; export its tables as CSV or JSON Lines",
    }
    return next((said for magic, said in mend.items() if head.startswith(magic)), reason)


def _has_controls(head: bytes) -> bool:
    """Whether there are more NULs or controls than in any text."""
    controls = len(head) - len(head.translate(None, _CONTROLS))
    nuls = head.count(0)
    if controls < 4:
        has_more = nuls > _NULS_OF_FEW * len(head)
    elif nuls > MOST_NULS * len(head):
        has_more = True
    else:
        many = controls > MOST_CONTROLS * len(head) or _has_many_kinds(head, controls)
        has_more = many and not _is_utf8(head)
    if not has_more and nuls > 1:
        has_more = head[:_SIGNATURE].count(0) > 1 and not _is_utf8(head)
    return has_more and not any(_is_wide(head, name) for name in _WIDE)


def _has_many_kinds(head: bytes, controls: int) -> bool:
    return controls >= _MANY_KINDS and sum(code in head for code in _CONTROLS) >= _MANY_KINDS


def _is_utf8(head: bytes) -> bool:
    head = head[:3].lstrip(_CONTINUING) + head[3:]  # a part may begin within a character
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)  # the last may be cut
    except UnicodeDecodeError:
        return False
    return True


def _is_wide(head: bytes, encoding: str) -> bool:
    """Whether this is what nearly all text in UTF-16 or UTF-32 (without BOM) looks like."""
    text = head[: len(head) & ~3].decode(encoding, "replace")[:4096]
    if not _NO_TEXT.isdisjoint(text[: _SIGNATURE // 2]):
        return False
    usual = sum(c in "\r\n\t" or any(a <= ord(c) <= b for a, b in _USUAL) for c in text)
    return usual * 10 >= 9 * len(text) > 0
