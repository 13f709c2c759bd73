"""Full-width marks inside addresses and numbers, where whoever made all marks Chinese put them."""

import re
from collections.abc import Iterator

import numpy as np

from jiaokan.validators.expressions import expression
from jiaokan.validators.protected import is_protected
from jiaokan.validators.punctuation.screening import WIDENED, inside_words
from jiaokan.validators.view import View, distinct

_NARROW = dict(zip(WIDENED, ":/,..", strict=True))
_TOP = r"(?:com|org|net|edu|gov|cn|tw|hk)(?![a-z0-9-])"
_HOST = rf"(?:www[.．。])?(?:(?!{_TOP})[a-z0-9-]{{1,63}}[.．。]){{0,8}}{_TOP}(?:[.．](?:cn|tw|hk)(?![a-z0-9-]))?"
_ADDRESS = expression(
    rf"(?<![a-z0-9])(?:(?:https?|ftps?)(?:：(?://|／／)|://)(?:{_HOST})?|(?=www){_HOST})",
    re.IGNORECASE,
)
_EVASION = "。"
"""Lists of forbidden words have addresses as those wrote them who evade such lists."""
_THOUSANDS = expression(
    r"(?<![0-9A-Za-z.．:：/-])(?<![0-9][,，])[1-9][0-9]{0,2}(?:，[0-9]{3})+(?![0-9A-Za-z]|[,，.．][0-9])"
)
_PROVEN = "，0"
"""No number of an enumeration begins so."""
_COUNTED = expression(r"[ \u00a0]?(?![年月日号號期至到多餘余])[㐀-鿿]")
_OF_ORDER = "第成"
_PERCENT = expression(r"(?<![0-9A-Za-z.．。，])[0-9]{1,3}。[0-9]+(?=[%％])")

Widened = tuple[int, int, str, bool]


def widened(view: View) -> Iterator[Widened]:
    """Each mark that belongs to an address or a number, the ASCII mark meant, and whether that is proven."""
    places = inside_words(view)
    if not len(places):
        return
    edges = np.concatenate([[-1], view.breaks, [len(view.text)]])
    found: list[Widened] = []
    for line in distinct(edges.searchsorted(places)).tolist():
        found += _in_line(view.text, int(edges[line - 1]) + 1, int(edges[line]))
    if found:
        in_code = is_protected(view, np.array([place for place, *_ in found]))
        yield from (
            each for each, protected in zip(found, in_code.tolist(), strict=True) if not protected
        )


def _in_line(text: str, start: int, end: int) -> Iterator[Widened]:
    for match in _ADDRESS.finditer(text, start, end):
        yield from _narrowed(match, _EVASION not in match[0])
    for match in _THOUSANDS.finditer(text, start, end):
        if _PROVEN in match[0]:
            yield from _narrowed(match, True)
        elif _COUNTED.match(text, match.end()) and text[match.start() - 1] not in _OF_ORDER:
            yield from _narrowed(match, False)
    for match in _PERCENT.finditer(text, start, end):
        yield from _narrowed(match, False)


def _narrowed(match: re.Match[str], proven: bool) -> Iterator[Widened]:
    for at, mark in enumerate(match[0], match.start()):
        if mark in _NARROW:
            yield at, at + 1, _NARROW[mark], proven
