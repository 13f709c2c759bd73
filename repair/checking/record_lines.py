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
    """The lines (from 1) of a record (from 0) of JSON Lines, CSV or TSV; None for other formats,
    which have no lines, and where the file is not as it was."""
    try:
        kind = _kind(path)
        if kind == "lines":
            return range(record + 1, record + 2)
        rows = _rows(path, _DELIMITERS[kind]) if kind else []
        return rows[record + 1] if record + 1 < len(rows) else None  # after the header
    except (OSError, csv.Error):
        return None


def without_numbers(inner: str) -> str:
    """A text's place in a file (`#3/messages[0].content`) without those of its numbers that change
    where a record or an element is put before it."""
    return re.sub(r"(^#|\[)\d+", r"\1", inner)


@lru_cache(64)
def _kind(path: Path) -> str | None:
    with path.open("rb") as file:
        head = file.read(_HEAD).removeprefix(codecs.BOM_UTF8).lstrip()
    if head.startswith(b"{"):
        return "lines"
    suffix = path.suffix.lower()
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
