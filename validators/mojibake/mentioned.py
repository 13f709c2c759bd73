"""Misread text that is spoken of: what a guide to encodings, a question about them or a test shows must stay.

Of the misread 你好 in public repositories nine in ten are examples. Beside them a word says that they are
garbled, or they are quoted in a text that is not damaged, as what a program said.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import Class
from jiaokan.validators.expressions import expression, holds
from jiaokan.validators.format import format_of
from jiaokan.validators.mojibake.misreading import Misreading
from jiaokan.validators.mojibake.stretches import covered
from jiaokan.validators.values import Settings
from jiaokan.validators.view import View

_GARBLED = expression(
    "[乱亂][码碼]|[错錯][码碼]|文字化け|글자 ?깨짐|한글 ?깨짐|[Mm]ojibake|MOJIBAKE|[Gg]arbled|[Gg]ibberish"
)
_IN_GARBLED = ("码", "碼", "文字", "깨짐", "jibake", "JIBAKE", "arbled", "ibberish")
"""Each of these words has one of them, which are found sooner."""
_NEAR, _BESIDE = 1_000, 120
"""Code points between such a word and the line of what it speaks of: where that is a small part of its
text, and where it is a larger one."""
_SMALL = 4
"""A text has so many letters and ideographs to each character of what it speaks of."""
_TOKEN = expression("(?:^|[\"'\\s])Ġ[a-z]", re.MULTILINE)
_TOKENS = 20
"""Words with the sign that byte-level vocabularies have for a blank: theirs are bytes shown as letters."""
_QUOTES = {"“": "”", "‘": "’", "「": "」", "『": "』", "«": "»", '"': '"', "'": "'", "`": "`"}


def are_mentioned(found: Sequence[Misreading], view: View, settings: Settings) -> list[bool]:
    """Of each misreading, in order, whether the text speaks of it."""
    text = view.text
    if text.count("Ġ") >= _TOKENS and len(_TOKEN.findall(text)) >= _TOKENS:
        return [True] * len(found)
    some = holds(text, *_IN_GARBLED)
    words = [match.start() for match in _GARBLED.finditer(text)] if some else []
    outside = ~covered(len(text), [(item.start, item.end) for item in found])
    large = _SMALL * (len(text) - int(np.count_nonzero(outside)))
    reach = _NEAR if _count(view, Class.HAN | Class.LATIN, outside) >= large else _BESIDE
    may_quote = _count(view, Class.HAN, outside) >= large
    if not (words or may_quote):
        return [False] * len(found)
    mentioned: list[bool] = []
    for (start, end), of_line in groupby(found, lambda item: _line_of(text, item)):
        items = list(of_line)
        at = bisect_left(words, start - reach)
        told = at < len(words) and words[at] < end + reach
        if may_quote and not told and _are_quoted(items, text, start, end):
            told = format_of(view, settings) in ("text", "markdown")
        mentioned += [told] * len(items)
    return mentioned


def _count(view: View, classes: int, where: NDArray[np.bool_]) -> int:
    return int(np.count_nonzero(((view.bits & np.uint32(classes)) != 0) & where))


def _line_of(text: str, item: Misreading) -> tuple[int, int]:
    end = text.find("\n", item.end)
    return text.rfind("\n", 0, item.start) + 1, len(text) if end < 0 else end


def _are_quoted(items: Sequence[Misreading], text: str, start: int, end: int) -> bool:
    """Whether all that is misread in a line stands between quotes, and most of the line outside of them."""
    inside = sum(item.end - item.start for item in items)
    return 2 * inside < end - start and all(
        item.start > start and _QUOTES.get(text[item.start - 1]) == text[item.end : item.end + 1]
        for item in items
    )
