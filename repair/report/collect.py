"""A `Report` from a run's audit and its repaired files."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from heapq import heappop, heappush
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any

import jiaokan
from jiaokan.repair.audit.reading import Audit
from jiaokan.repair.audit.rows import FileRow, edit_of_json
from jiaokan.repair.corpus.compression import reading
from jiaokan.repair.edits import revert_edits
from jiaokan.repair.files import path_of
from jiaokan.repair.files.mirror import Mirror
from jiaokan.repair.location import Locator
from jiaokan.repair.report.model import (
    WORST_FILES,
    Change,
    Confidence,
    Failure,
    Others,
    Report,
    ReportedFile,
    evidence_of,
)
from jiaokan.repair.report.records import RecordChanges
from jiaokan.validators.families import rules_by_id
from jiaokan.validators.values import Document, Edit

MAX_CHANGES = 120_000
"""So many are listed; all are counted."""

MAX_CHANGES_OF_FILE = 20_000

MAX_FILES = 20_000
"""So many files are listed, of those in which something was found; all are counted."""

MAX_PAGE_CHARACTERS = 2_000_000
"""So much text, of all files together, can be looked at side by side."""

MAX_FAILURES = 10_000
"""So many files and records that were not read are listed."""

CONTEXT = 24
"""Code points shown on each side of a change."""


def collect_report(out: Path, mirror: Mirror | None = None) -> Report:
    """What the audit of `out` says. With `mirror`, the repaired files are at its address.

    Raises RunError where there is no whole audit.
    """
    audit = Audit(out)

    def data_of(name: str) -> bytes:
        if mirror is not None:
            return mirror.address(name).read_bytes()
        return path_of(audit.base, name).read_bytes()

    findings = audit.rows("findings.jsonl")
    collected = _Collected(data_of)
    for row, rows in audit.entries():
        of_file = islice(findings, row.findings)
        if row.records is not None and "text" not in row.records:
            collected.add_records(row, rows, of_file)
        else:
            collected.add_text(row, [edit_of_json(edit) for edit in rows], list(of_file))
    failures = [
        Failure(
            row["file"] + (f" record {row['record']}" if "record" in row else ""), row["reason"]
        )
        for row in islice(audit.rows("rejected.jsonl"), MAX_FAILURES)
    ]
    return Report(
        title=audit.base.resolve().name if mirror is None else mirror.url,
        made=datetime.now().astimezone().strftime("%Y-%m-%d %H:%M %Z"),
        version=jiaokan.__version__,
        files=collected.files.listed(),
        edits_by_rule=collected.edits_by_rule,
        reported_by_rule=collected.reported_by_rule,
        failures=failures,
        left_out=collected.left_out,
        confidence=collected.confidence,
        others=collected.files.others,
    )


class _Collected:
    """What is listed of the files of a run, as far as there is room, and the counts of all."""

    def __init__(self, data_of: Callable[[str], bytes]) -> None:
        """`data_of` reads a repaired file. Raises OSError."""
        self.files = _Files()
        self.edits_by_rule: Counter[str] = Counter()
        self.reported_by_rule: Counter[str] = Counter()
        self.confidence = Confidence()
        self.left_out = 0
        """Changes that are not listed."""
        self._data_of = data_of
        self._room, self._page_room = MAX_CHANGES, MAX_PAGE_CHARACTERS

    def add_records(
        self,
        row: FileRow,
        edits: Iterable[Mapping[str, Any]],
        findings: Iterator[dict[str, Any]],
    ) -> None:
        """A file of records; the rows of its edits and findings."""
        changes = RecordChanges(min(self._room, MAX_CHANGES_OF_FILE), self.confidence)
        changes.take(edits, findings)
        self.edits_by_rule += changes.edits
        self.reported_by_rule += changes.reported
        self._room -= len(changes.changes)
        self.left_out += changes.left_out
        assert row.records is not None
        self.files.add(
            ReportedFile(
                row.name,
                row.records["format"],
                row.characters,
                changes.edits.total(),
                changes.reported.total(),
                changes.changes,
            )
        )

    def add_text(
        self, row: FileRow, edits: Sequence[Edit], findings: Sequence[Mapping[str, Any]]
    ) -> None:
        """A file that is one text."""
        if not edits and not findings:
            self.files.others.add(row.characters)
            return
        reported = [finding for finding in findings if _edit_of(finding, edits) is None]
        self.edits_by_rule.update(edit.rule for edit in edits)
        self.reported_by_rule.update(finding["rule"] for finding in reported)
        for edit in edits:
            self.confidence.add(edit.rule, edit.confidence, is_made=True)
        for finding in reported:
            self.confidence.add(finding["rule"], finding["confidence"], is_made=False)
        text = _original_text(self._data_of, row, edits) if self._room > 0 else None
        changes: list[Change] = []
        if text is not None:
            changes = sorted(
                [*_changes(text, edits, findings), *_reported(text, reported)],
                key=lambda change: (change.start, change.end),
            )
        listed = changes[: min(self._room, MAX_CHANGES_OF_FILE)]
        self._room -= len(listed)
        if text is not None or not self._room:
            self.left_out += len(edits) + len(reported) - len(listed)
        is_whole = text and len(text) <= self._page_room and len(listed) == len(changes)
        shown = text if is_whole else None
        self._page_room -= len(shown or "")
        self.files.add(
            ReportedFile(
                row.name, _encoding(row), row.characters, len(edits), len(reported), listed, shown
            )
        )


class _Files:
    """The files that are listed, and the count of the others; the worst of all are among them."""

    def __init__(self) -> None:
        self.others = Others()
        self._first: list[ReportedFile] = []
        self._worst: list[tuple[int, int, int, ReportedFile]] = []
        self._count = 0

    def add(self, file: ReportedFile) -> None:
        self._count += 1
        if not (file.edits or file.reported):
            self.others.add(file.characters)
        elif len(self._first) < MAX_FILES:
            self._first.append(file)
        else:
            heappush(self._worst, (file.edits, file.reported, -self._count, file))
            if len(self._worst) > WORST_FILES:
                gone = heappop(self._worst)[-1]
                self.others.add(gone.characters, gone.edits, gone.reported)

    def listed(self) -> list[ReportedFile]:
        last = sorted(self._worst, key=lambda each: -each[2])
        return self._first + [each[-1] for each in last]


def _edit_of(finding: Mapping[str, Any], edits: Sequence[Edit]) -> Edit | None:
    """The edit that made what the finding proposed, if it was made."""
    low = bisect_left(edits, finding["end"], key=lambda edit: edit.end)
    for edit in edits[low : low + 2]:
        covers = edit.start <= finding["start"] and finding["end"] <= edit.end
        if covers and finding["rule"] in (edit.rule, *edit.also):
            return edit
    return None


def _original_text(
    data_of: Callable[[str], bytes], row: FileRow, edits: Sequence[Edit]
) -> str | None:
    """The text before the edits; None where the file is gone or was changed since."""
    try:
        data = data_of(row.name)
        if row.records is not None:
            data = reading(BytesIO(data), row.records["compression"]).read()
        text = data.decode("utf-8", "surrogatepass").removeprefix("\ufeff")
        return revert_edits(text, edits)
    except (OSError, ValueError, EOFError, ImportError):
        return None


def _changes(
    text: str, edits: Sequence[Edit], findings: Sequence[Mapping[str, Any]]
) -> Iterator[Change]:
    causes: dict[tuple[int, int], Mapping[str, Any]] = {}
    for finding in findings:
        edit = _edit_of(finding, edits)
        if edit is not None:
            causes.setdefault((edit.start, edit.end), finding)
    locator = Locator(Document("", text))
    for edit in edits:
        cause = causes.get((edit.start, edit.end), {})
        message = cause.get("message") or rules_by_id()[edit.rule].summary
        if edit.also:
            message += f" (also {', '.join(edit.also)})"
        place = locator.place(edit.start)
        yield Change(
            edit.rule, edit.start, edit.end, place.line, place.column,
            text[max(0, edit.start - CONTEXT) : edit.start], edit.before, edit.after,
            text[edit.end : edit.end + CONTEXT], message, evidence_of(cause),
            edit.confidence, edit.applicability.value, True,
        )  # fmt: skip


def _reported(text: str, findings: Sequence[Mapping[str, Any]]) -> Iterator[Change]:
    for finding in findings:
        start, end = finding["start"], finding["end"]
        yield Change(
            finding["rule"], start, end, finding["line"], finding["column"],
            text[max(0, start - CONTEXT) : start], text[start:end], finding["replacement"],
            text[end : end + CONTEXT], finding["message"], evidence_of(finding),
            finding["confidence"], finding["applicability"], False,
        )  # fmt: skip


def _encoding(row: FileRow) -> str:
    return row.decoding.encoding if row.decoding else ""
