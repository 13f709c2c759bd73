"""What earlier runs into the same folder have done already: found by hashes, and not done again."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any, BinaryIO

from jiaokan.repair.audit import Audit, Entry, FileRow, json_line
from jiaokan.repair.audit_packing import packed_name
from jiaokan.repair.files import Input, sha256_of
from jiaokan.repair.output import Target

_TABLES = ("edits.jsonl", "findings.jsonl", "rejected.jsonl")


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of one file: its own, and where the others stand in the tables of a run."""

    run: int
    file: bytes
    spans: tuple[tuple[int, int], ...]


class Kept:
    """Files that stand repaired in a target, with their rows from the audits in `runs`."""

    def __init__(self, target: Target, runs: Iterable[Path]) -> None:
        self._target = target
        self._runs = [run for run in runs if (run / "files.jsonl").exists()]
        self._rows: dict[str, _Rows] = {}
        self._open: dict[tuple[int, str], BinaryIO] = {}
        self._unpacked: TemporaryDirectory[str] | None = None
        self._runs = [self._with_lines(run) for run in self._runs]
        for number, run in enumerate(self._runs):
            for name, rows in _index(number, run):
                self._rows[name] = rows

    def _with_lines(self, run: Path) -> Path:
        """A run whose tables are JSON Lines: itself, or what was packed in it, unpacked."""
        audit = None
        for table in _TABLES:
            packed = run / (packed_name(table) or table)
            if packed.suffix == ".parquet" and packed.exists():
                if audit is None:
                    self._unpacked = self._unpacked or TemporaryDirectory(prefix="jiaokan-")
                    audit, place = Audit(run, run), Path(mkdtemp(dir=self._unpacked.name))
                with (place / table).open("wb") as file:
                    file.writelines(map(json_line, audit.rows(table)))
        if audit is None:
            return run
        for table in ("files.jsonl", *_TABLES):
            if not (place / table).exists():
                (place / table).symlink_to((run / table).resolve())
        return place

    def __len__(self) -> int:
        return len(self._rows)

    def find(self, item: Input, configuration: str) -> _Rows | None:
        """The rows of a file, where it need not be repaired again: the same bytes under the same
        settings, and what they became still in its place."""
        rows = self._rows.get(item.name)
        if rows is None:
            return None
        row = FileRow.of_json(json.loads(rows.file))
        if row.configuration != configuration or not configuration:
            return None
        try:
            if item.path.stat().st_size != row.size or sha256_of(item.path) != row.sha256:
                return None
        except OSError:
            return None
        return rows if self._target.sha256(item.name) == row.output_sha256 else None

    def entry(self, rows: _Rows) -> Entry:
        """The rows, to be written into the audit of this run."""
        row = json.loads(rows.file)
        edits, findings, rejected = (
            self._read(rows.run, table, span)
            for table, span in zip(_TABLES, rows.spans, strict=True)
        )
        records: Mapping[str, Any] = row.get("records", {})
        return Entry(
            rows.file, edits, findings, _by_rule(edits), _by_rule(findings), row["file"],
            row["size"], row["characters"], row["sha256"] != row["output_sha256"], rejected,
            records.get("count", 0), records.get("rejected", 0),
        )  # fmt: skip

    def close(self) -> None:
        for file in self._open.values():
            file.close()
        self._open.clear()
        if self._unpacked is not None:
            self._unpacked.cleanup()

    def _read(self, run: int, table: str, span: tuple[int, int]) -> bytes:
        start, size = span
        if not size:
            return b""
        file = self._open.get((run, table))
        if file is None:
            file = self._open[run, table] = (self._runs[run] / table).open("rb")
        file.seek(start)
        return file.read(size)


def _by_rule(rows: bytes) -> Counter[str]:
    return Counter(json.loads(row)["rule"] for row in rows.splitlines())


def _index(number: int, run: Path) -> Iterator[tuple[str, _Rows]]:
    """The files of a run whose rows are whole; a run that was killed may end anywhere."""
    tables = {name: _Table(run / name) for name in _TABLES}
    try:
        with (run / "files.jsonl").open("rb") as files:
            for line in files:
                if not line.endswith(b"\n"):
                    return
                row = json.loads(line)
                records = row.get("records") or {}
                counts = (
                    row["edits"],
                    row["findings"],
                    records.get("rejected", 0) + len(records.get("unread", ())),
                )
                spans = [
                    tables[table].take(row["file"], count)
                    for table, count in zip(_TABLES, counts, strict=True)
                ]
                whole = tuple(span for span in spans if span is not None)
                if len(whole) < len(spans):
                    return
                yield row["file"], _Rows(number, line, whole)
    except (ValueError, KeyError, TypeError):
        return  # altered: what is after it is done again
    finally:
        for table in tables.values():
            table.close()


class _Table:
    """A table read once from its start, in the order of the files."""

    def __init__(self, path: Path) -> None:
        self._file: BinaryIO | None = path.open("rb") if path.exists() else None
        self._at = 0

    def take(self, name: str, count: int) -> tuple[int, int] | None:
        """Where the next `count` rows of a file are; None where they are not there."""
        if not count:
            return 0, 0
        prefix = json_line({"file": name})[:-2] + b","
        start = end = self._at
        for line in self._file or ():
            self._at += len(line)
            if not line.startswith(prefix):
                start = end = self._at  # of a file that was refused
                continue
            if not line.endswith(b"\n"):
                return None
            end = self._at
            count -= 1
            if not count:
                return start, end - start
        return None

    def close(self) -> None:
        if self._file is not None:
            self._file.close()


def configuration_hash(settings: Mapping[str, Any]) -> str:
    """A hash of everything but the input that decides what a file becomes."""
    text = json.dumps(settings, sort_keys=True, default=sorted)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
