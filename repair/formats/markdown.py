"""A summary for the page of a CI job: counts by rule, worst files, and the first findings."""

import re
from collections import Counter
from collections.abc import Iterator
from html import escape

from jiaokan.repair.files import Refused
from jiaokan.repair.formats.problem import Problem, Totals, sentence
from jiaokan.repair.formats.text import summary_line
from jiaokan.repair.messages import tr, tr_count, translated
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
            files[item.whole_file] += 1
            if len(first) < FIRST:
                first.append(item)
    summary, *rest = re.split(r"(?<=[.。])\s*", summary_line(totals).strip(), maxsplit=1)
    yield f"## {tr('Jiaokan: {summary}', summary=summary.rstrip('.。'))}\n\n"
    if any(rest):
        yield f"{rest[0]}\n\n"
    if totals.by_rule:
        yield f"| {tr('Rule')} | {tr('Findings')} |\n|---|---:|\n"
        for rule, count in totals.by_rule.most_common():
            yield f"| `{rule}` | {count:,} |\n"
    if len(files) > 1:
        yield f"\n| {tr('File')} | {tr('Findings')} |\n|---|---:|\n"
        for file, count in files.most_common(WORST):
            yield f"| {_cell(file)} | {count:,} |\n"
        if len(files) > WORST:
            more = tr_count("and 1 more file", "and {count:,} more files", len(files) - WORST)
            yield f"| {more} | |\n"
    if first:
        heads = (tr("Where"), tr("Rule"), tr("Found"), tr("Should be"))
        yield f"\n| {' | '.join(heads)} |\n|---|---|---|---|\n"
        for item in first:
            after = item.finding.replacement
            place = f"{item.file}:{item.place.line}:{item.place.column}"
            yield (
                f"| {_cell(place)} | `{item.rule}` | {_cell(item.before or sentence(item.finding.message))} |"
                f" {'' if after is None else _cell(after) or tr('(nothing)')} |\n"
            )
        if totals.findings > len(first):
            shown = tr(
                "The first {shown} of {count:,} findings are shown.",
                shown=len(first),
                count=totals.findings,
            )
            yield f"\n{shown}\n"
    if refused:
        yield f"\n| {tr('Not checked')} | {tr('Why')} |\n|---|---|\n"
        for each in refused:
            yield f"| {_cell(each.name)} | {_cell(translated(each.reason), 200)} |\n"


def _cell(text: str, longest: int = 60) -> str:
    """A text as a cell: neither HTML nor Markdown in it means anything."""
    short = text if len(text) <= longest else text[:longest] + "…"
    shown = escape(visible(short), quote=False)
    return "".join(f"&#{ord(c)};" if c in "|`*_[]()\\~!#:@" else c for c in shown)
