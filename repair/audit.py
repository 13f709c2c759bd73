"""The record of a run, `OUT/_audit/`: written as the run goes, read by undo and by the report.

A run writes into `_audit/run/`, and makes that durable before it puts any file over an original,
so that a run that was killed can be undone too. When it is done, the files move up to `_audit/`.
An in-place run moves the audit of the run before it to `_audit/earlier/N/`.

`run.json`
    settings of the run, and the folder that its names are relative to. Written first.
`files.jsonl`
    one row a file: its name, how its bytes were read, hashes and sizes of both sides.
`edits.jsonl`, `findings.jsonl`
    one row an edit or finding, in the order of the files and of the text; of large runs, when they
    are done, `edits.parquet` and `findings.parquet`.
`rejected.jsonl`
    files that were not repaired, and why.
`summary.json`
    `run.json`, counts, and the hash of each table. Written last.
"""

import base64
import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from jiaokan.repair.audit_packing import AUTO_BYTES, is_available, pack, packed_name, unpack
from jiaokan.repair.files import (
    AUDIT,
    Refused,
    RunError,
    is_audit,
    sha256,
    sha256_of,
    write_atomically,
)
from jiaokan.repair.location import Locator
from jiaokan.validators.values import Applicability, Decoding, Edit, Finding, Repaired, Run

