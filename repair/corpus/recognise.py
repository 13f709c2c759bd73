"""Which record format a file is in, by its content and, where that does not tell, by its name."""

import csv
import io
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, BinaryIO

from jiaokan.repair.corpus.compression import BROKEN, SUFFIXES, compression_of, reading
from jiaokan.repair.corpus.formats.delimited import Delimited
from jiaokan.repair.corpus.formats.json_records import BEFORE, JsonRecords
from jiaokan.repair.corpus.formats.jsonl import JsonLines
from jiaokan.repair.corpus.recognise_json import LINES, LOOK, encoding_of, json_format
from jiaokan.repair.corpus.records import (
    FormatError,
    NoColumnError,
    RecordFormat,
    columns_of,
    longest_record,
)

if TYPE_CHECKING:
    from jiaokan.repair.corpus.formats.columnar import Columnar


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
    is_named = columns.text is not None
    form = json_format(head, suffix, text, columns.id, is_named=is_named)
    return form or _delimited(head, suffix, columns), codec


def suffix_of(name: str) -> str:
    """The suffix of a name, without that of a compression: `.jsonl` of `a.jsonl.zst`."""
    path = PurePath(name.lower())
    return PurePath(path.stem).suffix if path.suffix in SUFFIXES else path.suffix


def _may_be_records(start: bytes, suffix: str, columns: Columns) -> bool:
    """Whether a file that begins with these bytes is worth a longer look."""
    if suffix in LINES or _columnar(start, suffix) or start.startswith(b"WARC/"):
        return True
    if columns.text and suffix in _DELIMITERS:
        return True
    return start.lstrip(BEFORE).startswith((b"{", b"[") if columns.text else b"{")


_DELIMITERS = {"": ",\t;", ".csv": ",;\t", ".tsv": "\t", ".tab": "\t"}


def _delimited(head: bytes, suffix: str, columns: Columns) -> Delimited | None:
    """Delimited text with one of these columns; None for other text.

    What parts the fields is told by the header that has them. Raises NoColumnError for a file that
    is delimited text by its name, and has none of the columns.
    """
    if not columns.text or suffix not in _DELIMITERS:
        return None
    encoding = encoding_of(head)
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
    if name == "json":
        return JsonRecords(text, id, most=most)
    if name == "warc":
        return _warc_format(id, most)
    if name == "csv":
        return Delimited(text, id, delimiter)
    return _columnar_format(text, id, name)
