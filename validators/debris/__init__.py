"""Debris: what a page has around its text, left in by extraction. Reported, not removed by default."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from math import ceil

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.debris.heads import page_numbers, running_heads
from jiaokan.validators.debris.links import (
    Line,
    inked_lines,
    lines_around_text,
    lines_beside,
    links_below,
)
from jiaokan.validators.debris.rules import RULES
from jiaokan.validators.debris.triggers import matching_lines
from jiaokan.validators.expressions import expression
from jiaokan.validators.format import format_of
from jiaokan.validators.values import Applicability, Finding, Settings
from jiaokan.validators.view import Spans, View

__all__ = ["RULES", "find", "gather", "screen"]

_EMPTY = expression(r"（[，、；：,;: \u3000]*）")
_BYLINE = expression(
    r"[作笔筆]者|[记記]者|通[讯訊][员員]|文[/／|｜]|文字?[:：]|[摄攝]影|[撰供]稿|[图圖][/／]|"
    r"特[约約]|[译譯]者|[编編][译譯]"
)
_HEADING = expression(
    r"\s*(?:#{1,6}\s|\d+\.\d+(?:\.\d+)*[.\s、]|[-*+]\s+\[[^\]\n]*\]\(|[第][一二三四五六七八九十百\d]+[章节節]\s)"
)
"""Headings of a manual and what its contents list: often a page's own words."""
_TABLE = expression(
    r"^[^\n|]*\|[^\n]*\n[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)+\|?[ \t\r]*(?:\n[^\n|]*\|[^\n]*)*",
    re.MULTILINE,
)
"""A table of Markdown: the line of its heads, the rule below them and the rows."""
_RULE_OF_TABLE = expression(r"-:?[ \t]*\|[ \t]*:?-")
"""What every such rule has: found sooner."""
_KEYWORDS = expression(r"[\s【\[]*[关關][键鍵][词詞字]")
_ABSTRACT = expression(
    r"^[\s【\[]*(?:摘\s*要|提\s*要|[Aa]bstract|ABSTRACT)[\s】\]：:]", re.MULTILINE
)
_FIELD = expression(r"[A-Z][A-Za-z-]{2,24}: \S")
"""A field at the head of a message or a package: Home-page: https://…"""
_ENTRY = expression(
    r"[ \t]*\S{1,12}(?:[ \t]+\d[\d.]*)?(?:[ \t]+[a-z]{1,5})?[ \t\r]*$|\S{1,24} \S{1,24} \[[^\]\n]{1,80}\] /"
)
"""A word, how often it is and what it is; a word in both scripts, its reading and what it means."""
_ENTRIES, _OF_LINES = 100, 0.9
"""So many lines that are one, and such a share of them, are a list of words: 评论, 广告 and 下页 are some."""
_BY_SUMMARY = {rule.id: rule.summary for rule in RULES}


def screen(view: View, settings: Settings) -> NDArray[np.bool_]:
    starts = sorted(start for start, _, _ in (*_furniture(view), *_empty_brackets(view)))
    flags = view.documents_with(np.array(starts, dtype=np.intp))
    return flags | view.documents_with(page_numbers(view))


def gather(views: Sequence[View], settings: Settings) -> None:
    """Do for many documents at once what `find` needs of each."""
    View.know_languages(views)


