"""JUnit XML: a test case a file, that fails by what was found in it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

from jiaokan.repair.files import Refused
from jiaokan.repair.formats.problem import Problem, Totals, name_in_repository, sentence
from jiaokan.repair.messages import kind_of, tr_count, translated
from jiaokan.repair.visible import visible

MOST = 100
"""Findings of a file that are listed; all are counted."""


@dataclass
class _Case:
    """A file in which something was found."""

    rules: Counter[str] = field(default_factory=Counter)
    rows: list[str] = field(default_factory=list)


def render(items: Iterator[Problem | Refused], totals: Totals) -> Iterator[str]:
    cases: dict[str, _Case] = {}
    refused: list[Refused] = []
    for item in items:
        if isinstance(item, Refused):
            refused.append(item)
            continue
        case = cases.setdefault(item.whole_file, _Case())
        case.rules[item.rule] += 1
        if len(case.rows) < MOST:
            case.rows.append(_row(item))
    clean = totals.files - totals.files_with_findings
    failed = len(cases)
    errors = sum(item.is_failure for item in refused)
    counts = (
        f'tests="{failed + len(refused) + (clean > 0)}" failures="{failed}" errors="{errors}"'
        f' skipped="{len(refused) - errors}"'
    )
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="jiaokan">\n'
    yield f'<testsuite name="jiaokan" {counts}>\n'
    for file, case in cases.items():
        yield f"<testcase {_of_file(file)}>\n"
        found = tr_count("1 finding", "{count:,} findings", case.rules.total())
        summary = f"{found}: {', '.join(case.rules)}"
        yield f'<failure type="finding" message={_attribute(summary)}>'
        yield from case.rows
        if more := case.rules.total() - len(case.rows):
            yield f"{tr_count('and 1 more', 'and {count:,} more', more)}\n"
        yield "</failure>\n</testcase>\n"
    for item in refused:
        kind = "error" if item.is_failure else "skipped"
        yield f"<testcase {_of_file(item.name)}><{kind} message={_attribute(translated(item.reason))}/></testcase>\n"
    if clean > 0:
        yield f"<testcase {_case(tr_count('1 clean file', '{count:,} clean files', clean))}/>\n"
    yield "</testsuite>\n</testsuites>\n"


def _row(problem: Problem) -> str:
    finding = problem.finding
    where = f"{problem.file}:{problem.place.line}:{problem.place.column}"
    row = f"{where}: {kind_of(finding.applicability)} {finding.rule}: {sentence(finding.message)}"
    return f"{escape(visible(row))}\n"


def _of_file(name: str) -> str:
    return f"{_case(name)} file={_attribute(name_in_repository(name))}"


def _case(name: str) -> str:
    return f'classname="jiaokan" name={_attribute(name)}'


def _attribute(text: str) -> str:
    return quoteattr(visible(text))
