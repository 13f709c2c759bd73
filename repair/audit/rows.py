"""The rows of an audit (files, edits and findings), to JSON and back."""

import base64
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jiaokan.repair.files import RunError, sha256
from jiaokan.repair.location import Locator
from jiaokan.validators.values import Applicability, Decoding, Edit, Finding, Repaired, Run

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
        before = sha256(data)
        after = before if output is data else sha256(output)
        return cls(
            name, len(data), before, len(output), after, len(document.text),
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
            row |= decoding_json(self.decoding)
        return row

    @classmethod
    def of_json(cls, row: Mapping[str, Any]) -> "FileRow":
        """Raises RunError for a row that the audit cannot have written."""
        try:
            decoding = None
            if "runs" in row:
                decoding = decoding_of_json(row)
            return cls(
                row["file"], row["size"], row["sha256"], row["output_size"],
                row["output_sha256"], row["characters"], row["mode"], row["edits"],
                row["findings"], decoding, row.get("records"),
                row.get("configuration", ""),
            )  # fmt: skip
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise RunError(f"files.jsonl has a row that is no file ({error!r})") from error


def decoding_json(decoding: Decoding) -> dict[str, Any]:
    """How a text was read, as the audit writes it."""
    return {
        "encoding": decoding.encoding,
        "confidence": decoding.confidence,
        "bom": decoding.bom.hex(),
        "runs": [
            [r.encoding, r.byte_start, r.byte_end, r.start, r.end, _base64(r.raw)]
            for r in decoding.runs
        ],
    }


def decoding_of_json(row: Mapping[str, Any]) -> Decoding:
    """Raises TypeError, ValueError or KeyError for what `decoding_json` cannot have written."""
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
    unread_records: int = 0
    """Records that could not be read and stay where they are."""


def entry_of(
    name: str, data: bytes, mode: int, repaired: Repaired, output: bytes, configuration: str = ""
) -> Entry:
    """The entry of a plain text file: `data` became `output`."""
    document = repaired.document
    row = FileRow.of_text(name, data, mode, repaired, output, configuration)
    changed = data is not output and data != output
    own = json_line(row.as_json())
    if not repaired.edits and not repaired.findings:  # most files of most corpora
        return Entry(own, b"", b"", {}, {}, name, len(data), len(document.text), changed)
    for_edits, for_findings = Locator(document), Locator(document)
    return Entry(
        own,
        b"".join(json_line(edit_json(name, edit, for_edits)) for edit in repaired.edits),
        b"".join(json_line(finding_json(name, f, for_findings)) for f in repaired.findings),
        Counter(edit.rule for edit in repaired.edits),
        Counter(finding.rule for finding in repaired.findings),
        name,
        len(data),
        len(document.text),
        changed,
    )
