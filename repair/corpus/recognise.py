"""Which record format a file is in, by its content and, where that does not tell, by its name."""

import codecs
import csv
import io
import json
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, BinaryIO

from jiaokan.repair.corpus.compression import BROKEN, SUFFIXES, compression_of, reading
from jiaokan.repair.corpus.formats.delimited import Delimited
from jiaokan.repair.corpus.formats.jsonl import JsonLines
from jiaokan.repair.corpus.paths import leads_in, named, paths_in, steps_in, values_at
from jiaokan.repair.corpus.records import (
    FormatError,
    NoColumnError,
    RecordFormat,
    columns_of,
    longest_record,
)
from jiaokan.repair.decode import decode_document

if TYPE_CHECKING:
    from jiaokan.repair.corpus.formats.columnar import Columnar

LOOK = 1 << 18
"""Bytes of a file that are looked at."""


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
    suffix = suffix_of(name)
    start = stream.read(16)
    stream.seek(0)
    codec = compression_of(start)
    if codec is None and not _may_be_records(start, suffix, columns):
        return None, None
    try:
        head = reading(stream, codec).read(LOOK)
    except ModuleNotFoundError as error:
        raise FormatError(str(error)) from None
    except BROKEN as error:
        raise FormatError(f"not whole: its {codec} data cannot be read ({error})") from None
    finally:
        stream.seek(0)
    text = columns.text or ("text",)
    columnar = _columnar(head, suffix)
    if columnar and codec:
        raise FormatError(
            f"{columnar} inside {codec}: decompress it; it has compression of its own"
        )
    if columnar:
        return _columnar_format(text, columns.id, columnar).fitted(stream), None
    if head.startswith(b"WARC/"):
        return _warc(columns), codec
    lines = 1 if columns.text and not suffix else 2
    if suffix in (".jsonl", ".ndjson") or (suffix != ".json" and _is_json_lines(head, lines)):
        _check_is_utf8(head)
        _check_keys(head, text, columns.id)
        return JsonLines(text, columns.id, most=longest_record()), codec
    _check_is_no_array(head, columns)
    return _delimited(head, suffix, columns), codec


def suffix_of(name: str) -> str:
    """The suffix of a name, without that of a compression: `.jsonl` of `a.jsonl.zst`."""
    path = PurePath(name.lower())
    return PurePath(path.stem).suffix if path.suffix in SUFFIXES else path.suffix


_BEFORE_JSON = b"\xef\xbb\xbf \t\r\n"


def _may_be_records(start: bytes, suffix: str, columns: Columns) -> bool:
    """Whether a file that begins with these bytes is worth a longer look."""
    if suffix in (".jsonl", ".ndjson") or _columnar(start, suffix) or start.startswith(b"WARC/"):
        return True
    if columns.text and suffix in _DELIMITERS:
        return True
    return start.lstrip(_BEFORE_JSON).startswith((b"{", b"[") if columns.text else b"{")


_DELIMITERS = {"": ",\t;", ".csv": ",;\t", ".tsv": "\t", ".tab": "\t"}


def _delimited(head: bytes, suffix: str, columns: Columns) -> Delimited | None:
    """Delimited text with one of these columns; None for other text.

    What parts the fields is told by the header that has them. Raises NoColumnError for a file that
    is delimited text by its name, and has none of the columns.
    """
    if not columns.text or suffix not in _DELIMITERS:
        return None
    encoding = _encoding(head)
    text = head.decode(encoding, "replace").removeprefix("\ufeff")
    headers = {delimiter: _header(text, delimiter) for delimiter in _DELIMITERS[suffix]}
    for delimiter, names in headers.items():
        found = [name for name in columns.text if name in names]
        # Where no name tells, a header that names all of the columns does.
        if found and (suffix or (len(names) > 1 and len(found) == len(columns.text))):
            return Delimited(tuple(found), columns.id, delimiter, encoding)
    usual, names = next(iter(headers.items()))
    if suffix and names:
        columns_of(names, columns.text)
    return Delimited(columns.text, columns.id, usual, encoding) if suffix else None


def _header(text: str, delimiter: str) -> list[str]:
    """The first row; none where there is none, or it is no row, which is said when it is read."""
    try:
        return next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
    except csv.Error:
        return []


def is_columnar(start: bytes, name: str) -> bool:
    """Whether a file that begins with these bytes is of a format that is read in any order."""
    return _columnar(start, suffix_of(name)) is not None


