"""Content that is gone, and what stands in its place."""

from collections.abc import Iterable
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.expressions import expression
from jiaokan.validators.mojibake.rare import sign_positions
from jiaokan.validators.mojibake.rules import LOST
from jiaokan.validators.mojibake.stretches import covered
from jiaokan.validators.values import Applicability, Finding
from jiaokan.validators.view import View

_THREES = {
    "gbk": ("锟", "斤", "拷"), "big5": ("嚙", "踝", "蕭"), "euc_jp": ("鐃", "緒", "申"),
    "euc_kr": ("占", "쏙", "옙"),
}  # fmt: skip
"""Two U+FFFD in UTF-8, which are six bytes, as each page of pairs shows them."""
_SINGLES = {"latin": "ï¿½", "cp1251": "пїЅ", "koi8_r": "О©╫", "cp437": "∩┐╜", "cp866": "я┐╜"}
"""One U+FFFD in UTF-8, as pages of single bytes show it."""
_SIGNS = expression(
    "|".join(
        (
            *(
                f"(?P<{page}>(?:{a}{b}{c}|{a}{b}|{a}[\u4e00-\u9fff가-힣])*{a}{b}{c}(?:{a}{b}{c}|{a}{b}|{a})*)"
                for page, (a, b, c) in _THREES.items()
            ),
            *(f"(?P<{page}>(?:{sign})+)" for page, sign in _SINGLES.items()),
            "(?P<memory>烫{3,}[烫屯]*|屯{3,}[烫屯]*)",
        )
    )
)
_BEFORE_SIGN = {ord("쏙"): 1, ord("Ѕ"): 2, ord("╜"): 2, ord("╫"): 2}
"""How many characters of a mark stand before its sign, of those that do not begin with it."""
_REPLACEMENT = 0xFFFD
_BREAK = 0x0A
_START = attrgetter("start")


def find_lost(view: View, taken: Iterable[tuple[int, int]]) -> list[Finding]:
    """The signs outside of the spans that other findings take."""
    at = sign_positions(view)
    if not len(at):
        return []
    is_taken = covered(len(view.text) + 1, list(taken))
    replaced = view.codes[at] == _REPLACEMENT
    found = _replacements(at[replaced], is_taken, view.codes)
    text = view.text
    reached = 0
    others = at[~replaced]
    others = others[~is_taken[others]]
    for sign, at_sign in zip(view.codes[others].tolist(), others.tolist(), strict=True):
        first = at_sign - _BEFORE_SIGN.get(sign, 0)
        match = _SIGNS.match(text, first) if first >= reached else None
        if match is None:
            continue
        start, end = match.span()
        reached = end
        if not is_taken[start:end].any():
            kind = match.lastgroup or ""
            found.append(_finding(kind, start, end, _count(kind, match.group())))
    return sorted(found, key=_START) if len(others) else found


def _replacements(
    at: NDArray[np.intp], is_taken: NDArray[np.bool_], codes: NDArray[np.uint32]
) -> list[Finding]:
    """The runs of U+FFFD, which stand at these places, of which nothing is taken: those of a line together."""
    if not len(at):
        return []
    cut = np.flatnonzero(np.diff(at) > 1)
    firsts, lasts = at[np.append(0, cut + 1)], at[np.append(cut, len(at) - 1)]
    held = np.append(0, np.cumsum(is_taken))
    free = held[lasts + 1] == held[firsts]
    firsts, lasts = firsts[free], lasts[free]
    if not len(firsts):
        return []
    line = np.searchsorted(np.flatnonzero(codes == _BREAK), firsts)
    begun = np.flatnonzero(np.diff(line, prepend=-1))
    ended = np.append(begun[1:], len(line)) - 1
    running = np.append(0, np.cumsum(lasts + 1 - firsts))
    count = running[ended + 1] - running[begun]
    return [
        _finding("replacement", *each)
        for each in zip(
            firsts[begun].tolist(), (lasts[ended] + 1).tolist(), count.tolist(), strict=True
        )
    ]


def _finding(kind: str, start: int, end: int, count: int) -> Finding:
    message = (
        f"{end - start} characters of memory never written to"
        if kind == "memory"
        else f"content lost here: {count} replacement character{'s' if count > 1 else ''}"
    )
    sure = 0.7 if kind == "memory" and end - start < 4 else 0.99
    return Finding(
        LOST, start, end, message, sure, Applicability.DISPLAY,
        evidence={"lost": count, "seen as": kind},
    )  # fmt: skip


def _count(kind: str, text: str) -> int:
    if kind in _THREES:
        return (2 * len(text) + 2) // 3
    return text.count(_SINGLES[kind]) if kind in _SINGLES else len(text)
