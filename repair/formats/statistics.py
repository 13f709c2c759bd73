"""How many findings of which rule, the most frequent first: where to begin in a large corpus."""

from collections.abc import Iterator

from jiaokan.repair.files import Refused
from jiaokan.repair.formats.problem import Problem, Totals
from jiaokan.repair.formats.text import painter, summary_line, what_next
from jiaokan.repair.messages import kind_of, summary_of
from jiaokan.repair.visible import width


def render(items: Iterator[Problem | Refused], totals: Totals) -> Iterator[str]:
    for _ in items:
        pass
    if totals.findings:
        yield from _table(totals)
    yield summary_line(totals)
    yield from what_next(totals)


def _table(totals: Totals) -> Iterator[str]:
    from jiaokan.validators.families import rules_by_id

    paint = painter()
    rows = [
        (
            f"{count:,}",
            rule,
            kind_of(rules_by_id()[rule].applicability),
            summary_of(rules_by_id()[rule]),
        )
        for rule, count in totals.by_rule.most_common()
    ]
    counts, names, kinds = (max(width(row[at]) for row in rows) for at in range(3))
    for count, rule, kind, summary in rows:
        gap = " " * (kinds - width(kind))
        yield f"{count:>{counts}}  {paint('bold', f'{rule:<{names}}')}  {kind}{gap}  {summary}\n"
    yield "\n"
