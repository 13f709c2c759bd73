"""GitLab's code quality report: an array of issues (a subset of the Code Climate format)."""

from collections.abc import Iterator
from hashlib import sha256

from jiaokan.repair.files import Refused
from jiaokan.repair.formats.problem import Problem, Totals, json_text, name_in_repository, on_host
from jiaokan.repair.messages import translated
from jiaokan.repair.visible import visible

_SEVERITIES = {"error": "major", "warning": "minor", "note": "info"}


def render(items: Iterator[Problem | Refused], totals: Totals) -> Iterator[str]:
    opening = "[\n"
    for item in items:
        if isinstance(item, Refused):
            if not item.is_failure:
                continue
            digest = sha256(f"{item.name}\0{item.reason}".encode("utf-8", "surrogatepass"))
            issue = _issue(
                name_in_repository(item.name),
                "jiaokan/not-checked",
                translated(item.reason),
                "critical",
                digest.hexdigest(),
                1,
                1,
            )
        else:
            where = on_host(item)
            issue = _issue(
                where.file, item.rule, where.message, _SEVERITIES[item.level],
                item.fingerprint, where.line, where.end_line,
            )  # fmt: skip
        yield opening + json_text(issue)
        opening = ",\n"
    yield "[]\n" if opening == "[\n" else "\n]\n"


def _issue(
    file: str, rule: str, message: str, severity: str, fingerprint: str, begin: int, end: int
) -> dict[str, object]:
    return {
        "type": "issue",
        "description": f"{rule}: {visible(message)}",
        "check_name": rule,
        "fingerprint": fingerprint,
        "severity": severity,
        "location": {
            "path": visible(file),
            "lines": {"begin": begin, "end": end},
        },
    }
