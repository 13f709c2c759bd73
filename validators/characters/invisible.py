"""Characters that nobody sees: controls, zero-width and bidi characters, noncharacters."""

import re
from collections.abc import Iterator

import numpy as np

from jiaokan.validators.characters.finding import finding
from jiaokan.validators.classes import Class, classes_of
from jiaokan.validators.values import Applicability, Finding
from jiaokan.validators.view import View

_CJK = int(Class.HAN | Class.CJK_MARK | Class.KANA | Class.BOPOMOFO)
_EDGE = int(Class.SPACE | Class.BREAK)
_JOINED = int(Class.LETTER | Class.COMBINING)
_RTL = re.compile(
    r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_EMOJI = re.compile(
    r"[\u00a9\u00ae\u203c-\u3299\u200d\ufe0f\u20e3#*0-9\U0001f000-\U0001faff\U0001f3fb-\U0001f3ff]"
)
_ANSI = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b\n]*(?:\x07|\x1b\\)|[@-Z\\^_])")
_OVERSTRIKE = re.compile(r"(?:([^\x00-\x1f])\x08(?=\1)|_\x08(?=[^\x00-\x20_]))+")

_ZERO_WIDTH = frozenset("\u200b\u2060\u180e\u200c\u200d\u034f")
_MARKS = frozenset("\u200e\u200f\u061c")
_LEFT = frozenset("\u202a\u202d\u2066\u2068\u202c\u2069")
_RIGHT = frozenset("\u202b\u202e\u2067")
_DEPRECATED = frozenset(map(chr, range(0x206A, 0x2070)))
_BINARY = 0.1
"""A text with more controls than this share is no text."""
_SEPARATORS = frozenset("\x1c\x1d\x1e\x1f")
"""Separators of fields and records: data formats use them on purpose."""


def find_controls(view: View) -> Iterator[Finding]:
    """C0 controls that text cannot mean, terminal colours and overstrikes. C1 are only shown."""
    text = view.text
    positions = view.where(Class.CONTROL)
    noise = len(positions) > 4 and len(positions) > _BINARY * len(text)
    done = -1
    for position in positions.tolist():
        if position < done:
            continue
        char = text[position]
        start, end, after = position, position + 1, ""
        message = f"The control character U+{ord(char):04X} means nothing in text."
        applicability = None
        match = None
        if char == "\x1b":
            match = _ANSI.match(text, position)
            message = "A terminal's escape sequence."
        elif char == "\x08" and position and (match := _OVERSTRIKE.match(text, position - 1)):
            message = "A character struck over itself, as printers make bold."
        if match is not None:
            start, end = match.span()
            done = end
        if noise or ord(char) >= 0x7F or char in _SEPARATORS:
            applicability = Applicability.DISPLAY
        elif char == "\x1b" and match is None:
            applicability = Applicability.UNSAFE
        yield finding(
            "control", start, end, message, after, applicability=applicability, confidence=0.99
        )


def find_ignorable(view: View) -> Iterator[Finding]:
    """Zero-width and bidi characters where they do nothing, soft hyphens, BOMs inside the text."""
    text = view.text
    right_to_left = bool(_RTL.search(text))
    overrides = any(char in text for char in _RIGHT)
    for position in view.where(Class.IGNORABLE).tolist():
        char = text[position]
        if char == "\ufeff":
            if position:
                yield finding(
                    "byte-order-mark", position, position + 1, "A byte order mark inside text.", ""
                )
            continue
        if char == "\xad":
            yield from _soft_hyphen(view, position)
            continue
        applicability = _of_ignorable(view, position, char, right_to_left, overrides)
        if applicability is not None:
            yield finding(
                "invisible",
                position,
                position + 1,
                f"U+{ord(char):04X} is invisible and does nothing here.",
                "",
                0.99 if applicability is Applicability.SAFE else 0.6,
                applicability,
            )


