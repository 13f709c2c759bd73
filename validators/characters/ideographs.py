"""Code points that stand for ideographs: radicals, compatibility ideographs, private use."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache
from unicodedata import normalize

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.characters.finding import finding
from jiaokan.validators.classes import Class
from jiaokan.validators.code_sets import one_of
from jiaokan.validators.expressions import expression
from jiaokan.validators.plausibility import log_likelihood, make_words
from jiaokan.validators.tables import rows_of, words_of
from jiaokan.validators.values import Applicability, Finding
from jiaokan.validators.view import View, text_of

_HAN = np.uint32(Class.HAN)
_RADICAL = np.uint32(Class.RADICAL)
_OPEN, _CLOSE = int(Class.OPEN), int(Class.CLOSE)
_BESIDE = int(Class.HAN | Class.DIGIT)
_IN_TEXT = int(
    Class.HAN | Class.DIGIT | Class.CJK_MARK | Class.COMPATIBILITY | Class.RADICAL | Class.KANA
    | Class.IGNORABLE | Class.PRIVATE | Class.SPACE
)  # fmt: skip
"""What stands beside an ideograph of a text; in a list of characters there is none of it."""

_RADICAL_WORDS = words_of("of radicals")
_ABOUT_RADICALS = expression("|".join(map(re.escape, _RADICAL_WORDS)))
_COMPONENTS = "⺀⺅⺆⺈⺉⺋⺌⺍⺐⺔⺕⺖⺗⺘⺙⺛⺝⺡⺢⺣⺤⺥⺦⺨⺭⺮⺯⺰⺱⺲⺳⺶⺷⺻⺼⺽⺾⺿⻀⻂⻃⻈⻌⻍⻎⻏⻐⻖⻗⻞⻟⻠"
"""Radicals whose ideographs no text has as words: before 底, 頭 or 部 they are spoken of."""
_AS_RADICAL = expression(
    r"[\u2e80-\u2fdf](?:部的字|部首|字旁|旁(?![边邊观觀])|字[头頭底边邊])"
    rf"|[{_COMPONENTS}][底頭头部首边邊]"
)
_ABOUT_CODES = words_of("of code points")
_NAMES_RADICALS = "部字旁首頭头底邊边類类第的是和與与為为"
"""What stands beside a radical that is spoken of, as in 人部."""
_AROUND = 40
"""Code points on each side that are looked at for such talk, and then to the lines' ends."""
_WORD_SHARE = 0.5
"""Of a text about radicals, so many radicals must stand in words before it is held damaged too."""
_IN_WORDS = 5

_WORD = 8
"""Characters on each side that a word may have, where it is looked for beside itself."""

_ENOUGH_FIT = 3
_SURE_OF_PRIVATE = -16.0
"""log2 of the probability in its place that an ideograph from private use must have."""


@cache
def radicals() -> dict[str, str]:
    """The ideograph that each radical stands for; a few stand for none."""
    return {row[0]: row[1] for row in rows_of("radicals.tsv")}


@cache
def private_use(encoding: str) -> dict[str, str]:
    """Today's character of each private-use code point of a legacy encoding: gbk or hkscs."""
    rows = rows_of("private-use.tsv")
    return {chr(int(row[0], 16)): row[2] for row in rows if row[1] == encoding}


def find_radicals(view: View) -> Iterator[Finding]:
    """Radicals that stand where an ideograph should.

    Beside an ideograph (or in a text where radicals make up words) they are text that a font's
    tables turned back wrongly; alone, in quotes or in rows they are radicals.
    """
    positions = view.where(Class.RADICAL)
    positions = positions[view.codes[positions] < 0x3000]  # Yi has radicals of its own
    text = view.text
    table = radicals()
    if "\u2f3e" in text and view.profile.simplified > view.profile.traditional:
        table = {**table, "\u2f3e": "户"}  # the one whose Simplified form has no radical of its own
    codes = view.codes.copy()
    codes[positions] = _ideographs()[codes[positions] - np.uint32(0x2E80)]
    talk = _talk_of_radicals(text, codes)
    in_word = _in_words(codes, positions)
    many = int(in_word.sum())
    damaged = many >= _IN_WORDS and many >= _WORD_SHARE * len(positions)
    index = 0
    for start, end in _runs(positions.tolist()):
        discussed = bool(talk) and _is_discussed(text, talk, start, end)
        if damaged:
            stands_for_it = not discussed or _touches(view, start, end)
        else:
            stands_for_it = not discussed and (
                _touches(view, start, end) or (many > 0 and not talk)
            )
            stands_for_it = stands_for_it and not _in_a_row(view, start)
        stands_for_it = stands_for_it and not _is_described(text, start)
        for position in range(start, end):
            word = bool(in_word[index])
            index += 1
            if not stands_for_it:
                continue
            radical = text[position]
            yield finding(
                "radical",
                position,
                position + 1,
                _of_radical(radical),
                table.get(radical),
                0.99 if word else 0.9,
            )


