"""Characters that nobody sees: controls, zero-width and bidi characters, noncharacters."""

from collections.abc import Iterator
from functools import cache

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.characters.finding import finding
from jiaokan.validators.classes import Class, classes_of
from jiaokan.validators.expressions import expression
from jiaokan.validators.values import Applicability, Finding
from jiaokan.validators.view import View

# Plain numbers: the operators of IntFlag are slow where every character counts.
_HAN = int(Class.HAN)
_CJK = int(Class.HAN | Class.CJK_MARK | Class.KANA | Class.BOPOMOFO)
_EDGE = int(Class.SPACE | Class.BREAK)
_JOINED = int(Class.LETTER | Class.COMBINING)
_LATIN = int(Class.LATIN)
_HIGH_LATIN = int(Class.HIGH_LATIN)
_IGNORABLE = int(Class.IGNORABLE)
_BREAK = int(Class.BREAK)
_DIGIT = int(Class.DIGIT)
_EAST_ASIAN = int(Class.HAN | Class.KANA | Class.HANGUL | Class.BOPOMOFO)
_PLAIN = int(Class.HAN | Class.CJK_MARK | Class.BOPOMOFO)
_OTHER_DEFECTS = int(
    Class.RADICAL | Class.COMPATIBILITY | Class.PRIVATE | Class.FULLWIDTH | Class.COMBINING
)
_RTL = expression(
    r"[\u0590-\u061b\u061d-\u08ff\ufb1d-\ufdff\ufe70-\ufefe\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_EMOJI = expression(
    r"[\u00a9\u00ae\u203c-\u3299\u200d\ufe0f\u20e3#*0-9\U0001f000-\U0001faff\U0001f3fb-\U0001f3ff]"
)
_ANSI = expression(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b\n]*(?:\x07|\x1b\\)|[@-Z\\^_])")
_OVERSTRIKE = expression(r"(?:([^\x00-\x1f])\x08(?=\1)|_\x08(?=[^\x00-\x20_]))+")

_ZERO_WIDTH = frozenset("\u200b\u2060\u180e\u200c\u200d\u034f")
_ZERO_WIDTH_CODES = np.array(sorted(map(ord, _ZERO_WIDTH)), dtype=np.uint32)
_RIGHT = frozenset("\u202b\u202e\u2067")
_BIDI = _RIGHT | frozenset("\u200e\u200f\u061c\u202a\u202d\u2066\u2068\u202c\u2069")
_OPERATORS = frozenset("\u2061\u2062\u2063\u2064")
"""Signs of formulas that are not seen; between Chinese characters they hide a mark of whose text it is."""
_DEPRECATED = frozenset(map(chr, range(0x206A, 0x2070)))
_SOWN = 3
"""Invisible characters between Han that show them sown against copying: then those in numbers were, too."""
_LEAST_ROW, _LONGEST_ROW = 4, 32
"""Invisible characters with one character between each and the next that are one finding: at least, at
most."""
_BINARY = 0.1
"""A text with more controls than this share is no text."""
_SEPARATORS = frozenset("\x1c\x1d\x1e\x1f")
"""Separators of fields and records: data formats use them on purpose."""
_DELIMITERS = 8
"""Controls of one kind, at least, that may be a format's."""
_LINES = 3
"""Lines with them that tell how many each has."""


def find_controls(view: View) -> Iterator[Finding]:
    """C0 controls that text cannot mean, terminal colours and overstrikes. C1 are only shown."""
    text = view.text
    positions = view.where(Class.CONTROL)
    noise = len(positions) > 4 and len(positions) > _BINARY * len(text)
    delimiter = _delimiter(view, positions)
    foreign = not view.present & _EAST_ASIAN
    done = -1
    for position in positions.tolist():
        if position < done:
            continue
        char = text[position]
        start, end, after = position, position + 1, ""
        message = _control(char)
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
        high = ord(char) > 0x7F or (char == "\x7f" and not _between_han(view, position))
        if noise or high or char in _SEPARATORS:
            applicability = Applicability.DISPLAY
        elif match is None and (char == "\x1b" or foreign or char == delimiter):
            applicability = Applicability.UNSAFE
        yield finding(
            "control", start, end, message, after, applicability=applicability, confidence=0.99
        )


