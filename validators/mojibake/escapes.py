"""Escapes of characters that were left in prose."""

import re
from collections.abc import Callable
from enum import Enum, auto
from itertools import islice
from urllib.parse import unquote_to_bytes

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import Class, classes_of
from jiaokan.validators.mojibake.rules import PERCENT_ESCAPES, QUOTED_PRINTABLE, UNICODE_ESCAPES
from jiaokan.validators.plausibility import mean_bits
from jiaokan.validators.values import Applicability, Finding
from jiaokan.validators.view import View

_SIGNS = tuple(ord(mark) << 8 | ord(letter) for mark, letter in ("\\u", "%E", "%e", "=E"))
# Each begins with the sign itself, which is looked for thirty times as fast as a group, and more.
_UNICODE = re.compile(r"\\(?<!\\\\)u[0-9a-fA-F]{4}(?:(?<!\\)\\u[0-9a-fA-F]{4})*")
_PERCENT = re.compile(r"%[0-9a-fA-F]{2}(?:%[0-9a-fA-F]{2}){2,}")
_QUOTED = re.compile(
    r"(?:=[0-9A-F]{2}|=\r?\n(?==[0-9A-F]{2}))(?:=[0-9A-F]{2}|=\r?\n(?==[0-9A-F]{2})){2,}"
)
_URL_BEFORE = re.compile(r"[A-Za-z0-9/?&=#_.~:@+,;!$'()*%-]")
_LABEL = re.compile(r"(?:^|[\s，。；、（])[\u3400-\u9fff]{1,12}:$", re.MULTILINE)
"""A word and a colon, as in logs and forms, is no address."""
_CODE_LINE = re.compile(r"[{}\[\]<>;`]|\\[nrtx\"']|=>|==|://|\bdef\b|\bvar\b|\bconst\b")
_BARE = re.compile(r"[\s\d,.!?;:()，。、；：？！（）《》“”「」]*")
"""What stands beside the escapes of a line that is nothing but them."""
_QUOTED_BY = ('"', "'", "\\")
_IMPLAUSIBLE = 13.0


def positions(view: View) -> NDArray[np.intp]:
    """Where a sign of one is."""
    marks = view.where(Class.ASCII_MARK)
    if not len(marks):
        return marks
    marks = marks[marks + 1 < len(view.codes)]
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
        if sign not in text:
            continue
        line_end, kind = -1, _Line.OTHER
        for match in pattern.finditer(text):
            start, end = match.span()
            meant = read(match.group())
            if meant is None or not _is_chinese(meant):
                continue
            if end > line_end:
                line_end = text.find("\n", end)
                line_end = line_end if line_end >= 0 else len(text)
                kind = _kind_of(text[text.rfind("\n", 0, start) + 1 : line_end], pattern)
            if kind is _Line.OTHER or (kind is _Line.PROSE and not _is_set_apart(text, start, end)):
                continue
            found.append(
                Finding(
                    rule, start, end, f"escapes of {meant!r} left in the text", 0.9,
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


class _Line(Enum):
    """What stands beside the escapes of a line."""

    NOTHING = auto()
    PROSE = auto()
    OTHER = auto()
    """Code, or hardly any Chinese."""


def _kind_of(line: str, escapes: re.Pattern[str]) -> _Line:
    outside = escapes.sub("", line)
    if _CODE_LINE.search(outside):
        return _Line.OTHER
    if _BARE.fullmatch(outside):
        return _Line.NOTHING
    han = (character for character in outside if classes_of(character) & Class.HAN)
    return _Line.PROSE if len(list(islice(han, 2))) == 2 else _Line.OTHER


def _is_set_apart(text: str, start: int, end: int) -> bool:
    """Whether no address ends where the escapes begin, and no quotes are around them."""
    before, after = text[max(start - 1, 0) : start], text[end : end + 1]
    if _URL_BEFORE.match(before) and not _LABEL.search(text[max(start - 14, 0) : start]):
        return False
    return not (before in _QUOTED_BY or after in _QUOTED_BY[:2])
