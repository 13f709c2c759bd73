"""Personal names and quotations: their characters are as their writers chose, whatever words mean."""

from collections.abc import Sequence
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.expressions import expression
from jiaokan.validators.script.forms import forms
from jiaokan.validators.tables import words_of
from jiaokan.validators.view import View

SURNAMES: Final = frozenset(words_of("surnames"))
TITLES: Final = words_of("titles")
"""What a name may follow without a mark between, or be followed by."""
LONG_TITLES: Final = tuple(title for title in TITLES if len(title) > 1)
OFFICES: Final = words_of("offices")
"""What follows a surname that stands for the whole name."""
ADDRESSES: Final = words_of("forms of address")
"""What hardly follows any word but a surname at the head of a clause."""
SURNAME_FORMS: Final = dict(
    zip("钟余游范涂于姜郁岳曲卜朴党", "鍾余游范涂于姜郁岳曲卜朴党", strict=True)
) | dict(zip("鐘餘遊範塗薑鬱嶽麴蔔樸", "鍾余游范涂姜郁岳曲卜朴", strict=True))
"""Characters that stand for a surname: Simplified ones of several forms, and what bad conversion
makes of them (餘 for 余; not 於, which begins too much else)."""
LISTED: Final = frozenset("等和與及暨同")
_QUOTATIONS: Final = ("「」", "『』", "“”", "《》", "〈〉")


def in_name(text: str, position: int) -> bool:
    """Whether a character stands in what looks like a name: a surname and one or two characters,
    between marks, titles, and words that list."""
    if text[max(0, position - 1)] == "姓":
        return True
    if text[position] in SURNAMES and (
        text.startswith(OFFICES, position + 1) or text.endswith(LONG_TITLES, 0, position)
    ):
        return True
    for surname in range(max(0, position - 2), position + 1):
        if text[surname] not in SURNAMES or not _begins(text, surname):
            continue
        for end in (surname + 3, surname + 2):
            whole = position < end <= len(text) and all(map(_is_han, text[surname:end]))
            if whole and _ends(text, end) and (position > surname or end == surname + 3):
                return True
    return False


def is_surname(text: str, position: int) -> bool:
    """Whether a character begins what looks like a name of three characters, or stands for one."""
    if text.startswith(OFFICES, position + 1):
        return True
    end = position + 3
    whole = end <= len(text) and all(map(_is_han, text[position:end]))
    return whole and _begins(text, position) and _ends(text, end)


def is_addressed(text: str, position: int) -> bool:
    """Whether a character begins a clause as the surname of who is named by an address: 于先生."""
    parted = position == 0 or not _is_han(text[position - 1])
    return parted and text.startswith(ADDRESSES, position + 1)


def is_authors(text: str, position: int) -> bool:
    """Whether a character follows an author's name and ends what it says: 房保国著，2005年."""
    if position + 1 < len(text) and _is_han(text[position + 1]):
        return False
    return any(
        start >= 0
        and text[start] in SURNAMES
        and all(map(_is_han, text[start:position]))
        and (start == 0 or not _is_han(text[start - 1]))
        for start in (position - 3, position - 2)
    )


def in_quotation(codes: NDArray[np.uint32], positions: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Whether characters, ascending, stand within quotation or title marks that their line opened."""
    inside = np.zeros(len(positions), dtype=np.bool_)
    if not len(positions):
        return inside
    breaks = (codes == ord("\n")).nonzero()[0]
    starts = np.append(0, breaks + 1)[breaks.searchsorted(positions)]
    marks = _marks_between(codes, starts, positions)
    signs = _marks()[codes[marks]]
    for sign in range(1, 2 * len(_QUOTATIONS), 2):
        opened, closed = (
            np.searchsorted(found, positions) - np.searchsorted(found, starts)
            for found in (marks[signs == sign], marks[signs == sign + 1])
        )
        inside |= opened > closed
    return inside


def _marks_between(
    codes: NDArray[np.uint32], starts: NDArray[np.intp], ends: NDArray[np.intp]
) -> NDArray[np.intp]:
    """The marks of quotations from the start of each of some lines, ascending, to where it is asked for."""
    is_last = np.append(starts[1:] != starts[:-1], True)
    first, length = starts[is_last], (ends - starts)[is_last]
    at = np.arange(length.sum()) + np.repeat(first - (np.cumsum(length) - length), length)
    marks: NDArray[np.intp] = at[_marks().take(codes[at], mode="clip") > 0]
    return marks


def are_cited(text: str, positions: Sequence[int]) -> list[bool]:
    """For each position, ascending, whether it stands in a quotation that its line opens after the
    title of a work: 《兔園冊》：「…」, 〈春思〉詩：「…」. Such text is of any age.
    """
    if "》" not in text and "〉" not in text:
        return [False] * len(positions)
    found: list[bool] = []
    opened: list[bool] = []
    line = 0
    marks = _QUOTES.finditer(text)
    mark = next(marks, None)
    for position in positions:
        while mark is not None and mark.start() < position:
            at = mark.start()
            if mark[0] == "\n":
                opened.clear()
                line = at + 1
            elif mark[0] in "「“":
                before = max(line, at - _CITES_WITHIN)
                opened.append(_CITES.search(text, before, at) is not None)
            elif opened:
                opened.pop()
            mark = next(marks, None)
        found.append(bool(opened) and opened[-1])
    return found


_QUOTES: Final = expression("[「“」”\n]")
_CITES: Final = expression("[》〉][^「」“”《〈，。；！？]{0,8}[：:，,]?$")
_CITES_WITHIN: Final = 12
"""Characters from a title's end to the quotation, and a few."""


@cache
def _marks() -> NDArray[np.uint8]:
    """The number of each mark of `_QUOTATIONS`, from 1; else 0."""
    table = np.zeros(0x10000, dtype=np.uint8)
    for number, mark in enumerate("".join(_QUOTATIONS), 1):
        table[ord(mark)] = number
    return table


def _begins(text: str, at: int) -> bool:
    if at == 0 or not _is_han(text[at - 1]) or text[at - 1] in LISTED:
        return True
    return text.endswith(TITLES, 0, at)


def _ends(text: str, end: int) -> bool:
    if end == len(text) or not _is_han(text[end]) or text[end] in LISTED:
        return True
    return text.startswith(TITLES, end)


def _is_han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff"


_QUOTED: Final = expression(r"[「『“‘《\"]([^「『“‘《\"」』”’》\n]{1,8})[」』”’》\"]")
_OPENS: Final = expression(r"[「『“‘《\"]")
_LONGEST_QUOTED: Final = 8


def is_contrasted(view: View, position: int) -> bool:
    """Whether a character stands in a quoted word that its line quotes in another spelling, too."""
    text = view.text
    if not _OPENS.search(text, max(0, position - _LONGEST_QUOTED), position):
        return False
    start = text.rfind("\n", 0, position) + 1
    end = text.find("\n", position)
    folded = forms().folded
    spellings: dict[bytes, set[str]] = {}
    own = b""
    for match in _QUOTED.finditer(text, start, len(text) if end < 0 else end):
        key = folded[view.codes[match.start(1) : match.end(1)]].tobytes()
        spellings.setdefault(key, set()).add(match[1])
        if match.start(1) <= position < match.end(1):
            own = key
    return len(spellings.get(own, ())) > 1
