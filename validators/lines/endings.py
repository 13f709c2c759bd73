"""Where a text stops short: cut at a limit, behind "read more", inside a quotation or a character."""

import re
from math import isnan

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import Class
from jiaokan.validators.code_sets import one_of
from jiaokan.validators.expressions import expression
from jiaokan.validators.lines.evidence import LABEL
from jiaokan.validators.lines.layout import VOID
from jiaokan.validators.lines.words import ends_of
from jiaokan.validators.values import Applicability, Finding
from jiaokan.validators.view import View

RULE = "lines/truncated"
_MORE = expression(
    r"(?:\.{2,6}|…{1,2})?[ \u3000]*[\[［(（【<＜]?[ \u3000]*(?:(?:点击|點擊|点此|點此|继续|繼續)?(?:查看|阅读|閱讀|展开|展開|显示|顯示|收起)?"
    r"(?:全文|更多|原文)|展开|展開|阅读更多|閱讀更多|[Rr]ead [Mm]ore|未完待续)[ \u3000]*[\]］)）】>＞]?[ \u3000]*(?:>{1,2}|»|→|\.{3}|…)?$"
)
_DOTS = expression(
    r"(?<=[\u3400-\u9fff，、：“「（])(?:\.{3,6}|…)$|(?<=[\u3400-\u9fff][，、])…+$|\[(?:\.{3}|…)\]$"
)
_SIGNED = expression(
    r"\d{4}\s?[年/.-]\s?\d{1,2}\s?[月/.-]\s?\d{1,2}日?$|[）)】\]》」』”’\"]$|(?:记者|記者|编辑|編輯|作者|来源|來源|摄影|攝影|发布|發布|撰文|供稿)[：:\s]|"
    r"^[^，。]{0,12}[敬谨謹上启啟]$|\d{1,2}[:：]\d\d$|(?:电话|電話|传真|傳真|分机|分機|轉|转|#|洽|[Tt]el)[^，。]{0,24}\d$|"
    r"\d{3,4}[-－]\d{3,}(?:\D{1,3}\d{2,5})?$"
)
_PAIRS = {"“": "”", "「": "」", "『": "』", "（": "）", "《": "》", "【": "】", "〔": "〕"}
_STOPS = "。！？!?…．.｡;；:：~～"
_LEAST = 16
"""Shorter last lines are titles, names, dates: nobody can tell whether they are whole."""
_LEAST_LONG, _LONG_LINE = 30, 40
_ENDS_SELDOM, _ENDS_SELDOM_LONG = -5.0, -2.5
"""Log probabilities of a line ending after these two characters, under which one is called cut: a long line
is seldom a title."""
_EXPOSITION = expression("。.|[，；].{6}")
_SPEECH = expression(
    "(?:^|[：，。！？:,])[“「『].{0,16}……$|[。！？，…][”」』].{0,16}……$|[？！].{0,16}……$|[我你您她].{0,4}……$"
)
_DOTS_AFTER_FIGURE = expression(r"(?<=[A-Za-z\d(])\.{3}$")
_LONG_SENTENCE = expression("[\u3400-\u9fff].*[，。；：].*[\u3400-\u9fff]{2}.*[^。！？]$")
_INNER_WORDS = expression(r"[\u3400-\u9fff]{2}")
_LAST_OF_MORE = "文多开開e续]］)）】>＞»→.…\ufffd"
_MID_MARKS = "，、,（(“「《"
_SENTENCE = expression("[。！？!?]")
_INNER_MARK = expression("[，。！？,;；：:]")


def may_be_truncated(view: View) -> NDArray[np.bool_]:
    """Documents that do not end as whole texts do: shape (documents,)."""
    return view.flags("may be truncated", _may_be_truncated)


