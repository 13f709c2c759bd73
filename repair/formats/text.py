"""For people: file:line:column, the rule, the message, and the line with the place marked."""

import os
import sys
from collections.abc import Callable, Iterator

from jiaokan.repair.files import Refused
from jiaokan.repair.formats.problem import Problem, Totals
from jiaokan.repair.visible import visible, visible_character, width

CONTEXT = 32
"""Code points of the line that are shown before and after the place."""
LONGEST = 40
"""Code points of the place itself that are shown."""
_BOLD, _RED, _BLUE, _GREEN, _PLAIN = "\x1b[1m", "\x1b[31m", "\x1b[34m", "\x1b[32m", "\x1b[0m"


def has_colours() -> bool:
    """Whether standard output is a terminal on which colours are wanted (no-color.org)."""
    return (
        sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    )


def render(items: Iterator[Problem | Refused], totals: Totals) -> Iterator[str]:
    paint = _painted if has_colours() else _unpainted
    for item in items:
        if isinstance(item, Problem):
            yield _problem(item, paint)
    yield summary_line(totals)
    if totals.findings:
        yield "`jiaokan fix` changes what is safe; `jiaokan explain RULE` says why it is damage.\n"


def _painted(style: str, text: str) -> str:
    return f"{style}{text}{_PLAIN}"


def _unpainted(style: str, text: str) -> str:
    return text


def _problem(problem: Problem, paint: Callable[[str, str], str]) -> str:
    finding = problem.finding
    place = f"{visible(problem.file)}:{problem.place.line}:{problem.place.column}"
    head = (
        f"{paint(_BOLD, place)}: {paint(_RED, finding.applicability.value)}"
        f" {paint(_BOLD, finding.rule)}: {visible(finding.message)}\n"
    )
    gutter = str(problem.place.line)
    blank = " " * len(gutter)
    before, marked, after = _excerpt(problem)
    mark = " " * width(before) + "^" * max(1, width(marked))
    bar = paint(_BLUE, "|")
    lines = [
        f"  {paint(_BLUE, gutter)} {bar} {before}{marked}{after}",
        f"  {blank} {bar} {paint(_RED, mark)}",
    ]
    if finding.replacement is not None:
        lines.append(f"  {blank} {paint(_BLUE, '=')} {_mend(problem, paint)}")
    return head + "\n".join(lines) + "\n\n"


def _mend(problem: Problem, paint: Callable[[str, str], str]) -> str:
    after = problem.finding.replacement or ""
    if not after:
        return "to be removed"
    shown = visible(after[:LONGEST]) + ("…" if len(after) > LONGEST else "")
    return f"{'should be' if problem.before else 'insert'} {paint(_GREEN, shown)}"


def _excerpt(problem: Problem) -> tuple[str, str, str]:
    """The line around the place, in three visible parts, cut where it is long."""
    start = problem.place.column - 1
    line = problem.line
    end = start + len(problem.before) if problem.end.line == problem.place.line else len(line)
    end = min(end, len(line))
    shown_from = max(0, start - CONTEXT)
    before = ("…" if shown_from else "") + visible(line[shown_from:start])
    marked = "".join(map(visible_character, line[start : min(end, start + LONGEST)]))
    if end > start + LONGEST:
        return before, marked + "…", ""
    after = visible(line[end : end + CONTEXT]) + ("…" if len(line) > end + CONTEXT else "")
    return before, marked, after


def summary_line(totals: Totals) -> str:
    files = "1 file" if totals.files == 1 else f"{totals.files:,} files"
    extra = f" {totals.known:,} known ones are left out." if totals.known else ""
    if totals.refused:
        extra += f" {totals.refused:,} files were not checked."
    if not totals.findings:
        return f"Nothing wrong in {files}.{extra}\n"
    if totals.not_shown:
        extra = f" {totals.not_shown:,} of them are not shown.{extra}"
    kinds = ", ".join(
        f"{totals.by_applicability[kind]:,} {kind}"
        for kind in ("safe", "unsafe", "display")
        if totals.by_applicability[kind]
    )
    findings = "1 finding" if totals.findings == 1 else f"{totals.findings:,} findings"
    return f"{findings} ({kinds}) in {totals.files_with_findings:,} of {files}.{extra}\n"
