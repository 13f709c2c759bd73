"""Which lines of its file a record occupies: code hosts and diffs only know lines."""

import codecs
import csv
import io
import re
from functools import lru_cache
from pathlib import Path

_DELIMITERS = {".csv": ",", ".tsv": "\t", ".tab": "\t"}
_HEAD = 1 << 12


def lines_of_record(path: Path, record: int) -> range | None:
    """The lines (from 1) of a record (from 0) of JSON, CSV or TSV; None for other formats,
    which have no lines, and where the file is not as it was."""
    try:
        kind = _kind(path)
        if kind == "lines":
            return range(record + 1, record + 2)
        if kind == "json":
            rows = _json_records(path)
        else:
            rows = _rows(path, _DELIMITERS[kind])[1:] if kind else []  # after the header
        return rows[record] if record < len(rows) else None
    except (OSError, ValueError, csv.Error):
        return None


def without_numbers(inner: str) -> str:
    """A text's place in a file (`#3/messages[0].content`) without those of its numbers that change
    where a record or an element is put before it."""
    return re.sub(r"(^#|\[)\d+", r"\1", inner)


@lru_cache(64)
def _kind(path: Path) -> str | None:
    with path.open("rb") as file:
        head = file.read(_HEAD).removeprefix(codecs.BOM_UTF8).lstrip()
    suffix = path.suffix.lower()
    if head.startswith(b"[") or (head.startswith(b"{") and suffix == ".json"):
        return "json"
    if head.startswith(b"{"):
        return "lines"
    return suffix if suffix in _DELIMITERS and b"\0" not in head else None


@lru_cache(1)
def _rows(path: Path, delimiter: str) -> list[range]:
    """The lines of each row: quoted fields may hold line breaks."""
    with path.open("rb") as file:
        text = io.TextIOWrapper(file, "utf-8", "surrogateescape", newline="")
        reader = csv.reader(text, delimiter=delimiter)
        rows, first = [], 1
        for _ in reader:
            rows.append(range(first, reader.line_num + 1))
            first = reader.line_num + 1
        return rows


@lru_cache(1)
def _json_records(path: Path) -> list[range]:
    """The lines of each record of JSON that is no lines."""
    from jiaokan.repair.corpus.formats.json_records import JsonRecords
    from jiaokan.repair.corpus.records import Blocks

    with path.open("rb") as file:
        records, line = [], 1
        for chunk in JsonRecords().read(file):
            for unit in chunk.data.items if isinstance(chunk.data, Blocks) else [chunk.data.data]:
                start, end = max(unit.find(b"{"), 0), unit.rfind(b"}") + 1
                first, last = (line + unit.count(b"\n", 0, at) for at in (start, end))
                if isinstance(chunk.data, Blocks) or chunk.data.is_first:
                    records.append(range(first, last + 1))
                line += unit.count(b"\n")
        return records
