"""Debris: what a page has around its text, left in by extraction. Reported, not removed by default."""

import re

import numpy as np
from numpy.typing import NDArray

from jiaokan.validators.debris.links import (
    Line,
    lines_around_text,
    lines_beside,
    links_below,
)
from jiaokan.validators.debris.patterns import candidate_lines, match_line
from jiaokan.validators.debris.rules import RULES
from jiaokan.validators.format import format_of
from jiaokan.validators.values import Applicability, Finding, Settings
from jiaokan.validators.view import View

__all__ = ["RULES", "find", "screen"]

_EMPTY = re.compile(r"（[，、；：,;: \u3000]*）")
_BYLINE = re.compile(
    r"[作笔筆]者|[记記]者|通[讯訊][员員]|文[/／|｜]|文字?[:：]|[摄攝]影|[撰供]稿|[图圖][/／]|"
    r"特[约約]|[译譯]者|[编編][译譯]"
)
_BY_SUMMARY = {rule.id: rule.summary for rule in RULES}
_KEPT_BESIDE_A_NAME = {"editor-line"}


def screen(view: View, settings: Settings) -> NDArray[np.bool_]:
    flags = np.zeros(len(view.starts), dtype=np.bool_)
    starts = [
        start
        for start, end, tried in candidate_lines(view.text, view.codes, view.breaks)
        if match_line(view.text[start:end], tried)
    ]
    starts += [match.start() for match in _EMPTY.finditer(view.text)]
    if starts:
        flags |= view.documents_with(np.sort(np.array(starts, dtype=np.intp)))
    return flags


def find(view: View, settings: Settings) -> list[Finding]:
    if format_of(view, settings) in ("code", "csv"):
        return []
    text = view.text
    found: list[Finding] = []
    headings: list[tuple[int, int]] = []
    taken: set[int] = set()
    for start, end, tried in candidate_lines(text, view.codes, view.breaks):
        match = match_line(text[start:end], tried)
        if match is None:
            continue
        if match.kind in _KEPT_BESIDE_A_NAME and _BYLINE.search(text, start, end):
            continue
        whole = not match.is_part
        span = (start, end) if whole else (start + match.start, start + match.end)
        found.append(_finding(text, match.kind, span, match.confidence, whole))
        taken.add(start)
        if match.kind == "related-news":
            headings.append((start, end))
    kinds: dict[Line, str] = {}
    if taken:
        kinds.update(lines_beside(text, taken))
    known = taken | {start for start, _ in kinds}
    links = set(links_below(text, headings, known)) if headings else set()
    known |= {start for start, _ in links}
    if len(known) > 1:
        links |= set(lines_around_text(text, known))
    for line in links:
        if line[0] not in taken:
            kinds.setdefault(line, "related-news")
    for line, kind in sorted(kinds.items()):
        found.append(_finding(text, kind, line, 0.85, True))
    for empty in _EMPTY.finditer(text):
        found.append(_finding(text, "empty-brackets", empty.span(), 0.9, False))
    return found


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
