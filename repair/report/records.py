"""Files of records in a report: their rows, streamed from the audit, a text at a time."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from jiaokan.repair.report.model import Change, evidence_of
from jiaokan.validators.families import rules_by_id

Row = Mapping[str, Any]


@dataclass
class RecordChanges:
    """What a file of records has: all counted, the first `most` listed."""

    most: int
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
        for finding in findings:
            number = next((n for n, edit in enumerate(edits) if _made(finding, edit)), None)
            if number is None:
                self.reported[finding["rule"]] += 1
                if len(self.changes) < self.most:
                    changes.append(_change(finding, finding["text"], finding["message"], finding))
            else:
                causes.setdefault(number, finding)
        for number, edit in enumerate(edits):
            self.edits[edit["rule"]] += 1
            if len(self.changes) < self.most:
                cause = causes.get(number, {})
                message = cause.get("message") or rules_by_id()[edit["rule"]].summary
                changes.append(_change(edit, edit["before"], message, cause))
        changes.sort(key=lambda change: (change.start, change.end))
        self.changes += changes[: self.most - len(self.changes)]


def _by_text(rows: Iterable[Row]) -> Iterator[tuple[tuple[int, str], list[Row]]]:
    for place, of_text in groupby(rows, lambda row: (row["record"], row["field"])):
        yield place, list(of_text)


def _made(finding: Row, edit: Row) -> bool:
    covers = edit["start"] <= finding["start"] and finding["end"] <= edit["end"]
    return covers and finding["rule"] in (edit["rule"], *edit["also"])


def _change(row: Row, before: str, message: str, cause: Row) -> Change:
    name = f" {row['id']}" if row["id"] is not None else ""
    return Change(
        row["rule"], row["start"], row["end"], row["record"] + 1, row["column"],
        row["left"], before, row.get("after", row.get("replacement")), row["right"],
        f"{message} (record {row['record']}{name}, {row['field']})", evidence_of(cause),
        row["confidence"], row["applicability"], "after" in row,
    )  # fmt: skip