def _is_described(text: str, position: int) -> bool:
    """Whether it is a part in a description of an ideograph: ⿰⺡可."""
    return _DESCRIPTION.search(text, max(0, position - _LONGEST_DESCRIPTION), position) is not None


_DESCRIPTION = expression(
    r"[\u2ff0-\u2fff\u31ef][\u2e80-\u2fff\u31ef\u3400-\u9fff\U00020000-\U0003ffff]*\Z"
)
_LONGEST_DESCRIPTION = 16


@cache
def _of_radical(radical: str) -> str:
    return f"The radical {radical} (U+{ord(radical):04X}) stands for an ideograph."


@cache
def _ideographs() -> NDArray[np.uint32]:
    """For each code point from U+2E80 the ideograph, or itself."""
    points = np.arange(0x2E80, 0x3000, dtype=np.uint32)
    for radical, ideograph in radicals().items():
        points[ord(radical) - 0x2E80] = ord(ideograph)
    return points


def _talk_of_radicals(text: str, mended: NDArray[np.uint32]) -> list[int]:
    """Where the text speaks of radicals and the like, its own radicals read as ideographs."""
    read = text_of(mended)
    found: list[int] = []
    if any(word in read for word in _RADICAL_WORDS):
        found += [match.start() for match in _ABOUT_RADICALS.finditer(read)]
    found += [match.start() for match in _AS_RADICAL.finditer(text)]
    return sorted(found)


def _is_discussed(text: str, talk: list[int], start: int, end: int) -> bool:
    """Whether the lines around speak of radicals and the like."""
    first = text.rfind("\n", 0, max(0, start - _AROUND)) + 1
    last = text.find("\n", min(len(text), end + _AROUND))
    index = bisect_left(talk, first)
    return index < len(talk) and (last < 0 or talk[index] < last)


def find_compatibility(view: View) -> Iterator[Finding]:
    """Compatibility ideographs, by their canonical equivalents."""
    text = view.text
    if view.profile.language in ("ja", "ko") or any(word in text for word in _ABOUT_CODES):
        return
    for position in view.where(Class.COMPATIBILITY).tolist():
        following = text[position + 1 : position + 2]
        if "\ufe00" <= following <= "\ufe0f" or "\U000e0100" <= following <= "\U000e01ef":
            continue
        char = text[position]
        message, same = _of_compatibility(char)
        yield finding(
            "compatibility-ideograph",
            position,
            position + 1,
            message,
            same,
            0.99,
            Applicability.UNSAFE
            if _is_apart(view, position) or _has_twin(text, position)
            else None,
        )


@cache
def _of_compatibility(char: str) -> tuple[str, str]:
    same = normalize("NFC", char)
    return f"U+{ord(char):04X} is a compatibility ideograph: {same} under another code point.", same


def find_private_use(view: View) -> Iterator[Finding]:
    """Private-use code points: those of GBK in Simplified, of HKSCS and ETEN in Traditional text."""
    script = view.profile.script
    encoding = {"zh-Hans": "gbk", "zh-Hant": "hkscs", None: ""}[script]
    if view.profile.language == "yue":
        encoding = "hkscs"
    table = private_use(encoding) if encoding else {}
    positions = view.where(Class.PRIVATE)
    chars = [view.text[position] for position in positions.tolist()]
    afters = [table.get(char) for char in chars]
    fits = _fit(view.codes, positions, afters)
    surely = sum(fits)
    # Where most fit, their neighbours in the same table do, too.
    trusted = surely >= _ENOUGH_FIT and surely * 3 >= 2 * len(fits)
    evidence = {"encoding": encoding}
    for position, char, after, fit in zip(positions.tolist(), chars, afters, fits, strict=True):
        bullet = _BULLETS.get(char)
        if bullet is not None and not fit and _begins_line(view.text, position):
            message = f"U+{ord(char):04X} is a bullet of the fonts Symbol and Wingdings: {bullet}."
            yield finding(
                "private-use", position, position + 1, message, bullet, 0.8, Applicability.UNSAFE
            )
            continue
        if after is None:
            message = f"U+{ord(char):04X} is a private-use code point, different in every font."
            yield finding("private-use", position, position + 1, message, None, 0.9)
            continue
        sure = (
            fit
            or (trusted and _is_han(after))
            or (after == "\u3000" and _indents(view.text, position))
        )
        yield finding(
            "private-use",
            position,
            position + 1,
            f"U+{ord(char):04X} is where {encoding.upper()} fonts had {after}.",
            after,
            0.95 if sure else 0.5,
            None if sure else Applicability.UNSAFE,
            evidence,
        )


_BULLETS = dict(zip(
    "\uf0b7\uf06c\uf06e\uf06f\uf075\uf076\uf0a7\uf0a8\uf0d8\uf0e8\uf0fc\uf0fb\uf0fe", "•●■□◆❖▪◻➢➔✓✗☑", strict=True
))  # fmt: skip
"""Where word processors have the characters of symbol fonts (U+F000 and the font's own code), those
that begin the items of lists. Source: Unicode's mapping of Wingdings (L2/12-368), Adobe's of Symbol."""


