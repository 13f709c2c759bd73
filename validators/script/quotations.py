"""What a text quotes in the other script: lines, cells, phrases in marks, and a phrase beside its own form."""

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import Class
from jiaokan.validators.code_sets import one_of
from jiaokan.validators.expressions import expression
from jiaokan.validators.format import format_of
from jiaokan.validators.script.decisions import Codes, Positions
from jiaokan.validators.script.forms import HANS_ONLY, SIMPLIFIED, TRADITIONAL, forms
from jiaokan.validators.script.places import CLOSING, OPENING, within
from jiaokan.validators.values import Settings
from jiaokan.validators.view import View, text_of

QUOTED = 4
"""So many characters of the other script, and none of the text's own, make a line a quotation."""
QUOTED_WITHIN_MARKS = 2
"""The same, of a phrase that stands within quotation marks or brackets, or is all that a label has."""
MANY_QUOTED = 3
"""Phrases within marks that are quotations; where there are so many, one that has a single character of the
other script is one too."""
BY_LINES = ((QUOTED, 2), (2, 3))
"""Where half of the strays are in lines of the other script that have so many of them each, and there
are so many such lines, the text has both scripts by lines, and a line may be as short as it likes."""
QUOTED_SPAN, LONGEST_QUOTED = 3, 60
"""The same, of what stands within marks and has other marks in it, and how many characters it may have."""
LONGEST_TWIN, MARKS_BETWEEN = 12, 4
"""Characters of a phrase that is set beside its form in the other script, and what may part the two."""
HEAVY, LEAST = 0.05, 3
"""The share, and the number, of the other script's characters that show a document mixed throughout."""
_COLONS = ":："
_ALONE = "\0\n\r\u2028\u2029"
_CELL_ENDS = ",\t;|"
"""What may part a table's cells. Which of them does is not asked: the parts of a cell are judged alike."""
_ARROW = r"(?:[-=]{1,3}>|[→⇒⟶➜➔⇨↔⇄])"
_ARROW_BEFORE = expression(rf"{_ARROW}[ \t\"'`“「]{{0,3}}$")
_ARROW_AFTER = expression(rf"[ \t\"'`”」]{{0,3}}{_ARROW}")
_REACH_OF_ARROW = 6
_NUMERALS = frozenset(
    "〇○零一二三四五六七八九十百千万萬亿億壹壱贰貳弐叁參参肆伍陆陸柒捌玖拾佰仟廿卅"
)
_MARKED = tuple(
    expression(
        rf"<(p|span|a|td|th|li|div|q|blockquote|dd|dt|i|em|b|cite|option|h[1-6])\b[^<>]{{0,200}}?"
        rf"\slang\s{{0,4}}=\s{{0,4}}[\"']?zh-(?:{tags})\b[^<>]{{0,200}}>[^<]{{0,1000}}</\1>"
    )
    for tags in ("Hans|CN|SG|MY|hans|cn", "Hant|TW|HK|MO|hant|tw|hk")
)
"""An element in Simplified, and one in Traditional, with nothing but text in it."""


def is_heavy(strays: int, own: int) -> bool:
    """Whether so many characters are astray that a text is mixed through and through: then phrases
    of one script are so by chance."""
    return strays >= LEAST and strays >= HEAVY * (strays + own)


def without_quotations(
    view: View, strays: Positions, own: Positions, open_: Positions, settings: Settings
) -> tuple[Positions, Positions]:
    """The strays but for those of lines, a table's cells and phrases that are of the other script
    throughout, of elements that are marked as being in it (`<span lang="zh-CN">`), and of phrases
    that stand beside the same phrase in the text's own script (汉语（漢語）); and of `open_`, which both
    scripts write, those that are not among what is quoted so.
    """
    if not len(strays):
        return strays, open_
    script = TRADITIONAL if forms().kind[view.codes[strays[0]]] & HANS_ONLY else SIMPLIFIED
    parts = view.breaks
    if format_of(view, settings) == "csv":
        parts = np.union1d(parts, np.flatnonzero(one_of(view.codes, _CELL_ENDS)))
    lines = _bounds(parts, strays, len(view.codes))
    quoted = _alone(lines, strays, own, QUOTED)
    for least, number in BY_LINES:
        some = _alone(lines, strays, own, least)
        if np.count_nonzero(some) * 2 >= len(strays) and len(np.unique(lines[0][some])) >= number:
            quoted = _alone(lines, strays, own, 1)
    if not quoted.all():
        if "lang" in view.text:
            marked = _MARKED[0 if script == TRADITIONAL else 1]
            quoted |= within(marked, view.text, strays)
        phrases = quoted | _in_foreign_span(view, strays, own)
        phrases |= _in_foreign_phrase(view, strays, own, script)
        if not is_heavy(int(np.count_nonzero(~phrases)), len(own)):
            quoted = phrases
    if quoted.any():
        others = np.concatenate([strays[~quoted], own])
        open_ = open_[~_are_among(strays[quoted], others, open_, parts)]
    return strays[~quoted], open_


