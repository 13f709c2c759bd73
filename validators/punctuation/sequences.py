"""Marks that cannot follow one another, and spaces where Chinese text has none."""

import re
from collections.abc import Iterable, Iterator
from itertools import compress

import numpy as np

from jiaokan.validators.code_sets import one_of
from jiaokan.validators.expressions import expression
from jiaokan.validators.protected import is_protected
from jiaokan.validators.punctuation.screening import (
    BEFORE,
    DOUBLED,
    IMPOSSIBLE,
    cjk_marks,
    pairs_of_marks,
)
from jiaokan.validators.view import View

_HAN = r"[㐀-䶿一-鿿豈-﫿〇𠀀-𲎯]"
_DOUBLED = expression(r"(?<![，。、；：])([，。、；：])\1(?![，。、；：])")
_IMPOSSIBLE = expression(
    r"(?<![，。、；：])(?:[，、；](?=。)|[。、](?=，))([。，])(?![，。、；：])"
)
_IS_HAN = expression(_HAN)
_SPACES = " \t\u00a0"
_TOKEN = rf"(?:{_HAN}|[，。、；：？！“”「」《》（）—…])"
_CHAIN = expression(rf"(?<!{_HAN}){_TOKEN}(?: {_TOKEN}(?!{_HAN})){{4,}}")
_SHORT_CHAIN = expression(rf"(?<!{_HAN}){_TOKEN}(?: {_TOKEN}(?!{_HAN}))+")
_CLAUSE = expression(rf"{_HAN}[，。；！？]")
_FUNCTION = frozenset("的了是在我你他她它们們这這不就都也还還有和与與")


def doubled(view: View) -> Iterator[tuple[int, int, str]]:
    """`，，` and its like: two of a mark that never comes twice."""
    yield from _at_pairs([mark * 2 for mark in DOUBLED], _DOUBLED, view)


def impossible(view: View) -> Iterator[tuple[int, int, str]]:
    """`，。` and its like: two marks of which the second, set last, was meant."""
    yield from _at_pairs(IMPOSSIBLE, _IMPOSSIBLE, view)


def _at_pairs(
    pairs: Iterable[str], pattern: re.Pattern[str], view: View
) -> Iterator[tuple[int, int, str]]:
    """What a pattern finds, each time one of these pairs of marks; no two of them touch."""
    for at in pairs_of_marks(view, pairs).tolist():
        match = pattern.match(view.text, at)
        if match is not None:
            yield match.start(), match.end(), match[1]


def spaces_before_marks(view: View) -> Iterator[tuple[int, int, str]]:
    """Spaces between Han and the mark that follows."""
    at = cjk_marks(view)
    at = at[one_of(view.codes[at], BEFORE) & one_of(view.codes[np.maximum(at - 1, 0)], _SPACES)]
    for end in at.tolist():
        start = end
        while start and view.text[start - 1] in _SPACES:
            start -= 1
        if start and _IS_HAN.match(view.text, start - 1):
            yield start, end, ""


_WORD_APART = expression("(?<= )[\u3400-\u9fff]{2,4}(?= )")
_SINGLES = 16
"""Lines with one word of several characters between spaces to so many single ones were parted into words."""


def spaces_between_han(view: View) -> Iterator[tuple[int, int, str, bool]]:
    """Each run of single Han set apart, and what it is without the spaces; True where function words or
    the marks of clauses show a sentence, or the whole document is set so, and its words are not parted."""
    lines = list(_lines_with_chains(view))
    if not lines:
        return
    found = []
    apart = 0
    for match in _in_prose(view, _CHAIN, lines):
        words = match[0].replace(" ", "")
        function = sum(c in _FUNCTION for c in words) * 16 >= len(words)
        sentence = len(words) >= 8 and (function or _CLAUSE.search(words) is not None)
        apart += len(words) if sentence else 0
        found.append((match.start(), match.end(), words, sentence))
    if apart * 2 >= view.profile.han:
        for match in _in_prose(view, _SHORT_CHAIN, [(0, len(view.text))]):
            yield match.start(), match.end(), match[0].replace(" ", ""), True
        return
    around = {_line_around(view.text, start, end) for start, end, *_ in found}
    words_apart = sum(len(_WORD_APART.findall(line)) for line in around)
    is_parted = words_apart * _SINGLES >= sum(len(words) for _, _, words, _ in found)
    for start, end, words, sentence in found:
        yield start, end, words, sentence and not is_parted


def _in_prose(
    view: View, pattern: re.Pattern[str], spans: Iterable[tuple[int, int]]
) -> Iterator[re.Match[str]]:
    """What a pattern finds in these spans that does not begin in code or the like."""
    matches = [match for span in spans for match in pattern.finditer(view.text, *span)]
    starts = np.array([match.start() for match in matches], dtype=np.intp)
    return compress(matches, ~is_protected(view, starts)) if matches else iter(matches)


def _line_around(text: str, start: int, end: int) -> str:
    last = text.find("\n", end)
    return text[text.rfind("\n", 0, start) + 1 : last if last >= 0 else len(text)]


def _lines_with_chains(view: View) -> Iterator[tuple[int, int]]:
    """The lines in which four spaces stand with one character between each and the next."""
    text = view.text
    if " " not in text:
        return
    at = (view.codes == 0x20).nonzero()[0]
    two = at[1:] - at[:-1] == 2
    done = -1
    for space in at[:-3][two[:-2] & two[1:-1] & two[2:]].tolist():
        if space > done:
            done = text.find("\n", space)
            done = done if done >= 0 else len(text)
            yield text.rfind("\n", 0, space) + 1, done
