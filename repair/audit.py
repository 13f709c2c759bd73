"""The record of a run, `OUT/_audit/`: written as the run goes, read by undo and by the report.

A run writes into `_audit/run/` and makes that durable before it puts any file in its place, so
that a run that was killed can be undone too. When it is done, the files move up to `_audit/`.

`files.jsonl`
    one row a file: its name, how its bytes were read, hashes and sizes of both sides.
`edits.jsonl`, `findings.jsonl`
    one row an edit or finding, in the order of the files and of the text.
`rejected.jsonl`
    files that were not repaired, and why.
`summary.json`
    settings, counts, and the hash of each of the above. Written last.
"""

import base64
import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from jiaokan.repair.files import AUDIT, Refused, Trouble, sha256, write_atomically
from jiaokan.repair.location import Locator
from jiaokan.repair.run import Result
from jiaokan.validators.values import Applicability, Decoding, Edit, Finding, Run

VERSION = 1
"""Of the audit's format; a reader refuses a higher one."""
TABLES = ("files.jsonl", "edits.jsonl", "findings.jsonl", "rejected.jsonl")


def json_line(value: object) -> bytes:
    """One JSON value in UTF-8. A lone surrogate stands as its JSON escape."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "backslashreplace") + b"\n"


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file of the audit. Sizes are bytes."""

    name: str
    size: int
    sha256: str
    output_size: int
    output_sha256: str
    characters: int
    mode: int
    edits: int
    findings: int
    decoding: Decoding

    def as_json(self) -> dict[str, Any]:
        decoding = self.decoding
        return {
            "file": self.name,
            "size": self.size,
            "sha256": self.sha256,
            "output_size": self.output_size,
            "output_sha256": self.output_sha256,
            "characters": self.characters,
            "mode": self.mode,
            "edits": self.edits,
            "findings": self.findings,
            "encoding": decoding.encoding,
            "confidence": decoding.confidence,
            "bom": decoding.bom.hex(),
            "runs": [
                [r.encoding, r.byte_start, r.byte_end, r.start, r.end, _base64(r.raw)]
                for r in decoding.runs
            ],
        }

    @classmethod
    def of_json(cls, row: Mapping[str, Any]) -> "FileRow":
        runs = tuple(
            Run(*run[:5], raw=None if run[5] is None else base64.b64decode(run[5]))
            for run in row["runs"]
        )
        decoding = Decoding(row["encoding"], runs, bytes.fromhex(row["bom"]), row["confidence"])
        return cls(
            row["file"], row["size"], row["sha256"], row["output_size"], row["output_sha256"],
            row["characters"], row["mode"], row["edits"], row["findings"], decoding,
        )  # fmt: skip


def _base64(raw: bytes | None) -> str | None:
    return None if raw is None else base64.b64encode(raw).decode("ascii")


def edit_json(file: str, edit: Edit, locator: Locator) -> dict[str, Any]:
    """An edit as the audit writes it: code points of the original text, and its place."""
    place = locator.place(edit.start)
    return {
        "file": file,
        "rule": edit.rule,
        "start": edit.start,
        "end": edit.end,
        "byte": place.byte,
        "line": place.line,
        "column": place.column,
        "before": edit.before,
        "after": edit.after,
        "confidence": round(edit.confidence, 6),
        "applicability": edit.applicability.value,
        "also": list(edit.also),
    }


def edit_of_json(row: Mapping[str, Any]) -> Edit:
    return Edit(
        row["rule"], row["start"], row["end"], row["before"], row["after"], row["confidence"],
        Applicability(row["applicability"]), tuple(row["also"]),
    )  # fmt: skip


def finding_json(file: str, finding: Finding, locator: Locator) -> dict[str, Any]:
    """A finding as the audit and `check --format json` write it."""
    place = locator.place(finding.start)
    return {
        "file": file,
        "rule": finding.rule,
        "start": finding.start,
        "end": finding.end,
        "byte": place.byte,
        "line": place.line,
        "column": place.column,
        "message": finding.message,
        "confidence": round(finding.confidence, 6),
        "applicability": finding.applicability.value,
        "replacement": finding.replacement,
        "evidence": {
            key: list(value) if isinstance(value, tuple) else value
            for key, value in finding.evidence.items()
        },
    }


