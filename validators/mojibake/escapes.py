"""Escapes of characters that were left in prose."""

import re
from collections.abc import Callable
from urllib.parse import unquote_to_bytes

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import Class, classes_of
from jiaokan.validators.mojibake.rules import PERCENT_ESCAPES, QUOTED_PRINTABLE, UNICODE_ESCAPES
from jiaokan.validators.plausibility import mean_bits
from jiaokan.validators.values import Applicability, Finding
from jiaokan.validators.view import View

_SIGNS = tuple(ord(mark) << 8 | ord(letter) for mark, letter in ("\\u", "%E", "%e", "=E"))
_UNICODE = re.compile(r"(?:(?<!\\)\\u[0-9a-fA-F]{4})+")
_PERCENT = re.compile(r"(?:%[0-9a-fA-F]{2}){3,}")
_QUOTED = re.compile(r"(?:=[0-9A-F]{2}|=\r?\n(?==[0-9A-F]{2})){3,}")
_URL_BEFORE = re.compile(r"[A-Za-z0-9/?&=#_.~:@+,;!$'()*%-]+\Z")
_CODE_LINE = re.compile(r"[{}\[\]<>;`]|\\[nrtx\"']|=>|==|://|\bdef\b|\bvar\b|\bconst\b")
_BARE = re.compile(r"[\s\d,.!?;:()，。、；：？！（）《》“”「」]*")
"""What stands beside the escapes of a line that is nothing but them."""
_IMPLAUSIBLE = 13.0


def positions(view: View) -> NDArray[np.intp]:
    """Where a sign of one is."""
    marks = view.where(Class.ASCII_MARK)
    marks = marks[marks + 1 < len(view.codes)]
    if not len(marks):
        return marks
    sign = view.codes[marks] << np.uint32(8) | view.codes[marks + 1]
    held = np.zeros(len(marks), dtype=np.bool_)
    for known in _SIGNS:
        held |= sign == known
    return marks[held]


def find_escapes(text: str) -> list[Finding]:
    """Escapes in lines of Chinese prose: not in code, quotes, or addresses."""
    found: list[Finding] = []
    readers: tuple[tuple[str, str, re.Pattern[str], Callable[[str], str | None]], ...] = (
        (UNICODE_ESCAPES, "\\u", _UNICODE, _read_unicode),
        (PERCENT_ESCAPES, "%", _PERCENT, _read_percent),
        (QUOTED_PRINTABLE, "=", _QUOTED, _read_quoted),
    )
    for rule, sign, pattern, read in readers:
        for match in pattern.finditer(text) if sign in text else ():
            meant = read(match.group())
            if meant is None or not _is_chinese(meant):
                continue
            if not _in_prose(text, match.start(), match.end(), pattern):
                continue
            found.append(
                Finding(
                    rule, match.start(), match.end(), f"escapes of {meant!r} left in the text", 0.9,
                    Applicability.UNSAFE, meant, {"restored": len(meant)},
                )
            )  # fmt: skip
    return found


def _read_unicode(escapes: str) -> str | None:
    units = [int(unit, 16) for unit in escapes.split("\\u")[1:]]
    data = b"".join(unit.to_bytes(2, "big") for unit in units)
    try:
        return data.decode("utf-16-be")
    except UnicodeDecodeError:
        return None


def _read_percent(escapes: str) -> str | None:
    return _from_bytes(unquote_to_bytes(escapes))


def _read_quoted(escapes: str) -> str | None:
    plain = re.sub(r"=\r?\n", "", escapes)
    return _from_bytes(bytes.fromhex(plain.replace("=", "")))


def _from_bytes(data: bytes) -> str | None:
    for codec in ("utf-8", "gb18030"):
        try:
            return data.decode(codec)
        except UnicodeDecodeError:
            continue
    return None


def _is_chinese(text: str) -> bool:
    marks = Class.HAN | Class.KANA | Class.HANGUL | Class.CJK_MARK
    east_asian = sum(bool(classes_of(character) & marks) for character in text)
    return east_asian * 2 > len(text) and mean_bits(text) < _IMPLAUSIBLE


def _in_prose(text: str, start: int, end: int, escapes: re.Pattern[str]) -> bool:
    """Whether the line has Chinese beside the escapes, or nothing but them, and is not of code."""
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", end)
    line = text[line_start : line_end if line_end >= 0 else len(text)]
    outside = escapes.sub("", line)
    if _CODE_LINE.search(outside):
        return False
    if _BARE.fullmatch(outside):
        return True
    han = sum(bool(classes_of(character) & Class.HAN) for character in outside)
    if han < 2 or _URL_BEFORE.search(text[line_start:start]):
        return False
    quoted = text[start - 1 : start] in ('"', "'", "\\") or text[end : end + 1] in ('"', "'")
    return not quoted
