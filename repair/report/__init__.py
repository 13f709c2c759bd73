"""The HTML report: one page, readable in five minutes, made from an audit."""

from pathlib import Path

from jiaokan.repair.files import AUDIT, is_audit
from jiaokan.repair.files.mirror import Mirror
from jiaokan.repair.files.temporary import write_atomically
from jiaokan.repair.report.collect import collect_report
from jiaokan.repair.report.model import Change, Failure, Report, ReportedFile
from jiaokan.repair.report.render import render_report

__all__ = [
    "Change",
    "Failure",
    "Report",
    "ReportedFile",
    "collect_report",
    "render_report",
    "write_report",
]


def write_report(out: Path, mirror: Mirror | None = None) -> Path:
    """Make `report.html` beside the tables of the audit of `out`, or in it where it is the audit.

    With `mirror`, the repaired files are at its address. Raises RunError where there is no audit.
    """
    path = (out if is_audit(out) else out / AUDIT) / "report.html"
    write_atomically(path, render_report(collect_report(out, mirror)).encode("utf-8"))
    return path
