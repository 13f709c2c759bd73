"""A summary for the page of a CI job: counts by rule, worst files, and the first findings."""

from collections import Counter
from collections.abc import Iterator
from html import escape

from jiaokan.repair.files import Refused
from jiaokan.repair.formats.problem import Problem, Totals
from jiaokan.repair.visible import visible

FIRST = 30
WORST = 10


def render(items: Iterator[Problem | Refused], totals: Totals) -> Iterator[str]:
    files: Counter[str] = Counter()
    first: list[Problem] = []
    refused: list[Refused] = []
    for item in items:
        if isinstance(item, Refused):
            refused.append(item)
        else:
            files[item.file] += 1
            if len(first) < FIRST:
                first.append(item)
    if totals.findings:
        yield (
            f"## Jiaokan: {totals.findings:,} findings in {totals.files_with_findings:,} of"
            f" {totals.files:,} files\n\n"
        )
    else:
        yield f"## Jiaokan: nothing wrong in {totals.files:,} files\n\n"
    if totals.known:
        yield f"{totals.known:,} known findings are left out.\n\n"
    if totals.by_rule:
        yield "| rule | findings |\n|---|---:|\n"
        for rule, count in totals.by_rule.most_common():
            yield f"| `{rule}` | {count:,} |\n"
    if len(files) > 1:
        yield "\n| file | findings |\n|---|---:|\n"
        for file, count in files.most_common(WORST):
            yield f"| {_cell(file)} | {count:,} |\n"
        if len(files) > WORST:
            yield f"| and {len(files) - WORST:,} more files | |\n"
    if first:
        yield "\n| place | rule | found | should be |\n|---|---|---|---|\n"
        for item in first:
            after = item.finding.replacement
            place = f"{item.file}:{item.place.line}:{item.place.column}"
            yield (
                f"| {_cell(place)} | `{item.rule}` | {_cell(item.before)} |"
                f" {'' if after is None else _cell(after) or '(nothing)'} |\n"
            )
        if totals.findings > len(first):
            yield f"\nThe first {len(first)} of {totals.findings:,} findings are shown.\n"
    if refused:
        yield "\n| not checked | why |\n|---|---|\n"
        for each in refused:
            yield f"| {_cell(each.name)} | {_cell(each.reason)} |\n"


def _cell(text: str, longest: int = 60) -> str:
    """A text as a cell: neither HTML nor Markdown in it means anything."""
    short = text if len(text) <= longest else text[:longest] + "…"
    shown = escape(visible(short), quote=False)
    return "".join(f"&#{ord(c)};" if c in "|`*_[]()\\~!#:@" else c for c in shown)
