"""Marks that cannot follow one another, and spaces where Chinese text has none."""

import re
from collections.abc import Iterable, Iterator

from jiaokan.validators.expressions import expression
from jiaokan.validators.punctuation.screening import DOUBLED, IMPOSSIBLE
from jiaokan.validators.view import View

_HAN = r"[㐀-䶿一-鿿豈-﫿〇𠀀-𲎯]"
_DOUBLED = expression(r"(?<![，。、；：])([，。、；：])\1(?![，。、；：])")
_IMPOSSIBLE = expression(
    r"(?<![，。、；：])(?:[，、；](?=。)|[。、](?=，))([。，])(?![，。、；：])"
)
_IS_HAN = expression(_HAN)
_BEFORE_MARK = expression(r"[ \t\u00a0]+(?=[，。、；：？！])")
_TOKEN = rf"(?:{_HAN}|[，。、；：？！“”「」《》（）])"
_CHAIN = expression(rf"(?<!{_HAN}){_TOKEN}(?: {_TOKEN}(?!{_HAN})){{4,}}")
_SHORT_CHAIN = expression(rf"(?<!{_HAN}){_TOKEN}(?: {_TOKEN}(?!{_HAN}))+")
_SPACED = expression(r" \S \S \S \S")
"""What every chain has in it."""
_CLAUSE = expression(rf"{_HAN}[，。；！？]")
_FUNCTION = frozenset("的了是在我你他她它们們这這不就都也还還有和与與")


def doubled(text: str) -> Iterator[tuple[int, int, str]]:
    """`，，` and its like: two of a mark that never comes twice."""
    yield from _at_pairs([mark * 2 for mark in DOUBLED], _DOUBLED, text)


def impossible(text: str) -> Iterator[tuple[int, int, str]]:
    """`，。` and its like: two marks of which the second, set last, was meant."""
    yield from _at_pairs(IMPOSSIBLE, _IMPOSSIBLE, text)


def _at_pairs(
    pairs: Iterable[str], pattern: re.Pattern[str], text: str
) -> Iterator[tuple[int, int, str]]:
    """What a pattern finds, each time one of these pairs of marks; no two of them touch."""
    places = []
    for pair in pairs:
        at = text.find(pair)
        while at >= 0:
            places.append(at)
            at = text.find(pair, at + 1)
    for at in sorted(places):
        match = pattern.match(text, at)
        if match is not None:
            yield match.start(), match.end(), match[1]


def spaces_before_marks(text: str) -> Iterator[tuple[int, int, str]]:
    """Spaces between Han and the mark that follows."""
    for match in _BEFORE_MARK.finditer(text):
        start, end = match.span()
        if start and _IS_HAN.match(text, start - 1):  # asked of each character, this takes long
            yield start, end, ""


def spaces_between_han(view: View) -> Iterator[tuple[int, int, str, bool]]:
    """Each run of single Han set apart, and what it is without the spaces; True where function words or
    the marks of clauses show a sentence, or the whole document is set so."""
    if not _SPACED.search(view.text):
        return
    found = []
    apart = 0
    for match in _CHAIN.finditer(view.text):
        words = match[0].replace(" ", "")
        function = sum(c in _FUNCTION for c in words) * 16 >= len(words)
        sentence = len(words) >= 8 and (function or _CLAUSE.search(words) is not None)
        apart += len(words) if sentence else 0
        found.append((match.start(), match.end(), words, sentence))
    if apart * 2 >= view.profile.han:
        for match in _SHORT_CHAIN.finditer(view.text):
            yield match.start(), match.end(), match[0].replace(" ", ""), True
    else:
        yield from found
