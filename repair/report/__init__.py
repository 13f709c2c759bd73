"""The HTML report: one page, readable in five minutes, made from an audit."""

from pathlib import Path

from jiaokan.repair.files import AUDIT, write_atomically
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


def write_report(out: Path) -> Path:
    """Make `OUT/_audit/report.html` from the audit there. Raises Trouble where there is none."""
    path = out / AUDIT / "report.html"
    write_atomically(path, render_report(collect_report(out)).encode("utf-8"))
    return path