def _are_among(
    quoted: Positions, others: Positions, places: Positions, parts: Positions
) -> NDArray[np.bool_]:
    """Whether places have what is quoted on one side or both, and nothing else between, in their line."""
    both = np.concatenate([quoted, others])
    order = np.argsort(both)
    telling, is_quoted = both[order], (np.arange(len(both)) < len(quoted))[order]
    line, of_place = np.searchsorted(parts, telling), np.searchsorted(parts, places)
    after = np.searchsorted(telling, places)
    found = np.zeros(len(places), dtype=np.bool_)
    refused = found.copy()
    for beside in (after - 1, after):
        at = np.clip(beside, 0, len(telling) - 1)
        is_near = (at == beside) & (line[at] == of_place)
        found |= is_near & is_quoted[at]
        refused |= is_near & ~is_quoted[at]
    return found & ~refused


def _in_foreign_phrase(
    view: View, strays: Positions, own: Positions, script: int
) -> NDArray[np.bool_]:
    """Whether strays stand in an unbroken run of ideographs that is a quotation, a list of numerals, on
    one side of an arrow (鼠标 → 滑鼠), or beside the same run in the text's own script, in one line."""
    marks = np.flatnonzero((view.bits & np.uint32(Class.HAN)) == 0)
    run = starts, ends = _bounds(marks, strays, len(view.codes))
    codes = np.concatenate([view.codes, np.zeros(1, dtype=np.uint32)])
    before, after = codes[starts - 1], codes[ends]
    quoted = one_of(before, OPENING) & one_of(after, CLOSING)
    before = np.where(before == ord(" "), codes[starts - 2], before)
    quoted |= one_of(before, _COLONS) & one_of(after, _ALONE)
    found = quoted & _alone(run, strays, own, QUOTED_WITHIN_MARKS)
    if len(np.unique(starts[found])) >= MANY_QUOTED:
        found = quoted & _alone(run, strays, own, 1)
    labelled = one_of(before, _COLONS) | one_of(after, _COLONS)
    found |= labelled & _alone(run, strays, own, QUOTED)
    is_short = ends - starts <= LONGEST_TWIN
    is_alone = _alone(run, strays, own, 1) & is_short
    for row in np.flatnonzero(~found).tolist():
        text = view.text[starts[row] : ends[row]]
        found[row] = len(text) >= QUOTED and _NUMERALS.issuperset(text)
        if is_alone[row] and not found[row]:
            found[row] = _is_at_arrow(view.text, int(starts[row]), int(ends[row]))
        if is_short[row] and not found[row]:
            twin = forms().direct[script][view.codes[starts[row] : ends[row]]]
            found[row] = _is_beside(view.text, int(starts[row]), int(ends[row]), twin)
    return found


def _is_at_arrow(text: str, start: int, end: int) -> bool:
    """Whether an arrow stands before or after a phrase, as between what a word is and what it becomes."""
    before = text[max(0, start - _REACH_OF_ARROW) : start]
    return bool(_ARROW_BEFORE.search(before) or _ARROW_AFTER.match(text, end))


def _is_beside(text: str, start: int, end: int, twin: Codes) -> bool:
    """Whether right before or after the marks around a phrase stands another."""
    phrase = text_of(twin)
    near = len(phrase) + MARKS_BETWEEN
    before = text[max(0, start - near) : start].rpartition("\n")[2]
    return phrase in before or phrase in text[end : end + near].partition("\n")[0]


def _in_foreign_span(view: View, strays: Positions, own: Positions) -> NDArray[np.bool_]:
    """Whether strays stand within a pair of marks of a line, with nothing of the text's own script
    between them (「紅樓夢，第三回」)."""
    opening, closing = view.where(Class.OPEN), view.where(Class.CLOSE)
    if not len(opening) or not len(closing):
        return np.zeros(len(strays), dtype=np.bool_)
    last, following = opening.searchsorted(strays) - 1, closing.searchsorted(strays)
    span = starts, ends = opening[last], closing[np.minimum(following, len(closing) - 1)]
    within_one = (last >= 0) & (following < len(closing)) & (ends - starts <= LONGEST_QUOTED)
    within_one &= closing.searchsorted(starts) == following
    within_one &= view.breaks.searchsorted(starts) == view.breaks.searchsorted(ends)
    return within_one & _alone(span, strays, own, QUOTED_SPAN)


def _bounds(parts: Positions, strays: Positions, size: int) -> tuple[Positions, Positions]:
    """Where the stretch between two of `parts` that each stray is in begins, and where it ends."""
    after = parts.searchsorted(strays)
    bounds = np.concatenate([[-1], parts, [size]])
    return bounds[after] + 1, bounds[after + 1]


def _alone(
    bounds: tuple[Positions, Positions], strays: Positions, own: Positions, least: int
) -> NDArray[np.bool_]:
    """Whether each of these stretches has `least` strays and none of the text's own characters."""
    (first, last), (own_first, own_last) = (
        [positions.searchsorted(bound) for bound in bounds] for positions in (strays, own)
    )
    alone: NDArray[np.bool_] = (last - first >= least) & (own_first == own_last)
    return alone