def _delimiter(view: View, positions: NDArray[np.intp]) -> str:
    """The control that lines have as often each, so that it is what a format parts them by: the fields of
    Hive's tables (U+0001), the times of transcripts (U+0015). Empty where there is none."""
    kinds = set(view.codes[positions].tolist())
    if len(positions) < _DELIMITERS or len(kinds) > 1:
        return ""
    of_line = np.unique(view.breaks.searchsorted(positions), return_counts=True)[1]
    alike = int(np.bincount(of_line).max())
    lines = sum(1 for line in view.text.splitlines() if line.strip())
    if len(of_line) < _LINES or alike * 10 < 9 * len(of_line) or len(of_line) * 4 < lines:
        return ""
    inside = sum(_between_han(view, position) for position in positions.tolist())
    if inside * 2 > len(positions) and (alike < len(of_line) or len(of_line) < lines):
        return ""  # in mid-text, where noise has often one a line, but never in every line
    return chr(kinds.pop())


def _between_han(view: View, position: int) -> bool:
    """Whether it stands tight between Chinese characters: elsewhere a font may have had a sign there."""
    before, after = neighbours(view, position)
    return bool(before & _CJK and after & _CJK)


@cache
def _control(char: str) -> str:
    return f"The control character U+{ord(char):04X} means nothing in text."


def find_ignorable(view: View) -> Iterator[Finding]:
    """Zero-width and bidi characters where they do nothing, soft hyphens, BOMs inside the text."""
    text = view.text
    right_to_left = bool(_RTL.search(text))
    overrides = any(char in text for char in _RIGHT)
    positions = view.where(Class.IGNORABLE)
    bits = view.bits
    before = np.where(positions > 0, bits[positions - 1], _BREAK)
    after = np.where(
        positions + 1 < len(bits), bits[np.minimum(positions + 1, len(bits) - 1)], _BREAK
    )
    among_han = np.count_nonzero((before & after) & np.uint32(_HAN))
    rest = np.ones(len(positions), dtype=np.bool_)
    for first, last in _rows(positions, before, after, view.codes):
        rest[first:last] = False
        start, end = int(positions[first]), int(positions[last - 1]) + 1
        shown = text[start + 1 : end : 2]
        yield finding("invisible", start, end, _invisible(text[start]), shown)
    for position, left, right in zip(
        positions[rest].tolist(), before[rest].tolist(), after[rest].tolist(), strict=True
    ):
        if (left | right) & _IGNORABLE:
            left, right = neighbours(view, position)
        char = text[position]
        if char == "\ufeff":
            if position:
                message = "A byte order mark inside text."
                yield finding("byte-order-mark", position, position + 1, message, "")
            continue
        if char == "\xad":
            yield from _soft_hyphen(position, left, right)
            continue
        if char in _ZERO_WIDTH or (char in _OPERATORS and left & right & _CJK):
            applicability = _of_zero_width(view, position, char, left, right)
            if left & right & _DIGIT and among_han >= _SOWN:
                applicability = Applicability.SAFE
        else:
            applicability = _of_mark(view, position, char, left)
            if char in _BIDI:
                applicability = None if right_to_left else applicability
                if overrides and applicability is not None:
                    applicability = Applicability.DISPLAY
        if applicability is not None:
            sure = applicability is Applicability.SAFE
            yield finding(
                "invisible",
                position,
                position + 1,
                _invisible(char),
                "",
                0.99 if sure else 0.6,
                applicability,
            )


