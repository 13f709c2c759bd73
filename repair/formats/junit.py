"""JUnit XML: a test case a file, that fails by what was found in it."""

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from jiaokan.repair.files import Refused
from jiaokan.repair.formats.problem import Problem, Totals, name_in_repository
from jiaokan.repair.messages import kind_of, tr_count, translated
from jiaokan.repair.visible import visible


def render(items: Iterator[Problem | Refused], totals: Totals) -> Iterator[str]:
    cases: dict[str, list[Problem]] = {}
    refused: list[Refused] = []
    for item in items:
        if isinstance(item, Refused):
            refused.append(item)
        else:
            cases.setdefault(item.file, []).append(item)
    clean = totals.files - totals.files_with_findings
    failed = len(cases)
    errors = sum(item.is_failure for item in refused)
    counts = (
        f'tests="{failed + len(refused) + (clean > 0)}" failures="{failed}" errors="{errors}"'
        f' skipped="{len(refused) - errors}"'
    )
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="jiaokan">\n'
    yield f'<testsuite name="jiaokan" {counts}>\n'
    for file, problems in cases.items():
        yield f"<testcase {_of_file(file)}>\n"
        rules = ", ".join(dict.fromkeys(problem.rule for problem in problems))
        found = tr_count("1 finding", "{count:,} findings", len(problems))
        summary = f"{found}: {rules}"
        yield f'<failure type="finding" message={_attribute(summary)}>'
        for problem in problems:
            where = f"{problem.file}:{problem.place.line}:{problem.place.column}"
            finding = problem.finding
            row = f"{where}: {kind_of(finding.applicability)} {finding.rule}: {translated(finding.message)}"
            yield f"{escape(visible(row))}\n"
        yield "</failure>\n</testcase>\n"
    for item in refused:
        kind = "error" if item.is_failure else "skipped"
        yield f"<testcase {_of_file(item.name)}><{kind} message={_attribute(translated(item.reason))}/></testcase>\n"
    if clean > 0:
        yield f"<testcase {_case(tr_count('1 clean file', '{count:,} clean files', clean))}/>\n"
    yield "</testsuite>\n</testsuites>\n"


def _of_file(name: str) -> str:
    return f"{_case(name)} file={_attribute(name_in_repository(name))}"


def _case(name: str) -> str:
    return f'classname="jiaokan" name={_attribute(name)}'


def _attribute(text: str) -> str:
    return quoteattr(visible(text))
