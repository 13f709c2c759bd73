"""Escapes of characters that were left in prose."""

import re
from base64 import b64decode
from collections.abc import Callable, Sequence
from enum import Enum, auto
from itertools import compress, islice
from quopri import decodestring
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import Class, class_table, classes_of
from jiaokan.validators.expressions import expression, holds
from jiaokan.validators.mojibake.rules import (
    ENCODED_WORDS,
    HEX_ESCAPES,
    OCTAL_ESCAPES,
    PERCENT_ESCAPES,
    QUOTED_PRINTABLE,
    UNICODE_ESCAPES,
    rule_id,
)
from jiaokan.validators.plausibility import log_likelihood
from jiaokan.validators.values import Applicability, Finding
from jiaokan.validators.view import View, code_points

_TWO = ("\\u", "\\x", "%E", "%e", "%u", "=E", "=?", "\\2", "\\3", "_x")
_ARE_SIGNS = np.zeros((0x80, 0x80), dtype=np.bool_)
_ARE_SIGNS[tuple(zip(*(map(ord, sign) for sign in _TWO), strict=True))] = True
# Each begins with the sign itself, which is looked for thirty times as fast as a group, and more.
_UNICODE = expression(r"\\(?<!\\\\)u[0-9a-fA-F]{4}(?:(?<!\\)\\u[0-9a-fA-F]{4})*")
_PERCENT_UNICODE = expression(r"%u[0-9a-fA-F]{4}(?:%u[0-9a-fA-F]{4})*")
_BRACED = expression(r"\\(?<!\\\\)u\{[0-9a-fA-F]{4,6}\}(?:\\u\{[0-9a-fA-F]{4,6}\})*")
_OF_RTF = expression(r"\\(?<!\\\\)u(?:[0-9]{5}|-[0-9]{1,5})\?(?:\\u(?:[0-9]{5}|-[0-9]{1,5})\?)*")
_OF_OOXML = expression(r"_x[0-9A-F]{4}_(?:_x[0-9A-F]{4}_)*")
_OCTAL = expression(r"\\(?<!\\\\)[23][0-7]{2}(?:\\[0-3][0-7]{2})+")
_HEX = expression(r"\\(?<!\\\\)x[0-9a-fA-F]{2}(?:\\x[0-9a-fA-F]{2}){2,}")
_OF_BYTES = expression(r"\\(?<!\\\\)u00[89a-fA-F][0-9a-fA-F](?:\\u00[89a-fA-F][0-9a-fA-F]){2,}")
"""Escapes of Latin-1 side by side."""
_ENCODED = expression(
    r"=\?(?P<label>[\w-]{2,20})\?[BbQq]\?[!->@-~]*\?="
    r"(?:\s+=\?(?P=label)\?[BbQq]\?[!->@-~]*\?=)*"
)
_WORD = expression(r"=\?(?P<label>[^?]+)\?(?P<how>.)\?(?P<text>[^?]*)\?=")
_PERCENT = expression(r"%[0-9a-fA-F]{2}(?:%[0-9a-fA-F]{2}){2,}")
_QUOTED = expression(
    r"(?:=[0-9A-F]{2}|=\r?\n(?==[0-9A-F]{2}))(?:=[0-9A-F]{2}|=\r?\n(?==[0-9A-F]{2})){2,}"
)
_HEX_NUMBER = expression(r"[0-9a-fA-F]{4,6}")
_NUMBER = expression(r"-?[0-9]+")
_URL_BEFORE = expression(r"[A-Za-z0-9/?&=#_.~:@+,;!$'()*%-]")
_LABEL = expression(r"(?:^|[\s，。；、（])[\u3400-\u9fff]{1,12}:$", re.MULTILINE)
"""A word and a colon, as in logs and forms, is no address."""
_CODE_LINE = expression(r"[{}\[\]<>;`]|\\[nrtx\"']|=>|==|://|\bdef\b|\bvar\b|\bconst\b")
_BARE = expression(r"[\s\d,.!?;:()，。、；：？！（）《》“”「」]*")
"""What stands beside the escapes of a line that is nothing but them."""
_QUOTED_BY = ('"', "'", "\\")
_IMPLAUSIBLE = 13.0