class AuditWriter:
    """Writes the audit of one run into `folder` (`_audit`)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._run = folder / "run"
        self._run.mkdir(parents=True)
        self._open: dict[str, BinaryIO] = {n: (self._run / n).open("wb") for n in TABLES}
        self._hashes = {name: hashlib.sha256() for name in TABLES}
        self.files = self.changed = self.characters = self.bytes = 0
        self.edits: Counter[str] = Counter()
        self.findings: Counter[str] = Counter()
        self.rejected = 0

    def add(self, result: Result, output: bytes) -> None:
        """The rows of one file. Not yet durable: see `sync`."""
        repaired = result.repaired
        document = repaired.document
        assert document.decoding is not None
        name = result.input.name
        locator = Locator(document)
        row = FileRow(
            name, len(result.data), sha256(result.data), len(output), sha256(output),
            len(document.text), result.mode & 0o7777, len(repaired.edits), len(repaired.findings),
            document.decoding,
        )  # fmt: skip
        self._write("files.jsonl", row.as_json())
        for edit in repaired.edits:
            self._write("edits.jsonl", edit_json(name, edit, locator))
            self.edits[edit.rule] += 1
        locator = Locator(document)
        for finding in repaired.findings:
            self._write("findings.jsonl", finding_json(name, finding, locator))
            self.findings[finding.rule] += 1
        self.files += 1
        self.changed += row.sha256 != row.output_sha256
        self.characters += len(document.text)
        self.bytes += len(result.data)

    def reject(self, refused: Refused) -> None:
        self.rejected += 1
        row = {"file": refused.name, "reason": refused.reason, "failure": refused.is_failure}
        self._write("rejected.jsonl", row)

    def _write(self, table: str, row: object) -> None:
        line = json_line(row)
        self._open[table].write(line)
        self._hashes[table].update(line)

    def sync(self) -> None:
        """Wait until all rows so far are on the disk."""
        for file in self._open.values():
            file.flush()
            os.fsync(file.fileno())

    def finish(self, summary: Mapping[str, Any]) -> dict[str, Any]:
        """Close the tables, write the summary, and put all in place. Returns the summary."""
        for file in self._open.values():
            file.close()
        whole = {
            "audit_version": VERSION,
            **summary,
            "files": self.files,
            "changed": self.changed,
            "rejected": self.rejected,
            "bytes": self.bytes,
            "characters": self.characters,
            "edits": sum(self.edits.values()),
            "findings": sum(self.findings.values()),
            "edits_by_rule": dict(sorted(self.edits.items())),
            "findings_by_rule": dict(sorted(self.findings.items())),
            "sha256": {name: digest.hexdigest() for name, digest in self._hashes.items()},
        }
        for name in TABLES:
            (self._run / name).replace(self.folder / name)
        pretty = json.dumps(whole, ensure_ascii=False, indent=2) + "\n"
        data = pretty.encode("utf-8", "backslashreplace")
        write_atomically(self.folder / "summary.json", data, durable=True)
        with suppress(OSError):
            self._run.rmdir()
        return whole


class Audit:
    """A finished or broken-off audit, for reading."""

    def __init__(self, out: Path) -> None:
        """Raises Trouble where there is none, or where it is not as it was written."""
        self.out = out
        self.folder = out / AUDIT
        self.summary: dict[str, Any] = {}
        path = self.folder / "summary.json"
        self.is_finished = path.exists()
        if self.is_finished:
            self.summary = _json(path.read_bytes(), path)
            if self.summary.get("audit_version") != VERSION:
                raise Trouble(f"{path}: not an audit that this version of jiaokan reads")
            self._tables = self.folder
            self._prove()
        elif (self.folder / "run").is_dir():
            self._tables = self.folder / "run"
        else:
            raise Trouble(
                f"{out}: no audit ({AUDIT}/summary.json) here; give a folder that fix made"
            )

    def _prove(self) -> None:
        for name, expected in self.summary.get("sha256", {}).items():
            path = self.folder / name
            try:
                with path.open("rb") as file:
                    found = hashlib.file_digest(file, "sha256").hexdigest()
            except OSError as error:
                raise Trouble(f"{path}: {error.strerror}; the audit is not whole") from error
            if found != expected:
                raise Trouble(
                    f"{path} was altered after the run (its hash is not the recorded one)"
                )

    def rows(self, table: str) -> Iterator[dict[str, Any]]:
        """The rows of a table, as they were written."""
        path = self._tables / table
        if not path.exists():
            return
        with path.open("rb") as file:
            for line in file:
                if not line.endswith(b"\n") and not self.is_finished:
                    return  # cut off when the run was killed: nothing after it was done
                yield _json(line, path)

    def files(self) -> Iterator[tuple[FileRow, list[Edit]]]:
        """Each file with its edits."""
        edits = _Grouped(self.rows("edits.jsonl"))
        for row in self.rows("files.jsonl"):
            file = FileRow.of_json(row)
            yield file, [edit_of_json(edit) for edit in edits.take(file.name, file.edits)]


class _Grouped:
    """The rows of a table, handed out file by file."""

    def __init__(self, rows: Iterable[dict[str, Any]]) -> None:
        self._rows = iter(rows)

    def take(self, name: str, count: int) -> list[dict[str, Any]]:
        taken = [row for _, row in zip(range(count), self._rows, strict=False)]
        if len(taken) < count or any(row["file"] != name for row in taken):
            raise Trouble(f"the audit is not whole: edits of {name!r} are missing")
        return taken


def _json(data: bytes, path: Path) -> dict[str, Any]:
    try:
        value = json.loads(data)
    except ValueError as error:
        raise Trouble(f"{path}: not JSON ({error}); the audit was altered") from error
    if not isinstance(value, dict):
        raise Trouble(f"{path}: not an audit")
    return value
