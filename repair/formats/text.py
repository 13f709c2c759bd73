"""For people: file:line:column, the rule, the message, and the line with the place marked."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from functools import cache
from typing import TypeAlias

from jiaokan.repair.files import Refused
from jiaokan.repair.formats.problem import Problem, Totals, sentence
from jiaokan.repair.messages import kind_of, tr, tr_count
from jiaokan.repair.visible import quoted, visible, visible_character, width
from jiaokan.validators.values import Applicability

CONTEXT = 32
"""Code points of the line that are shown before and after the place."""
MOST_PATHS = 3
"""Paths of the command that are said again."""
LONGEST = 40
"""Code points of the place itself that are shown."""
TAB = "    "
ENOUGH = 4 * CONTEXT + 2 * LONGEST + 20
"""Columns of a terminal from which on no excerpt has to be cut."""
_STYLES = {"bold": "\x1b[1m", "red": "\x1b[31m", "blue": "\x1b[34m", "green": "\x1b[32m"}

Paint: TypeAlias = Callable[[str, str], str]
"""A text in a style, one of bold, red, blue and green."""


def has_colours() -> bool:
    """Whether colours are wanted: on a terminal, or by FORCE_COLOR; never with NO_COLOR
    (no-color.org)."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") != "0":
        return True
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def render(items: Iterator[Problem | Refused], totals: Totals) -> Iterator[str]:
    paint = painter()
    for item in items:
        if isinstance(item, Problem):
            yield _problem(item, paint)
    yield summary_line(totals)
    yield from what_next(totals)


def what_next(totals: Totals) -> Iterator[str]:
    """What to do about it, as commands to copy."""
    if not totals.findings:
        return
    rule = totals.by_rule.most_common(1)[0][0]
    explain = tr("{explain} says why it is damage", explain=f"`jiaokan explain {rule}`")
    safe, unsafe = (totals.mendable[kind] for kind in (Applicability.SAFE, Applicability.UNSAFE))
    if not safe or "-" in totals.paths:
        yield f"{explain}{tr('.')}\n"
        return
    where = " ".join(map(quoted, totals.paths)) if len(totals.paths) <= MOST_PATHS else "PATH…"
    command = " ".join(["jiaokan fix --in-place", *map(quoted, totals.settings), where])
    mend = tr_count(
        "{fix} mends 1 of them", "{fix} mends {count:,} of them", safe,
        fix=f"`{visible(command)}`",
    )  # fmt: skip
    if totals.known:
        mend += tr(", and what is left out here")
    if unsafe:
        mend += tr_count(", with --unsafe 1 more", ", with --unsafe {count:,} more", unsafe)
    yield f"{mend}{tr('; ')}{explain}{tr('.')}\n"


def painter() -> Paint:
    """Styles where standard output is a terminal, none elsewhere."""
    return _painted if has_colours() else _unpainted


def _painted(style: str, text: str) -> str:
    return f"{_STYLES[style]}{text}\x1b[0m"


def _unpainted(style: str, text: str) -> str:
    return text


def _problem(problem: Problem, paint: Paint) -> str:
    finding = problem.finding
    place = f"{visible(problem.file)}:{problem.place.line}:{problem.place.column}"
    head = (
        f"{paint('bold', place)}: {paint('red', kind_of(finding.applicability))}"
        f" {paint('bold', finding.rule)}: {visible(sentence(finding.message))}\n"
    )
    gutter = str(problem.place.line)
    blank = " " * len(gutter)
    before, marked, after = _excerpt(problem)
    mark = " " * width(before) + "^" * max(1, width(marked))
    bar = paint("blue", "|")
    lines = [
        f"  {paint('blue', gutter)} {bar} {before}{marked}{after}",
        f"  {blank} {bar} {paint('red', mark)}",
    ]
    if finding.replacement is not None:
        lines.append(f"  {blank} {paint('blue', '=')} {mend_of(problem, paint)}")
    return head + "\n".join(lines) + "\n\n"


def mend_of(problem: Problem, paint: Paint = _unpainted) -> str:
    """What should stand in the place, of a finding that knows it."""
    after = problem.finding.replacement or ""
    if not after:
        return tr("to be removed")
    shown = visible(after[:LONGEST]) + ("…" if len(after) > LONGEST else "")
    painted = paint("green", shown)
    return tr("should be {text}" if problem.before else "insert {text}", text=painted)


def _excerpt(problem: Problem) -> tuple[str, str, str]:
    """The line around the place, in three visible parts, cut where it is long."""
    start = problem.place.column - 1
    line = problem.line
    end = start + len(problem.before) if problem.end.line == problem.place.line else len(line)
    end = min(end, len(line))
    marked = "".join(map(visible_character, line[start : min(end, start + LONGEST)]))
    left = visible(line[max(0, start - CONTEXT) : start].replace("\t", TAB))
    right = visible(line[end : end + CONTEXT].replace("\t", TAB))
    before, after, columns = left, right, _columns()
    if columns < ENOUGH:
        room = columns - len(str(problem.place.line)) - len("   | ……")
        marked = _fitting(marked, room)
        before = _fitting(left[::-1], (room - width(marked)) // 2)[::-1]
        after = _fitting(right, room - width(marked) - width(before))
    if start > CONTEXT or before != left:
        before = f"…{before}"
    if end > start + LONGEST:
        return before, f"{marked}…", ""
    if len(line) > end + CONTEXT or after != right:
        after = f"{after}…"
    return before, marked, after


def _fitting(text: str, columns: int) -> str:
    """The beginning of a visible text that takes no more columns."""
    taken = 0
    for at, character in enumerate(text):
        taken += width(character)
        if taken > columns:
            return text[:at]
    return text


@cache
def _columns() -> int:
    """The columns of the terminal; where there is none, enough."""
    return shutil.get_terminal_size((80, 24)).columns if sys.stdout.isatty() else ENOUGH


def summary_line(totals: Totals) -> str:
    if not totals.files:
        return tr("No file was checked.\n")
    files = tr_count("1 file", "{count:,} files", totals.files)
    extra = ""
    if totals.known:
        extra = tr_count(
            " 1 known one is left out.", " {count:,} known ones are left out.", totals.known
        )
    if totals.refused:
        extra += tr_count(
            " 1 file or record was not checked.",
            " {count:,} files or records were not checked.",
            totals.refused,
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
