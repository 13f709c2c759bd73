"""Files of records and long texts in a report: their rows, streamed from the audit, a text or a part
at a time."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from jiaokan.repair.report.model import Change, Confidence, evidence_of
from jiaokan.validators.families import rules_by_id

Row = Mapping[str, Any]


@dataclass
class RecordChanges:
    """What a file of records has: all counted, the first `most` listed."""

    most: int
    confidence: Confidence
    changes: list[Change] = field(default_factory=list)
    edits: Counter[str] = field(default_factory=Counter)
    reported: Counter[str] = field(default_factory=Counter)

    @property
    def left_out(self) -> int:
        return self.edits.total() + self.reported.total() - len(self.changes)

    def take(self, edits: Iterable[Row], findings: Iterable[Row]) -> None:
        """The rows of the file, in the order in which the audit has them."""
        groups = _by_text(edits)
        waiting = next(groups, None)
        for place, found in _by_text(findings):
            made: list[Row] = []
            # A text with edits has findings, too, but not the other way round.
            if waiting is not None and waiting[0] == place:
                made = waiting[1]
                waiting = next(groups, None)
            self._add(made, found)
        while waiting is not None:
            self._add(waiting[1], [])
            waiting = next(groups, None)

    def _add(self, edits: list[Row], findings: list[Row]) -> None:
        changes: list[Change] = []
        causes: dict[int, Row] = {}
        starts = [edit["start"] for edit in edits]
        for finding in findings:
            # Edits do not overlap, but one that only puts something in may stand before another.
            last = bisect_right(starts, finding["start"])
            near = range(max(0, last - 2), last)
            number = next((n for n in near if _made(finding, edits[n])), None)
            if number is None:
                self.reported[finding["rule"]] += 1
                self.confidence.add(finding["rule"], finding["confidence"], is_made=False)
                if len(self.changes) < self.most:
                    changes.append(_change(finding, finding["text"], finding["message"], finding))
            else:
                causes.setdefault(number, finding)
        for number, edit in enumerate(edits):
            self.edits[edit["rule"]] += 1
            self.confidence.add(edit["rule"], edit["confidence"], is_made=True)
            if len(self.changes) < self.most:
                cause = causes.get(number, {})
                message = cause.get("message") or rules_by_id()[edit["rule"]].summary
                changes.append(_change(edit, edit["before"], message, cause))
        changes.sort(key=lambda change: (change.start, change.end))
        self.changes += changes[: self.most - len(self.changes)]


def _by_text(rows: Iterable[Row]) -> Iterator[tuple[Any, list[Row]]]:
    """The rows of each text of a record, or of each part of a long one."""
    for place, of_text in groupby(rows, _place):
        yield place, list(of_text)


def _place(row: Row) -> Any:
    return (row["record"], row["field"]) if "record" in row else row["part"]


def _made(finding: Row, edit: Row) -> bool:
    covers = edit["start"] <= finding["start"] and finding["end"] <= edit["end"]
    return covers and finding["rule"] in (edit["rule"], *edit["also"])


def _change(row: Row, before: str, message: str, cause: Row) -> Change:
    line = row["line"]
    if "record" in row:
        name = f" {row['id']}" if row["id"] is not None else ""
        line = row["record"] + 1
        message = f"{message} (record {row['record']}{name}, {row['field']})"
    return Change(
        row["rule"], row["start"], row["end"], line, row["column"],
        row["left"], before, row.get("after", row.get("replacement")), row["right"],
        message, evidence_of(cause),
        row["confidence"], row["applicability"], "after" in row,
    )  # fmt: skip
