"""For people: file:line:column, the rule, the message, and the line with the place marked."""

import os
import sys
from collections.abc import Callable, Iterator

from jiaokan.repair.files import Refused
from jiaokan.repair.formats.problem import Problem, Totals
from jiaokan.repair.messages import kind_of, tr, tr_count, translated
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
        yield tr(
            "`jiaokan fix` changes what is safe; `jiaokan explain RULE` says why it is damage.\n"
        )


def _painted(style: str, text: str) -> str:
    return f"{style}{text}{_PLAIN}"


def _unpainted(style: str, text: str) -> str:
    return text


def _problem(problem: Problem, paint: Callable[[str, str], str]) -> str:
    finding = problem.finding
    place = f"{visible(problem.file)}:{problem.place.line}:{problem.place.column}"
    head = (
        f"{paint(_BOLD, place)}: {paint(_RED, kind_of(finding.applicability))}"
        f" {paint(_BOLD, finding.rule)}: {visible(translated(finding.message))}\n"
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
        lines.append(f"  {blank} {paint(_BLUE, '=')} {mend_of(problem, paint)}")
    return head + "\n".join(lines) + "\n\n"


def mend_of(problem: Problem, paint: Callable[[str, str], str] = _unpainted) -> str:
    """What should stand in the place, of a finding that knows it."""
    after = problem.finding.replacement or ""
    if not after:
        return tr("to be removed")
    shown = visible(after[:LONGEST]) + ("…" if len(after) > LONGEST else "")
    painted = paint(_GREEN, shown)
    return tr("should be {text}" if problem.before else "insert {text}", text=painted)


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
    files = tr_count("1 file", "{count:,} files", totals.files)
    extra = ""
    if totals.known:
        extra = tr_count(
            " 1 known one is left out.", " {count:,} known ones are left out.", totals.known
        )
    if totals.refused:
        extra += tr_count(
            " 1 file was not checked.", " {count:,} files were not checked.", totals.refused
        )
    if not totals.findings:
        return tr("Nothing wrong in {files}.{extra}\n", files=files, extra=extra)
    if totals.not_shown:
        extra = tr(" {count:,} of them are not shown.", count=totals.not_shown) + extra
    kinds = tr(", ").join(
        tr("{count:,} {kind}", count=totals.by_applicability[kind], kind=kind_of(kind))
        for kind in ("safe", "unsafe", "display")
        if totals.by_applicability[kind]
    )
    findings = tr_count("1 finding", "{count:,} findings", totals.findings)
    return tr(
        "{findings} ({kinds}) in {bad:,} of {files}.{extra}\n",
        findings=findings,
        kinds=kinds,
        bad=totals.files_with_findings,
        files=files,
        extra=extra,
    )