def positions(view: View) -> NDArray[np.intp]:
    """Where a sign of one is."""
    marks = view.where(Class.ASCII_MARK)
    if not len(marks):
        return marks
    marks = marks[marks + 1 < len(view.codes)]
    following = np.minimum(view.codes[marks + 1], 0x7F)
    found: NDArray[np.intp] = marks[_ARE_SIGNS[view.codes[marks], following]]
    return found


def find_escapes(text: str) -> list[Finding]:
    """Escapes in lines of Chinese prose: not in code, quotes, or addresses. Paths that git wrote are in
    quotes, and words of a mail's head in lines of any kind."""
    found: list[Finding] = []
    for each in _KINDS:
        if not holds(text, each.sign):
            continue
        read = [
            (start, end, meant)
            for start, end in (match.span() for match in each.pattern.finditer(text))
            if (meant := each.read(text[start:end]))
        ]
        line_end, kind = -1, _Line.OTHER
        for start, end, meant in compress(read, _are_chinese([meant for *_, meant in read])):
            if end > line_end:
                line_end = text.find("\n", end)
                line_end = line_end if line_end >= 0 else len(text)
                kind = _kind_of(text[text.rfind("\n", 0, start) + 1 : line_end], each)
            if kind is _Line.OTHER or (kind is _Line.PROSE and not _is_set_apart(text, start, end)):
                continue
            found.append(
                Finding(
                    each.rule, start, end, f"escapes of {meant!r} left in the text", 0.9,
                    Applicability.UNSAFE, meant, {"restored": len(meant)},
                )
            )  # fmt: skip
    return found


def find_misread_escapes(text: str) -> list[Finding]:
    """Escapes of UTF-8 that was read as Latin-1 before it was escaped: `\\u00e4\\u00bd\\u00a0` for `\\u4f60`,
    as exports of some services have them. In strings of JSON, too: no text is meant so."""
    if not holds(text, "\\u00"):
        return []
    spans: list[tuple[int, int]] = []
    meant: list[str] = []
    for match in _OF_BYTES.finditer(text):
        try:
            read = bytes.fromhex(match.group().replace("\\u00", "")).decode()
        except UnicodeDecodeError:
            continue
        spans.append(match.span())
        meant.append(read)
    way = "utf8 as latin1"
    return [
        Finding(
            rule_id("utf8", "latin1"), start, end, f"text misread: {way}", 0.9, Applicability.UNSAFE,
            _escaped(read), {"path": way, "proven": len(read)},
        )
        for (start, end), read in compress(zip(spans, meant, strict=True), _are_chinese(meant))
    ]  # fmt: skip


def _escaped(text: str) -> str:
    data = text.encode("utf-16-be").hex()
    return "".join(f"\\u{data[at : at + 4]}" for at in range(0, len(data), 4))


def _read_unicode(escapes: str) -> str | None:
    data = bytes.fromhex(escapes.replace(escapes[:2], ""))
    try:
        return data.decode("utf-16-be")
    except UnicodeDecodeError:
        return None


def _read_braced(escapes: str) -> str | None:
    try:
        read = "".join(chr(int(each, 16)) for each in _HEX_NUMBER.findall(escapes))
        return read.encode().decode()
    except ValueError:  # beyond Unicode, or half a pair of UTF-16
        return None


def _read_rtf(escapes: str) -> str | None:
    units = (int(each) & 0xFFFF for each in _NUMBER.findall(escapes))
    return _read_unicode("\\u" + "".join(f"{each:04x}" for each in units))


def _read_ooxml(escapes: str) -> str | None:
    return _read_unicode("\\u" + escapes.replace("_x", "").replace("_", ""))


def _read_hex(escapes: str) -> str | None:
    return _from_bytes(bytes.fromhex(escapes.replace("\\x", "")))


def _read_percent(escapes: str) -> str | None:
    return _from_bytes(unquote_to_bytes(escapes))


def _read_quoted(escapes: str) -> str | None:
    plain = re.sub(r"=\r?\n", "", escapes)
    return _from_bytes(bytes.fromhex(plain.replace("=", "")))


