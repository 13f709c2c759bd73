"""The audit's rows of a file of records: made where the text was repaired, written in order."""

import base64
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from jiaokan.repair.audit.rows import edit_json, finding_json, json_line
from jiaokan.repair.corpus.records import Rejected
from jiaokan.repair.corpus.repairing import RepairedCell, RepairedChunk
from jiaokan.repair.location import Locator

CONTEXT = 24
"""Code points kept on each side of an edit, for the report."""


@dataclass(slots=True)
class Rows:
    """The rows of a chunk, as lines."""

    edits: list[bytes] = field(default_factory=list)
    findings: list[bytes] = field(default_factory=list)
    rejected: list[bytes] = field(default_factory=list)
    edits_by_rule: Counter[str] = field(default_factory=Counter)
    findings_by_rule: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class RenderRows:
    """Makes the rows of a chunk of the file `name`. Picklable, for workers."""

    name: str

    def __call__(self, chunk: RepairedChunk) -> Rows:
        rows = Rows()
        for cell in chunk.cells:
            self._add(rows, cell)
        for rejected in (*chunk.changed.rejected, *chunk.changed.unread):
            rows.rejected.append(json_line(self._rejected(rejected)))
        return rows

    def _add(self, rows: Rows, cell: RepairedCell) -> None:
        document = cell.repaired.document
        where = {"record": cell.record, "id": cell.id, "field": cell.column}
        locator = Locator(document)
        for edit in cell.repaired.edits:
            rows.edits_by_rule[edit.rule] += 1
            row = edit_json(self.name, edit, locator)
            beside = around(document.text, edit.start, edit.end)
            rows.edits.append(json_line(_placed(row, where) | beside))
        locator = Locator(document)
        for finding in cell.repaired.findings:
            rows.findings_by_rule[finding.rule] += 1
            row = finding_json(self.name, finding, locator)
            beside = around(document.text, finding.start, finding.end)
            beside["text"] = document.text[finding.start : finding.end][:200]
            rows.findings.append(json_line(_placed(row, where) | beside))

    def _rejected(self, rejected: Rejected) -> dict[str, Any]:
        return {
            "file": self.name,
            "record": rejected.record,
            "reason": rejected.reason,
            "failure": False,
            "raw": base64.b64encode(rejected.raw).decode("ascii"),
        }


class RowsWriter:
    """Writes the rows of one file's edits, findings and rejected records."""

    TABLES = ("edits", "findings", "rejected")

    def __init__(self, edits: BinaryIO, findings: BinaryIO, rejected: BinaryIO) -> None:
        self._edits, self._findings, self._rejected = edits, findings, rejected
        self.edits_by_rule: Counter[str] = Counter()
        self.findings_by_rule: Counter[str] = Counter()

    def add(self, rows: Rows) -> None:
        self._edits.writelines(rows.edits)
        self._findings.writelines(rows.findings)
        self._rejected.writelines(rows.rejected)
        self.edits_by_rule += rows.edits_by_rule
        self.findings_by_rule += rows.findings_by_rule


def _placed(row: Mapping[str, Any], where: Mapping[str, Any]) -> dict[str, Any]:
    """A row with its record after its file."""
    return {"file": row["file"], **where, **row}


def around(text: str, start: int, end: int) -> dict[str, str]:
    """Some text on each side of a span."""
    return {"left": text[max(0, start - CONTEXT) : start], "right": text[end : end + CONTEXT]}
