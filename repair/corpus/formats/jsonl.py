"""JSON Lines: one object a line. What is not a repaired string stays as it was, byte for byte."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from json.decoder import scanstring  # type: ignore[attr-defined]  # typeshed lacks it
from typing import Any, BinaryIO

from jiaokan.repair.corpus.records import (
    MAX_RECORD_BYTES,
    Cell,
    Change,
    ChangedChunk,
    Chunk,
    FormatError,
    Part,
    Rejected,
    line_chunks,
    units_of,
    unread_of_part,
)


@dataclass(frozen=True, slots=True)
class JsonLines:
    """`columns` are keys of each line's object; a line that lacks one keeps what it has."""

    columns: tuple[str, ...] = ("text",)
    id_column: str | None = None
    name: str = "jsonl"
    most: int = MAX_RECORD_BYTES
    """Longer lines are passed through unread."""

    def read(self, stream: BinaryIO) -> Iterator[Chunk]:
        yield from line_chunks(stream, self.most)

    def change(
        self, chunk: Chunk, change: Change, *, keep_unreadable: bool = False
    ) -> ChangedChunk:
        if isinstance(chunk.data, Part):
            unread = unread_of_part(chunk, self.most)
            return ChangedChunk(chunk.data.data, len(unread), (), unread)
        unreadable: list[Rejected] = []
        cells: list[Cell] = []
        kept: list[tuple[bytes, list[Cell]]] = []
        for number, line in enumerate(units_of(chunk.data), chunk.first):
            if not line.strip():
                kept.append((line, []))
                continue
            try:
                record = _object(line)
            except (ValueError, RecursionError) as error:
                unreadable.append(Rejected(number, f"not a JSON object: {_reason(error)}", line))
                if keep_unreadable:
                    kept.append((line, []))
                continue
            of_line = list(self._cells(record, number))
            kept.append((line, of_line))
            cells += of_line
        texts = iter(change(cells))
        out = []
        for line, of_line in kept:
            out.append(_with_texts(line, [(cell, next(texts)) for cell in of_line]))
        left = ((), unreadable) if keep_unreadable else (unreadable, ())
        return ChangedChunk(b"".join(out), len(kept), *left)

    def write(self, stream: BinaryIO, chunks: Iterable[Any], source: BinaryIO) -> None:
        for data in chunks:  # noqa: FURB122 (compressing streams have no writelines)
            stream.write(data)

    def _cells(self, record: dict[str, Any], number: int) -> Iterator[Cell]:
        id = record.get(self.id_column) if self.id_column else None
        for column in self.columns:
            text = record.get(column)
            if isinstance(text, str):
                yield Cell(number, None if id is None else str(id), column, text)


def _object(line: bytes) -> dict[str, Any]:
    text = line.decode("utf-8")
    record = json.loads(text.removeprefix("\ufeff"))
    if not isinstance(record, dict):
        raise FormatError(f"it is a {type(record).__name__}")
    return record


def _reason(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"byte 0x{error.object[error.start]:02X} at {error.start} is not UTF-8"
    if isinstance(error, RecursionError):
        return "nested too deeply"
    return str(error)


def _with_texts(line: bytes, texts: list[tuple[Cell, str]]) -> bytes:
    changed = {cell.column: text for cell, text in texts if text != cell.text}
    if not changed:
        return line
    text = line.decode("utf-8")
    escaped = text.isascii()
    pieces: list[str] = []
    at = 0
    for key, start, end in sorted(_value_spans(text).values(), key=lambda span: span[1]):
        if key in changed:
            pieces += (text[at:start], json.dumps(changed[key], ensure_ascii=escaped))
            at = end
    pieces.append(text[at:])
    joined = "".join(pieces)
    # A lone surrogate cannot stand in UTF-8, but can be spelt as an escape.
    return re.sub("[\ud800-\udfff]", lambda m: f"\\u{ord(m[0]):04x}", joined).encode("utf-8")


def _value_spans(text: str) -> dict[str, tuple[str, int, int]]:
    """For each key of the object that a valid line spells: its value's span; the last one counts."""
    decoder = json.JSONDecoder()
    spans: dict[str, tuple[str, int, int]] = {}
    at = _after_space(text, text.index("{") + 1)
    while text[at] == '"':
        key, at = scanstring(text, at + 1)
        start = _after_space(text, _after_space(text, at) + 1)
        _, end = decoder.raw_decode(text, start)
        spans[key] = (key, start, end)
        at = _after_space(text, end)
        if text[at] == ",":
            at = _after_space(text, at + 1)
    return spans


def _after_space(text: str, at: int) -> int:
    while text[at] in " \t\r\n":
        at += 1
    return at