def _may_be_truncated(view: View) -> NDArray[np.bool_]:
    last = view.ends - 1 - _void_at_end(view)
    flags = np.zeros(len(last), dtype=np.bool_)
    # Nothing is missing behind the last character of most texts.
    at = (last >= view.starts).nonzero()[0]
    codes = view.codes[last[at]]
    more, mark = one_of(codes, _LAST_OF_MORE), one_of(codes, _MID_MARKS)
    asked = (more | mark | _ends_in_word(view, last[at])).nonzero()[0]
    if not len(asked):
        return flags
    at, more, mark = at[asked], more[asked], mark[asked]
    begin = _begin_of_last(view, last, at)
    flags[at[more]] = [_ends_in_more(view.text, end) for end in last[at[more]].tolist()]
    size = last[at] - begin + 1
    long = size >= _LEAST
    if not long.any():
        return flags
    flags[at] |= long & mark
    measured = _measured_ends(view)[at]
    flags[at] |= measured < np.where(size >= _LONG_LINE, _ENDS_SELDOM_LONG, _ENDS_SELDOM)
    word = (size >= _LEAST_LONG) & _ends_in_word(view, last[at])
    at, begin = at[word], begin[word]
    if len(at):
        stops = view.where(Class.TERMINAL)
        flags[at] |= stops.searchsorted(last[at]) > stops.searchsorted(begin)
    return flags


def _ends_in_more(text: str, end: int) -> bool:
    """Whether dots, half a character or a word for what follows may end here."""
    if text[end] in "…\ufffd" or text[max(end - 1, 0) : end + 1] in _DOTTED:
        return True
    return _WORD_OF_MORE.search(text, max(end - _LONGEST_MORE, 0), end + 1) is not None


_DOTTED = ("..", ".]", "…]")
_WORD_OF_MORE = expression("全文|更多|原文|展开|展開|[Rr]ead [Mm]ore|未完待续")
_LONGEST_MORE = 64


def _begin_of_last(view: View, last: NDArray[np.intp], at: NDArray[np.intp]) -> NDArray[np.intp]:
    """Where the last line begins of those documents that have ink."""
    begin, breaks = view.starts[at], view.breaks
    if len(breaks):
        before = breaks.searchsorted(last[at]) - 1
        after = np.where(before >= 0, breaks[np.maximum(before, 0)] + 1, 0)
        begin = np.maximum(begin, after)
    return begin


def _ends_in_word(view: View, last: NDArray[np.intp]) -> NDArray[np.bool_]:
    word: NDArray[np.bool_] = (
        view.bits[last] & np.uint32(Class.HAN | Class.DIGIT | Class.LATIN)
    ) != 0
    return word


def _measured_ends(view: View) -> NDArray[np.float64]:
    """Log probability of a line ending as each document does, of those that end in a long line with a
    mark inside and a Han character; not a number for the others."""
    return view.measures("how documents end", _measure_ends)


def _measure_ends(view: View) -> NDArray[np.float64]:
    last = view.ends - 1 - _void_at_end(view)
    measured = np.full(len(last), np.nan)
    at = (last >= view.starts).nonzero()[0]
    at = at[(view.bits[last[at]] & np.uint32(Class.HAN)) != 0]
    begin = _begin_of_last(view, last, at)
    long = last[at] - begin + 1 >= _LEAST
    at, begin = at[long], begin[long]
    if not len(at):
        return measured
    marks = view.where(Class.CJK_MARK | Class.ASCII_MARK)
    marked = marks.searchsorted(last[at]) > marks.searchsorted(begin)
    at = at[marked]
    if len(at):
        measured[at] = ends_of(view, last[at])
    return measured


def _void_at_end(view: View) -> NDArray[np.intp]:
    """How many characters follow the last ink of each document."""
    return view.counts("void at end", lambda v: v.ends - 1 - _last_ink(v))


def _last_ink(view: View) -> NDArray[np.intp]:
    """The last character of each document that is neither space nor break; before its start for none."""
    void = np.uint32(VOID)
    last = view.ends - 1
    open_ = (last >= view.starts).nonzero()[0]
    for _ in range(64):
        open_ = open_[(view.bits[last[open_]] & void) != 0]
        last[open_] -= 1
        open_ = open_[last[open_] >= view.starts[open_]]
        if not len(open_):
            return last
    for index in open_.tolist():
        start = int(view.starts[index])
        ink = np.flatnonzero((view.bits[start : int(last[index]) + 1] & void) == 0)
        last[index] = start + int(ink[-1]) if len(ink) else start - 1
    return last