def _read_octal(escapes: str) -> str | None:
    return _from_bytes(bytes(int(byte, 8) for byte in escapes.split("\\")[1:]))


def _read_encoded(words: str) -> str | None:
    """A character's bytes may be in two words."""
    data, label = b"", ""
    for word in _WORD.finditer(words):
        label, how, encoded = word.group("label", "how", "text")
        try:
            data += (
                b64decode(encoded, validate=True) if how in "Bb" else decodestring(encoded, True)
            )
        except ValueError:
            return None
    try:  # in mail GB 2312 means GBK and its successor
        return data.decode("gb18030" if label.lower().startswith("gb") else label)
    except (UnicodeDecodeError, LookupError):
        return None


def _from_bytes(data: bytes) -> str | None:
    for codec in ("utf-8", "gb18030"):
        try:
            return data.decode(codec)
        except UnicodeDecodeError:
            continue
    return None


def _are_chinese(texts: Sequence[str]) -> list[bool]:
    """Which texts are, for the most part, East Asian, and plausible; none is empty."""
    if not texts:
        return []
    codes = code_points("\n".join((*texts, "")))
    ends = np.cumsum([len(text) + 1 for text in texts]) - 1
    starts = np.append(0, ends[:-1] + 1)
    bits, east_asian = (
        np.append(0.0, np.cumsum(each))
        for each in (-log_likelihood(codes), (class_table()[codes] & _EAST_ASIAN) != 0)
    )
    sizes = ends - starts
    chinese = (east_asian[ends] - east_asian[starts]) * 2 > sizes
    chinese &= bits[ends] - bits[starts] < _IMPLAUSIBLE * sizes
    found: list[bool] = chinese.tolist()
    return found


_EAST_ASIAN = np.uint32(Class.HAN | Class.KANA | Class.HANGUL | Class.CJK_MARK)


class _Line(Enum):
    """What stands beside the escapes of a line."""

    NOTHING = auto()
    PROSE = auto()
    OTHER = auto()
    """Code, or hardly any Chinese."""


class _Kind(NamedTuple):
    """Escapes of one kind: their rule, what none lacks, how they look and are read; and, where they are
    of such lines only, how these look without them."""

    rule: str
    sign: str
    pattern: re.Pattern[str]
    read: Callable[[str], str | None]
    line: re.Pattern[str] | None = None
    as_in: _Line = _Line.OTHER
    """What such a line counts as."""


_OF_GIT = expression(
    r"(?:[ MADRCTU?!]{2}|\s*(?:new file|modified|deleted|renamed|copied|both \w+):|diff --git|---|\+\+\+"
    r"|[ACDMRT]\d*\t|\s*(?:create|delete) mode \d+|(?:rename|copy) (?:from|to))\s*[^()=]*"
)
"""What git says of a path."""
_OF_MAIL = expression(r"[^`={}]*")
_KINDS = (
    _Kind(UNICODE_ESCAPES, "\\u", _UNICODE, _read_unicode),
    _Kind(UNICODE_ESCAPES, "%u", _PERCENT_UNICODE, _read_unicode),
    _Kind(UNICODE_ESCAPES, "\\u{", _BRACED, _read_braced),
    _Kind(UNICODE_ESCAPES, "\\u", _OF_RTF, _read_rtf),
    _Kind(UNICODE_ESCAPES, "_x", _OF_OOXML, _read_ooxml),
    _Kind(PERCENT_ESCAPES, "%", _PERCENT, _read_percent),
    _Kind(QUOTED_PRINTABLE, "=", _QUOTED, _read_quoted),
    _Kind(HEX_ESCAPES, "\\x", _HEX, _read_hex),
    _Kind(OCTAL_ESCAPES, "\\", _OCTAL, _read_octal, _OF_GIT, _Line.NOTHING),
    _Kind(ENCODED_WORDS, "=?", _ENCODED, _read_encoded, _OF_MAIL, _Line.PROSE),
)


def _kind_of(line: str, escapes: _Kind) -> _Line:
    outside = escapes.pattern.sub("", line)
    if escapes.line is not None and escapes.line.fullmatch(outside):
        return escapes.as_in
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
