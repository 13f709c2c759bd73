"""Which JSON a file is, lines or not, and whether its records have the columns that are asked for."""

import codecs
import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import chain
from typing import Any

from jiaokan.repair.corpus.formats.json_records import BEFORE, JsonRecords
from jiaokan.repair.corpus.formats.jsonl import JsonLines
from jiaokan.repair.corpus.paths import leads_in, named, paths_in, steps_in, steps_of, values_at
from jiaokan.repair.corpus.records import FormatError, NoColumnError, longest_record
from jiaokan.repair.decode import decode_document

LOOK = 1 << 18
"""Bytes of a file that are looked at."""
LINES = (".jsonl", ".ndjson")
"""Suffixes of JSON Lines."""
_SOME = 20
"""So many records are looked at for what keys there are."""


def json_format(
    head: bytes, suffix: str, columns: tuple[str, ...], id: str | None, *, is_named: bool
) -> JsonLines | None:
    """The format of a file that begins so; None for what is no JSON, or a text.

    JSON that is no lines is one of records only where columns are named and it has them: it may be
    anything. An array of records by its name, too, which has none of them, is an error.

    Raises FormatError.
    """
    least = 1 if is_named and not suffix else 2
    if suffix in LINES or (suffix != ".json" and _is_lines(head, least)):
        encoding = _encoding_of_lines(head)
        text = head.decode(encoding, "replace")
        _check(list(_of_lines(text.removeprefix("\ufeff").split("\n"))), columns, id)
        return JsonLines(columns, id, most=longest_record(), encoding=encoding)
    start = head.lstrip(BEFORE)
    is_array = start.startswith(b"[")
    if not is_named or not start.startswith((b"[", b"{")):
        return None
    records = list(_of_json(start.removeprefix(b"[").decode("utf-8", "replace")))
    is_meant = bool(records) and is_array and suffix == ".json"
    if not is_meant and not any(_may_have(head, records, name) for name in columns):
        return None
    if not _is_utf8(head) and (name := encoding_of(head)) != "utf-8":
        raise FormatError(f"JSON in {name}, and JSON is UTF-8: iconv -f {name} -t UTF-8")
    _check(records, columns, id)
    return JsonRecords(columns, id, most=longest_record())


def _may_have(head: bytes, records: Sequence[dict[str, Any]], column: str) -> bool:
    """Whether records have a column; where the first one goes on beyond what is looked at, whether
    the keys that lead to it stand there."""
    if records or len(head) < LOOK:
        return bool(records) and leads_in(records, column)
    keys = [step for step in steps_of(column) if step is not None]
    spelt = [(json.dumps(key).encode(), f'"{key}"'.encode()) for key in keys]
    return all(any(each in head for each in ways) for ways in spelt)


def _is_lines(head: bytes, least: int) -> bool:
    """Whether the first two lines are JSON objects, or the only one where `least` is one."""
    text = head.removeprefix(codecs.BOM_UTF8).decode("latin-1")
    lines = [line for line in text.split("\n")[:3] if line.strip()][:2]
    return len(lines) >= least and len(list(_of_lines(lines))) == len(lines)


def _of_lines(lines: Sequence[str]) -> Iterator[dict[str, Any]]:
    for line in lines:
        if line.lstrip().startswith("{"):
            with suppress(ValueError, RecursionError):
                yield json.loads(line)


def _of_json(text: str) -> Iterator[dict[str, Any]]:
    """The first records of an array, or of records one after another."""
    decoder = json.JSONDecoder()
    with suppress(ValueError, RecursionError):
        for _ in range(_SOME):
            text = text.lstrip(" \t\r\n,")
            record, end = decoder.raw_decode(text)
            if not isinstance(record, dict):
                return
            yield record
            text = text[end:]


def _encoding_of_lines(head: bytes) -> str:
    """UTF-8 where any line is; else what all of them are, so that not every record is rejected.

    Raises FormatError for an encoding whose lines do not end as those of ASCII do.
    """
    lines = head.split(b"\n")
    beyond_ascii = [line for line in lines[:-1] or lines if not line.isascii()]
    if not beyond_ascii or any(map(_is_utf8, beyond_ascii)):
        return "utf-8"
    name = encoding_of(head)
    if "\n{".encode(name) != b"\n{":
        raise FormatError(f"JSON in {name}, and JSON is UTF-8: iconv -f {name} -t UTF-8")
    return name


def encoding_of(head: bytes) -> str:
    """The encoding of a text that begins so; cut at a line's end so that no character is cut."""
    whole = head[: head.rfind(b"\n") + 1] or head
    document, _ = decode_document(whole)
    assert document.decoding is not None
    return "utf-8" if document.decoding.encoding == "ascii" else document.decoding.encoding


def _is_utf8(line: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(line)  # the only one may be cut
    except UnicodeDecodeError:
        return False
    return True


def _check(records: Sequence[dict[str, Any]], columns: tuple[str, ...], id: str | None) -> None:
    """Raises FormatError where the first of some records have no text in these columns, or none of
    all has an id."""
    some = records[:_SOME]
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
    if id is not None and not leads_in(records, id):
        raise FormatError(f"no key {id!r} in its first records; give another --id-column: {there}")
