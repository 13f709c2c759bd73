"""What a report shows: files, and in them changes and findings, with a little of their context."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from jiaokan.repair.messages import later, name_of_evidence, tr

WORST_FILES = 12
"""So many are listed as the worst."""


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


@dataclass(slots=True)
class Others:
    """Files that are counted and not listed: nothing was found in them, or there are too many."""

    files: int = 0
    changed: int = 0
    characters: int = 0
    edits: int = 0
    reported: int = 0

    def add(self, characters: int, edits: int = 0, reported: int = 0) -> None:
        self.files += 1
        self.changed += edits > 0
        self.characters += characters
        self.edits += edits
        self.reported += reported


CONFIDENCE_STEPS = (
    (0.99, later("0.99 and over")),
    (0.9, later("0.90 to 0.99")),
    (0.5, later("0.50 to 0.90")),
    (0.0, later("under 0.50")),
)


@dataclass(slots=True)
class Confidence:
    """How sure all changes are, also those that are not listed."""

    edits: Counter[str] = field(default_factory=Counter)
    reported: Counter[str] = field(default_factory=Counter)
    least: dict[str, float] = field(default_factory=dict)
    """By rule."""

    def add(self, rule: str, confidence: float, *, is_made: bool) -> None:
        """Count an edit, or a finding that was only reported, by its step."""
        step = next(name for least, name in CONFIDENCE_STEPS if confidence >= least)
        (self.edits if is_made else self.reported)[step] += 1
        self.least[rule] = min(confidence, self.least.get(rule, 1.0))


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
    confidence: Confidence = field(default_factory=Confidence)
    others: Others = field(default_factory=Others)

    @property
    def file_count(self) -> int:
        return len(self.files) + self.others.files

    @property
    def changed(self) -> int:
        return sum(1 for file in self.files if file.edits) + self.others.changed

    @property
    def characters(self) -> int:
        return sum(file.characters for file in self.files) + self.others.characters

    @property
    def edits(self) -> int:
        return sum(file.edits for file in self.files) + self.others.edits

    @property
    def reported(self) -> int:
        return sum(file.reported for file in self.files) + self.others.reported


def evidence_of(row: Mapping[str, Any]) -> str:
    """The evidence of a finding, as a person reads it."""
    return tr("; ").join(
        tr("{name}: {value}", name=name_of_evidence(name), value=_shown(value))
        for name, value in row.get("evidence", {}).items()
    )


def _shown(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
