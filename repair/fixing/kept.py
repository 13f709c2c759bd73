"""Files that an earlier run into the same folder already repaired: recognised by hash, and skipped."""

import hashlib
import json
import os
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp, mkstemp
from typing import Any, BinaryIO, TypeAlias

import numpy as np

from jiaokan.repair.audit.packing import packed_names
from jiaokan.repair.audit.reading import Audit
from jiaokan.repair.audit.rows import Entry, FileRow, json_line
from jiaokan.repair.files import Input, sha256_of
from jiaokan.repair.fixing.output import Target

_TABLES = ("edits.jsonl", "findings.jsonl", "rejected.jsonl")
_FILES = "files.jsonl"
_HELD = 4 << 20
"""Bytes of rows of one file that are held; more go through a file."""
_Span: TypeAlias = tuple[int, int]
"""Where rows stand in a table: first byte, bytes."""


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of one file: its own, and where the others stand in the tables of a run."""

    run: int
    file: bytes
    spans: Sequence[_Span]


class Kept:
    """Files that stand repaired in a target, with their rows from the audits in `runs`."""

    def __init__(self, target: Target, runs: Iterable[Path], *, force: bool = False) -> None:
        """With `force`, what somebody changed since is written over."""
        self._force = force
        self._target = target
        self._runs = [run for run in runs if (run / _FILES).exists()]
        numbers = array("Q")  # of each file: its run, and the spans of its rows
        hashes = array("q")  # of its name
        self._open: dict[tuple[int, str], BinaryIO] = {}
        self._unpacked: TemporaryDirectory[str] | None = None
        self._runs = [self._with_lines(run) for run in self._runs]
        for number, run in enumerate(self._runs):
            for name, spans in _index(run):
                hashes.append(hash(name))
                numbers.extend((number, *chain.from_iterable(spans)))
        found = np.frombuffer(hashes, np.int64) if hashes else np.zeros(0, np.int64)
        self._order = np.argsort(found, kind="stable").astype(np.uint32)  # later runs come later
        self._hashes = found[self._order]
        self._numbers = numbers

    def _with_lines(self, run: Path) -> Path:
        """A run whose tables are JSON Lines: itself, or what was packed in it, unpacked."""
        audit = None
        for table in _TABLES:
            if any((run / name).exists() for name in packed_names([table])):
                if audit is None:
                    self._unpacked = self._unpacked or TemporaryDirectory(prefix="jiaokan-")
                    audit, place = Audit(run, run), Path(mkdtemp(dir=self._unpacked.name))
                with (place / table).open("wb") as file:
                    file.writelines(map(json_line, audit.rows(table)))
        if audit is None:
            return run
        for table in (_FILES, *_TABLES):
            if not (place / table).exists():
                (place / table).symlink_to((run / table).resolve())
        return place

    def find(self, item: Input, configuration: str) -> _Rows | None:
        """The rows of a file, where it need not be repaired again: the same bytes under the same
        settings, and what they became still in its place."""
        found = self._latest(item.name)
        if found is None:
            return None
        rows, row = found
        if row.configuration != configuration or not configuration:
            return None
        try:
            if item.path.stat().st_size != row.size or sha256_of(item.path) != row.sha256:
                return None
        except OSError:
            return None
        return rows if self._target.sha256(item.name) == row.output_sha256 else None

    def is_edited(self, name: str) -> bool:
        """Whether what an earlier run wrote under this name is there as somebody changed it since;
        of an address, where nobody edits and which would have to be fetched, never."""
        is_asked = not self._force and self._target.mirror is None
        rows = [row for _, row in self._all(name)] if is_asked else []
        there = self._target.sha256(name) if rows else None
        known = {sha256 for row in rows for sha256 in (row.output_sha256, row.sha256)}
        return there is not None and there not in known

    def take_away(self, name: str) -> bool:
        """Take away what an earlier run made of a file that could not be repaired now, so that all
        that stands there is in the audit. False: it was changed since, and is left."""
        found = self._latest(name)
        there = None if found is None else self._target.sha256(name)
        if found is None or there is None:
            return True
        if there != found[1].output_sha256:
            return False
        self._target.remove(name)
        return True

    def _latest(self, name: str) -> tuple[_Rows, FileRow] | None:
        """The rows of a file in the last run that has it."""
        return next(self._all(name), None)

    def _all(self, name: str) -> Iterator[tuple[_Rows, FileRow]]:
        """The rows of a file in each run that has it, the last one first."""
        after = int(np.searchsorted(self._hashes, hash(name), "right"))
        for number in range(after - 1, -1, -1):
            if int(self._hashes[number]) != hash(name):
                return
            at = int(self._order[number]) * (3 + 2 * len(_TABLES))
            run, *spans = self._numbers[at : at + 3 + 2 * len(_TABLES)]
            own, *others = zip(spans[::2], spans[1::2], strict=True)
            rows = _Rows(run, self._read(run, _FILES, own), others)
            row = FileRow.of_json(json.loads(rows.file))
            if row.name == name:
                yield rows, row

    def entry(self, rows: _Rows) -> Entry:
        """The rows, to be written into the audit of this run."""
        row = json.loads(rows.file)
        (edits, of_edits), (findings, of_findings), (rejected, _) = (
            self._rows_of(rows.run, table, span)
            for table, span in zip(_TABLES, rows.spans, strict=True)
        )
        records: Mapping[str, Any] = row.get("records", {})
        return Entry(
            rows.file, edits, findings, of_edits, of_findings, row["file"],
            row["size"], row["characters"], row["sha256"] != row["output_sha256"], rejected,
            records.get("count", 0), records.get("rejected", 0), len(records.get("unread", ())),
        )  # fmt: skip

    def close(self) -> None:
        for file in self._open.values():
            file.close()
        self._open.clear()
        if self._unpacked is not None:
            self._unpacked.cleanup()

    def _rows_of(self, run: int, table: str, span: _Span) -> tuple[bytes | Path, Counter[str]]:
        """The rows in a span, or a file of them where they are many; and how many of each rule."""
        start, size = span
        if size <= _HELD:
            rows = self._read(run, table, span)
            return rows, _by_rule(rows.splitlines())
        if self._unpacked is None:
            self._unpacked = TemporaryDirectory(prefix="jiaokan-")
        descriptor, name = mkstemp(dir=self._unpacked.name)
        by_rule: Counter[str] = Counter()
        with os.fdopen(descriptor, "wb") as out, (self._runs[run] / table).open("rb") as file:
            file.seek(start)
            for line in file:
                out.write(line)
                by_rule += _by_rule([line])
                size -= len(line)
                if size <= 0:
                    break
        return Path(name), by_rule

    def _read(self, run: int, table: str, span: tuple[int, int]) -> bytes:
        start, size = span
        if not size:
            return b""
        file = self._open.get((run, table))
        if file is None:
            file = self._open[run, table] = (self._runs[run] / table).open("rb")
        file.seek(start)
        return file.read(size)


def _by_rule(rows: Iterable[bytes]) -> Counter[str]:
    parsed = map(json.loads, rows)
    return Counter(row["rule"] for row in parsed if "rule" in row)  # rejected ones have none


def _index(run: Path) -> Iterator[tuple[str, Sequence[_Span]]]:
    """The files of a run whose rows are whole; a run that was killed may end anywhere."""
    tables = {name: _Table(run / name) for name in _TABLES}
    try:
        with (run / _FILES).open("rb") as files:
            at = 0
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
                whole = [span for span in spans if span is not None]
                if len(whole) < len(spans):
                    return
                yield row["file"], [(at, len(line)), *whole]
                at += len(line)
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