def _of_ignorable(
    view: View, position: int, char: str, right_to_left: bool, overrides: bool
) -> Applicability | None:
    """How surely it may go; None where it has a meaning."""
    before, after = _neighbours(view, position)
    if char in _ZERO_WIDTH:
        if char == "\u200d" and (_is_emoji(view, position - 1) and _is_emoji(view, position + 1)):
            return None
        if (before | after) & _JOINED:
            return None
        if before & _CJK or after & _CJK or (before & _EDGE and after & _EDGE):
            return Applicability.SAFE
        return Applicability.UNSAFE
    if char in _MARKS | _LEFT:
        if right_to_left:
            return None
        return Applicability.DISPLAY if overrides else Applicability.SAFE
    if char in _RIGHT:
        return None if right_to_left else Applicability.DISPLAY
    if char in _DEPRECATED:
        return Applicability.SAFE
    if "\ufe03" <= char <= "\ufe0f":
        edge = before & (_EDGE | Class.HAN) and not _is_emoji(view, position - 1)
        return Applicability.SAFE if edge else None
    if "\U000e0001" <= char <= "\U000e007f":
        return None if _in_flag(view.text, position) else Applicability.UNSAFE
    return None


def _soft_hyphen(view: View, position: int) -> Iterator[Finding]:
    before, after = _neighbours(view, position)
    if (before | after) & Class.HIGH_LATIN and not (before & after & Class.LATIN):
        return  # bytes of another encoding, not a hyphen
    sure = (before | after) & _CJK or before & after & Class.LATIN
    yield finding(
        "soft-hyphen",
        position,
        position + 1,
        "A soft hyphen, invisible unless a line breaks there.",
        "",
        applicability=None if sure else Applicability.UNSAFE,
    )


def find_noncharacters(view: View) -> Iterator[Finding]:
    """Noncharacters and halves of surrogate pairs. Code points assigned later are left alone."""
    codes = view.codes
    text = view.text
    positions = view.where(Class.NONCHARACTER)
    points = codes[positions]
    low = points & np.uint32(0xFFFF)
    real = (low >= 0xFFFE) | ((points >= 0xFDD0) & (points <= 0xFDEF))
    real |= (points >= 0xD800) & (points <= 0xDFFF)
    done = -1
    for position in positions[real].tolist():
        if position < done:
            continue
        char = text[position]
        following = text[position + 1 : position + 2]
        if "\ud800" <= char <= "\udbff" and "\udc00" <= following <= "\udfff":
            done = position + 2
            point = 0x10000 + ((ord(char) & 0x3FF) << 10) + (ord(following) & 0x3FF)
            yield finding(
                "surrogate-pair",
                position,
                position + 2,
                f"Two surrogates that together are U+{point:04X}.",
                chr(point),
            )
            continue
        message = f"U+{ord(char):04X} is no character: something was lost or put here by mistake."
        surrogate = "\ud800" <= char <= "\udfff"
        yield finding(
            "noncharacter", position, position + 1, message, None if surrogate else "", 0.9
        )


def _neighbours(view: View, position: int) -> tuple[int, int]:
    """Classes of the characters on each side, other invisible ones passed over."""
    bits = view.bits
    left, right = position - 1, position + 1
    while left >= 0 and int(bits[left]) & Class.IGNORABLE:
        left -= 1
    while right < len(bits) and int(bits[right]) & Class.IGNORABLE:
        right += 1
    before = int(bits[left]) if left >= 0 else int(Class.BREAK)
    after = int(bits[right]) if right < len(bits) else int(Class.BREAK)
    return before, after


def _is_emoji(view: View, position: int) -> bool:
    if not 0 <= position < len(view.text):
        return False
    char = view.text[position]
    return bool(_EMOJI.match(char)) and not classes_of(char) & _CJK


def _in_flag(text: str, position: int) -> bool:
    """Whether tag characters follow a black flag, which they make another."""
    start = position
    while start and "\U000e0020" <= text[start - 1] <= "\U000e007f":
        start -= 1
    return text[start - 1 : start] == "\U0001f3f4"