def find(view: View, settings: Settings) -> list[Finding]:
    lines, empty = _furniture(view), _empty_brackets(view)
    paged = len(page_numbers(view)) > 0
    if not (lines or empty or paged) or format_of(view, settings) in ("code", "csv"):
        return []
    if view.profile.language in ("ja", "ko"):
        return []
    text = view.text
    if lines and _lists_words(text):
        lines = []
    found: list[Finding] = []
    taken: dict[Line, str] = {}
    has_table = "|" in text and _RULE_OF_TABLE.search(text) is not None
    tables = [match.span() for match in _TABLE.finditer(text)] if has_table else []
    for start, end, match in lines:
        if _is_of_text(text, start, end, match.kind, tables):
            continue
        whole = not match.is_part
        span = (start, end) if whole else (start + match.start, start + match.end)
        found.append(_finding(text, match.kind, span, match.confidence, whole))
        taken[start, end] = match.kind
    for line, kind in sorted(_with_these(text, taken).items()):
        if not (_HEADING.match(text, *line) or _is_within(tables, line[0])):
            found.append(_finding(text, kind, line, 0.85, True))
    if paged:
        known = {finding.start for finding in found}
        found += [
            _finding(text, "running-head", (start, end), confidence, True)
            for start, end, confidence in running_heads(view)
            if start not in known
        ]
    for start, end, _ in empty:
        hollow = _finding(text, "empty-brackets", (start, end), 0.9, False)
        if not text[start + 1 : end - 1].strip() and end - start > 2:
            hollow = replace(hollow, replacement=None, applicability=Applicability.DISPLAY)
        found.append(hollow)
    return found


def _is_of_text(text: str, start: int, end: int, kind: str, tables: list[Line]) -> bool:
    """Whether a line that a pattern matches belongs to the text all the same."""
    if kind == "counter" and _is_within(tables, start):
        return True  # a label and its number are what tables are made of
    if kind == "editor-line" and _BYLINE.search(text, start, end):
        return True
    if _FIELD.match(text, start, end) and _is_among_fields(text, start, end):
        return True
    if _KEYWORDS.match(text, start, end) and _ABSTRACT.search(text, 0, start):
        return True  # of a paper, and no tags of a page
    return _HEADING.match(text, start, end) is not None


def _is_among_fields(text: str, start: int, end: int) -> bool:
    """Whether the line before or the line after is a field, too."""
    before = text.rfind("\n", 0, max(start - 1, 0)) + 1
    after = text.find("\n", end) + 1
    return any(at != start and _FIELD.match(text, at) for at in (before, after))


def _lists_words(text: str) -> bool:
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) < _ENTRIES:
        return False
    others = (line for line in lines if not _ENTRY.match(line))
    most = len(lines) - ceil(_OF_LINES * len(lines))
    return next(islice(others, most, None), None) is None


def _is_within(spans: list[Line], at: int) -> bool:
    index = bisect_right(spans, at, key=lambda span: span[0])
    return index > 0 and at < spans[index - 1][1]


def _with_these(text: str, taken: dict[Line, str]) -> dict[Line, str]:
    """Lines that are furniture because of those already taken, and their kinds."""
    if not taken:
        return {}
    lines = inked_lines(text)
    kinds_of_starts = {start: kind for (start, _), kind in taken.items()}
    kinds = dict(lines_beside(text, lines, kinds_of_starts))
    known = {*kinds_of_starts, *(start for start, _ in kinds)}
    headings = [line for line, kind in taken.items() if kind == "related-news"]
    links = set(links_below(text, headings, known))
    known |= {start for start, _ in links}
    if len(known) > 1:
        links |= set(lines_around_text(text, lines, known))
    for line in links:
        if line[0] not in kinds_of_starts:
            kinds.setdefault(line, "related-news")
    return kinds


def _furniture(view: View) -> Spans:
    """Lines that a pattern matches, each with its match."""
    return view.spans("debris lines", lambda v: list(matching_lines(v)))


def _empty_brackets(view: View) -> Spans:
    return view.spans(
        "empty brackets", lambda v: [(*m.span(), None) for m in _EMPTY.finditer(v.text)]
    )


def _finding(
    text: str, kind: str, span: tuple[int, int], confidence: float, whole_line: bool
) -> Finding:
    start, end = span
    if whole_line:  # with its line break, so that no empty line stays
        if text[end : end + 2] == "\r\n":
            end += 2
        elif end < len(text):
            end += 1
    rule = f"debris/{kind}"
    return Finding(
        rule, start, end, _BY_SUMMARY[rule], confidence, Applicability.UNSAFE, "",
        {"kind": kind},
    )  # fmt: skip