def _begins_line(text: str, position: int) -> bool:
    before = text[max(0, position - 8) : position]
    return not before.rpartition("\n")[2].strip() and (position < 8 or "\n" in before)


def _indents(text: str, position: int) -> bool:
    """Whether it is one of two of a kind with which a line of several characters begins."""
    start = text.rfind("\n", 0, position) + 1
    pair = text[position] * 2
    return (
        position < start + 2
        and _INDENTED.match(text, start) is not None
        and text.startswith(pair, start)
    )


_INDENTED = expression(r"[\ue000-\uf8ff]{2}[\u3400-\u9fff“（《\d]")


def _fit(
    codes: NDArray[np.uint32], positions: NDArray[np.intp], afters: list[str | None]
) -> list[bool]:
    """For each position, whether its character is plausible there, beside an ideograph."""
    padded = np.concatenate(([0x0A], codes, [0x0A])).astype(np.uint32)
    for position, after in zip(positions.tolist(), afters, strict=True):
        if after is not None and len(after) == 1:
            padded[position + 1] = ord(after)
    near = padded[positions[:, None] + np.arange(3)]
    likely = log_likelihood(near.reshape(-1)).reshape(-1, 3)[:, 1] >= _SURE_OF_PRIVATE
    han = (near >= 0x3400) & (near <= 0x9FFF)
    fits: list[bool] = ((han[:, 0] | han[:, 2]) & han[:, 1] & likely).tolist()
    return fits


def _is_han(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff" or "\U00020000" <= char <= "\U0003ffff"


def _in_words(codes: NDArray[np.uint32], positions: NDArray[np.intp]) -> NDArray[np.bool_]:
    """For each position, whether its character makes a word with a neighbour."""
    padded = np.concatenate(([0x0A], codes, [0x0A])).astype(np.uint32)
    near = padded[positions[:, None] + np.arange(3)]
    words = make_words(near)
    han = (near >= 0x3400) & (near <= 0x9FFF) & ~one_of(near, _NAMES_RADICALS)
    left = words[:, 0] & han[:, 0]
    right = words[:, 1] & han[:, 2]
    flags: NDArray[np.bool_] = (left | right) & (near[:, 1] <= 0x9FFF)
    return flags


def _is_apart(view: View, position: int) -> bool:
    """Whether it stands alone in quotes, brackets or a table of characters, or bounds a range."""
    if not 0 < position < len(view.bits) - 1:
        return len(view.bits) == 1
    text = view.text
    if "-" in text[position - 1 : position + 2 : 2]:
        start = text.rfind("[", text.rfind("\n", 0, position) + 1, position)
        return start >= 0 and "]" not in text[start:position]
    before, after = int(view.bits[position - 1]), int(view.bits[position + 1])
    if _is_cell(text[position - 1] + text[position + 1]):
        return True
    if before & _OPEN and after & _CLOSE:
        return not _numbers_an_item(text, position)
    return not (before | after) & _IN_TEXT


def _numbers_an_item(text: str, position: int) -> bool:
    """Whether what stands in brackets is a numeral, with which a line begins that goes on: （六）其他."""
    begins = position < 2 or text[position - 2].isspace()
    goes_on = text[position + 2 : position + 3].isalnum()
    return begins and goes_on and normalize("NFKC", text[position]) in _NUMERALS


_NUMERALS = "一二三四五六七八九十"


def _is_cell(around: str) -> bool:
    """Whether what has these characters around it is all that a cell of a table has."""
    return "\t" in around and all(char in "\t\r\n" for char in around)


def _has_twin(text: str, position: int) -> bool:
    """Whether the word that it stands in is in its line once more as it would become, as where a
    dictionary or a table of names has both."""
    start, end = position, position + 1
    while start and position - start < _WORD and text[start - 1].isalnum():
        start -= 1
    while end < len(text) and end - position < _WORD and text[end].isalnum():
        end += 1
    first, last = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    twin = normalize("NFC", text[start:end])
    line = text[first : last if last >= 0 else len(text)]
    return twin in line and re.search(rf"(?<!\w){twin}(?!\w)", line) is not None


def _touches(view: View, start: int, end: int) -> bool:
    """Whether an ideograph or a digit (3⽉) stands beside this span."""
    before = int(view.bits[start - 1]) if start else 0
    after = int(view.bits[end]) if end < len(view.bits) else 0
    return bool((before | after) & _BESIDE)


def _in_a_row(view: View, position: int) -> bool:
    """Whether it stands among others and little else, or in their order, as in a table of them."""
    first = max(0, position - 6)
    near = view.bits[first : position + 7]
    places = np.flatnonzero(near & _RADICAL)
    han = int(np.count_nonzero(near & _HAN))
    if len(places) < 4 or han * 2 > len(places):
        return False
    points = view.codes[first + places].astype(np.int64)
    return han == 0 or bool(np.all(np.diff(points) > 0))


def _runs(positions: list[int]) -> Iterator[tuple[int, int]]:
    start = previous = -2
    for position in positions:
        if position != previous + 1:
            if start >= 0:
                yield start, previous + 1
            start = position
        previous = position
    if start >= 0:
        yield start, previous + 1