VERSION = 1
"""Of the audit's format; a reader refuses another one."""
TABLES = ("files.jsonl", "edits.jsonl", "findings.jsonl", "rejected.jsonl")
ALL_TABLES = (*TABLES, *filter(None, map(packed_name, TABLES)))
"""With the names of those that are packed."""


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def json_line(value: object) -> bytes:
    """One JSON value and a line feed in UTF-8. A lone surrogate stands as its JSON escape."""
    return _ENCODER.encode(value).encode("utf-8", "backslashreplace") + b"\n"


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file of the audit. Sizes are bytes; `mode` is the permission bits."""

    name: str
    size: int
    sha256: str
    output_size: int
    output_sha256: str
    characters: int
    mode: int
    edits: int
    findings: int
    decoding: Decoding | None
    """How the bytes of a text were read; None for a file of records."""
    records: Mapping[str, Any] | None = None
    """Of a file of records: what its format needs to be read again (any JSON)."""
    configuration: str = ""
    """A hash of the settings under which it was repaired."""

    @classmethod
    def of_text(
        cls,
        name: str,
        data: bytes,
        mode: int,
        repaired: Repaired,
        output: bytes,
        configuration: str,
    ) -> "FileRow":
        """The row of a plain text: `data` became `output`."""
        document = repaired.document
        assert document.decoding is not None
        return cls(
            name, len(data), sha256(data), len(output), sha256(output), len(document.text),
            mode & 0o7777, len(repaired.edits), len(repaired.findings), document.decoding,
            None, configuration,
        )  # fmt: skip

    def as_json(self) -> dict[str, Any]:
        row = {
            "file": self.name,
            "size": self.size,
            "sha256": self.sha256,
            "output_size": self.output_size,
            "output_sha256": self.output_sha256,
            "characters": self.characters,
            "mode": self.mode,
            "edits": self.edits,
            "findings": self.findings,
        }
        if self.configuration:
            row["configuration"] = self.configuration
        if self.records is not None:
            row["records"] = dict(self.records)
        if self.decoding is not None:
            row |= {
                "encoding": self.decoding.encoding,
                "confidence": self.decoding.confidence,
                "bom": self.decoding.bom.hex(),
                "runs": [
                    [r.encoding, r.byte_start, r.byte_end, r.start, r.end, _base64(r.raw)]
                    for r in self.decoding.runs
                ],
            }
        return row

    @classmethod
    def of_json(cls, row: Mapping[str, Any]) -> "FileRow":
        """Raises RunError for a row that the audit cannot have written."""
        try:
            decoding = None
            if "runs" in row:
                decoding = _decoding_of_json(row)
            return cls(
                row["file"], row["size"], row["sha256"], row["output_size"],
                row["output_sha256"], row["characters"], row["mode"], row["edits"],
                row["findings"], decoding, row.get("records"),
                row.get("configuration", ""),
            )  # fmt: skip
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise RunError(f"files.jsonl has a row that is no file ({error!r})") from error


def _decoding_of_json(row: Mapping[str, Any]) -> Decoding:
    runs = tuple(
        Run(name, a, b, c, d, None if raw is None else base64.b64decode(raw))
        for name, a, b, c, d, raw in row["runs"]
    )
    return Decoding(row["encoding"], runs, bytes.fromhex(row["bom"]), row["confidence"])


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
    """Raises RunError for a row that the audit cannot have written."""
    try:
        return Edit(
            row["rule"], row["start"], row["end"], row["before"], row["after"],
            row["confidence"], Applicability(row["applicability"]), tuple(row["also"]),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError) as error:
        raise RunError(f"edits.jsonl has a row that is no edit ({error!r})") from error


def finding_json(file: str, finding: Finding, locator: Locator) -> dict[str, Any]:
    """A finding as the audit writes it."""
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


@dataclass(frozen=True, slots=True)
class Entry:
    """What the audit keeps of one file: rows ready to be written. Can be made by a worker.

    Rows of edits and findings are bytes, or a file of them where they may be many; that file is
    taken away when they are written.
    """

    file: bytes
    edits: bytes | Path
    findings: bytes | Path
    edits_by_rule: Mapping[str, int]
    findings_by_rule: Mapping[str, int]
    name: str
    size: int
    characters: int
    changed: bool
    rejected: bytes | Path = b""
    """Rows of `rejected.jsonl`: records of the file that could not be read."""
    records: int = 0
    """Records of the file, the rejected ones included."""
    rejected_records: int = 0


def entry_of(
    name: str, data: bytes, mode: int, repaired: Repaired, output: bytes, configuration: str = ""
) -> Entry:
    """The entry of a plain text file: `data` became `output`."""
    document = repaired.document
    row = FileRow.of_text(name, data, mode, repaired, output, configuration)
    for_edits, for_findings = Locator(document), Locator(document)
    return Entry(
        json_line(row.as_json()),
        b"".join(json_line(edit_json(name, edit, for_edits)) for edit in repaired.edits),
        b"".join(json_line(finding_json(name, f, for_findings)) for f in repaired.findings),
        Counter(edit.rule for edit in repaired.edits),
        Counter(finding.rule for finding in repaired.findings),
        name,
        len(data),
        len(document.text),
        data != output,
    )


class AuditWriter:
    """Writes the audit of one run into `folder` (`_audit`)."""

    def __init__(self, folder: Path, about: Mapping[str, Any], packing: str = "auto") -> None:
        """`about` is what `run.json` says: the settings, and `base`. `packing` is one of
        `audit_packing.FORMATS`: the form in which edits and findings are kept."""
        self.folder = folder
        self._packing = packing
        self.about = {"audit_version": VERSION, **about}
        self._run = folder / "run"
        self._run.mkdir(parents=True)
        write_atomically(self._run / "run.json", _pretty(self.about))
        self._open: dict[str, BinaryIO] = {n: (self._run / n).open("wb") for n in TABLES}
        self._hashes = {name: hashlib.sha256() for name in TABLES}
        self.files = self.changed = self.characters = self.bytes = 0
        self.edits: Counter[str] = Counter()
        self.findings: Counter[str] = Counter()
        self.rejected = self.records = self.rejected_records = 0

    def add(self, entry: Entry) -> None:
        """The rows of one file. Not yet durable: see `sync`."""
        self._write("files.jsonl", entry.file)
        self._write("edits.jsonl", entry.edits)
        self._write("findings.jsonl", entry.findings)
        self._write("rejected.jsonl", entry.rejected)
        self.edits.update(entry.edits_by_rule)
        self.findings.update(entry.findings_by_rule)
        self.records += entry.records
        self.rejected_records += entry.rejected_records
        self.files += 1
        self.changed += entry.changed
        self.characters += entry.characters
        self.bytes += entry.size

    def reject(self, refused: Refused) -> None:
        self.rejected += 1
        row = {"file": refused.name, "reason": refused.reason, "failure": refused.is_failure}
        self._write("rejected.jsonl", json_line(row))

    def _write(self, table: str, lines: bytes | Path) -> None:
        if isinstance(lines, Path):
            with lines.open("rb") as file:
                while piece := file.read(1 << 20):
                    self._write(table, piece)
            lines.unlink()
            return
        self._open[table].write(lines)
        self._hashes[table].update(lines)

    def sync(self) -> None:
        """Wait until all rows so far are on the disk."""
        for file in self._open.values():
            file.flush()
            os.fsync(file.fileno())

    def flush(self) -> None:
        """Hand all rows so far to the system, those of files last: a kill leaves no file without
        its edits."""
        for name in reversed(TABLES):
            self._open[name].flush()

    def close(self) -> None:
        for file in self._open.values():
            file.close()

    def finish(self) -> dict[str, Any]:
        """Close the tables, put them in place, and write the summary. Returns the summary."""
        self.close()
        packed = self._pack()
        hashes = {
            packed.get(name, name): sha256_of(self._run / packed[name])
            if name in packed
            else digest.hexdigest()
            for name, digest in self._hashes.items()
        }
        summary = {**self.about, **self.counts(), "sha256": hashes}
        for name in ("summary.json", "report.html", *filter(None, map(packed_name, TABLES))):
            (self.folder / name).unlink(missing_ok=True)
        for name in TABLES:
            (self._run / packed.get(name, name)).replace(self.folder / packed.get(name, name))
        write_atomically(self.folder / "summary.json", _pretty(summary), durable=True)
        for name in packed:  # until now they could be undone from
            (self._run / name).unlink()
            (self.folder / name).unlink(missing_ok=True)
        (self._run / "run.json").unlink()
        self._run.rmdir()
        return summary

    def _pack(self) -> dict[str, str]:
        """The tables that shall be Parquet, beside the JSON Lines; their new names by the old."""
        names = {name: new for name in TABLES if (new := packed_name(name))}
        if self._packing == "auto":
            size = sum((self._run / name).stat().st_size for name in names)
            if size < AUTO_BYTES or not is_available():
                return {}
        elif self._packing == "jsonl":
            return {}
        for name, new in names.items():
            path = self._run / name
            with path.open("rb") as file:
                pack((_json(line, path) for line in file), self._run / new)
        return names

    def counts(self) -> dict[str, Any]:
        """What the summary says of the run so far."""
        of_records = {"records": self.records, "rejected_records": self.rejected_records}
        return {
            **(of_records if self.records else {}),
            "files": self.files,
            "changed": self.changed,
            "rejected": self.rejected,
            "bytes": self.bytes,
            "characters": self.characters,
            "edits": sum(self.edits.values()),
            "findings": sum(self.findings.values()),
            "edits_by_rule": dict(sorted(self.edits.items())),
            "findings_by_rule": dict(sorted(self.findings.items())),
        }

    def discard(self) -> None:
        """Forget the run."""
        self.close()
        remove_run(self._run)


def _pretty(value: object) -> bytes:
    text = json.dumps(value, ensure_ascii=False, indent=2) + "\n"
    return text.encode("utf-8", "backslashreplace")


def remove_run(folder: Path) -> None:
    """Take away the tables of a run that is not wanted."""
    for name in (*ALL_TABLES, "summary.json", "run.json", "report.html"):
        (folder / name).unlink(missing_ok=True)
    with suppress(OSError):
        folder.rmdir()


class Audit:
    """The audit of one run, for reading."""

    def __init__(self, out: Path, folder: Path | None = None) -> None:
        """Of the last run over `out`; or of the one in `folder`.

        Raises RunError where there is none, or where it is not as it was written.
        """
        self.out = out
        self.folder = folder or _last_run(out)
        self.is_finished = (self.folder / "summary.json").exists()
        about = self.folder / ("summary.json" if self.is_finished else "run.json")
        self.summary = _json(_read(about), about)
        """What the run was about; where it was finished, with its counts."""
        if self.summary.get("audit_version") != VERSION:
            raise RunError(f"{about}: not an audit that this version of jiaokan can read")
        self._prove()

    @property
    def top(self) -> Path:
        """The folder of the audits of all runs over the same files."""
        if self.folder.parent.name in ("earlier", "broken"):
            return self.folder.parent.parent
        return self.folder.parent if self.folder.name == "run" else self.folder

    @property
    def base(self) -> Path:
        """The folder of the repaired files."""
        return self.top / str(self.summary.get("base", ".."))

    def _prove(self) -> None:
        for name, expected in self.summary.get("sha256", {}).items():
            path = self.folder / name
            try:
                with path.open("rb") as file:
                    found = hashlib.file_digest(file, "sha256").hexdigest()
            except OSError as error:
                raise RunError(f"{path}: {error.strerror}; the audit is not whole") from error
            if found != expected:
                raise RunError(
                    f"{path} was altered after the run: its hash is not the one recorded"
                )

    def rows(self, table: str) -> Iterator[dict[str, Any]]:
        """The rows of a table, as they were written."""
        path = self.folder / table
        if not path.exists() and self.folder.name == "run":
            path = self.folder.parent / table  # killed while the tables moved up
        if not path.exists():
            yield from self._packed_rows(table)
            return
        with path.open("rb") as file:
            for line in file:
                if not line.endswith(b"\n") and not self.is_finished:
                    return  # cut off when the run was killed: nothing after it was done
                yield _json(line, path)

    def _packed_rows(self, table: str) -> Iterator[dict[str, Any]]:
        name = packed_name(table)
        if name is None or not (self.folder / name).exists():
            return
        if not is_available():
            path = self.folder / name
            raise RunError(f"{path}: Parquet, which takes pip install 'jiaokan[corpus]'")
        try:
            yield from unpack(self.folder / name)
        except (ValueError, KeyError, TypeError) as error:
            reason = f"not a table of an audit ({error}); it was altered"
            raise RunError(f"{self.folder / name}: {reason}") from error

    def entries(self) -> Iterator[tuple[FileRow, Iterator[dict[str, Any]]]]:
        """Each file with the rows of its edits, which must be taken before the next file is."""
        rows = self.rows("edits.jsonl")
        waiting = next(rows, None)

        def of_file(file: FileRow) -> Iterator[dict[str, Any]]:
            nonlocal waiting
            count = 0
            while waiting is not None and waiting.get("file") == file.name:
                row, waiting = waiting, next(rows, None)
                count += 1
                yield row
            if count != file.edits and self.is_finished:
                raise RunError(f"{self.folder}: the edits of {file.name!r} are not whole")

        for each in self.rows("files.jsonl"):
            file = FileRow.of_json(each)
            edits = of_file(file)
            yield file, edits
            for _ in edits:
                pass

    def files(self) -> Iterator[tuple[FileRow, Sequence[Edit]]]:
        """Each file with its edits; none for a file of records, whose edits are in its records."""
        for file, rows in self.entries():
            yield file, [] if file.decoding is None else [edit_of_json(row) for row in rows]


def _last_run(out: Path) -> Path:
    folder = out if is_audit(out) else out / AUDIT  # `--audit DIR` may be given itself
    if (folder / "run" / "run.json").exists():
        return folder / "run"
    if (folder / "summary.json").exists():
        return folder
    broken = broken_runs(folder)
    if broken:  # killed again before it had begun
        return broken[0]
    if not out.exists():
        raise RunError(f"{out}: there is no such folder")
    raise RunError(f"{out}: no audit here; give the folder that `jiaokan fix` wrote, with {AUDIT}/")


def earlier_runs(audit: Audit) -> list[Path]:
    """The folders of the runs before this, the last one, over the same files, latest first."""
    folder, runs = audit.folder, []
    if folder.name == "run":
        folder = folder.parent
        runs = [folder] if (folder / "summary.json").exists() else []
    elif folder.parent.name == "broken":
        folder = folder.parent.parent
    with suppress(OSError):
        numbered = [path for path in (folder / "earlier").iterdir() if path.name.isdigit()]
        runs += sorted(numbered, key=lambda path: -int(path.name))
    return runs + [run for run in broken_runs(folder) if run != audit.folder]


def broken_runs(audit: Path) -> list[Path]:
    """The folders of runs into a folder of their own that were killed, latest first."""
    broken = audit / "broken"
    if not broken.is_dir():
        return []
    numbered = [path for path in broken.iterdir() if (path / "run.json").exists()]
    return sorted(numbered, key=lambda path: -int(path.name))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise RunError(f"{path}: {(error.strerror or str(error)).lower()}") from error


def _json(data: bytes, path: Path) -> dict[str, Any]:
    try:
        value = json.loads(data)
    except ValueError as error:
        raise RunError(f"{path}: not JSON ({error}); the audit was altered") from error
    if not isinstance(value, dict):
        raise RunError(f"{path}: not an audit")
    return value