def _columnar(head: bytes, suffix: str) -> str | None:
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"ARROW1"):
        return "arrow"
    if head.startswith(b"\xff\xff\xff\xff") and suffix in ("", ".arrow", ".arrows", ".ipc"):
        return "arrow-stream"
    return None


def _columnar_format(text: tuple[str, ...], id: str | None, name: str) -> "Columnar":
    try:
        from jiaokan.repair.corpus.formats.columnar import Columnar
    except ImportError:
        what = name.capitalize()
        raise FormatError(f"{what}, which takes pip install 'jiaokan[corpus]'") from None
    return Columnar(text, id, name)


def _warc(columns: Columns) -> RecordFormat:
    if columns.text not in (None, ("text",)):
        raise NoColumnError("WARC, whose only column is 'text'; leave out --column")
    return _warc_format(columns.id, longest_record())


def _warc_format(id: str | None, most: int) -> RecordFormat:
    try:
        from jiaokan.repair.corpus.formats.warc import Warc
    except ImportError:
        raise FormatError("WARC, which takes pip install 'jiaokan[corpus]'") from None
    return Warc(id_column=id, most=most)


def format_of(
    name: str, text: tuple[str, ...], id: str | None, delimiter: str, most: int
) -> RecordFormat:
    """The format that the audit names; of delimited text as it is written, in UTF-8."""
    if name == "jsonl":
        return JsonLines(text, id, most=most)
    if name == "warc":
        return _warc_format(id, most)
    if name == "csv":
        return Delimited(text, id, delimiter)
    return _columnar_format(text, id, name)


def _is_json_lines(head: bytes, least: int) -> bool:
    """Whether the first two lines are JSON objects, or the only one where `least` is one."""
    lines = [line for line in head.split(b"\n")[:3] if line.strip()][:2]
    return len(lines) >= least and all(_record(line) is not None for line in lines)


def _check_is_no_array(head: bytes, columns: Columns) -> None:
    """Raises FormatError for one JSON array of records with a column that somebody named: it would
    be repaired as a text, keys and all."""
    text = head.lstrip(_BEFORE_JSON)
    if not columns.text or not text.startswith(b"["):
        return
    start = text[1:].lstrip(_BEFORE_JSON).decode("utf-8", "replace")
    try:
        record, _ = json.JSONDecoder().raw_decode(start)
    except (ValueError, RecursionError):
        return
    if isinstance(record, dict) and set(columns.text) & set(record):
        raise FormatError("one JSON array, not lines; make lines of it: jq -c '.[]'")


def _check_is_utf8(head: bytes) -> None:
    """Raises FormatError where no line of JSON can be read, so that not all of them are rejected."""
    lines = head.split(b"\n")
    beyond_ascii = [line for line in lines[:-1] or lines if not line.isascii()]
    if beyond_ascii and not any(map(_is_utf8, beyond_ascii)):
        name = _encoding(head)
        raise FormatError(f"JSON Lines in {name}, and JSON is UTF-8: iconv -f {name} -t UTF-8")


def _is_utf8(line: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(line)  # the only one may be cut
    except UnicodeDecodeError:
        return False
    return True


def _check_keys(head: bytes, columns: tuple[str, ...], id: str | None) -> None:
    records = (record for line in head.split(b"\n") if (record := _record(line)) is not None)
    some = list(islice(records, 20))
    if not some:
        return
    there = named(chain.from_iterable(map(paths_in, some)))
    if not any(leads_in(some, name) for name in columns):
        raise NoColumnError(
            f"no key {' or '.join(map(repr, columns))} in its first records; "
            f"name the text with --column: {there}"
        )
    held = [
        value
        for record in some
        for name in columns
        for _, value in values_at(record, steps_in(record, name))
    ]
    if held and all(isinstance(value, list | dict) for value in held):
        what = "lists" if isinstance(held[0], list) else "objects"
        raise FormatError(
            f"{' and '.join(map(repr, columns))} holds {what}, not text; "
            f"name the text with --column: {there}"
        )
    if id is not None and not leads_in([*some, *records], id):
        raise FormatError(f"no key {id!r} in its first records; give another --id-column: {there}")


def _record(line: bytes) -> dict[str, Any] | None:
    if not line.lstrip(b"\xef\xbb\xbf \t").startswith(b"{"):
        return None
    try:
        record = json.loads(line.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) else None


def _encoding(head: bytes) -> str:
    """The encoding of delimited text; cut at a line's end so that no character is cut."""
    whole = head[: head.rfind(b"\n") + 1] or head
    document, _ = decode_document(whole)
    assert document.decoding is not None
    return "utf-8" if document.decoding.encoding == "ascii" else document.decoding.encoding
