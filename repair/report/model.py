"""What a report shows: files, and in them changes and findings, with a little of their context."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from jiaokan.repair.messages import name_of_evidence, tr


@dataclass(frozen=True, slots=True)
class Change:
    """One row: an edit that was made, or a finding that was only reported.

    Positions are code points of the original text, lines and columns start at 1; `left` and
    `right` are what stands around it in the original.
    """

    rule: str
    start: int
    end: int
    line: int
    column: int
    left: str
    before: str
    after: str | None
    right: str
    message: str
    evidence: str
    confidence: float
    applicability: str
    applied: bool


@dataclass(frozen=True, slots=True)
class ReportedFile:
    """One file. `text` is the original, for the page view, where there is room for it."""

    name: str
    encoding: str
    characters: int
    edits: int
    reported: int
    changes: Sequence[Change]
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that was not read, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that the page shows. Counts are exact; `left_out` changes are not listed."""

    title: str
    made: str
    version: str
    files: Sequence[ReportedFile]
    edits_by_rule: Counter[str]
    reported_by_rule: Counter[str]
    failures: Sequence[Failure] = field(default=())
    left_out: int = 0

    @property
    def characters(self) -> int:
        return sum(file.characters for file in self.files)

    @property
    def edits(self) -> int:
        return sum(file.edits for file in self.files)

    @property
    def reported(self) -> int:
        return sum(file.reported for file in self.files)


def evidence_of(row: Mapping[str, Any]) -> str:
    """The evidence of a finding, as a person reads it."""
    return tr("; ").join(
        tr("{name}: {value}", name=name_of_evidence(name), value=_shown(value))
        for name, value in row.get("evidence", {}).items()
    )


def _shown(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
