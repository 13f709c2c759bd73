"""What kind of thing a file is, by its content."""

_MAGIC = (
    b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"BZh",
    b"\xfd7zXZ", b"\x28\xb5\x2f\xfd", b"%PDF-", b"\x7fELF", b"MZ\x90", b"\xca\xfe\xba\xbe",
    b"SQLite format 3", b"PAR1", b"ARROW1", b"7z\xbc\xaf", b"Rar!", b"wOFF", b"wOF2", b"OTTO",
    b"\x00\x01\x00\x00", b"ttcf", b"\xd0\xcf\x11\xe0", b"OggS", b"fLaC", b"ID3",
)  # fmt: skip
"""First bytes of formats that are not text, from their own specifications."""
_BOMS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff", b"\xef\xbb\xbf")
_LOOK = 1 << 16
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1b"))


def is_binary(data: bytes) -> bool:
    """Whether a file, by its first bytes, is no text in any encoding.

    Text with some stray NULs still is text.
    """
    head = data[:_LOOK]
    if head.startswith(_BOMS):
        return False
    if head.startswith(_MAGIC):
        return True
    controls = len(head) - len(head.translate(None, _CONTROLS))
    if controls * 100 <= len(head) or controls < 4:
        return False
    return not (_is_utf16(head, "utf-16-le") or _is_utf16(head, "utf-16-be"))


def _is_utf16(head: bytes, encoding: str) -> bool:
    text = head[: len(head) & ~1].decode(encoding, "replace")
    good = sum(
        c in "\r\n\t" or " " <= c <= "~" or "\u3000" <= c <= "\u30ff" or "\u4e00" <= c <= "\u9fff"
        or "\uff00" <= c <= "\uff5e" or "\u2010" <= c <= "\u2027" or "\uac00" <= c <= "\ud7a3"
        for c in text[:4096]
    )  # fmt: skip
    return good * 10 >= 9 * min(len(text), 4096)
