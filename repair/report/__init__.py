"""The HTML report: one page, readable in five minutes, made from an audit."""

from jiaokan.repair.report.model import Change, Failure, Report, ReportedFile
from jiaokan.repair.report.render import render_report

__all__ = ["Change", "Failure", "Report", "ReportedFile", "render_report"]