def _rows(
    positions: NDArray[np.intp],
    before: NDArray[np.uint32],
    after: NDArray[np.uint32],
    codes: NDArray[np.uint32],
) -> Iterator[tuple[int, int]]:
    """Rows of spaces without width of which each stands one character behind the one before it.

    Pages that guard against copying sow them so, behind each character. Each row is the indices,
    from and to, of its positions, all of which `_of_zero_width` calls safe.
    """
    plain, other = np.uint32(_PLAIN), np.uint32(_OTHER_DEFECTS)
    sown = ((before & plain) != 0) & ((after & plain) != 0) & (((before | after) & other) == 0)
    sown &= np.isin(codes[positions], _ZERO_WIDTH_CODES)
    linked = sown[:-1] & sown[1:] & (np.diff(positions) == 2)
    edges = np.flatnonzero(np.diff(linked, prepend=False, append=False))
    for first, last in edges.reshape(-1, 2).tolist():
        for begin in range(first, last + 1, _LONGEST_ROW):
            end = min(begin + _LONGEST_ROW, last + 1)
            if end - begin >= _LEAST_ROW:
                yield begin, end


@cache
def _invisible(char: str) -> str:
    return f"U+{ord(char):04X} is invisible and does nothing here."


def _of_zero_width(
    view: View, position: int, char: str, left: int, right: int
) -> Applicability | None:
    """How surely a space or joiner without width may go; None where it has a meaning."""
    if (left | right) & _JOINED:
        return None
    if char == "\u200d" and _is_emoji(view, position - 1) and _is_emoji(view, position + 1):
        return None
    if (left | right) & _CJK or (left & _EDGE and right & _EDGE):
        return Applicability.SAFE
    return Applicability.UNSAFE


NO_EMOJI = "，。！？、；：…—“”‘’（）《》〈〉「」『』【】·"
"""Marks that no selector makes a picture of, as it does of 〰 and 〽; what chose the picture is gone."""


def _of_mark(view: View, position: int, char: str, left: int) -> Applicability | None:
    """How surely a direction mark, selector or tag may go; None where it has a meaning."""
    if char in _BIDI or char in _DEPRECATED:
        return Applicability.SAFE
    if "\ufe03" <= char <= "\ufe0f":
        edge = left & (_EDGE | _HAN) and not _is_emoji(view, position - 1)
        edge = edge or (char >= "\ufe0e" and view.text[position - 1] in NO_EMOJI)
        return Applicability.SAFE if edge else None
    if "\U000e0001" <= char <= "\U000e007f":
        return None if _in_flag(view.text, position) else Applicability.UNSAFE
    return None


def _soft_hyphen(position: int, left: int, right: int) -> Iterator[Finding]:
    if (left | right) & _HIGH_LATIN and not left & right & _LATIN:
        return  # bytes of another encoding, not a hyphen
    sure = (left | right) & _CJK or left & right & _LATIN
    yield finding(
        "soft-hyphen",
        position,
        position + 1,
        "A soft hyphen, invisible unless a line breaks there.",
        "",
        applicability=None if sure else Applicability.UNSAFE,
    )


def objects(view: View) -> NDArray[np.intp]:
    """Positions of U+FFFC."""
    at = view.where(Class.REPLACEMENT)
    found: NDArray[np.intp] = at[view.codes[at] == 0xFFFC]
    return found


def find_objects(view: View) -> Iterator[Finding]:
    """Places of pictures and other objects that did not come along."""
    if "FFFC" in view.text:
        return  # a text about the character
    for at in objects(view).tolist():
        message = "A picture, formula or other object stood here; its place was left."
        yield finding("object", at, at + 1, message, "", 0.9)


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
                "noncharacter",
                position,
                position + 2,
                f"Two surrogates that together are U+{point:04X}.",
                chr(point),
            )
            continue
        message = f"U+{ord(char):04X} is no character: something was lost or put here by mistake."
        after = None if "\ud800" <= char <= "\udfff" else ""
        yield finding(
            "noncharacter", position, position + 1, message, after, 0.9, Applicability.UNSAFE
        )


def neighbours(view: View, position: int) -> tuple[int, int]:
    """Classes of the characters on each side, other invisible ones passed over."""
    bits = view.bits
    left, right = position - 1, position + 1
    while left >= 0 and int(bits[left]) & _IGNORABLE:
        left -= 1
    while right < len(bits) and int(bits[right]) & _IGNORABLE:
        right += 1
    before = int(bits[left]) if left >= 0 else _BREAK
    after = int(bits[right]) if right < len(bits) else _BREAK
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
