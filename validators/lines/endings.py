"""Where a text stops short: cut at a limit, behind "read more", inside a quotation or a character."""

import re

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.classes import Class
from jiaokan.validators.lines.evidence import LABEL, is_in, running_on
from jiaokan.validators.lines.layout import VOID
from jiaokan.validators.values import Applicability, Finding
from jiaokan.validators.view import View

RULE = "lines/truncated"
_MORE = re.compile(
    r"(?:\.{2,6}|…{1,2})?[ \u3000]*[\[［(（【<＜]?[ \u3000]*(?:(?:点击|點擊|点此|點此|继续|繼續)?(?:查看|阅读|閱讀|展开|展開|显示|顯示|收起)?"
    r"(?:全文|更多|原文)|展开|展開|阅读更多|閱讀更多|[Rr]ead [Mm]ore|未完待续)[ \u3000]*[\]］)）】>＞]?[ \u3000]*(?:>{1,2}|»|→|\.{3}|…)?$"
)
_DOTS = re.compile(
    r"(?<=[\u3400-\u9fff，、：“「（])(?:\.{3,6}|…)$|(?<=[\u3400-\u9fff][，、])…+$|\[(?:\.{3}|…)\]$"
)
_SIGNED = re.compile(
    r"\d{1,4}[日号號年时時分]?$|[）)】\]》」』”’\"]$|(?:记者|記者|编辑|編輯|作者|来源|來源|摄影|攝影|发布|發布|撰文|供稿)[：:\s]|"
    r"^[^，。]{0,12}[敬谨謹上启啟]$"
)
_PAIRS = {"“": "”", "「": "」", "『": "』", "（": "）", "《": "》", "【": "】", "〔": "〕"}
_STOPS = "。！？!?…．.｡;；:：~～"
_LEAST = 16
"""Shorter last lines are titles, names, dates: nobody can tell whether they are whole."""
_ENDS_SELDOM = -4.6
"""Log probability of a line ending after these two characters, under which one is called cut."""
_LAST_OF_MORE = "文多开開e续]］)）】>＞»→.…"


def may_be_truncated(view: View) -> NDArray[np.bool_]:
    """Documents that do not end as whole texts do: shape (documents,)."""
    last = _last_ink(view)
    known = last >= view.starts
    codes = (
        view.codes[np.maximum(last, 0)] if len(view.text) else np.zeros(len(last), dtype=np.uint32)
    )
    bits = (
        view.bits[np.maximum(last, 0)] if len(view.text) else np.zeros(len(last), dtype=np.uint32)
    )
    ended = is_in(codes, _STOPS) | ((bits & np.uint32(Class.CLOSE)) != 0)
    flags: NDArray[np.bool_] = known & (~ended | is_in(codes, _LAST_OF_MORE))
    return flags


def _last_ink(view: View) -> NDArray[np.intp]:
    """The last character of each document that is neither space nor break; before its start for none."""
    void = np.uint32(VOID)
    last = view.ends - 1
    open_ = np.flatnonzero(last >= view.starts)
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
    text = view.text.rstrip()
    if not text or not may_be_truncated(view)[0]:
        return []
    start = max(text.rfind("\n"), text.rfind("\r"), text.rfind("\u2028")) + 1
    line = text[start:].strip()
    end = len(text)
    more = _MORE.search(line)
    if (
        more
        and (more.start() > 0 or start == 0)
        and len(line) - len(more[0]) >= 0
        and len(more[0]) > 1
    ):
        if more.start() >= 8 or line == more[0]:
            return [
                _finding(
                    end - len(more[0]), end, 0.97, f"the text is cut off at {more[0].strip()!r}"
                )
            ]
        return []
    dots = _DOTS.search(line)
    if dots and len(line) >= _LEAST:
        return [_finding(end - len(dots[0]), end, 0.9, "the text breaks off in dots")]
    if line.endswith("\ufffd"):
        return [_finding(end - 1, end, 0.95, "the text ends inside a character")]
    if len(line) < _LEAST or _SIGNED.search(line):
        return []
    opened = _unclosed(line)
    if opened and line[-1] not in _STOPS and len(line) >= _LEAST:
        return [
            _finding(end - 1, end, 0.95, f"the text ends in mid-sentence, with {opened} left open")
        ]
    if line[-1] in "，、,（(“「《":
        return [_finding(end - 1, end, 0.95, f"the text ends in mid-sentence, after {line[-1]}")]
    if (
        LABEL.match(line)
        or not re.search(r"[，。！？,;；：:]", line[:-1])
        or not "\u3400" <= line[-1] <= "\u9fff"
    ):
        return []
    at = np.array([len(text) - 1], dtype=np.intp)
    _, _, ends, _ = running_on(view, at, at)
    others = _others_end_open(text[:start])
    if float(ends[0]) < _ENDS_SELDOM and not others:
        chance = float(min(0.99, 0.9 + 0.01 * (_ENDS_SELDOM - ends[0])))
        return [_finding(end - 1, end, chance, "the text ends in mid-sentence", float(ends[0]))]
    return []


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
