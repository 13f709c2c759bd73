"""Writes the audit of a run, as it goes."""

import hashlib
import json
import os
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from jiaokan.repair.audit import ALL_TABLES, TABLES, VERSION
from jiaokan.repair.audit.packing import (
    AUTO_BYTES,
    is_available,
    pack_table,
    packed_name,
    packed_names,
)
from jiaokan.repair.audit.rows import Entry, json_line
from jiaokan.repair.files import Refused, sha256_of
from jiaokan.repair.files.temporary import write_atomically


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
        self.files = self.changed = self.edited = self.characters = self.bytes = 0
        self.edits: Counter[str] = Counter()
        self.findings: Counter[str] = Counter()
        self.rejected = self.records = self.rejected_records = self.unread_records = 0

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
        self.unread_records += entry.unread_records
        self.files += 1
        self.changed += entry.changed
        self.edited += bool(entry.edits_by_rule)
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
        if lines:
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
        for name in ("summary.json", "report.html", *packed_names(TABLES)):
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
        """The tables that shall be packed, beside the JSON Lines; their new names by the old."""
        form = self._packing
        if form == "auto":
            form = "parquet" if is_available() else "gzip"
            size = sum(
                (self._run / name).stat().st_size for name in TABLES if packed_name(name, form)
            )
            if size < AUTO_BYTES:
                return {}
        elif form == "jsonl":
            return {}
        names = {name: new for name in TABLES if (new := packed_name(name, form))}
        for name, new in names.items():
            pack_table(self._run / name, self._run / new)
        return names

    def counts(self) -> dict[str, Any]:
        """What the summary says of the run so far."""
        of_records = {
            "records": self.records,
            "rejected_records": self.rejected_records,
            "unread_records": self.unread_records,
        }
        return {
            **(of_records if self.records else {}),
            "files": self.files,
            "changed": self.changed,
            "edited": self.edited,
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
