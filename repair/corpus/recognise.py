"""Which record format a file is in, by its content and, where that does not tell, by its name."""

import json
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO

from jiaokan.repair.corpus.compression import compression_of, reading
from jiaokan.repair.corpus.formats.columnar import Columnar
from jiaokan.repair.corpus.formats.delimited import Delimited
from jiaokan.repair.corpus.formats.jsonl import JsonLines
from jiaokan.repair.corpus.records import FormatError, RecordFormat
from jiaokan.repair.decode import decode_document

LOOK = 1 << 18
"""Bytes of a file that are looked at."""

_COMPRESSED = {".gz", ".bz2", ".xz", ".zst"}


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns that hold text (None: the format's own), and the one that names a record."""

    text: tuple[str, ...] | None = None
    id: str | None = None


def recognise(
    stream: BinaryIO, name: str, columns: Columns
) -> tuple[RecordFormat | None, str | None]:
    """The format of a seekable stream, and its compression; None for what is plain text or binary.

    Delimited text is read as records only where columns are named; else it is text whose lines
    mean something, and its cells cannot be told apart.

    Raises FormatError where a format of records is found but not the columns.
    """
    codec = compression_of(stream.read(16))
    stream.seek(0)
    try:
        head = reading(stream, codec).read(LOOK)
    except (OSError, EOFError, ValueError) as error:
        raise FormatError(f"not whole: its {codec} data cannot be read ({error})") from None
    finally:
        stream.seek(0)
    suffix = _suffix(name)
    text = columns.text or ("text",)
    if head.startswith(b"PAR1"):
        return Columnar(text, columns.id, "parquet"), codec
    if head.startswith(b"ARROW1"):
        return Columnar(text, columns.id, "arrow"), codec
    if head.startswith(b"\xff\xff\xff\xff") and suffix in (".arrow", ".arrows", ".ipc"):
        return Columnar(text, columns.id, "arrow-stream"), codec
    if suffix in (".jsonl", ".ndjson") or (suffix != ".json" and _is_json_lines(head)):
        _check_keys(head, text)
        return JsonLines(text, columns.id), codec
    if columns.text and suffix in (".csv", ".tsv", ".tab"):
        delimiter = "," if suffix == ".csv" else "\t"
        return Delimited(text, columns.id, delimiter, _encoding(head)), codec
    return None, codec


def _suffix(name: str) -> str:
    path = PurePath(name.lower())
    return PurePath(path.stem).suffix if path.suffix in _COMPRESSED else path.suffix


def _is_json_lines(head: bytes) -> bool:
    """Whether the first two lines, or the only one, are JSON objects."""
    lines = [line for line in head.split(b"\n")[:3] if line.strip()][:2]
    return len(lines) == 2 and all(_keys(line) is not None for line in lines)


def _check_keys(head: bytes, columns: tuple[str, ...]) -> None:
    first = next((keys for line in head.split(b"\n") if (keys := _keys(line)) is not None), None)
    if first is not None and not set(columns) & set(first):
        raise FormatError(
            f"no key {' or '.join(map(repr, columns))} in its first record; "
            f"name the text with --column: {', '.join(first)}"
        )


def _keys(line: bytes) -> list[str] | None:
    if not line.lstrip(b"\xef\xbb\xbf \t").startswith(b"{"):
        return None
    try:
        record = json.loads(line.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError):
        return None
    return list(record) if isinstance(record, dict) else None


def _encoding(head: bytes) -> str:
    """The encoding of delimited text; cut at a line's end so that no character is cut."""
    whole = head[: head.rfind(b"\n") + 1] or head
    document, _ = decode_document(whole)
    assert document.decoding is not None
    return "utf-8" if document.decoding.encoding == "ascii" else document.decoding.encoding
