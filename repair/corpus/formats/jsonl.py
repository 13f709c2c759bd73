"""JSON Lines: one object a line. What is not a repaired string stays as it was, byte for byte."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from json.decoder import scanstring  # type: ignore[attr-defined]  # typeshed lacks it
from typing import Any, BinaryIO

from jiaokan.repair.corpus.formats.json_spelling import spelling_of
from jiaokan.repair.corpus.paths import Steps, below, steps_in, texts_in, values_at
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

_DECODER = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class JsonLines:
    """`columns` are keys of each line's object, or paths to what is deep in it; a line that lacks
    one keeps what it has."""

    columns: tuple[str, ...] = ("text",)
    id_column: str | None = None
    name: str = "jsonl"
    most: int = MAX_RECORD_BYTES
    """Longer lines are passed through unread."""
    encoding: str = "utf-8"
    """What the lines are read by; they are written as UTF-8."""

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
        for number, raw in enumerate(units_of(chunk.data), chunk.first):
            if not raw.strip():
                kept.append((raw, []))
                continue
            line = raw
            try:
                if self.encoding != "utf-8":
                    line = raw.decode(self.encoding).encode("utf-8")
                record = _object(self._record_in(line))
            except (ValueError, RecursionError) as error:
                unreadable.append(Rejected(number, f"not a JSON object: {_reason(error)}", raw))
                if keep_unreadable:
                    kept.append((line, []))
                continue
            of_line = list(self._cells(record, number))
            kept.append((line, of_line))
            cells += of_line
        texts = iter(change(cells))
        out = []
        for line, of_line in kept:
            out.append(_with_texts(line, self.columns, [(cell, next(texts)) for cell in of_line]))
        left = ((), unreadable) if keep_unreadable else (unreadable, ())
        return ChangedChunk(b"".join(out), len(kept), *left)

    def write(self, stream: BinaryIO, chunks: Iterable[Any], source: BinaryIO) -> None:
        for data in chunks:  # noqa: FURB122 (compressing streams have no writelines)
            stream.write(data)

    def _record_in(self, unit: bytes) -> bytes:
        """A unit of a chunk without what stands around its record."""
        return unit

    def _cells(self, record: dict[str, Any], number: int) -> Iterator[Cell]:
        id = record.get(self.id_column) if self.id_column else None
        if id is None and self.id_column:
            found = values_at(record, steps_in(record, self.id_column))
            id = next((value for _, value in found if value is not None), None)
        for place, text in texts_in(record, self.columns).items():
            yield Cell(number, None if id is None else str(id), place, text)


def _object(line: bytes) -> dict[str, Any]:
    text = line.decode("utf-8")
    record = json.loads(text.removeprefix("\ufeff"))
    if not isinstance(record, dict):
        raise FormatError(f"it is a {type(record).__name__}")
    return record


def _reason(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"byte 0x{error.object[error.start]:02X} at {error.start} is not {error.encoding.upper()}"
    if isinstance(error, RecursionError):
        return "nested too deeply"
    return str(error)


def _with_texts(line: bytes, columns: Sequence[str], texts: list[tuple[Cell, str]]) -> bytes:
    changed = {cell.column: text for cell, text in texts if text != cell.text}
    if not changed:
        return line
    text = line.decode("utf-8")
    spell = spelling_of(text)
    start = text.index("{")
    names = _members(text, start)
    spans = {}
    for column in columns:
        for place, at, end in _spans(text, start, steps_in(names, column)):
            spans[place] = at, end
    pieces: list[str] = []
    done = 0
    for (at, end), place in sorted((spans[place], place) for place in changed):
        pieces += (text[done:at], spell(changed[place]))
        done = end
    pieces.append(text[done:])
    joined = "".join(pieces)
    # A lone surrogate cannot stand in UTF-8, but can be spelt as an escape.
    return re.sub("[\ud800-\udfff]", lambda m: f"\\u{ord(m[0]):04x}", joined).encode("utf-8")


def _spans(text: str, at: int, steps: Steps, place: str = "") -> Iterator[tuple[str, int, int]]:
    """Where in a valid JSON text stand the values that steps lead to from the one that begins at
    `at`: as `values_at`, of what is not parsed."""
    if not steps:
        yield place, at, _end_of_value(text, at)
    elif steps[0] is None:
        for number, start in enumerate(_elements(text, at)):
            yield from _spans(text, start, steps[1:], below(place, number))
    elif steps[0] in (members := _members(text, at)):
        yield from _spans(text, members[steps[0]], steps[1:], below(place, steps[0]))


def _members(text: str, at: int) -> dict[str, int]:
    """Where the value of each key begins, in the object that begins at `at`; none where none does.
    Of a key that is there twice the last one counts."""
    values: dict[str, int] = {}
    if text[at] == "{":
        at = _after_space(text, at + 1)
        while text[at] == '"':
            key, at = scanstring(text, at + 1)
            values[key] = _after_space(text, _after_space(text, at) + 1)
            at = _next(text, _end_of_value(text, values[key]))
    return values


def _elements(text: str, at: int) -> Iterator[int]:
    """Where each element begins, of the list that begins at `at`."""
    if text[at] == "[":
        at = _after_space(text, at + 1)
        while text[at] != "]":
            yield at
            at = _next(text, _end_of_value(text, at))


def _end_of_value(text: str, at: int) -> int:
    return _DECODER.raw_decode(text, at)[1]


def _next(text: str, at: int) -> int:
    """What follows a value and, where there is one, its comma."""
    at = _after_space(text, at)
    return _after_space(text, at + 1) if text[at] == "," else at


def _after_space(text: str, at: int) -> int:
    while text[at] in " \t\r\n":
        at += 1
    return at