def find_truncated(view: View) -> list[Finding]:
    """At most one finding: what the end of the document lacks."""
    if not may_be_truncated(view)[0]:
        return []
    end = len(view.text) - int(_void_at_end(view)[0])
    text = view.text[:end]
    before = view.breaks[: view.breaks.searchsorted(end)]
    start = int(before[-1]) + 1 if len(before) else 0
    line = text[max(start, end - 4000) :].strip()
    if line[-1] in _LAST_OF_MORE:
        more = _MORE.search(line)
        if more and len(more[0].strip()) > 1 and (more.start() >= 8 or line == more[0]):
            shown = more[0].strip()
            return [_finding(end - len(more[0]), end, 0.97, f"the text is cut off at {shown!r}")]
        dots = _DOTS.search(line)
        if not dots and len(line) >= _LEAST_LONG and _LONG_SENTENCE.match(line[:-3]):
            dots = _DOTS_AFTER_FIGURE.search(line)
        if dots and len(line) >= _LEAST:
            return [_finding(end - len(dots[0]), end, 0.9, "the text breaks off in dots")]
        if line[-1] == "\ufffd":
            return [_finding(end - 1, end, 0.95, "the text ends inside a character")]
    if len(line) < _LEAST:
        return []
    found = _open_end(view, line, start, end)
    return [found] if found and not _SIGNED.search(line) else []


def _open_end(view: View, line: str, start: int, end: int) -> Finding | None:
    """What the last line lacks: it begins at `start`, and its ink ends at `end`."""
    opened = _unclosed(line)
    left_open = f", with {opened} left open" if opened else ""
    if line[-1] in _MID_MARKS:
        why = f"the text ends in mid-sentence, after {line[-1]}{left_open}"
        return _finding(end - 1, end, 0.95, why)
    if line.endswith("……"):
        whole = len(line) < _LEAST_LONG or not _EXPOSITION.search(line) or _SPEECH.search(line)
        at = _ends(view, end - 2)
        if whole or at >= _ENDS_SELDOM_LONG:
            return None
        return _finding(end - 2, end, 0.8, "the text breaks off in dots", at)
    if not line[-1].isalnum() or not _INNER_MARK.search(line, 0, len(line) - 1):
        return None
    ends = float(_measured_ends(view)[0])
    ends = _ends(view, end) if isnan(ends) else ends
    tail = _SENTENCE.split(line)[-1]
    after_sentences = (
        len(line) >= _LEAST_LONG and 1 < len(tail) < len(line) and _INNER_WORDS.search(tail)
    )
    least = _ENDS_SELDOM_LONG if len(line) >= _LONG_LINE else _ENDS_SELDOM
    seldom = "\u3400" <= line[-1] <= "\u9fff" and ends < least
    if not (seldom or after_sentences) or (not opened and _others_end_open(view.text[:start])):
        return None
    if not opened and not after_sentences and LABEL.match(line):
        return None
    chance = (
        0.97
        if opened
        else 0.93
        if after_sentences
        else min(0.97, 0.9 + 0.01 * (_ENDS_SELDOM_LONG - ends))
    )
    return _finding(end - 1, end, chance, f"the text ends in mid-sentence{left_open}", ends)


def _ends(view: View, end: int) -> float:
    """Log probability of a line ending at a place."""
    at = np.array([max(end - 1, 0)], dtype=np.intp)
    return float(ends_of(view, at)[0])


def _unclosed(line: str) -> str:
    for opening, closing in _PAIRS.items():
        if line.count(opening) > line.count(closing):
            return opening
    return ""


def _others_end_open(text: str) -> bool:
    """Whether this document's paragraphs are wont to end without a mark."""
    lines = [line.strip() for line in re.split(r"[\r\n\u2028]+", text[-4000:])]
    long = [line for line in lines if len(line) >= _LEAST and re.search(r"[，。,]", line)]
    return sum(line[-1] not in _STOPS + '」』”’）)"' for line in long) * 5 >= 2 * max(len(long), 1)


def _finding(start: int, end: int, chance: float, message: str, ends: float = 0.0) -> Finding:
    return Finding(
        rule=RULE,
        start=start,
        end=end,
        message=message,
        confidence=round(chance, 3),
        applicability=Applicability.DISPLAY,
        evidence={"ends": round(ends, 2)},
    )
